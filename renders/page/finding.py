"""The result of a comparison for a coach: its numbers in plain words.

Numbers are per 100 crosses. The lead of one run over the other is the exact sum of three parts: how often the runner
gets to the ball, what the balls he gets to are worth, and what his team-mates make of the rest.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from backpost.agents.base.agent import Agent
from backpost.agents.base.identity import identity_of
from backpost.envs.common.errors import InvalidFile
from backpost.envs.interface.options import Options
from backpost.envs.interface.outcome import ZONES
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.renders.scene.captions import sentence
from backpost.training.bench.comparison import ENDINGS, AgentSummary, Comparison
from backpost.training.bench.result_file import check_played_with
from backpost.training.bench.statistics import Interval

from .starts import FEW, Starts
from .words import MINUS, Words

DIFFERENT = {"separation": 0.1, "height": 0.2, "speed": 0.5}
"""What is mentioned alongside the causes, and the minimum difference in medians for it: m, m, m/s."""

GOOD_SHARE = 0.35
"""Share of the lead from which a part is named. The parts are not tested against each other."""
CANCELS = 1.5
"""Multiple of an unclear lead from which its parts are said to cancel out."""


@dataclass(frozen=True)
class Names:
    """Names of the two runs: as titles, and within a sentence."""

    titles: tuple[str, str]
    subjects: tuple[str, str]


@dataclass(frozen=True)
class Finding:
    """The finding in numbers.

    Attributes:
        first: summary of the first agent's crosses.
        second: summary of the second agent's crosses.
        gain: the lead in expected goals.
        goals_gain: the lead in goals scored.
        crosses: number of crosses played.
        level: confidence level of both intervals, a share.
        parts: the lead by cause: "often", "better", "mates".
    """

    first: AgentSummary
    second: AgentSummary
    gain: Interval
    goals_gain: Interval
    crosses: int
    level: float
    parts: Mapping[str, float]

    @property
    def verdict(self) -> str:
        """Better, worse or unclear: unclear if the interval of the lead includes zero."""
        if self.gain.low > 0:
            return "better"
        return "worse" if self.gain.high < 0 else "unclear"

    @property
    def causes(self) -> list[str]:
        """The parts that form a good share of the lead, largest first; none if the lead is unclear and they cancel."""
        lead = sum(self.parts.values())
        sign = 1 if lead >= 0 else -1
        weighs = sorted(self.parts, key=lambda name: -sign * self.parts[name])
        if self.verdict == "unclear" and max(map(abs, self.parts.values())) > CANCELS * abs(lead):
            return []
        return [name for name in weighs if sign * self.parts[name] >= GOOD_SHARE * abs(lead)] or weighs[:1]


@dataclass(frozen=True)
class Card:
    """One of a coach's questions, with a short answer, the text below it, and more on request."""

    name: str
    title: str
    big: str
    small: str
    more: tuple[str, ...] = ()


@dataclass(frozen=True)
class Row:
    """How often something happens in 100 crosses: for both runs, as numbers and in words."""

    name: str
    values: tuple[float, float]
    labels: tuple[str, str]


def finding(
    comparison: Comparison,
    env: str,
    agents: tuple[str, str],
    options: Options | None = None,
    first_seed: int | None = None,
) -> Finding:
    """The finding from a comparison for two of its agents; the first must be the agent tested.

    Raises:
        InvalidFile: if it is of another environment, other options or crosses, or other agents, or if it does not begin
            with the cross `first_seed`.
    """
    asked_for = [row.agent for row in comparison.agents]
    if comparison.environment != env or asked_for[0] != agents[0] or agents[1] not in asked_for[1:]:
        raise InvalidFile(
            f"the comparison must be of {agents[0]} with {agents[1]} in {env}, "
            f"got {', '.join(asked_for)} in {comparison.environment}"
        )
    check_played_with(comparison, "the comparison", options)
    if first_seed not in (None, comparison.first_seed):
        raise InvalidFile(f"the comparison must begin with cross {first_seed}, got {comparison.first_seed}")
    place, tests = asked_for.index(agents[1]), comparison.against_first
    first, second, rival = comparison.agents[0], comparison.agents[place], tests.rivals[place - 1]
    return Finding(
        first=first,
        second=second,
        gain=rival.xg_gain,
        goals_gain=rival.goals_gain,
        crosses=comparison.crosses,
        level=comparison.level if tests.level is None else tests.level,
        parts=lead_by_cause(first, second),
    )


def check_who(comparison: Comparison, names: Sequence[str], runners: Sequence[Agent]) -> None:
    """Check that the agents with these names are exactly those compared, with the same numbers or weights.

    Raises:
        InvalidFile: if they are not.
    """
    compared = {row.agent: comparison.who.get(row.name) for row in comparison.agents}
    for name, runner in zip(names, runners, strict=True):
        if compared[name] is None or compared[name] != identity_of(runner):
            raise InvalidFile(f"the comparison is of another {name} than there is now; make it again")


