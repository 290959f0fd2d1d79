"""The finishing stage of a round: the parameters of finishing are fitted to situations, where there is no luck.

Gauss-Newton steps: every figure of finishing is linearised around the present point by differences, and the loss of the
linear figures is minimised within a trust region. A step is taken only if the true loss falls; the region shrinks after
one that is not, and grows after one that is.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from backpost.training.realism.measure import Figure

from .content import Finishing, shares
from .design import bounds_in_steps, in_steps, moved
from .figures import Array, Bands, Kind, Measured, Values
from .free_parameters import FreeParameter
from .loss import ABSENT, loss, weights
from .trust_region import TRUST, best_step, pull

PROBE = 0.5
"""How far a parameter is moved to see what that changes, in steps."""
MOST_TRUST = 3.0
LEAST_TRUST = 0.05
"""Bounds of the trust region, in steps; below the lower one the fit is over."""
GROWN, SHRUNK = 1.5, 0.5
"""What the region is multiplied by after a step that was taken, and after one that was not."""
LEAST_GAIN = 1e-5
"""Smallest fall of the loss for which a step is taken."""
MOST_STEPS = 20
STARTS = 4
"""Starts of the minimisation: fewer than a round has, because a step that is not truly better is not taken."""

Expected = Callable[[Values], Sequence[Figure]]
"""Parameters -> the expected figures of finishing in the same situations."""


def fit_finishing(
    centre: Values,
    free: Sequence[FreeParameter],
    expected: Expected,
    kinds: Mapping[str, Kind],
    random: np.random.Generator,
) -> Finishing:
    """Fit the parameters of finishing to the expected figures of situations.

    Args:
        centre: the values of all parameters before.
        free: the parameters of finishing.
        expected: the figures of finishing that other values would have there.
        kinds: the kind of every figure.
        random: where the starts of the minimisation come from.

    Raises:
        InvalidValue: if no figure has enough events.
    """
    fit = _Fit(centre, free, expected, kinds)
    before = fit.now
    trust = TRUST
    for _ in range(MOST_STEPS):
        slopes = fit.slopes()
        while trust >= LEAST_TRUST and not fit.step(slopes, trust, random):
            trust *= SHRUNK
        if trust < LEAST_TRUST:
            break
        trust = min(GROWN * trust, MOST_TRUST)
    return Finishing(
        loss_before=loss(fit.distance(before), fit.weight)[0],
        loss_after=loss(fit.distance(fit.now), fit.weight)[0],
        in_band_before=shares(fit.bands, before, kinds),
        in_band_after=shares(fit.bands, fit.now, kinds),
        centre=fit.point,
    )


class _Fit:
    """Where a fit is: the point, and what is expected there."""

    def __init__(
        self, centre: Values, free: Sequence[FreeParameter], expected: Expected, kinds: Mapping[str, Kind]
    ) -> None:
        self.start, self.free, self.expected = centre, free, expected
        figures = expected(centre)
        self.point, self.now = dict(centre), Measured.of(figures)
        self.bands = Bands.of(figures)
        self.weight = weights(self.bands, self.now, kinds)
        self.cost = self._cost(self.point, self.now)

    def slopes(self) -> Array:
        """What a step of each parameter adds to the distance of each figure, (figures, parameters)."""
        distance, columns = self.distance(self.now), []
        _, upwards = bounds_in_steps(self.point, self.free)
        for k, parameter in enumerate(self.free):
            there = moved(self.point, [parameter], np.array([PROBE if upwards[k] >= PROBE else -PROBE]))
            step = in_steps([there], self.point, [parameter])[0, 0]
            change = self.distance(Measured.of(self.expected(there))) - distance if step else np.zeros(len(distance))
            columns.append(change / step if step else change)
        return np.stack(columns, axis=1)

    def step(self, slopes: Array, trust: float, random: np.random.Generator) -> bool:
        """Go to the best point of the linear figures within the trust region, if it is truly better."""
        bounds = bounds_in_steps(self.point, self.free)
        away, distance = self._away(self.point), self.distance(self.now)
        best, _ = best_step(distance, slopes, self.weight, bounds, random, trust, away, STARTS)
        there = moved(self.point, self.free, best)
        now = Measured.of(self.expected(there))
        cost = self._cost(there, now)
        if cost > self.cost - LEAST_GAIN:
            return False
        self.point, self.now, self.cost = there, now, cost
        return True

    def distance(self, measured: Measured) -> Array:
        """Distances of the figures from their bands; one without value is as far as one that is absent."""
        value = self.bands.distance(measured.value)
        return np.where(np.isfinite(value), value, ABSENT)

    def _away(self, point: Values) -> Array:
        return np.asarray(in_steps([point], self.start, self.free)[0])

    def _cost(self, point: Values, measured: Measured) -> float:
        return loss(self.distance(measured), self.weight)[0] + pull(self._away(point))
