"""The file of one round, `round-1.json`: what has been measured so far, so that a stopped round goes on."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
from msgspec import Meta

from backpost.envs.common.checks import Record
from backpost.envs.common.errors import InvalidFile, InvalidValue
from backpost.envs.common.files import write_atomically
from backpost.envs.common.reading import read_record
from backpost.training.realism.measure import Figure

from .figures import Bands, Measured, Values


class Band(Record, frozen=True):
    """The band of a published figure.

    Raises:
        InvalidValue: if it has no width.
    """

    id: str
    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise InvalidValue("the low end of a band must be below the high one")


class Point(Record, frozen=True):
    """The figures of one point in the order of the bands; None where one is undefined."""

    values: list[float | None]
    errors: list[float | None]
    events: list[Annotated[int, Meta(ge=0, le=2**53)]]


class Content(Record, frozen=True):
    """The content of the file: the centre of the round, and the points measured so far, the centre first.

    Raises:
        InvalidValue: if a point does not have a value, an error and events for every band.
    """

    centre: dict[str, float]
    seconds: Annotated[float, Meta(ge=0)]
    bands: list[Band]
    points: list[Point]

    def __post_init__(self) -> None:
        if any({len(point.values), len(point.errors), len(point.events)} != {len(self.bands)} for point in self.points):
            raise InvalidValue("a point must have a value, an error and events for every band")


def read(path: Path) -> Content:
    """Read the file of a round.

    Raises:
        InvalidFile: if it cannot be read or is invalid.
    """
    return read_record(path, Content, "round")


class RoundFile:
    """The file of a round, opened to be gone on with.

    Args:
        path: where it is or will be.
        centre: the centre of the round.

    Raises:
        InvalidFile: if it is there and invalid, or of another centre.
    """

    def __init__(self, path: Path, centre: Values) -> None:
        self.path = path
        content = read(path) if path.exists() else Content(dict(centre), 0.0, [], [])
        if content.centre != centre:
            raise InvalidFile(f"{path} holds a round around another centre; name a new folder")
        self.centre = centre
        self.seconds = content.seconds
        self._bands, self._points = content.bands, content.points

    def __len__(self) -> int:
        return len(self._points)

    def add(self, figures: Sequence[Figure], seconds: float) -> None:
        """Add the figures of the next point, and the time they took; `write` keeps them.

        Raises:
            InvalidFile: if they are not the figures of the points before.
        """
        bands = [Band(figure.id, float(figure.low), float(figure.high)) for figure in figures]
        if self._points and bands != self._bands:
            raise InvalidFile(f"{self.path} holds other figures than are measured now; name a new folder")
        self._bands = bands
        self._points.append(
            Point(
                [plain(figure.value) for figure in figures],
                [plain(figure.se) for figure in figures],
                [int(figure.events) for figure in figures],
            )
        )
        self.seconds += seconds

    def write(self) -> None:
        """Write what has been added.

        Raises:
            InvalidFile: if it cannot be written.
        """
        content = Content(dict(self.centre), self.seconds, self._bands, self._points)
        write_atomically(self.path, json.dumps(msgspec.to_builtins(content), allow_nan=False) + "\n")

    def bands(self) -> Bands:
        """The bands of the figures."""
        low, high = (np.array([getattr(band, end) for band in self._bands]) for end in ("low", "high"))
        return Bands(tuple(band.id for band in self._bands), low, high)

    def measured(self) -> Measured:
        """What has been measured, (points, figures); the centre is the first point."""
        value, se, events = (
            np.array([getattr(point, name) for point in self._points], np.float64)  # None becomes nan
            for name in ("values", "errors", "events")
        )
        return Measured(value, se, events)


def plain(value: float) -> float | None:
    """A number as JSON can hold it."""
    return float(value) if math.isfinite(value) else None