def lead_by_cause(first: AgentSummary, second: AgentSummary) -> dict[str, float]:
    """The lead in expected goals per 100 crosses, in three parts that add up to it."""
    met = first.meets, second.meets
    worth = [row.own_xg / row.meets if row.meets > 0 else 0.0 for row in (first, second)]
    rest = [row.xg.mean - row.own_xg for row in (first, second)]
    return {
        "often": (met[0] - met[1]) * (worth[0] + worth[1]) / 2,
        "better": (worth[0] - worth[1]) * (met[0] + met[1]) / 2,
        "mates": rest[0] - rest[1],
    }


def headline(summary: Finding, names: Names, words: Words) -> str:
    """The finding in one sentence. It gives no instruction: whether others would gain from this run is not tested."""
    a, b = names.subjects
    if summary.verdict != "better":
        return sentence(words(f"headline.{summary.verdict}", a=a, b=b, n=words.number(summary.crosses, 0)))
    how = _how_he_meets(summary, words)
    reasons = [
        words("headline.meets", how=how) if cause == "better" and how else words(f"headline.cause.{cause}")
        for cause in summary.causes
    ]
    return sentence(words("headline.better", a=a, b=b, reason=_joined(reasons, words)))


def _how_he_meets(summary: Finding, words: Words) -> str:
    """How free the runner is when he meets the ball, and how high he takes it; empty if he is less free."""
    phrases: list[str] = []
    for name, ways in (("separation", ("freer", None)), ("height", ("higher", "lower"))):
        medians = _different(summary, name)
        if medians is not None:
            way = ways[0] if medians[0] > medians[1] else ways[1]
            if way is None:
                return ""
            phrases.append(words(f"headline.{way}", x=words.number(medians[0]), y=words.number(medians[1])))
    return _joined(phrases, words)


def _different(summary: Finding, name: str) -> tuple[float, float] | None:
    """Both medians of one of `DIFFERENT` if they differ enough."""
    first, second = getattr(summary.first, name).median, getattr(summary.second, name).median
    if first is None or second is None or abs(first - second) < DIFFERENT[name]:
        return None
    return first, second


def _joined(parts: Sequence[str], words: Words) -> str:
    """Parts of a sentence joined by "and"."""
    joined = ""
    for part in parts:
        joined = words("headline.and", one=joined, other=part) if joined else part
    return joined


def subline(summary: Finding, names: Names, words: Words) -> str:
    """The value of the finding, in goals."""
    values = [words.number(row.xg.mean, 2) for row in (summary.first, summary.second)]
    a, b = names.subjects
    worth = words("subline.worth", a=a, b=b, x=values[0], y=values[1])
    if summary.verdict == "unclear":
        return worth
    every = words.number(round(100 / abs(summary.gain.mean)), 0)
    return f"{worth} {words(f'subline.{summary.verdict}', n=every)}"


def cards(
    summary: Finding,
    starts: tuple[Starts, Starts],
    tally: Sequence[float],
    sizes: Sequence[float],
    names: Names,
    words: Words,
) -> list[Card]:
    """A coach's four questions: when, where, why, how often it fails.

    `tally`: of 100 crosses on the same ball, how often the first run was better, worse, or neither; `sizes`: by how
    many goals per 100 such crosses.
    """
    b = names.subjects[1]
    return [
        Card("when", words("cards.when"), _when(starts[0], words), _starts(starts, b, words)),
        Card("where", words("cards.where"), _where(summary.first, words), _zones(summary, b, words)),
        _why(summary, b, words),
        _fails(summary, tally, sizes, b, words),
    ]


def _when(starts: Starts, words: Words) -> str:
    if starts.from_the_first_moment:
        return words("cards.at_once")
    if starts.scattered:
        return words("cards.groups", **_groups(starts, words))
    return sentence(words.since_strike(starts.typical))


def _groups(starts: Starts, words: Words) -> dict[str, str]:
    return dict(zip(("early", "close", "after"), map(words.per_hundred, starts.groups), strict=True))


