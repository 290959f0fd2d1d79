"""The published figures of finishing as expectations: each is a ratio of two sums over the same first contacts.

They are counted as `realism` counts them, with the luck of the touch and of the shot replaced by their expectation.
Left out are figures that need more than such a ratio, and those that need the whole attack.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backpost.training.realism.cells import cells
from backpost.training.realism.measure import Figure
from backpost.training.realism.published import published
from backpost.training.realism.sample import Sample
from backpost.training.realism.target import Target

from .contacts import BLOCKED, GOALS, ON_TARGET, SHOTS, Contacts, expected
from .figures import Array, Values

CROSSES = -1
"""In place of a column: the figure is per cross."""

_CONVERSION = ("", GOALS, SHOTS)
_OF_CELLS = {
    "first contact is a shot": ("direct unblocked", SHOTS, CROSSES),
    "conversion of direct shots": _CONVERSION,
    **{
        f"direct {kind}: {statistic}": counted
        for kind in ("header", "foot")
        for statistic, counted in (
            ("conversion", _CONVERSION),
            ("on target", ("", ON_TARGET, SHOTS)),
            ("goal if on target", ("", GOALS, ON_TARGET)),
            ("blocked", ("", BLOCKED, SHOTS)),
        )
    },
    "conversion by nearest opponent": _CONVERSION,
    "share of shots by nearest opponent": ("nearest_opponent:{gap}", SHOTS, SHOTS),
}
"""By statistic of a cell: the words of its numerator, beside its own, what the numerator sums, and per what."""
_OF_ROWS = {
    "open_high_direct_shot": ("direct", SHOTS, CROSSES),
    "open_low_direct_shot": ("direct", SHOTS, CROSSES),
    "open_high_direct_header_share": ("header", SHOTS, SHOTS),
    "header_conv_open": _CONVERSION,
    "header_conv_5_7m": _CONVERSION,
    "header_conv_11_13m": _CONVERSION,
    "foot_conv_low": _CONVERSION,
    "foot_conv_high": _CONVERSION,
    "goalshare_central_open_high": ("central", GOALS, GOALS),
}
"""Likewise by row."""

Which = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Ratio:
    """A figure of finishing: the sum of a column over some contacts, per the sum of another over more, or per cross."""

    target: Target
    over: Which
    summed: int
    under: Which
    per: int
    crosses: int

    def figure(self, contacts: Array) -> Figure:
        """The figure if this comes of all contacts, (n, COLUMNS); its error is that of the situations."""
        above, below = np.zeros(len(contacts)), np.zeros(len(contacts))
        above[self.over] = contacts[self.over, self.summed]
        if self.per == CROSSES:
            count, others = float(self.crosses), self.crosses - len(self.under)
            below[self.under] = 1.0
        else:
            below[self.under] = contacts[self.under, self.per]
            count, others = float(below.sum()), 0
        value = se = np.nan
        if count > 0.0:
            value = float(above.sum() / count)
            # Crosses without such a contact are each as far from the ratio as the ratio is from 0.
            se = float(np.sqrt(np.sum((above - value * below) ** 2) + others * value**2) / count)
        return Figure(self.target.id, value, se, int(count), self.target.target, self.target.low, self.target.high)


class FinishingFigures:
    """The figures of finishing of the contacts in several blocks, with any parameters of finishing.

    Args:
        parts: the contacts of each block.
    """

    def __init__(self, parts: Sequence[Contacts]) -> None:
        self._parts = parts
        sample = Sample(np.concatenate([part.table for part in parts]))
        starts = np.cumsum([0, *(len(part.table) for part in parts)])
        self._which = np.concatenate([part.which + start for part, start in zip(parts, starts, strict=False)])
        rows = [(row, _OF_ROWS[row.id]) for row in published() if row.id in _OF_ROWS]
        counted = [(cell, _OF_CELLS[cell.statistic]) for cell in cells() if cell.statistic in _OF_CELLS]
        self._ratios = [
            *(self._ratio(sample, row, *how) for row, how in rows),
            *(self._ratio(sample, cell, how[0].format(gap=cell.gap), *how[1:]) for cell, how in counted),
        ]

    def __call__(self, values: Values) -> list[Figure]:
        """The figures with these parameters, without the luck of touches and shots."""
        return self.counted(np.concatenate([expected(part, values) for part in self._parts]))

    def counted(self, contacts: Array) -> list[Figure]:
        """The figures if this comes of the contacts of all parts, (n, COLUMNS)."""
        return [ratio.figure(contacts) for ratio in self._ratios]

    def _ratio(self, sample: Sample, target: Target, words: str, summed: int, per: int) -> _Ratio:
        mask = sample.all(target.counts)
        over, under = (np.flatnonzero(each[self._which]) for each in (mask & sample.all(words), mask))
        return _Ratio(target, over, summed, under, per, int(mask.sum()))
