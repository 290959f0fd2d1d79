"""Random: a smooth run in random directions.

Trigger: none. Target: none; the wanted velocity is a random walk with a memory of about two seconds, drawn from the
episode's seed, so the same cross gets the same run in any batch. Adjustment: none. Source: the zero point for
learning; white noise would average out and leave the runner standing still.
"""

import math
from typing import Any

import numpy as np

from backpost.agents.base.agent import Actions, Observations, Seeds
from backpost.agents.base.movement import Array, at_most_one
from backpost.agents.base.view import Mask
from backpost.envs.world.chance import Draw, normal
from backpost.envs.world.compile import entry
from backpost.envs.world.draws import DECISIONS, RANDOM_AGENT
from backpost.envs.world.record import DECISION_TIME

STEP_OF_WALK = Draw(RANDOM_AGENT, 0, 0, 2, 2, 0, 2, DECISIONS)
"""One step of the walk along one axis, drawn at every decision."""
MEMORY = 2.0
"""Time constant of the walk, s: its autocorrelation falls to 1/e."""
SPREAD = 0.7
"""Standard deviation of each component, as a share of top speed."""
_KEEP = math.exp(-DECISION_TIME / MEMORY)
_FRESH = SPREAD * math.sqrt(1.0 - _KEEP * _KEEP)


class RandomRun:
    """A random walk of the wanted velocity; the runner faces where he runs."""

    name = "random"
    description = "runs smoothly in random directions"

    def __init__(self) -> None:
        self._seeds: Seeds = np.zeros(0, np.uint64)
        self._decision = np.zeros(0, np.int64)
        self._wanted: Array = np.zeros((0, 2))

    def identity(self) -> dict[str, Any]:
        """Its name; it has no parameters."""
        return {"agent": self.name}

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses."""
        self._seeds = seeds.copy()
        self._decision = np.zeros(len(seeds), np.int64)
        self._wanted = np.zeros((len(seeds), 2))

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Open new crosses in some rows."""
        self._seeds[which] = seeds[which]
        self._decision[which] = 0
        self._wanted[which] = 0.0

    def act(self, observations: Observations) -> Actions:
        """Actions (n, 4) for observations (n, SIZE), whose content is ignored."""
        walk(self._seeds, self._decision, self._wanted, _KEEP, _FRESH)
        actions = np.zeros((len(observations), 4), np.float32)
        actions[:, :2] = at_most_one(self._wanted)
        return actions


@entry
def walk(seeds, decision, wanted, keep, fresh):  # type: ignore[no-untyped-def]
    """One step of every random walk: seeds and decision (n,), wanted (n, 2) in place."""
    for i in range(len(seeds)):
        # The first step draws from the walk's stationary distribution, so that the runner does not begin at rest.
        keeps = keep
        scale = fresh
        if decision[i] == 0:
            keeps = 0.0
            scale = fresh / math.sqrt(1.0 - keep * keep)
        for axis in range(2):
            luck = normal(seeds[i], STEP_OF_WALK, axis, decision[i])
            wanted[i, axis] = keeps * wanted[i, axis] + scale * luck
        decision[i] += 1
