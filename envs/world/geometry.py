"""Geometry shared by all parts of the step: lengths, directions and nearest players."""

import math

from .compile import kernel
from .pitch import HALF_LENGTH
from .record import ATTACKERS, KEEPER, NEVER, PLAYERS

TINY = 1e-9
"""Added to a length before dividing by it: a zero vector gives (0, 0) instead of a division by zero."""


@kernel
def length(x, y):
    """Length of a vector."""
    return math.sqrt(x * x + y * y)


@kernel
def unit(x, y):
    """The unit vector in this direction; (0, 0) for the zero vector."""
    size = length(x, y) + TINY
    return x / size, y / size


@kernel
def clip(value, low, high):
    """The value, limited to the range from `low` to `high`."""
    return min(max(value, low), high)


@kernel
def nearest(world, first, until, x, y):
    """Metres from (x, y) to the nearest of the players `first` to `until` - 1; `NEVER` if none is present."""
    best = NEVER
    for i in range(first, until):
        player = world.players[i]
        if player.present != 0:
            best = min(best, length(player.x - x, player.y - y))
    return best


@kernel
def nearest_attacker(world, x, y):
    """Metres from (x, y) to the nearest attacker."""
    return nearest(world, 0, ATTACKERS, x, y)


@kernel
def nearest_defender(world, x, y):
    """Metres from (x, y) to the nearest outfield defender."""
    return nearest(world, KEEPER + 1, PLAYERS, x, y)


@kernel
def cosine(ux, uy, x, y):
    """Cosine of the angle between a unit vector and a vector; 0 for the zero vector."""
    return (ux * x + uy * y) / (length(x, y) + TINY)


@kernel
def body_angle(player):
    """Angle between a player's facing and the direction to the centre of the goal, rad."""
    return math.acos(clip(cosine(player.fx, player.fy, HALF_LENGTH - player.x, -player.y), -1.0, 1.0))
