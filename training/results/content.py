"""What the results hold: in every environment its comparison, and what is claimed of the policies."""

from dataclasses import dataclass
from typing import Any, ClassVar

from backpost.envs.common.errors import InvalidValue
from backpost.training.bench.comparison import AgainstFirst, AgentSummary, check_tests
from backpost.training.bench.result_file import Result
from backpost.training.bench.statistics import Interval


@dataclass(frozen=True)
class PolicyFile:
    """What a policy's file says of itself.

    Attributes:
        file: its name.
        sha256: of its bytes.
        trained_in: id of the environment.
        base_rule: name and numbers of the coaching rule that it corrects; None if it corrects none.
        provenance: how it was trained.
    """

    file: str
    sha256: str
    trained_in: str
    base_rule: dict[str, Any] | None
    provenance: dict[str, Any]


@dataclass(frozen=True)
class Claim:
    """What is claimed of a policy against all of coaching.

    Attributes:
        beats_every_rule: the intersection-union test against every baseline.
        closest: the baseline with the lowest bound.
        lowest_bound: the one-sided 99 % bound of the lead over it, xG per 100 crosses.
        over_best_rule: the lead over the best rule.
    """

    beats_every_rule: bool
    closest: str
    lowest_bound: float
    over_best_rule: Interval


@dataclass(frozen=True)
class GeneralistClaim(Claim):
    """What is claimed of the generalist.

    Attributes:
        share_of_gain: of the learned policy's lead over the best rule; None where that may be nothing.
    """

    share_of_gain: Interval | None


@dataclass(frozen=True)
class Claims:
    """What is claimed in one environment; nothing of the generalist where it is the learned policy itself."""

    learned: Claim
    generalist: GeneralistClaim | None


@dataclass(frozen=True)
class EnvironmentResults:
    """The results in one environment.

    Attributes:
        environment: its short name.
        policy: of the learned policy.
        best_rule: chosen on other crosses.
        agents: what each came to, the learned policy first.
        against_first: its tests against all others.
        over_best_rule: every other agent's lead over the best rule, each interval for itself.
        claims: of the policies.

    Raises:
        InvalidValue: if the best rule is not among the agents, or tests are missing.
    """

    environment: str
    policy: PolicyFile
    best_rule: str
    agents: tuple[AgentSummary, ...]
    against_first: AgainstFirst
    over_best_rule: dict[str, Interval]
    claims: Claims

    def __post_init__(self) -> None:
        check_tests(self.agents, self.against_first)
        if {self.best_rule, *self.over_best_rule} != {row.name for row in self.agents}:
            raise InvalidValue("results tell every agent's lead over the best rule")


@dataclass(frozen=True)
class Results(Result):
    """What `results` returns; values of goals and xG are per 100 crosses.

    Attributes:
        crosses: of every agent in every environment.
        label: of the crosses.
        ball: "free": the crosser answers each run.
        level: at which the intervals of all comparisons hold together.
        one_sided: level of the one-sided bounds.
        comparisons: how many were announced in all.
        environments: their results.
    """

    command: ClassVar[str] = "results"

    crosses: int
    label: str
    ball: str
    level: float
    one_sided: float
    comparisons: int
    environments: tuple[EnvironmentResults, ...]
