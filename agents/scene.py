"""What a coaching rule reads from the observation, in metres and seconds, one row a cross.

Nothing here is known to a rule that a policy does not see. Rules think of the cross as coming from the right wing
(negative y); on the left wing the scene is mirrored, and so is the action.
"""

import numpy as np
import numpy.typing as npt

from backpost.envs import observation, pitch
from backpost.envs.fly import GRAVITY
from backpost.envs.parameters import parameters

Array = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

NAMES = (
    *("runner_x", "runner_y", "runner_v_x", "runner_v_y", "ball_x", "ball_y", "ball_v_x", "ball_v_y"),
    *("hips_x", "hips_y", "read_x", "read_y", "crosser_x", "crosser_y"),
    *("ball_z", "ball_vz", "hips_shown", "hips_low", "read_valid", "read_time", "line", "phase_time"),
    *("carry", "look", "plant", "swing", "cross", "loose"),
)
_COLUMNS = np.array([observation.index(name) for name in NAMES])
_SCALES = observation.SCALES[_COLUMNS]
_AT = {name: i for i, name in enumerate(NAMES)}
_SIDEWAYS = np.array([i for i, name in enumerate(NAMES) if name.endswith("_y")])

CUES = ("look", "plant", "swing")
_usual = parameters()[0]
STRIKE_AFTER = {cue: float(_usual[f"{cue}_time"]) for cue in CUES}
"""Seconds from the beginning of each cue to the strike, as a player knows it from experience."""


class Scene:
    """One look at n crosses, mirrored to the right wing.

    Vectors have shape (n, 2), the rest (n,). `ball`, `read`, `hips` and `crosser` are relative to the runner; `side`
    multiplies every y.
    """

    def __init__(self, observations: npt.NDArray[np.float32], side: Array) -> None:
        values = observations[:, _COLUMNS].astype(np.float64) * _SCALES
        values[:, _SIDEWAYS] *= side[:, None]
        self._values = values
        self.side = side
        self.place = values[:, 0:2]
        self.velocity = values[:, 2:4]
        self.ball = values[:, 4:6]
        self.ball_velocity = values[:, 6:8]
        self.hips = values[:, 8:10]
        self.read = values[:, 10:12]
        self.crosser = values[:, 12:14]

    def __getitem__(self, name: str) -> Array:
        """An entry of the observation by its name, in physical units."""
        values: Array = self._values[:, _AT[name]]
        return values

    def is_on(self, flag: str) -> Mask:
        """Whether a flag of the observation is set."""
        return self[flag] > 0.5

    @property
    def after_strike(self) -> Mask:
        """Whether the ball has been struck: no cue of the build-up is shown any more."""
        return self["carry"] + self["look"] + self["plant"] + self["swing"] < 0.5

    @property
    def clock(self) -> Array:
        """Seconds from the strike as the cues tell it: -9 while the ball is carried, 9 after the first touch."""
        since = self["phase_time"]
        clock = np.where(self.is_on("cross"), since, 9.0)
        clock = np.where(self.is_on("carry"), -9.0, clock)
        # A cue that lasts longer than usual never means that the next one is there already.
        latest = (*(-STRIKE_AFTER[cue] for cue in CUES[1:]), 0.0)
        for cue, end in zip(CUES, latest, strict=True):
            clock = np.where(self.is_on(cue), np.minimum(since - STRIKE_AFTER[cue], end), clock)
        return clock

    @property
    def carries_past(self) -> Array:
        """Where the flight, without air, crosses head height on its way down (y in the pitch's frame, m)."""
        vertical = self["ball_vz"]
        fall = np.maximum(self["ball_z"] - 2.0, 0.0)
        time = (vertical + np.sqrt(vertical**2 + 2.0 * GRAVITY * fall)) / GRAVITY
        landing: Array = self.place[:, 1] + self.ball[:, 1] + self.ball_velocity[:, 1] * np.clip(time, 0.0, 3.0)
        return landing


def wing(observations: npt.NDArray[np.float32]) -> Array:
    """1 where the crosser is on the right wing, -1 on the left, (n,)."""
    crosser_y = observation.read(observations, "runner_y") + observation.read(observations, "crosser_y")
    return np.where(crosser_y > 0.0, -1.0, 1.0)


def at(depth: float | Array, width: float | Array, count: int) -> Array:
    """Places `depth` metres from the goal line and `width` beyond the centre (far side positive), shape (count, 2)."""
    places = np.empty((count, 2))
    places[:, 0] = pitch.HALF_LENGTH - depth
    places[:, 1] = width
    return places
