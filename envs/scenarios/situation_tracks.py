"""Whether recorded tracks can be: the times, the places and the velocities of a situation have to agree.

What a wrong frame rate, unit, direction of play or "not seen" value does to a recording would otherwise be played.
"""

import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import InvalidValue, quoted
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import DECISION_TIME

FASTEST_BALL = 60.0
"""m/s that no shot reaches."""
FASTEST_PLAYER = 13.0
"""m/s from frame to frame that no sprint reaches, with room for the noise of tracking."""
TIME_SLACK = 0.02
"""s by which a frame may be off its tenth of a second."""
LONGEST_WINDOW = 10
"""Frames over which places are compared with velocities."""
BALL_DRIFT = 3.0
"""m that the ball may be off what its velocities say: a contact between two frames is in neither velocity."""
PLAYER_DRIFT = 1.0
"""m that a player may be off what his velocities say."""

Array = npt.NDArray[np.float64]


def check_tracks(times: Array, ball: Array, ids: list[int], players: Array) -> None:
    """Check a recording in the frame of its file, metres from the bottom-left corner.

    Args:
        times: s from the strike, (frames,).
        ball: x, y, vx, vy, (frames, 4).
        ids: of the players, (players,), for the sentence of an error.
        players: x, y, vx, vy, (frames, players, 4); NaN where a player is not seen.

    Raises:
        InvalidValue: if it cannot have been so; the sentence names who and when.
    """
    _check_times(times)
    tracks = [("the ball", ball, FASTEST_BALL, BALL_DRIFT)]
    tracks += [(f"player {who}", players[:, k], FASTEST_PLAYER, PLAYER_DRIFT) for k, who in enumerate(ids)]
    for who, track, fastest, drift in tracks:
        _check_speed(who, times, track, fastest)
        _check_velocities(who, times, track, drift)
    x = ball[int(np.abs(times).argmin()), 0]
    if x < HALF_LENGTH:
        raise InvalidValue(
            f"the ball is struck at x = {x:.1f}, in the wrong half: the attack goes towards x = 105, in metres"
        )


def _check_times(times: Array) -> None:
    wanted = times[0] + DECISION_TIME * np.arange(len(times))
    off = np.abs(times - wanted) > TIME_SLACK
    if off.any():
        k = int(off.argmax())
        raise InvalidValue(
            f"its frames must follow each other every {DECISION_TIME:g} s: "
            f"frame {k} is at {quoted(float(times[k]))}, not at {wanted[k]:.2f}"
        )


def _check_speed(who: str, times: Array, track: Array, fastest: float) -> None:
    """No way from one frame to the next one in which he is seen, and no velocity, may be faster than this."""
    seen = np.flatnonzero(np.isfinite(track[:, 0]))
    if (np.hypot(track[seen, 2], track[seen, 3]) > fastest).any():
        k = int(seen[np.hypot(track[seen, 2], track[seen, 3]) > fastest][0])
        raise InvalidValue(f"frame {k}: {who} moves at more than {fastest:g} m/s; vx and vy are in m/s")
    way = np.hypot(*np.diff(track[seen, :2], axis=0).T)
    jumps = way > fastest * DECISION_TIME * np.diff(seen) + 1e-9
    if jumps.any():
        k = int(seen[1:][jumps][0])
        raise InvalidValue(
            f"frame {k}: {who} is {way[jumps][0]:.1f} m from its place before, faster than {fastest:g} m/s"
        )


def _check_velocities(who: str, times: Array, track: Array, drift: float) -> None:
    """Over every window of up to a second the places must move as the velocities say."""
    moved = 0.5 * DECISION_TIME * (track[1:, 2:] + track[:-1, 2:])
    for width in range(1, min(LONGEST_WINDOW, len(moved)) + 1):
        said = np.array([np.convolve(moved[:, axis], np.ones(width), "valid") for axis in (0, 1)]).T
        off = np.hypot(*(track[width:, :2] - track[:-width, :2] - said).T)
        if (off > drift).any():
            k = int(np.flatnonzero(off > drift)[0])
            raise InvalidValue(
                f"{who} is {off[k]:.1f} m off what vx and vy say after {width * DECISION_TIME:g} s, from frame {k} on: "
                "velocities must be in m/s, and frames a tenth of a second apart"
            )
