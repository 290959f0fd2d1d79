"""Realism: simulated crosses of whole matches compared with published numbers for real ones.

All attackers follow ordinary scripted behaviour; the runner follows one of the tuned coaching rules per cross. A row
or a cell is in band if its value lies in the published band; rows that are a parameter of the world are printed but not
counted.
"""

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from backpost.agents.base.play import Progress, play
from backpost.agents.ordinary import Ordinary
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.training.bench.cores import cores, on_cores
from backpost.training.bench.result_file import Result

from .cells import KINDS, Cell, cells, measured_cells
from .events import SCENARIOS, Events, events, write_events
from .published import Row, measured_rows, published
from .sample import Measured, Sample
from .target import Target

SCENARIO = "Match"
"""The mixture of all match scenarios at real frequencies."""
LABEL = "verify"
"""Label of seeds to which nothing was ever fitted."""
CHUNK = 5000
"""Most crosses that a thread plays before it drops their records, 13 kB each; no result depends on it."""

ENOUGH = 50
"""Fewest events for judging a number. None is judged if its interval touches its band and is wider than it."""
ASKED = {
    "flight": 1.0,
    "first contact": 9 / 10,
    "finish": 6 / 7,
    "movement": 4 / 5,
    "whole attack": 2 / 3,
    "numbers and volleys": 1.0,
}
"""The stages of an attack, and the share of their rows that should be in band."""
ASKED_OF_A_KIND = 2 / 3
"""The share of the cells of each kind that should be in band."""
ASKED_OF_ALL = {"rows": 42 / 46, "cells": 0.85}
"""The share of all rows and of all cells that should be in band."""
CREDITS = """\
input: its value is a parameter, so it is not counted. too few: no verdict at this number of crosses.
Sources (published.csv and cells.csv name them line by line): Pappalardo et al., "A public data set of spatio-temporal
match events in soccer competitions", Sci Data 6, 236 (2019), CC BY 4.0 (the Wyscout rows and cells); StatsBomb open
data; Metrica sample data; FIFA Training Centre; Last Row; Mitrotasios et al. 2022; Kwiatkowski 2014; Jordet et al.
2020."""


IN_BAND, OUTSIDE, TOO_FEW, INPUT = "in band", "outside", "too few", "input"
"""The verdicts on a row."""


@dataclass(frozen=True)
class Judged:
    """The simulator's value of a published number.

    Attributes:
        value: the simulator's value; None if it is undefined.
        interval: 95 % interval of that value; None without one.
        count: number of events behind it.
        verdict: one of `IN_BAND`, `OUTSIDE`, `TOO_FEW` and `INPUT`.
    """

    value: float | None
    interval: tuple[float, float] | None
    count: int
    verdict: str


@dataclass(frozen=True)
class JudgedRow(Judged, Row):
    """A published row and the simulator's value."""


@dataclass(frozen=True)
class JudgedCell(Judged, Cell):
    """A published cell and the simulator's value."""


@dataclass(frozen=True)
class Counts:
    """Number of rows or cells with each verdict, number that count, and number that should be in band."""

    in_band: int
    outside: int
    too_few: int
    counted: int
    asked: int


@dataclass(frozen=True)
class Realism(Result):
    """The result of `realism`.

    Attributes:
        environment: the mixture that was played.
        label: label of the crosses.
        first_seed: number of the first seed.
        crosses: number of crosses that were struck.
        scenarios: number of these by scenario.
        level: confidence level of the intervals.
        rows: every published row.
        stages: their verdicts by stage of the attack.
        cells: every published cell.
        kinds: their verdicts by statistic.
        totals: the verdicts on all rows and on all cells.
    """

    command: ClassVar[str] = "realism"

    environment: str
    label: str
    first_seed: int
    crosses: int
    scenarios: dict[str, int]
    level: float
    rows: tuple[JudgedRow, ...]
    stages: dict[str, Counts]
    cells: tuple[JudgedCell, ...]
    kinds: dict[str, Counts]
    totals: dict[str, Counts]


