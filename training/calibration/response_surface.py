"""A linear model of every figure around the centre of a round: ridge regression, weighted by events.

The penalty of each figure minimises the generalized cross-validation score (Golub, Heath & Wahba 1979): a figure that
luck dominates is shrunk towards "nothing moves it", and a clear one is not.
"""

import numpy as np

from .figures import Array, Measured

PENALTIES = np.geomspace(0.1, 1e4, 26)
"""Penalties that are tried, in units of one point."""
LEAST_EVENTS = 10
"""Fewest events with which a point tells something of a figure."""
LEAST_SHARE = 0.25
"""Smallest share of the points that must tell something."""


def slopes(design: Array, measured: Measured) -> Array:
    """What one step of each parameter adds to each figure, (figures, parameters), in the figures' units.

    Args:
        design: the points in steps from the centre, (points, parameters).
        measured: the figures there, (points, figures).

    Returns:
        The slopes; nan for a figure with too few points that tell something.
    """
    fitted = np.full((measured.value.shape[1], design.shape[1]), np.nan)
    usable = np.isfinite(measured.value) & (measured.events >= LEAST_EVENTS)
    for figure in np.flatnonzero(usable.mean(axis=0) >= LEAST_SHARE):
        points = usable[:, figure]
        fitted[figure] = _ridge(design[points], measured.value[points, figure], measured.events[points, figure])
    return fitted


def _ridge(design: Array, value: Array, events: Array) -> Array:
    """Slopes (parameters,) of one figure, with a free intercept and the penalty of the best score."""
    weight = events / events.mean()
    root = np.sqrt(weight)[:, None]
    a = (design - np.average(design, axis=0, weights=weight)) * root
    y = (value - np.average(value, weights=weight)) * root[:, 0]
    u, s, v = np.linalg.svd(a, full_matrices=False)
    along = u.T @ y
    kept = s**2 / (s**2 + PENALTIES[:, None])  # (penalties, directions)
    unexplained = y @ y - along @ along + np.sum(((1.0 - kept) * along) ** 2, axis=1)
    free = len(y) - 1.0 - kept.sum(axis=1)  # the intercept has used one
    best = np.argmin(unexplained / np.maximum(free, 1e-9) ** 2)
    slopes: Array = v.T @ (s / (s**2 + PENALTIES[best]) * along)
    return slopes
