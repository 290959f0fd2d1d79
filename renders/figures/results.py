"""Figures of the results: each agent's lead over the best rule, its value, and how policies learn."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from backpost.envs.common.errors import InvalidValue
from backpost.training.bench.robustness import EnvironmentRobustness
from backpost.training.bench.statistics import Interval
from backpost.training.results.content import EnvironmentResults, Results
from backpost.training.results.runs import Trainings

from .figures import INK, Target, sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEARNED, GENERAL, BASE = "#c2410c", "#1d6fb8", "#5c6a6e"
COLOURS = {"learned": LEARNED, "generalist": GENERAL}
GROUPS = ("#c2410c", "#1d6fb8", "#3f7d4e", "#8a4fa8", "#a8762a", "#4b6f80", "#9c3d5a", "#6d7a7e", "#10201c")
TITLES = {
    "OpenPlay": "open play",
    "Transition": "transition",
    "Corner": "corner",
    "FreeKick": "free kick",
    "Match": "match",
}
CALLED = {"learned": "learned policy"}
LEAD, WORTH = "lead over the best rule, xG per 100 crosses", "xG per 100 crosses"
BEST_RULE = "best rule"
STEPS, SELECTED = "decisions, millions", "xG per 100 crosses when it was selected"
ONE_SEED = "a dot a training seed; line: 95 %, for other seeds and crosses"


def draw(result: Results, folder: Target) -> None:
    """Draw what `training.results` returns: `results.png`, all leads, and `results_xg.png`, all values.

    Raises:
        InvalidFile: if a file cannot be written.
        InvalidValue: if there is no environment.
    """
    Path(folder).mkdir(parents=True, exist_ok=True)
    forest(result, Path(folder) / "results.png")
    worth(result, Path(folder) / "results_xg.png")


def forest(result: Results, path: Target) -> None:
    """Each agent's lead over the best rule, one panel per environment, from what `training.results` returns.

    Raises:
        InvalidFile: if the file cannot be written.
        InvalidValue: if there is no environment.
    """
    _panels(result, path, f"{LEAD} (95 % each)", lambda env: {env.best_rule: None, **env.over_best_rule})


def worth(result: Results, path: Target) -> None:
    """Each agent's value, one panel per environment, from what `training.results` returns.

    Raises:
        InvalidFile: if the file cannot be written.
        InvalidValue: if there is no environment.
    """
    _panels(result, path, WORTH, lambda env: {row.name: row.xg for row in env.agents})


def robust(results: Sequence[EnvironmentRobustness], path: Target) -> None:
    """The lead over the best rule under each change, from what `training.robustness` returns.

    Raises:
        InvalidFile: if the file cannot be written.
        InvalidValue: if there is no result.
    """
    if not results:
        raise InvalidValue("robustness is drawn for one result or more, got none")
    names = list(dict.fromkeys(row.change for result in results for row in result.changes))
    everybody = list(dict.fromkeys(name for result in results for name in result.names))
    colours = {name: GROUPS[n % len(GROUPS)] for n, name in enumerate(everybody)}
    with sheet(path, 2.2 + 2.5 * len(results), 1.4 + 0.26 * len(names)) as figure:
        panels = figure.subplots(1, len(results), sharey=True, squeeze=False)[0]
        for panel, result in zip(panels, results, strict=True):
            agents = result.names
            for row in result.changes:
                for n, lead in enumerate(row.agents):
                    place = names.index(row.change) + 0.28 * (n - (len(agents) - 1) / 2)
                    _mark(panel, place, lead.xg_gain, colours[lead.name], lead.name)
            _finish(panel, names, TITLES.get(result.environment, result.environment), LEAD, zero=True)
        said = [panel.get_legend_handles_labels() for panel in panels]
        marks = {name: mark for handles, labels in said for name, mark in zip(labels, handles, strict=True)}
        figure.legend(marks.values(), marks.keys(), frameon=False, ncols=4, loc="outside lower center")


def learning(evidence: Trainings, path: Target) -> None:
    """How policies learn, and the value of each training method, from what `training.results_runs` returns.

    Raises:
        InvalidFile: if the file cannot be written.
        InvalidValue: if there is no run.
    """
    if not evidence.runs:
        raise InvalidValue("learning is drawn for one run or more, got none")
    groups = evidence.groups
    colours = {(group.environment, group.name): GROUPS[n % len(GROUPS)] for n, group in enumerate(groups)}
    with sheet(path, 10.5, 1.2 + max(3.2, 0.3 * len(groups))) as figure:
        left, right = figure.subplots(1, 2, width_ratios=(1.25, 1))
        for run in evidence.runs:
            colour = colours[run.environment, run.group]
            curve = [(point.steps / 1e6, point.xg_per_100) for point in run.curve]
            left.plot(*zip(*curve, strict=True), color=colour, linewidth=1.0, alpha=0.75)
        left.set(xlabel=STEPS, ylabel=SELECTED)
        left.spines[["top", "right"]].set_visible(False)
        for n, group in enumerate(groups):
            colour = colours[group.environment, group.name]
            runs = [run for run in evidence.runs if (run.environment, run.group) == (group.environment, group.name)]
            right.plot(
                [run.over_best_rule.mean for run in runs],
                [n + 0.22] * len(runs),
                "o",
                color=colour,
                markersize=3.5,
                alpha=0.6,
            )
            if group.over_seeds_and_crosses is not None:
                _mark(right, n, group.over_seeds_and_crosses, colour, None)
        labels = [f"{TITLES.get(group.environment, group.environment)}: {group.name}" for group in groups]
        _finish(right, labels, ONE_SEED, LEAD, zero=True)
        for label, group in zip(right.get_yticklabels(), groups, strict=True):
            label.set_color(colours[group.environment, group.name])


def _panels(
    result: Results,
    path: Target,
    axis: str,
    values: Callable[[EnvironmentResults], Mapping[str, Interval | None]],
) -> None:
    """One panel per environment, one row per agent; the best rule's own lead is None and drawn as a line at zero."""
    environments = result.environments
    if not environments:
        raise InvalidValue("results are drawn for one environment or more, got none")
    names = _in_order(environments)
    with sheet(path, 2.2 + 2.3 * len(environments), 1.2 + 0.26 * len(names)) as figure:
        panels = figure.subplots(1, len(environments), sharey=True, squeeze=False)[0]
        for panel, env in zip(panels, environments, strict=True):
            for name, interval in values(env).items():
                place = names.index(name)
                if interval is None:
                    panel.plot([0.0], [place], "|", color=INK, markersize=11, markeredgewidth=1.6)
                    panel.annotate(BEST_RULE, (0.0, place), (5, 0), textcoords="offset points", fontsize=8, va="center")
                else:
                    _mark(panel, place, interval, COLOURS.get(name, BASE), None)
            zero = any(interval is None for interval in values(env).values())
            _finish(
                panel,
                [CALLED.get(name, name.replace("-", " ")) for name in names],
                TITLES[env.environment],
                "",
                zero,
            )
        figure.supxlabel(axis, fontsize=10)


