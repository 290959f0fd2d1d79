"""
Write a reward
==============

A reward says what a decision was worth. It is a function of the records of the world after the decision, one row a
cross. This tutorial charges the runner for the metres he covers, and then adds a potential that shows the way without
changing what is best.
"""

import gymnasium as gym
import numpy as np

from backpost.envs import register_reward
from backpost.envs.world.record import DECISION_TIME, RUNNER


def economical(worlds):
    """Expected goals of the team, less 0.0001 for every metre that the runner covers; (n,)."""
    runner = worlds["players"][:, RUNNER]
    return worlds["xg_now"] - 1e-4 * DECISION_TIME * np.hypot(runner["vx"], runner["vy"])


register_reward("economical", economical, description="xG, less 0.01 per 100 m covered")

# %%
# From now on ``reward="economical"`` works wherever an option does: here, in training, on the command line.

env = gym.make("backpost/OpenPlay-v0", reward="economical")
env.reset(seed=7)
over, returned = False, 0.0
while not over:
    observation, reward, terminated, truncated, info = env.step([1.0, 0.0, 0.0, 0.0])
    returned += reward
    over = terminated or truncated
print(f"return {returned:+.4f}, expected goals {info['xg']:.4f}")

# %%
# A potential shapes: the reward becomes the function plus gamma * phi(next) - phi(now), with phi = 0 once the cross is
# over. So the return shifts by the same amount whatever the runner does, and the best policy stays the same.


def near_the_back_post(worlds):
    """Up to 0.01 goals for being near the back post; (n,)."""
    runner = worlds["players"][:, RUNNER]
    distance = np.hypot(47.5 - runner["x"], 5.0 - runner["y"])
    return 0.01 * np.exp(-distance / 8.0)


register_reward(
    "guided", economical, description="economical, with a way to the back post", potential=near_the_back_post
)

env = gym.make("backpost/OpenPlay-v0", reward="guided", gamma=0.999)
env.reset(seed=7)
observation, reward, terminated, truncated, info = env.step([1.0, 0.0, 0.0, 0.0])
print({name: round(value, 5) for name, value in info.items() if name.startswith("reward")})

# %%
# The potential from above, with the goal line at the top. Behind the attack, the far post is on the left.

import matplotlib.pyplot as plt

across, up = np.meshgrid(np.linspace(-20.0, 20.0, 81), np.linspace(30.0, 52.5, 46))
phi = 0.01 * np.exp(-np.hypot(47.5 - up, 5.0 - across) / 8.0)
_, axes = plt.subplots(figsize=(7, 4), layout="constrained")
plt.colorbar(axes.contourf(across, up, phi), label="goals")
axes.set(xlabel="m across, far post positive", ylabel="m from the middle of the pitch", aspect="equal")
axes.invert_xaxis()
plt.show()

# %%
# Report what you find in ``xg`` all the same: it is what everybody's results are in.
