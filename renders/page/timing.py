"""The value of the start of the run: the timing curve of a scripted runner, in words and with marked starts."""

from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

from backpost.training.bench.statistics import Interval
from backpost.training.bench.timing import FREE, TimingCurve

from . import figures as figures
from .finding import Names
from .starts import Starts
from .words import Words

DIGITS = 2
"""Decimals of a second: the starts are multiples of a quarter second."""


class Start(Protocol):
    """A start of the run, compared with the best one."""

    @property
    def below_best(self) -> Interval:
        """Loss in xG per 100 crosses."""


AnyStart = TypeVar("AnyStart", bound=Start)


def equals(points: Sequence[AnyStart], best: int) -> Sequence[AnyStart]:
    """The unbroken range of starts around the best one in which none is significantly worse."""
    low = high = best
    while low > 0 and points[low - 1].below_best.low <= 0:
        low -= 1
    while high + 1 < len(points) and points[high + 1].below_best.low <= 0:
        high += 1
    return points[low : high + 1]


def timing(
    curve: TimingCurve | None, starts: tuple[Starts, Starts], names: Names, words: Words
) -> dict[str, Any] | None:
    """The timing curve, if it was played.

    A typical start is marked if it lies within the range of starts tried.
    """
    if curve is None:
        return None
    free = next(other for other in curve.curves if other.ball == FREE)
    points = free.points
    best = max(range(len(points)), key=lambda i: points[i].xg.mean)
    when = words.since_strike(points[best].start, DIGITS)
    phrases = [words("timing.told", n=words.number(curve.crosses, 0))]
    around = [point.start for point in equals(points, best)]
    if len(around) > 1:
        phrases.append(words("timing.equal", span=words.span(around[0], around[-1], DIGITS)))
    else:
        phrases.append(words("timing.best", best=when))
        ends = {0: "timing.first", len(points) - 1: "timing.last"}
        phrases.append(words(ends.get(best, "timing.alone")))
    first, last = points[0].start, points[-1].start
    marked = [at if at is not None and first <= at <= last else None for at in (of.typical for of in starts)]
    return {
        "figure": figures.timing_figure(points, marked, words("figures.timing_label"), words),
        "told": " ".join([*phrases, words("timing.another")]),
        "marked": [
            (kind, title) for kind, title, at in zip(figures.KINDS, names.titles, marked, strict=True) if at is not None
        ],
    }
