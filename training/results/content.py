"""The content of the results: the comparison in every environment, and the claims about the policies."""

from dataclasses import dataclass
from typing import Any, ClassVar

from backpost.envs.common.errors import InvalidValue
from backpost.training.bench.comparison import AgainstFirst, AgentSummary, check_tests
from backpost.training.bench.result_file import Result
from backpost.training.bench.statistics import Interval


@dataclass(frozen=True)
class PolicyFile:
    """What a policy file says about itself.

    Attributes:
        file: file name.
        sha256: SHA-256 of its content.
        trained_in: id of the environment.
        base_rule: name and numbers of the coaching rule that it corrects; None without one.
        provenance: how it was trained.
    """

    file: str
    sha256: str
    trained_in: str
    base_rule: dict[str, Any] | None
    provenance: dict[str, Any]


@dataclass(frozen=True)
class Claim:
    """The claim about a policy against all coaching rules.

    Attributes:
        beats_every_rule: the intersection-union test against every baseline.
        closest: the baseline with the lowest bound.
        lowest_bound: the one-sided 99 % lower bound of the lead over it, xG per 100 crosses.
        over_best_rule: the lead over the best rule.
    """

    beats_every_rule: bool
    closest: str
    lowest_bound: float
    over_best_rule: Interval


@dataclass(frozen=True)
class GeneralistClaim(Claim):
    """The claim about the generalist.

    Attributes:
        share_of_gain: share of the learned policy's lead over the best rule; None if that lead may be zero.
    """

    share_of_gain: Interval | None


@dataclass(frozen=True)
class Claims:
    """The claims in one environment; none about the generalist where it is the learned policy itself."""

    learned: Claim
    generalist: GeneralistClaim | None


@dataclass(frozen=True)
class EnvironmentResults:
    """The results in one environment.

    Attributes:
        environment: short name of the environment.
        policy: the file of the learned policy.
        best_rule: the best rule, chosen on other crosses.
        agents: the summary of each agent, the learned policy first.
        against_first: the learned policy's tests against all others.
        over_best_rule: every other agent's lead over the best rule, each interval on its own.
        claims: the claims about the policies.

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
    """What `results` returns; goals and xG are per 100 crosses.

    Attributes:
        crosses: number of crosses of every agent in every environment.
        label: label of the crosses.
        ball: "free": the crosser responds to each run.
        level: simultaneous level of the intervals of all comparisons.
        one_sided: level of the one-sided bounds.
        comparisons: total number of announced comparisons.
        environments: the results in each environment.
    """

    command: ClassVar[str] = "results"

    crosses: int
    label: str
    ball: str
    level: float
    one_sided: float
    comparisons: int
    environments: tuple[EnvironmentResults, ...]
