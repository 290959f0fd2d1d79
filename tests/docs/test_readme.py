"""The README tells no lies: its commands parse, its Python runs, its links lead somewhere."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import backpost.cli as cli
from backpost.envs.common.errors import InvalidFile
from backpost.training.bench.command_line import NOTES
from backpost.training.results.quote import quote

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "docs" / "design.md"]
TEXT = "\n".join(page.read_text(encoding="utf-8") for page in PAGES) + NOTES
COMMANDS = sorted(set(re.findall(r"^ +backpost (\S.*)$", TEXT, re.MULTILINE)))
VERBS = re.findall(r"make ([a-z-]+)", TEXT)
BLOCKS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shown_is_one_that_exists(command: str) -> None:
    assert callable(cli.parser().parse_args(shlex.split(command, comments=True)).run)


def test_every_verb_is_shown() -> None:
    shown = {command.split()[0] for command in COMMANDS}
    verbs = set(re.findall(r"^    ([a-z-]+)\b", cli.parser().format_help(), re.MULTILINE))
    assert "compare" in verbs
    assert verbs - shown == {"tune-rules"}, "that one is shown as make tune-rules"


def test_make_has_every_verb_that_is_named() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert {"demo", "test"} <= set(VERBS)
    assert set(VERBS) <= set(targets)


def test_every_link_to_a_file_leads_to_one() -> None:
    for page in PAGES:
        links = re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text(encoding="utf-8"))
        assert links, f"{page.name} links to nothing"
        assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.split("\n")[0])
def test_the_python_shown_runs(block: str, tmp_path: Path) -> None:
    assert len(BLOCKS) >= 3
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", block], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_tables_shown_are_those_that_the_commands_printed() -> None:
    realism = (ROOT / "docs" / "realism.txt").read_text(encoding="utf-8")
    guide = (ROOT / "docs" / "guide.txt").read_text(encoding="utf-8")
    results = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    for table in (realism, guide.split("\n\n")[0], results):
        assert len(table.splitlines()) > 10
        assert table.strip() in README


def test_a_table_is_put_between_its_marks_and_nothing_else_changes(tmp_path: Path) -> None:
    page, table = tmp_path / "page.md", tmp_path / "table.txt"
    page.write_text("before\n<!-- a -->\nold\n<!-- /a -->\nbetween\n<!-- b -->\nkept\n<!-- /b -->\nafter\n")
    table.write_text("one\ntwo\n\nmore\n")
    quote(page, "a", table)
    told = "before\n<!-- a -->\n```text\none\ntwo\n```\n<!-- /a -->\nbetween\n<!-- b -->\nkept\n<!-- /b -->\nafter\n"
    assert page.read_text() == told
    quote(page, "a", table)
    assert page.read_text() == told
    with pytest.raises(InvalidFile, match="must have one <!-- c -->"):
        quote(page, "c", table)
    assert page.read_text() == told
