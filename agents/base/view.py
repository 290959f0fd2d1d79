"""What a coaching rule reads from the observation, in metres and seconds, one row per cross.

A rule knows nothing here that a policy does not see. Rules treat every cross as coming from the right wing (negative
y); for the left wing the view is mirrored, and so is the action.
"""

from functools import cached_property

import numpy as np
import numpy.typing as npt

from backpost.envs.interface import observation
from backpost.envs.world import pitch
from backpost.envs.world.ball import GRAVITY
from backpost.envs.world.parameters import parameters

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NAMES = (
    *("runner_x", "runner_y", "runner_v_x", "runner_v_y", "ball_x", "ball_y", "ball_v_x", "ball_v_y"),
    *("hips_x", "hips_y", "read_x", "read_y", "crosser_x", "crosser_y", "drop_x", "drop_y"),
    *("ball_z", "ball_vz", "hips_shown", "hips_low", "read_valid", "read_time", "line", "phase_time"),
    *("drop_valid", "drop_time", "mates_time", "rivals_time", "ball_seen"),
    *("carry", "look", "plant", "swing", "cross", "loose"),
)
_COLUMNS = np.array([observation.index(name) for name in NAMES])
_SCALES = observation.SCALES[_COLUMNS]
_AT = {name: i for i, name in enumerate(NAMES)}
_SIDEWAYS = np.array([i for i, name in enumerate(NAMES) if name.endswith("_y")])

UNSEEN = 60.0
"""Distance in m assigned to absent or unseen players: too far away to matter."""


def _columns(who: str, count: int, *entries: str) -> npt.NDArray[np.int64]:
    """Columns of these entries of the nearest players in the observation, (count, entries)."""
    return np.array([[observation.index(f"{who}{n}_{entry}") for entry in entries] for n in range(1, count + 1)])


_OPPONENTS = _columns("opponent", observation.NEAREST_OPPONENTS, "seen", "x", "y", "watches")
_TEAMMATES = _columns("teammate", observation.NEAREST_TEAMMATES, "seen", "x", "y")

CUES = ("look", "plant", "swing")
_COMING = np.array([observation.index(name) for name in ("carry", *CUES, "cross")])
_CROSSER = np.array([observation.index(name) for name in ("crosser_x", "crosser_y")])
_BALL_SEEN = observation.index("ball_seen")
_WING = observation.index("wing")
OUT_WIDE = np.array([pitch.HALF_LENGTH - 12.0, -24.0])
"""Where a runner expects the ball before having seen it, in m: out wide on the right, a little short of the byline."""
_usual = parameters()[0]
STRIKE_AFTER = {cue: float(_usual[f"{cue}_time"]) for cue in CUES}
"""Seconds from the start of each cue to the strike, as a player knows from experience."""


