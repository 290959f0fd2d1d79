"""States between two recorded ones, so that slow motion moves smoothly and never repeats a frame.

Players move on the cubic through both positions and velocities (Hermite). So does the ball in free flight, where
gravity makes the cubic exact. At a bounce, each parabola holds down to the ground; at a touch, the path before and
the path after meet in a kink instead of a curve.
"""

import numpy as np
import numpy.typing as npt

from backpost.envs.world.ball import GRAVITY, RADIUS

Floats = npt.NDArray[np.float64]

BALL_AT_REST = RADIUS
"""Height of the centre of a ball lying on the grass, m."""


def state_at(history: np.recarray, time: float) -> np.recarray:
    """The world at any time: a new array with one record, equal to the recorded one at a recorded time.

    Args:
        history: records stacked in time, shape (t,).
        time: seconds from the start of the episode; clipped to the recorded range.

    Counts and decisions (phase, touches, outcome) come from the record before; positions, velocities, facing and gaze
    are interpolated.
    """
    times = history.time
    time = float(min(max(time, times[0]), times[-1]))
    before = int(np.searchsorted(times, time, side="right")) - 1
    state = history[before : before + 1].copy().view(np.recarray)
    if before == len(history) - 1 or time == times[before]:
        return state
    first, second = history[before], history[before + 1]
    span = float(second.time - first.time)
    share = (time - float(first.time)) / span
    state.time = time
    _move_players(state.players[0], first.players, second.players, share, span)
    place = ball_between(first, second, np.array([share]))[0]
    ball = state.ball[0]
    ball.x, ball.y, ball.z = place
    for name in ("vx", "vy", "vz"):
        ball[name] = first.ball[name] * (1 - share) + second.ball[name] * share
    return state


def player_at(history: np.recarray, index: int, time: float) -> Floats:
    """One player's position at a time, shape (1, 2), as in `state_at` but without the rest of the world."""
    times = history["time"]
    time = float(min(max(time, times[0]), times[-1]))
    before = int(np.searchsorted(times, time, side="right")) - 1
    after = min(before + 1, len(times) - 1)
    first, second = history["players"][before, index], history["players"][after, index]
    span = float(times[after] - times[before])
    if span == 0.0:
        return np.array([[first["x"], first["y"]]])
    share = (time - float(times[before])) / span
    place = [hermite(first[a], first["v" + a], second[a], second["v" + a], share, span) for a in ("x", "y")]
    return np.array([place])


def ball_between(first: np.record, second: np.record, shares: Floats) -> Floats:
    """Ball positions (k, 3) at fractions 0..1 of the way from one record to the next; both ends are exact."""
    span = float(second.time - first.time)
    p0, v0 = _triple(first.ball, ""), _triple(first.ball, "v")
    p1, v1 = _triple(second.ball, ""), _triple(second.ball, "v")
    touched = first.ball.touches != second.ball.touches or first.ball.owner != second.ball.owner
    path = _kink(p0, v0, p1, v1, shares, span) if touched else hermite(p0, v0, p1, v1, shares[:, None], span)
    if not touched and v0[2] < 0.0 < v1[2]:
        path[:, 2] = _bounce(p0[2], v0[2], p1[2], v1[2], shares, span)
    inside = (shares > 0.0) & (shares < 1.0)
    path[inside, 2] = np.maximum(path[inside, 2], BALL_AT_REST)
    return path


def ball_path(history: np.recarray, begin: float, end: float, pieces: int = 4) -> Floats:
    """Ball positions (k, 3) from one time to another, `pieces` per decision; empty if `end` is not after `begin`."""
    times = history.time
    begin, end = max(begin, float(times[0])), min(end, float(times[-1]))
    if end <= begin:
        return np.zeros((0, 3))
    parts = []
    first = int(np.searchsorted(times, begin, side="right")) - 1
    last = int(np.searchsorted(times, end, side="left"))
    for i in range(first, last):
        start, span = float(times[i]), float(times[i + 1] - times[i])
        low, high = max(0.0, (begin - start) / span), min(1.0, (end - start) / span)
        parts.append(ball_between(history[i], history[i + 1], np.linspace(low, high, pieces + 1)))
    return np.concatenate([parts[0][:1], *[part[1:] for part in parts]])


def hermite(p0: Floats, v0: Floats, p1: Floats, v1: Floats, share: Floats | float, span: float) -> Floats:
    """The cubic from p0 to p1 with end velocities v0 and v1, `span` seconds apart, at the fraction `share`."""
    s = np.asarray(share)
    result: Floats = (
        (1 + 2 * s) * (1 - s) ** 2 * p0
        + s * (1 - s) ** 2 * span * v0
        + s**2 * (3 - 2 * s) * p1
        + s**2 * (s - 1) * span * v1
    )
    return result


def _move_players(state: np.recarray, first: np.recarray, second: np.recarray, share: float, span: float) -> None:
    for axis in ("x", "y"):
        state[axis] = hermite(first[axis], first["v" + axis], second[axis], second["v" + axis], share, span)
        state["v" + axis] = first["v" + axis] * (1 - share) + second["v" + axis] * share
    for name in ("f", "gaze_"):
        x = first[name + "x"] * (1 - share) + second[name + "x"] * share
        y = first[name + "y"] * (1 - share) + second[name + "y"] * share
        length = np.maximum(np.hypot(x, y), 1e-9)
        state[name + "x"], state[name + "y"] = x / length, y / length


def _triple(ball: np.record, prefix: str) -> Floats:
    return np.array([ball[prefix + "x"], ball[prefix + "y"], ball[prefix + "z"]])


def _bounce(z0: float, v0: float, z1: float, v1: float, shares: Floats, span: float) -> Floats:
    """Falling on the first parabola, rising on the second: the higher of the two applies."""
    t, left = shares * span, (shares - 1) * span
    falling = z0 + v0 * t - 0.5 * GRAVITY * t**2
    rising = z1 + v1 * left - 0.5 * GRAVITY * left**2
    height: Floats = np.maximum(falling, rising)
    height[shares == 0.0], height[shares == 1.0] = z0, z1
    return height


def _kink(p0: Floats, v0: Floats, p1: Floats, v1: Floats, shares: Floats, span: float) -> Floats:
    """Straight line, touch, straight line: the touch is where the lines come closest; their gap is split evenly."""
    grid = np.linspace(0.05, 0.95, 19)
    gaps = _after(p1, v1, grid, span) - _before(p0, v0, grid, span)
    best = int(np.argmin(np.linalg.norm(gaps, axis=1)))
    touch, gap = grid[best], gaps[best]
    early = shares < touch
    bend = np.where(early, shares / touch, (1 - shares) / (1 - touch))[:, None] * gap / 2
    path: Floats = np.where(early[:, None], _before(p0, v0, shares, span) + bend, _after(p1, v1, shares, span) - bend)
    return path


def _before(p0: Floats, v0: Floats, shares: Floats, span: float) -> Floats:
    result: Floats = p0 + shares[:, None] * span * v0
    return result


def _after(p1: Floats, v1: Floats, shares: Floats, span: float) -> Floats:
    result: Floats = p1 - (1 - shares[:, None]) * span * v1
    return result
