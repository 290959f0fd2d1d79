"""The outcome of a calibration: as a documentation page, and as new defaults in the parameters' source."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from backpost.envs.common.errors import InvalidFile
from backpost.envs.common.files import write_atomically
from backpost.envs.world.parameter_table import TABLE

from .content import Calibration, FigureChange, Outcome, Share, Value
from .figures import TABLES


def calibration_table(result: Calibration) -> str:
    """A calibration in Markdown: its rounds, the shares in band and every row before and after, and what moved."""
    parts = [_rounds(result)]
    if result.outcome is None:
        parts.append("The start and the end have not been compared yet.")
    else:
        parts += [_verdict(result.outcome), _shares(result.outcome), _rows(result.outcome)]
        parts.append(_moved(result.start, result.outcome.chosen))
    return "\n\n".join(parts) + "\n"


def apply(result: Calibration, path: str | Path) -> int:
    """Write the chosen values that differ from the start as defaults into the parameters' source; returns their number.

    Raises:
        InvalidFile: if nothing has been chosen, a parameter is not in that file exactly once, or the file cannot be
            read or written.
    """
    if result.outcome is None:
        raise InvalidFile("the calibration has not chosen anything yet; finish it first")
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InvalidFile(f"cannot read {path}: {error}") from error
    changed = {name: value for name, value in result.outcome.chosen.items() if value != result.start[name]}
    for name, value in changed.items():
        entry = re.compile(rf'(_p\(\s*"{re.escape(name)}",\s*)[-+.\de]+(?=,)')
        if len(entry.findall(text)) != 1:
            raise InvalidFile(f"{path} must have the default of {name} exactly once")
        text = entry.sub(rf"\g<1>{float(value)!r}", text)
    write_atomically(path, text)
    return len(changed)


def _rounds(result: Calibration) -> str:
    lines = [
        f"A round fits finishing to the first contacts of {result.finishing_crosses:,} crosses. Then it has "
        f"{result.points} points of {result.crosses:,} crosses each, around a centre of {result.centre_crosses:,}.",
        "",
        "| round | rows of finishing expected in band | cells of finishing | rows in band at the centre "
        "| cells in band | loss | predicted next |",
        "|---|---|---|---|---|---|---|",
    ]
    for number, each in enumerate(result.rounds, 1):
        fitted = each.finishing
        columns = [str(number)]
        for table in TABLES:
            before, after = fitted.in_band_before.get(table), fitted.in_band_after.get(table)
            columns.append("-" if before is None or after is None else f"{before.in_band}, then {_of(after)}")
        for table in TABLES:
            share = each.in_band.get(table)
            columns.append("-" if share is None else _of(share))
        lines.append(f"| {' | '.join(columns)} | {each.loss:.4f} | {each.predicted:.4f} |")
    return "\n".join(lines)


def _of(share: Share) -> str:
    return f"{share.in_band} of {share.counted}"


def _verdict(outcome: Outcome) -> str:
    kept = "The end was chosen" if outcome.loss_end < outcome.loss_start else "The start was kept"
    return (
        f"{kept}: on {outcome.crosses:,} fresh crosses the loss is {outcome.loss_start:.4f} with the start and "
        f"{outcome.loss_end:.4f} with the end."
    )


def _shares(outcome: Outcome) -> str:
    """The shares in band before and after, of all rows and cells and of every kind."""
    lines = ["| figures | in band before | after |", "|---|---|---|"]
    for table in TABLES:
        inside = [figure for figure in outcome.figures if figure.table == table]
        if inside:
            lines.append(f"| **all {table}** | {_share(inside, 'before')} | {_share(inside, 'after')} |")
        for kind in dict.fromkeys(figure.kind for figure in inside):
            some = [figure for figure in inside if figure.kind == kind]
            lines.append(f"| {table}: {kind} | {_share(some, 'before')} | {_share(some, 'after')} |")
    return "\n".join(lines)


def _share(figures: Iterable[FigureChange], when: str) -> str:
    """How many of these figures are in band, of those with enough events."""
    verdicts = [getattr(figure, when).in_band(figure.low, figure.high) for figure in figures]
    counted = [verdict for verdict in verdicts if verdict is not None]
    return f"{sum(counted)} of {len(counted)} ({sum(counted) / len(counted):.0%})" if counted else "-"


def _rows(outcome: Outcome) -> str:
    """Every row before and after; values outside their band are marked."""
    lines = ["| row | band | before | after |", "|---|---|---|---|"]
    for figure in outcome.figures:
        if figure.table == "rows":
            before, after = (_value(value, figure) for value in (figure.before, figure.after))
            lines.append(f"| {figure.id} | {figure.low:g} to {figure.high:g} | {before} | {after} |")
    return "\n".join(lines) + "\n\n\\* outside the band; - too few events."


def _value(value: Value, figure: FigureChange) -> str:
    inside = value.in_band(figure.low, figure.high)
    return "-" if inside is None else f"{value.value:.3g}" + ("" if inside else " \\*")


def _moved(start: Mapping[str, float], chosen: Mapping[str, float]) -> str:
    """The parameters that moved, those that moved most of their range first."""
    table = {parameter.name: parameter for parameter in TABLE}
    shares = {name: abs(chosen[name] - start[name]) / (table[name].high - table[name].low) for name in start}
    moved = sorted((name for name in start if shares[name]), key=lambda name: -shares[name])
    if not moved:
        return "No parameter moved."
    lines = [
        f"{len(moved)} of {len(start)} parameters moved.",
        "",
        "| parameter | start | chosen | range | moved |",
        "|---|---|---|---|---|",
    ]
    for name in moved:
        low, high = table[name].low, table[name].high
        lines.append(f"| {name} | {start[name]:g} | {chosen[name]:g} | {low:g} to {high:g} | {shares[name]:.0%} |")
    return "\n".join(lines)