class View:
    """A view of n crosses, mirrored to the right wing.

    Vectors have shape (n, 2), the rest (n,). `ball`, `read`, `drop`, `hips` and `crosser` are relative to the runner;
    `side` multiplies every y. The other players are read only when a rule uses them.
    """

    def __init__(self, observations: npt.NDArray[np.float32], side: Array) -> None:
        values = observations[:, _COLUMNS].astype(np.float64) * _SCALES
        values[:, _SIDEWAYS] *= side[:, None]
        self._values = values
        self._observations = observations
        self.side = side
        self.place = values[:, 0:2]
        self.velocity = values[:, 2:4]
        self.ball = values[:, 4:6]
        self.ball_velocity = values[:, 6:8]
        self.hips = values[:, 8:10]
        self.read = values[:, 10:12]
        self.crosser = values[:, 12:14]
        self.drop = values[:, 14:16]

    def __getitem__(self, name: str) -> Array:
        """An entry of the observation by name, in physical units."""
        values: Array = self._values[:, _AT[name]]
        return values

    def is_on(self, flag: str) -> Mask:
        """Whether a flag of the observation is set."""
        return self[flag] > 0.5

    @property
    def line_depth(self) -> Array:
        """Distance of the offside line from the goal line, m."""
        depth: Array = pitch.HALF_LENGTH - self.place[:, 0] - self["line"]
        return depth

    @cached_property
    def opponents(self) -> Array:
        """Nearest outfield opponents relative to the runner, (n, 5, 2)."""
        return self._nearest(_OPPONENTS)

    @cached_property
    def teammates(self) -> Array:
        """Nearest team-mates relative to the runner, (n, 3, 2)."""
        return self._nearest(_TEAMMATES)

    @cached_property
    def marker(self) -> Array:
        """The nearest visible opponent, relative to the runner, taken to be his marker, (n, 2)."""
        return self._of_marker(self.opponents)

    @cached_property
    def marker_watches(self) -> Mask:
        """Whether the marker has the runner in view, (n,)."""
        watching = self._observations[:, _OPPONENTS[:, 3:]].astype(np.float64)
        seen: Mask = self._of_marker(watching)[:, 0] > 0.5
        return seen

    def _of_marker(self, values: Array) -> Array:
        """The values (n, 2) of the nearest visible opponent, from those of all opponents (n, 5, 2)."""
        nearest = (self.opponents**2).sum(axis=2).argmin(axis=1)
        of_nearest: Array = np.take_along_axis(values, nearest[:, None, None], axis=1)[:, 0]
        return of_nearest

    def _nearest(self, columns: npt.NDArray[np.int64]) -> Array:
        """Places (n, players, 2) from their columns (players, seen-x-y-...)."""
        places = self._observations[:, columns[:, 1:3]].astype(np.float64) * observation.SCALES[columns[0, 1:3]]
        places[:, :, 1] *= self.side[:, None]
        seen = self._observations[:, columns[:, 0]] > 0.5
        result: Array = np.where(seen[:, :, None], places, UNSEEN)
        return result

    @property
    def after_strike(self) -> Mask:
        """Whether the ball has been struck, i.e. no build-up cue is shown any more."""
        return self["carry"] + self["look"] + self["plant"] + self["swing"] < 0.5

    @property
    def clock(self) -> Array:
        """Seconds from the strike as read from the cues: -9 while the ball is carried, 9 after the first touch."""
        since = self["phase_time"]
        clock = np.where(self.is_on("cross"), since, 9.0)
        clock = np.where(self.is_on("carry"), -9.0, clock)
        # A cue that lasts longer than usual never means that the next one has already begun.
        latest = (*(-STRIKE_AFTER[cue] for cue in CUES[1:]), 0.0)
        for cue, end in zip(CUES, latest, strict=True):
            clock = np.where(self.is_on(cue), np.minimum(since - STRIKE_AFTER[cue], end), clock)
        return clock

    @property
    def carries_past(self) -> Array:
        """Where the flight, ignoring drag, crosses head height on its way down (y in the pitch frame, m)."""
        vertical = self["ball_vz"]
        fall = np.maximum(self["ball_z"] - 2.0, 0.0)
        time = (vertical + np.sqrt(vertical**2 + 2.0 * GRAVITY * fall)) / GRAVITY
        landing: Array = self.place[:, 1] + self.ball[:, 1] + self.ball_velocity[:, 1] * np.clip(time, 0.0, 3.0)
        return landing


def coming(observations: npt.NDArray[np.float32]) -> Mask:
    """Where the cross has not been touched yet, (n,)."""
    return np.asarray(observations[:, _COMING].any(axis=1))


def wing(observations: npt.NDArray[np.float32]) -> Array:
    """1 where the cross comes from the right wing, -1 from the left, (n,)."""
    return np.where(observations[:, _WING] < 0.0, -1.0, 1.0)


def sees_play(observations: npt.NDArray[np.float32]) -> Mask:
    """Where the runner sees the crosser or the ball, (n,)."""
    return np.asarray(observations[:, _CROSSER].any(axis=1) | (observations[:, _BALL_SEEN] > 0.5))


def at(depth: float | Array, width: float | Array, count: int) -> Array:
    """Points `depth` metres from the goal line and `width` beyond the centre (far side positive), shape (count, 2)."""
    places = np.empty((count, 2))
    places[:, 0] = pitch.HALF_LENGTH - depth
    places[:, 1] = width
    return places
