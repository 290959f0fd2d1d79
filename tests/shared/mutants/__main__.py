"""`make mutants`: plant every fault, run the tests that promise that it cannot be there, and say which noticed.

The command fails if a fault no longer fits the sources, if tests fail without any fault, or if fewer than nine faults
of ten are noticed.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mutants.mutant import Mutant, StaleMutant
from mutants.nursery import BrokenRun, Nursery
from mutants.table import MUTANTS

ROOT = Path(__file__).resolve().parents[3]
ENOUGH = 0.9
"""Share of the faults that tests must notice."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; 0 if enough faults are noticed, else 1."""
    asked = _parser().parse_args(arguments)
    chosen = [mutant for mutant in MUTANTS if not asked.only or mutant.name in asked.only]
    unknown = set(asked.only) - {mutant.name for mutant in MUTANTS}
    if unknown:
        print(f"unknown mutants {', '.join(sorted(unknown))}", file=sys.stderr)
        return 1
    began = time.monotonic()
    try:
        rows = judged(chosen, asked.golden)
    except (StaleMutant, BrokenRun) as error:
        print(error, file=sys.stderr)
        return 1
    killed = sum(row["killed_by"] is not None for row in rows)
    seconds = round(time.monotonic() - began, 1)
    result = {"mutants": rows, "killed": killed, "of": len(rows), "seconds": seconds}
    print(f"\n{killed} of {len(rows)} are noticed without golden runs, in {seconds:.0f} s")
    if asked.golden:
        played = [row["golden"] for row in rows if row["golden"] is not None]
        print(f"{sum(played)} of the {len(played)} faults in envs change golden runs")
        either = sum(bool(row["killed_by"] or row["golden"]) for row in rows)
        print(f"{either} of {len(rows)} are noticed by either")
    if asked.json is not None:
        from backpost.envs.common.files import write_atomically  # not before: a fork would have it from here

        write_atomically(asked.json, json.dumps(result, indent=1) + "\n")
    return 0 if killed >= ENOUGH * len(rows) else 1


def judged(chosen: Sequence[Mutant], golden: bool) -> list[dict[str, Any]]:
    """What became of every fault, printed as it is found out.

    Raises:
        StaleMutant: for a fault that does not fit the sources, before any test is run.
        BrokenRun: for tests that cannot be run, or fail without a fault.
    """
    for mutant in chosen:
        mutant.applied(ROOT)
    width = max(len(mutant.name) for mutant in chosen) + 2
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        nursery = Nursery(ROOT, Path(folder))
        _check_sound(nursery, chosen)
        for mutant in chosen:
            with nursery.planted(mutant):
                laws = nursery.test(mutant.tests)
                recorded = nursery.golden() if golden and mutant.shows_in_recordings else None
            row = {
                "name": mutant.name,
                "file": mutant.file,
                "says": mutant.says,
                "killed_by": laws.first if laws.failed else None,
                "golden": None if recorded is None else recorded.failed,
                "seconds": round(laws.seconds, 1),
            }
            rows.append(row)
            print(_line(row, width), flush=True)
    return rows


def _check_sound(nursery: Nursery, chosen: Sequence[Mutant]) -> None:
    """See all tests pass before anything is planted."""
    sound = nursery.test(sorted({test for mutant in chosen for test in mutant.tests}))
    if sound.failed:
        raise BrokenRun(f"{sound.first} fails without any fault")


def _line(row: dict[str, Any], width: int) -> str:
    recorded = {None: "", True: "golden runs change", False: "golden runs stay"}[row["golden"]]
    verdict = f"killed by {row['killed_by']}" if row["killed_by"] else "SURVIVES"
    return (
        f"{row['name']:<{width}}{row['seconds']:>6.1f} s  {row['says']}: {verdict}{f'; {recorded}' if recorded else ''}"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mutants", description="Seeded faults, and which tests notice them.")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="these faults alone")
    parser.add_argument("--golden", action="store_true", help="ask the golden runs too: a compilation for each fault")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was found there")
    return parser


if __name__ == "__main__":
    sys.exit(main())
