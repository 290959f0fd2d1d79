"""Which crosses the page shows: wins, losses and ties in their true proportion, the first that come of each."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

KINDS = ("win", "loss", "tie")
MATTERS = 0.01
"""Expected goals by which one run must be better than the other in a cross: less is called a tie."""

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Choice:
    """Crosses out of many.

    Attributes:
        places: which were taken, in their order, (k,).
        kinds: index into KINDS of each, (k,).
        of: how many of all were of each kind, (3,).
        shown: how many of those taken, (3,).
        sizes: how much more the first run was worth in those of each kind, on average over all, (3,).
    """

    places: Ints
    kinds: Ints
    of: Ints
    shown: Ints
    sizes: Floats


def choose(difference: Floats, count: int) -> Choice:
    """Take `count` crosses out of n, given how much more (n,) the first run was worth in each.

    Nothing is picked by hand: of each kind the first ones are taken, so many that the shares are the true ones.
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
    """`total` whole things shared out like `counts` (k,), by largest remainders."""
    return whole_parts(np.asarray(counts, float) / max(float(np.sum(counts)), 1e-12) * total, total)


def whole_parts(values: npt.ArrayLike, total: int) -> Ints:
    """Values (k,) as whole numbers that add up to their rounded sum, each less than one off: the largest remainders."""
    exact = np.asarray(values, float)
    whole = np.floor(exact + 1e-9).astype(int)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: total - whole.sum()]] += 1
    return whole
