"""The file of one round, `round-1.json`: what is known so far, so that a stopped round goes on."""

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

from .content import Finishing
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
    """The content of the file: where the round began, its finishing stage, and the points measured so far.

    The first point is the centre that the finishing stage has found.

    Raises:
        InvalidValue: if the finishing stage is of other parameters or lacks although points have been measured, or if a
            point does not have a value, an error and events for every band.
    """

    start: dict[str, float]
    finishing: Finishing | None
    seconds: Annotated[float, Meta(ge=0)]
    bands: list[Band]
    points: list[Point]

    def __post_init__(self) -> None:
        if self.finishing is None and self.points:
            raise InvalidValue("a round measures points only after its finishing stage")
        if self.finishing is not None and self.finishing.centre.keys() != self.start.keys():
            raise InvalidValue("the finishing stage of a round must have a value for each parameter of its start")
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
        start: where the round begins.

    Raises:
        InvalidFile: if it is there and invalid, or of another start.
    """

    def __init__(self, path: Path, start: Values) -> None:
        self.path = path
        content = read(path) if path.exists() else Content(dict(start), None, 0.0, [], [])
        if content.start != start:
            raise InvalidFile(f"{path} holds a round with another start; name a new folder")
        self.start, self.finishing = content.start, content.finishing
        self.seconds = content.seconds
        self._bands, self._points = content.bands, content.points

    def __len__(self) -> int:
        return len(self._points)

    def begin(self, finishing: Finishing, seconds: float) -> None:
        """Keep what the finishing stage has found, and the time it took.

        Raises:
            InvalidFile: if it cannot be written.
        """
        self.finishing = finishing
        self.seconds += seconds
        self.write()

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
        content = Content(self.start, self.finishing, self.seconds, self._bands, self._points)
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
