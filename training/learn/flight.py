"""Works out the flight of a cross from what the runner sees, and where he meets it after letting it drop.

A rule goes where the runner judges that the ball first comes within reach, and he misreads. Yet where the ball comes
down follows from its position and velocity, which the observation also shows. `FlightTeacher` is a rule that works this
out and lets the ball drop: a policy imitates it before PPO, and is compared with it. It has no access to luck.
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
"""Delay after the first moment at which the runner could take the ball, s; he knows where it arrives and needs no more.
The better of .05 and .12 on fast breaks, corners and free kicks if he waits for the ball at .4 m."""


def worked_out(observations: Observations, share: float, height: float) -> Observations:
    """The observations (n, SIZE) with the meeting point of the cross worked out from the observed flight.

    Only observed values are used: the ball is followed from its position and velocity, without spin, to the first place
    where the runner can reach it no higher than `height` m. The result lies `share` of the way from the runner's own
    reading to that place.
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
    read = np.clip(read, observation.LOWS[_READ], observation.HIGHS[_READ])
    changed[flying[:, None], _READ] = read / observation.SCALES[_READ]
    return changed


@entry
def foresee(flight, body, height, p, met):  # type: ignore[no-untyped-def]
    """Where and when runners can first meet balls that fly without spin: `met` (n, 3), relative x, y and seconds.

    `flight` (n, 6) is the ball's position relative to the runner and its velocity, `body` (n, 4) the runner's own.
    Balls above `height` are left to drop. The time is infinite where the ball cannot be met.
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
        rule: the rule it copies, numbers included, except `later`, which is `LATER`.
        height: height to which it lets the ball drop, m.
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
