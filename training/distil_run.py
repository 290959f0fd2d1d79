"""The run that a distilled rule tells him to make: hold, go, read the flight, meet the ball with the body open.

It is a coaching rule like any other and moves as all of them do; only its numbers change with the situation.
"""

import math
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.agents.agent import Actions, Observations, Rule
from backpost.agents.free_numbers import Numbers, number
from backpost.agents.movement import RESPONSE, TOP_SPEED
from backpost.agents.scene import Array, Mask, Scene, at
from backpost.envs import observation
from backpost.envs.compile import entry
from backpost.envs.fly import fly_step
from backpost.envs.parameters import parameters
from backpost.envs.world import PATH_LENGTH, PATH_STEP

_READ = [observation.index(name) for name in ("read_x", "read_y", "read_time")]
_FLIGHT = [observation.index(name) for name in ("ball_x", "ball_y", "ball_z", "ball_v_x", "ball_v_y", "ball_vz")]
_BODY = [observation.index(name) for name in ("runner_x", "runner_y", "runner_v_x", "runner_v_y")]
_VALID, _CROSS = observation.index("read_valid"), observation.index("cross")
_usual = parameters()


@dataclass(frozen=True)
class RunNumbers(Numbers):
    """Everything that one run is made of."""

    later: float = number(0.05, 0.0, 0.25, "s", "how much longer he lets the ball come than it must to be reached")
    hold_depth: float = number(13.0, 5.0, 22.0, "m", "where he waits: distance from the goal line")
    hold_width: float = number(3.0, -6.0, 14.0, "m", "where he waits: distance beyond the centre, far side positive")
    start: float = number(-0.3, -1.5, 0.7, "s", "start of the run, from the strike; before it by the cues")
    depth: float = number(5.0, 2.0, 14.0, "m", "target: distance from the goal line")
    width: float = number(5.0, -8.0, 12.0, "m", "target: distance beyond the centre, far side positive")
    flight: float = number(
        0.0, 0.0, 1.0, "-", "0: goes where he feels the ball come within reach; 1: works the flight out"
    )
    height: float = number(2.4, 0.4, 2.4, "m", "how low he lets the ball drop whose flight he works out")


class Run(Rule):
    """One run."""

    name = "distilled-run"
    description = "holds, goes, and meets the ball as its numbers say"
    source = "distilled from a policy"
    numbers_type = RunNumbers
    numbers: RunNumbers

    def trigger(self, scene: Scene) -> Mask:
        """When the run starts."""
        return scene.clock >= self.numbers.start

    def target(self, scene: Scene) -> Array:
        """Where it leads."""
        return at(self.numbers.depth, self.numbers.width, len(scene.place))

    def act_in(self, rows: npt.NDArray[np.int64], observations: Observations) -> Actions:
        """As every rule, but with his own reading of the flight."""
        share, height = self.numbers.flight, self.numbers.height
        return super().act_in(rows, worked_out(observations, share, height) if share > 0.0 else observations)


def like(rule: Rule) -> RunNumbers:
    """The run that is nearest to a coaching rule: its numbers where it has them, the defaults elsewhere."""
    known = {one.name for one in fields(RunNumbers)}
    values: dict[str, Any] = {name: value for name, value in asdict(rule.numbers).items() if name in known}
    if "hold_depth" not in values:
        # A rule that waits where its run would end.
        values["hold_depth"], values["hold_width"] = values.get("depth", 13.0), values.get("width", 3.0)
    return within(values)


def within(values: dict[str, float]) -> RunNumbers:
    """Numbers of a run, brought into their ranges."""
    return RunNumbers(
        **{
            one.name: min(max(values[one.name], one.metadata["low"]), one.metadata["high"])
            for one in fields(RunNumbers)
            if one.name in values
        }
    )


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
    known = met[:, 2] < math.inf
    changed = observations.copy()
    read = seen[:, _READ]
    read[known] += share * (met[known] - read[known])
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
