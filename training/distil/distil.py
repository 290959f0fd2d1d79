"""Distil a policy into a rule that a coach could say, by playing it.

Copying the policy's actions would lose what matters, because they are small corrections of a rule's. So ways to run are
tried instead: those of the rule that the policy corrects, places where the policy goes, and neighbours of the best of
these. All of them run the same crosses. The best are compared on fresh crosses, so that none is chosen for its luck.
A tree (`tree`) then picks the best way for each situation: first how to meet the ball, given where it goes; then how to
hold and go, given what can be seen before the strike. The criterion is the expected goals up to the first touch, on
crosses of the label "train". The share of the policy's gain that the rule keeps is measured on other crosses.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np

from backpost.agents.base.agent import Agent
from backpost.agents.base.play import Progress
from backpost.agents.rules.registry import RULE_TYPES
from backpost.agents.tuning.evolution import evolve
from backpost.envs.common.errors import UnknownName
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.training.bench.runs import LEVEL, RUNS, Runs, paired, runs
from backpost.training.bench.statistics import Interval, share_of_gap

from .rule import HOLDING, MEETING, DistilledRule, Plan, RuleInWords, unconditional
from .run import RunNumbers, like
from .seen import AFTER, BEFORE, QUANTITIES
from .tree import Array, Rows, grow
from .trials import Make, Trials
from .words import Way

LABEL, STREAM = "train", 900_000
"""The stream of this label on which ways are tried; no training run uses it."""

ADVICE: tuple[Way, ...] = (
    {"meet": 0.5},
    {"meet": 1.0},
    {"meet": 1.0, "rival_margin": 0.3},
    {"open": 0.7, "open_time": 0.5},
)
"""Also tried: volleys, letting the ball drop, and only if there is time for it; the body open early."""
HIPS = 0.6
"""Also tried: going this far towards where the crosser's hips point."""
DUEL = 2000
"""Crosses of a duel."""


@dataclass(frozen=True)
class Budget:
    """The budget of distilling.

    Attributes:
        crosses: crosses on which ways are tried.
        generations, pairs: size of the evolution strategy that searches for the single best way.
        neighbours: number of neighbours of that way which are tried too.
        reach: standard deviation of the neighbours around it, as a share of each range.
        fresh: further crosses, on which the best ways are compared and the trees are grown.
        shortlist: number of ways that are compared on them.
        leaves: the largest number of leaves of each tree.
    """

    crosses: int = 10_000
    generations: int = 6
    pairs: int = 7
    neighbours: int = 12
    reach: float = 0.1
    fresh: int = 50_000
    shortlist: int = 6
    leaves: Mapping[str, int] = field(default_factory=lambda: {AFTER: 5, BEFORE: 3})

    @property
    def plays(self) -> int:
        """Roughly how many crosses are played in all; those that are never struck drop out."""
        searched = 2 * (2 * self.generations * self.pairs * min(DUEL, self.crosses) + self.neighbours * self.crosses)
        return searched + self.fresh * (2 * (self.shortlist + 1) + 3)


BUDGET = Budget()


@dataclass(frozen=True)
class Tried:
    """What policy, rule and distilled rule were worth on the crosses of the search, until the first touch.

    Attributes:
        crosses: how many.
        label: of the crosses.
        xg_up_to_the_first_touch: per 100 crosses, by name.
    """

    crosses: int
    label: str
    xg_up_to_the_first_touch: dict[str, float]


@dataclass(frozen=True)
class KeptGain:
    """What a distilled rule keeps of a policy's gain over a coaching rule.

    Attributes:
        crosses: how many all three played.
        xg: per 100 crosses, of "policy", "rule" and "distilled".
        policy_gain: the policy's over the coaching rule.
        gain: the distilled rule's.
        share: of the policy's gain that the distilled rule keeps; None where that gain may be nothing.
    """

    crosses: int
    xg: dict[str, float]
    policy_gain: Interval
    gain: Interval
    share: Interval | None


@dataclass(frozen=True)
class ExplainedRule(KeptGain, RuleInWords):
    """A distilled rule in words, and what it is worth."""

    tried: Tried


@dataclass(frozen=True)
class Distilled:
    """A distilled rule, and the worth of the candidates when they were tried."""

    rule: DistilledRule
    tried: Tried

    def agent(self) -> Agent:
        """A fresh copy of it."""
        return DistilledRule(self.rule.numbers, self.rule.before, self.rule.after)


def played_in_distilling(crosses: int, budget: Budget = BUDGET) -> int:
    """How many crosses are played to distil a rule and to measure on `crosses` crosses what it keeps."""
    return budget.plays + crosses


