"""How far measured rows are from the published ones: pure functions.

Distances are logarithmic; the unit is the distance from a row's target to the edge of its band, on the side of the
measured value. The central half of the band is nearly free; beyond it the loss is quadratic up to the edge, where it is
about one, and linear outside: a hopeless row pulls no harder than one at its edge, and is never given up (with a cap or
a logarithm, the search settles where one row is lost for the benefit of the others).
"""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Protocol

from backpost.training.realism.published import published

ENOUGH = 15
"""Fewest events for a row to count; few suffice, because conversions are means of expected goals."""
FREE = 0.5
"""Share of the distance from target to edge that is nearly free."""
INSIDE_PULL = 0.05
"""Loss of a row at the edge of the nearly free part."""
UNCOUNTED = 1.0
"""Loss of a row with too few events, so that no candidate gains by avoiding events."""
REJECTED = 1000.0
"""Loss of a candidate that violates a hard constraint; higher than any other."""
WAY_BACK = 10.0
"""Added per unit of distance outside the band, so that a search that starts there finds its way in."""


class Measured(Protocol):
    """A statistic and the number of events behind it, as returned by `published.rows`."""

    @property
    def value(self) -> float:
        """The value."""

    @property
    def count(self) -> int:
        """Number of events behind it."""


@dataclass(frozen=True)
class Statistic:
    """A minimal `Measured`."""

    value: float
    count: int


@dataclass(frozen=True)
class Band:
    """The target of a published row and the band that counts as matched."""

    target: float
    low: float
    high: float

    def distance(self, value: float) -> float:
        """Distance of a value from the target: 0 at the target, 1 at the edges of the band."""
        away = math.log(max(value, 0.01 * self.target) / self.target)
        return away / math.log((self.high if away > 0 else self.low) / self.target) if away else 0.0

    def holds(self, value: float) -> bool:
        """Whether a value lies in the band."""
        return self.low <= value <= self.high


def bands() -> dict[str, Band]:
    """The band of every published row, by id."""
    return {row.id: Band(row.target, row.low, row.high) for row in published()}


def row_loss(band: Band, measured: Measured) -> float:
    """Loss of one row."""
    if not counts(measured):
        return UNCOUNTED
    distance = band.distance(measured.value)
    beyond = max(distance - FREE, 0.0) / (1 - FREE)
    outside = beyond**2 if beyond < 1 else 2 * beyond - 1
    return outside + INSIDE_PULL * (min(distance, FREE) / FREE) ** 2


def counts(measured: Measured) -> bool:
    """Whether a value is finite and has enough events behind it."""
    return measured.count >= ENOUGH and math.isfinite(measured.value)


def loss(
    measured: Mapping[str, Measured],
    published_bands: Mapping[str, Band],
    weights: Mapping[str, float],
    constraints: Collection[str] = (),
) -> float:
    """Weighted mean loss of the rows in `weights`; rows that are not measured do not count.

    Args:
        measured: the measured rows of a candidate, by id.
        published_bands: the bands of the published rows, by id.
        weights: weights of the rows that count.
        constraints: ids of the rows that must stay inside their bands.
    """
    broken = [
        published_bands[name].distance(value) - 1 if math.isfinite(value) else 0.0
        for name in constraints
        if not published_bands[name].holds(value := measured[name].value)
    ]
    rejected = REJECTED + WAY_BACK * sum(broken) if broken else 0.0
    used = {name: weight for name, weight in weights.items() if name in measured}
    total = sum(weight * row_loss(published_bands[name], measured[name]) for name, weight in used.items())
    return rejected + total / max(sum(used.values()), 1e-9)
