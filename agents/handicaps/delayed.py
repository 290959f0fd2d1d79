"""A handicap of reaction: an agent that acts on an older picture."""

from collections import deque
from typing import Any

import numpy as np

from backpost.agents.base.agent import Actions, Agent, Observations, Seeds
from backpost.agents.base.view import Mask
from backpost.envs.common.errors import InvalidValue

from .wrapper import AgentWrapper


class Delayed(AgentWrapper):
    """An agent that acts on what was seen some decisions ago: one decision is 100 ms more reaction time.

    Args:
        agent: who decides.
        decisions: how old its picture is; until then the opening of the cross is seen.

    Raises:
        InvalidValue: for a delay below one decision.
    """

    def __init__(self, agent: Agent, decisions: int = 1) -> None:
        if decisions < 1:
            raise InvalidValue(f"a delay must be 1 decision or more, got {decisions}")
        late = f"{100 * decisions} ms later"
        super().__init__(agent, f"{agent.name}, {late}", f"{agent.description}; sees everything {late}")
        self._decisions = decisions
        self._seen: deque[Observations] = deque(maxlen=decisions + 1)
        self._fresh: Mask = np.zeros(0, bool)

    def identity(self) -> dict[str, Any]:
        """The agent inside, and how late it sees."""
        return {"delayed": self._decisions, "agent": self.agent}

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses."""
        super().reset(seeds)
        self._seen.clear()
        self._fresh = np.zeros(len(seeds), bool)

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Open new crosses in some rows: nothing of the old ones is seen any more."""
        super().restart(which, seeds)
        self._fresh |= which

    def act(self, observations: Observations) -> Actions:
        """Actions (n, 4) for the observations that came some decisions before these."""
        self._seen.append(observations.copy())
        while len(self._seen) < (self._seen.maxlen or 1):
            self._seen.appendleft(observations)
        if self._fresh.any():
            for i in range(len(self._seen) - 1):
                self._seen[i] = np.where(self._fresh[:, None], observations, self._seen[i])
            self._fresh[:] = False
        return self.agent.act(self._seen[0])
