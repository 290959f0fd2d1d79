"""Events: the outcome of each cross, one row per cross, in the terms in which match data are published.

Metres, seconds and the pitch's frame (`backpost.envs.world.pitch`: attack towards +x, the cross comes from negative
y). The first contact is the first touch by any player after the strike, or after the block of a blocked cross; after
an offside flag there is none. Everything is read from finished records.
"""

import os
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.envs.common.files import write_atomically
from backpost.envs.interface.outcome import SHOT_OUTCOMES, ZONES, shot_outcome, zone
from backpost.envs.world.pitch import BOX_DEPTH, BOX_HALF_WIDTH, HALF_LENGTH
from backpost.envs.world.record import (
    ATTACKERS,
    CROSSER,
    DELIVERIES,
    FATE_GOAL,
    GOAL,
    HEADER,
    HIGH,
    KEEPER,
    NEVER,
    NO_SET_PIECE,
    NO_TECHNIQUE,
    NOBODY,
    OFFSIDE,
    SET_PIECES,
    SIDE_FOOT,
    VOLLEY,
)
from backpost.training.bench import csv_table

Events = npt.NDArray[np.void]
"""Rows of `event_type`."""

SCENARIOS = ("open play", *(name.replace("_", " ") for name in SET_PIECES[1:]), "transition")
BY = ("none", "attacker", "defender", "keeper")
SHOT_TYPES = ("none", "header", "foot")
WORDS: dict[str, tuple[str, ...]] = {
    "scenario": SCENARIOS,
    "side": ("right", "left"),
    "kind": DELIVERIES,
    "swing": ("none", "out", "in"),
    "first_contact_by": BY,
    "zone": (*ZONES, ""),
    "shot_type": SHOT_TYPES,
    "shot_outcome": (*SHOT_OUTCOMES, ""),
}
"""Columns that hold indices, and the words they stand for; an index of -1 is the last word."""

_COLUMNS = [
    ("seed", "u8"),
    ("scenario", "i8"),
    ("side", "i8"),  # the wing in the record, which an interface may mirror
    ("kind", "i8"),
    ("swing", "i8"),
    ("origin_x", "f8"),  # where the ball was struck
    ("origin_y", "f8"),
    ("counter_attack", "i8"),
    ("blocked", "i8"),  # by the first opponent, at the strike
    ("offside", "i8"),  # flagged before any player touched the ball
    ("flight_time", "f8"),  # from the strike to the first contact, s
    ("flight_distance", "f8"),  # along the ground, m
    ("mean_horizontal_speed", "f8"),  # flight distance over flight time, m/s
    ("first_contact_by", "i8"),
    ("first_contact_x", "f8"),  # the ball
    ("first_contact_y", "f8"),
    ("first_contact_z", "f8"),
    ("zone", "i8"),  # of the first contact
    ("depth", "f8"),  # of the first contact from the goal line
    ("first_contact_is_shot", "i8"),  # by an attacker: header, volley or side-foot
    ("shot_type", "i8"),  # of that shot
    ("shot_distance", "f8"),  # from the centre of the goal
    ("on_target", "f8"),  # 1 if it was a goal or the keeper had to save it
    ("shot_outcome", "i8"),  # blocked: by an outfield defender; wide: also over the bar, and sliced
    ("nearest_opponent", "f8"),  # outfield
    ("direct_goal", "i8"),  # that shot was a goal
    ("any_shot", "i8"),  # by an attacker, second balls included
    ("any_goal", "i8"),  # by the attack, second balls included, own goals excluded
    ("scorer_speed", "f8"),  # of the player who scored the direct goal, at the contact
    ("attackers_in_box", "f8"),  # outfield players in the penalty area at the first shot, else at the first contact
    ("defenders_in_box", "f8"),
]
CSV_COLUMNS = tuple(name for name, _ in _COLUMNS)

event_type = np.dtype(
    [
        *_COLUMNS,
        # Further columns that some published rows need; not in the file.
        ("xg", "f8"),  # expected goals of the team over the cross, own goals excluded
        ("first_xg", "f8"),  # P(goal) of the shot at first contact; 0 if none
        ("shots", "i8"),  # by the attack over the whole cross
        ("goal_time", "f8"),  # of any goal, from the strike, s
        ("shooter_speed", "f8"),  # of the player who shot at first contact
        ("shooter_covered", "f8"),  # m that this player had covered since the strike
        ("shot_technique", "i8"),  # of the shot at first contact, as in the record
        ("men_down", "i8"),  # outfield defenders less attackers but the crosser, in the penalty area at the strike
    ]
)


def events(worlds: np.recarray) -> Events:
    """The outcome of each cross, (m,), from finished records (n,); crosses that were never struck are left out."""
    worlds = np.atleast_1d(worlds).view(np.recarray)
    worlds = worlds[worlds["delivery"]["struck_at"] < NEVER].view(np.recarray)
    table = np.zeros(len(worlds), event_type)
    _describe_delivery(table, worlds)
    _describe_contact(table, worlds)
    _describe_shot(table, worlds)
    _describe_whole(table, worlds)
    return table


def csv_text(table: Events) -> str:
    """The rows as CSV with a header: words for categories, empty cells for missing values."""
    return csv_table.csv_text(table, CSV_COLUMNS, WORDS)


def write_events(path: str | os.PathLike[str], table: Events) -> None:
    """Write the rows as a CSV file, atomically.

    Raises:
        InvalidFile: if it cannot be written.
    """
    write_atomically(path, csv_text(table))


