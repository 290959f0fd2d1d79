"""A rule of at most eight leaves: what to do by what is seen as the cross opens, and by where the ball then goes.

The first look settles how he holds and goes, the first look after the strike how he meets the ball. Both are questions
that a coach could ask (`distil_seen`), and the run is made as every coaching rule makes it (`distil_run`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np

from backpost.agents.agent import Actions, Observations, Seeds
from backpost.agents.scene import CUES, STRIKE_AFTER, Mask, wing
from backpost.envs.pitch import GOAL_HALF_WIDTH

from .distil_run import Run, RunNumbers
from .distil_seen import AFTER, BEFORE, Look, clause, clauses, see
from .distil_tree import Leaf, Tree, grown, leaf_of, leaves

HOLDING = ("hold_depth", "hold_width", "start", "depth", "width", "hips")
MEETING = ("depth", "width", "read_after", "later", "open", "open_time", "flight", "height")
"""What is settled before the strike, and what after it: then the target is another."""
UNSEEN = -1
"""The leaf of a cross that nobody has looked at yet."""
Way = Mapping[str, float]
"""Some numbers of a run."""
POST = GOAL_HALF_WIDTH - 1.5
"""m from the middle beyond which a place is a post's."""
SPOT, EDGE = 8.5, 14.5
"""m from the goal line from which a place is by the penalty spot, and at the edge of the box."""
GOAL_SIDES = "at the near post", "before the middle of the goal", "at the back post"
SPOT_SIDES = "on the near side of the spot", "at the penalty spot", "on the far side of the spot"
HEIGHTS = {"": 2.0, "the head": 1.5, "the chest": 1.2, "the hips": 0.8, "the knees": 0.4}
"""Parts of the body, each from its lowest height on, m; a ball above the head is taken as soon as it can be reached."""
CUE_WORDS = {"look": "as the crosser lifts his head", "plant": "as he plants his foot", "swing": "as he swings"}
AFTER_CUE = {"look": "while the crosser's head is up", "plant": "once his foot is planted", "swing": "as he swings"}
SAME_MOMENT = 0.1
"""s within which a start is said to come with a cue; later it comes after it."""


@dataclass(frozen=True)
class Plan:
    """Ways to run by situation: a tree whose leaves are indices into the ways."""

    tree: Tree
    ways: tuple[Way, ...]

    @property
    def chosen(self) -> list[Way]:
        """The way of each leaf, from the left."""
        return [self.ways[leaf.chosen] for _, leaf in leaves(self.tree)]


def one(way: Way) -> Plan:
    """A plan without questions."""
    return Plan(Leaf(0), (way,))


class DistilledRule:
    """An agent that runs by two plans.

    Args:
        numbers: those of the run that no plan changes.
        before: how he holds and goes, by the first look.
        after: how he meets the ball, by the first look after the strike.
        name: how tables call him.
    """

    def __init__(self, numbers: RunNumbers, before: Plan, after: Plan, name: str = "distilled-rule") -> None:
        self.name = name
        self.description = "a rule of few leaves, distilled from a policy"
        self.numbers, self.before, self.after = numbers, before, after
        self._run = Run(numbers)
        self._held, self._met = before.chosen, after.chosen
        self._leaves = np.zeros((0, 2), np.int64)
        self._side = np.zeros(0)

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses."""
        self._run.reset(seeds)
        self._leaves = np.full((len(seeds), 2), UNSEEN)
        self._side = np.zeros(len(seeds))

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Open new crosses in some rows."""
        self._run.restart(which, seeds)
        self._leaves[which] = UNSEEN
        self._side[which] = 0.0

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
        """The numbers of the run in a leaf of each plan; the second may be `UNSEEN`."""
        changed = dict(self._held[held]) | (dict(self._met[met]) if met != UNSEEN else {})
        return replace(self.numbers, **changed)

    def leaves_now(self) -> Any:
        """The leaf of each plan in which every cross is, (n, 2); `UNSEEN` before its look."""
        return self._leaves.copy()

    def _look(self, observations: Observations) -> None:
        """Settle the leaves of crosses that are at a look."""
        new = np.flatnonzero((self._leaves[:, 0] == UNSEEN) & (wing(observations) != 0.0))
        if len(new):
            self._side[new] = wing(observations[new])
            look = Look(observations[new], self._side[new])
            self._leaves[new, 0] = leaf_of(self.before.tree, see(look, BEFORE), len(new))
        waiting = np.flatnonzero((self._leaves[:, 1] == UNSEEN) & (self._side != 0.0))
        if not len(waiting):
            return
        look = Look(observations[waiting], self._side[waiting])
        struck = look.after_strike & look.is_on("cross")
        if struck.any():
            rows = waiting[struck]
            look = Look(observations[rows], self._side[rows])
            self._leaves[rows, 1] = leaf_of(self.after.tree, see(look, AFTER), len(rows))


