"""An agent around another: base of those who see or note something else, and leave the deciding to the inner one."""

import numpy as np

from backpost.agents.base.agent import Actions, Agent, Observations, Seeds
from backpost.agents.base.view import Mask


class AgentWrapper:
    """Everything is the inner agent's; subclasses change what he sees, or note what he does, in `act`.

    Args:
        agent: who decides.
        name: how tables call this one; by default as the inner one.
        description: by default that of the inner one.
    """

    def __init__(self, agent: Agent, name: str = "", description: str = "") -> None:
        self.agent = agent
        self.name = name or agent.name
        self.description = description or agent.description
        self._seeds: Seeds = np.zeros(0, np.uint64)

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses."""
        self.agent.reset(seeds)
        self._seeds = seeds.copy()

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Open new crosses in some rows."""
        self.agent.restart(which, seeds)
        self._seeds[which] = seeds[which]

    def act(self, observations: Observations) -> Actions:
        """Actions (n, 4) for observations (n, SIZE)."""
        return self.agent.act(observations)
