"""Whom a policy imitates before PPO: its rule with sharper eyes, or the policies of other scenarios.

A rule goes where the runner reads that the ball comes into reach, and he misreads; yet where it really comes down
follows from the ball's place and velocity, which the observation shows too. `SharpEyed` does what the rule would do if
he read without error, and so teaches to read the flight. Nothing of luck, and nothing before the strike, is told.
"""

from pathlib import Path

import numpy as np
import numpy.typing as npt

from backpost.agents.agent import Actions, Observations, Rule, Seeds
from backpost.agents.policy import SUFFIX, Policy
from backpost.agents.registry import POLICIES
from backpost.agents.scene import Mask
from backpost.envs import observation
from backpost.envs.crosses import Crosses
from backpost.envs.world import RUNNER

from .configuration import SHIPPED

_READ = [observation.index("read_x"), observation.index("read_y")]

Floats = npt.NDArray[np.float32]


class SharpEyed:
    """A rule that reads the flight without error.

    Args:
        rule: a copy of its own.
        crosses: that it is asked about.
    """

    def __init__(self, rule: Rule, crosses: Crosses) -> None:
        self.rule, self.crosses = rule, crosses
        self.name = f"sharp-eyed {rule.name}"
        self.description = f"{rule.description}, and reads the flight without error"

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses."""
        self.rule.reset(seeds)

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Open new crosses in some rows."""
        self.rule.restart(which, seeds)

    def act(self, observations: Observations) -> Actions:
        """Actions (n, 4) for the observations (n, SIZE) of the crosses as they are now."""
        return self.rule.act(sharpened(observations, self.crosses))


def sharpened(observations: Floats, crosses: Crosses) -> Floats:
    """The observations (n, SIZE) of these crosses as they were without the runner's reading error."""
    runner = crosses.worlds["players"][:, RUNNER]
    sharp = observations.copy()
    for column, name, side in zip(_READ, ("read_x", "read_y"), (1.0, crosses.sides()), strict=True):
        miss = runner["read_error"] * runner["arrives"] * runner[name] * side
        sharp[:, column] -= (miss / observation.SCALES[column]) * (observations[:, column] != 0.0)
    return sharp


def teacher_of(scenario: str, folder: str) -> Policy:
    """The policy of a scenario, from a folder of policies or of those that are shipped.

    Raises:
        InvalidFile: if it is missing or is none of this version.
    """
    return Policy.load((POLICIES if folder == SHIPPED else Path(folder)) / f"{scenario}{SUFFIX}")
