"""
First episode
=============

You are an attacker in the middle, and a cross is coming. Every tenth of a second you say where you want to run and
which way you want to face. This tutorial plays one cross, looks at it, and plays many side by side.
"""

import gymnasium as gym
import matplotlib.pyplot as plt

import backpost  # registers the environments
from backpost.envs import in_words

gym.register_envs(backpost)
env = gym.make("backpost/OpenPlay-v0", render_mode="rgb_array")
observation, info = env.reset(seed=7)
print(observation.shape, env.action_space)

# %%
# An action is a wanted velocity (forwards, sideways) and a wanted facing, each from -1 to 1. This runner sprints
# straight at the goal line, then stands. The episode ends when the cross is over.

over = False
while not over:
    action = [1.0, 0.0, 0.0, 0.0] if observation[0] < 0.85 else [0.0, 0.0, 0.0, 0.0]
    observation, reward, terminated, truncated, info = env.step(action)
    over = terminated or truncated

print("outcome:", in_words(info)["outcome"], " expected goals:", round(info["xg"], 3), " touches:", info["meets"])

# %%
# The last frame. The goal is at the top, the attackers are circles, the defenders triangles; the runner is yellow.

_ = plt.figimage(env.render(), resize=True)

# %%
# Every number of the observation has a name, and reads back in metres and seconds.

from backpost.envs.interface import observation as layout

for name in ("runner_x", "runner_y", "ball_x", "ball_y", "ball_z"):
    print(f"{name:10} {float(layout.read(observation, name)):6.1f} m")

# %%
# Training wants many crosses at once. ``gym.make_vec`` steps them all in one call of the compiled kernel.

envs = gym.make_vec("backpost/OpenPlay-v0", num_envs=64, difficulty=0.5)
observations, infos = envs.reset(seed=7)
observations, rewards, terminations, truncations, infos = envs.step(envs.action_space.sample())
print(observations.shape, rewards.shape)
