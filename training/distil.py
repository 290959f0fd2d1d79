"""Distil a policy into a rule that a coach could say, by playing it.

A copy of the policy's actions would lose what matters, for they are small corrections of a rule's. So ways to run are
tried: those of the rule beside it, places where the policy is found, and neighbours of whatever did best. All of them
run the same crosses, and a tree of situations takes for each the way that was worth most (`distil_tree`): first how
to meet the ball, by where it goes; then how to hold and go, by what is seen before the strike. What counts is the
expected goals up to the first touch (second balls are luck that the run does not choose), on crosses of the label
"train". What the rule keeps of the policy's gain is then played on crosses that nothing was chosen on.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from backpost.agents.agent import Actions, Agent, Observations, Rule, Seeds
from backpost.agents.play import Progress
from backpost.agents.rules import RULE_TYPES
from backpost.agents.scene import Mask, wing
from backpost.agents.tuning import quasi_random
from backpost.envs.chance import episode_seeds
from backpost.envs.errors import UnknownName
from backpost.envs.options import Options
from backpost.envs.pitch import HALF_LENGTH

from .distil_rule import HOLDING, MEETING, UNSEEN, DistilledRule, Plan, Way, one, told
from .distil_run import RunNumbers, like, within
from .distil_seen import AFTER, BEFORE, QUANTITIES, Look, see
from .distil_tree import Array, grow
from .explain_played import LEVEL, RUNS, Runs, paired, runs
from .statistics import share_of_gap

STREAM = 900
"""Ways are tried on this stream of the label "train"; training seeds are far below."""


@dataclass(frozen=True)
class Budget:
    """What distilling may spend.

    Attributes:
        crosses: that every way runs.
        meeting: ways to meet the ball that are tried in each round.
        holding: ways to hold and go that are tried in each round.
        leaves: at most so many of each.
    """

    crosses: int = 10_000
    meeting: tuple[int, ...] = (14, 12, 10)
    holding: tuple[int, ...] = (10, 8)
    leaves: tuple[int, int] = (5, 3)
    reach: float = 0.3
    """Neighbours lie within half of this share of each range; it halves with every round."""

    @property
    def plays(self) -> int:
        """Crosses that are played in all."""
        return self.crosses * (sum(self.meeting) + sum(self.holding) + 3)


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
    policy: Callable[[], Agent],
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
    return _Search(env, options, budget, progress).found(policy, RULE_TYPES[rule](scenario=env))


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
    """Ways that are tried on the same crosses."""

    def __init__(self, env: str, options: Options | None, budget: Budget, progress: Progress | None) -> None:
        chosen = options or Options()
        self.env, self.budget, self.progress = env, budget, progress
        self.options = replace(chosen, parameters={**chosen.parameters, "second_balls_on": 0.0})
        self.seeds = episode_seeds("train", STREAM, 0, budget.crosses)

    def found(self, policy: Callable[[], Agent], rule: Rule) -> Distilled:
        """First how to meet the ball, then how to hold and go."""
        numbers = like(rule)
        his = self._runs(policy)
        the_rules = self._runs(lambda: type(rule)(rule.numbers))
        base = {name: getattr(numbers, name) for name in (*HOLDING, *MEETING)}
        held, met = _part(base, HOLDING), _part(base, MEETING)

        def meeting(way: Way) -> DistilledRule:
            return DistilledRule(numbers, one(held), one(way))

        after = self._plan(meeting, [met, *_where_he_meets(his, met)], AFTER, self.budget.meeting)

        def holding(way: Way) -> DistilledRule:
            return DistilledRule(numbers, one(way), after)

        before = self._plan(holding, [held, *_where_he_holds(his, held)], BEFORE, self.budget.holding)
        best = DistilledRule(numbers, before, after)
        worth = {"policy": his["xg"], "rule": the_rules["xg"], "distilled": self._xg(best)}
        tried = {name: 100.0 * float(values.mean()) for name, values in worth.items()}
        return Distilled(best, {"crosses": len(self.seeds), "label": "train", "xg_up_to_the_first_touch": tried})

    def _plan(
        self, made: Callable[[Way], DistilledRule], first: Sequence[Way], moment: str, rounds: tuple[int, ...]
    ) -> Plan:
        """Try ways round by round, and grow the tree of situations from all of them."""
        ways, seen = list(first), self._seen(made(first[0]), moment)
        worth = [self._xg(made(way)) for way in ways]
        points = quasi_random(len(first[0]), len(self.seeds), sum(rounds))
        for n, count in enumerate(rounds):
            order = np.argsort([-float(values.mean()) for values in worth], kind="stable")
            best = [ways[k] for k in order[:3]]
            for k in range(count - len(first) if n == 0 else count):
                way = _neighbour(best[k % len(best)], next(points), self.budget.reach * 0.5**n)
                ways.append(way)
                worth.append(self._xg(made(way)))
        steps = {name: quantity.step for name, quantity in QUANTITIES.items() if quantity.moment == moment}
        tree = grow(seen, np.stack(worth, axis=1), steps, self.budget.leaves[0 if moment == AFTER else 1])
        return Plan(tree, tuple(ways))

    def _xg(self, rule: DistilledRule) -> Array:
        of = self._runs(lambda: DistilledRule(rule.numbers, rule.before, rule.after))
        return np.asarray(of["xg"])

    def _runs(self, make: Callable[[], Agent]) -> Runs:
        return runs(make, self.env, self.seeds, self.options, self.progress)

    def _seen(self, rule: DistilledRule, moment: str) -> dict[str, Array]:
        """What is seen at a moment in every cross."""
        looking: dict[int, dict[str, float]] = {}

        def make() -> Agent:
            return _Looking(DistilledRule(rule.numbers, rule.before, rule.after), moment, looking)

        self._runs(make)
        names = [name for name, quantity in QUANTITIES.items() if quantity.moment == moment]
        return {name: np.array([looking.get(int(seed), {}).get(name, 0.0) for seed in self.seeds]) for name in names}


class _Looking:
    """A distilled rule, and what it sees at the looks of one moment, by seed."""

    def __init__(self, rule: DistilledRule, moment: str, found: dict[int, dict[str, float]]) -> None:
        self.name, self.description = rule.name, rule.description
        self._rule, self._moment, self._found = rule, moment, found
        self._seeds: Seeds = np.zeros(0, np.uint64)

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses."""
        self._rule.reset(seeds)
        self._seeds = seeds.copy()

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Open new crosses in some rows."""
        self._rule.restart(which, seeds)
        self._seeds[which] = seeds[which]

    def act(self, observations: Observations) -> Actions:
        """The rule's actions (n, 4)."""
        plan = 0 if self._moment == BEFORE else 1
        before = self._rule.leaves_now()[:, plan]
        actions = self._rule.act(observations)
        rows = np.flatnonzero((before == UNSEEN) & (self._rule.leaves_now()[:, plan] != UNSEEN))
        if len(rows):
            seen = see(Look(observations[rows], wing(observations[rows])), self._moment)
            for k, row in enumerate(rows):
                self._found[int(self._seeds[row])] = {name: float(values[k]) for name, values in seen.items()}
        return actions


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
