"""When and where an agent runs: what a coach would count, for each agent on the same crosses."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import InvalidValue
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.training.bench.runs import DELIVERIES, RUNS, Floats, Runs, mean
from backpost.training.bench.statistics import Interval, Quartiles, quartiles

MOMENTS = {"start": "run starts", "strike": "cross is struck", "end": "ball is there"}
"""Moments at which the runner's place is noted."""
WIDE, DEEP = 24, 24
"""m beside the goal's centre and from the goal line that a map of places covers, in cells of a metre."""

Counts = tuple[tuple[int, ...], ...]
"""Runs by square metre, (DEEP, 2 * WIDE): rows from the goal line, columns from the far side."""


@dataclass(frozen=True)
class Worth:
    """What some crosses came to, per 100 of them: gets to the ball, shoots, scores, and expected goals."""

    meets: float
    shoots: float
    goals: float
    xg: float


@dataclass(frozen=True)
class DeliverySummary(Worth):
    """The crosses with one kind of delivery.

    Attributes:
        share: of 100 crosses.
        height: of the ball as the runner meets it, m; None if he meets none.
        separation: of the nearest opponent then, m.
        runs: of 100 runs, how many lead where, by `RUNS`.
    """

    share: float
    height: float | None
    separation: float | None
    runs: dict[str, float]


@dataclass(frozen=True)
class Place:
    """A place at one moment: m from the goal line, and m to the far side of the middle."""

    depth: Quartiles
    width: Quartiles


@dataclass(frozen=True)
class RunSummary(Worth):
    """An agent's runs; times are seconds from the strike.

    Attributes:
        own_xg: of the runner's own shots, per 100 crosses.
        offside: of 100 crosses.
        start: of the run.
        arrival: when he meets the ball, or it passes him.
        waited: s that he stood where he meets the ball before it came.
        height: of the ball as he meets it, m, on average; None if he meets none.
        separation: of the nearest opponent then, m, on average.
        speed: of the runner then, m/s, on average.
        degrees_from_goal: between the way he faces and the goal then, on average.
        places: by `MOMENTS`.
        runs: of 100 runs, how many lead where, by `RUNS`.
        by_delivery: the crosses of each kind of delivery that there were.
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
    """The other rules, on so many of the crosses."""

    crosses: int
    runs: dict[str, RunSummary]


@dataclass(frozen=True)
class Where:
    """When and where the agent runs, beside the best rule and the others.

    Attributes:
        runs: the agent's and the best rule's.
        others: the other rules'.
        maps: the agent's and the best rule's places by `MOMENTS`.
        gain: xG per 100 crosses that the agent has more than the best rule.
    """

    runs: dict[str, RunSummary]
    others: Others
    maps: dict[str, dict[str, Counts]]
    gain: Interval


def where(of: Runs) -> RunSummary:
    """What runs (n,) have in common."""
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
    """Per 100 crosses: gets to the ball, shoots, scores, and expected goals."""
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
