"""Whom a policy imitates before PPO: its own rule, who works the flight out, or the policies of other scenarios.

A rule attacks the ball where he feels that it first comes within reach. `FlightTeacher` is that rule, but he works the
flight out from what is seen of it and lets the ball drop to a height that is chosen. Nothing of luck is told.
"""

import hashlib
from dataclasses import replace
from pathlib import Path

from backpost.agents.agent import Actions, Observations, Rule, Seeds
from backpost.agents.policy import SUFFIX, Policy
from backpost.agents.registry import POLICIES
from backpost.agents.scene import Mask

from .configuration import SHIPPED, Configuration
from .flight import worked_out

LATER = 0.05
"""s beyond the first moment at which he could take the ball: he knows where it comes, and needs no longer. Of .05
and .12 the better on fast breaks, at corners and at free kicks if he waits for the ball at .4 m."""


class FlightTeacher:
    """A rule that works the flight out.

    Args:
        rule: whom it copies, numbers included, but for `LATER`.
        height: to which he lets the ball drop, m.
    """

    def __init__(self, rule: Rule, height: float) -> None:
        self.rule, self.height = type(rule)(replace(rule.numbers, later=LATER)), height
        self.name = f"{rule.name} who works the flight out"
        self.description = f"{rule.description}, and lets the ball drop to {height:g} m"

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses."""
        self.rule.reset(seeds)

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Open new crosses in some rows."""
        self.rule.restart(which, seeds)

    def act(self, observations: Observations) -> Actions:
        """Actions (n, 4) for observations (n, SIZE)."""
        return self.rule.act(worked_out(observations, 1.0, self.height))


def teacher_of(scenario: str, folder: str) -> Policy:
    """The policy of a scenario, from a folder of policies or of those that are shipped.

    Raises:
        InvalidFile: if it is missing or is none of this version.
    """
    return Policy.load(_file(scenario, folder))


def digests(config: Configuration) -> dict[str, str]:
    """SHA-256 of the policies that a run with this configuration learns from, by their scenarios.

    Raises:
        InvalidFile: see `teacher_of`.
    """
    found = {}
    for scenario in config.teachers or ():
        teacher_of(scenario, config.taught_by)
        found[scenario] = hashlib.sha256(_file(scenario, config.taught_by).read_bytes()).hexdigest()
    return found


def _file(scenario: str, folder: str) -> Path:
    return (POLICIES if folder == SHIPPED else Path(folder)) / f"{scenario}{SUFFIX}"
