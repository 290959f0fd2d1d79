"""The seeded faults stay alive: each still fits the sources, and points to tests that are there."""

import ast
from pathlib import Path

import pytest
from mutants.mutant import Mutant, StaleMutant
from mutants.table import MUTANTS

ROOT = Path(__file__).parent.parent


def test_every_fault_still_fits_the_sources() -> None:
    """Whoever rewrites a line takes its fault along: the text of the mutant is what must be changed too."""
    for mutant in MUTANTS:
        ast.parse(mutant.applied(ROOT))
        assert mutant.new != mutant.old, mutant.name


def test_every_fault_names_tests_that_exist() -> None:
    for mutant in MUTANTS:
        assert mutant.tests, mutant.name
        for test in mutant.tests:
            file, _, name = test.partition("::")
            assert (ROOT / file).is_file(), test
            assert not name or f"def {name}(" in (ROOT / file).read_text(encoding="utf-8"), test


def test_there_are_enough_faults_and_no_two_have_one_name() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) >= 40


def test_a_text_that_is_gone_or_there_twice_is_refused(tmp_path: Path) -> None:
    """A mutant that changes nothing, or another line than it means, proves nothing."""
    (tmp_path / "one.py").write_text("x = 1\ny = 2\nz = 1\n")
    for old in ("x = 3", " = 1"):
        with pytest.raises(StaleMutant, match=r"one\.py has its text"):
            Mutant("m", "one.py", old, "?", ("t",), "a fault").applied(tmp_path)
    assert Mutant("m", "one.py", "y = 2", "y = 3", ("t",), "a fault").applied(tmp_path) == "x = 1\ny = 3\nz = 1\n"
