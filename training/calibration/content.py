"""The content of `calibration.json`, which is also the result of the command, checked when it is read."""

import math
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar

import numpy as np
from msgspec import Meta

from backpost.envs.common.errors import InvalidValue
from backpost.envs.common.reading import read_record
from backpost.envs.world.parameter_table import TABLE
from backpost.training.bench.result_file import Result
from backpost.training.realism.realism import ENOUGH

from .figures import TABLES, Bands, Kind, Measured, Table

Count = Annotated[int, Meta(ge=0)]
Positive = Annotated[int, Meta(ge=1)]
_TABLE = {parameter.name: parameter for parameter in TABLE}


@dataclass(frozen=True)
class Share:
    """How many figures are in band, of those with enough events."""

    in_band: Count
    counted: Count


def shares(bands: Bands, measured: Measured, kinds: Mapping[str, Kind]) -> dict[Table, Share]:
    """How many rows and how many cells are in band."""
    tables = np.array([kinds[id].table for id in bands.ids])
    inside = measured.counts & (np.abs(bands.distance(measured.value)) <= 1.0)
    return {
        table: Share(int(np.sum(inside & (tables == table))), int(np.sum(measured.counts & (tables == table))))
        for table in TABLES
    }


@dataclass(frozen=True)
class Finishing:
    """What the finishing stage of a round made of its centre.

    Attributes:
        loss_before, loss_after: losses of the expected figures of finishing.
        in_band_before, in_band_after: rows and cells of finishing in band, as expected.
        centre: the values of all free parameters, those of finishing fitted: the centre that is measured.
    """

    loss_before: float
    loss_after: float
    in_band_before: dict[Table, Share]
    in_band_after: dict[Table, Share]
    centre: dict[str, float]


@dataclass(frozen=True)
class Round:
    """One finished round.

    Attributes:
        finishing: what its finishing stage made of the centre.
        loss: loss at its centre.
        predicted: loss that its model predicts at the next centre.
        in_band: rows and cells in band at its centre.
        next: the values of the free parameters that it chose: the next centre.
        seconds: how long it took.
    """

    finishing: Finishing
    loss: float
    predicted: float
    in_band: dict[Table, Share]
    next: dict[str, float]
    seconds: Annotated[float, Meta(ge=0)]


@dataclass(frozen=True)
class Value:
    """A figure: value and standard error (None if undefined), and number of events."""

    value: float | None
    se: float | None
    events: Count

    def in_band(self, low: float, high: float) -> bool | None:
        """Whether it lies in a band; None without enough events."""
        if self.value is None or self.se is None or self.events < ENOUGH:
            return None
        return low <= self.value <= high


@dataclass(frozen=True)
class FigureChange:
    """A published figure before and after the calibration.

    Attributes:
        id, low, high: its id and band.
        table, kind: whether it is a row or a cell, and its stage or statistic.
        before, after: its values with the start and with what was chosen, on the same fresh crosses.
    """

    id: str
    table: Table
    kind: str
    low: float
    high: float
    before: Value
    after: Value


@dataclass(frozen=True)
class Outcome:
    """The comparison of the start with the end of the last round, on fresh crosses.

    Attributes:
        chosen: the better of the two.
        loss_start, loss_end: their losses.
        stream, crosses: the crosses that both played.
        figures: every published figure with the start and with what was chosen.
    """

    chosen: dict[str, float]
    loss_start: float
    loss_end: float
    stream: Count
    crosses: Positive
    figures: tuple[FigureChange, ...]


@dataclass(frozen=True)
class Calibration(Result):
    """A calibration, finished or not.

    Attributes:
        label: label of the crosses.
        seed: seed of the designs.
        versions: versions of the world, the agents and the packages it was begun with.
        points, crosses, centre_crosses: points of a round, and crosses of a point and of a centre.
        finishing_crosses: crosses to whose first contacts finishing is fitted.
        start: the values of the free parameters at the start.
        rounds: the finished rounds.
        outcome: what was chosen at the end; None if it has not been compared yet.

    Raises:
        InvalidValue: if its parts are inconsistent.
    """

    command: ClassVar[str] = "calibrate"

    label: str
    seed: Count
    versions: dict[str, str | int]
    points: Positive
    crosses: Positive
    centre_crosses: Positive
    finishing_crosses: Positive
    start: dict[str, float]
    rounds: tuple[Round, ...] = ()
    outcome: Outcome | None = None

    def __post_init__(self) -> None:
        _check(self.start)
        chosen = [values for each in self.rounds for values in (each.finishing.centre, each.next)]
        for values in (*chosen, *([self.outcome.chosen] if self.outcome else [])):
            if values.keys() != self.start.keys():
                raise InvalidValue("every round must choose a value for each parameter of the start")
            _check(values)
        if self.outcome and not self.rounds:
            raise InvalidValue("a calibration without rounds has no outcome")

    @property
    def centre(self) -> dict[str, float]:
        """Where the next round begins."""
        return self.rounds[-1].next if self.rounds else self.start


def _check(values: Mapping[str, float]) -> None:
    for name, value in values.items():
        if name not in _TABLE:
            raise InvalidValue("it names a parameter that the world does not have")
        if not (math.isfinite(value) and _TABLE[name].low <= value <= _TABLE[name].high):
            raise InvalidValue(f"{name} is out of its range")


def read(path: str | os.PathLike[str]) -> Calibration:
    """Read a `calibration.json`.

    Raises:
        InvalidFile: if it cannot be read or is invalid.
    """
    return read_record(path, Calibration, "calibration")
