"""The agents that need no file."""

from dataclasses import dataclass
from typing import ClassVar

from .result_file import Result


@dataclass(frozen=True)
class AgentList(Result):
    """A one-sentence description of each agent, by name."""

    command: ClassVar[str] = "agents"

    agents: dict[str, str]


def table(result: AgentList) -> str:
    """The names with their descriptions, a line each."""
    width = max(map(len, result.agents))
    return "\n".join(f"{name:{width}}  {description}" for name, description in result.agents.items())
