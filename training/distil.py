"""Distil a policy into a rule that a coach could say, by playing it.

A copy of the policy's actions would lose what matters, for they are small corrections of a rule's. So ways to run are
tried: those of the rule beside it, places where the policy is found, and neighbours of whatever did best. All of them
run the same crosses, and a tree of situations takes for each the way that was worth most (`distil_tree`): first how
to meet the ball, by where it goes; then how to hold and go, by what is seen before the strike. What counts is the
expected goals up to the first touch (second balls are luck that the run does not choose), on crosses of the label
"train". What the rule keeps of the policy's gain is then played on crosses that nothing was chosen on.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np

from backpost.agents.agent import Agent, Rule
from backpost.agents.play import Progress
from backpost.agents.rules import RULE_TYPES
from backpost.agents.tuning import quasi_random
from backpost.envs.chance import episode_seeds
from backpost.envs.errors import UnknownName
from backpost.envs.options import Options
from backpost.envs.pitch import HALF_LENGTH

from .distil_rule import HOLDING, MEETING, DistilledRule, Plan, Way, one, told
from .distil_run import RunNumbers, like, within
from .distil_seen import AFTER, BEFORE, QUANTITIES
from .distil_tree import Array, grow
from .distil_trials import Make, Trials
from .explain_played import LEVEL, RUNS, Runs, paired, runs
from .statistics import share_of_gap

LABEL, STREAM = "train", 900_000
"""Ways are tried on this stream of this label, where no training run is."""


ADVICE: tuple[Way, ...] = (
    {"opens": 0.6, "open": 0.7},
    {"flight": 1.0},
    {"opens": 0.6, "open": 0.7, "flight": 1.0},
)
"""What is tried first: open the body early, work the flight out, and both."""
BEST = 3
"""Ways whose neighbours are tried in the next round."""


@dataclass(frozen=True)
class Budget:
    """What distilling may spend.

    Attributes:
        crosses: that every way runs.
        meeting: ways to meet the ball that are tried in each round.
        holding: ways to hold and go that are tried in each round.
        leaves: at most so many of each.
        reach: neighbours of the first round lie within half of this share of each range; it halves with every round.
    """

    crosses: int = 12_000
    meeting: tuple[int, ...] = (16, 16, 12)
    holding: tuple[int, ...] = (8, 8)
    leaves: Mapping[str, int] = field(default_factory=lambda: {AFTER: 5, BEFORE: 3})
    reach: float = 0.4

    @property
    def plays(self) -> int:
        """Crosses that are played in all, about: those that are never struck fall out."""
        return self.crosses * (sum(self.meeting) + sum(self.holding) + 4)


BUDGET = Budget()


@dataclass(frozen=True)
class Distilled:
    """A distilled rule, and what its ways were worth when they were tried."""

    rule: DistilledRule
    tried: dict[str, Any]

    def agent(self) -> Agent:
        """A fresh copy of it."""
        return DistilledRule(self.rule.numbers, self.rule.before, self.rule.after)

    def told(self) -> dict[str, Any]:
        """The rule and how it was found, for JSON."""
        return {**told(self.rule), "tried": self.tried}


def played_in_distilling(crosses: int, budget: Budget = BUDGET) -> int:
    """How many crosses are played to distil a rule and to see on so many crosses what it keeps."""
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
        rule: the coaching rule beside it, with which the search begins.
        env: the scenario.
        options: of the scenario.
        budget: what may be spent.
        progress: called with crosses that have been played.

    Raises:
        UnknownName: if there is no such coaching rule.
    """
    if rule not in RULE_TYPES:
        raise UnknownName("coaching rule", rule, RULE_TYPES)
    trials = Trials(env, options, episode_seeds(LABEL, STREAM, 0, budget.crosses), progress)
    seen = runs(policy, env, trials.seeds, options, progress)
    return _Search(trials, budget).found(policy, RULE_TYPES[rule](scenario=env), seen)


def kept_share(policy: Runs, rule: Runs, distilled: Runs) -> dict[str, Any]:
    """What a distilled rule keeps of a policy's gain over a rule, all (n,) on the same crosses, 99 % intervals."""
    share = share_of_gap(distilled["xg"], rule["xg"], policy["xg"], LEVEL)
    return {
        "crosses": len(policy),
        "xg": {
            name: 100.0 * float(of["xg"].mean())
            for name, of in (("policy", policy), ("rule", rule), ("distilled", distilled))
        },
        "policy_gain": paired(policy["xg"], rule["xg"]),
        "gain": paired(distilled["xg"], rule["xg"]),
        "share": None if share is None else asdict(share),
    }


