"""Chooses the crosses that the page shows: the first wins, losses and ties, in their true proportions."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

KINDS = ("win", "loss", "tie")
MATTERS = 0.01
"""Minimum difference in expected goals between two runs in a cross; anything less is a tie."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Choice:
    """A selection of crosses.

    Attributes:
        places: indices of the selected crosses, in order, (k,).
        kinds: index into KINDS of each, (k,).
        of: number of each kind among all crosses, (3,).
        shown: number of each kind among the selected, (3,).
        sizes: mean lead of the first run for each kind, over all crosses, (3,).
    """

    places: Ints
    kinds: Ints
    of: Ints
    shown: Ints
    sizes: Floats


def choose(difference: Floats, count: int) -> Choice:
    """Select `count` of n crosses, given the lead (n,) of the first run in each.

    Nothing is hand-picked: the first of each kind are taken, in numbers that keep the true proportions.
    """
    kinds = np.where(difference >= MATTERS, 0, np.where(difference <= -MATTERS, 1, 2))
    of = np.bincount(kinds, minlength=len(KINDS))
    shown = shared_out(of, min(count, len(difference)))
    rank = np.zeros(len(kinds), int)
    for kind in range(len(KINDS)):
        rank[kinds == kind] = np.arange(of[kind])
    places = np.flatnonzero(rank < shown[kinds])
    sizes = np.bincount(kinds, difference, minlength=len(KINDS)) / np.maximum(of, 1)
    return Choice(places, kinds[places], of, shown, sizes)


def shared_out(counts: npt.ArrayLike, total: int) -> Ints:
    """`total` whole units divided in proportion to `counts` (k,), by largest remainders."""
    return whole_parts(np.asarray(counts, float) / max(float(np.sum(counts)), 1e-12) * total, total)


def whole_parts(values: npt.ArrayLike, total: int) -> Ints:
    """Values (k,) rounded to whole numbers that add up to `total`, each less than one off, by largest remainders."""
    exact = np.asarray(values, float)
    whole = np.floor(exact + 1e-9).astype(int)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: total - whole.sum()]] += 1
    return whole
