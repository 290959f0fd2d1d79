"""From records to shapes: everything visible at one moment of a run, in metres, without colours or pixels.

Window, film and page draw the same shapes. Frame of reference: that of the record (attack towards +x, cross from
negative y).
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backpost.envs.world.parameters import parameters
from backpost.envs.world.record import ATTACKERS, DECISION_TIME, KEEPER, PLAYERS, RUNNER

from .interpolate import ball_path, player_at, state_at
from .moments import Moments, as_history, moments

Floats = npt.NDArray[np.float64]

HEAD_REACH = float(parameters().head_reach_height[0])
"""Height in metres up to which a jumping player can head the ball."""
PLAYER_HEIGHT = 1.85
"""Height of a player's bar in the strip, m."""
TRAIL_TIME = 1.0
"""Seconds of movement that a trail shows."""
SIGHT_HALF_ANGLE = float(np.arccos(parameters().gaze_cosine[0]))
SIGHT_LENGTH = 7.5
NEAR = 4.0
"""Distance from the runner, m, within which a ball passing him fits into the close-up."""
CONTACT_BEFORE, CONTACT_AFTER = 0.35, 0.8
"""Seconds around the contact in which the close-up is useful."""
SHIRTS = (7, 9, 10, 11, 8, 6, 4, 5, 2, 3, 12, 1, 3, 4, 5, 2, 6, 8, 7, 10, 11, 9)
"""Shirt numbers of players 0 to 21."""


@dataclass(frozen=True)
class Figure:
    """A player: `kind` is attack, defence, keeper, learner or rule; velocity in m/s; facing is a unit vector."""

    index: int
    kind: str
    number: int
    x: float
    y: float
    velocity: tuple[float, float]
    facing: tuple[float, float]


@dataclass(frozen=True)
class Trail:
    """A player's path over the last second: points (k, 2), oldest first."""

    kind: str
    points: Floats


@dataclass(frozen=True)
class Cone:
    """A defender's field of view: apex, direction (rad), half angle (rad), length (m).

    `number` is the defender's; `marks`: he is marking the runner; `sees`: the runner is in his view.
    """

    x: float
    y: float
    direction: float
    half_angle: float
    length: float
    number: int
    marks: bool
    sees: bool


@dataclass(frozen=True)
class Run:
    """A run: "learner" or "rule", the path so far (k, 2), the path to come (k, 2), the runner's current position."""

    kind: str
    done: Floats
    ahead: Floats
    now: tuple[float, float]


@dataclass(frozen=True)
class Gap:
    """The runner's nearest opponent: both positions, the distance in metres, the opponent's number."""

    runner: tuple[float, float]
    opponent: tuple[float, float]
    distance: float
    number: int


@dataclass(frozen=True)
class Scene:
    """Everything visible at one moment."""

    time: float
    when: Moments
    """The named moments of the whole run."""
    other: Moments | None
    """Those of the ghost run, if it has records."""
    figures: tuple[Figure, ...]
    trails: tuple[Trail, ...]
    cones: tuple[Cone, ...]
    ball: tuple[float, float, float]
    flight: Floats
    """Ball positions (k, 3) from the strike to the first touch."""
    rebound: Floats
    """Ball positions (k, 3) over the last second, after the first touch."""
    run: Run
    ghost: Run | None
    gap: Gap | None
    at_contact: bool

    @property
    def runner(self) -> Figure:
        """The player making the run."""
        return next(figure for figure in self.figures if figure.index == RUNNER)


def build_scene(
    history: np.recarray,
    time: float | None = None,
    *,
    kind: str = "learner",
    other: np.recarray | Floats | None = None,
    other_kind: str = "rule",
) -> Scene:
    """The shapes at one moment.

    Args:
        history: records of one cross stacked in time, shape (t,); what lies after `time` is drawn as still to come.
        time: seconds from the start of the episode; None means the last record.
        kind: how the runner is drawn, "learner" or "rule".
        other: another run on the same cross, shown as a ghost: records (t,), or the positions (frames, 2) of a recorded
            player, one per decision, from the start of the episode.
        other_kind: how the ghost is drawn.
    """
    history = as_history(history)
    time = float(history.time[-1]) if time is None else time
    when = moments(history)
    second = as_history(other) if other is not None and other.dtype.names is not None else None
    its = None if second is None else moments(second)
    state = state_at(history, time)[0]
    figures = _figures(state.players, kind)
    struck = when.struck if when.struck is not None else np.inf
    touched = when.first_touch if when.first_touch is not None else np.inf
    return Scene(
        time=float(state.time),
        when=when,
        other=its,
        figures=figures,
        trails=_trails(history, figures, float(state.time)),
        cones=sight(state),
        ball=(float(state.ball.x), float(state.ball.y), float(state.ball.z)),
        flight=ball_path(history, struck, min(time, touched)),
        rebound=ball_path(history, max(touched, time - TRAIL_TIME), time),
        run=_run(history, when, time, kind),
        ghost=_recorded(other, time, other_kind) if second is None else _ghost(second, when, its, time, other_kind),
        gap=_gap(figures),
        at_contact=_at_contact(when, time),
    )


def reachable(places: Floats) -> npt.NDArray[np.bool_]:
    """Where a player can head the ball: positions (k, 3) give (k,)."""
    result: npt.NDArray[np.bool_] = places[:, 2] < HEAD_REACH
    return result


