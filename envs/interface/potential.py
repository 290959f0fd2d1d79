"""The potential of the reward "shaped": how near the runner is to where the ball will be met."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.envs.world.compile import entry
from backpost.envs.world.geometry import length
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import CROSS, NEVER, RUNNER

POTENTIAL = 0.015
"""Largest potential, expected goals: at most the mean return, or it would drown the signal."""
POTENTIAL_DISTANCE = 6.0
"""Distance, m, over which the potential falls by a factor of e."""
_BEFORE_X, _BEFORE_Y = HALF_LENGTH - 6.0, 2.0
"""Before the strike: the average meeting point of crosses, m."""


@entry
def potential(world: Any) -> float:
    """How near the runner is to where the ball will be met, 0 to `POTENTIAL`; 0 once the cross has been touched."""
    if world.phase > CROSS:
        return 0.0
    runner = world.players[RUNNER]
    x, y = _BEFORE_X, _BEFORE_Y
    if world.phase == CROSS:
        x, y = world.delivery.aim_x, world.delivery.aim_y
        if runner.arrives < NEVER:
            x, y = runner.meet_x, runner.meet_y
    return POTENTIAL * math.exp(-length(x - runner.x, y - runner.y) / POTENTIAL_DISTANCE)


@entry
def potential_batch(worlds: Any, potentials: Any) -> None:
    """Write the potential of every cross into `potentials` (n,)."""
    for i in range(len(worlds)):
        potentials[i] = potential(worlds[i])


def potentials(worlds: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """The potential of every cross, (n,)."""
    values = np.empty(len(worlds))
    potential_batch(worlds, values)
    return values
