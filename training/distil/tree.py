"""A decision tree whose leaves name the best of several ways to run, grown on crosses that all of them played.

Every candidate has run every cross, so the worth of a leaf under any of them is known and no counterfactual model is
needed (policy trees: Zhou, Athey & Wager 2023). The tree grows best first on one half of the crosses; a split stays
only if it also gains on the other half.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import InvalidValue

Array = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
Seen = Mapping[str, Array]
"""Quantities by name, (n,) each."""

SMALLEST = 0.06
"""The smallest share of the crosses that a leaf may hold."""
ENDS = (5.0, 95.0)
"""Percentiles of a quantity between which thresholds are tried."""


@dataclass(frozen=True)
class Leaf:
    """What to do: the number of a candidate."""

    chosen: int


@dataclass(frozen=True)
class Split:
    """A question: is the quantity below the threshold?"""

    quantity: str
    threshold: float
    below: "Tree"
    above: "Tree"


Tree = Leaf | Split


@dataclass(frozen=True)
class Condition:
    """One answer on the way to a leaf."""

    quantity: str
    threshold: float
    above: bool

    def holds(self, seen: Seen) -> npt.NDArray[np.bool_]:
        """Where the condition holds, (n,)."""
        return np.asarray((seen[self.quantity] >= self.threshold) == self.above)


def leaves(tree: Tree, way: tuple[Condition, ...] = ()) -> Iterator[tuple[tuple[Condition, ...], Leaf]]:
    """The leaves from left to right, each with the conditions on the way to it."""
    if isinstance(tree, Leaf):
        yield way, tree
    else:
        yield from leaves(tree.below, (*way, Condition(tree.quantity, tree.threshold, False)))
        yield from leaves(tree.above, (*way, Condition(tree.quantity, tree.threshold, True)))


def grown(ways: Sequence[Sequence[tuple[str, float, bool]]]) -> Tree:
    """The tree whose leaves, from the left, are reached by these sequences of answers (quantity, threshold, above).

    Leaf k names candidate k.

    Raises:
        InvalidValue: if the ways are not those of a tree.
    """
    tree, used = _subtree(ways, 0, 0)
    if used != len(ways):
        raise InvalidValue("these conditions are not those of a tree")
    return tree


def _subtree(ways: Sequence[Sequence[tuple[str, float, bool]]], first: int, depth: int) -> tuple[Tree, int]:
    """The part of the tree at a depth whose leftmost leaf is the first, and the first leaf after it."""
    if first >= len(ways) or len(ways[first]) < depth:
        raise InvalidValue("these conditions are not those of a tree")
    if len(ways[first]) == depth:
        return Leaf(first), first + 1
    quantity, threshold, _ = ways[first][depth]
    below, following = _subtree(ways, first, depth + 1)
    above, end = _subtree(ways, following, depth + 1)
    return Split(quantity, threshold, below, above), end


def leaf_of(tree: Tree, seen: Seen, count: int) -> Rows:
    """The leaf, counted from the left, of each of n crosses, (n,)."""
    leaf = np.zeros(count, np.int64)
    for number, (way, _) in enumerate(leaves(tree)):
        inside = np.ones(count, bool)
        for condition in way:
            inside &= condition.holds(seen)
        leaf[inside] = number
    return leaf


def grow(seen: Seen, worth: Array, steps: Mapping[str, float], most: int) -> Tree:
    """Grow a tree of at most `most` leaves.

    Args:
        seen: quantities of n crosses.
        worth: the worth of each cross with each of k candidates, (n, k).
        steps: the step of each quantity; thresholds are multiples of it.
        most: the largest number of leaves.

    Raises:
        InvalidValue: for fewer than two crosses, no candidate, or no leaf.
    """
    if worth.ndim != 2 or len(worth) < 2 or not worth.shape[1] or most < 1:
        raise InvalidValue(f"a tree needs 2 crosses, a candidate and a leaf or more, got {worth.shape} and {most}")
    rows = np.arange(len(worth))
    halves = rows[::2], rows[1::2]
    smallest = max(int(SMALLEST * len(halves[0])), 1)
    root = _Growing(halves[0], halves[1], int(worth.mean(axis=0).argmax()))
    open_leaves = [root]
    while len(open_leaves) < most:
        proposals = [(leaf, leaf.proposal(seen, worth, steps, smallest)) for leaf in open_leaves]
        splits = [(leaf, split) for leaf, split in proposals if split is not None]
        if not splits:
            break
        leaf, best = max(splits, key=lambda pair: pair[1].gain)
        open_leaves.remove(leaf)
        leaf.split = best
        open_leaves += [best.below, best.above]
    return root.tree(worth)


@dataclass(eq=False)
class _Proposal:
    gain: float
    quantity: str
    threshold: float
    below: "_Growing"
    above: "_Growing"


@dataclass(eq=False)
class _Growing:
    """A leaf that may still be split: its crosses for growing and for checking, and the candidate chosen so far."""

    rows: Rows
    check: Rows
    chosen: int
    split: _Proposal | None = None
    refused: bool = False
    _proposed: _Proposal | None = None

    def proposal(self, seen: Seen, worth: Array, steps: Mapping[str, float], smallest: int) -> _Proposal | None:
        """The split that gains most on its growing half, if it gains on the other half too."""
        if self.refused or self._proposed is not None:
            return self._proposed
        ranked = sorted(self._splits(seen, worth, steps, smallest), key=lambda split: -split.gain)
        for split in ranked[:3]:
            checked = sum(
                float((worth[part.check, part.chosen] - worth[part.check, self.chosen]).sum())
                for part in (split.below, split.above)
            )
            if checked > 0.0:
                self._proposed = split
                return split
        self.refused = True
        return None

    def _splits(self, seen: Seen, worth: Array, steps: Mapping[str, float], smallest: int) -> Iterator[_Proposal]:
        """The best split by each quantity."""
        here = worth[self.rows].sum(axis=0).max()
        for name, step in steps.items():
            values, checked = seen[name][self.rows], seen[name][self.check]
            best = None
            for threshold in thresholds(values, step):
                below = values < threshold
                if min(below.sum(), (~below).sum()) < smallest:
                    continue
                sums = worth[self.rows[below]].sum(axis=0), worth[self.rows[~below]].sum(axis=0)
                gain = float(sums[0].max() + sums[1].max() - here)
                if best is None or gain > best[0]:
                    best = gain, threshold, below, int(sums[0].argmax()), int(sums[1].argmax())
            if best is not None and best[0] > 0.0 and best[3] != best[4]:
                gain, threshold, below, low, high = best
                under = checked < threshold
                yield _Proposal(
                    *(gain, name, threshold),
                    below=_Growing(self.rows[below], self.check[under], low),
                    above=_Growing(self.rows[~below], self.check[~under], high),
                )

    def tree(self, worth: Array) -> Tree:
        """The finished tree; each leaf takes the candidate that is best on all of its crosses."""
        if self.split is not None:
            below, above = self.split.below.tree(worth), self.split.above.tree(worth)
            # Two equal leaves need no question.
            return below if below == above else Split(self.split.quantity, self.split.threshold, below, above)
        return Leaf(int(worth[np.concatenate([self.rows, self.check])].sum(axis=0).argmax()))


def thresholds(values: Array, step: float) -> list[float]:
    """The multiples of a step between the `ENDS` percentiles of the values (n,)."""
    if not len(values):
        return []
    low, high = np.percentile(values, ENDS)
    return [float(step * k) for k in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)]
