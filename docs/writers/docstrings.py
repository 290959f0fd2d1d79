"""Docstrings are Markdown of the plainest kind; autodoc reads reStructuredText."""

import re
from typing import Any

_CODE = re.compile(r"(?<![`:\w])`([^`\n]+)`(?![`_\w])")
_HEADING = re.compile(r"^## (.+)$")
_held: list[str] = []
"""The sentence of the constant that Napoleon has in its hands."""


def as_rst(_app: Any, what: str, _name: str, _object: Any, _options: Any, lines: list[str]) -> None:
    """Turn single backticks into literals, headings into bold lines and tables into literal blocks, in place."""
    result: list[str] = []
    in_table = False
    for line in lines:
        is_row = line.lstrip().startswith("|")
        if is_row and not in_table:
            result += ["", "::", ""]
        if in_table and not is_row:
            result.append("")
        in_table = is_row
        if is_row:
            result.append("    " + line)
            continue
        heading = _HEADING.match(line)
        result += [f"**{heading[1]}**", ""] if heading else [_CODE.sub(r"``\1``", line)]
    lines[:] = result
    _held[:] = result if what in ("data", "attribute") else []


def restore(_app: Any, what: str, _name: str, _object: Any, _options: Any, lines: list[str]) -> None:
    """Give a constant its sentence back: Napoleon takes what stands before a colon in it for a type."""
    if what in ("data", "attribute"):
        lines[:] = _held
