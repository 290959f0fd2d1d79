"""Figures for paper and page: the timing curve, and where runs start and meet the ball. Imports Matplotlib lazily."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import InvalidValue
from backpost.envs.common.extras import explained
from backpost.envs.common.files import PICTURES, check_writable, write_atomically
from backpost.envs.world.pitch import (
    BOX_DEPTH,
    BOX_HALF_WIDTH,
    GOAL_HALF_WIDTH,
    HALF_LENGTH,
    HALF_WIDTH,
    SIX_YARD_DEPTH,
    SIX_YARD_HALF_WIDTH,
    SPOT_DEPTH,
)
from backpost.renders.scene import captions
from backpost.training.bench.timing import Curve, TimingCurve

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Target = str | PathLike[str]
Floats = npt.NDArray[np.float64]

SPREAD = 1.0
"""Standard deviation, m, with which a heat map smooths positions."""
CELL = 0.25
WIDE, DEEP = 24.0, 24.0
"""Minimum extent of a heat map, m: to each side of the goal's centre, and from the goal line."""
LEFT_OUT = 5.0
"""Percentage of positions that a map may leave out rather than grow."""
EVEN = 2.0
"""The frame of a map is rounded up to a multiple of this, m."""
SHADES = ("YlOrBr", "Greys", "Blues", "Purples")
INK = "#1b2528"
STYLES = {
    (True, True): ("#c2410c", "-"),
    (True, False): ("#c2410c", "--"),
    (False, True): ("#1d6fb8", "-"),
    (False, False): ("#1d6fb8", "--"),
}
"""Colour shows offside, line style shows belief: (offside on, belief limits on)."""


def timing_figures(results: Sequence[TimingCurve], path: Target) -> None:
    """xG per 100 crosses against the start of the run.

    One column per environment, one row per ball, all at one scale.

    Raises:
        InvalidFile: if the file cannot be written.
        InvalidValue: if there is no result.
    """
    if not results:
        raise InvalidValue("timing curves are drawn for one result or more, got none")
    balls = _balls(results)
    with sheet(path, 1.0 + 3.1 * len(results), 0.8 + 3.0 * len(balls)) as figure:
        panels = figure.subplots(len(balls), len(results), sharex=True, sharey=True, squeeze=False)
        for row, ball in zip(panels, balls, strict=True):
            for panel, result in zip(row, results, strict=True):
                title = captions.scenario(result.environment) if ball == balls[0] else ""
                _curves(panel, result, ball, title)
                panel.label_outer()
        _finish(figure, panels, [f"{captions.BALLS[ball]}\n{captions.XG_AXIS}" for ball in balls])


@dataclass(frozen=True)
class Frame:
    """Extent of a map: metres to either side of the goal's centre, and from the goal line."""

    wide: float = WIDE
    deep: float = DEEP

    def holds(self, places: Floats) -> npt.NDArray[np.bool_]:
        """Which positions (k, 2) of x, y lie inside."""
        return (np.abs(places[:, 1]) <= self.wide) & (HALF_LENGTH - places[:, 0] <= self.deep)


def framed(places: Floats) -> Frame:
    """The frame for a map of these positions (k, 2), large enough for nearly all of them."""
    if not len(places):
        return Frame()
    ends = np.percentile(np.stack([np.abs(places[:, 1]), HALF_LENGTH - places[:, 0]]), 100 - LEFT_OUT / 2, axis=1)
    wide, deep = (EVEN * np.ceil(ends / EVEN)).tolist()
    return Frame(min(max(wide, WIDE), HALF_WIDTH), max(deep, DEEP))


def density(places: Floats, crosses: int, frame: Frame | None = None) -> Floats:
    """Frequency per 100 crosses and square metre: positions (k, 2) of x, y on a grid (depth, width) of `CELL` metres.

    The first row is the goal line; the first column is the far side (y = the frame's width).
    """
    frame = frame or Frame()
    depths = np.arange(0.0, frame.deep + CELL / 2, CELL)
    across = np.arange(-frame.wide, frame.wide + CELL / 2, CELL)
    counts, _, _ = np.histogram2d(HALF_LENGTH - places[:, 0], -places[:, 1], bins=(depths, across))
    return smooth(100 * counts / max(crosses, 1) / CELL**2)


def smooth(field: Floats) -> Floats:
    """A field on a grid of `CELL` metres, smoothed with `SPREAD`."""
    reach = np.arange(-4 * SPREAD, 4 * SPREAD + CELL / 2, CELL)
    bell = np.exp(-0.5 * (reach / SPREAD) ** 2)
    bell /= bell.sum()
    for axis in (0, 1):
        field = np.apply_along_axis(np.convolve, axis, field, bell, "same")
    return np.asarray(field)


