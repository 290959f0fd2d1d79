"""Recorded tracks: ten frames a second from any frame rate, and plausibility checks.

Times, positions and velocities of a situation must agree. The checks catch recordings with a wrong frame rate, unit,
direction of play or "not seen" value.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import InvalidValue
from backpost.envs.world.pitch import GOAL_HALF_WIDTH
from backpost.envs.world.record import DECISION_TIME

from .situation_pitch import Pitch

FRAME_RATES = (5.0, 60.0)
"""Fewest and most frames a second. Between frames of a slower recording a ball could be met unseen."""
FASTEST_BALL = 60.0
"""m/s, faster than any shot."""
FASTEST_PLAYER = 13.0
"""m/s from frame to frame, faster than any sprint, with a margin for tracking noise."""
TIME_SLACK = 0.02
"""Tolerance for the time of a frame, s; at high frame rates, a quarter of the time between two."""
LONGEST_WINDOW = 10
"""Largest number of frames over which positions are compared with velocities."""
BALL_DRIFT = 3.0
"""Tolerance, m, between positions and velocities of the ball: a touch between two frames shows in neither velocity."""
PLAYER_DRIFT = 1.0
"""Tolerance, m, between positions and velocities of a player."""
FARTHEST_KEEPER = 8.0
"""Largest distance, m, of the keeper from the middle of the goal, on the side away from a ball struck wide of it.

