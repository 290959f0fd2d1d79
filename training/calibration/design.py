"""The points of a round: a mirrored random two-level design around its centre."""

from collections.abc import Sequence

import numpy as np

from .figures import Array, Values
from .free_parameters import FreeParameter

DIGITS = 4
"""Significant digits of a chosen value."""


def mirrored_design(
    centre: Values, free: Sequence[FreeParameter], points: int, random: np.random.Generator
) -> list[dict[str, float]]:
    """Points around a centre: half of them are the others mirrored.

    Every point moves every parameter by one step up or down, so each parameter is estimated from all points. What bends
    the same way on both sides cancels between a point and its mirror image. At a bound a step is shorter.

    Args:
        centre: the values of the parameters.
        free: the parameters that are moved.
        points: how many points, an even number.
        random: where the signs come from.
    """
    signs = random.choice([-1.0, 1.0], size=(points // 2, len(free)))
    return [moved(centre, free, steps) for steps in (*signs, *-signs)]


def in_steps(points: Sequence[Values], centre: Values, free: Sequence[FreeParameter]) -> Array:
    """How far points lie from a centre, in steps, (points, parameters)."""
    return np.array(
        [[(point[parameter.name] - centre[parameter.name]) / parameter.step for parameter in free] for point in points]
    )


def bounds_in_steps(centre: Values, free: Sequence[FreeParameter]) -> tuple[Array, Array]:
    """How far each parameter may move down and up from a centre, in steps: (parameters,) <= 0 and >= 0."""
    low = [min((parameter.low - centre[parameter.name]) / parameter.step, 0.0) for parameter in free]
    high = [max((parameter.high - centre[parameter.name]) / parameter.step, 0.0) for parameter in free]
    return np.array(low), np.array(high)


def moved(centre: Values, free: Sequence[FreeParameter], steps: Array) -> dict[str, float]:
    """The values so many steps (parameters,) from a centre, rounded, and within the bounds; all others stay."""
    values = dict(centre)
    for parameter, step in zip(free, steps, strict=True):
        now = centre[parameter.name]
        rounded = float(f"{now + step * parameter.step:.{DIGITS}g}") if step else now
        values[parameter.name] = min(max(rounded, min(parameter.low, now)), max(parameter.high, now))
    return values
