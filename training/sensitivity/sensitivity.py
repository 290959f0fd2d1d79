"""What depends on numbers that no published data identify: gaze, shoulder checks, memory, reading, cues, turning.

Each is set to the low and the high end of its range, with all others at their defaults, on the same crosses. The table
shows which published rows leave or enter their bands, and which effects of the guide's claims change side of zero.
Nothing is fitted.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from backpost.envs.common.errors import UnknownName
from backpost.envs.world.parameter import Parameter
from backpost.envs.world.parameter_table import TABLE
from backpost.training.bench.result_file import Result

from .band import Band, Measured, bands, counts

WEAK = (
    *("gaze_cosine", "felt_distance", "check_rate", "belief_memory", "reaction"),
    *("read_error", "runner_read_error", "read_error_across", "look_depth", "look_across", "bend_error"),
    *("judge_error", "cue_class_early", "cue_class_late", "cue_error_early", "cue_error_late", "cue_time"),
    *("turn_rate", "turn_slowing", "facing_error", "look_time", "speed_sideways", "speed_backwards"),
)
"""Parameters with weak evidence."""
ENDS = ("low", "high")

Values = Mapping[str, float]
Rows = Callable[[Values], Mapping[str, Measured]]
"""(parameters that differ from their defaults) -> the measured rows, always on the same crosses."""
UNIT = "xG per 100 crosses"
"""The largest move is taken over effects in this unit; others are not comparable."""


@dataclass(frozen=True)
class RowValue:
    """The measured value of a published row, and the number of events behind it."""

    value: float
    count: int


@dataclass(frozen=True)
class ClaimEffect:
    """The effect of a claim: its mean (None with too few events), its unit, and its side of zero."""

    effect: float | None
    unit: str
    side: str


Claims = Callable[[Values], Mapping[str, ClaimEffect]]
"""(parameters that differ from their defaults) -> the effects of the claims by name, always on the same crosses."""


@dataclass(frozen=True)
class Setting:
    """Rows and claims at given parameter values."""

    rows: dict[str, RowValue]
    claims: dict[str, ClaimEffect]


@dataclass(frozen=True)
class Move:
    """How far the row or effect `id` moves."""

    id: str
    move: float


@dataclass(frozen=True)
class MovedSetting(Setting):
    """One parameter at one end of its range.

    Attributes:
        parameter: its name.
        default: its default value.
        unit: unit of that value.
        end: "low" or "high".
        value: the value it is set to.
        leave: rows that leave their band.
        enter: rows that enter it.
        largest_row: largest move of a row, as a share of the distance from its target to the edge of its band.
        largest_effect: largest move of an effect in `UNIT`.
        turned: claims whose effect changes side, with the sides before and after.
    """

    parameter: str
    default: float
    unit: str
    end: str
    value: float
    leave: tuple[str, ...]
    enter: tuple[str, ...]
    largest_row: Move | None
    largest_effect: Move | None
    turned: dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Sensitivity(Result):
    """The result of `sensitivity`.

    Attributes:
        crosses: number of crosses of every setting.
        base: the setting with all parameters at their defaults.
        settings: each parameter at both ends of its range.
    """

    command: ClassVar[str] = "sensitivity"

    crosses: int
    base: Setting
    settings: tuple[MovedSetting, ...]


def sensitivity(
    rows: Rows,
    claims: Claims,
    crosses: int,
    parameters: Sequence[str] = WEAK,
    published: Mapping[str, Band] | None = None,
) -> Sensitivity:
    """Move each parameter to both ends of its range.

    Args:
        rows: measures the published rows.
        claims: measures the guide's claims.
        crosses: number of crosses that both play.
        parameters: the parameters to move.
        published: the bands of the rows, by id; by default those of the project.

    Raises:
        UnknownName: for an unknown parameter.
    """
    table = {parameter.name: parameter for parameter in TABLE}
    for name in parameters:
        if name not in table:
            raise UnknownName("parameter", name, table)
    published = bands() if published is None else published

    def setting(values: Values) -> Setting:
        measured = {name: row for name, row in rows(values).items() if name in published and counts(row)}
        return Setting(
            rows={name: RowValue(row.value, int(row.count)) for name, row in measured.items()},
            claims=dict(claims(values)),
        )

    base = setting({})
    moved = tuple(_moved(table[name], end, base, setting, published) for name in parameters for end in ENDS)
    return Sensitivity(crosses, base, moved)


def settings(parameters: Sequence[str]) -> int:
    """How many settings `sensitivity` plays for these parameters."""
    return 1 + len(ENDS) * len(parameters)


def table(result: Sensitivity) -> str:
    """The table in Markdown: what changes, by parameter and end."""
    lines = [
        "| parameter | default | set to | rows that leave their band | rows that enter it | largest move of a row "
        "| largest move of an effect | effects that change side |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for moved in result.settings:
        turned = "; ".join(f"{name}: {before} -> {after}" for name, (before, after) in moved.turned.items())
        lines.append(
            f"| {moved.parameter} | {moved.default:g} | {moved.value:g} | {_list(moved.leave)} "
            f"| {_list(moved.enter)} | {_move(moved.largest_row, '.2f', ' of the way to the edge')} "
            f"| {_move(moved.largest_effect, '+.2f', f' {UNIT}')} | {turned or '-'} |"
        )
    return "\n".join(lines) + "\n"


def _moved(
    parameter: Parameter, end: str, base: Setting, play: Callable[[Values], Setting], published: Mapping[str, Band]
) -> MovedSetting:
    """One parameter at one end, and the changes in the rows and claims that both settings have."""
    value = parameter.low if end == ENDS[0] else parameter.high
    moved = play({parameter.name: value})
    pairs = {name: (base.rows[name].value, moved.rows[name].value) for name in base.rows if name in moved.rows}
    places = {name: [_place(published[name], of) for of in pair] for name, pair in pairs.items()}
    inside = {name: tuple(published[name].holds(of) for of in pair) for name, pair in pairs.items()}
    claims = {name: (base.claims[name], now) for name, now in moved.claims.items() if name in base.claims}
    effects = {
        name: now.effect - then.effect
        for name, (then, now) in claims.items()
        if now.unit == UNIT and then.effect is not None and now.effect is not None
    }
    return MovedSetting(
        **vars(moved),
        parameter=parameter.name,
        default=parameter.default,
        unit=parameter.unit,
        end=end,
        value=value,
        leave=tuple(name for name, change in inside.items() if change == (True, False)),
        enter=tuple(name for name, change in inside.items() if change == (False, True)),
        largest_row=_largest({name: abs(after - before) for name, (before, after) in places.items()}),
        largest_effect=_largest(effects),
        turned={name: (then.side, now.side) for name, (then, now) in claims.items() if then.side != now.side},
    )


def _place(band: Band, value: float) -> float:
    """Position of a value relative to its band: -1 at the low edge, 0 at the target, 1 at the high edge."""
    return band.distance(value) * (1 if value >= band.target else -1)


def _largest(moves: Mapping[str, float]) -> Move | None:
    if not moves:
        return None
    name = max(moves, key=lambda key: abs(moves[key]))
    return Move(name, moves[name])


def _move(largest: Move | None, form: str, unit: str) -> str:
    return "-" if largest is None else f"{largest.id}: {largest.move:{form}}{unit}"


def _list(names: Sequence[str]) -> str:
    return ", ".join(names) or "-"
