"""Samples of events: words that describe an event, and statistics of the events for which they hold.

A word is a name (`WORDS`) or a range of a column, as in `depth:5.5-11`: from the first number up to, but not
including, the second. Every statistic has a 95 % interval by the appropriate method: Wilson's for shares, Student's t
for means, order statistics for medians, the delta method for ratios and odds ratios.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import InvalidValue
from backpost.envs.interface.outcome import SHOT_OUTCOMES, ZONES
from backpost.envs.world.parameters import parameters
from backpost.envs.world.pitch import BOX_DEPTH, BOX_HALF_WIDTH, HALF_LENGTH
from backpost.envs.world.record import CUTBACK, HIGH, LOW, VOLLEY
from backpost.training.bench.statistics import (
    Interval,
    mean_interval,
    median_interval,
    odds_ratio_interval,
    quotient_interval,
    ratio_interval,
    wilson,
)

from .events import BY, SCENARIOS, SHOT_TYPES, Events

Mask = npt.NDArray[np.bool_]
Values = npt.NDArray[np.float64]

MOVED = 2.0
"""Distance in m between strike and contact from which a scorer counts as having moved."""
BIG_FIVE_TIME = 5.0
"""Time from the strike, s, within which the row of the big five leagues counts goals."""


@dataclass(frozen=True)
class Measured:
    """One statistic of the simulator: value, 95 % interval (nan without one), and the number of events behind it."""

    value: float
    low: float
    high: float
    count: int


class Sample:
    """Crosses from which rows and cells are computed; masks are computed once and must not be written to.

    Args:
        events: the crosses, (n,).
        expected: whether to use expected goals (xg) for goals, which has less noise.
    """

    def __init__(self, events: Events, expected: bool = False) -> None:
        self.events, self.expected = events, expected
        self._masks: dict[str, Mask] = {"": np.ones(len(events), bool)}

    def all(self, words: str) -> Mask:
        """Mask (n,) of the events for which all these words hold."""
        if words not in self._masks:
            others, _, last = words.rpartition(" ")
            mask = self.all(others) & self.all(last) if others else _holds(self.events, last)
            self._masks[words] = mask
        return self._masks[words]

    def direct_goals(self) -> Values:
        """Goals from shots at first contact, (n,)."""
        return np.asarray(self.events["first_xg" if self.expected else "direct_goal"], np.float64)

    def on_target(self) -> Values:
        """Shots at first contact that are goals or saved, (n,)."""
        saved = self.events["shot_outcome"] == SHOT_OUTCOMES.index("saved")
        return np.asarray(saved + self.direct_goals())

    def any_goals(self) -> Values:
        """Goals of the whole attack, (n,)."""
        return np.asarray(self.events["xg" if self.expected else "any_goal"], np.float64)


WORDS: dict[str, Callable[[Events], Mask]] = {
    "open": lambda e: _open(e) & (e["kind"] != CUTBACK),
    "cutback": lambda e: _open(e) & (e["kind"] == CUTBACK),
    "counter": lambda e: e["counter_attack"] != 0,
    "corner": lambda e: e["scenario"] == SCENARIOS.index("corner"),
    "free-kick": lambda e: e["scenario"] == SCENARIOS.index("free kick"),
    "blocked": lambda e: e["blocked"] != 0,
    "unblocked": lambda e: e["blocked"] == 0,
    "high": lambda e: e["kind"] == HIGH,
    "low": lambda e: e["kind"] == LOW,
    "in-swinging": lambda e: e["swing"] < 0,
    "out-swinging": lambda e: e["swing"] > 0,
    "struck-inside": lambda e: _last(e) & (np.abs(e["origin_y"]) < BOX_HALF_WIDTH),
    "struck-beside": lambda e: _last(e) & (np.abs(e["origin_y"]) >= BOX_HALF_WIDTH),
    "struck-deep-wide": lambda e: ~_last(e) & (np.abs(e["origin_y"]) >= BOX_HALF_WIDTH),
    "offside": lambda e: e["offside"] != 0,
    "touched": lambda e: e["first_contact_by"] != BY.index("none"),
    "out": lambda e: (e["first_contact_by"] == BY.index("none")) & (e["offside"] == 0) & (e["any_goal"] == 0),
    "attacker": lambda e: e["first_contact_by"] == BY.index("attacker"),
    "defender": lambda e: e["first_contact_by"] == BY.index("defender"),
    "keeper": lambda e: e["first_contact_by"] == BY.index("keeper"),
    "outfield": lambda e: np.isin(e["first_contact_by"], [BY.index("attacker"), BY.index("defender")]),
    "in-box": lambda e: np.isin(e["zone"], [ZONES.index(zone) for zone in ("near", "central", "far")]),
    "near": lambda e: e["zone"] == ZONES.index("near"),
    "central": lambda e: e["zone"] == ZONES.index("central"),
    "far": lambda e: e["zone"] == ZONES.index("far"),
    "direct": lambda e: e["first_contact_is_shot"] != 0,
    "header": lambda e: e["shot_type"] == SHOT_TYPES.index("header"),
    "foot": lambda e: e["shot_type"] == SHOT_TYPES.index("foot"),
    "shot-blocked": lambda e: e["shot_outcome"] == SHOT_OUTCOMES.index("blocked"),
    "volley": lambda e: e["shot_technique"] == VOLLEY,
    "parity": lambda e: e["men_down"] == 0,
    "one-down": lambda e: e["men_down"] == 1,
    "two-down": lambda e: e["men_down"] == 2,
    "four-down": lambda e: e["men_down"] == 4,
    "moved": lambda e: e["shooter_covered"] >= MOVED,
    "shot": lambda e: e["any_shot"] != 0,
    "goal-5s": lambda e: e["goal_time"] <= BIG_FIVE_TIME,
}
"""The words that describe an event."""


def _open(table: Events) -> Mask:
    return np.isin(table["scenario"], [SCENARIOS.index(name) for name in ("open play", "transition")])


def _last(table: Events) -> Mask:
    """Struck from the last 16.5 m."""
    return np.asarray(table["origin_x"] > HALF_LENGTH - BOX_DEPTH)


def _holds(table: Events, word: str) -> Mask:
    """Mask (n,) of the events for which one word holds."""
    column, _, numbers = word.partition(":")
    if not numbers:
        return WORDS[word](table)
    low, high = map(float, numbers.split("-"))
    return np.asarray((table[column] >= low) & (table[column] < high))


Statistic = Callable[[Sample, Mask], Measured]
"""A function of a sample and the mask (n,) of the events that count."""


def share(word: str) -> Statistic:
    """Share of the events for which a word holds."""

    def of(sample: Sample, mask: Mask) -> Measured:
        held, count = int(sample.all(word)[mask].sum()), int(mask.sum())
        return _measured(wilson(held, count), count) if count else NOTHING

    return of


def share_per_cross(word: str) -> Statistic:
    """Ratio of the events for which a word holds to the masked events, estimated on all events of either kind."""

    def of(sample: Sample, mask: Mask) -> Measured:
        others = sample.all(word)
        either = mask | others
        return _try(lambda: ratio_interval(others[either], mask[either]), int(mask.sum()))

    return of


def conversion(sample: Sample, mask: Mask) -> Measured:
    """Direct goals per direct shot."""
    return _goals(sample, sample.direct_goals()[mask])


def goals(sample: Sample, mask: Mask) -> Measured:
    """Goals of the whole attack per cross."""
    return _goals(sample, sample.any_goals()[mask])


def on_target(sample: Sample, mask: Mask) -> Measured:
    """Share of direct shots that are goals or saved."""
    return _goals(sample, sample.on_target()[mask])


def goals_if_on_target(sample: Sample, mask: Mask) -> Measured:
    """Direct goals per direct shot that is a goal or saved."""
    scored, attempts = sample.direct_goals()[mask], sample.on_target()[mask]
    return _try(lambda: ratio_interval(scored, attempts), int(np.nansum(sample.events["on_target"][mask])))


def share_of_goals(word: str) -> Statistic:
    """Share of the direct goals for which a word holds."""

    def of(sample: Sample, mask: Mask) -> Measured:
        weights, holds = sample.direct_goals()[mask], sample.all(word)[mask]
        return _try(lambda: ratio_interval(weights * holds, weights), int((weights > 0).sum()))

    return of


def scorers(column: str) -> Statistic:
    """Mean of a column over the direct goals."""

    def of(sample: Sample, mask: Mask) -> Measured:
        weights, values = sample.direct_goals()[mask], sample.events[column][mask]
        return _try(lambda: ratio_interval(weights * values, weights), int((weights > 0).sum()))

    return of


def quotient(word: str, base: str) -> Statistic:
    """Conversion of direct shots of one kind divided by that of another."""

    def of(sample: Sample, mask: Mask) -> Measured:
        scored = sample.direct_goals()
        first, second = (scored[mask & sample.all(which)] for which in (word, base))
        return _try(lambda: quotient_interval(first, second), min(len(first), len(second)))

    return of


def quotient_of_shares(word: str, group: str, base: str) -> Statistic:
    """Share of one group of the events for which a word holds, divided by that of another group."""

    def of(sample: Sample, mask: Mask) -> Measured:
        first, second = (sample.all(word)[mask & sample.all(which)] for which in (group, base))
        return _try(lambda: quotient_interval(first, second), min(len(first), len(second)))

    return of


def odds_ratio(word: str, column: str, width: float) -> Statistic:
    """Odds of a direct goal where a word holds over those where it does not, within strata of a column (`width`)."""

    def of(sample: Sample, mask: Mask) -> Measured:
        holds = sample.all(word)[mask]
        strata = sample.events[column][mask] // width
        scored = sample.direct_goals()[mask]
        return _try(lambda: odds_ratio_interval(scored, holds, strata), int(holds.sum()))

    return of


def goals_per_shot(sample: Sample, mask: Mask) -> Measured:
    """Goals per attempt; a goal straight from a cross counts as an attempt."""
    scored, attempts = sample.any_goals()[mask], sample.events["shots"][mask]
    attempts = np.maximum(attempts, sample.events["any_goal"][mask])
    return _try(lambda: ratio_interval(scored, attempts), int(attempts.sum()))


def median(column: str) -> Statistic:
    """Median of a column."""
    return lambda sample, mask: _try(lambda: median_interval(sample.events[column][mask]), int(mask.sum()))


def mean(column: str) -> Statistic:
    """Mean of a column."""
    return lambda sample, mask: _try(lambda: mean_interval(sample.events[column][mask]), int(mask.sum()))


def scans(sample: Sample, mask: Mask) -> Measured:
    """Shoulder checks per second of a defender who is marking: it follows from two parameters and is not measured."""
    usual = parameters()[0]
    return Measured(1.0 / (1.0 / float(usual.check_rate) + float(usual.check_time)), np.nan, np.nan, 0)


NOTHING = Measured(np.nan, np.nan, np.nan, 0)


def _goals(sample: Sample, scored: Values) -> Measured:
    if sample.expected:
        return _try(lambda: mean_interval(scored), len(scored))
    return _measured(wilson(int(scored.sum()), len(scored)), len(scored)) if len(scored) else NOTHING


def _try(interval: Callable[[], Interval], count: int) -> Measured:
    """A statistic, or nan where there are too few events for it."""
    try:
        return _measured(interval(), count)
    except InvalidValue:
        return Measured(np.nan, np.nan, np.nan, count)


def _measured(interval: Interval, count: int) -> Measured:
    return Measured(interval.mean, interval.low, interval.high, count)
