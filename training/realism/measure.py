"""All published numbers of simulated crosses at once, for calibration."""

from typing import NamedTuple

from .cells import cells, measured_cells
from .events import Events
from .published import measured_rows, published
from .sample import Sample

NORMAL = 1.959964
"""Half a 95 % interval in standard errors."""


class Figure(NamedTuple):
    """One published row or cell, and its value here.

    Attributes:
        id: as published; rows and cells have different ones.
        value: the simulator's value; nan if it is undefined.
        se: its standard error, from the width of its 95 % interval; nan without number.
        events: number of events behind it.
        target, low, high: the published value and the band that counts as matched.
    """

    id: str
    value: float
    se: float
    events: int
    target: float
    low: float
    high: float


def measure(table: Events) -> list[Figure]:
    """Every published row and cell of these crosses (n,), with expected goals for goals; without inputs."""
    sample = Sample(table, expected=True)
    here = measured_rows(sample) | measured_cells(sample)
    judged = [*(row for row in published() if not row.input), *cells()]
    return [
        Figure(
            id=number.id,
            value=here[number.id].value,
            se=(here[number.id].high - here[number.id].low) / (2.0 * NORMAL),
            events=here[number.id].count,
            target=number.target,
            low=number.low,
            high=number.high,
        )
        for number in judged
    ]
