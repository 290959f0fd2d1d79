"""The content of a ceiling: the worth of agents, planner and clairvoyant, and how much of the gap each agent closes."""

from dataclasses import dataclass
from typing import Any, ClassVar

from backpost.agents.planners.planner import Budget
from backpost.envs.common.errors import InvalidValue

from .result_file import Result
from .statistics import Interval

SETTLED = 0.1
"""Gain from doubling the budget below which the clairvoyant stops, xG per 100 crosses."""


@dataclass(frozen=True)
class MeasuredAgent:
    """One agent below the ceiling.

    Attributes:
        name: its name in tables.
        xg: what it is worth.
        share_of_planner: share that it closes of the gap from the best rule to the planner; None for the best rule, and
            if the gap may be zero.
        share_of_clairvoyant: the same for the gap to the best run found.
    """

    name: str
    xg: Interval
    share_of_planner: Interval | None
    share_of_clairvoyant: Interval | None


@dataclass(frozen=True)
class PlannerResult:
    """What the planner without foresight is worth, and its lead over the best rule."""

    xg: Interval
    over_best_rule: Interval


@dataclass(frozen=True)
class Tries:
    """What the best run found is worth after `tries` tries in each cross."""

    tries: int
    xg: float


@dataclass(frozen=True)
class ClairvoyantResult:
    """The best run found by knowing everything.

    Attributes:
        xg: what it is worth.
        over_planner: its lead over the planner.
        below_an_agent: number of crosses in which an agent or the planner did better.
        settled: whether the last doubling of its tries gained less than `SETTLED`.
        curve: what it is worth by number of tries.
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
        environment: the environment.
        options: options of the environment.
        files: SHA-256 of the files that the options name.
        crosses: number of crosses that planner and clairvoyant played.
        measured: number of crosses that the agents played, beginning with those of planner and clairvoyant.
        first_seed: number of the first cross.
        label: label of the crosses.
        ball: "free": the crosser responds to each run.
        level: level of each interval separately.
        best_rule: the best rule, chosen on other crosses.
        who: the identity of every agent, by its name in tables; None if it has none.
        planner_budget: the planner's budget.
        certified: what is proven about the ceiling.
        agents: what each is worth.
        planner: what the planner is worth.
        clairvoyant: what the best run found is worth.

    Raises:
        InvalidValue: if there are no agents, or `who` does not name exactly these agents.
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
    """The ceiling as text."""
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
        return "no share (the gap may be zero)"
    return f"{100 * share.mean:.0f} % ({100 * share.low:.0f}..{100 * share.high:.0f})"
