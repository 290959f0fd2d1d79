"""The timeline: both runs on one time axis, counted from the strike of the cross."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from backpost.renders.scene import captions
from backpost.renders.scene.moments import Moments

from .canvas import Canvas
from .layout import Rect
from .palette import BACKGROUND, INK, KINDS, RAIL, TEXT, TEXT_QUIET, WHITE, mix

Place = Callable[[float], float]
"""Seconds from the strike to x on the page."""
BEFORE, AFTER = 2.5, 3.0
"""Maximum seconds shown before the strike, and after the ball is met or has passed."""


@dataclass(frozen=True)
class Lane:
    """One run, in seconds from the strike; None for a moment that has not come (yet)."""

    title: str
    kind: str
    strike_name: str
    first: float
    start: float | None
    contact: float | None
    contact_name: str
    until: float
    last: float


@dataclass(frozen=True)
class Axis:
    """Position of seconds from the strike on the page, in points."""

    left: float
    right: float
    first: float
    last: float

    def place(self, seconds: float) -> float:
        """x of a time; times outside the axis are clipped to its ends."""
        inside = min(max(seconds, self.first), self.last) - self.first
        return self.left + inside / (self.last - self.first) * (self.right - self.left)

    def seconds(self, x: float) -> float:
        """The time at x, clipped to the range shown."""
        share = (min(max(x, self.left), self.right) - self.left) / (self.right - self.left)
        return self.first + share * (self.last - self.first)


def lane(when: Moments, first: float, title: str, kind: str) -> Lane:
    """The times of a run whose first record is at `first`; before the strike they count from the expected strike."""
    strike = when.expected
    start = None if when.start is None else when.start - strike
    contact = None if when.contact is None else when.contact - strike
    name = captions.MEETS_BALL if when.meets is not None else captions.BALL_PASSES
    struck = captions.STRIKE_MEANT if when.struck is None else captions.CROSS_STRUCK
    return Lane(title, kind, struck, first - strike, start, contact, name, when.until - strike, when.end - strike)


def span(lanes: list[Lane], over: bool) -> tuple[float, float]:
    """First and last second of the timeline."""
    first = max(min(run.first for run in lanes), -BEFORE)
    contacts = [run.contact for run in lanes if run.contact is not None]
    last = min(max(run.last for run in lanes), max(contacts, default=1.5) + AFTER)
    return min(first, -0.5), last if over else AFTER


def axis(canvas: Canvas, rect: Rect, lanes: list[Lane], over: bool, letters: float) -> Axis:
    """The time axis of a timeline, to the right of the names of the runs."""
    names = max(canvas.text_width(run.title, letters * 1.1, bold=True) for run in lanes) + 18
    return Axis(rect.x + names, rect.right - 10, *span(lanes, over))


def draw_timeline(canvas: Canvas, rect: Rect, lanes: list[Lane], now: float, over: bool, letters: float) -> None:
    """Lanes with their runs, the strike, the named moments of the first, and a playhead `now` (s from the strike)."""
    line = axis(canvas, rect, lanes, over, letters)
    left, right, place = line.left, line.right, line.place
    top = rect.y + letters * 1.75
    pitch = letters * 1.3
    rows = [top + i * pitch for i in range(len(lanes))]
    _scale(canvas, place, line.first, line.last, rows[-1], letters)
    for run, y in zip(lanes, rows, strict=True):
        _draw_lane(canvas, run, y, place, now, letters)
        canvas.text(run.title, (left - 14, y), letters * 1.1, KINDS[run.kind], anchor="right", bold=True)
    strike, head = place(0.0), place(now)
    canvas.line((strike, top - 7), (strike, rows[-1] + 7), WHITE, 1.8)
    _names(canvas, lanes[0], place, top - letters * 1.05, letters, Rect(left, rect.y, right - left, rect.height))
    canvas.line((head, top - 6), (head, rows[-1] + 6), WHITE, 1.4)
    canvas.circle((head, top), 6.6, INK)
    canvas.circle((head, top), 5.4, WHITE)


def _draw_lane(canvas: Canvas, run: Lane, y: float, place: Place, now: float, letters: float) -> None:
    colour = KINDS[run.kind]
    rail = Rect(place(run.first), y - 1.4, max(place(run.last) - place(run.first), 1.0), 2.8)
    canvas.rectangle(rail, RAIL, radius=1.4)
    end = run.until
    if run.start is not None and end > run.start:
        whole = Rect(place(run.start), y - 3.2, place(end) - place(run.start), 6.4)
        canvas.rectangle(whole, mix(colour, BACKGROUND, 0.45))
        if now > run.start:
            reached = place(min(now, end))
            canvas.rectangle(Rect(whole.x, whole.y, reached - whole.x, whole.height), colour)
    for moment in (run.start, run.contact):
        if moment is not None:
            canvas.line((place(moment), y - 6), (place(moment), y + 6), colour, 1.8)


def _scale(canvas: Canvas, place: Place, first: float, last: float, y: float, letters: float) -> None:
    """Whole seconds before and after the strike."""
    for second in range(int(np.ceil(first)), int(np.floor(last)) + 1):
        x = place(second)
        canvas.line((x, y + 7), (x, y + 10), TEXT_QUIET, 1.0)
        text = f"{second:+d} s" if second else "0"
        canvas.text(
            text.replace("-", "\u2212"), (x, y + 10 + letters * 0.62), letters * 0.85, TEXT_QUIET, anchor="centre"
        )


def _names(canvas: Canvas, run: Lane, place: Place, y: float, letters: float, inside: Rect) -> None:
    """The named moments above their ticks, shifted where they would touch; if there is no space, the last ones go."""
    moments = [(run.strike_name, 0.0), (run.contact_name, run.contact), (captions.RUN_STARTS, run.start)]
    labels = [(text, place(moment), canvas.text_width(text, letters)) for text, moment in moments if moment is not None]
    while labels:
        choices = (_sides(tick, width) for _, tick, width in labels)
        for begins in sorted(product(*choices), key=lambda ways: sum(shift for _, shift in ways)):
            spans = sorted((begin, begin + name[2]) for (begin, _), name in zip(begins, labels, strict=True))
            apart = all(first[1] + 8 <= second[0] for first, second in pairwise(spans))
            if apart and spans[0][0] >= inside.x and spans[-1][1] <= inside.right:
                for (begin, _), (text, _, _) in zip(begins, labels, strict=True):
                    canvas.text(text, (begin, y), letters, TEXT)
                return
        labels.pop()


def _sides(tick: float, width: float) -> list[tuple[float, int]]:
    """Where a name may begin (centred on its tick, to its left, to its right), and the cost of each."""
    return [(tick - width / 2, 0), (tick - width + 3, 1), (tick - 3, 1)]