def distilled_rule(
    policy: Make,
    rule: str,
    env: str,
    options: Options | None = None,
    budget: Budget = BUDGET,
    progress: Progress | None = None,
) -> Distilled:
    """The rule of few leaves that is worth most on crosses of the label "train".

    Args:
        policy: makes the agent to distil.
        rule: the coaching rule it is compared with. The search begins with the rule that the policy corrects, if
            there is one, otherwise with this.
        env: the scenario.
        options: options of the scenario.
        budget: the budget.
        progress: called with the number of crosses played.

    Raises:
        UnknownName: if there is no such coaching rule.
    """
    if rule not in RULE_TYPES:
        raise UnknownName("coaching rule", rule, RULE_TYPES)
    trials, fresh = (
        Trials(env, options, episode_seeds(LABEL, STREAM + block, 0, crosses), progress)
        for block, crosses in enumerate((budget.crosses, budget.fresh))
    )
    base = RULE_TYPES[rule](scenario=env)
    seen = runs(policy, env, trials.seeds, options, progress)
    begun = getattr(policy(), "base", None) or base
    best = Search(trials, fresh, budget, like(begun)).search(seen)
    makers: dict[str, Make] = {"policy": policy, "rule": lambda: type(base)(base.numbers)}
    makers["distilled"] = lambda: DistilledRule(best.numbers, best.before, best.after)
    worth = {name: 100.0 * float(fresh.whole(make).mean()) for name, make in makers.items()}
    return Distilled(best, Tried(budget.fresh, LABEL, worth))


def kept_share(policy: Runs, rule: Runs, distilled: Runs) -> KeptGain:
    """What a distilled rule keeps of a policy's gain over a rule, all (n,) on the same crosses, 99 % intervals."""
    share = share_of_gap(distilled["xg"], rule["xg"], policy["xg"], LEVEL)
    return KeptGain(
        crosses=len(policy),
        xg={
            name: 100.0 * float(of["xg"].mean())
            for name, of in (("policy", policy), ("rule", rule), ("distilled", distilled))
        },
        policy_gain=paired(policy["xg"], rule["xg"]),
        gain=paired(distilled["xg"], rule["xg"]),
        share=share,
    )


@dataclass(frozen=True)
class _Bench:
    """Crosses on which ways are tried: the worth of a way in some of them, and what is seen in all of them."""

    worth: Callable[[Way, Rows], Array]
    seen: dict[str, Array]

    @property
    def rows(self) -> Rows:
        """The indices of all its crosses."""
        return np.arange(len(next(iter(self.seen.values()))))


class Search:
    """Ways that are tried on the same crosses, and the trees that are grown from the best of them on fresh ones.

    Args:
        trials: crosses on which ways are tried.
        fresh: crosses on which the best are compared.
        budget: the budget.
        numbers: the run with which the search begins.
    """

    def __init__(self, trials: Trials, fresh: Trials, budget: Budget, numbers: RunNumbers) -> None:
        self.trials, self.fresh, self.budget, self.numbers = trials, fresh, budget, numbers
        base = asdict(numbers)
        self.held, self.met = _part(base, HOLDING), _part(base, MEETING)

    def search(self, seen: Runs) -> DistilledRule:
        """First how to meet the ball, then how to hold and go; `seen` are runs of the policy."""
        advice = [{**self.met, **changed} for changed in ADVICE]
        first = [self.met, *advice, *_where_he_meets(seen, advice[-1])]
        ways = self._tried(self._meeting(self.trials), first)
        after = self.grown(self._meeting(self.fresh), ways, AFTER)
        reads = {**self.held, "hips": HIPS}
        first = [self.held, reads, *_where_he_holds(seen, reads)]
        ways = self._tried(self._holding(self.trials, after), first)
        return DistilledRule(self.numbers, self.grown(self._holding(self.fresh, after), ways, BEFORE), after)

    def grown(self, bench: _Bench, ways: Sequence[Way], moment: str) -> Plan:
        """The best plan for a moment from these ways, on crosses that none of them was chosen on."""
        steps = {name: quantity.step for name, quantity in QUANTITIES.items() if quantity.moment == moment}
        worth = np.stack([bench.worth(way, bench.rows) for way in ways], axis=1)
        return Plan(grow(bench.seen, worth, steps, self.budget.leaves[moment]), tuple(ways))

    def _meeting(self, trials: Trials) -> _Bench:
        """Ways to meet the ball, from the strike on."""
        struck = trials.struck(lambda: DistilledRule(self.numbers, unconditional(self.held), unconditional(self.met)))

        def worth(way: Way, rows: Rows) -> Array:
            return trials.from_strike(
                struck, lambda: DistilledRule(self.numbers, unconditional(self.held), unconditional(way)), rows
            )

        return _Bench(worth, struck.seen)

    def _holding(self, trials: Trials, after: Plan) -> _Bench:
        """Ways to hold and go, over whole crosses."""

        def worth(way: Way, rows: Rows) -> Array:
            return trials.whole(lambda: DistilledRule(self.numbers, unconditional(way), after), rows)

        return _Bench(worth, trials.openings())

    def _tried(self, bench: _Bench, first: Sequence[Way]) -> list[Way]:
        """The first way, and the best of: the others, the result of an evolution from the best, and its neighbours."""
        worth = [bench.worth(way, bench.rows) for way in first]
        centre = self._evolved(bench, first[_ranked(worth)[0]])
        others = [centre, *_neighbours(centre, self.budget.neighbours, self.budget.reach)]
        worth += [bench.worth(way, bench.rows) for way in others]
        ways = [*first, *others]
        return [ways[k] for k in dict.fromkeys([0, *_ranked(worth)[: self.budget.shortlist]])]

    def _evolved(self, bench: _Bench, way: Way) -> Way:
        """The result of an evolution that starts at a way; consecutive duels are fought on different crosses."""
        crosses = len(bench.rows)

        def margin(number: int, first: Array, second: Array) -> float:
            rows = np.unique(np.arange(number * DUEL, (number + 1) * DUEL) % crosses)
            worth, against = (bench.worth(_way(list(way), place), rows) for place in (first, second))
            return float((worth - against).mean())

        return _way(list(way), evolve(_place(way), self.budget.generations, self.budget.pairs, margin))


