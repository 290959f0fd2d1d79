"""An agent that misreads the flight: the value of a policy that reads the ball no better than the rules do.

Rules use the runner's own reading of where the ball will arrive, whose error grows with how far ahead he reads. The
ball's velocity, from which a policy can work out the same, is observed without error. Here that velocity gets its own
error in every cross, as large as the runner's: a metre for each second that he looks ahead. It is a function of the
episode's seed, so a cross has the same error alone and in any batch.
"""

from typing import Any

import numpy as np

from backpost.agents.base.agent import Actions, Agent, Observations
from backpost.envs.common.errors import InvalidValue
from backpost.envs.interface import observation
from backpost.envs.world.parameters import parameters

from .noise import draw_errors
from .wrapper import AgentWrapper

ERROR = float(parameters()["runner_read_error"][0])
"""m/s along each horizontal axis."""
_VELOCITY = np.array([observation.index(name) for name in ("ball_v_x", "ball_v_y")])
_FLIES = observation.index("cross")


class Misreading(AgentWrapper):
    """An agent that sees the cross with a wrong velocity.

    Args:
        agent: the agent inside.
        error: standard deviation of the error in the ball's velocity along each horizontal axis, m/s.
    """

    def __init__(self, agent: Agent, error: float = ERROR) -> None:
        if not error > 0:
            raise InvalidValue(f"the error of the ball's velocity must be above 0 m/s, got {error}")
        misreads = f"{agent.description}; misreads the ball's velocity by {error:.2f} m/s along each axis"
        super().__init__(agent, f"{agent.name}, flight misread", misreads)
        self.error = error

    def identity(self) -> dict[str, Any]:
        """The agent inside, and the size of the error."""
        return {"misreading": self.error, "agent": self.agent}

    def act(self, observations: Observations) -> Actions:
        """Actions (n, 4) for observations (n, SIZE) with an error in the ball's velocity."""
        flying = observations[:, _FLIES] > 0.5
        if not flying.any():
            return self.agent.act(observations)
        errors = np.empty((len(observations), len(_VELOCITY)))
        draw_errors(self._seeds, np.zeros(len(observations), np.int64), _VELOCITY, errors)
        seen = observations[:, _VELOCITY] + self.error * errors / observation.SCALES[_VELOCITY]
        misread = observations.copy()
        misread[:, _VELOCITY] = np.where(flying[:, None], np.clip(seen, -1.0, 1.0), observations[:, _VELOCITY])
        return self.agent.act(misread)
