"""What the runner sees: a flat float32 vector with a published layout.

Every entry is a physical quantity, clipped to its range and divided by a scale about as large as the values that occur.
`read` returns entries in physical units. Coaching rules and policies see exactly this observation and nothing else, and
it shows the ball as the runner sees it: with the errors of `dynamics/read_flight.py`.

The runner's own position is in the frame of the pitch; everything else is relative to the runner (differences of
positions; velocities are relative to the ground). For crosses from the left wing, the interfaces mirror y.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import UnknownName

NEAREST_TEAMMATES = 3
NEAREST_OPPONENTS = 5
_NTH = ("", "nearest", "second nearest", "third nearest", "fourth nearest", "fifth nearest")


@dataclass(frozen=True)
class Entry:
    """One number of the observation: physical value = observed value times `scale`; physical range `low`..`high`.

    The scale is about as far as the value usually goes, so that networks can read it; what is beyond the range is
    clipped.
    """

    name: str
    unit: str
    low: float
    high: float
    scale: float
    meaning: str


PITCH = 110.0
"""Farther than any two places on the pitch are apart along one axis, m."""


def _vector(name: str, unit: str, reach: float, scale: float, meaning: str) -> list[Entry]:
    return [Entry(f"{name}_{axis}", unit, -reach, reach, scale, f"{meaning}, {axis}") for axis in ("x", "y")]


def _place(name: str, meaning: str, scale: float = 20.0) -> list[Entry]:
    return _vector(name, "m", PITCH, scale, meaning)


def _velocity(name: str, meaning: str = "its velocity") -> list[Entry]:
    return _vector(f"{name}_v", "m/s", 12.0, 6.0, meaning)


def _flag(name: str, meaning: str) -> Entry:
    return Entry(name, "-", 0.0, 1.0, 1.0, meaning)


def _seconds(name: str, meaning: str) -> Entry:
    return Entry(name, "s", 0.0, 3.0, 1.5, meaning)


def _layout() -> tuple[Entry, ...]:
    entries = [
        *_vector("runner", "m", 60.0, 20.0, "position of the runner"),
        *_velocity("runner", "velocity of the runner"),
        *_vector("runner_facing", "-", 1.0, 1.0, "direction the runner faces"),
        *_place("ball", "position of the ball relative to the runner, as the runner sees it"),
        Entry("ball_z", "m", 0.0, 10.0, 3.0, "height of the ball"),
        *_vector("ball_v", "m/s", 40.0, 15.0, "velocity of the ball, as the runner sees it"),
        Entry("ball_vz", "m/s", -30.0, 30.0, 10.0, "vertical velocity of the ball"),
        _flag("ball_seen", "1 if the runner sees the ball"),
        _flag("carry", "1 while the crosser carries the ball"),
        _flag("look", "1 while the crosser looks up"),
        _flag("plant", "1 while the crosser plants the standing foot"),
        _flag("swing", "1 while the crosser swings"),
        _flag("cross", "1 while the cross is in flight, untouched"),
        _flag("loose", "1 after the first touch, while the ball is in play"),
        _seconds("phase_time", "time since this phase began"),
        Entry("time_left", "s", 0.0, 16.0, 8.0, "latest time until the episode ends; it runs from the strike on"),
        Entry("hips_shown", "-", 0.0, 1.0, 1.0, "how clearly the crosser's body, if seen, shows the choice"),
        *_place("hips", "landing point that the crosser's body suggests, relative to the runner"),
        Entry("hips_low", "-", -1.0, 1.0, 1.0, "1: the crosser's body suggests a low ball, -1: a high one, 0: nothing"),
        _flag("read_valid", "1 while the flight of the ball, if seen, can be met"),
        *_place("read", "where the runner reads that the ball first comes within reach, relative to the runner", 10.0),
        _seconds("read_time", "time until then"),
        _flag("drop_valid", "1 while the ball, if seen, can be met at the feet"),
        *_place("drop", "where the runner reads that the ball drops to the feet, relative to the runner", 10.0),
        _seconds("drop_time", "time until then"),
        _seconds("mates_time", "time until the first team-mate seen reaches the ball, as the runner judges it"),
        _seconds("rivals_time", "time until the first opponent seen reaches the ball, as the runner judges it"),
        *_place("crosser", "position of the crosser relative to the runner"),
        *_velocity("crosser", "velocity of the crosser"),
        *_place("keeper", "position of the keeper relative to the runner"),
        *_velocity("keeper", "velocity of the keeper"),
    ]
    for n in range(1, NEAREST_TEAMMATES + 1):
        entries += [
            _flag(f"teammate{n}_seen", "1 if there is such a team-mate in view"),
            *_place(f"teammate{n}", f"position of the {_NTH[n]} team-mate relative to the runner"),
            *_velocity(f"teammate{n}", "velocity of this team-mate"),
        ]
    for n in range(1, NEAREST_OPPONENTS + 1):
        entries += [
            _flag(f"opponent{n}_seen", "1 if there is such an opponent in view"),
            *_place(f"opponent{n}", f"position of the {_NTH[n]} outfield opponent relative to the runner"),
            *_velocity(f"opponent{n}", "velocity of this opponent"),
            _flag(f"opponent{n}_watches", "1 if this opponent has the runner in view"),
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
        _flag("set_piece", "1 for a corner or free kick"),
        Entry("wing", "-", -1.0, 1.0, 1.0, "1: the cross comes from the right wing, -1: from the left"),
        Entry("attackers", "players", 0.0, 11.0, 5.0, "attackers in the scene"),
        Entry("defenders", "players", 0.0, 11.0, 5.0, "defenders in the scene, keeper included"),
    ]
    return tuple(entries)


LAYOUT = _layout()
SIZE = len(LAYOUT)
SCALES = np.array([entry.scale for entry in LAYOUT])
"""Physical value of an observed 1."""
LOWS, HIGHS = np.array([entry.low for entry in LAYOUT]), np.array([entry.high for entry in LAYOUT])
"""Bounds of the physical values."""
_INDEX = {entry.name: i for i, entry in enumerate(LAYOUT)}


def index(name: str) -> int:
    """The index of an entry in the observation.

    Raises:
        UnknownName: if there is no such entry.
    """
    if name not in _INDEX:
        raise UnknownName("observation entry", name, _INDEX)
    return _INDEX[name]


def read(observations: npt.NDArray[np.float32], name: str) -> npt.NDArray[np.float64]:
    """An entry in physical units; observations (..., SIZE) give an array of shape (...)."""
    i = index(name)
    values: npt.NDArray[np.float64] = observations[..., i].astype(np.float64) * SCALES[i]
    return values


def table() -> str:
    """The layout as a Markdown table, for the documentation."""
    lines = ["| index | name | unit | range | meaning |", "|---|---|---|---|---|"]
    for i, entry in enumerate(LAYOUT):
        lines.append(f"| {i} | `{entry.name}` | {entry.unit} | {entry.low:g} to {entry.high:g} | {entry.meaning} |")
    return "\n".join(lines)
