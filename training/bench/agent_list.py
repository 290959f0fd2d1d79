"""The agents that need no file."""

from dataclasses import dataclass
from typing import ClassVar

from .result_file import Result


@dataclass(frozen=True)
class AgentList(Result):
    """A one-sentence description of each agent, by name."""

    command: ClassVar[str] = "agents"

    agents: dict[str, str]
