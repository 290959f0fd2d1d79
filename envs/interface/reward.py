"""Rewards: what a decision was worth, in the terms that the world itself counts.

| `reward` | of one decision |
|---|---|
| "xg" | the team's expected goals: what is reported everywhere |
| "own_xg" | expected goals of the runner's own contacts |
| "goal" | goals |
| "shaped" | xg + gamma * phi(next) - phi(now), phi(over) = 0: the discounted return shifts by exactly -phi(first) |
"""

import math
from typing import Any

from backpost.envs.world.compile import entry
from backpost.envs.world.geometry import length
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import CROSS, NEVER, RUNNER

TERMS = {"xg": "xg_now", "own_xg": "own_xg_now", "goal": "goals_now"}
"""Field of the record that holds each unshaped reward."""
SHAPED = "shaped"

POTENTIAL = 0.015
"""Largest potential, expected goals: no larger than the mean return, or it would bury the signal."""
POTENTIAL_DISTANCE = 6.0
"""m over which it falls."""
_BEFORE_X, _BEFORE_Y = HALF_LENGTH - 6.0, 2.0
"""Before the strike: the middle of where crosses are met, m."""


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