def _starts(starts: tuple[Starts, Starts], b: str, words: Words) -> str:
    """How the runner's starts spread, or how many runs were on from the first moment; then the same for the other."""
    own, other = starts
    low, high = own.quartile(25), own.quartile(75)
    phrases = [words("cards.ran", n=words.per_hundred(own.ran))]
    if own.scattered and not own.from_the_first_moment:
        phrases.append(words("cards.groups_small"))
    if own.from_the_first_moment:
        phrases.append(words("cards.at_once_small", n=words.per_hundred(own.at_once)))
    elif low is not None and high is not None and not own.scattered:
        some = "when_small" if own.at_once < FEW else "when_small_some"
        phrases.append(words(f"cards.{some}", span=words.span(low, high), n=words.per_hundred(own.at_once)))
    if other.from_the_first_moment:
        phrases.append(words("cards.at_once_other", b=b, n=words.per_hundred(other.at_once)))
    elif other.scattered or (own.scattered and len(other.places)):
        phrases.append(words("cards.groups_other", b=b, **_groups(other, words)))
    else:
        some = "when_other" if other.at_once < FEW else "when_other_some"
        when = words.since_strike(other.typical)
        phrases.append(words(f"cards.{some}", b=b, other=when, n=words.per_hundred(other.at_once)))
    return " ".join(phrases)


def _where(row: AgentSummary, words: Words) -> str:
    x, y = row.place_x.median, row.place_y.median
    return words.place(None if x is None else HALF_LENGTH - x, None if y is None else -y)


def _zones(summary: Finding, b: str, words: Words) -> str:
    shares = words.parts([summary.first.zones_met[zone] for zone in ZONES], 0)
    zones = {f"a_{zone}": share for zone, share in zip(ZONES, shares, strict=True)}
    return words("cards.where_small", b=b, other=_where(summary.second, words), **zones)


def _why(summary: Finding, b: str, words: Words) -> Card:
    """Title and text give the direction of the lead and what differs when he meets the ball; `more` is in goals."""
    parts = dict(zip(summary.parts, words.parts(list(summary.parts.values()), 2), strict=True))
    phrases = []
    for name in DIFFERENT:
        medians = _different(summary, name)
        if medians is not None:
            phrases.append(words(f"cards.why_{name}", b=b, x=words.number(medians[0]), y=words.number(medians[1])))
    x, y = (words.per_hundred(row.meets) for row in (summary.first, summary.second))
    phrases.append(words("cards.met", b=b, x=x, y=y))
    more = []
    for cause, goals in parts.items():
        size = goals.removeprefix(MINUS)
        more.append(words(f"cards.part.{cause}.{'brings' if size == goals else 'costs'}", goals=size))
    more.append(words("cards.together", total=words.number(summary.gain.mean, 2)))
    causes = [words(f"cards.cause_{summary.verdict}.{cause}") for cause in summary.causes or ["cancel"]]
    return Card("why", words(f"cards.why_{summary.verdict}", b=b), " ".join(causes), " ".join(phrases), tuple(more))


def _fails(summary: Finding, tally: Sequence[float], sizes: Sequence[float], b: str, words: Words) -> Card:
    row = summary.first
    win, loss, tie = words.shares(tally)
    small = words(
        "cards.fails_small",
        b=b,
        other=words.per_hundred(100 - summary.second.meets),
        more=words.number(sizes[0] / 100, 2),
        less=words.number(abs(sizes[1]) / 100, 2),
        shoots=words.per_hundred(row.shoots),
        goals=words.per_hundred(row.goals.mean),
        win=win,
        loss=loss,
        tie=tie,
    )
    return Card("fails", words("cards.fails"), words("cards.fails_big", n=words.per_hundred(100 - row.meets)), small)


def sureness(summary: Finding, names: Names, words: Words) -> list[str]:
    """How certain the finding is, in plain sentences."""
    a, b = names.subjects
    gain = {name: words.number(value, 2) for name, value in vars(summary.gain).items()}
    goals = {name: words.number(value, 1) for name, value in vars(summary.goals_gain).items() if name != "mean"}
    level = words.number(100 * summary.level, 0 if abs(100 * summary.level % 1) < 1e-6 else 1)
    return [
        words("sure.measured", n=words.number(summary.crosses, 0)),
        words("sure.interval", a=a, level=level, **gain),
        words(f"sure.{summary.verdict}", b=b),
        words("sure.goals", **goals),
    ]


def hundred(summary: Finding, words: Words) -> list[Row]:
    """What happens in 100 crosses: the runner gets to the ball, shoots, the team scores; for both."""
    pair = summary.first, summary.second
    measured = {
        "meets": [row.meets for row in pair],
        "shoots": [row.shoots for row in pair],
        "goals": [row.goals.mean for row in pair],
    }
    return [_row(words(f"hundred.{name}"), values, words.per_hundred) for name, values in measured.items()]


def endings(summary: Finding, words: Words) -> list[Row]:
    """How 100 crosses end, for both, most frequent first."""
    rows = [
        _row(words(f"endings.{name}"), [row.outcomes[name] for row in (summary.first, summary.second)], words.number)
        for name in ENDINGS
    ]
    return sorted(rows, key=lambda row: -row.values[0])


def _row(name: str, values: Sequence[float], say: Callable[[float], str]) -> Row:
    return Row(name, (values[0], values[1]), (say(values[0]), say(values[1])))
