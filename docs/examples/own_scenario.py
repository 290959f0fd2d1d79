"""
Write a scenario
================

A scenario is a deal: a function that fills the opening record of a cross, from its seed. After the deal nothing knows
the scenario's name, so the physics, the players and every tool work with yours as they are. This tutorial deals a deep
cross to one attacker against a defence of one.
"""

import gymnasium as gym
import matplotlib.pyplot as plt

from backpost.envs import PATTERN_OPTIONS, kernel, register_scenario
from backpost.envs.scenarios.deal import Attacker, deal_attacker, deal_keeper, draw_pattern, open_cross
from backpost.envs.scenarios.open_play import DEEP, deal_presser, deal_winger
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import RUNNER

# %%
# The deal is compiled, so it is written as a step is: plain loops and arithmetic, luck only from the world's own
# functions. Metres, from the centre of the pitch; the attack goes to +x, the cross comes from -y.

ALONE = Attacker(RUNNER, (0.5, 4.0), (0.0, 9.0), 47.0, (4.0, 9.0), (-1.6, 0.0))


@kernel
def deal_one_against_one(world, p):
    """A winger deep on the right with a defender on him, one runner at the line, and the keeper."""
    draw_pattern(world, 10.0, 14.0, 1, 1, p)  # the line 10 to 14 m from goal, one defender
    deal_winger(world, DEEP, 4.0, p)
    deal_attacker(world, HALF_LENGTH - world.pattern.line_height, ALONE, p)
    deal_keeper(world, p)
    deal_presser(world, p)
    open_cross(world, p)


# %%
# Registering it deals some crosses at once, to check that they can be played. A deal that cannot is refused with a
# sentence that says what is wrong.

register_scenario(
    "mylab/OneAgainstOne-v0",
    deal_one_against_one,
    description="a deep cross to one attacker, a defender on the crosser, and the keeper",
    options=PATTERN_OPTIONS,
    version="1",
)

# %%
# From now on it is an environment like the others, with their options, observation and pictures.

env = gym.make("mylab/OneAgainstOne-v0", render_mode="rgb_array", marking="man")
env.reset(seed=1)
for _ in range(20):
    observation, reward, terminated, truncated, info = env.step([0.6, 0.3, 0.0, 0.0])
    if terminated:
        break
_ = plt.figimage(env.render(), resize=True)

# %%
# Every agent can be asked in it. All rules keep the numbers that were tuned for open play.

from backpost.training.bench.compare import compare
from backpost.training.bench.comparison import table

print(table(compare("OneAgainstOne", ["learned", "early-back-post", "stand-still"], crosses=300)))
