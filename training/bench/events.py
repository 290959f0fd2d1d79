"""Events: one row per cross and agent, with the runner's first shot in the terms of match data.

Metres, m/s and the pitch's frame (`backpost.envs.world.pitch`: attack towards +x, the cross comes from negative y).
"""

import os
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from backpost.envs.common.files import write_atomically
from backpost.envs.interface.outcome import SHOT_OUTCOMES, Metric, shot_outcome
from backpost.envs.world.record import DELIVERIES, GOAL, NEVER, NOBODY, RUNNER, TECHNIQUES, first_type

from .csv_table import csv_text

Events = npt.NDArray[np.void]
"""Rows of `event_type`."""

WORDS: dict[str, Sequence[str]] = {
    "kind": (*DELIVERIES, ""),
    "direct": ("0", "1", ""),
    "first_time": ("0", "1", ""),
    "technique": (*TECHNIQUES, ""),
    "shot_outcome": (*SHOT_OUTCOMES, ""),
}
"""Columns that hold indices, and the words they stand for; an index of -1 is the last word: an empty cell."""
DECIMALS = 6
"""Decimals in the file: expected goals of a cross are often below .001."""

COLUMNS = (
    Metric("seed", "u8", "-", "seed of the episode"),
    Metric("kind", "i8", "-", "of the delivery: high, low, cutback; empty if it was never struck"),
    Metric("direct", "i8", "-", "1 if nobody else touched the ball between the strike and the runner's first shot"),
    Metric("first_time", "i8", "-", "1 if he shot with his first touch"),
    Metric("technique", "i8", "-", "of this shot: header, volley, side_foot, or control for a settled ball"),
    Metric("shot_outcome", "i8", "-", "of this shot: goal, saved, blocked, wide, woodwork"),
    Metric("height", "f8", "m", "of the ball's centre when he shot"),
    Metric("speed", "f8", "m/s", "of the runner when he shot"),
    Metric("separation", "f8", "m", "to the nearest outfield opponent when he shot; empty without one"),
    Metric("place_x", "f8", "m", "where the ball was when he shot; the goal line is at 52.5"),
    Metric("place_y", "f8", "m", "where the ball was when he shot; the crosser's side is negative"),
    Metric("covered", "f8", "m", "between the runner's places at the strike and at this shot"),
    Metric("goal", "i8", "-", "1 if the team scored from the cross, whoever shot"),
    Metric("own_xg", "f8", "goals", "expected goals of the runner's own contacts over the cross"),
    Metric("xg", "f8", "goals", "expected goals of the team over the cross"),
)
"""The columns after `agent`; those of the runner's first shot are empty where he had none."""
CSV_COLUMNS = ("agent", *(column.name for column in COLUMNS))
FURTHER = (
    Metric("set_piece", "i8", "-", "what the cross is, an index into `record.SET_PIECES`"),
    Metric("shot_xg", "f8", "goals", "expected goals of this shot alone"),
)
"""Columns that are not in the file."""

event_type = np.dtype([(column.name, column.kind) for column in (*COLUMNS, *FURTHER)])
"""One cross of one agent; -1 or nan is an empty cell."""


class FirstShots:
    """Watches crosses being played (`play(watch=...)`) and keeps the runner's first shot of each.

    The final record has notes of his first touch and of the attack's first and last shots; his own first shot may be
    none of these. It is left out where a team-mate shot after him within the same decision, which notes only the later.

    Attributes:
        notes: the contact with which he shot first, (n,) of `first_type`; `by` is NOBODY where he has not shot.
        direct: whether nobody else touched the ball between the strike and that shot, (n,).
    """

    def __init__(self, count: int) -> None:
        self.notes = np.zeros(count, first_type)
        self.notes["by"] = NOBODY
        self.direct = np.zeros(count, bool)
        self._shared = np.zeros(count, bool)

    def __call__(self, numbers: npt.NDArray[np.int64], worlds: np.recarray) -> None:
        """See the crosses with these numbers (k,) after a decision; `worlds` are their records (k,)."""
        shot = worlds["own_shots"] > 0
        others = (worlds["first_contact"]["by"] != NOBODY) & (worlds["ball"]["last_touch"] != RUNNER) & ~shot
        self._shared[numbers[others]] = True
        new = np.flatnonzero(shot & (self.notes["by"][numbers] == NOBODY))
        if not len(new):
            return
        rows, now = numbers[new], worlds[new]
        first, first_time = now["first_shot"]["by"] == RUNNER, now["meeting"]["xg"] > 0.0
        self.notes[rows] = np.where(first_time, now["meeting"], np.where(first, now["first_shot"], now["last_shot"]))
        untouched = (now["first_contact"]["by"] == RUNNER) & (now["delivery"]["blocked"] == 0)
        self.direct[rows] = untouched & ~self._shared[rows]


def events(worlds: np.recarray, shots: FirstShots) -> Events:
    """The rows (n,) of finished crosses, from their final records (n,) and the shots that were seen in them."""
    table = np.zeros(len(worlds), event_type)
    notes, shot = shots.notes, shots.notes["by"] == RUNNER
    for name in ("seed", "own_xg", "xg", "set_piece"):
        table[name] = worlds[name]
    table["kind"] = np.where(worlds["delivery"]["struck_at"] < NEVER, worlds["delivery"]["kind"], -1)
    table["goal"] = worlds["outcome"] == GOAL
    first_time = notes["time"] == worlds["meeting"]["time"]
    columns = {
        "direct": shots.direct,
        "first_time": first_time,
        "technique": notes["technique"],
        "shot_outcome": shot_outcome(notes["fate"]),
    }
    for name, values in columns.items():
        table[name] = np.where(shot, values, -1)
    measures = {"height": "z", "speed": "speed", "separation": "gap", "place_x": "x", "place_y": "y"}
    for name, note in (measures | {"covered": "covered", "shot_xg": "xg"}).items():
        table[name] = np.where(shot, notes[note], np.nan)
    table["separation"][table["separation"] >= NEVER] = np.nan
    return table


def write_events(path: str | os.PathLike[str], names: Sequence[str], tables: Sequence[Events]) -> None:
    """Write the rows of every agent, one after the other, as a CSV file, atomically.

    Raises:
        InvalidFile: if it cannot be written.
    """
    rows = np.zeros(sum(map(len, tables)), [("agent", "i8"), *event_type.descr])
    rows["agent"] = np.repeat(np.arange(len(tables)), [len(table) for table in tables])
    for name in event_type.names or ():
        rows[name] = np.concatenate([table[name] for table in tables])
    write_atomically(path, csv_text(rows, CSV_COLUMNS, WORDS | {"agent": names}, DECIMALS))