def _balls(results: Sequence[TimingCurve]) -> list[str]:
    return list(dict.fromkeys(curve.ball for result in results for curve in result.curves))


def _curves(panel: "Axes", result: TimingCurve, ball: str, title: str) -> None:
    """All curves for one ball."""
    for curve in result.curves:
        if curve.ball == ball:
            _curve(panel, curve)
    panel.axvline(0.0, color="#9aa5a8", linewidth=0.8, zorder=0)
    panel.set_title(title, loc="left", fontsize=12)
    panel.set_xlabel(captions.START_AXIS)
    panel.spines[["top", "right"]].set_visible(False)


def _finish(figure: "Figure", panels: npt.NDArray[Any], names: Sequence[str]) -> None:
    """The y axes from zero, one name per row; one legend for all panels."""
    for row, name in zip(panels, names, strict=True):
        row[0].set_ylabel(name)
    panels[0, 0].set_ylim(bottom=0.0)
    figure.legend(*panels[0, 0].get_legend_handles_labels(), frameon=False, ncols=2, loc="outside lower center")


def _curve(panel: "Axes", curve: Curve) -> None:
    starts, worth = [point.start for point in curve.points], [point.xg for point in curve.points]
    colour, line = STYLES[curve.offside_on, curve.belief_limits_on]
    low, high = [xg.low for xg in worth], [xg.high for xg in worth]
    panel.fill_between(starts, low, high, color=colour, alpha=0.12, linewidth=0)
    label = captions.timing_curve(curve.offside_on, curve.belief_limits_on)
    panel.plot(starts, [xg.mean for xg in worth], color=colour, linestyle=line, marker="o", markersize=3, label=label)


def heat(panel: "Axes", field: Floats, levels: Floats, shades: str, frame: Frame | None = None) -> None:
    """A field (depth, width) on the pitch, in steps from light to dark."""
    frame = frame or Frame()
    across = np.linspace(-frame.wide + CELL / 2, frame.wide - CELL / 2, field.shape[1])
    depths = np.linspace(CELL / 2, frame.deep - CELL / 2, field.shape[0])
    panel.contourf(across, depths, field, levels=levels, cmap=shades, extend="max")
    draw_pitch(panel, frame)


def draw_pitch(panel: "Axes", frame: Frame | None = None) -> None:
    """The pitch lines near the goal: metres from its centre (far side on the left) and from the goal line."""
    frame = frame or Frame()
    for depth, half in ((BOX_DEPTH, BOX_HALF_WIDTH), (SIX_YARD_DEPTH, SIX_YARD_HALF_WIDTH)):
        panel.plot([-half, -half, half, half], [0, depth, depth, 0], color="#6d7a7e", linewidth=1.4)
    turns = np.linspace(0, np.pi, 200)
    arc = np.stack([9.15 * np.cos(turns), SPOT_DEPTH + 9.15 * np.sin(turns)])
    panel.plot(*arc[:, arc[1] > BOX_DEPTH], color="#6d7a7e", linewidth=1.4)
    panel.plot([0], [SPOT_DEPTH], "o", color="#6d7a7e", markersize=2.5)
    panel.plot([-frame.wide, frame.wide], [0, 0], color="#6d7a7e", linewidth=1.4)
    panel.plot([-GOAL_HALF_WIDTH, GOAL_HALF_WIDTH], [0, 0], color=INK, linewidth=5, solid_capstyle="butt")
    panel.set(xlim=(-frame.wide, frame.wide), ylim=(frame.deep, -1.0), aspect="equal")
    panel.axis("off")


@contextmanager
def sheet(path: Target, width: float, height: float) -> Iterator["Figure"]:
    """A figure of this size in inches in the project's font, without a window system; written only on success."""
    with explained():
        import matplotlib as mpl
        from matplotlib import font_manager
        from matplotlib.figure import Figure

    kind = Path(path).suffix.lower()
    if kind not in PICTURES:
        raise InvalidValue(f"a figure must end in {', '.join(PICTURES)}, got {Path(path).name}")
    check_writable(path)
    installed = {entry.fname for entry in font_manager.fontManager.ttflist}
    for file in sorted(Path(__file__).parents[1].joinpath("frame", "assets").glob("*.ttf")):
        if str(file) not in installed:
            font_manager.fontManager.addfont(file)
    weights: dict[Any, Any] = dict.fromkeys(
        ("font.weight", "axes.labelweight", "axes.titleweight", "figure.labelweight"), 500
    )
    with mpl.rc_context({"font.family": ["Barlow Semi Condensed Medium"], "text.color": INK, **weights}):
        figure = Figure(figsize=(width, height), layout="constrained")
        yield figure
        encoded = io.BytesIO()
        figure.savefig(encoded, dpi=160, format=kind[1:])
        write_atomically(path, encoded.getvalue())