def _mark(panel: "Axes", place: float, interval: Interval, colour: str, label: str | None) -> None:
    """A mean with its interval."""
    panel.plot([interval.low, interval.high], [place, place], color=colour, linewidth=1.6, solid_capstyle="butt")
    panel.plot([interval.mean], [place], "o", color=colour, markersize=4.5, label=label)


def _finish(panel: "Axes", names: Sequence[str], title: str, axis: str, zero: bool) -> None:
    """Rows from top to bottom, each with its name."""
    if zero:
        panel.axvline(0.0, color="#9aa5a8", linewidth=0.8, zorder=0)
    panel.set_yticks(np.arange(len(names)), names)
    panel.set_ylim(len(names) - 0.4, -0.6)
    panel.set_title(title, loc="left", fontsize=11)
    panel.set_xlabel(axis)
    panel.tick_params(axis="y", length=0)
    panel.grid(axis="y", color="#e6eaeb", linewidth=0.7)
    panel.set_axisbelow(True)
    panel.spines[["top", "right", "left"]].set_visible(False)


def _in_order(environments: Sequence[EnvironmentResults]) -> list[str]:
    """Policies first, then by mean value."""
    mean: dict[str, list[float]] = {}
    for env in environments:
        for row in env.agents:
            mean.setdefault(row.name, []).append(row.xg.mean)
    return sorted(
        mean,
        key=lambda name: (
            name not in COLOURS,
            list(COLOURS).index(name) if name in COLOURS else 0,
            -float(np.mean(mean[name])),
        ),
    )
