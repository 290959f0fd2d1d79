"""A rule of at most eight leaves: what to do, given what can be seen as the cross opens and where the ball then goes.

The first look decides how the runner holds and goes; the first look after the strike decides how he meets the ball.
Both ask questions that a coach could ask (`seen`), and the run is made as every coaching rule makes it (`run`).
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from backpost.agents.base.agent import Actions, Observations, Seeds
from backpost.agents.base.view import Mask, sees_play, wing
from backpost.envs.common.errors import InvalidValue

from .run import Run, RunNumbers
from .seen import AFTER, BEFORE, Look, clause, see
from .tree import Condition, Leaf, Tree, grown, leaf_of, leaves
from .words import Brief, Way, brief, sentence

HOLDING = ("hold_depth", "hold_width", "start", "depth", "width", "hips")
MEETING = ("depth", "width", "read_after", "meet", "later", "rival_margin", "open", "open_time")
"""What is decided before the strike, and what after it, when the target may change."""
UNSEEN = -1
"""The leaf of a cross before its look."""


@dataclass(frozen=True)
class Plan:
    """Ways to run for each situation: a tree whose leaves are indices into `ways`."""

    tree: Tree
    ways: tuple[Way, ...]

    @property
    def chosen(self) -> list[Way]:
        """The way of each leaf, from the left."""
        return [self.ways[leaf.chosen] for _, leaf in leaves(self.tree)]


def unconditional(way: Way) -> Plan:
    """A plan that asks nothing."""
    return Plan(Leaf(0), (way,))


class DistilledRule:
    """An agent that follows two plans.

    Args:
        numbers: the numbers of the run that no plan changes.
        before: how to hold and go, chosen at the first look.
        after: how to meet the ball, chosen at the first look after the strike.
        name: its name in tables.
    """

    def __init__(self, numbers: RunNumbers, before: Plan, after: Plan, name: str = "distilled-rule") -> None:
        self.name = name
        self.description = "a rule of few leaves, distilled from a policy"
        self.numbers, self.before, self.after = numbers, before, after
        self._run = Run(numbers)
        self._held, self._met = before.chosen, after.chosen
        self._leaves = np.zeros((0, 2), np.int64)

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses."""
        self._run.reset(seeds)
        self._leaves = np.full((len(seeds), 2), UNSEEN)

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Open new crosses in some rows."""
        self._run.restart(which, seeds)
        self._leaves[which] = UNSEEN

    def act(self, observations: Observations) -> Actions:
        """Actions (n, 4) for observations (n, SIZE)."""
        self._look(observations)
        actions = np.empty((len(observations), 4), np.float32)
        for held, met in np.unique(self._leaves, axis=0):
            rows = np.flatnonzero((self._leaves == (held, met)).all(axis=1))
            self._run.numbers = self.numbers_of(int(held), int(met))
            actions[rows] = self._run.act_in(rows, observations[rows])
        return actions

    def numbers_of(self, held: int, met: int) -> RunNumbers:
        """The numbers of the run in a leaf of each plan; either may be `UNSEEN`."""
        changed = dict(self._held[held]) if held != UNSEEN else {}
        changed |= dict(self._met[met]) if met != UNSEEN else {}
        return replace(self.numbers, **changed)

    def leaves_now(self) -> Any:
        """The current leaf of each plan in every cross, (n, 2); `UNSEEN` before the look."""
        return self._leaves.copy()

    def _look(self, observations: Observations) -> None:
        """Choose the leaves of crosses that have reached a look."""
        new = np.flatnonzero((self._leaves[:, 0] == UNSEEN) & sees_play(observations))
        if len(new):
            look = Look(observations[new], wing(observations[new]))
            self._leaves[new, 0] = leaf_of(self.before.tree, see(look, BEFORE), len(new))
        waiting = np.flatnonzero(self._leaves[:, 1] == UNSEEN)
        if not len(waiting):
            return
        look = Look(observations[waiting], wing(observations[waiting]))
        struck = look.after_strike & look.is_on("cross")
        if struck.any():
            rows = waiting[struck]
            look = Look(observations[rows], wing(observations[rows]))
            self._leaves[rows, 1] = leaf_of(self.after.tree, see(look, AFTER), len(rows))


@dataclass(frozen=True)
class ConditionInWords:
    """A condition on the way to a leaf, and its clause."""

    quantity: str
    threshold: float
    above: bool
    clause: str


@dataclass(frozen=True)
class LeafInWords:
    """A leaf: its moment, all conditions on the way to it, the numbers of the run that it settles, and its sentence."""

    moment: str
    when: tuple[ConditionInWords, ...]
    then: dict[str, float]
    sentence: str


@dataclass(frozen=True)
class RuleInWords:
    """A distilled rule.

    Attributes:
        always: the numbers of the run where no leaf settles them.
        leaves: those of both moments.
        brief: the leaves of each moment in few words.
    """

    always: dict[str, float]
    leaves: tuple[LeafInWords, ...]
    brief: tuple[Brief, ...]

    def __post_init__(self) -> None:
        if not self.leaves:
            raise InvalidValue("a rule has one leaf or more, got none")


def in_words(rule: DistilledRule) -> RuleInWords:
    """The rule with its sentences."""
    always = asdict(rule.numbers)
    plans = {
        moment: [(way, dict(plan.ways[leaf.chosen])) for way, leaf in leaves(plan.tree)]
        for moment, plan in ((BEFORE, rule.before), (AFTER, rule.after))
    }
    return RuleInWords(
        always=always,
        leaves=tuple(
            LeafInWords(moment, tuple(map(_condition, way)), then, sentence(way, moment, always | then))
            for moment, plan in plans.items()
            for way, then in plan
        ),
        brief=tuple(brief(moment, [(way, always | then) for way, then in plan]) for moment, plan in plans.items()),
    )


def from_words(rule: RuleInWords) -> DistilledRule:
    """The rule of these words, by the conditions and numbers beside them."""
    before, after = (_plan([leaf for leaf in rule.leaves if leaf.moment == moment]) for moment in (BEFORE, AFTER))
    return DistilledRule(RunNumbers(**rule.always), before, after)


def _condition(condition: Condition) -> ConditionInWords:
    quantity, threshold, above = condition.quantity, condition.threshold, condition.above
    return ConditionInWords(quantity, threshold, above, clause(quantity, threshold, above))


def _plan(leaves_of: Sequence[LeafInWords]) -> Plan:
    """The plan of one moment from its leaves."""
    ways = [[(asked.quantity, asked.threshold, asked.above) for asked in leaf.when] for leaf in leaves_of]
    return Plan(grown(ways), tuple(leaf.then for leaf in leaves_of))
