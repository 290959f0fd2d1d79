"""The ordinary runner: in each cross one of the tuned coaching rules, drawn from the cross's seed with equal shares.

He stands for how attackers run as a rule, so that published numbers of real crosses have somebody to be compared with.
The mixture was fixed before the simulator was calibrated and is never fitted; no result of an agent is played by him.
"""

import numpy as np
import numpy.typing as npt

from backpost.envs.chance import RANDOM_AGENT, uniform
from backpost.envs.compile import entry

from .agent import Actions, Observations, Rule, Seeds
from .free_numbers import TUNED_SCENARIO
from .rules import RULE_TYPES
from .scene import Mask

_DIE = 2
"""Who rolls it: the random run has the dice 0 and 1 of the same purpose."""


class Ordinary:
    """A mixture of all coaching rules, each in an equal share of the crosses.

    Args:
        scenario: whose tuned numbers the rules take; those of open play where a scenario has none.
    """

    name = "ordinary"
    description = "runs by one of the tuned coaching rules, another in every cross"

    def __init__(self, scenario: str = TUNED_SCENARIO) -> None:
        self.rules: tuple[Rule, ...] = tuple(kind(scenario=scenario) for kind in RULE_TYPES.values())
        self._drawn: npt.NDArray[np.int64] = np.zeros(0, np.int64)

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses."""
        self._drawn = drawn(seeds, len(self.rules))
        for rule in self.rules:
            rule.reset(seeds)

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Open new crosses in some rows."""
        self._drawn[which] = drawn(seeds[which], len(self.rules))
        for rule in self.rules:
            rule.restart(which, seeds)

    def act(self, observations: Observations) -> Actions:
        """Actions (n, 4) for observations (n, SIZE): each row by the rule of its cross."""
        actions = np.empty((len(observations), 4), np.float32)
        for k, rule in enumerate(self.rules):
            rows = np.flatnonzero(self._drawn == k)
            if len(rows):
                actions[rows] = rule.act_in(rows, observations[rows])
        return actions


def drawn(seeds: Seeds, count: int) -> npt.NDArray[np.int64]:
    """Which of `count` rules each cross gets, (n,): equal shares, by the seed alone."""
    result = np.empty(len(seeds), np.int64)
    _draw(np.ascontiguousarray(seeds), count, result)
    return result


@entry
def _draw(seeds, count, result):  # type: ignore[no-untyped-def]
    """Write the draw of each seed (n,) into `result` (n,)."""
    for i in range(len(seeds)):
        result[i] = min(int(uniform(seeds[i], RANDOM_AGENT, _DIE, 0) * count), count - 1)
