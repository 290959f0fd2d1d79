"""The single definition of every metric reported about a cross.

Tables, captions, figures and pages use these metrics and do not recompute them. All arguments are records of finished
crosses, but for those of `tell_so_far`.
"""

import math
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from backpost.envs.world.compile import entry, kernel
from backpost.envs.world.geometry import length
from backpost.envs.world.pitch import BOX_DEPTH, BOX_HALF_WIDTH, GOAL_HALF_WIDTH, HALF_LENGTH
from backpost.envs.world.record import (
    DECISION_TIME,
    FATES,
    GOAL,
    NEVER,
    NOBODY,
    OUTCOMES,
    OVER,
    RUNNER,
    TECHNIQUES,
    TRACK_LENGTH,
)

RUN_SPEED = 2.0
"""Speed towards the meeting point, m/s, from which the runner counts as being on a run."""

RUN_WINDOW = 3
"""Decisions over which this speed is measured; also the longest interruption of a run."""
RUN_LENGTH = 1.5
"""Minimum distance, m, that a run gains towards the meeting point."""

ZONES = ("near", "central", "far", "outside")
WORDS = {"outcome": OUTCOMES, "technique": TECHNIQUES, "zone": ZONES}
"""Metrics that are indices, and the words they index."""

SHOT_OUTCOMES = ("goal", "saved", "blocked", "wide", "woodwork")
"""How a shot ends, in the words of match data."""
_OF_FATE = {
    "goal": "goal",
    "held": "saved",
    "parried": "saved",
    "blocked": "blocked",
    "wide": "wide",
    "woodwork": "woodwork",
    "mishit": "wide",  # match data count a sliced attempt as off target
}


class Metric(NamedTuple):
    """One reported metric of a cross: name, NumPy type, unit and meaning."""

    name: str
    kind: str
    unit: str
    meaning: str


METRICS = (
    Metric("seed", "u8", "-", "seed of the episode"),
    Metric("xg", "f8", "goals", "the team's expected goals"),
    Metric("own_xg", "f8", "goals", "expected goals from the runner's own contacts"),
    Metric("goal", "i8", "-", "1 if the team scores"),
    Metric("outcome", "i8", "-", "how the cross ended, an index into `record.OUTCOMES`"),
    Metric("meets", "i8", "-", "1 if the runner touches the ball"),
    Metric("shoots", "i8", "-", "1 if the runner shoots"),
    Metric("first_time", "i8", "-", "1 if the runner shoots with his first touch"),
    Metric("technique", "i8", "-", "technique of the runner's first touch, an index into `record.TECHNIQUES`"),
    Metric("start", "f8", "s", "start of the run, relative to the strike; nan without a run"),
    Metric(
        "arrival", "f8", "s", "when the runner meets the ball or it passes him, relative to the strike; nan if neither"
    ),
    Metric("place_x", "f8", "m", "x where the runner meets the ball or it passes him; nan if neither"),
    Metric("place_y", "f8", "m", "y where the runner meets the ball or it passes him; nan if neither"),
    Metric("start_x", "f8", "m", "x where the run starts; nan without a run"),
    Metric("start_y", "f8", "m", "y where the run starts; nan without a run"),
    Metric("zone", "i8", "-", "zone of (place_x, place_y), an index into `ZONES`"),
    Metric("height", "f8", "m", "height of the ball when the runner meets it; nan if he does not"),
    Metric("speed", "f8", "m/s", "the runner's speed when he meets the ball; nan if he does not"),
    Metric("separation", "f8", "m", "distance to the nearest outfield opponent at the meeting; nan without one"),
    Metric(
        "body_angle",
        "f8",
        "rad",
        "angle between the runner's facing and the goal at the meeting; nan if he does not meet the ball",
    ),
    Metric("unseen", "f8", "-", "share of the run that the marker cannot see; nan without a run"),
    Metric("belief_error", "f8", "m", "distance at the strike from where the marker believes the runner to be"),
    Metric("offside", "i8", "-", "1 if the cross ends with the runner flagged offside"),
)

metrics_type = np.dtype([(metric.name, metric.kind) for metric in METRICS])
record_type = np.dtype((np.record, metrics_type))
"""The same, for kernels: plain Python needs fields that are attributes."""


def strike_time(worlds: np.recarray) -> npt.NDArray[np.float64]:
    """Time of the strike, s from the start of the episode; shape (n,)."""
    return np.asarray(worlds.delivery.struck_at)


