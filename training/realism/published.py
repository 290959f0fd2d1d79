"""The published numbers, and how the same statistics are computed from simulated crosses.

Each row says which statistic is computed on which events (those for which all its words hold), and carries the
published target, band and source of `assets/published.csv`. Choices made here:

* Open play includes transitions. Of its 52,045 unblocked crosses, 35,299 are high and 16,746 low; these add up, so the
  1,889 cut-back *passes* were counted separately. The same holds here: a cut-back is not a `cross`. It is not in the
  low rows, in those of all open crosses or in the denominators of the shares; it has its own rows.
* Unblocked means not blocked by the first opponent at the strike.
* Direct headers and first-time shots are those from open crosses, high and low, as the published counts imply. The
  StatsBomb rows do not separate set pieces, so they include direct shots from every cross.
* "Within 10 s" ends here 10 s after the first touch, not after the strike: that is worth 3 % of the goals.
* Numbers in the box are counted when the cross is struck, as an analyst codes a cross. At the first contact they also
  hold whoever came because the ball did. The crosser is left out: he cannot be first to his own cross.
* The band of `volley_odds` is two standard errors of the published coefficient if a sixth of the shots are volleys.
* Scorers in "moving runs" are scorers of direct goals who moved 2 m or more between strike and contact.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .events import Events
from .sample import (
    Measured,
    Sample,
    Statistic,
    conversion,
    goals,
    goals_per_shot,
    mean,
    median,
    odds_ratio,
    quotient,
    quotient_of_shares,
    scans,
    scorers,
    share,
    share_of_goals,
    share_per_cross,
)
from .target import Target

HIGH_FREE, LOW_FREE = "open unblocked high", "open unblocked low"

COUNTED: dict[str, tuple[str, Statistic]] = {
    "corner_flight_median": ("corner touched", median("flight_time")),
    "open_high_flight_median": (f"{HIGH_FREE} touched", median("flight_time")),
    "open_low_flight_median": (f"{LOW_FREE} touched", median("flight_time")),
    "mean_hspeed_high": (f"{HIGH_FREE} touched", median("mean_horizontal_speed")),
    "open_blocked_share": ("open", share("blocked")),
    "open_high_share": ("open unblocked", share("high")),
    "cutback_share": ("open unblocked", share_per_cross("cutback unblocked")),
    "open_high_first_att": (HIGH_FREE, share("attacker")),
    "open_high_first_def": (HIGH_FREE, share("defender")),
    "open_high_first_gk": (HIGH_FREE, share("keeper")),
    "open_high_out": (HIGH_FREE, share("out")),
    "open_high_direct_shot": (HIGH_FREE, share("direct")),
    "open_low_first_att": (LOW_FREE, share("attacker")),
    "open_low_first_def": (LOW_FREE, share("defender")),
    "open_low_direct_shot": (LOW_FREE, share("direct")),
    "open_offside": ("open unblocked", share("offside")),
    "fk_offside": ("free-kick", share("offside")),
    "cutback_first_att": ("cutback unblocked", share("attacker")),
    "corner_high_first_att": ("corner high", share("attacker")),
    "corner_in_gk": ("corner in-swinging", share("keeper")),
    "zone_first_contact_open_high_near": (f"{HIGH_FREE} in-box", share("near")),
    "zone_first_contact_open_high_far": (f"{HIGH_FREE} in-box", share("far")),
    "far_att_first_open_high": (f"{HIGH_FREE} far", share("attacker")),
    "central_att_first_open_high": (f"{HIGH_FREE} central", share("attacker")),
    "open_high_direct_header_share": (f"{HIGH_FREE} direct", share("header")),
    "header_conv_open": ("open unblocked direct header", conversion),
    "header_conv_5_7m": ("open unblocked direct header shot_distance:5-7", conversion),
    "header_conv_11_13m": ("open unblocked direct header shot_distance:11-13", conversion),
    "header_conv_free_vs_tight": ("direct header", quotient("nearest_opponent:2-3", "nearest_opponent:0-0.75")),
    "foot_conv_low": (f"{LOW_FREE} direct foot", conversion),
    "foot_conv_high": (f"{HIGH_FREE} direct foot", conversion),
    "goalshare_central_open_high": (f"{HIGH_FREE} direct", share_of_goals("central")),
    "ft_foot_nearest_opp": ("direct foot shot_distance:0-16", median("nearest_opponent")),
    "scorer_distance_during_flight": ("direct moved", scorers("shooter_covered")),
    "scorer_speed_contact": ("direct moved", scorers("shooter_speed")),
    "box_occupancy_open": ("open shot", mean("attackers_in_box")),
    "scan_rate": ("", scans),
    "open_shot10": ("open", share("shot")),
    "open_goal10": ("open", goals),
    "open_high_goal10": (HIGH_FREE, goals),
    "cutback_goal10": ("cutback unblocked", goals),
    "corner_high_goal10": ("corner high", goals),
    "shots_from_crosses_conv_wc": ("", goals_per_shot),
    "wc2018_goal_per_open_cross": ("open", goals),
    "wc2018_attempt_counter": ("counter", share("shot")),
    "big5_conv_5s": ("open", share("goal-5s")),
    "attackers_first_parity_two_down": ("open unblocked", quotient_of_shares("attacker", "parity", "two-down")),
    "attackers_first_one_four_down": ("open unblocked", quotient_of_shares("attacker", "one-down", "four-down")),
    "volley_odds": ("direct foot", odds_ratio("volley", "shot_distance", 2.0)),
}
"""The events and the statistic of each row; no words: all events."""
INPUTS = ("scan_rate",)
"""Rows whose value follows from the world's parameters alone."""


@dataclass(frozen=True)
class Row(Target):
    """One published statistic.

    Attributes:
        stage, definition: as published.
        input: whether its value follows from parameters alone, so that it is printed but not judged.
    """

    stage: str
    definition: str
    input: bool


@cache
def published() -> tuple[Row, ...]:
    """All rows in the order of the file."""
    text = files("backpost.training.realism").joinpath("assets", "published.csv").read_text(encoding="utf-8")
    return tuple(
        Row(
            id=line["id"],
            stage=line["stage"],
            definition=line["definition"],
            target=float(line["target"]),
            low=float(line["lo"]),
            high=float(line["hi"]),
            size=int(line["n"]),
            source=line["source"],
            counts=COUNTED[line["id"]][0],
            input=line["id"] in INPUTS,
        )
        for line in csv.DictReader(text.splitlines())
    )


def rows(table: Events, expected: bool = False) -> dict[str, Measured]:
    """Every published statistic of these events (n,), by id; `expected` uses expected goals in place of goals."""
    return measured_rows(Sample(table, expected))


def measured_rows(sample: Sample) -> dict[str, Measured]:
    """Every published statistic of a sample, by id."""
    return {row.id: COUNTED[row.id][1](sample, sample.all(row.counts)) for row in published()}
