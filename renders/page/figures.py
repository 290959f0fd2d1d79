"""The page's static figures as SVG: heat maps, start times, the timing curve, a hundred dots.

Colours come from the page's style sheet (`learner`, `rule`), so light, dark and print each have their own.
"""

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
from markupsafe import Markup, escape

from backpost.envs.world.pitch import (
    BOX_DEPTH,
    BOX_HALF_WIDTH,
    GOAL_HALF_WIDTH,
    SIX_YARD_DEPTH,
    SIX_YARD_HALF_WIDTH,
    SPOT_DEPTH,
)
from backpost.renders.figures.figures import CELL, Frame, density
from backpost.training.bench.statistics import Interval
from backpost.training.explain.shift import ShiftedRuns

from .starts import Starts
from .words import Words

Floats = npt.NDArray[np.float64]

KINDS = ("learner", "rule")
LEVELS = (0.12, 0.3, 0.5, 0.7, 0.88)
"""Fractions of the maximum at which a heat map changes shade."""
WIDTH, HEIGHT = 560, 262
LEFT, RIGHT, TOP, BOTTOM = 46, 22, 44, 46
"""Points around the axes; the name of the y axis stands above them, with the heads of marks below it."""
BIN = 0.1
"""Bin width in the figure of start times, s."""
GRID = 0.025
"""Spacing of possible start times, counted from the strike, s."""


def heat_maps(places: Sequence[Floats], crosses: int, label: Sequence[str], frame: Frame) -> list[Markup]:
    """One map per agent, all at one scale: positions (k, 2) of x, y from `crosses` crosses each."""
    fields = [density(of, crosses, frame) for of in places]
    top = max(float(field.max()) for field in fields)
    return [_map(field, top, kind, words, frame) for field, kind, words in zip(fields, KINDS, label, strict=True)]


def darkest(places: Sequence[Floats], crosses: int, frame: Frame) -> float:
    """Count per 100 crosses in the darkest square metre of these maps."""
    return max(float(density(of, crosses, frame).max()) for of in places)


def _map(field: Floats, top: float, kind: str, label: str, frame: Frame) -> Markup:
    from contourpy import contour_generator

    across = np.linspace(-frame.wide + CELL / 2, frame.wide - CELL / 2, field.shape[1])
    depths = np.linspace(CELL / 2, frame.deep - CELL / 2, field.shape[0])
    shapes = []
    if top > 0:
        lines = contour_generator(across, depths, np.pad(field[1:-1, 1:-1], 1), line_type="Separate")
        for level in LEVELS:
            rings = " ".join(_ring(np.asarray(ring, float)) for ring in lines.lines(level * top))
            if rings:
                shapes.append(f'<path class="heat {kind}" fill-rule="evenodd" d="{rings}"/>')
    box = f"{-frame.wide:g} -1.4 {2 * frame.wide:g} {frame.deep + 1.4:g}"
    drawn = "".join(shapes) + _lines(frame.wide)
    return Markup(f'<svg class="map" viewBox="{box}" role="img" aria-label="{escape(label)}">{drawn}</svg>')


def _ring(points: Floats) -> str:
    kept = points[::2] if len(points) > 24 else points
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in kept.tolist()) + "Z"


def _lines(wide: float) -> str:
    """The pitch lines within the frame of a map, in metres."""
    boxes = ((BOX_DEPTH, BOX_HALF_WIDTH), (SIX_YARD_DEPTH, SIX_YARD_HALF_WIDTH))
    drawn = "".join(f"M{-half:g} 0V{depth:g}H{half:g}V0" for depth, half in boxes)
    reach = float(np.sqrt(9.15**2 - (BOX_DEPTH - SPOT_DEPTH) ** 2))
    drawn += f"M{-reach:.2f} {BOX_DEPTH}A9.15 9.15 0 0 0 {reach:.2f} {BOX_DEPTH}M{-wide:g} 0H{wide:g}"
    goal = f'<path class="goal" d="M{-GOAL_HALF_WIDTH} 0H{GOAL_HALF_WIDTH}"/>'
    return f'<path class="line" d="{drawn}"/><circle class="spot" cx="0" cy="{SPOT_DEPTH:g}" r=".3"/>{goal}'


