"""An agent that sees positions with an error: the value of a policy that would run on tracking data.

Every entry of the observation in metres gets an independent error at every decision. It is a function of the episode's
seed and the decision's number, so a cross has the same errors alone and in any batch.
"""

from typing import Any

import numpy as np

from backpost.agents.base.agent import Actions, Agent, Observations, Seeds
from backpost.agents.base.view import Mask
from backpost.envs.common.errors import InvalidValue
from backpost.envs.interface import observation
from backpost.envs.world.chance import Draw, normal
from backpost.envs.world.compile import entry
from backpost.envs.world.draws import DECISIONS

from .wrapper import AgentWrapper

POSITION_NOISE = Draw(64, 0, 0, 2, 2, 0, len(observation.LAYOUT), DECISIONS)
"""The errors: one per entry and decision. The purposes of the world (`envs.draws`) are numbered from 0."""
_PLACES = np.array([i for i, entry in enumerate(observation.LAYOUT) if entry.unit == "m"])
_SCALES = observation.SCALES[_PLACES]
_LOWEST, _HIGHEST = observation.LOWS[_PLACES] / _SCALES, observation.HIGHS[_PLACES] / _SCALES


class Noisy(AgentWrapper):
    """An agent that sees every position with a normal error.

    Args:
        agent: the agent inside.
        metres: standard deviation of the error along each axis, m.
    """

    def __init__(self, agent: Agent, metres: float = 0.3) -> None:
        if not metres > 0:
            raise InvalidValue(f"the position error must be above 0 m, got {metres}")
        errs = f"{agent.description}; sees every position with an error of {metres:g} m along each axis"
        super().__init__(agent, f"{agent.name}, places off by {metres:g} m", errs)
        self.metres = metres
        self._decision = np.zeros(0, np.int64)

    def identity(self) -> dict[str, Any]:
        """The agent inside, and the size of the errors."""
        return {"noisy": self.metres, "agent": self.agent}

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses."""
        super().reset(seeds)
        self._decision = np.zeros(len(seeds), np.int64)

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Open new crosses in some rows."""
        super().restart(which, seeds)
        self._decision[which] = 0

    def act(self, observations: Observations) -> Actions:
        """Actions (n, 4) for observations (n, SIZE) with errors; a position that is not seen (zero) stays zero."""
        errors = np.empty((len(observations), len(_PLACES)))
        draw_errors(self._seeds, self._decision, _PLACES, errors)
        self._decision += 1
        seen = observations[:, _PLACES]
        noisy = observations.copy()
        noisy[:, _PLACES] = np.where(seen == 0, seen, np.clip(seen + self.metres * errors / _SCALES, _LOWEST, _HIGHEST))
        return self.agent.act(noisy)


@entry
def draw_errors(seeds, decision, places, errors):  # type: ignore[no-untyped-def]
    """Standard normal errors (n, k) of the entries `places` (k,) at each row's decision (n,)."""
    for i in range(len(seeds)):
        for k in range(len(places)):
            errors[i, k] = normal(seeds[i], POSITION_NOISE, places[k], decision[i])
