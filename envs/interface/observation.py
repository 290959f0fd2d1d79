"""What the runner sees: a flat float32 vector with a published layout.

Every entry is a physical quantity, clipped to its range and divided by a scale about as large as the values that occur.
`read` returns entries in physical units. Coaching rules and policies see exactly this observation and nothing else, and
it shows the ball as the runner sees it: with the errors of `dynamics/read_flight.py`.

The runner's own position is in the frame of the pitch; everything else is relative to the runner (differences of
positions; velocities are relative to the ground). For crosses from the left wing, the interfaces mirror y.
"""

import numpy as np
import numpy.typing as npt
from gymnasium import spaces

from .entries import PITCH, Entry, Layout, flag, place, seconds, vector, velocity

NEAREST_TEAMMATES = 3
NEAREST_OPPONENTS = 5
_NTH = ("", "nearest", "second nearest", "third nearest", "fourth nearest", "fifth nearest")


def _layout() -> tuple[Entry, ...]:
    entries = [
        *vector("runner", "m", 60.0, 20.0, "position of the runner"),
        *velocity("runner", "velocity of the runner"),
        *vector("runner_facing", "-", 1.0, 1.0, "direction the runner faces"),
        *place("ball", "position of the ball relative to the runner, as the runner sees it"),
        Entry("ball_z", "m", 0.0, 10.0, 3.0, "height of the ball"),
        *vector("ball_v", "m/s", 40.0, 15.0, "velocity of the ball, as the runner sees it"),
        Entry("ball_vz", "m/s", -30.0, 30.0, 10.0, "vertical velocity of the ball"),
        flag("ball_seen", "1 if the runner sees the ball"),
        flag("carry", "1 while the crosser carries the ball"),
        flag("look", "1 while the crosser looks up"),
        flag("plant", "1 while the crosser plants the standing foot"),
        flag("swing", "1 while the crosser swings"),
        flag("cross", "1 while the cross is in flight, untouched"),
        flag("loose", "1 after the first touch, while the ball is in play"),
        seconds("phase_time", "time since this phase began"),
        Entry("time_left", "s", 0.0, 16.0, 8.0, "latest time until the episode ends; it runs from the strike on"),
        Entry("hips_shown", "-", 0.0, 1.0, 1.0, "how clearly the crosser's body, if seen, shows the choice"),
        *place("hips", "landing point that the crosser's body suggests, relative to the runner"),
        Entry("hips_low", "-", -1.0, 1.0, 1.0, "1: the crosser's body suggests a low ball, -1: a high one, 0: nothing"),
        flag("read_valid", "1 while the flight of the ball, if seen, can be met"),
        *place("read", "where the runner reads that the ball first comes within reach, relative to the runner", 10.0),
        seconds("read_time", "time until then"),
        flag("drop_valid", "1 while the ball, if seen, can be met at the feet"),
        *place("drop", "where the runner reads that the ball drops to the feet, relative to the runner", 10.0),
        seconds("drop_time", "time until then"),
        seconds("mates_time", "time until the first team-mate seen reaches the ball, as the runner judges it"),
        seconds("rivals_time", "time until the first opponent seen reaches the ball, as the runner judges it"),
        *place("crosser", "position of the crosser relative to the runner"),
        *velocity("crosser", "velocity of the crosser"),
        *place("keeper", "position of the keeper relative to the runner"),
        *velocity("keeper", "velocity of the keeper"),
    ]
    for n in range(1, NEAREST_TEAMMATES + 1):
        entries += [
            flag(f"teammate{n}_seen", "1 if there is such a team-mate in view"),
            *place(f"teammate{n}", f"position of the {_NTH[n]} team-mate relative to the runner"),
            *velocity(f"teammate{n}", "velocity of this team-mate"),
        ]
    for n in range(1, NEAREST_OPPONENTS + 1):
        entries += [
            flag(f"opponent{n}_seen", "1 if there is such an opponent in view"),
            *place(f"opponent{n}", f"position of the {_NTH[n]} outfield opponent relative to the runner"),
            *velocity(f"opponent{n}", "velocity of this opponent"),
            flag(f"opponent{n}_watches", "1 if this opponent has the runner in view"),
        ]
    entries += [
        Entry(
            "line",
            "m",
            -PITCH,
            PITCH,
            10.0,
            "offside line (after the strike the defence's line) minus the runner's x: positive means onside",
        ),
        Entry("difficulty", "-", 0.0, 1.0, 1.0, "difficulty of the scene"),
        flag("set_piece", "1 for a corner or free kick"),
        Entry("attackers", "players", 0.0, 11.0, 5.0, "attackers in the scene"),
        Entry("defenders", "players", 0.0, 11.0, 5.0, "defenders in the scene, keeper included"),
    ]
    return tuple(entries)


_OBSERVED = Layout(_layout())
LAYOUT, SIZE, SCALES = _OBSERVED.entries, _OBSERVED.size, _OBSERVED.scales
LOWS, HIGHS = _OBSERVED.lows, _OBSERVED.highs


def index(name: str) -> int:
    """The index of an entry in the observation.

    Raises:
        UnknownName: if there is no such entry.
    """
    return _OBSERVED.index(name)


def read(observations: npt.NDArray[np.float32], name: str) -> npt.NDArray[np.float64]:
    """An entry in physical units; observations (..., SIZE) give an array of shape (...).

    Raises:
        UnknownName: if there is no such entry.
    """
    return _OBSERVED.read(observations, name)


def space() -> "spaces.Box[np.float32]":
    """The space of one observation."""
    return _OBSERVED.space()


def table() -> str:
    """The layout as a Markdown table, for the documentation."""
    return _OBSERVED.table()