def realism(
    crosses: int = 200_000,
    first_seed: int = 0,
    *,
    events_path: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Realism:
    """Play crosses, write the outcome of each to `events_path` (CSV) if given, and judge every row and cell.

    Raises:
        InvalidFile: if the file cannot be written.
    """
    table = play_events(SCENARIO, episode_seeds(LABEL, 0, first_seed, crosses), progress=progress)
    if events_path is not None:
        write_events(events_path, table)
    return judge(table, first_seed)


def play_events(
    scenario: str, seeds: npt.NDArray[np.uint64], options: Options | None = None, progress: Progress | None = None
) -> Events:
    """Events of the crosses with these seeds (n,), played by the ordinary runner; without those never struck.

    Raises:
        UnknownName: for an unknown scenario.
    """

    def work(chunk: npt.NDArray[np.uint64]) -> Events:
        return events(play(Ordinary(), scenario, chunk, options, progress=progress))

    chunks = np.array_split(seeds, max(cores(), math.ceil(len(seeds) / CHUNK)))
    return np.concatenate(on_cores(work, chunks))


def judge(table: Events, first_seed: int = 0) -> Realism:
    """Compare events (n,) with every published row and cell, and count for each stage and kind those in band.

    Expected goals are used in place of goals: the same mean by construction, with a fraction of the noise.
    """
    sample = Sample(table, expected=True)
    at_rows, at_cells = measured_rows(sample), measured_cells(sample)
    judged_rows = tuple(JudgedRow(**vars(row), **judgement(row, at_rows[row.id], row.input)) for row in published())
    judged_cells = tuple(JudgedCell(**vars(cell), **judgement(cell, at_cells[cell.id])) for cell in cells())
    by_stage = {name: [row for row in judged_rows if row.stage == name] for name in ASKED}
    by_kind = {name: [cell for cell in judged_cells if cell.statistic == name] for name in KINDS}
    return Realism(
        environment=SCENARIO,
        label=LABEL,
        first_seed=first_seed,
        crosses=len(table),
        scenarios={name: int(np.sum(table["scenario"] == k)) for k, name in enumerate(SCENARIOS)},
        level=0.95,
        rows=judged_rows,
        stages={name: _counts(some, ASKED[name]) for name, some in by_stage.items()},
        cells=judged_cells,
        kinds={name: _counts(some, ASKED_OF_A_KIND) for name, some in by_kind.items()},
        totals={
            "rows": _counts(judged_rows, ASKED_OF_ALL["rows"]),
            "cells": _counts(judged_cells, ASKED_OF_ALL["cells"]),
        },
    )


def verdict(published_number: Target, here: Measured) -> str:
    """Whether a row or cell is in its band, if there are enough events to tell."""
    band = published_number
    apart = here.low > band.high or here.high < band.low
    # A missing interval (nan) does not count as narrow.
    narrow = here.high - here.low <= band.high - band.low
    if here.count < ENOUGH or not (apart or narrow):
        return TOO_FEW
    return IN_BAND if band.low <= here.value <= band.high else OUTSIDE


def table(result: Realism) -> str:
    """The table as text."""
    mix = ", ".join(f"{count} {name}" for name, count in result.scenarios.items() if count)
    lines = [
        f"{result.environment}: {result.crosses} crosses of ordinary scripted play, goals as xG ({mix})",
        f"  {'statistic':<66}{'here':>8} {'95 % interval':^17}{'real':>8} {'band':^15} {'verdict':<8}{'events':>8}",
    ]
    for stage, counts in result.stages.items():
        lines.append(_share(stage, counts))
        lines += [_line(row.definition, row) for row in result.rows if row.stage == stage]
    lines += [_share("all rows", result.totals["rows"]), "", "Cells by statistic"]
    for kind, counts in result.kinds.items():
        lines.append(_share(kind, counts))
        lines += [_line(_where(cell), cell) for cell in result.cells if cell.statistic == kind]
    return "\n".join([*lines, _share("all cells", result.totals["cells"]), CREDITS])


def judgement(number: Target, here: Measured, is_input: bool = False) -> dict[str, Any]:
    """The fields of `Judged` for one published number and its value here."""
    return {
        "value": here.value if math.isfinite(here.value) else None,
        "interval": (here.low, here.high) if math.isfinite(here.low) else None,
        "count": here.count,
        "verdict": INPUT if is_input else verdict(number, here),
    }


def _counts(judged: Sequence[Judged], asked: float) -> Counts:
    verdicts = [number.verdict for number in judged if number.verdict != INPUT]
    return Counts(
        in_band=verdicts.count(IN_BAND),
        outside=verdicts.count(OUTSIDE),
        too_few=verdicts.count(TOO_FEW),
        counted=len(verdicts),
        asked=math.ceil(asked * len(verdicts) - 1e-9),
    )


def _share(name: str, counts: Counts) -> str:
    share = counts.in_band / counts.counted
    few = f", too few events: {counts.too_few}" if counts.too_few else ""
    return f"{name}: {counts.in_band} of {counts.counted} in band ({share:.0%}; asked: {counts.asked}{few})"


def _where(cell: Cell) -> str:
    """The place of a cell in words."""
    depth = f"{cell.depth} m from goal" if cell.depth else ""
    gap = f"opponent at {cell.gap} m" if cell.gap else ""
    return ", ".join(word for word in (cell.subset.replace("_", " "), cell.zone, depth, gap) if word)


def _line(what: str, row: JudgedRow | JudgedCell) -> str:
    here = "-" if row.value is None else _number(row.value)
    interval = "" if row.interval is None else "{} .. {}".format(*map(_number, row.interval))
    band = f"{row.low:g} .. {row.high:g}"
    short = shorten(what, 66, placeholder=" ...")
    return f"  {short:<66}{here:>8} {interval:^17}{row.target:>8g} {band:^15} {row.verdict:<8}{row.count:>8}"


def _number(value: float) -> str:
    return f"{value:.4f}" if abs(value) < 0.1 else f"{value:.3f}" if abs(value) < 10 else f"{value:.2f}"
