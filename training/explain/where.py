"""When and where an agent runs: what a coach would count, on the same crosses for every agent."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import InvalidValue
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.training.bench.runs import DELIVERIES, RUNS, Floats, Runs, mean
from backpost.training.bench.statistics import Interval, Quartiles, quartiles

MOMENTS = {"start": "run starts", "strike": "cross is struck", "end": "ball is there"}
"""Moments at which the runner's position is recorded."""
WIDE, DEEP = 24, 24
"""m to either side of the goal's centre, and from the goal line, that a map covers, in cells of one metre."""

Counts = tuple[tuple[int, ...], ...]
"""Runs by square metre, (DEEP, 2 * WIDE): rows from the goal line, columns from the far side."""


@dataclass(frozen=True)
class Worth:
    """Outcome of some crosses, per 100 of them: balls met, shots, goals and expected goals."""

    meets: float
    shoots: float
    goals: float
    xg: float


@dataclass(frozen=True)
class DeliverySummary(Worth):
    """The crosses with one kind of delivery.

    Attributes:
        share: number of these among 100 crosses.
        height: mean height of the ball as the runner meets it, m; None if none is met.
        separation: mean distance of the nearest opponent then, m.
        runs: number of each kind of run (`RUNS`) among 100 runs.
    """

    share: float
    height: float | None
    separation: float | None
    runs: dict[str, float]


@dataclass(frozen=True)
class Place:
    """A position at one moment: m from the goal line, and m from the middle towards the far side."""

    depth: Quartiles
    width: Quartiles


@dataclass(frozen=True)
class RunSummary(Worth):
    """An agent's runs; times are seconds from the strike.

    Attributes:
        own_xg: xG of the runner's own shots, per 100 crosses.
        offside: offsides per 100 crosses.
        start: start of the run.
        arrival: when the runner meets the ball, or it passes.
        waited: s that the runner waited where the ball is met before it came.
        height: mean height of the ball as the runner meets it, m; None if none is met.
        separation: mean distance of the nearest opponent then, m.
        speed: mean speed of the runner then, m/s.
        degrees_from_goal: mean angle between the runner's facing and the goal then.
        places: the runner's positions by `MOMENTS`.
        runs: number of each kind of run (`RUNS`) among 100 runs.
        by_delivery: the crosses by kind of delivery, where there were any.
    """

    own_xg: float
    offside: float
    start: Quartiles
    arrival: Quartiles
    waited: Quartiles
    height: float | None
    separation: float | None
    speed: float | None
    degrees_from_goal: float | None
    places: dict[str, Place]
    runs: dict[str, float]
    by_delivery: dict[str, DeliverySummary]

    def __post_init__(self) -> None:
        if set(self.places) != set(MOMENTS):
            raise InvalidValue(f"a runner has a place at {', '.join(MOMENTS)}, got {', '.join(self.places) or 'none'}")


@dataclass(frozen=True)
class Others:
    """The other rules, on the first `crosses` crosses."""

    crosses: int
    runs: dict[str, RunSummary]


@dataclass(frozen=True)
class Where:
    """When and where the agent runs, compared with the best rule and the others.

    Attributes:
        runs: runs of the agent and of the best rule.
        others: runs of the other rules.
        maps: positions of the agent and of the best rule by `MOMENTS`.
        gain: xG per 100 crosses that the agent gains over the best rule.
    """

    runs: dict[str, RunSummary]
    others: Others
    maps: dict[str, dict[str, Counts]]
    gain: Interval


def where(of: Runs) -> RunSummary:
    """Summary of runs (n,)."""
    by_delivery = {name: of[of["delivery"] == k] for k, name in enumerate(DELIVERIES)}
    return RunSummary(
        **_worth(of),
        own_xg=100.0 * float(of["own_xg"].mean()),
        offside=100.0 * float(of["offside"].mean()),
        start=quartiles(of["start"]),
        arrival=quartiles(of["arrival"]),
        waited=quartiles(of["waited"]),
        height=mean(of["height"]),
        separation=mean(of["separation"]),
        speed=mean(of["speed"]),
        degrees_from_goal=_degrees(of["body_angle"]),
        places={name: _place(of, name) for name in MOMENTS},
        runs=_shares(of["run"], RUNS),
        by_delivery={
            name: DeliverySummary(
                **_worth(those),
                share=100.0 * float((of["delivery"] == DELIVERIES.index(name)).mean()),
                height=mean(those["height"]),
                separation=mean(those["separation"]),
                runs=_shares(those["run"], RUNS),
            )
            for name, those in by_delivery.items()
            if len(those)
        },
    )


def maps(of: Runs) -> dict[str, Counts]:
    """Runs (n,) counted by square metre at each moment."""
    return {name: tuple(map(tuple, _counts(of, name).tolist())) for name in MOMENTS}


def _worth(of: Runs) -> dict[str, float]:
    """Per 100 crosses: balls met, shots, goals and expected goals."""
    goals = {"meets": "meets", "shoots": "shoots", "goals": "goal", "xg": "xg"}
    return {name: 100.0 * float(of[column].mean()) for name, column in goals.items()}


def _shares(of: npt.NDArray[np.int64], names: tuple[str, ...]) -> dict[str, float]:
    counts = np.bincount(of, minlength=len(names))
    return {name: 100.0 * float(count) / max(len(of), 1) for name, count in zip(names, counts, strict=True)}


def _place(of: Runs, moment: str) -> Place:
    return Place(quartiles(HALF_LENGTH - of[f"{moment}_x"]), quartiles(of[f"{moment}_y"]))


def _counts(of: Runs, moment: str) -> npt.NDArray[np.int64]:
    depth, width = HALF_LENGTH - of[f"{moment}_x"], of[f"{moment}_y"]
    finite = np.isfinite(depth) & np.isfinite(width)
    edges = (np.arange(DEEP + 1.0), np.arange(-WIDE, WIDE + 1.0))
    counts, _, _ = np.histogram2d(depth[finite], -width[finite], bins=edges)
    return np.asarray(counts, np.int64)


def _degrees(angles: Floats) -> float | None:
    angle = mean(angles)
    return None if angle is None else float(np.degrees(angle))
