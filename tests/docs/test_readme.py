"""README and pages tell no lies: their commands parse, their Python runs, their links lead somewhere."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from some_results import AN_EXPLANATION

from backpost import cli
from backpost.envs.common.errors import InvalidFile
from backpost.training.bench.made_with import DECIDING
from backpost.training.bench.result_file import is_measured, not_measured, read_result, write_result
from backpost.training.command.grammar import NOTES
from backpost.training.results import table
from backpost.training.results.content import Results
from backpost.training.results.quote import quote

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "docs" / "results.json"
README = (ROOT / "README.md").read_text(encoding="utf-8")
MEASURED = re.compile(
    r"^::::\{measured\} (?P<file>\S+) (?P<target>\S+)\n(?P<content>.*?)^::::$", re.MULTILINE | re.DOTALL
)
GENERATED = ("environments", "reference", "tutorials")
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "docs/index.md", "docs/design.md")),
    *sorted(
        page
        for folder in ("start", "trainers", "findings", "project")
        for page in (ROOT / "docs" / folder).glob("*.md")
    ),
]
TEXTS = {page.relative_to(ROOT): page.read_text(encoding="utf-8") for page in PAGES}
EXAMPLES = [page.read_text(encoding="utf-8") for page in sorted((ROOT / "docs" / "examples").glob("*.py"))]
SHOWN = "\n".join([*TEXTS.values(), *EXAMPLES, NOTES])
COMMANDS = sorted(set(re.findall(r"^(?: +|#     )?(?:\.venv/bin/)?backpost (\S.*)$", SHOWN, re.MULTILINE)))
BLOCKS = [
    (page, block) for page, text in TEXTS.items() for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL)
]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_shown_is_one_that_exists(command: str) -> None:
    assert callable(cli.parser().parse_args(shlex.split(command, comments=True)).run)


def test_commands_are_shown_at_all() -> None:
    assert {"train", "compare", "watch", "film", "report", "session", "play"} <= {line.split()[0] for line in COMMANDS}


def test_make_has_every_verb_that_is_named() -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    named = set(re.findall(r"(?:`|^ +|^)make ([a-z-]+)", SHOWN, re.MULTILINE))
    assert {"demo", "test", "docs", "results"} <= named
    assert named <= set(targets)


def shown(block: re.Match[str]) -> str:
    """The content of a directive `measured`, as the site shows it."""
    return block["content"] if is_measured(ROOT / "docs" / block["file"]) else not_measured(block["target"])


def test_a_result_that_was_never_measured_is_told_and_one_of_another_world_is_refused(tmp_path: Path) -> None:
    blocks = [block for text in TEXTS.values() for block in MEASURED.finditer(text)]
    targets = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert {block["file"].split(".")[0] for block in blocks} >= {"results", "realism", "timing", "guide", "robustness"}
    for block in blocks:
        target = block["target"]
        assert f"\n{target}:" in targets or (target.startswith("explain-") and "\nexplain-%:" in targets)
    path = tmp_path / "explain.json"
    assert not is_measured(path)
    write_result(path, AN_EXPLANATION)
    assert is_measured(path)
    stored = json.loads(path.read_text())
    for entry in DECIDING:
        path.write_text(json.dumps(stored | {"made_with": stored["made_with"] | {entry: "another"}}))
        with pytest.raises(InvalidFile, match="was made in another version of the world"):
            is_measured(path)


def test_every_link_to_a_file_leads_to_one() -> None:
    dead = []
    for page, text in TEXTS.items():
        text = MEASURED.sub(shown, text)
        for link in re.findall(r"\]\((?!http)([^)#]+)(?:#[^)]*)?\)", text):
            target = ((ROOT / page).parent / link).resolve()
            built = target.is_relative_to(ROOT / "docs") and target.relative_to(ROOT / "docs").parts[0] in GENERATED
            if not target.exists() and (not built or page.name == "README.md"):
                dead.append(f"{page} -> {link}")
    assert dead == []


@pytest.mark.parametrize(("page", "block"), BLOCKS, ids=lambda given: str(given).split("\n")[0])
def test_the_python_shown_runs(page: Path, block: str, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", block], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_readme_shows_python() -> None:
    assert any(page.name == "README.md" for page, _ in BLOCKS)


def prose(markdown: str) -> str:
    """The text without code, tables, pictures and the targets of links."""
    for pattern, instead in (
        (r"```.*?```", ""),
        (r"<!--.*?-->", ""),
        (r"^(    |\|).*$", ""),
        (r"!\[[^]]*\]\([^)]*\)", ""),
        (r"\[([^]]*)\]\([^)]*\)", r"\1"),
        (r"`[^`]*`", "code"),
    ):
        markdown = re.sub(pattern, instead, markdown, flags=re.DOTALL if "```" in pattern else re.MULTILINE)
    return markdown


def sentences(markdown: str) -> list[str]:
    """The sentences of the prose; headings, paragraphs and list items end one."""
    parts = re.split(r"\n\s*\n|^#+ .*$|^\* ", prose(markdown), flags=re.MULTILINE)
    flat = (" ".join(part.split()) for part in parts)
    return [line for part in flat for line in re.split(r"(?<=[.!?:;])[*)]*\s+", part) if line.strip()]


def test_the_readme_has_at_most_900_words_and_no_sentence_of_more_than_30() -> None:
    assert len(README.split()) <= 900
    all_sentences = sentences(README)
    assert len(all_sentences) > 20
    assert [sentence for sentence in all_sentences if len(sentence.split()) > 30] == []


def test_a_long_sentence_would_be_seen() -> None:
    assert [len(line.split()) for line in sentences("# A\n\nOne [two](x.md) three.\nFour\nfive\n\n* six\n* seven")] == [
        3,
        2,
        1,
        1,
    ]


def test_the_readme_has_one_picture_and_one_table_of_five_rows_once_that_is_measured() -> None:
    assert len(re.findall(r"!\[", README)) == 1
    rows = re.findall(r"^\|.*\|$", README, re.MULTILINE)
    assert len(rows) == (2 + 5 if is_measured(RESULTS) else 0)


def test_the_readme_shows_what_the_results_say_or_that_they_are_not_measured() -> None:
    if not is_measured(RESULTS):
        assert f"<!-- summary -->\n{not_measured('results')}\n<!-- /summary -->" in README
        return
    results, markdown = read_result(RESULTS, Results), RESULTS.with_suffix(".md").read_text(encoding="utf-8")
    assert f"<!-- summary -->\n{table.summary(results)}\n<!-- /summary -->" in README
    assert markdown.startswith(table.summary(results) + "\n\n" + table.EVERY_AGENT + "\n\n" + table.markdown(results))


def test_a_table_is_put_between_its_marks_and_nothing_else_changes(tmp_path: Path) -> None:
    page, file = tmp_path / "page.md", tmp_path / "table.txt"
    page.write_text("before\n<!-- a -->\nold\n<!-- /a -->\nbetween\n<!-- b -->\nkept\n<!-- /b -->\nafter\n")
    file.write_text("one\ntwo\n\nmore\n")
    quote(page, "a", file)
    shown = "before\n<!-- a -->\n```text\none\ntwo\n```\n<!-- /a -->\nbetween\n<!-- b -->\nkept\n<!-- /b -->\nafter\n"
    assert page.read_text() == shown
    quote(page, "a", file)
    assert page.read_text() == shown
    with pytest.raises(InvalidFile, match="must have one <!-- c -->"):
        quote(page, "c", file)
    assert page.read_text() == shown


def test_the_citation_names_what_the_format_asks_for_and_this_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["cff-version"] == "1.2.0"
    assert all("name" in author or "family-names" in author for author in citation["authors"])
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert (citation["version"], citation["license"]) == (project["version"], project["license"])
