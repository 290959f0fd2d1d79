"""Promises of training/bench/terminal.py: no work is lost because of what the terminal can show and take."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from backpost.training.bench.terminal import taking_any_text

TABLE = "policy \u2192 1.5 xG \ud83d"
"""With an arrow that ASCII lacks, and half a letter (from a file name, say) that no encoding has."""
VERB = f"""
import sys
from dataclasses import dataclass
from backpost import cli
from backpost.training.bench.reporting import report
from backpost.training.bench.result_file import Result

@dataclass(frozen=True)
class Worth(Result):
    command = "agents"
    worth: float = 1.5

cli.VERBS["agents"] = lambda arguments: report(arguments, Worth(), {TABLE!a})
sys.exit(cli.main(["agents", *sys.argv[1:]]))
"""


def run(*arguments: str, **how: Any) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, with a verb that has nothing to do but to show its table."""
    how = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
    return subprocess.run([sys.executable, "-c", VERB, *arguments], text=True, check=False, **how)


@pytest.mark.parametrize(
    ("encoding", "shown"),
    [("ascii", "policy ? 1.5 xG ?"), ("latin-1", "policy ? 1.5 xG ?"), ("utf-8", "policy \u2192 1.5 xG ?")],
)
def test_a_letter_that_the_terminal_cannot_show_is_a_question_mark(encoding: str, shown: str) -> None:
    done = run(env={**os.environ, "PYTHONIOENCODING": encoding}, encoding=encoding)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{shown}\n", "")


def test_a_closed_standard_output_is_refused_before_the_work_unless_a_file_is_named(tmp_path: Path) -> None:
    closed: dict[str, Any] = {"stdout": None, "preexec_fn": lambda: os.close(1)}
    done = run(**closed)
    assert done.returncode == 2
    assert done.stderr.startswith("backpost: standard output is closed")
    assert done.stderr.count("\n") == 1
    done = run("--json", str(tmp_path / "result.json"), **closed)
    assert (done.returncode, done.stderr) == (0, "")
    assert '"worth": 1.5' in (tmp_path / "result.json").read_text()


def test_a_full_standard_output_leaves_the_table_on_standard_error_and_the_file(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = run("--json", str(tmp_path / "result.json"), stdout=full)
    assert done.returncode == 2
    assert "1.5 xG" in done.stderr
    assert "backpost: cannot write to standard output: no space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    assert '"worth": 1.5' in (tmp_path / "result.json").read_text()


def test_a_file_that_cannot_be_written_after_the_work_leaves_the_table(device: Callable[[str], Path]) -> None:
    done = run("--json", str(device("full")))
    assert done.returncode == 2
    assert "1.5 xG" in done.stdout
    assert done.stderr.startswith("backpost: cannot write")


def test_a_reader_who_has_seen_enough_is_no_error(tmp_path: Path) -> None:
    ours, its = os.pipe()
    os.close(ours)
    done = run("--json", str(tmp_path / "result.json"), stdout=its)
    os.close(its)
    assert (done.returncode, done.stderr) == (0, "")
    assert '"worth": 1.5' in (tmp_path / "result.json").read_text()


def test_the_streams_are_what_they_were_afterwards() -> None:
    before = sys.stdout, sys.stderr, sys.stdout.errors, sys.stderr.errors
    with taking_any_text():
        print("\ud83d")
    assert (sys.stdout, sys.stderr, sys.stdout.errors, sys.stderr.errors) == before
