"""The prose linter: words that nobody would write here. `python tests/shared/prose.py` lists them, one a line.

Spelling is codespell's business; this file knows the phrases of `prose_rules.txt` and the names that say nothing.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
RULES = Path(__file__).with_name("prose_rules.txt")
EMPTY_NAMES = {"told", "one", "known", "found", "rebuilt", "room"}
"""Names of variables, arguments and functions that say how a value was come by and not what it is."""
PROSE = {".py", ".md", ".toml", ".yml", ".cff"}


def rules() -> list[tuple[re.Pattern[str], str]]:
    """The phrases that are refused, and what to write instead."""
    lines = [line for line in RULES.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return [(re.compile(phrase, re.IGNORECASE), advice) for phrase, advice in (line.split("\t") for line in lines)]


def phrases(text: str) -> Iterator[str]:
    """Every refused phrase of a text: its line, the words, the advice."""
    for number, line in enumerate(text.splitlines(), 1):
        for phrase, advice in rules():
            for match in phrase.finditer(line):
                yield f"{number}: {match[0]!r}: write {advice}"


def empty_names(source: str) -> Iterator[str]:
    """Every name in Python source that says nothing: its line and the name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            name, line = node.id, node.lineno
        elif isinstance(node, ast.arg):
            name, line = node.arg, node.lineno
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            name, line = node.name, node.lineno
        elif isinstance(node, ast.alias) and node.asname:
            name, line = node.asname, node.lineno
        else:
            continue
        if name in EMPTY_NAMES:
            yield f"{line}: the name {name!r} does not say what the thing is"


def files() -> list[Path]:
    """Everything in the repository that is written to be read."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    return [ROOT / name for name in listed if Path(name).suffix in PROSE and (ROOT / name).is_file()]


def complaints() -> list[str]:
    """What the linter has to say of the repository."""
    lines = []
    for path in files():
        text = path.read_text(encoding="utf-8")
        remarks = [*phrases(text), *(empty_names(text) if path.suffix == ".py" else ())]
        lines += [f"{path.relative_to(ROOT)}:{remark}" for remark in remarks]
    return lines


if __name__ == "__main__":
    sys.exit("\n".join(complaints()) or 0)
