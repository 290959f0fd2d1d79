"""Plausibility checks of recorded tracks: times, positions and velocities of a situation must agree.

They catch recordings with a wrong frame rate, unit, direction of play or "not seen" value.
"""

import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import InvalidValue, quoted
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import DECISION_TIME

FASTEST_BALL = 60.0
"""m/s, faster than any shot."""
FASTEST_PLAYER = 13.0
"""m/s from frame to frame, faster than any sprint, with a margin for tracking noise."""
TIME_SLACK = 0.02
"""Tolerance for the time of a frame, s."""
LONGEST_WINDOW = 10
"""Largest number of frames over which positions are compared with velocities."""
BALL_DRIFT = 3.0
"""Tolerance, m, between positions and velocities of the ball: a touch between two frames shows in neither velocity."""
PLAYER_DRIFT = 1.0
"""Tolerance, m, between positions and velocities of a player."""

Array = npt.NDArray[np.float64]


def check_tracks(times: Array, ball: Array, ids: list[int], players: Array) -> None:
    """Check a recording in the frame of its file, metres from the bottom-left corner.

    Args:
        times: s from the strike, (frames,).
        ball: x, y, vx, vy, (frames, 4).
        ids: ids of the players, (players,), for error messages.
        players: x, y, vx, vy, (frames, players, 4); NaN where a player is not seen.

    Raises:
        InvalidValue: if the recording is implausible; the message names the player and the frame.
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
    """Check velocities, and displacements between frames in which the track is seen, against the highest speed."""
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
    """Check displacements against velocities over every window of up to a second."""
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
