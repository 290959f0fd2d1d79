"""What hangs on numbers that no published statistic identifies: gaze, checks, memory, reading, cues, turning.

Each is set to the low and to the high end of its range while all others stay, on the same crosses. What is told is
which published rows leave or enter their bands, and which effects of the guide's claims change side. Nothing is fitted.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from backpost.envs.common.errors import UnknownName
from backpost.envs.world.parameter_table import TABLE
from backpost.training.calibration.loss import Band, Measured, bands, counts

WEAK = (
    *("gaze_cosine", "felt_distance", "check_rate", "belief_memory", "reaction", "read_error", "runner_read_error"),
    *("cue_class_early", "cue_class_late", "cue_error_early", "cue_error_late", "cue_time"),
    *("turn_rate", "turn_slowing", "facing_error", "look_time", "speed_sideways", "speed_backwards"),
)
"""Weakly evidenced parameters."""
ENDS = ("low", "high")

Values = Mapping[str, float]
Rows = Callable[[Values], Mapping[str, Measured]]
"""Parameters that differ from their defaults -> the measured rows, always on the same crosses."""
Claims = Callable[[Values], Mapping[str, Mapping[str, Any]]]
"""... -> per claim at least `effect` (a mean; None if it cannot be told), its `unit`, and on which `side` of zero it
is, always on the same crosses."""
UNIT = "xG per 100 crosses"
"""The largest move is told of effects in this unit: others are no smaller or larger."""


def sensitivity(
    rows: Rows,
    claims: Claims,
    parameters: Sequence[str] = WEAK,
    known: Mapping[str, Band] | None = None,
) -> dict[str, Any]:
    """The table as a dict for JSON.

    Args:
        rows: plays and measures the published rows.
        claims: measures the guide's claims.
        parameters: those to be moved.
        known: the published rows, by id; those of the project if left out.

    Raises:
        UnknownName: for an unknown parameter.
    """
    table = {parameter.name: parameter for parameter in TABLE}
    for name in parameters:
        if name not in table:
            raise UnknownName("parameter", name, table)
    known = bands() if known is None else known

    def setting(values: Values) -> dict[str, Any]:
        measured = {name: row for name, row in rows(values).items() if name in known and counts(row)}
        return {
            "rows": {name: {"value": row.value, "count": int(row.count)} for name, row in measured.items()},
            "claims": {
                name: {key: one[key] for key in ("effect", "unit", "side")} for name, one in claims(values).items()
            },
        }

    base = setting({})
    moved = []
    for name in parameters:
        one = table[name]
        for end, value in zip(ENDS, (one.low, one.high), strict=True):
            found = setting({name: value})
            moved.append(
                {"parameter": name, "default": one.default, "unit": one.unit, "end": end, "value": value}
                | found
                | _changes(base, found, known)
            )
    return {"base": base, "settings": moved}


def settings(parameters: Sequence[str]) -> int:
    """How many settings that plays."""
    return 1 + len(ENDS) * len(parameters)


def table(result: Mapping[str, Any]) -> str:
    """The table in Markdown: per parameter and end, what changes."""
    lines = [
        "| parameter | default | set to | rows that leave their band | rows that enter it | largest move of a row "
        "| largest move of an effect | effects that change side |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in result["settings"]:
        row, effect = one["largest_row"], one["largest_effect"]
        turned = "; ".join(f"{name}: {before} -> {after}" for name, (before, after) in one["turned"].items())
        lines.append(
            f"| {one['parameter']} | {one['default']:g} | {one['value']:g} | {_list(one['leave'])} "
            f"| {_list(one['enter'])} | {_move(row, '.2f', ' of the way to the edge')} "
            f"| {_move(effect, '+.2f', f' {UNIT}')} | {turned or '-'} |"
        )
    return "\n".join(lines) + "\n"


def _changes(base: Mapping[str, Any], found: Mapping[str, Any], known: Mapping[str, Band]) -> dict[str, Any]:
    """What a setting changes against the defaults, in rows and claims that both have."""
    before = {name: base["rows"][name]["value"] for name in base["rows"] if name in found["rows"]}
    after = {name: found["rows"][name]["value"] for name in before}
    moves = {name: abs(_place(known[name], after[name]) - _place(known[name], before[name])) for name in before}
    claims = {name: (base["claims"][name], one) for name, one in found["claims"].items() if name in base["claims"]}
    effects = {
        name: now["effect"] - then["effect"]
        for name, (then, now) in claims.items()
        if now["unit"] == UNIT and then["effect"] is not None and now["effect"] is not None
    }
    held = {name: (known[name].holds(before[name]), known[name].holds(after[name])) for name in before}
    return {
        "leave": [name for name, change in held.items() if change == (True, False)],
        "enter": [name for name, change in held.items() if change == (False, True)],
        "largest_row": _largest(moves),
        "largest_effect": _largest(effects),
        "turned": {
            name: [then["side"], now["side"]] for name, (then, now) in claims.items() if then["side"] != now["side"]
        },
    }


def _place(band: Band, value: float) -> float:
    """Where a value lies between target and edge: -1 at the low edge of the band, 1 at the high one."""
    return band.distance(value) * (1 if value >= band.target else -1)


def _largest(moves: Mapping[str, float]) -> dict[str, Any] | None:
    if not moves:
        return None
    name = max(moves, key=lambda key: abs(moves[key]))
    return {"id": name, "move": moves[name]}


def _move(one: Mapping[str, Any] | None, form: str, unit: str) -> str:
    return "-" if one is None else f"{one['id']}: {one['move']:{form}}{unit}"


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) or "-"
