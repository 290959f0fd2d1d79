"""The content of a comparison: a summary of each agent, and the tests of the first agent against the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from backpost.envs.common.errors import InvalidValue
from backpost.envs.interface.outcome import ZONES
from backpost.envs.world.record import OUTCOMES, PLAYING

from .result_file import Result
from .statistics import Interval, Quartiles

LEVEL = 0.95
"""Level of the intervals."""
ONE_SIDED = 0.99
"""Level of the one-sided bounds."""
ENDINGS = tuple(name for n, name in enumerate(OUTCOMES) if n != PLAYING)
"""How a cross can end."""


@dataclass(frozen=True)
class AgentSummary:
    """Summary of one agent's crosses.

    Rates, goals and xG are per 100 crosses. Times are in seconds from the strike, positions in metres, speeds in m/s.

    Attributes:
        name: its name in tables.
        agent: the agent name or policy file as requested.
        description: a one-sentence description.
        xg: expected goals of the team.
        own_xg: expected goals from the runner's own shots.
        goals: goals scored.
        meets: how often the runner gets to the ball.
        shoots: how often he shoots.
        xg_given_meets: expected goals when he gets to the ball; None if he never does.
        outcomes: how crosses end, by `ENDINGS`.
        zones_met: per 100 balls that he meets, how many in each of `ZONES`.
        start: when his run starts.
        arrival: when he meets the ball, or it passes him.
        place_x: where he meets the ball, along the pitch.
        place_y: where he meets it, across the pitch; positive towards the far side.
        speed: his speed when he meets it.
        separation: distance to the nearest outfield opponent at that moment.
        height: height of the ball at that moment.
        unseen: share of his run outside his marker's sight; None if he never runs.
        offside: how often he is given offside.

    Raises:
        InvalidValue: if an outcome or a zone is missing.
    """

    name: str
    agent: str
    description: str
    xg: Interval
    own_xg: float
    goals: Interval
    meets: float
    shoots: float
    xg_given_meets: float | None
    outcomes: dict[str, float]
    zones_met: dict[str, float]
    start: Quartiles
    arrival: Quartiles
    place_x: Quartiles
    place_y: Quartiles
    speed: Quartiles
    separation: Quartiles
    height: Quartiles
    unseen: float | None
    offside: float

    def __post_init__(self) -> None:
        for shares, names in ((self.outcomes, ENDINGS), (self.zones_met, ZONES)):
            if set(shares) != set(names):
                raise InvalidValue(f"a summary covers {', '.join(names)}, got {', '.join(shares) or 'none'}")


@dataclass(frozen=True)
class Rival:
    """The paired comparison of the first agent with one rival.

    Attributes:
        name: the rival's name.
        xg_gain: the first agent's gain in xG per 100 crosses.
        xg_lower_bound: the one-sided 99 % lower bound of that gain.
        xg_p: p-value of the paired t-test.
        goals_gain: the first agent's gain in goals per 100 crosses.
        goals_p_mcnemar: p-value of McNemar's test on goals.
        correlation: correlation of both agents' xG over the crosses; None if either is constant.
        xg_p_holm: `xg_p` corrected for all comparisons announced together.
        goals_p_holm: `goals_p_mcnemar` corrected in the same way.
    """

    name: str
    xg_gain: Interval
    xg_lower_bound: float
    xg_p: float
    goals_gain: Interval
    goals_p_mcnemar: float
    correlation: float | None
    xg_p_holm: float
    goals_p_holm: float


@dataclass(frozen=True)
class AgainstFirst:
    """The tests of the first agent.

    Attributes:
        rivals: the paired comparisons, in order.
        beats_every: whether the first is ahead of every rival; None if that is not claimed, or without rivals.
        level: level of each interval that makes them all simultaneous; None without rivals.
    """

    rivals: tuple[Rival, ...]
    beats_every: bool | None
    level: float | None


@dataclass(frozen=True)
class Comparison(Result):
    """What `compare` returns.

    Attributes:
        environment: the environment.
        options: options of the environment.
        files: SHA-256 of the files that the options name.
        crosses: number of crosses that every agent played.
        first_seed: number of the first cross.
        label: label of the crosses.
        ball: "free": the crosser responds to each run.
        level: simultaneous level of all intervals.
        who: the identity of every agent, by its name in tables; None if it has none.
        agents: the summary of each agent.
        against_first: the first agent's tests against the others.

    Raises:
        InvalidValue: if the tests do not match the agents.
    """

    command: ClassVar[str] = "compare"

    environment: str
    options: dict[str, Any]
    files: dict[str, str]
    crosses: int
    first_seed: int
    label: str
    ball: str
    level: float
    who: dict[str, dict[str, Any] | None]
    agents: tuple[AgentSummary, ...]
    against_first: AgainstFirst

    def __post_init__(self) -> None:
        check_tests(self.agents, self.against_first)


def check_tests(agents: Sequence[AgentSummary], against_first: AgainstFirst) -> None:
    """Check that the tests are those of the first agent against every other agent, in order.

    Raises:
        InvalidValue: if they are not.
    """
    rivals = [rival.name for rival in against_first.rivals]
    if not agents or rivals != [row.name for row in agents[1:]]:
        raise InvalidValue("a comparison tests its first agent against every other one, in their order")
    if bool(rivals) != (against_first.level is not None):
        raise InvalidValue("a comparison has a level if it has rivals, and none if it has not")


def table(result: Comparison) -> str:
    """The comparison as text."""
    return tested_table(result.environment, result.crosses, result.agents, result.against_first)


def tested_table(environment: str, crosses: int, agents: Sequence[AgentSummary], against_first: AgainstFirst) -> str:
    """The agents as text, in the order meets the ball, shoots, scores; then the tests of the first agent."""
    width = max(len(row.name) for row in agents) + 2
    lines = [
        f"{environment}: {crosses} crosses each, free play; per 100 crosses, {100 * LEVEL:g} % intervals",
        f"{'':<{width}}{'meets':>6}{'shoots':>8}{'goals':>7}{'':>13}{'xG':>7}{'':>14}{'own xG':>7}{'xG if met':>10}"
        f"{'start s':>9}{'gap m':>7}{'offside':>8}",
    ]
    lines += [_summary_line(row, width) for row in agents]
    if not against_first.rivals:
        return "\n".join(lines)
    first = agents[0].name
    lines.append(f"\n{first} against, on the same crosses (intervals hold together; p after Holm)")
    lines.append(f"{'':<{width}}{'xG gain':>9}{'':>16}{'p':>9}{'99 % bound':>12}{'goals gain':>12}{'':>14}{'p':>9}")
    lines += [_rival_line(rival, width) for rival in against_first.rivals]
    if against_first.beats_every is not None:
        verdict = "beats every other" if against_first.beats_every else "does not beat every other"
        lines.append(
            f"{first} {verdict} in xG per cross (every one-sided 99 % bound of the paired difference above zero)"
        )
    return "\n".join(lines)


def named(rows: Sequence[AgentSummary], name: str) -> AgentSummary:
    """The row of an agent.

    Raises:
        InvalidValue: if there is none.
    """
    for row in rows:
        if row.name == name:
            return row
    raise InvalidValue(f"{name} is not among the agents {', '.join(row.name for row in rows)}")


def _summary_line(row: AgentSummary, width: int) -> str:
    return (
        f"{row.name:<{width}}{row.meets:>6.1f}{row.shoots:>8.1f}{row.goals.mean:>7.2f}"
        f"{_range(row.goals):>13}{row.xg.mean:>7.3f}{_range(row.xg, 3):>14}{row.own_xg:>7.3f}"
        f"{_text(row.xg_given_meets):>10}{_text(row.start.median):>9}"
        f"{_text(row.separation.median):>7}{row.offside:>8.2f}"
    )


def _rival_line(rival: Rival, width: int) -> str:
    return (
        f"{rival.name:<{width}}{rival.xg_gain.mean:>+9.3f}{_range(rival.xg_gain, 3):>16}"
        f"{rival.xg_p_holm:>9.2g}{rival.xg_lower_bound:>+12.3f}{rival.goals_gain.mean:>+12.2f}"
        f"{_range(rival.goals_gain):>14}{rival.goals_p_holm:>9.2g}"
    )


def _range(interval: Interval, digits: int = 2) -> str:
    return f" {interval.low:.{digits}f}..{interval.high:.{digits}f}"


def _text(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"
