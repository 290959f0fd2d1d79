"""The published figures of a set of parameter values: how they are played, and as arrays."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Self, get_args

import numpy as np
import numpy.typing as npt

from backpost.agents.base.play import play
from backpost.agents.ordinary import Ordinary
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.training.realism.cells import cells
from backpost.training.realism.events import events
from backpost.training.realism.measure import Figure, measure
from backpost.training.realism.published import published
from backpost.training.realism.realism import CHUNK, ENOUGH, SCENARIO

LABEL = "calibrate"

Table = Literal["rows", "cells"]
TABLES: tuple[Table, ...] = get_args(Table)
Array = npt.NDArray[np.float64]
Values = Mapping[str, float]
Block = tuple[int, int, int]
"""Stream, first episode and number of crosses; the label is "calibrate"."""
Measure = Callable[[Values, Block], Sequence[Figure]]
"""(parameters that differ from their defaults, the crosses to play) -> the figures; must be picklable."""


def play_figures(values: Values, block: Block) -> list[Figure]:
    """Every published row and cell from the crosses of a block, with the ordinary runner and expected goals."""
    options = Options(parameters=values)
    seeds = episode_seeds(LABEL, *block)
    chunks = np.array_split(seeds, math.ceil(len(seeds) / CHUNK))
    return measure(np.concatenate([events(play(Ordinary(), SCENARIO, chunk, options)) for chunk in chunks]))


@dataclass(frozen=True)
class Kind:
    """What kind of figure one is: in which table, and there its stage or statistic."""

    table: Table
    name: str


def kinds() -> dict[str, Kind]:
    """The kind of every published row and cell, by id."""
    return {
        **{row.id: Kind("rows", row.stage) for row in published()},
        **{cell.id: Kind("cells", cell.statistic) for cell in cells()},
    }


@dataclass(frozen=True)
class Bands:
    """The bands of n figures.

    Attributes:
        ids: their ids.
        low, high: the ends of the bands, (n,).
    """

    ids: tuple[str, ...]
    low: Array
    high: Array

    @classmethod
    def of(cls, figures: Sequence[Figure]) -> Self:
        """The bands of these figures."""
        low, high = (np.array([getattr(figure, end) for figure in figures], np.float64) for end in ("low", "high"))
        return cls(tuple(figure.id for figure in figures), low, high)

    @property
    def half(self) -> Array:
        """Half widths, (n,): the unit of distances."""
        return (self.high - self.low) / 2.0

    def distance(self, value: Array) -> Array:
        """Signed distances of values (..., n) from the middles of their bands in half widths; beyond 1 is outside."""
        return (value - (self.low + self.high) / 2.0) / self.half


@dataclass(frozen=True)
class Measured:
    """Figures as arrays: values and standard errors (nan if undefined) and events, each (..., n)."""

    value: Array
    se: Array
    events: Array

    @classmethod
    def of(cls, figures: Sequence[Figure]) -> Self:
        """The values of these figures."""
        names = ("value", "se", "events")
        return cls(*(np.array([getattr(figure, name) for figure in figures], np.float64) for name in names))

    def row(self, which: int | slice) -> Self:
        """Some of several measurements (points, n)."""
        return type(self)(self.value[which], self.se[which], self.events[which])

    @property
    def counts(self) -> npt.NDArray[np.bool_]:
        """Which figures are defined and have enough events to say something."""
        return np.isfinite(self.value) & np.isfinite(self.se) & (self.events >= ENOUGH)