class _Search:
    """Ways that are tried on the same crosses, and the trees that are grown from them."""

    def __init__(self, trials: Trials, budget: Budget) -> None:
        self.trials, self.budget = trials, budget

    def found(self, policy: Make, rule: Rule, seen: Runs) -> Distilled:
        """First how to meet the ball, then how to hold and go; `seen` are runs of the policy."""
        numbers = like(rule)
        base = asdict(numbers)
        held, met = _part(base, HOLDING), _part(base, MEETING)
        struck = self.trials.struck(lambda: DistilledRule(numbers, one(held), one(met)))

        def meets(way: Way) -> Array:
            return self.trials.from_strike(struck, lambda: DistilledRule(numbers, one(held), one(way)))

        advice = [{**met, **changed} for changed in ADVICE]
        first = [met, *advice, *_where_he_meets(seen, advice[-1])]
        after = self._plan(meets, first, struck.seen, AFTER, self.budget.meeting)

        def holds(way: Way) -> Array:
            return self.trials.whole(lambda: DistilledRule(numbers, one(way), after))

        opening = self.trials.openings()
        before = self._plan(holds, [held, *_where_he_holds(seen, held)], opening, BEFORE, self.budget.holding)
        best = DistilledRule(numbers, before, after)
        makers: dict[str, Make] = {
            "policy": policy,
            "rule": lambda: type(rule)(rule.numbers),
            "distilled": Distilled(best, {}).agent,
        }
        worth = {name: 100.0 * float(self.trials.whole(make).mean()) for name, make in makers.items()}
        tried = {"crosses": len(self.trials.seeds), "label": LABEL, "xg_up_to_the_first_touch": worth}
        return Distilled(best, tried)

    def _plan(
        self,
        worth_of: Callable[[Way], Array],
        first: Sequence[Way],
        seen: dict[str, Array],
        moment: str,
        rounds: tuple[int, ...],
    ) -> Plan:
        """Try ways round by round, and grow the tree of situations from all of them."""
        ways = list(first)
        worth = [worth_of(way) for way in ways]
        points = quasi_random(len(first[0]), len(self.trials.seeds), sum(rounds))
        for n, count in enumerate(rounds):
            order = np.argsort([-float(values.mean()) for values in worth], kind="stable")
            best = [ways[k] for k in order[:BEST]]
            for k in range(count - len(first) if n == 0 else count):
                ways.append(_neighbour(best[k % len(best)], next(points), self.budget.reach * 0.5**n))
                worth.append(worth_of(ways[-1]))
        steps = {name: quantity.step for name, quantity in QUANTITIES.items() if quantity.moment == moment}
        return Plan(grow(seen, np.stack(worth, axis=1), steps, self.budget.leaves[moment]), tuple(ways))


def _part(numbers: Way, names: Sequence[str]) -> dict[str, float]:
    return {name: numbers[name] for name in names}


def _where_he_meets(policy: Runs, way: Way) -> list[Way]:
    """The same way of meeting the ball, run to where the policy is found as the ball comes, by kind of run."""
    return [{**way, "depth": depth, "width": width} for depth, width in _places(policy, "end")]


def _where_he_holds(policy: Runs, way: Way) -> list[Way]:
    """The same way of holding, at the places where the policy's runs start, by kind of run."""
    return [{**way, "hold_depth": depth, "hold_width": width} for depth, width in _places(policy, "start")]


def _places(policy: Runs, moment: str) -> list[tuple[float, float]]:
    """Median depth and width of a policy's places at a moment, for every kind of run that is not rare."""
    found = []
    for kind in range(len(RUNS)):
        of = policy[(policy["run"] == kind) & np.isfinite(policy[f"{moment}_x"])]
        if len(of) > 0.02 * len(policy):
            found.append((HALF_LENGTH - float(np.median(of[f"{moment}_x"])), float(np.median(of[f"{moment}_y"]))))
    return found


def _neighbour(way: Way, point: Array, reach: float) -> Way:
    """A way within half of `reach` times each range of another."""
    entries = {entry.name: entry.metadata for entry in RunNumbers.entries()}
    moved = {
        name: value + reach * (point[k] - 0.5) * (entries[name]["high"] - entries[name]["low"])
        for k, (name, value) in enumerate(way.items())
    }
    return _part(asdict(within(moved)), list(way))
