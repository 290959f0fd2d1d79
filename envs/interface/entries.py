"""The numbers that observations are made of: physical quantities with a range and a scale."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from gymnasium import spaces

from backpost.envs.common.errors import UnknownName


@dataclass(frozen=True)
class Entry:
    """One number of the observation: physical value = observed value times `scale`; physical range `low`..`high`.

    The scale is about as far as the value usually goes, so that networks can read it; what is beyond the range is
    clipped.
    """

    name: str
    unit: str
    low: float
    high: float
    scale: float
    meaning: str


PITCH = 110.0
"""Farther than any two places on the pitch are apart along one axis, m."""


def vector(name: str, unit: str, reach: float, scale: float, meaning: str) -> list[Entry]:
    """A vector in two entries, `name_x` and `name_y`, each from -reach to reach."""
    return [Entry(f"{name}_{axis}", unit, -reach, reach, scale, f"{meaning}, {axis}") for axis in ("x", "y")]


def place(name: str, meaning: str, scale: float = 20.0) -> list[Entry]:
    """A place in m."""
    return vector(name, "m", PITCH, scale, meaning)


def velocity(name: str, meaning: str = "its velocity") -> list[Entry]:
    """The velocity of a player in m/s; its entries are `name_v_x` and `name_v_y`."""
    return vector(f"{name}_v", "m/s", 12.0, 6.0, meaning)


def flag(name: str, meaning: str) -> Entry:
    """0 or 1."""
    return Entry(name, "-", 0.0, 1.0, 1.0, meaning)


def seconds(name: str, meaning: str) -> Entry:
    """A time up to 3 s."""
    return Entry(name, "s", 0.0, 3.0, 1.5, meaning)


class Layout:
    """The entries of an observation, in order.

    Attributes:
        entries: the entries.
        size: their number.
        scales: the physical value of an observed 1, (size,).
        lows, highs: bounds of the physical values, (size,).
    """

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self.size = len(self.entries)
        self.scales = np.array([entry.scale for entry in self.entries])
        self.lows = np.array([entry.low for entry in self.entries])
        self.highs = np.array([entry.high for entry in self.entries])
        self._index = {entry.name: i for i, entry in enumerate(self.entries)}

    def index(self, name: str) -> int:
        """The index of an entry.

        Raises:
            UnknownName: if there is no such entry.
        """
        if name not in self._index:
            raise UnknownName("observation entry", name, self._index)
        return self._index[name]

    def read(self, observations: npt.NDArray[np.float32], name: str) -> npt.NDArray[np.float64]:
        """An entry in physical units; observations (..., size) give an array of shape (...).

        Raises:
            UnknownName: if there is no such entry.
        """
        i = self.index(name)
        values: npt.NDArray[np.float64] = observations[..., i].astype(np.float64) * self.scales[i]
        return values

    def space(self) -> "spaces.Box[np.float32]":
        """The space of one observation."""
        return spaces.Box((self.lows / self.scales).astype(np.float32), (self.highs / self.scales).astype(np.float32))

    def table(self) -> str:
        """The entries as a Markdown table, for the documentation."""
        lines = ["| index | name | unit | range | meaning |", "|---|---|---|---|---|"]
        for i, entry in enumerate(self.entries):
            lines.append(f"| {i} | `{entry.name}` | {entry.unit} | {entry.low:g} to {entry.high:g} | {entry.meaning} |")
        return "\n".join(lines)