def _ranked(worth: Sequence[Array]) -> list[int]:
    """Indices of the ways by their mean worth, the best first."""
    return [int(k) for k in np.argsort([-float(values.mean()) for values in worth], kind="stable")]


def _part(numbers: Way, names: Sequence[str]) -> dict[str, float]:
    return {name: numbers[name] for name in names}


def _where_he_meets(policy: Runs, way: Way) -> list[Way]:
    """This way of meeting the ball at the places where the policy is as the ball comes, for each kind of run."""
    return [_clipped({**way, "depth": depth, "width": width}) for depth, width in _places(policy, "end")]


def _where_he_holds(policy: Runs, way: Way) -> list[Way]:
    """This way of holding at the places where the policy's runs start, for each kind of run."""
    return [_clipped({**way, "hold_depth": depth, "hold_width": width}) for depth, width in _places(policy, "start")]


def _places(policy: Runs, moment: str) -> list[tuple[float, float]]:
    """Median depth and width of a policy's places at a moment, for every kind of run that is not rare."""
    places = []
    for kind in range(len(RUNS)):
        of = policy[(policy["run"] == kind) & np.isfinite(policy[f"{moment}_x"])]
        if len(of) > 0.02 * len(policy):
            depth, width = HALF_LENGTH - np.median(of[f"{moment}_x"]), np.median(of[f"{moment}_y"])
            places.append((round(float(depth), 1), round(float(width), 1)))
    return places


def _neighbours(way: Way, count: int, reach: float) -> list[Way]:
    """Ways scattered around another with a standard deviation of `reach` times each range."""
    steps = reach * np.random.default_rng(len(way)).standard_normal((count, len(way)))
    return [_way(list(way), np.clip(_place(way) + step, 0.0, 1.0)) for step in steps]


def _clipped(way: Way) -> Way:
    """A way clipped to the ranges of its numbers."""
    return _way(list(way), np.clip(_place(way), 0.0, 1.0))


def _place(way: Way) -> Array:
    """A way as a place in the unit cube, (numbers,)."""
    low, high = _ranges(list(way))
    return (np.array(list(way.values())) - low) / (high - low)


def _way(names: Sequence[str], place: Array) -> Way:
    """The way at a place in the unit cube, in hundredths."""
    low, high = _ranges(names)
    return {name: round(float(value), 2) for name, value in zip(names, low + place * (high - low), strict=True)}


def _ranges(names: Sequence[str]) -> tuple[Array, Array]:
    """Lowest and highest values of some numbers of a run, (numbers,) each."""
    entries = {entry.name: entry.metadata for entry in RunNumbers.entries()}
    return tuple(np.array([entries[name][end] for name in names]) for end in ("low", "high"))  # type: ignore[return-value]