def told(rule: DistilledRule) -> dict[str, Any]:
    """The rule for JSON: the numbers that never change, and the leaves of both plans with conditions and a sentence."""
    return {
        "always": asdict(rule.numbers),
        "leaves": [
            {
                "moment": moment,
                "when": [
                    {"quantity": c.quantity, "threshold": c.threshold, "above": c.above}
                    | {"clause": clause(c.quantity, c.threshold, c.above)}
                    for c in way
                ],
                "then": dict(plan.ways[leaf.chosen]),
                "sentence": sentence(
                    clauses(way),
                    (_holding if moment == BEFORE else _meeting)({**asdict(rule.numbers), **plan.ways[leaf.chosen]}),
                ),
            }
            for moment, plan in ((BEFORE, rule.before), (AFTER, rule.after))
            for way, leaf in leaves(plan.tree)
        ],
    }


def rebuilt(rule: Mapping[str, Any]) -> DistilledRule:
    """The rule that `told` has told."""
    before, after = (_plan([leaf for leaf in rule["leaves"] if leaf["moment"] == moment]) for moment in (BEFORE, AFTER))
    return DistilledRule(RunNumbers(**rule["always"]), before, after)


def _plan(leaves_of: Sequence[Mapping[str, Any]]) -> Plan:
    """The plan of one moment from its leaves as they are told."""
    ways = [[(c["quantity"], c["threshold"], c["above"]) for c in leaf["when"]] for leaf in leaves_of]
    return Plan(grown(ways), tuple(leaf["then"] for leaf in leaves_of))


def sentence(conditions: list[str], action: str) -> str:
    """Conditions and action as one sentence."""
    if not conditions:
        return f"{action[0].upper()}{action[1:]}."
    return f"If {' and '.join(conditions)}: {action}."


def _holding(numbers: Way) -> str:
    """How he holds and goes."""
    here = place(numbers["hold_depth"], numbers["hold_width"])
    there = place(numbers["depth"], numbers["width"])
    return f"hold {here}, then go to be {there}: start {start(numbers['start'])}{followed(numbers['hips'])}"


def _meeting(numbers: Way) -> str:
    """How he meets the ball."""
    run = f"be {place(numbers['depth'], numbers['width'])}"
    if numbers["read_after"] > 0.05:
        run += f", watch the flight for {numbers['read_after']:.1f} s"
    flight = reading(numbers["flight"]) + dropped(numbers["flight"], numbers["height"])
    patient = " a moment later than you could" if numbers["later"] >= 0.08 else ""
    body = "to goal" if numbers["open"] >= 0.65 else "half to goal" if numbers["open"] > 0.3 else "to the ball"
    return f"{run}, then meet the ball {flight}{patient}; open your body {body} {numbers['open_time']:.1f} s before it"


def followed(hips: float) -> str:
    """How far he follows the crosser's hips, in words."""
    if hips < 0.15:
        return ""
    way = "a third" if hips < 0.4 else "half" if hips < 0.7 else "most"
    return f", and go {way} of the way to where the crosser's hips point"


def reading(flight: float) -> str:
    """How he reads a flight, in words: by feeling, by working it out, or by both."""
    if flight >= 0.75:
        return "where its flight comes down"
    return (
        "halfway between where you feel it come and where it comes down" if flight >= 0.25 else "where you feel it come"
    )


def dropped(flight: float, height: float) -> str:
    """How low he lets the ball drop, in words; one who goes by feeling takes it as it comes."""
    part = next((part for part, lowest in HEIGHTS.items() if height >= lowest), "the feet")
    return "" if flight < 0.25 or part == "" else f", and let it drop to {part} ({height:.1f} m)"


def place(depth: float, width: float) -> str:
    """A place in football words, with its metres."""
    metres = f"({depth:.0f} m out, {_aside(width)})"
    if depth >= EDGE:
        return f"at the edge of the box {metres}"
    near, middle, far = SPOT_SIDES if depth >= SPOT else GOAL_SIDES
    return f"{far if width > POST else near if width < -POST else middle} {metres}"


def start(seconds: float) -> str:
    """A moment of the strike in football words; before the crosser lifts his head nobody knows when he will strike."""
    seconds = max(seconds, -STRIKE_AFTER[CUES[0]])
    if seconds >= -0.05:
        return "at the strike" if seconds < 0.05 else f"{seconds:.1f} s after the strike"
    cue = next(cue for cue in reversed(CUES) if seconds >= -STRIKE_AFTER[cue] - 0.05)
    words = CUE_WORDS if seconds <= -STRIKE_AFTER[cue] + SAME_MOMENT else AFTER_CUE
    return f"{-seconds:.1f} s before the strike, {words[cue]}"


def _aside(width: float) -> str:
    beyond, post = abs(width) - GOAL_HALF_WIDTH, f"the {'far' if width > 0 else 'near'} post"
    if abs(width) < 0.5:
        return "in the middle"
    if abs(beyond) < 0.75:
        return f"level with {post}"
    return f"{beyond:.0f} m beyond {post}" if beyond > 0 else f"{abs(width):.0f} m from the middle towards {post}"
