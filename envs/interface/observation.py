"""What the runner sees: a flat float32 vector with a published layout.

Every entry is a physical quantity divided by its scale and clipped to [-1, 1], so no running normalisation is needed.
`read` returns entries in physical units. Coaching rules and policies see exactly this observation and nothing else.

The runner's own position is in the frame of the pitch; everything else is relative to the runner (differences of
positions; velocities are relative to the ground). For crosses from the left wing, the interfaces mirror y.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import UnknownName

NEAREST_TEAMMATES = 3
NEAREST_OPPONENTS = 5
_NEAREST = ("nearest", "second-nearest", "third-nearest", "fourth-nearest", "fifth-nearest")


@dataclass(frozen=True)
class Entry:
    """One number of the observation: physical value = observed value times `high`; physical range `low`..`high`."""

    name: str
    unit: str
    low: float
    high: float
    meaning: str


def _vector(name: str, unit: str, scale: float, meaning: str) -> list[Entry]:
    return [Entry(f"{name}_{axis}", unit, -scale, scale, f"{meaning}, {axis}") for axis in ("x", "y")]


def _flag(name: str, meaning: str) -> Entry:
    return Entry(name, "-", 0.0, 1.0, meaning)


def _layout() -> tuple[Entry, ...]:
    entries = [
        *_vector("runner", "m", 52.5, "the runner's position"),
        *_vector("runner_v", "m/s", 10.0, "the runner's velocity"),
        *_vector("runner_facing", "-", 1.0, "the direction in which the runner faces"),
        *_vector("ball", "m", 60.0, "ball relative to the runner"),
        Entry("ball_z", "m", 0.0, 10.0, "height of the ball"),
        *_vector("ball_v", "m/s", 30.0, "velocity of the ball"),
        Entry("ball_vz", "m/s", -30.0, 30.0, "vertical velocity of the ball"),
        _flag("ball_seen", "1 if the runner can see the ball"),
        _flag("carry", "1 while the crosser carries the ball"),
        _flag("look", "1 while the crosser looks up"),
        _flag("plant", "1 while the crosser plants the standing foot"),
        _flag("swing", "1 while the crosser swings the kicking leg"),
        _flag("cross", "1 while the cross is in flight and untouched"),
        _flag("loose", "1 after the first touch, while the ball is in play"),
        Entry("phase_time", "s", 0.0, 3.0, "time since the current phase began"),
        Entry("time_left", "s", 0.0, 16.0, "time left before the episode times out; the clock starts at the strike"),
        Entry(
            "hips_shown",
            "-",
            0.0,
            1.0,
            "how clearly the crosser's body shape gives the delivery away; 0 if he is out of sight",
        ),
        *_vector("hips", "m", 60.0, "landing point suggested by the crosser's body shape, relative to the runner"),
        Entry(
            "hips_low", "-", -1.0, 1.0, "1 if the body shape suggests a low ball, -1 if a high one, 0 if nothing yet"
        ),
        _flag("read_valid", "1 while the runner sees the ball and can tell from its flight where to meet it"),
        *_vector("read", "m", 60.0, "where the runner expects the ball to come within reach, relative to the runner"),
        Entry("read_time", "s", 0.0, 3.0, "time until then"),
        *_vector("crosser", "m", 60.0, "crosser relative to the runner"),
        *_vector("crosser_v", "m/s", 10.0, "the crosser's velocity"),
        *_vector("keeper", "m", 60.0, "keeper relative to the runner"),
        *_vector("keeper_v", "m/s", 10.0, "the keeper's velocity"),
    ]
    for n in range(1, NEAREST_TEAMMATES + 1):
        entries += [
            _flag(f"teammate{n}_seen", "1 if there is one and the runner can see him"),
            *_vector(f"teammate{n}", "m", 60.0, f"{_NEAREST[n - 1]} team-mate relative to the runner"),
            *_vector(f"teammate{n}_v", "m/s", 10.0, "this team-mate's velocity"),
        ]
    for n in range(1, NEAREST_OPPONENTS + 1):
        entries += [
            _flag(f"opponent{n}_seen", "1 if there is one and the runner can see him"),
            *_vector(f"opponent{n}", "m", 60.0, f"{_NEAREST[n - 1]} outfield opponent relative to the runner"),
            *_vector(f"opponent{n}_v", "m/s", 10.0, "this opponent's velocity"),
            *_vector(f"opponent{n}_gaze", "-", 1.0, "the direction in which this opponent looks"),
        ]
    entries += [
        Entry(
            "line", "m", -60.0, 60.0, "the offside line minus the runner's x: onside if positive; known without looking"
        ),
        Entry("difficulty", "-", 0.0, 1.0, "difficulty, as set by the options"),
        _flag("set_piece", "1 for a corner or free kick"),
        Entry("attackers", "players", 0.0, 11.0, "number of attackers"),
        Entry("defenders", "players", 0.0, 11.0, "number of defenders, the keeper included"),
    ]
    return tuple(entries)


LAYOUT = _layout()
SIZE = len(LAYOUT)
SCALES = np.array([entry.high for entry in LAYOUT])
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
