"""Samples of events: words that describe an event, and statistics of the events for which they hold.

Every statistic has a 95 % interval by the appropriate method: Wilson's for shares, Student's t for means, order
statistics for medians, the delta method for ratios.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import InvalidValue
from backpost.envs.interface.outcome import ZONES
from backpost.envs.world.parameters import parameters
from backpost.envs.world.record import CUTBACK, HIGH, LOW
from backpost.training.bench.statistics import (
    Interval,
    mean_interval,
    median_interval,
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


@dataclass(frozen=True)
class Sample:
    """Crosses from which a row is computed; `expected` uses expected goals (xg) for goals, which has less noise."""

    events: Events
    expected: bool = False

    def all(self, words: str) -> Mask:
        """Mask (n,) of the events for which all these words hold."""
        mask = np.ones(len(self.events), bool)
        for word in words.split():
            mask &= WORDS[word](self.events)
        return mask

    def direct_goals(self) -> Values:
        """Goals from shots at first contact, (n,)."""
        return np.asarray(self.events["first_xg" if self.expected else "direct_goal"], np.float64)

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
    "offside": lambda e: e["offside"] != 0,
    "touched": lambda e: e["first_contact_by"] != BY.index("none"),
    "out": lambda e: (e["first_contact_by"] == BY.index("none")) & (e["offside"] == 0) & (e["any_goal"] == 0),
    "attacker": lambda e: e["first_contact_by"] == BY.index("attacker"),
    "defender": lambda e: e["first_contact_by"] == BY.index("defender"),
    "keeper": lambda e: e["first_contact_by"] == BY.index("keeper"),
    "in-box": lambda e: np.isin(e["zone"], [ZONES.index(zone) for zone in ("near", "central", "far")]),
    "near": lambda e: e["zone"] == ZONES.index("near"),
    "central": lambda e: e["zone"] == ZONES.index("central"),
    "far": lambda e: e["zone"] == ZONES.index("far"),
    "direct": lambda e: e["first_contact_is_shot"] != 0,
    "header": lambda e: e["shot_type"] == SHOT_TYPES.index("header"),
    "foot": lambda e: e["shot_type"] == SHOT_TYPES.index("foot"),
    "5-7m": lambda e: (e["shot_distance"] >= 5.0) & (e["shot_distance"] < 7.0),
    "11-13m": lambda e: (e["shot_distance"] >= 11.0) & (e["shot_distance"] < 13.0),
    "below-16m": lambda e: e["shot_distance"] < 16.0,
    "tight": lambda e: e["nearest_opponent"] < 0.75,
    "free": lambda e: (e["nearest_opponent"] >= 2.0) & (e["nearest_opponent"] < 3.0),
    "moved": lambda e: e["shooter_covered"] >= MOVED,
    "shot": lambda e: e["any_shot"] != 0,
    "goal-5s": lambda e: e["goal_time"] <= BIG_FIVE_TIME,
}
"""The words that describe an event."""


def _open(table: Events) -> Mask:
    return np.isin(table["scenario"], [SCENARIOS.index(name) for name in ("open play", "transition")])


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
