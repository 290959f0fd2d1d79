"""What a ceiling holds: what agents, planner and clairvoyant are worth, and how much of the gap each agent closes."""

from dataclasses import dataclass
from typing import Any, ClassVar

from backpost.agents.planners.planner import Budget
from backpost.envs.common.errors import InvalidValue

from .result_file import Result
from .statistics import Interval

SETTLED = 0.1
"""Gain of a doubled budget, xG per 100 crosses, below which the clairvoyant stops."""


@dataclass(frozen=True)
class MeasuredAgent:
    """One agent below the ceiling.

    Attributes:
        name: in tables.
        xg: what it is worth.
        share_of_planner: of the gap from the best rule to the planner, how much it closes; None for the best rule, and
            where the gap may be nothing.
        share_of_clairvoyant: the same of the gap to the best run found.
    """

    name: str
    xg: Interval
    share_of_planner: Interval | None
    share_of_clairvoyant: Interval | None


@dataclass(frozen=True)
class PlannerResult:
    """What the planner without foresight is worth, and how far it is ahead of the best rule."""

    xg: Interval
    over_best_rule: Interval


@dataclass(frozen=True)
class Tries:
    """What the best run found is worth after so many tries in each cross."""

    tries: int
    xg: float


@dataclass(frozen=True)
class ClairvoyantResult:
    """The best run found by knowing everything.

    Attributes:
        xg: what it is worth.
        over_planner: how far it is ahead of the planner.
        below_an_agent: crosses in which an agent or the planner did better.
        settled: whether the last doubling of its tries brought less than `SETTLED`.
        curve: what it is worth by its tries.
    """

    xg: Interval
    over_planner: Interval
    below_an_agent: int
    settled: bool
    curve: tuple[Tries, ...]


@dataclass(frozen=True)
class Ceiling(Result):
    """What `ceiling` returns; values of xG are per 100 crosses.

    Attributes:
        environment: where it was played.
        options: of the environment.
        files: SHA-256 of the files that the options name.
        crosses: that planner and clairvoyant played.
        measured: that the agents played; the first of them are those of planner and clairvoyant.
        first_seed: number of the first.
        label: of the crosses.
        ball: "free": the crosser answers each run.
        level: of every interval, each for itself.
        best_rule: chosen on other crosses.
        who: the identity of every agent, by its name in tables; None if it does not say.
        planner_budget: how hard the planner thinks.
        certified: what is proven about it.
        agents: what each is worth.
        planner: what the planner is worth.
        clairvoyant: what the best run found is worth.

    Raises:
        InvalidValue: if an agent has no identity.
    """

    command: ClassVar[str] = "ceiling"

    environment: str
    options: dict[str, Any]
    files: dict[str, str]
    crosses: int
    measured: int
    first_seed: int
    label: str
    ball: str
    level: float
    best_rule: str
    who: dict[str, dict[str, Any] | None]
    planner_budget: Budget
    certified: str
    agents: tuple[MeasuredAgent, ...]
    planner: PlannerResult
    clairvoyant: ClairvoyantResult

    def __post_init__(self) -> None:
        if not self.agents or {row.name for row in self.agents} != set(self.who):
            raise InvalidValue("a ceiling has agents and says who they are")

    def agent(self, name: str) -> MeasuredAgent | None:
        """The row of an agent, if it was measured."""
        return next((row for row in self.agents if row.name == name), None)


def table(result: Ceiling) -> str:
    """The ceiling for people."""
    width = max(len(row.name) for row in result.agents) + 22
    level = f"{100 * result.level:g} %"
    lines = [
        f"{result.environment}: agents on {result.measured} crosses, planner and best run found on the first "
        f"{result.crosses}; free play, xG per 100 crosses, {level} intervals",
        f"{'':<{width}}{'xG':>7}{'':>16}  share of the gap from the best rule to the planner / to the best run found",
    ]
    for row in result.agents:
        shares = f"{_share(row.share_of_planner)} / {_share(row.share_of_clairvoyant)}"
        lines.append(
            f"{row.name:<{width}}{_worth(row.xg)}  {'the best rule' if row.name == result.best_rule else shares}"
        )
    planner, best = result.planner, result.clairvoyant
    lines.append(f"{'planner, no foresight':<{width}}{_worth(planner.xg)}  best rule {_lead(planner.over_best_rule)}")
    lines.append(f"{'best run found':<{width}}{_worth(best.xg)}  planner {_lead(best.over_planner)}")
    curve = ", ".join(f"{point.tries}: {point.xg:.2f}" for point in best.curve)
    lines.append(f"\nbest run found by tries in each cross: {curve}")
    if best.settled:
        lines.append(f"the last doubling brought less than {SETTLED:g} per 100 crosses")
    else:
        lines.append("it was still rising when the budget ended: the best run that exists is better than this")
    lines.append(f"below some agent in {best.below_an_agent} of {result.crosses} crosses")
    lines.append(result.certified)
    return "\n".join(lines)


def _worth(interval: Interval) -> str:
    return f"{interval.mean:>7.3f}{interval.low:>8.2f}..{interval.high:<6.2f}"


def _lead(interval: Interval) -> str:
    return f"{interval.mean:+.3f} ({interval.low:+.2f}..{interval.high:+.2f})"


def _share(share: Interval | None) -> str:
    if share is None:
        return "no share (the gap may be nothing)"
    return f"{100 * share.mean:.0f} % ({100 * share.low:.0f}..{100 * share.high:.0f})"