def starts_figure(starts: Sequence[Starts], label: str, words: Words) -> Markup:
    """When runs start: one line per agent, with the number of starts in each tenth of a second per 100 runs."""
    every = np.concatenate([np.zeros(0), *(of.times for of in starts)])
    every = every if len(every) else np.zeros(1)
    low, high = np.floor(np.percentile(every, 1) * 2) / 2, np.ceil(np.percentile(every, 99) * 2) / 2 + 0.5
    edges = np.arange(low, high + BIN / 2, BIN)
    # The bin edges lie on the grid of start times; shifting by half a step avoids rounding at the edges.
    counts = [100 * np.histogram(of.times + GRID / 2, edges)[0] / max(len(of.places), 1) for of in starts]
    top = max(float(count.max()) for count in counts) * 1.15 or 1.0
    axes = _Axes((low, high), (0.0, top))
    drawn = [axes.frame(words("figures.start_axis"), words("figures.starts_axis"), words)]
    for count, kind in zip(counts, KINDS, strict=True):
        steps = np.column_stack([np.repeat(edges, 2)[1:-1], np.repeat(count, 2)])
        drawn.append(axes.area(steps, kind))
    drawn += axes.marks([of.typical for of in starts])
    return axes.svg(drawn, label)


class StartWorth(Protocol):
    """The value of a run that starts a given number of seconds from the strike, xG per 100 crosses."""

    @property
    def start(self) -> float:
        """Seconds."""

    @property
    def xg(self) -> Interval:
        """Per 100 crosses."""


def timing_figure(points: Sequence[StartWorth], marked: Sequence[float | None], label: str, words: Words) -> Markup:
    """The timing curve with its interval, and one start of each run where known."""
    table = np.array([[point.start, point.xg.mean, point.xg.low, point.xg.high] for point in points])
    axes = _Axes((float(table[0, 0]), float(table[-1, 0])), (0.0, float(table[:, 3].max()) * 1.1))
    drawn = [
        axes.frame(words("figures.start_axis"), words("figures.worth_axis"), words),
        axes.curve(table),
        *axes.marks(marked),
    ]
    return axes.svg(drawn, label)


def shift_figure(points: Sequence[ShiftedRuns], label: str, words: Words) -> Markup:
    """The gain or loss of starting runs earlier or later, with its interval."""
    table = np.array([[point.shift, point.gain.mean, point.gain.low, point.gain.high] for point in points])
    low, high = float(table[:, 2].min()), float(table[:, 3].max())
    margin = max(high - low, 0.1) * 0.08
    axes = _Axes((float(table[0, 0]), float(table[-1, 0])), (min(low, 0.0) - margin, max(high, 0.0) + margin))
    return axes.svg(
        [axes.frame(words("figures.shift_axis"), words("figures.gain_axis"), words), axes.curve(table)], label
    )


def dots(value: float, kind: str, label: str) -> Markup:
    """A hundred dots, `value` of them filled; the last one in part."""
    shares = [min(max(value - i, 0.0), 1.0) for i in range(100)]
    empty = "".join(_dot(i, 1.0) for i in range(100))
    filled = "".join(_dot(i, share**0.5) for i, share in enumerate(shares) if share > 0.04)
    return Markup(
        f'<svg class="dots" viewBox="0 0 100 100" role="img" aria-label="{escape(label)}">'
        f'<path class="empty" d="{empty}"/><path class="{kind}" d="{filled}"/></svg>'
    )


