"""The outcome of a calibration: as a result, as a documentation page, and as new defaults in the parameters' source."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from backpost.envs.common.errors import InvalidFile
from backpost.envs.common.files import write_atomically
from backpost.envs.world.parameter_table import TABLE
from backpost.training.bench.result_file import Result

from .loss import Band, Statistic, bands, counts


@dataclass(frozen=True)
class Calibration(Result):
    """The content of a `calibration.json`.

    Attributes:
        label: label of the crosses.
        seed: seed of the search.
        versions: versions of the world and of packages.
        stages: every stage begun, with its generations and, once it is finished, the values it chose.
    """

    command: ClassVar[str] = "calibrate"

    label: str
    seed: int
    versions: dict[str, Any]
    stages: dict[str, dict[str, Any]]


def calibration_table(result: Mapping[str, Any], published_bands: Mapping[str, Band] | None = None) -> str:
    """The content of a `calibration.json` in Markdown: rows after each finished stage, then what each stage chose."""
    published_bands = published_bands or bands()
    finished = {name: stage for name, stage in result["stages"].items() if "chosen" in stage}
    parts = [_rows(finished, published_bands)] if finished else ["No stage is finished."]
    parts += [_stage(name, stage) for name, stage in finished.items()]
    return "\n\n".join(parts) + "\n"


def apply(result: Mapping[str, Any], path: str | Path) -> int:
    """Write the chosen values as defaults into the parameters' source file; returns their number.

    Raises:
        InvalidFile: if a parameter is not in that file exactly once, or the file cannot be read or written.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise InvalidFile(f"cannot read {path}: {error}") from error
    chosen = {name: value for stage in result["stages"].values() for name, value in stage.get("chosen", {}).items()}
    for name, value in chosen.items():
        entry = re.compile(rf'(_p\(\s*"{re.escape(name)}",\s*)[-+.\de]+(?=,)')
        if len(entry.findall(text)) != 1:
            raise InvalidFile(f"{path} must have the default of {name} exactly once")
        text = entry.sub(rf"\g<1>{float(value)!r}", text)
    write_atomically(path, text)
    return len(chosen)


def _rows(finished: Mapping[str, Any], published_bands: Mapping[str, Band]) -> str:
    """Every row at the start and after each stage; values outside their band are marked."""
    first = next(iter(finished.values()))
    lines = [
        f"| row | target | band | start | {' | '.join(finished)} |",
        f"|---|---|---|---|{'---|' * len(finished)}",
    ]
    for name in (row for row in first["rows"] if row in published_bands):
        row = published_bands[name]
        cells = [first["rows"][name]["before"], *(stage["rows"][name]["after"] for stage in finished.values())]
        shown = " | ".join(_cell(row, cell) for cell in cells)
        lines.append(f"| {name} | {row.target:g} | {row.low:g} to {row.high:g} | {shown} |")
    return "\n".join(lines) + "\n\n\\* outside the band; - too few events."


def _cell(band: Band, cell: Mapping[str, Any]) -> str:
    if cell["value"] is None or not counts(Statistic(cell["value"], cell["count"])):
        return "-"
    return f"{cell['value']:.3g}" + ("" if band.holds(cell["value"]) else " \\*")


def _stage(name: str, stage: Mapping[str, Any]) -> str:
    """The values that one stage chose, and the reduction of its loss."""
    ranges = {parameter.name: (parameter.low, parameter.high) for parameter in TABLE}
    generations, judged = stage["generations"], stage["judged_on"]
    lines = [
        f"**{name}**: {len(generations)} generations of {len(generations[0]['losses'])} candidates, "
        f"{stage['crosses']:,} crosses each; loss {stage['loss']['before']:.3f} before and "
        f"{stage['loss']['after']:.3f} after, on {judged['crosses']:,} fresh crosses.",
        "",
        "| parameter | start | chosen | range |",
        "|---|---|---|---|",
    ]
    for parameter, value in stage["chosen"].items():
        low, high = ranges[parameter]
        lines.append(f"| {parameter} | {stage['start'][parameter]:g} | {value:g} | {low:g} to {high:g} |")
    return "\n".join(lines)