def _figures(players: np.recarray, runner_kind: str) -> tuple[Figure, ...]:
    names = ("x", "y", "vx", "vy", "fx", "fy")
    columns = np.stack([players[name] for name in names], -1).tolist()
    here = np.flatnonzero(players["present"]).tolist()
    return tuple(_figure(i, _kind(i, runner_kind), *columns[i]) for i in here)


def _figure(index: int, kind: str, x: float, y: float, vx: float, vy: float, fx: float, fy: float) -> Figure:
    return Figure(index, kind, SHIRTS[index], x, y, (vx, vy), (fx, fy))


def _kind(index: int, runner_kind: str) -> str:
    if index == RUNNER:
        return runner_kind
    if index == KEEPER:
        return "keeper"
    return "attack" if index < ATTACKERS else "defence"


def _way(history: np.recarray, index: int, begin: float, end: float) -> Floats:
    """Recorded positions (k, 2) of a player between two times, both ends interpolated."""
    begin, end = max(begin, float(history.time[0])), min(end, float(history.time[-1]))
    if end <= begin:
        return np.zeros((0, 2))
    inside = (history.time > begin) & (history.time < end)
    between = history.players[inside, index]
    return np.concatenate(
        [player_at(history, index, begin), np.stack([between["x"], between["y"]], -1), player_at(history, index, end)]
    )


def _trails(history: np.recarray, figures: tuple[Figure, ...], time: float) -> tuple[Trail, ...]:
    """Trails of all players except the runner, whose run is drawn instead."""
    seen = (history.time >= time - TRAIL_TIME) & (history.time < time)
    past = history["players"][seen]
    ways = np.stack([past["x"], past["y"]], -1)
    return tuple(
        Trail(figure.kind, np.append(ways[:, figure.index], [[figure.x, figure.y]], 0))
        for figure in figures
        if figure.index != RUNNER
    )


def sight(state: np.record) -> tuple[Cone, ...]:
    """Fields of view of the runner's markers; if he has none, that of the nearest outfield defender."""
    players = state.players
    runner = players[RUNNER]
    outfield = [i for i in range(KEEPER + 1, PLAYERS) if players[i].present]
    watchers = [i for i in outfield if players[i].man == RUNNER]
    if not watchers and outfield:
        away = [np.hypot(players[i].x - runner.x, players[i].y - runner.y) for i in outfield]
        watchers = [outfield[int(np.argmin(away))]]
    return tuple(_cone(players[i], SHIRTS[i], runner) for i in watchers)


def _cone(player: np.record, number: int, runner: np.record) -> Cone:
    direction = float(np.arctan2(player.gaze_y, player.gaze_x))
    bearing = np.arctan2(runner.y - player.y, runner.x - player.x) - direction
    sees = bool(abs((bearing + np.pi) % (2 * np.pi) - np.pi) <= SIGHT_HALF_ANGLE)
    marks = bool(player.man == RUNNER)
    if marks:
        sees = bool(player.sees_man)
    return Cone(float(player.x), float(player.y), direction, SIGHT_HALF_ANGLE, SIGHT_LENGTH, number, marks, sees)


def _at_contact(when: Moments, time: float) -> bool:
    """Whether the runner meets the ball around this time, or it passes close to him."""
    if when.contact is None or (when.meets is None and when.miss > NEAR):
        return False
    return -CONTACT_BEFORE <= time - when.contact <= CONTACT_AFTER


def _run(history: np.recarray, when: Moments, time: float, kind: str) -> Run:
    """From the start of the run to its end; while no start is known, the last three seconds."""
    until = when.until if when.over or when.meets is not None else np.inf
    start = when.start if when.start is not None else max(0.0, min(time, until) - 3.0)
    done = _way(history, RUNNER, start, min(time, until))
    ahead = _way(history, RUNNER, max(time, start), min(when.end, until))
    now = player_at(history, RUNNER, time)[0]
    return Run(kind, done, ahead, (float(now[0]), float(now[1])))


def _ghost(other: np.recarray, when: Moments, its: Moments | None, time: float, kind: str) -> Run | None:
    """The other run at the same moment, synchronised on the strike of the cross."""
    if its is None:
        return None
    if when.struck is not None and its.struck is not None:
        time += its.struck - when.struck
    return _run(other, its, time, kind)


def _recorded(places: Floats | None, time: float, kind: str) -> Run | None:
    """A recorded player at this moment; he may be unseen in some frames."""
    if places is None:
        return None
    seen = np.flatnonzero(~np.isnan(places).any(axis=1))
    if not len(seen):
        return None
    frame = min(max(time / DECISION_TIME, float(seen[0])), float(seen[-1]))
    now = (float(np.interp(frame, seen, places[seen, 0])), float(np.interp(frame, seen, places[seen, 1])))
    done = np.append(places[seen[seen <= frame]], [now], 0)
    ahead = np.insert(places[seen[seen > frame]], 0, now, 0)
    return Run(kind, done, ahead, now)


def _gap(figures: tuple[Figure, ...]) -> Gap | None:
    runner = next(figure for figure in figures if figure.index == RUNNER)
    opponents = [figure for figure in figures if figure.index >= ATTACKERS]
    if not opponents:
        return None
    distances = [float(np.hypot(o.x - runner.x, o.y - runner.y)) for o in opponents]
    nearest = opponents[int(np.argmin(distances))]
    return Gap((runner.x, runner.y), (nearest.x, nearest.y), min(distances), nearest.number)