def goal_side(y: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Side of the goal on which positions lie, seen from the crosser: 0 near, 1 middle (between the posts), 2 far.

    This is the meaning of "middle" in all tables and texts.
    """
    across = np.asarray(y)
    return np.where(across < -GOAL_HALF_WIDTH, 0, np.where(across > GOAL_HALF_WIDTH, 2, 1))


def zone(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Zone index of positions, seen from the crosser: near, central (between the posts), far, or outside the box."""
    inside = (x > HALF_LENGTH - BOX_DEPTH) & (np.abs(y) < BOX_HALF_WIDTH)
    return np.where(inside, goal_side(y), ZONES.index("outside"))


def shot_outcome(fates: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """How shots with these fates end: indices into `SHOT_OUTCOMES`, -1 without a shot; any shape."""
    indices = np.array([SHOT_OUTCOMES.index(_OF_FATE[fate]) if fate in _OF_FATE else -1 for fate in FATES])
    return np.asarray(indices[np.asarray(fates)])


def metrics(worlds: np.recarray) -> npt.NDArray[np.void]:
    """Metrics of finished crosses; shape (n,), dtype `metrics_type`, times in seconds from the strike."""
    worlds = np.atleast_1d(worlds).view(np.recarray)
    table = np.zeros(len(worlds), metrics_type)
    met = worlds.meeting.by != NOBODY
    struck = strike_time(worlds)
    records = np.ascontiguousarray(worlds).view(np.ndarray)
    tell_so_far(records, table.view(record_type))
    table["belief_error"] = worlds.belief_error
    passed = worlds.pass_time > 0.0
    table["arrival"] = np.where(met, worlds.meeting.time, np.where(passed, worlds.pass_time, math.nan)) - struck
    table["place_x"] = np.where(met, worlds.meeting.x, np.where(passed, worlds.pass_x, math.nan))
    table["place_y"] = np.where(met, worlds.meeting.y, np.where(passed, worlds.pass_y, math.nan))
    table["zone"] = zone(table["place_x"], table["place_y"])
    for name, note in (("height", "z"), ("speed", "speed"), ("separation", "gap"), ("body_angle", "body_angle")):
        table[name] = np.where(met, worlds.meeting[note], math.nan)
    table["separation"][table["separation"] >= NEVER] = math.nan
    with np.errstate(invalid="ignore", divide="ignore"):
        table["unseen"] = np.where(worlds.run_time > 0.0, worlds.unseen_time / worlds.run_time, math.nan)
    rows = np.arange(len(worlds))
    first = np.full(len(worlds), -1)
    until = np.where(met | passed, table["arrival"] + struck, 0.0)
    find_runs(records, table["place_x"].copy(), table["place_y"].copy(), until, first)
    runs = first >= 0
    table["start"] = np.where(runs, first * DECISION_TIME - struck, math.nan)
    table["start_x"] = np.where(runs, worlds.track[rows, np.maximum(first, 0), 0], math.nan)
    table["start_y"] = np.where(runs, worlds.track[rows, np.maximum(first, 0), 1], math.nan)
    return table


@entry
def tell_so_far(worlds: Any, table: Any) -> int:
    """Write into `table` (n,) what has happened in n crosses, finished or not; returns how many are finished."""
    finished = 0
    for i in range(len(worlds)):
        world, row = worlds[i], table[i]
        met = world.meeting.by != NOBODY
        row.seed, row.xg, row.own_xg, row.outcome = world.seed, world.xg, world.own_xg, world.outcome
        row.goal = world.outcome == GOAL
        row.meets = met
        row.technique = world.meeting.technique if met else 0
        row.shoots = world.own_shots > 0
        row.first_time = met and world.meeting.xg > 0.0
        row.offside = world.offender == RUNNER
        finished += world.phase == OVER
    return finished


@entry
def find_runs(worlds: Any, x: Any, y: Any, until: Any, first: Any) -> None:
    """Write into `first` (n,) the decision at which each runner's run to (x, y) starts; -1 if there is none."""
    for i in range(len(worlds)):
        first[i] = run_start(worlds[i].track, x[i], y[i], until[i])


@kernel
def run_start(track: Any, x: float, y: float, until: float) -> int:
    """First decision of the run to (x, y), -1 if there is none; `until` in s from the start of the episode.

    A run is an interval, before the ball is met or passes, in which the runner approaches that point at 2 m/s or more
    (over .3 s; interruptions up to .3 s do not end it) and by at least 1.5 m. If there are several, the one that gains
    the most distance counts.
    """
    last = int(min(max(until / DECISION_TIME, 0.0), TRACK_LENGTH - 1.0)) if until >= 0.0 else 0
    start, best, ran, longest = -1, -1, -TRACK_LENGTH, RUN_LENGTH
    for n in range(last - RUN_WINDOW + 1):
        there = distance_to(track[n + RUN_WINDOW], x, y)
        if distance_to(track[n], x, y) - there < RUN_SPEED * RUN_WINDOW * DECISION_TIME:
            continue
        if n - ran > RUN_WINDOW:
            start = n
        ran = n
        closed = distance_to(track[start], x, y) - there
        if closed >= longest:
            best, longest = start, closed
    return best


@kernel
def distance_to(place: Any, x: float, y: float) -> float:
    """Distance in metres from a position (2,) to (x, y)."""
    metres: float = length(place[0] - x, place[1] - y)
    return metres
