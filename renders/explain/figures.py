"""Figures of an explanation: where he runs, what his moment and his cues are worth, and the places of his rule.

They draw what `training.explain` returns and play nothing.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from backpost.envs.common.errors import InvalidValue
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
from backpost.training.distil.seen import clauses
from backpost.training.distil.tree import Condition

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOMENTS = {"start": "run starts", "strike": "cross is struck", "end": "ball is there"}
COLOURS = ("#c2410c", "#5c6a6e")
"""The agent's and the rule's, as in the first shades of a heat map."""
PALE = "#9aa5a8"
FEWEST_LEAVES = 1
CLOSE = 1.5
"""m between two places below which they are one dot."""


def draw(result: Mapping[str, Any], folder: Target) -> list[str]:
    """Every figure that the parts of an explanation allow, as PNG into a folder; the names of the files.

    Raises:
        InvalidFile: if a file cannot be written.
    """
    Path(folder).mkdir(parents=True, exist_ok=True)
    figures = {"where": places_figure, "shift": shift_figure, "cues": cues_figure, "rule": rule_figure}
    drawn = []
    for part, figure in figures.items():
        if part in result:
            path = Path(folder) / f"{part}.png"
            figure(result, path)
            drawn.append(str(path))
    return drawn


def places_figure(result: Mapping[str, Any], path: Target) -> None:
    """Where he is at start, strike and arrival: a row a moment on one scale, a column an agent."""
    columns = result["where"]["maps"]
    crosses = max(result["crosses"], 1)
    fields = {
        name: {moment: fine(np.array(counts), crosses) for moment, counts in of.items()} for name, of in columns.items()
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


def fine(counts: Any, crosses: int) -> Floats:
    """Counts in square metres (depth, width) of so many crosses, as how many of 100, smooth, in cells of `CELL`."""
    parts = round(1.0 / CELL)
    spread = np.kron(counts, np.ones((parts, parts)))
    return smooth(100.0 * spread / crosses)


def shift_figure(result: Mapping[str, Any], path: Target) -> None:
    """What the moment of the run is worth: xG lost against the run as it was, same ball."""
    with sheet(path, 6.4, 3.8) as figure:
        panel = figure.subplots()
        for (name, swept), colour in zip(result["shift"].items(), COLOURS, strict=False):
            shifts = [point["shift"] for point in swept["points"]]
            mean, low, high = ([point["gain"][end] for point in swept["points"]] for end in ("mean", "low", "high"))
            panel.fill_between(shifts, low, high, color=colour, alpha=0.12, linewidth=0)
            panel.plot(shifts, mean, color=colour, marker="o", markersize=3, label=name)
        panel.axhline(0.0, color=PALE, linewidth=0.8, zorder=0)
        panel.axvline(0.0, color=PALE, linewidth=0.8, zorder=0)
        panel.set_xlabel("the same run, seconds earlier (below 0) or later, same ball")
        panel.set_ylabel("xG per 100 crosses with a run,\nagainst the run as it was")
        panel.spines[["top", "right"]].set_visible(False)
        panel.legend(frameon=False)


def cues_figure(result: Mapping[str, Any], path: Target) -> None:
    """What each cue is worth: xG lost without it, with its interval, the dearest on top."""
    ranked = sorted(result["cues"]["cues"].items(), key=lambda pair: pair[1]["lost"]["mean"])
    with sheet(path, 7.4, 1.0 + 0.34 * len(ranked)) as figure:
        panel = figure.subplots()
        for row, (_, of) in enumerate(ranked):
            lost = of["lost"]
            sure = lost["low"] > 0
            panel.plot([lost["low"], lost["high"]], [row, row], color=COLOURS[0] if sure else PALE, linewidth=2.4)
            panel.plot(lost["mean"], row, "o", color=COLOURS[0] if sure else PALE, markersize=6)
        panel.axvline(0.0, color=PALE, linewidth=0.8, zorder=0)
        panel.set_yticks(range(len(ranked)), [name for name, _ in ranked])
        panel.set_xlabel("xG per 100 crosses lost when it is hidden, 99 % interval")
        panel.spines[["top", "right", "left"]].set_visible(False)
        panel.tick_params(axis="y", length=0)


def rule_figure(result: Mapping[str, Any], path: Target) -> None:
    """The places of the distilled rule: where to hold, where to run to, numbered as its sentences.

    Raises:
        InvalidValue: for a rule without leaves.
    """
    leaves = result["rule"]["leaves"]
    if len(leaves) < FEWEST_LEAVES:
        raise InvalidValue("a rule is drawn that has one leaf or more, got none")
    moments = list(dict.fromkeys(leaf["moment"] for leaf in leaves))
    most = max(sum(leaf["moment"] == moment for leaf in leaves) for moment in moments)
    with sheet(path, 5.6 * len(moments), 3.6 + 0.26 * most) as figure:
        panels = figure.subplots(1, len(moments), squeeze=False)[0]
        for panel, moment in zip(panels, moments, strict=True):
            draw_pitch(panel)
            panel.set_title(moment.capitalize(), loc="left", fontsize=12)
            _leaves(panel, [(n, leaf) for n, leaf in enumerate(leaves, 1) if leaf["moment"] == moment])


def _leaves(panel: "Axes", leaves: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
    """A dot with its number at the place of every leaf, one for those that are close; conditions under the pitch."""
    dots: list[tuple[float, float, list[str]]] = []
    for line, (number, leaf) in enumerate(leaves):
        then = leaf["then"]
        depth, width = (
            then[name] for name in (("hold_depth", "hold_width") if "hold_depth" in then else ("depth", "width"))
        )
        near = [dot for dot in dots if np.hypot(dot[0] - depth, dot[1] - width) < CLOSE]
        if near:
            near[0][2].append(str(number))
        else:
            dots.append((depth, width, [str(number)]))
        way = [Condition(answer["quantity"], answer["threshold"], answer["above"]) for answer in leaf["when"]]
        when = " and ".join(clauses(way)) or "always"
        panel.text(-WIDE, DEEP + 1.6 * (line + 1), f"{number}  {when}", fontsize=8.5, color=INK, clip_on=False)
    for depth, width, numbers in dots:
        panel.plot(-width, depth, "o", color=COLOURS[0], markersize=15 if len(numbers) < 3 else 22)
        panel.text(-width, depth, ", ".join(numbers), color="white", ha="center", va="center", fontsize=8)
