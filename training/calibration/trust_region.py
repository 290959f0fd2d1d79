"""The best point of a response surface within the trust region around its centre."""

import numpy as np

from .figures import Array
from .loss import loss

TRUST = 1.0
"""How far a parameter may move in one round, in steps: no farther than the points of the design."""
PULL = 5e-5
"""Loss added for a parameter that is one step from where it was, so that what nothing asks for stays."""
STARTS = 12
"""Number of starts: the centre, and random points. The loss has many valleys."""
ITERATIONS = 2_000


def best_step(
    distance: Array,
    slopes: Array,
    weight: Array,
    bounds: tuple[Array, Array],
    random: np.random.Generator,
    trust: float = TRUST,
    away: Array | float = 0.0,
    starts: int = STARTS,
) -> tuple[Array, float]:
    """The step from the centre with the least predicted loss, found by L-BFGS-B from several starts.

    Args:
        distance: distances of the figures at the centre, (figures,).
        slopes: what a step of each parameter adds to them, (figures, parameters).
        weight: weights of the figures, (figures,); 0 for one that does not count.
        bounds: how far each parameter may move down and up, in steps, (parameters,) each.
        random: where the starts come from.
        trust: how far each parameter may move, in steps.
        away: how far each parameter is already from where it was, in steps, (parameters,).
        starts: number of starts.

    Returns:
        The step, (parameters,), and the loss that the model predicts there.

    Raises:
        InvalidValue: if no figure has a weight.
    """
    from scipy.optimize import minimize

    counted = weight > 0.0
    distance, slopes, weight = distance[counted], slopes[counted], weight[counted]
    low, high = np.maximum(bounds[0], -trust), np.minimum(bounds[1], trust)

    def objective(step: Array) -> tuple[float, Array]:
        value, gradient = loss(distance + slopes @ step, weight)
        moved = away + step
        return value + pull(moved), slopes.T @ gradient + 2.0 * PULL * moved

    tried = [np.zeros(len(low)), *(random.uniform(low, high) for _ in range(starts - 1))]
    box, limits = list(zip(low, high, strict=True)), {"maxiter": ITERATIONS}
    ends = [minimize(objective, start, jac=True, bounds=box, method="L-BFGS-B", options=limits) for start in tried]
    step: Array = np.clip(min(ends, key=lambda end: float(end.fun)).x, low, high)
    return step, loss(distance + slopes @ step, weight)[0]


def pull(away: Array) -> float:
    """The loss that is added for parameters so many steps (parameters,) from where they were."""
    return PULL * float(away @ away)
