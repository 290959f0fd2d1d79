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
from dataclasses import asdict, dataclass
from pathlib import Path

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
        verdicts = judged(chosen, asked.golden)
    except (StaleMutant, BrokenRun) as error:
        print(error, file=sys.stderr)
        return 1
    killed = sum(verdict.killed_by is not None for verdict in verdicts)
    seconds = round(time.monotonic() - began, 1)
    print(f"\n{killed} of {len(verdicts)} faults are noticed without golden runs; {seconds:.0f} s")
    if asked.golden:
        played = [verdict.golden for verdict in verdicts if verdict.golden is not None]
        either = sum(bool(verdict.killed_by or verdict.golden) for verdict in verdicts)
        print(f"{sum(played)} of the {len(played)} faults of envs change golden runs; {either} are noticed by either")
    if asked.json is not None:
        from backpost.envs.common.files import write_atomically  # not before: a fork would have it from here

        result = {"mutants": [asdict(verdict) for verdict in verdicts], "killed": killed, "seconds": seconds}
        write_atomically(asked.json, json.dumps(result, indent=1) + "\n")
    return 0 if killed >= ENOUGH * len(verdicts) else 1


@dataclass(frozen=True)
class Verdict:
    """What became of one fault.

    Attributes:
        name, file, fault: as of the mutant.
        killed_by: the first test that noticed it, None if none did.
        golden: whether golden runs change; None if they were not played.
        seconds: that one core worked for its tests.
    """

    name: str
    file: str
    fault: str
    killed_by: str | None
    golden: bool | None
    seconds: float


def judged(chosen: Sequence[Mutant], golden: bool) -> list[Verdict]:
    """What became of every fault, printed as it is found out.

    Raises:
        StaleMutant: for a fault that does not fit the sources, before any test is run.
        BrokenRun: for tests that cannot be run, or fail without a fault.
    """
    for mutant in chosen:
        mutant.applied(ROOT)
    width = max(len(mutant.name) for mutant in chosen)
    verdicts: list[Verdict] = []
    print(f"{'':<{width}}  core s  {'golden' if golden else ''}")
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        nursery = Nursery(ROOT, Path(folder))
        _check_sound(nursery, chosen)
        for mutant in chosen:
            with nursery.planted(mutant):
                laws = nursery.test(mutant.tests)
                recorded = nursery.golden().failed if golden and mutant.shows_in_recordings else None
            killed_by = laws.first_failure if laws.failed else None
            which = mutant.name, mutant.file, mutant.fault
            verdicts.append(Verdict(*which, killed_by, recorded, round(laws.seconds, 1)))
            print(_line(verdicts[-1], width, golden), flush=True)
    return verdicts


def _check_sound(nursery: Nursery, chosen: Sequence[Mutant]) -> None:
    """See all tests pass before anything is planted."""
    sound = nursery.test(sorted({test for mutant in chosen for test in mutant.tests}))
    if sound.failed:
        raise BrokenRun(f"{sound.first_failure} fails without any fault")


def _line(verdict: Verdict, width: int, golden: bool) -> str:
    recorded = {None: "-", True: "change", False: "same"}[verdict.golden] if golden else ""
    noticed = f"killed by {verdict.killed_by}" if verdict.killed_by else "SURVIVES"
    return f"{verdict.name:<{width}}  {verdict.seconds:>6.1f}  {recorded:<6}  {verdict.fault}: {noticed}"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="mutants", description="Seeded faults, and which tests notice them.")
    parser.add_argument("--only", nargs="+", default=[], metavar="NAME", help="these faults alone")
    parser.add_argument("--golden", action="store_true", help="ask the golden runs too: a compilation for each fault")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was found there")
    return parser


if __name__ == "__main__":
    sys.exit(main())
