"""The flight of a cross worked out from what the runner sees of it, and the place where he lets it drop to.

A rule goes where the runner feels that the ball first comes within reach, and he misreads; yet where it comes down
follows from the ball's place and velocity, which the observation shows too. `FlightTeacher` is a rule who works it out
and lets the ball drop: before PPO a policy imitates him, and he is held against it. Nothing of luck is told.
"""

import math
from dataclasses import replace
from typing import Any

import numpy as np

from backpost.agents.base.agent import Actions, Observations, Seeds
from backpost.agents.base.movement import RESPONSE, TOP_SPEED
from backpost.agents.base.view import Mask
from backpost.agents.rules.rule import Rule
from backpost.envs.dynamics.fly import fly_step
from backpost.envs.interface import observation
from backpost.envs.world.compile import entry
from backpost.envs.world.parameters import parameters
from backpost.envs.world.record import PATH_LENGTH, PATH_STEP

_READ = [observation.index(name) for name in ("read_x", "read_y", "read_time")]
_FLIGHT = [observation.index(name) for name in ("ball_x", "ball_y", "ball_z", "ball_v_x", "ball_v_y", "ball_vz")]
_BODY = [observation.index(name) for name in ("runner_x", "runner_y", "runner_v_x", "runner_v_y")]
_VALID, _CROSS = observation.index("read_valid"), observation.index("cross")
_usual = parameters()

LATER = 0.05
"""s beyond the first moment at which he could take the ball: he knows where it comes, and needs no longer. Of .05
and .12 the better on fast breaks, at corners and at free kicks if he waits for the ball at .4 m."""


def worked_out(observations: Observations, share: float, height: float) -> Observations:
    """The observations (n, SIZE) with the place where the cross can be met worked out from the flight that is seen.

    Nothing is told that he does not see: from the ball's place and velocity he follows it through the air, without
    spin, to the first place that he can reach it no higher than `height` m. `share` of the way from what he felt to
    that is taken.
    """
    flying = np.flatnonzero((observations[:, _CROSS] > 0.5) & (observations[:, _VALID] > 0.5))
    if not len(flying):
        return observations
    seen = observations[flying].astype(np.float64) * observation.SCALES
    met = np.empty((len(flying), 3))
    foresee(seen[:, _FLIGHT], seen[:, _BODY], height, _usual[0], met)
    readable = met[:, 2] < math.inf
    changed = observations.copy()
    read = seen[:, _READ]
    read[readable] += share * (met[readable] - read[readable])
    changed[flying[:, None], _READ] = np.clip(read / observation.SCALES[_READ], -1.0, 1.0)
    return changed


@entry
def foresee(flight, body, height, p, met):  # type: ignore[no-untyped-def]
    """Where and when runners can first meet balls that fly without spin: `met` (n, 3) relative x, y and seconds.

    `flight` (n, 6) is the ball's place relative to the runner and its velocity, `body` (n, 4) his own; balls above
    `height` are let drop; never: infinity.
    """
    highest = min(height, p.head_reach_height)
    for i in range(len(flight)):
        x, y, z = body[i, 0] + flight[i, 0], body[i, 1] + flight[i, 1], flight[i, 2]
        vx, vy, vz = flight[i, 3], flight[i, 4], flight[i, 5]
        met[i, 2] = math.inf
        for k in range(PATH_LENGTH):
            x, y, z, vx, vy, vz = fly_step(x, y, z, vx, vy, vz, 0.0, 0.0, 0.0, p, PATH_STEP)
            if z > highest:
                continue
            time = (k + 1) * PATH_STEP
            drift = (1.0 - math.exp(-RESPONSE * time)) / RESPONSE
            radius = TOP_SPEED * (time - drift) + p.head_reach
            dx, dy = x - body[i, 0] - body[i, 2] * drift, y - body[i, 1] - body[i, 3] * drift
            if dx * dx + dy * dy <= radius * radius:
                met[i, 0], met[i, 1], met[i, 2] = x - body[i, 0], y - body[i, 1], time
                break


class FlightTeacher:
    """A rule that works the flight out.

    Args:
        rule: whom it copies, numbers included, but for `LATER`.
        height: to which he lets the ball drop, m.
    """

    def __init__(self, rule: Rule, height: float) -> None:
        self.rule, self.height = type(rule)(replace(rule.numbers, later=LATER)), height
        self.name = f"{rule.name} who works the flight out"
        self.description = f"{rule.description}, and lets the ball drop to {height:g} m"

    def identity(self) -> dict[str, Any]:
        """The rule with its numbers, and the height to which it lets the ball drop."""
        return {"flight teacher": self.height, "agent": self.rule}

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses."""
        self.rule.reset(seeds)

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Open new crosses in some rows."""
        self.rule.restart(which, seeds)

    def act(self, observations: Observations) -> Actions:
        """Actions (n, 4) for observations (n, SIZE)."""
        return self.rule.act(worked_out(observations, 1.0, self.height))