Percentages of the pitch put a keeper in his goal there: the middle of the goal is 50 % across, not 34.
"""

Array = npt.NDArray[np.float64]


def resampled(times: Array, ball: Array, players: Array) -> tuple[Array, Array, Array]:
    """The recording at ten frames a second, interpolated linearly; unchanged if that is its rate.

    Args:
        times: s from the strike, (n,).
        ball: (n, columns).
        players: (n, players, columns); NaN where a player is not seen. He is seen between two frames that show him.

    Returns:
        Times (m,), which include t = 0 if the recording does, ball and players.

    Raises:
        InvalidValue: for frames that do not follow each other at equal times, or too slowly or too fast.
    """
    step = (times[-1] - times[0]) / (len(times) - 1)
    slowest, fastest = FRAME_RATES
    if not 1.0 / (fastest + 1.0) < step < 1.0 / slowest + 1e-3:
        raise InvalidValue(
            f"its frames must be {slowest:g} to {fastest:g} a second and in order, and these are "
            f"{step:.2g} s apart on average"
        )
    if np.abs(times - times[0] - DECISION_TIME * np.arange(len(times))).max() <= TIME_SLACK:
        return times, ball, players
    wanted = times[0] + step * np.arange(len(times))
    off = np.abs(times - wanted) > min(TIME_SLACK, 0.25 * step)
    if off.any():
        k = int(off.argmax())
        raise InvalidValue(
            f"its frames must follow each other at equal times, every {step:.3g} s: "
            f"frame {k} is at {times[k]:g}, not at {wanted[k]:.3f}"
        )
    ticks = np.arange(np.ceil(times[0] / DECISION_TIME - 1e-6), np.floor(times[-1] / DECISION_TIME + 1e-6) + 1.0)
    new = DECISION_TIME * ticks
    before = np.clip(np.searchsorted(times, new + 1e-6, side="right") - 1, 0, len(times) - 2)
    share = np.clip((new - times[before]) / (times[before + 1] - times[before]), 0.0, 1.0)
    return new, _between(ball, before, share), _between(players, before, share)


def _between(track: Array, before: npt.NDArray[np.int64], share: Array) -> Array:
    """The track a share of the way from frame `before` to the next, (m, ...); a frame itself needs no neighbour."""
    weight = share.reshape(-1, *[1] * (track.ndim - 1))
    first, second = track[before], track[before + 1]
    mixed = np.where(weight < 1e-6, first, first + weight * (second - first))
    return np.where(weight > 1.0 - 1e-6, second, mixed)


def check_tracks(times: Array, ball: Array, ids: Sequence[str], players: Array, pitch: Pitch) -> None:
    """Check a recording in the frame of its file, metres from the bottom-left corner.

    Args:
        times: s from the strike, (frames,), every 0.1 s.
        ball: x, y, vx, vy, z, vz, (frames, 6); NaN for an unknown height.
        ids: ids of the players, (players,), for error messages.
        players: x, y, vx, vy, (frames, players, 4); NaN where a player is not seen.
        pitch: where it was recorded.

    Raises:
        InvalidValue: if the recording is implausible; the message names the player and the time.
    """
    tracks = [("the ball", ball[:, :4], FASTEST_BALL, BALL_DRIFT)]
    tracks += [(f"player {who}", players[:, k], FASTEST_PLAYER, PLAYER_DRIFT) for k, who in enumerate(ids)]
    for who, track, fastest, drift in tracks:
        _check_speed(who, times, track, fastest)
        _check_velocities(who, times, track[:, :2], track[:, 2:], drift)
    _check_velocities("the height of the ball", times, ball[:, 4:5], ball[:, 5:], BALL_DRIFT)
    x = ball[int(np.abs(times).argmin()), 0]
    if x < 0.5 * pitch.length:
        raise InvalidValue(
            f"the ball is struck at x = {x:.1f}, in the wrong half: the attack goes towards x = {pitch.length:g}, "
            "in metres"
        )


def check_keeper(times: Array, ball: Array, keeper: Array, pitch: Pitch) -> None:
    """Check that at the strike the keeper is not far outside the post that is away from the ball.

    Positions in percent of the pitch agree with velocities in percent a second. Only a player whose place is known, the
    keeper, tells them from metres; without him, or where the ball is struck on his side, they may go unnoticed.

    Args:
        times: s from the strike, (frames,).
        ball: x, y, ..., (frames, 2 or more), metres from the bottom-left corner.
        keeper: the same of the keeper; NaN where he is not seen.
        pitch: where it was recorded.

    Raises:
        InvalidValue: if he is.
    """
    strike = int(np.abs(times).argmin())
    ball_side, keeper_side = ball[strike, 1] - 0.5 * pitch.width, keeper[strike, 1] - 0.5 * pitch.width
    apart = abs(ball_side) > GOAL_HALF_WIDTH and ball_side * keeper_side < 0.0
    if apart and abs(keeper_side) > FARTHEST_KEEPER:
        raise InvalidValue(
            f"the keeper is {abs(keeper_side):.1f} m from the middle of the goal at the strike, on the side away from "
            f"the ball, and at most {FARTHEST_KEEPER:g} m are valid: places must be in metres, not in percent"
        )


def _check_speed(who: str, times: Array, track: Array, fastest: float) -> None:
    """Check velocities, and displacements between frames in which the track is seen, against the highest speed."""
    seen = np.flatnonzero(np.isfinite(track[:, 0]))
    if (np.hypot(track[seen, 2], track[seen, 3]) > fastest).any():
        k = int(seen[np.hypot(track[seen, 2], track[seen, 3]) > fastest][0])
        raise InvalidValue(f"at {times[k]:g} s {who} moves at more than {fastest:g} m/s; vx and vy are in m/s")
    way = np.hypot(*np.diff(track[seen, :2], axis=0).T)
    jumps = way > fastest * DECISION_TIME * np.diff(seen) + 1e-9
    if jumps.any():
        k = int(seen[1:][jumps][0])
        raise InvalidValue(
            f"at {times[k]:g} s {who} is {way[jumps][0]:.1f} m from the place before, faster than {fastest:g} m/s"
        )


def _check_velocities(who: str, times: Array, places: Array, velocities: Array, drift: float) -> None:
    """Check displacements against velocities, (frames, axes) each, over every window of up to a second."""
    moved = 0.5 * DECISION_TIME * (velocities[1:] + velocities[:-1])
    for width in range(1, min(LONGEST_WINDOW, len(moved)) + 1):
        said = np.array([np.convolve(axis, np.ones(width), "valid") for axis in moved.T]).T
        off = np.linalg.norm(places[width:] - places[:-width] - said, axis=1)
        if (off > drift).any():
            k = int(np.flatnonzero(off > drift)[0])
            raise InvalidValue(
                f"{who} is {off[k]:.1f} m off what the velocities say after {width * DECISION_TIME:g} s, from "
                f"{times[k]:g} s on: they must be in m/s, and t must be the time of the frame"
            )
