"""Small pieces of Markdown."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from backpost.envs.common.files import write_atomically


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; bars inside a cell are escaped."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", r"\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def page(path: Path, *parts: str) -> None:
    """Write a page of these parts, if it is not there already just so: an unchanged page is not built again."""
    text = "\n\n".join(parts) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        write_atomically(path, text)


def attributes(docstring: str) -> dict[str, str]:
    """The meanings that the section "Attributes" of a docstring gives, by name."""
    section = re.split(r"\n\s*Attributes:\n", docstring, maxsplit=1)[1].split("\n\n")[0]
    entries: dict[str, str] = {}
    name = ""
    for line in section.splitlines():
        entry = re.match(r"^\s{8}(\w[\w, ]*): (.*)", line)
        if entry:
            name = entry[1]
            entries[name] = entry[2].strip()
        else:
            entries[name] += " " + line.strip()
    return entries


def docstring_table(docstring: str) -> str:
    """The Markdown table in a docstring, continued lines joined."""
    joined = docstring.replace("\\\n", "")
    return "\n".join(line.strip() for line in joined.splitlines() if line.strip().startswith("|"))
