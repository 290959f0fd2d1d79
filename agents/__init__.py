"""The agents that can control the runner, registered by name. Imports the folders below and `envs`."""

from backpost.agents.base.registry import register_agent
from backpost.agents.rules.registry import register_rule

from .registry import agent

__all__ = ["agent", "register_agent", "register_rule"]
