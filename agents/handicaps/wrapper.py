"""An agent around another: base of wrappers that change or record something, and leave decisions to the inner agent."""

import numpy as np

from backpost.agents.base.agent import Actions, Agent, Observations, Seeds
from backpost.agents.base.view import Mask


class AgentWrapper:
    """Delegates everything to the inner agent; subclasses change what it sees, or record what it does, in `act`.

    Args:
        agent: the agent inside.
        name: its name in tables; by default that of the inner agent.
        description: by default that of the inner agent.
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
