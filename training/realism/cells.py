"""The published cells: finer tables behind the published rows, and how the same numbers are counted here.

A cell is one statistic of a subset of crosses, of those whose first contact is in one zone and depth of the box, or of
the shots with the nearest opponent in one range. Choices made here, beside those of `published.py`:

* With a zone or depth, a cell counts the first contacts of outfield players there: most published contacts of keepers
  carry no place. Without one, it counts crosses.
* A blocked cross has been touched by its blocker. Free kicks include blocked ones, so "first contact" and "out of play"
  ask there that the cross was not blocked; a shot or goal within ten seconds may follow a block.
* Goals are the same in every cell: expected goals where a sample asks for them. "Goal if on target" divides them by the
  direct shots that were goals or saves; a shot that an outfield player blocks is not on target.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .sample import Measured, Sample, Statistic, conversion, goals, goals_if_on_target, median, on_target, share
from .target import Target

SUBSETS = {
    "open_high": "open unblocked high",
    "open_low": "open unblocked low",
    "open_from_inside_box": "open unblocked struck-inside",
    "open_beside_box": "open unblocked struck-beside",
    "open_deep_wide": "open unblocked struck-deep-wide",
    "open_counter_tag": "open unblocked counter",
    "corner_high": "corner high",
    "corner_high_inswing": "corner high in-swinging",
    "corner_high_outswing": "corner high out-swinging",
    "fk_cross": "free-kick",
    "fk_inswing": "free-kick in-swinging",
    "fk_outswing": "free-kick out-swinging",
    "cutback_pass": "cutback unblocked",
    "all direct headers": "direct header",
    "all first-time foot shots < 16 m": "direct foot shot_distance:0-16",
}
"""The words that hold for the crosses, or the shots, of each subset."""

OF_EACH: dict[str, tuple[str, Statistic]] = {
    "attacker first": ("", share("attacker unblocked")),
    "keeper first": ("", share("keeper unblocked")),
    "out of play": ("", share("out unblocked")),
    "offside": ("", share("offside")),
    "first contact is a shot": ("", share("direct unblocked")),
    "shot within 10 s": ("", share("shot")),
    "goal within 10 s": ("", goals),
    "median s to first contact": ("unblocked touched", median("flight_time")),
    "conversion of direct shots": ("unblocked outfield direct", conversion),
    **{
        f"direct {kind}: {statistic}": (f"unblocked direct {kind}", counted)
        for kind in ("header", "foot")
        for statistic, counted in (
            ("conversion", conversion),
            ("on target", on_target),
            ("goal if on target", goals_if_on_target),
            ("blocked", share("shot-blocked")),
        )
    },
    "conversion by nearest opponent": ("", conversion),
}
"""Words that a cell adds to those of its subset, and its statistic of the events for which all hold."""
OF_ALL = {
    "share of first contacts in the box": "in-box outfield unblocked",
    "share of shots by nearest opponent": "",
}
"""Statistics that are the share of one place, or one range, among all: the words added to those of the subset."""

KINDS = (*OF_EACH, *OF_ALL)
"""All statistics."""


@dataclass(frozen=True)
class Cell(Target):
    """One published cell.

    Attributes:
        subset: key of `SUBSETS`.
        zone: of the first contact: near, central, far, or empty for any.
        depth: of the first contact from the goal line, m, as in 5.5-11; empty for any.
        gap: distance of the nearest opponent, m, likewise.
        statistic: what is measured; cells with the same one are a kind.
    """

    subset: str
    zone: str
    depth: str
    gap: str
    statistic: str


@cache
def cells() -> tuple[Cell, ...]:
    """All cells in the order of the file."""
    text = files("backpost.training.realism").joinpath("assets", "cells.csv").read_text(encoding="utf-8")
    return tuple(_cell(line) for line in csv.DictReader(text.splitlines()))


def measured_cells(sample: Sample) -> dict[str, Measured]:
    """Every published cell of a sample, by id."""
    return {cell.id: _statistic(cell)(sample, sample.all(cell.counts)) for cell in cells()}


def _cell(line: dict[str, str]) -> Cell:
    subset, place = SUBSETS[line["subset"]], _place(line["zone"], line["depth"], line["gap"])
    words = [subset, OF_ALL[line["statistic"]]] if line["statistic"] in OF_ALL else [subset, place]
    if line["statistic"] in OF_EACH:
        words.append(OF_EACH[line["statistic"]][0])
    return Cell(
        id=line["id"],
        target=float(line["target"]),
        low=float(line["lo"]),
        high=float(line["hi"]),
        size=int(line["n"]),
        source=line["source"],
        counts=" ".join(word for word in words if word),
        subset=line["subset"],
        zone=line["zone"],
        depth=line["depth"],
        gap=line["gap"],
        statistic=line["statistic"],
    )


def _statistic(cell: Cell) -> Statistic:
    if cell.statistic in OF_ALL:
        return share(_place(cell.zone, cell.depth, cell.gap))
    return OF_EACH[cell.statistic][1]


def _place(zone: str, depth: str, gap: str) -> str:
    """The words that hold in this place, for first contacts there, or for shots with this distance to an opponent."""
    if gap:
        return f"nearest_opponent:{gap}"
    words = [zone or "in-box", f"depth:{depth}" if depth else "", "outfield unblocked"]
    return " ".join(word for word in words if word) if zone or depth else ""
