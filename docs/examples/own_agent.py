"""
Write a rule
============

An agent decides for the runner in many crosses side by side. Any object with a name, a description and three methods
is one. This tutorial writes one from scratch, then a coaching rule in a few lines, and compares both.
"""

import numpy as np

from backpost.envs.interface import observation
from backpost.training.bench.compare import compare
from backpost.training.bench.comparison import table


class StraightToThePost:
    """Sprint to the back post at once, whatever happens."""

    name, description = "straight-to-the-post", "sprints to the back post at once"

    def reset(self, seeds):
        """Open n crosses; this agent remembers nothing."""

    def restart(self, which, seeds):
        """Open new crosses in the rows where `which` is true."""

    def act(self, observations):
        """Wanted velocity and facing (n, 4) for observations (n, size)."""
        x, y = (observation.read(observations, f"runner_{axis}") for axis in "xy")  # m from the centre of the pitch
        way = np.stack([47.5 - x, 5.0 - y], axis=1)  # the goal line is at 52.5
        velocity = way / np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1.0)
        return np.concatenate([velocity, np.zeros_like(velocity)], axis=1, dtype=np.float32)


# %%
# A coaching rule says less. It has a trigger (when to go), a target (where to) and, if wanted, an adjustment once the
# flight is read. Waiting onside, sprinting, meeting the ball and opening the body are the same for all rules. Widths
# are seen from the crosser's side, so the rule works on both wings.

from dataclasses import dataclass

from backpost.agents.base.view import at
from backpost.agents.rules.numbers import HoldingNumbers, number
from backpost.agents.rules.rule import Rule


@dataclass(frozen=True)
class MyNumbers(HoldingNumbers):
    """What may be tuned, with range, unit and meaning."""

    start: float = number(-0.4, -1.0, 0.2, "s", "start of the run, from the strike that the crosser's body announces")


class GoOnThePlant(Rule):
    """Hold outside the box, and attack the back post as the crosser plants his foot."""

    name = "go-on-the-plant"
    description = "holds, and attacks the back post as the crosser plants his foot"
    source = "this tutorial"
    numbers_type = MyNumbers

    def trigger(self, view):
        """When the run starts, (n,)."""
        return view.clock >= self.numbers.start

    def target(self, view):
        """Where it leads, (n, 2): 5 m from the goal line, 5 m beyond the middle of the goal."""
        return at(5.0, 5.0, len(view.place))


# %%
# One cross of it, drawn. ``record`` gives the records of the whole world, one a decision.

import matplotlib.pyplot as plt

from backpost.agents.base.play import record
from backpost.envs.world.chance import episode_seeds
from backpost.renders.frame.frame import draw_frame

(seed,) = episode_seeds("evaluate", 0, 7, 1)  # evaluation cross 7
history = record(GoOnThePlant(), "OpenPlay", seed)
_ = plt.figimage(draw_frame(history, title="Go on the plant", kind="rule"), resize=True)

# %%
# The first agent is tested against the others, on crosses that nobody was tuned or trained on.

print(table(compare("OpenPlay", [GoOnThePlant(), StraightToThePost(), "early-back-post"], crosses=500)))
