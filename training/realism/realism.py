"""Realism: simulated crosses of whole matches held against published numbers of real ones.

All attackers run by ordinary scripted behaviour, the runner by one of the tuned coaching rules in each cross. A row is
in band when its value lies in the published band; rows that are a parameter of the world are printed and not counted.
"""

import math
import os
from dataclasses import asdict
from textwrap import shorten
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.agents.base.play import Progress, play
from backpost.agents.ordinary import Ordinary
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.training.bench.cores import cores, on_cores

from .events import SCENARIOS, Events, events, write_events
from .published import Row, published, rows
from .sample import Measured

SCENARIO = "Match"
"""The mixture of all match scenarios at real frequencies."""
LABEL = "verify"
"""Seeds that nothing was ever fitted to."""
CHUNK = 5000
"""Most crosses that one thread plays before it forgets their records, 13 kB each; no number depends on it."""

ENOUGH = 50
"""Events below which a row is not judged; nor is it while its interval is wider than the band that it touches."""
ASKED = {"flight": 1.0, "first contact": 9 / 10, "finish": 6 / 7, "movement": 4 / 5, "whole attack": 2 / 3}
"""The stages in the order of calibration, and the share of their rows that should be in band."""
CREDITS = """\
input: its value is a parameter, so it is not counted. too few: no verdict at this number of crosses.
Sources (published.csv names them row by row): Pappalardo et al., "A public data set of spatio-temporal match events in
soccer competitions", Sci Data 6, 236 (2019), CC BY 4.0 (the Wyscout rows); StatsBomb open data; Metrica sample data;
FIFA Training Centre; Last Row; Mitrotasios et al. 2022; Kwiatkowski 2014; Jordet et al. 2020."""


def realism(
    crosses: int = 200_000,
    first_seed: int = 0,
    *,
    events_path: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Play crosses, write what became of each to `events_path` (CSV) if given, and return the table for JSON.

    Raises:
        InvalidFile: if the file cannot be written.
    """
    table = play_events(SCENARIO, episode_seeds(LABEL, 0, first_seed, crosses), progress=progress)
    if events_path is not None:
        write_events(events_path, table)
    return {"environment": SCENARIO, "label": LABEL, "first_seed": first_seed, **judge(table)}


def play_events(
    scenario: str, seeds: npt.NDArray[np.uint64], options: Options | None = None, progress: Progress | None = None
) -> Events:
    """What becomes of the crosses with these seeds (n,) when the ordinary runner plays them; never-struck ones lack.

    Raises:
        UnknownName: for an unknown scenario.
    """

    def work(chunk: npt.NDArray[np.uint64]) -> Events:
        return events(play(Ordinary(), scenario, chunk, options, progress=progress))

    chunks = np.array_split(seeds, max(cores(), math.ceil(len(seeds) / CHUNK)))
    return np.concatenate(on_cores(work, chunks))


def judge(table: Events) -> dict[str, Any]:
    """Events (n,) against every published row: rows, and for each stage how many of those that count are in band.

    Goals count as their expectation: the same mean by construction, with a fraction of the luck.
    """
    measured = rows(table, expected=True)
    judged = [_row(row, measured[row.id]) for row in published()]
    return {
        "crosses": len(table),
        "scenarios": {name: int(np.sum(table["scenario"] == k)) for k, name in enumerate(SCENARIOS)},
        "level": 0.95,
        "rows": judged,
        "stages": {stage: _stage(judged, stage) for stage in ASKED},
    }


def verdict(row: Row, here: Measured) -> str:
    """Whether a row is in its band, if it can be told."""
    if row.input:
        return "input"
    apart = here.low > row.high or here.high < row.low
    # An interval that is missing (nan) is not narrow either.
    narrow = here.high - here.low <= row.high - row.low
    if here.count < ENOUGH or not (apart or narrow):
        return "too few"
    return "in band" if row.low <= here.value <= row.high else "outside"


def table(result: dict[str, Any]) -> str:
    """The table for people."""
    mix = ", ".join(f"{count} {name}" for name, count in result["scenarios"].items() if count)
    lines = [
        f"{result['environment']}: {result['crosses']} crosses of ordinary scripted play, goals as xG ({mix})",
        f"  {'statistic':<66}{'here':>8} {'95 % interval':^17}{'real':>8} {'band':^15} {'verdict':<8}{'events':>8}",
    ]
    for stage, counts in result["stages"].items():
        lines.append(f"{stage}: {counts['in_band']} of {counts['counted']} in band (asked: {counts['asked']})")
        lines += [_line(row) for row in result["rows"] if row["stage"] == stage]
    return "\n".join([*lines, CREDITS])


def _row(row: Row, here: Measured) -> dict[str, Any]:
    known = math.isfinite(here.value)
    bounded = math.isfinite(here.low)
    return {
        **asdict(row),
        "value": here.value if known else None,
        "interval": [here.low, here.high] if bounded else None,
        "count": here.count,
        "verdict": verdict(row, here),
    }


def _stage(judged: list[dict[str, Any]], stage: str) -> dict[str, int]:
    verdicts = [row["verdict"] for row in judged if row["stage"] == stage and not row["input"]]
    asked = math.ceil(ASKED[stage] * len(verdicts) - 1e-9)
    return {
        "in_band": verdicts.count("in band"),
        "outside": verdicts.count("outside"),
        "too_few": verdicts.count("too few"),
        "counted": len(verdicts),
        "asked": asked,
    }


def _line(row: dict[str, Any]) -> str:
    here = "-" if row["value"] is None else _number(row["value"])
    interval = "" if row["interval"] is None else "{} .. {}".format(*map(_number, row["interval"]))
    band = f"{row['low']:g} .. {row['high']:g}"
    what = shorten(row["definition"], 66, placeholder=" ...")
    return f"  {what:<66}{here:>8} {interval:^17}{row['target']:>8g} {band:^15} {row['verdict']:<8}{row['count']:>8}"


def _number(value: float) -> str:
    return f"{value:.4f}" if abs(value) < 0.1 else f"{value:.3f}" if abs(value) < 10 else f"{value:.2f}"