def _dot(i: int, share: float) -> str:
    """Dot i in ten rows of ten, at a fraction of the full radius."""
    x, y, radius = 10 * (i % 10) + 5, 10 * (i // 10) + 5, 3.4 * share
    half = f"a{radius:.2f} {radius:.2f} 0 1 0 "
    return f"M{x - radius:.2f} {y}{half}{2 * radius:.2f} 0{half}{-2 * radius:.2f} 0"


class _Axes:
    """The axes of a figure: seconds from the strike on x, a rate per 100 on y."""

    def __init__(self, across: tuple[float, float], up: tuple[float, float]) -> None:
        self.across, self.up = across, up

    def at(self, places: Floats) -> list[tuple[float, float]]:
        x = LEFT + (places[:, 0] - self.across[0]) / (self.across[1] - self.across[0]) * (WIDTH - LEFT - RIGHT)
        y = HEIGHT - BOTTOM - (places[:, 1] - self.up[0]) / (self.up[1] - self.up[0]) * (HEIGHT - TOP - BOTTOM)
        return list(zip(x.tolist(), y.tolist(), strict=True))

    def path(self, places: Floats) -> str:
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in self.at(places))

    def area(self, places: Floats, kind: str) -> str:
        closed = np.concatenate([[[places[0, 0], 0.0]], places, [[places[-1, 0], 0.0]]])
        path = self.path(closed)
        return f'<path class="area {kind}" d="{path}Z"/><path class="outline {kind}" d="{path}"/>'

    def curve(self, points: Floats) -> str:
        """A line with its band: points (k, 4) of x, mean, low, high."""
        band = np.concatenate([points[:, [0, 3]], points[::-1, [0, 2]]])
        dots = "".join(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in self.at(points[:, :2]))
        path = self.path(points[:, :2])
        return f'<path class="band" d="{self.path(band)}Z"/><path class="curve" d="{path}"/>{dots}'

    def marks(self, seconds: Sequence[float | None]) -> list[str]:
        """One line per agent at a time on the axis; None: no line for that agent."""
        return [self.mark(second, kind) for second, kind in zip(seconds, KINDS, strict=True) if second is not None]

    def mark(self, second: float, kind: str) -> str:
        """A line at a time on the axis, headed by a disc for the learner or a ring for the rule."""
        x = self.at(np.array([[second, 0.0]]))[0][0]
        return (
            f'<path class="mark {kind}" d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}"/>'
            f'<circle class="head {kind}" cx="{x:.1f}" cy="{TOP - 5}" r="5"/>'
        )

    def frame(self, across: str, up: str, words: Words) -> str:
        drawn = []
        for value in _ticks(*self.up):
            (x, y), text = (
                self.at(np.array([[self.across[0], value]]))[0],
                words.number(value, 0 if value % 1 == 0 else 1),
            )
            strong = " strike" if abs(value) < 1e-9 and self.up[0] < 0 else ""
            drawn.append(f'<path class="grid{strong}" d="M{x:.1f} {y:.1f}H{WIDTH - RIGHT}"/>')
            drawn.append(f'<text x="{x - 7:.1f}" y="{y + 4:.1f}" text-anchor="end">{text}</text>')
        for value in np.arange(np.ceil(self.across[0] * 2) / 2, self.across[1] + 1e-9, 0.5):
            x, y = self.at(np.array([[value, self.up[0]]]))[0]
            strong = " strike" if abs(value) < 1e-9 else ""
            drawn.append(f'<path class="grid{strong}" d="M{x:.1f} {TOP}V{y:.1f}"/>')
            half = ' class="half"' if value % 1 else ""
            sign = "+" if value > 0 else ""
            text = f"{sign}{words.number(float(value), 1)}" if not strong else "0"
            drawn.append(f'<text{half} x="{x:.1f}" y="{y + 18:.1f}" text-anchor="middle">{text}</text>')
        drawn.append(f'<text x="{WIDTH - RIGHT}" y="{HEIGHT - 6}" text-anchor="end">{escape(across)}</text>')
        drawn.append(f'<text x="2" y="{TOP - 27}">{escape(up)}</text>')
        return "".join(drawn)

    def svg(self, drawn: Iterable[str], label: str) -> Markup:
        return Markup(
            f'<svg class="figure" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}">'
            f"{''.join(drawn)}</svg>"
        )


def _ticks(low: float, high: float) -> list[float]:
    """About four round numbers."""
    raw = (high - low) / 4
    size = 10 ** np.floor(np.log10(raw))
    step = next(m * size for m in (1, 2, 5, 10) if m * size >= raw)
    return np.arange(np.ceil(low / step) * step, high, step).tolist()  # type: ignore[no-any-return]
