"""
Write a scripted defender
=========================

Crosser, team-mates, defenders and keeper are scripted. You can change how they play in two ways: with other values of
the numbers that they play by, or with a function of your own in place of one player's script.
"""

from backpost.envs import register_parameters
from backpost.training.bench.compare import compare
from backpost.training.bench.comparison import table

# %%
# **Other numbers.** The parameters of the world have names, units and ranges. A named set of them is an option.

register_parameters(
    "quick-markers",
    {"defender_speed": 8.6, "reaction": 0.21, "marker_gap": 0.5},
    description="defenders who run faster, answer earlier and stay closer to their man",
)
for parameters in ({}, "quick-markers"):
    result = compare("OpenPlay", ["learned"], crosses=400, options={"parameters": parameters})
    print(f"{parameters or 'as they are'}: {result.agents[0].xg.mean:.2f} xG per 100 crosses")

# %%
# **Your own function.** It gets the records of all crosses and the number of its player, and returns what the player
# wants in each: a velocity, as a share of top speed, and a facing. It belongs to a scenario, because only a deal knows
# who player 12 is. Here the first defender, who is dealt onto the crosser, leaves him and runs at the runner instead.

import numpy as np

from backpost.envs import PATTERN_OPTIONS, kernel, register_scenario
from backpost.envs.scenarios.deal import Attacker, deal_attacker, deal_keeper, draw_pattern, open_cross
from backpost.envs.scenarios.open_play import DEEP, deal_presser, deal_winger
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import RUNNER

ALONE = Attacker(RUNNER, (0.5, 4.0), (0.0, 9.0), 47.0, (4.0, 9.0), (-1.6, 0.0))


@kernel
def deal_one_against_one(world, p):
    """A winger deep on the right with a defender on him, one runner at the line, and the keeper."""
    draw_pattern(world, 10.0, 14.0, 1, 1, p)
    deal_winger(world, DEEP, 4.0, p)
    deal_attacker(world, HALF_LENGTH - world.pattern.line_height, ALONE, p)
    deal_keeper(world, p)
    deal_presser(world, p)
    open_cross(world, p)


def chase_the_runner(worlds, player):
    """Sprint to half a metre goal-side of the runner; (n, 4)."""
    me, runner = worlds["players"][:, player], worlds["players"][:, RUNNER]
    way = np.stack([runner["x"] + 0.5 - me["x"], runner["y"] - me["y"]], axis=1)
    velocity = way / np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1.0)
    return np.concatenate([velocity, np.zeros_like(velocity)], axis=1)


for name, scripts in (("mylab/Pressed-v0", {}), ("mylab/Chased-v0", {12: chase_the_runner})):
    about = "one attacker, one defender and the keeper"
    register_scenario(name, deal_one_against_one, description=about, options=PATTERN_OPTIONS, scripts=scripts)

# %%
# One cross, drawn: the blue triangle is the defender who left the crosser.

import matplotlib.pyplot as plt

from backpost.agents import agent
from backpost.agents.base.play import record
from backpost.envs.world.chance import episode_seeds
from backpost.renders.frame.frame import draw_frame

(seed,) = episode_seeds("evaluate", 0, 0, 1)  # evaluation cross 0
history = record(agent("early-back-post"), "Chased", seed)
_ = plt.figimage(draw_frame(history, title="Early back post", kind="rule"), resize=True)

# %%
# The same crosses against the scripted defender and against yours:

for scenario in ("Pressed", "Chased"):
    print(table(compare(scenario, ["learned", "early-back-post"], crosses=300)).split("\n\n")[0])
