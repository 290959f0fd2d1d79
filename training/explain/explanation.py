"""The content of an explanation: what it explains, and one part for each question about the agent's runs."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from backpost.envs.common.errors import InvalidValue
from backpost.training.bench.result_file import Result
from backpost.training.distil.distil import ExplainedRule

from .cues import Cues
from .exploits import Exploits
from .shift import Sweep
from .where import Where

PARTS = ("where", "shift", "cues", "rule", "exploits")
"""Parts of an explanation, in order."""


@dataclass(frozen=True)
class Explanation(Result):
    """The result of `explain`; a part that was left out, or has not been played yet, is None.

    Attributes:
        environment: the environment in which the agent ran.
        agent: its name in tables.
        source: the name or policy file with which it was requested.
        best_rule: the coaching rule it is compared with.
        options: options of the environment.
        crosses: number of crosses; parts that play them many times use a share of them.
        first_seed: number of the first seed.
        label: label of the crosses.
        level: confidence level of each interval on its own.
        who: the agent's identity.
        beside: the rule's identity.
        files: SHA-256 of the files that the options name.
        format: format of the parts.
        extension: version and first deals of the scenario, if another package registered it.
        where: when and where both run.
        shift: what the timing of their runs is worth, by name.
        cues: what each cue is worth to the agent.
        rule: the agent as a rule in words.
        exploits: whether the agent wins by playing football.

    Raises:
        InvalidValue: if a part is about agents other than these two.
    """

    command: ClassVar[str] = "explain"

    environment: str
    agent: str
    source: str
    best_rule: str
    options: dict[str, Any]
    crosses: int
    first_seed: int
    label: str
    level: float
    who: dict[str, Any] | None
    beside: dict[str, Any] | None
    files: dict[str, str]
    format: int
    extension: str | None = None
    where: Where | None = None
    shift: dict[str, Sweep] | None = None
    cues: Cues | None = None
    rule: ExplainedRule | None = None
    exploits: Exploits | None = None

    def __post_init__(self) -> None:
        names = [] if self.where is None else [set(self.where.runs), set(self.where.maps)]
        names += [] if self.shift is None else [set(self.shift)]
        if any(part != {self.agent, self.best_rule} for part in names):
            raise InvalidValue(f"an explanation is about {self.agent} beside {self.best_rule} in all its parts")

    def head(self) -> "Explanation":
        """The explanation without its parts."""
        return replace(self, where=None, shift=None, cues=None, rule=None, exploits=None)
