"""Agents by name: what `agent(name)` returns, and how to register an agent."""

from collections.abc import Callable
from dataclasses import dataclass

from backpost.envs.common.errors import InvalidValue
from backpost.envs.common.registry import (
    Registry,
    calling_module,
    checked_function,
    checked_name,
    checked_text,
)

from .agent import Agent

Make = Callable[[str], Agent]
"""(name of a scenario) -> a new agent for that scenario."""

GROUPS = ("all-rules", "best-rule", "best")
"""Names that stand for other agents on the command line and in settings."""
_METHODS = ("reset", "restart", "act")


@dataclass(frozen=True)
class Registered:
    """A registered agent; see `register_agent` for its fields."""

    name: str
    description: str
    make: Make

    def made(self, scenario: str) -> Agent:
        """A new agent for a scenario.

        Raises:
            InvalidValue: if `make` does not return an agent of this name.
            InvalidFile: for a shipped policy that is missing.
        """
        agent = self.make(scenario)
        lacking = [method for method in _METHODS if not callable(getattr(agent, method, None))]
        if lacking:
            raise InvalidValue(
                f"agent {self.name} must have the methods reset, restart and act (`agents.base.agent.Agent`), lacks "
                f"{', '.join(lacking)}"
            )
        if getattr(agent, "name", None) != self.name or not isinstance(getattr(agent, "description", None), str):
            raise InvalidValue(f"agent {self.name} must have name = {self.name!r} and a text as description")
        return agent


AGENTS: Registry[Registered] = Registry("agent")
"""All agents that do not need a file, by name."""


def register_agent(name: str, make: Make, *, description: str, replace: bool = False) -> None:
    """Register an agent, so that its name is accepted wherever an agent is named.

    Args:
        name: letters, digits, hyphens and underscores.
        make: (name of the scenario) -> a new agent with this name: an object with the attributes and methods of
            `backpost.agents.base.agent.Agent`. It is called for every batch of crosses.
        description: one line, for `backpost agents`.
        replace: allow a name that another extension, or an earlier notebook cell, has already registered.

    An agent whose play is to be stored (`--keep`) needs a method `identity()` (`agents.base.identity`). An agent that
    moves as coaching rules do is better written as a rule: `agents.rules.registry.register_rule`.

    Raises:
        InvalidValue: for a name that is taken or invalid, or a `make` that does not accept a scenario.

    Example:
        An agent that always sprints straight at the goal:

        >>> import numpy as np
        >>> from backpost.agents import agent, register_agent
        >>> class Straight:
        ...     name, description = "straight", "sprints straight at the goal line"
        ...     def reset(self, seeds):
        ...         pass
        ...     def restart(self, which, seeds):
        ...         pass
        ...     def act(self, observations):
        ...         return np.tile(np.float32([1.0, 0.0, 0.0, 0.0]), (len(observations), 1))
        ...     def identity(self):
        ...         return {"version": 1}
        >>> register_agent("straight", lambda scenario: Straight(), description=Straight.description)
        >>> agent("straight", "Corner").name
        'straight'
    """
    add(name, make, description, calling_module(), replace)


def add(name: str, make: Make, description: str, origin: str, replace: bool) -> None:
    """Register an agent on behalf of the module `origin`.

    Raises:
        InvalidValue: see `register_agent`.
    """
    checked_name("agent", name)
    if name in GROUPS:
        raise InvalidValue(f"{', '.join(GROUPS)} stand for other agents and cannot be registered")
    checked_text(f"the description of agent {name}", description)
    checked_function(f"make of agent {name}", make, "scenario")
    AGENTS.add(name, Registered(name, description, make), origin, replace)
