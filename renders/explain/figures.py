"""Figures of an explanation: where the agent runs, the value of its timing and cues, and the positions of its rule.

They draw an existing explanation; no crosses are played.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from backpost.renders.figures.figures import (
    CELL,
    DEEP,
    INK,
    SHADES,
    WIDE,
    Floats,
    Target,
    draw_pitch,
    heat,
    sheet,
    smooth,
)
from backpost.renders.scene import captions
from backpost.training.distil.rule import LeafInWords, RuleInWords
from backpost.training.explain.cues import Cues
from backpost.training.explain.explanation import Explanation
from backpost.training.explain.shift import Sweep
from backpost.training.explain.where import MOMENTS, Where

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = ("#c2410c", "#5c6a6e")
"""Colours of agent and rule, matching the first shades of a heat map."""
PALE = "#9aa5a8"
CLOSE = 1.5
"""Distance, m, below which two positions share one dot."""


def draw(result: Explanation, folder: Target) -> list[str]:
    """Write every figure that the parts of an explanation allow into a folder, as PNG; return the file names.

    Raises:
        InvalidFile: if a file cannot be written.
    """
    Path(folder).mkdir(parents=True, exist_ok=True)
    where, shift, cues, rule = (Path(folder) / f"{part}.png" for part in ("where", "shift", "cues", "rule"))
    drawn = []
    if result.where is not None:
        places_figure(result.where, result.crosses, where)
        drawn.append(str(where))
    if result.shift is not None:
        shift_figure(result.shift, shift)
        drawn.append(str(shift))
    if result.cues is not None:
        cues_figure(result.cues, cues)
        drawn.append(str(cues))
    if result.rule is not None:
        rule_figure(result.rule, rule)
        drawn.append(str(rule))
    return drawn


def places_figure(part: Where, crosses: int, path: Target) -> None:
    """The runner's position at start, strike and arrival: one row per moment, at one scale, one column per agent."""
    fields = {
        name: {moment: fine(np.array(counts), max(crosses, 1)) for moment, counts in of.items()}
        for name, of in part.maps.items()
    }
    with sheet(path, 4.4 * len(fields), 2.6 * len(MOMENTS)) as figure:
        panels = figure.subplots(len(MOMENTS), len(fields), squeeze=False)
        for row, (moment, words) in enumerate(MOMENTS.items()):
            top = max(float(of[moment].max()) for of in fields.values())
            levels = np.linspace(0.08, 1.0, 7) * max(top, 1e-9)
            for column, (name, of) in enumerate(fields.items()):
                panel = panels[row, column]
                heat(panel, of[moment], levels, SHADES[column])
                panel.set_title(f"{name}: {words}", loc="left", fontsize=12)
            panels[row, 0].text(-WIDE, DEEP, captions.HEAT_NOTE.format(top=top), fontsize=8.5, color="#5c6a6e")


def fine(counts: npt.NDArray[np.int64], crosses: int) -> Floats:
    """Counts per square metre (depth, width) over `crosses` crosses, as smoothed counts per 100, in cells of `CELL`."""
    parts = round(1.0 / CELL)
    spread = np.kron(counts, np.ones((parts, parts)))
    return smooth(100.0 * spread / crosses)


def shift_figure(swept: dict[str, Sweep], path: Target) -> None:
    """The value of the timing of the run: xG relative to the original run, same ball."""
    with sheet(path, 6.4, 3.8) as figure:
        panel = figure.subplots()
        for (name, sweep), colour in zip(swept.items(), COLOURS, strict=False):
            shifts, gains = [point.shift for point in sweep.points], [point.gain for point in sweep.points]
            low, high = [gain.low for gain in gains], [gain.high for gain in gains]
            panel.fill_between(shifts, low, high, color=colour, alpha=0.12, linewidth=0)
            panel.plot(shifts, [gain.mean for gain in gains], color=colour, marker="o", markersize=3, label=name)
        panel.axhline(0.0, color=PALE, linewidth=0.8, zorder=0)
        panel.axvline(0.0, color=PALE, linewidth=0.8, zorder=0)
        panel.set_xlabel("the same run, seconds earlier (below 0) or later, same ball")
        panel.set_ylabel("xG per 100 crosses with a run,\nagainst the run as it was")
        panel.spines[["top", "right"]].set_visible(False)
        panel.legend(frameon=False)


def cues_figure(part: Cues, path: Target) -> None:
    """The value of each cue: xG lost without it, with its interval, the most valuable on top."""
    ranked = sorted(part.cues.items(), key=lambda pair: pair[1].lost.mean)
    with sheet(path, 7.4, 1.0 + 0.34 * len(ranked)) as figure:
        panel = figure.subplots()
        for row, (_, cue) in enumerate(ranked):
            colour = COLOURS[0] if cue.lost.low > 0 else PALE
            panel.plot([cue.lost.low, cue.lost.high], [row, row], color=colour, linewidth=2.4)
            panel.plot(cue.lost.mean, row, "o", color=colour, markersize=6)
        panel.axvline(0.0, color=PALE, linewidth=0.8, zorder=0)
        panel.set_yticks(range(len(ranked)), [name for name, _ in ranked])
        panel.set_xlabel("xG per 100 crosses lost when it is hidden, 99 % interval")
        panel.spines[["top", "right", "left"]].set_visible(False)
        panel.tick_params(axis="y", length=0)


def rule_figure(rule: RuleInWords, path: Target) -> None:
    """The positions in the distilled rule: where to hold, where to run to, numbered like its sentences."""
    leaves = rule.leaves
    moments = list(dict.fromkeys(leaf.moment for leaf in leaves))
    most = max(sum(leaf.moment == moment for leaf in leaves) for moment in moments)
    with sheet(path, 5.6 * len(moments), 3.6 + 0.26 * most) as figure:
        panels = figure.subplots(1, len(moments), squeeze=False)[0]
        for panel, moment in zip(panels, moments, strict=True):
            draw_pitch(panel)
            panel.set_title(moment.capitalize(), loc="left", fontsize=12)
            _leaves(panel, [(n, leaf) for n, leaf in enumerate(leaves, 1) if leaf.moment == moment])


def _leaves(panel: "Axes", leaves: Sequence[tuple[int, LeafInWords]]) -> None:
    """A numbered dot at the position of each leaf, shared by leaves close together; conditions below the pitch."""
    dots: list[tuple[float, float, list[str]]] = []
    for line, (number, leaf) in enumerate(leaves):
        then = leaf.then
        depth, width = (
            then[name] for name in (("hold_depth", "hold_width") if "hold_depth" in then else ("depth", "width"))
        )
        near = [dot for dot in dots if np.hypot(dot[0] - depth, dot[1] - width) < CLOSE]
        if near:
            near[0][2].append(str(number))
        else:
            dots.append((depth, width, [str(number)]))
        when = " and ".join(asked.clause for asked in leaf.when) or "always"
        panel.text(-WIDE, DEEP + 1.6 * (line + 1), f"{number}  {when}", fontsize=8.5, color=INK, clip_on=False)
    for depth, width, numbers in dots:
        panel.plot(-width, depth, "o", color=COLOURS[0], markersize=15 if len(numbers) < 3 else 22)
        panel.text(-width, depth, ", ".join(numbers), color="white", ha="center", va="center", fontsize=8)
