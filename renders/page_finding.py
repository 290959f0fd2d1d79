"""What a comparison says to a coach: the numbers of `training.compare` in plain words, none of them made up here.

Numbers are per 100 crosses. The lead of one run over the other is taken apart into three parts that add up to it
exactly: how often he gets to the ball, what a ball he gets to is worth, and what his team-mates make of the rest.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backpost.envs.errors import InvalidFile
from backpost.envs.pitch import HALF_LENGTH

from .page_words import Words

SAME_START = 0.15
"""s between two median starts that count as the same moment."""
MEASURES = ("meets", "shoots", "goals")
ENDINGS = ("goal", "saved", "claimed", "cleared", "out", "offside", "time")
ZONES = ("near", "central", "far", "outside")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Names:
    """What the two runs are called: as titles, and within a sentence."""

    titles: tuple[str, str]
    subjects: tuple[str, str]


@dataclass(frozen=True)
class Finding:
    """The finding in numbers.

    Attributes:
        first: the summary of the first agent, as `compare` gives it.
        second: that of the second.
        gain: mean, low and high of the lead in expected goals.
        goals_gain: the same in goals that were scored.
        crosses: how many were played.
        level: of both intervals, a share.
        parts: the lead by its causes: "often", "better", "mates".
    """

    first: Row
    second: Row
    gain: Mapping[str, float]
    goals_gain: Mapping[str, float]
    crosses: int
    level: float
    parts: Mapping[str, float]

    @property
    def verdict(self) -> str:
        """Better, worse or unclear: whether the interval of the lead leaves zero out."""
        if self.gain["low"] > 0:
            return "better"
        return "worse" if self.gain["high"] < 0 else "unclear"

    @property
    def cause(self) -> str:
        """The part of the lead that weighs most in its direction."""
        sign = 1 if self.gain["mean"] >= 0 else -1
        return max(self.parts, key=lambda name: sign * self.parts[name])


def finding(comparison: Mapping[str, Any], env: str, agents: tuple[str, str]) -> Finding:
    """The finding of a comparison about two of its agents, of which the first must be the one that was tested.

    Raises:
        InvalidFile: if it is of another environment or was not about these agents.
    """
    try:
        return _finding(comparison, env, agents)
    except (KeyError, TypeError, IndexError) as error:
        raise InvalidFile("the comparison is not one that `backpost compare --json` wrote") from error


def _finding(comparison: Mapping[str, Any], env: str, agents: tuple[str, str]) -> Finding:
    rows = comparison["agents"]
    called = [row["agent"] for row in rows]
    if comparison["environment"] != env or called[0] != agents[0] or agents[1] not in called[1:]:
        raise InvalidFile(
            f"the comparison must be of {agents[0]} with {agents[1]} in {env}, "
            f"got {', '.join(called)} in {comparison['environment']}"
        )
    place = called.index(agents[1])
    first, second = rows[0], rows[place]
    against = comparison["against_first"]["rivals"][place - 1]
    level = 1 - (1 - comparison["level"]) / (len(rows) - 1)
    gain, goals = against["xg_gain"], against["goals_gain"]
    return Finding(first, second, gain, goals, comparison["crosses"], level, lead_by_cause(first, second))


def lead_by_cause(first: Row, second: Row) -> dict[str, float]:
    """The lead in expected goals per 100 crosses, in three parts that add up to it."""
    met = [float(row["meets"]) for row in (first, second)]
    own = [float(row["own_xg"]) for row in (first, second)]
    worth = [mine / often if often > 0 else 0.0 for mine, often in zip(own, met, strict=True)]
    rest = [float(row["xg"]["mean"]) - mine for row, mine in zip((first, second), own, strict=True)]
    return {
        "often": (met[0] - met[1]) * (worth[0] + worth[1]) / 2,
        "better": (worth[0] - worth[1]) * (met[0] + met[1]) / 2,
        "mates": rest[0] - rest[1],
    }


def headline(found: Finding, names: Names, words: Words) -> str:
    """The finding in one sentence."""
    a, b = names.subjects
    if found.verdict != "better":
        return words(f"headline.{found.verdict}", a=a, b=b, n=words.number(found.crosses, 0))
    starts = found.first["start"]["median"], found.second["start"]["median"]
    reason = words(f"headline.cause.{found.cause}")
    if None in starts:
        return words("headline.better", a=a, b=b, reason=reason)
    later = starts[0] - starts[1]
    when = "same" if abs(later) < SAME_START else "later" if later > 0 else "earlier"
    return words(f"headline.{when}", a=a, b=b, s=words.number(abs(later)), reason=reason)


def subline(found: Finding, names: Names, words: Words) -> str:
    """What the finding is worth, in goals."""
    values = [words.number(row["xg"]["mean"], 2) for row in (found.first, found.second)]
    a, b = names.subjects
    told = words("subline.worth", a=a, b=b, x=values[0], y=values[1])
    if found.verdict == "unclear":
        return told
    every = words.number(round(100 / abs(found.gain["mean"])), 0)
    return f"{told} {words(f'subline.{found.verdict}', n=every)}"


def cards(found: Finding, tally: tuple[float, float, float], names: Names, words: Words) -> list[dict[str, str]]:
    """The four questions of a coach: when, where, why, how often it fails.

    `tally`: of 100 crosses on the same ball, in how many the first run was better, worse, and neither.
    """
    return [
        {
            "name": "when",
            "title": words("cards.when"),
            "big": _when(found.first, words),
            "small": _starts(found, words),
        },
        {
            "name": "where",
            "title": words("cards.where"),
            "big": _where(found.first, words),
            "small": _zones(found, words),
        },
        _why(found, names, words),
        _fails(found, tally, words),
    ]


def _when(row: Row, words: Words) -> str:
    return words.since_strike(row["start"]["median"])


def _starts(found: Finding, words: Words) -> str:
    start = found.first["start"]
    if start["median"] is None:
        return words("cards.never_small", other=_when(found.second, words))
    low, high = (words.since_strike(start[name]) for name in ("low", "high"))
    return words("cards.when_small", low=low, high=high, other=_when(found.second, words))


def _where(row: Row, words: Words) -> str:
    x, y = row["place_x"]["median"], row["place_y"]["median"]
    return words.place(None if x is None else HALF_LENGTH - x, None if y is None else -y)


def _zones(found: Finding, words: Words) -> str:
    shares = {f"a_{zone}": words.number(found.first["zones_met"][zone], 0) for zone in ZONES}
    return words("cards.where_small", other=_where(found.second, words), **shares)


def _why(found: Finding, names: Names, words: Words) -> dict[str, str]:
    """Title and words say which way the lead goes."""
    parts = {name: words.number(value, 2) for name, value in found.parts.items()}
    signed = {name: value if value.startswith("\u2212") else f"+{value}" for name, value in parts.items()}
    total = words.number(found.gain["mean"], 2)
    total = total if total.startswith("\u2212") else f"+{total}"
    return {
        "name": "why",
        "title": words(f"cards.why_{found.verdict}", b=names.subjects[1]),
        "big": words(f"cards.cause_{found.verdict}.{found.cause}"),
        "small": words("cards.why_small", total=total, **signed),
    }


def _fails(found: Finding, tally: tuple[float, float, float], words: Words) -> dict[str, str]:
    row = found.first
    return {
        "name": "fails",
        "title": words("cards.fails"),
        "big": words("cards.fails_big", n=words.per_hundred(100 - row["meets"])),
        "small": words(
            "cards.fails_small",
            shoots=words.per_hundred(row["shoots"]),
            goals=words.per_hundred(row["goals"]["mean"]),
            win=words.per_hundred(tally[0]),
            loss=words.per_hundred(tally[1]),
            tie=words.per_hundred(tally[2]),
        ),
    }


def sureness(found: Finding, names: Names, words: Words) -> list[str]:
    """How sure the finding is, in plain sentences."""
    a, b = names.subjects
    gain = {name: words.number(found.gain[name], 2) for name in ("mean", "low", "high")}
    goals = {name: words.number(found.goals_gain[name], 1) for name in ("low", "high")}
    level = words.number(100 * found.level, 0 if abs(100 * found.level % 1) < 1e-6 else 1)
    return [
        words("sure.measured", a=a, b=b, n=words.number(found.crosses, 0)),
        words("sure.interval", a=a, level=level, **gain),
        words(f"sure.{found.verdict}", a=a, b=b),
        words("sure.goals", **goals),
    ]


def hundred(found: Finding, words: Words) -> list[dict[str, Any]]:
    """What happens in 100 crosses: gets to the ball, shoots, the team scores; for both."""
    rows = []
    for name in MEASURES:
        values = [row["goals"]["mean"] if name == "goals" else row[name] for row in (found.first, found.second)]
        told = [words.per_hundred(value) for value in values]
        rows.append({"name": words(f"hundred.{name}"), "values": values, "told": told})
    return rows


def endings(found: Finding, words: Words) -> list[dict[str, Any]]:
    """How 100 crosses end, for both, the most frequent first."""
    rows = []
    for name in ENDINGS:
        values = [row["outcomes"][name] for row in (found.first, found.second)]
        told = [words.number(value) for value in values]
        rows.append({"name": words(f"endings.{name}"), "values": values, "told": told})
    return sorted(rows, key=lambda row: -row["values"][0])