def _describe_delivery(table: Events, worlds: np.recarray) -> None:
    """The kind of delivery, and where it was struck."""
    delivery, counter = worlds["delivery"], worlds["counter_attack"] != 0
    open_play = worlds["set_piece"] == NO_SET_PIECE
    table["seed"] = worlds["seed"]
    table["scenario"] = np.where(open_play & counter, SCENARIOS.index("transition"), worlds["set_piece"])
    # Only lofted balls are struck with sidespin.
    table["swing"] = np.where(delivery["kind"] == HIGH, np.sign(delivery["swing"]), 0)
    table["counter_attack"] = counter
    for name in ("kind", "origin_x", "origin_y", "blocked"):
        table[name] = delivery[name]
    table["men_down"] = _men_down(worlds)


def _men_down(worlds: np.recarray) -> npt.NDArray[np.int64]:
    """Outfield defenders less attackers in the penalty area when the cross was struck, (n,).

    The crosser is left out: he cannot be first to his own cross.
    """
    players = worlds["players"]
    x, y = players["strike_x"], players["strike_y"]
    inside = (players["present"] != 0) & (x > HALF_LENGTH - BOX_DEPTH) & (np.abs(y) < BOX_HALF_WIDTH)
    attackers, defenders = inside[:, CROSSER + 1 : ATTACKERS].sum(axis=1), inside[:, KEEPER + 1 :].sum(axis=1)
    return np.asarray(defenders - attackers)


def _describe_contact(table: Events, worlds: np.recarray) -> None:
    """Who touches the ball first, where and when."""
    first, delivery = worlds["first_contact"], worlds["delivery"]
    by, met = first["by"], first["by"] != NOBODY
    names = np.select([~met, by < ATTACKERS, by == KEEPER], [BY.index(w) for w in ("none", "attacker", "keeper")], 2)
    table["first_contact_by"] = names
    table["offside"] = (worlds["outcome"] == OFFSIDE) & ~met
    x, y = _where(met, first["x"]), _where(met, first["y"])
    table["first_contact_x"], table["first_contact_y"] = x, y
    table["first_contact_z"] = _where(met, first["z"])
    table["depth"] = HALF_LENGTH - x
    table["zone"] = np.where(met, zone(x, y), -1)
    table["flight_time"] = _where(met, first["time"] - delivery["struck_at"])
    table["flight_distance"] = np.hypot(x - delivery["origin_x"], y - delivery["origin_y"])
    # Touches happen at whole decisions; a ball met at the decision of the strike has no mean speed.
    flew = met & (table["flight_time"] > 0.0)
    table["mean_horizontal_speed"] = np.nan
    table["mean_horizontal_speed"][flew] = table["flight_distance"][flew] / table["flight_time"][flew]


def _describe_shot(table: Events, worlds: np.recarray) -> None:
    """The first contact where it is a shot."""
    first = worlds["first_contact"]
    foot = np.isin(first["technique"], (VOLLEY, SIDE_FOOT))
    shot = (table["first_contact_by"] == BY.index("attacker")) & (first["xg"] > 0.0)
    shot &= foot | (first["technique"] == HEADER)
    table["first_contact_is_shot"] = shot
    table["shot_type"] = np.where(shot, np.where(foot, SHOT_TYPES.index("foot"), SHOT_TYPES.index("header")), 0)
    table["shot_distance"] = _where(shot, np.hypot(table["depth"], table["first_contact_y"]))
    table["shot_outcome"] = np.where(shot, shot_outcome(first["fate"]), -1)
    on_target = [SHOT_OUTCOMES.index(name) for name in ("goal", "saved")]
    table["on_target"] = _where(shot, np.isin(table["shot_outcome"], on_target))
    table["shot_technique"] = np.where(shot, first["technique"], NO_TECHNIQUE)
    table["nearest_opponent"] = _where(shot, first["gap"])
    table["direct_goal"] = shot & (first["fate"] == FATE_GOAL)
    table["first_xg"] = np.where(shot, first["xg"], 0.0)
    table["shooter_speed"] = _where(shot, first["speed"])
    table["shooter_covered"] = _where(shot, first["covered"])
    table["scorer_speed"] = _where(table["direct_goal"] != 0, first["speed"])


def _describe_whole(table: Events, worlds: np.recarray) -> None:
    """The outcome of the whole attack."""
    goal = worlds["outcome"] == GOAL
    # A goal comes from a shot or from a deflection: the last touch decides for which team it counts.
    own = goal & (worlds["last_shot"]["fate"] != FATE_GOAL) & (worlds["ball"]["last_touch"] >= ATTACKERS)
    table["shots"] = worlds["shot"]["count"]
    table["any_shot"] = table["shots"] > 0
    table["any_goal"] = goal & ~own
    table["goal_time"] = _where(goal & ~own, worlds["phase_since"] - worlds["delivery"]["struck_at"])
    table["xg"] = worlds["xg"] - own
    first, shot = worlds["first_contact"], worlds["first_shot"]
    attackers_first = first["by"] < ATTACKERS
    for name, mine, theirs in (
        ("attackers_in_box", "teammates", "opponents"),
        ("defenders_in_box", "opponents", "teammates"),
    ):
        at_contact = _where(first["by"] != NOBODY, np.where(attackers_first, first[mine], first[theirs]))
        table[name] = np.where(shot["by"] != NOBODY, shot[mine], at_contact)


def _where(mask: npt.NDArray[np.bool_], values: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    """The values where the mask is set, nan elsewhere."""
    return np.where(mask, values, np.nan)
