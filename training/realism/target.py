"""What every published number has: a target, the band that counts as matched, and a source."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """One published number.

    Attributes:
        id, source: as published.
        target, low, high: the published value and the band that counts as matched.
        size: number of events behind the published value, 0 if unknown.
        counts: the words that hold for the simulated events that count; none: all events.
    """

    id: str
    target: float
    low: float
    high: float
    size: int
    source: str
    counts: str
