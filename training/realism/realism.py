"""Realism: simulated crosses of whole matches compared with published numbers for real ones.

All attackers follow ordinary scripted behaviour; the runner follows one of the tuned coaching rules per cross. A row
is in band if its value lies in the published band; rows that are a parameter of the world are printed but not counted.
"""

import math
import os
from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from backpost.agents.base.play import Progress, play
from backpost.agents.ordinary import Ordinary
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.training.bench.cores import cores, on_cores
from backpost.training.bench.result_file import Result

from .events import SCENARIOS, Events, events, write_events
from .published import Row, published, rows
from .sample import Measured

SCENARIO = "Match"
"""The mixture of all match scenarios at real frequencies."""
LABEL = "verify"
"""Label of seeds to which nothing was ever fitted."""
CHUNK = 5000
"""Most crosses that a thread plays before it drops their records, 13 kB each; no result depends on it."""

ENOUGH = 50
"""Fewest events for judging a row. A row is also not judged if its interval touches its band and is wider than it."""
ASKED = {"flight": 1.0, "first contact": 9 / 10, "finish": 6 / 7, "movement": 4 / 5, "whole attack": 2 / 3}
"""The stages in order of calibration, and the share of their rows that should be in band."""
CREDITS = """\
input: its value is a parameter, so it is not counted. too few: no verdict at this number of crosses.
Sources (published.csv names them row by row): Pappalardo et al., "A public data set of spatio-temporal match events in
soccer competitions", Sci Data 6, 236 (2019), CC BY 4.0 (the Wyscout rows); StatsBomb open data; Metrica sample data;
FIFA Training Centre; Last Row; Mitrotasios et al. 2022; Kwiatkowski 2014; Jordet et al. 2020."""


IN_BAND, OUTSIDE, TOO_FEW, INPUT = "in band", "outside", "too few", "input"
"""The verdicts on a row."""


@dataclass(frozen=True)
class JudgedRow(Row):
    """A published row and the simulator's value.

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
class StageCounts:
    """Number of rows of a stage with each verdict, number that count, and number that should be in band."""

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
        stages: the verdicts by stage of the calibration.
    """

    command: ClassVar[str] = "realism"

    environment: str
    label: str
    first_seed: int
    crosses: int
    scenarios: dict[str, int]
    level: float
    rows: tuple[JudgedRow, ...]
    stages: dict[str, StageCounts]


def realism(
    crosses: int = 200_000,
    first_seed: int = 0,
    *,
    events_path: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Realism:
    """Play crosses, write the outcome of each to `events_path` (CSV) if given, and judge every published row.

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
    """Compare events (n,) with every published row, and count for each stage the rows in band.

    Expected goals are used in place of goals: the same mean by construction, with a fraction of the noise.
    """
    measured = rows(table, expected=True)
    judged = tuple(_row(row, measured[row.id]) for row in published())
    return Realism(
        environment=SCENARIO,
        label=LABEL,
        first_seed=first_seed,
        crosses=len(table),
        scenarios={name: int(np.sum(table["scenario"] == k)) for k, name in enumerate(SCENARIOS)},
        level=0.95,
        rows=judged,
        stages={stage: _stage(judged, stage) for stage in ASKED},
    )


def verdict(row: Row, here: Measured) -> str:
    """Whether a row is in its band, if there are enough events to tell."""
    if row.input:
        return INPUT
    apart = here.low > row.high or here.high < row.low
    # A missing interval (nan) does not count as narrow.
    narrow = here.high - here.low <= row.high - row.low
    if here.count < ENOUGH or not (apart or narrow):
        return TOO_FEW
    return IN_BAND if row.low <= here.value <= row.high else OUTSIDE


def table(result: Realism) -> str:
    """The table as text."""
    mix = ", ".join(f"{count} {name}" for name, count in result.scenarios.items() if count)
    lines = [
        f"{result.environment}: {result.crosses} crosses of ordinary scripted play, goals as xG ({mix})",
        f"  {'statistic':<66}{'here':>8} {'95 % interval':^17}{'real':>8} {'band':^15} {'verdict':<8}{'events':>8}",
    ]
    for stage, counts in result.stages.items():
        lines.append(f"{stage}: {counts.in_band} of {counts.counted} in band (asked: {counts.asked})")
        lines += [_line(row) for row in result.rows if row.stage == stage]
    return "\n".join([*lines, CREDITS])


def _row(row: Row, here: Measured) -> JudgedRow:
    return JudgedRow(
        **vars(row),
        value=here.value if math.isfinite(here.value) else None,
        interval=(here.low, here.high) if math.isfinite(here.low) else None,
        count=here.count,
        verdict=verdict(row, here),
    )


def _stage(judged: Sequence[JudgedRow], stage: str) -> StageCounts:
    verdicts = [row.verdict for row in judged if row.stage == stage and not row.input]
    return StageCounts(
        in_band=verdicts.count(IN_BAND),
        outside=verdicts.count(OUTSIDE),
        too_few=verdicts.count(TOO_FEW),
        counted=len(verdicts),
        asked=math.ceil(ASKED[stage] * len(verdicts) - 1e-9),
    )


def _line(row: JudgedRow) -> str:
    here = "-" if row.value is None else _number(row.value)
    interval = "" if row.interval is None else "{} .. {}".format(*map(_number, row.interval))
    band = f"{row.low:g} .. {row.high:g}"
    what = shorten(row.definition, 66, placeholder=" ...")
    return f"  {what:<66}{here:>8} {interval:^17}{row.target:>8g} {band:^15} {row.verdict:<8}{row.count:>8}"


def _number(value: float) -> str:
    return f"{value:.4f}" if abs(value) < 0.1 else f"{value:.3f}" if abs(value) < 10 else f"{value:.2f}"
