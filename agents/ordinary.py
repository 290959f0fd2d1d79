"""The ordinary runner: plays each cross by a tuned coaching rule, drawn uniformly from the cross's seed.

It represents how attackers usually run, so that published statistics of real crosses can be compared with simulated
ones. Its rules and their numbers (`assets/ordinary_runs.json`) were fixed before the simulator was calibrated. They do
not follow later tuning or later rules, and no reported result of an agent uses this runner.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.agents.base.agent import Actions, Observations, Seeds
from backpost.agents.base.view import Mask
from backpost.agents.rules.registry import rule
from backpost.agents.rules.rule import Rule
from backpost.envs.world.chance import WORLD, Draw, uniform
from backpost.envs.world.compile import entry
from backpost.envs.world.draws import ORDINARY_AGENT

RULE_OF_CROSS = Draw(ORDINARY_AGENT, 0, 0, 1, 1, 0, 1, 1)
"""The draw that selects the rule for a cross."""
_RUNS = Path(__file__).resolve().parent / "assets" / "ordinary_runs.json"


class Ordinary:
    """A uniform mixture of coaching rules."""

    name = "ordinary"
    description = "follows one of the tuned coaching rules, drawn anew for every cross"

    def __init__(self) -> None:
        runs = json.loads(_RUNS.read_text(encoding="utf-8"))["rules"]
        self.rules: tuple[Rule, ...] = tuple(rule(name, numbers) for name, numbers in runs.items())
        self._drawn: npt.NDArray[np.int64] = np.zeros(0, np.int64)

    def identity(self) -> dict[str, Any]:
        """Its rules and their numbers, in order."""
        return {"ordinary": self.rules}

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses."""
        self._drawn = drawn(seeds, len(self.rules))
        for member in self.rules:
            member.reset(seeds)

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Open new crosses in some rows."""
        self._drawn[which] = drawn(seeds[which], len(self.rules))
        for member in self.rules:
            member.restart(which, seeds)

    def act(self, observations: Observations) -> Actions:
        """Actions (n, 4) for observations (n, SIZE): each row follows the rule of its cross."""
        actions = np.empty((len(observations), 4), np.float32)
        for k, member in enumerate(self.rules):
            rows = np.flatnonzero(self._drawn == k)
            if len(rows):
                actions[rows] = member.act_in(rows, observations[rows])
        return actions


def drawn(seeds: Seeds, count: int) -> npt.NDArray[np.int64]:
    """Index of the rule for each cross, (n,): uniform over `count` rules, from the seed alone."""
    result = np.empty(len(seeds), np.int64)
    _draw(np.ascontiguousarray(seeds), count, result)
    return result


@entry
def _draw(seeds, count, result):  # type: ignore[no-untyped-def]
    """Write the draw of each seed (n,) into `result` (n,)."""
    for i in range(len(seeds)):
        result[i] = min(int(uniform(seeds[i], RULE_OF_CROSS, WORLD, 0) * count), count - 1)
