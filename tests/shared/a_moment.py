"""Moments made by hand: a few players, a ball, and what the world makes of them in the next decisions.

A law needs no whole cross. A record of two players answers within milliseconds, in plain Python too, and what it
says does not hang on how crosses are dealt or on what the parameters are calibrated to.
"""

from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.envs import Crosses, Options
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import (
    ATTACKERS,
    CROSS,
    CROSSER,
    DECISION_TIME,
    KEEPER,
    ROLE_CROSSER,
    ROLE_KEEPER,
    ROLE_TEAMMATE,
    ROLE_ZONAL,
    SWING,
    new_worlds,
)

RADIUS = 0.11
"""Height of the centre of a ball on the grass, m."""
START = 30
"""Decisions that lie behind every moment."""
NOW = START * DECISION_TIME
"""Seconds since the start of the episode."""
SINCE = NOW - 2.0
"""When the phase began: everybody has reacted long ago."""


def moment(count: int = 1, phase: int = CROSS) -> np.recarray:
    """`count` records alike but for their seeds, (count,): an empty pitch, the ball at rest on the penalty spot."""
    worlds = new_worlds(count)
    worlds.seed = episode_seeds("verify", 40, 0, count)
    worlds.phase, worlds.decisions, worlds.time, worlds.phase_since = phase, START, NOW, SINCE
    worlds.limit = worlds.line_x = 90.0
    worlds.delivery.strike_at = SINCE if phase > SWING else 90.0
    if phase > SWING:
        worlds.delivery.struck_at = SINCE
    worlds.ball.touches = 1
    worlds.ball.last_touch = CROSSER
    lay(worlds, HALF_LENGTH - 11.0, 0.0)
    return worlds


def lay(worlds: np.recarray, x: float, y: float, z: float = RADIUS, vx: float = 0.0, vy: float = 0.0) -> None:
    """Put the ball there, m, with this horizontal velocity, m/s."""
    for name, value in (("x", x), ("y", y), ("z", z), ("vx", vx), ("vy", vy), ("vz", 0.0)):
        worlds["ball"][name] = value


def put(worlds: np.recarray, i: int, x: float, y: float, **fields: Any) -> None:
    """Put player `i` there, standing and facing the opponents' goal line, unless `fields` say otherwise.

    Nobody decides for him: he stands unless his intent is given, or `outside=0` lets his role decide.
    """
    role = ROLE_TEAMMATE if i < ATTACKERS else ROLE_ZONAL
    role = {CROSSER: ROLE_CROSSER, KEEPER: ROLE_KEEPER}.get(i, role)
    usual = {"present": 1, "outside": 1, "role": role, "x": x, "y": y, "home_x": x, "home_y": y, "top_speed": 8.0}
    usual |= {"reaction": 0.25, "check_rate": 0.5, "check_wait": 50.0, "fx": 1.0 if i < ATTACKERS else -1.0}
    usual |= {"jump": 2.4}
    for name, value in (usual | fields).items():
        worlds["players"][name][:, i] = value


def opened(worlds: np.recarray, **options: Any) -> Crosses:
    """These records in play."""
    crosses = Crosses("OpenPlay", len(worlds), options=Options.of(**options))
    crosses.restore(worlds)
    return crosses


def after(
    worlds: np.recarray, decisions: int = 1, actions: npt.ArrayLike = (0.0, 0.0, 0.0, 0.0), **parameters: float
) -> np.recarray:
    """The records (n,) so many decisions later, the runner doing the same in each; `parameters` of the world."""
    crosses = opened(worlds, parameters=parameters)
    for _ in range(decisions):
        crosses.step(np.broadcast_to(np.asarray(actions, float), (len(worlds), 4)))
    return crosses.snapshot()
