"""The band of a published row as sensitivity sees it: distances on a log scale, from the target to its edges."""

import math
from dataclasses import dataclass
from typing import Protocol

from backpost.training.realism.published import published

ENOUGH = 15
"""Fewest events for a row to count; few suffice, because conversions are means of expected goals."""


class Measured(Protocol):
    """A statistic and the number of events behind it, as returned by `published.rows`."""

    @property
    def value(self) -> float:
        """The value."""

    @property
    def count(self) -> int:
        """Number of events behind it."""


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


def counts(measured: Measured) -> bool:
    """Whether a value is finite and has enough events behind it."""
    return measured.count >= ENOUGH and math.isfinite(measured.value)
