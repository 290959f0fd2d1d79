"""A copy of the project in which faults can be planted: never the checkout itself."""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mutants.mutant import GOLDEN, Mutant

PACKAGES = ("envs", "agents", "training", "renders", "cli.py")
PASSED, FAILED = 0, 1
LONGEST = 900.0
"""s after which a run of tests is given up: a fault that makes something endless has been noticed."""


@dataclass(frozen=True)
class Outcome:
    """What a run of tests came to: whether some failed, the first of those, and how long one core worked (s)."""

    failed: bool
    first: str
    seconds: float


class BrokenRun(Exception):
    """Tests could not be run at all, which says nothing about a fault."""


class Nursery:
    """A copy of all files that git knows or does not ignore, under `folder`.

    Args:
        root: of the project.
        folder: an empty one.
    """

    def __init__(self, root: Path, folder: Path) -> None:
        self.copy, self._path, self._pycache = folder / "project", folder / "path", folder / "pycache"
        listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        names = subprocess.run(listed, cwd=root, capture_output=True, text=True, check=True).stdout
        for name in filter(None, names.split("\0")):
            if (root / name).is_file():
                (self.copy / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(root / name, self.copy / name)
        (self._path / "backpost").mkdir(parents=True)
        for name in PACKAGES:
            (self._path / "backpost" / name).symlink_to(self.copy / name)
        self._changes = int(time.time()) - 10**8

    @contextmanager
    def planted(self, mutant: Mutant) -> Iterator[None]:
        """The copy with this fault in it, and afterwards without it.

        Raises:
            StaleMutant: if it does not fit the sources.
        """
        file = self.copy / mutant.file
        before = file.read_text(encoding="utf-8") if file.is_file() else ""
        self._write(file, mutant.applied(self.copy))
        try:
            yield
        finally:
            self._write(file, before)

    def test(self, tests: Sequence[str], compiled: bool = False) -> Outcome:
        """Run these tests until the first fails, in plain Python unless they need the compiler.

        Raises:
            BrokenRun: if they could not be run.
        """
        quiet = ["-x", "-q", "--noconftest", "-p", "no:cacheprovider", "-p", "no:xdist"]
        command = [sys.executable, "-P", "-m", "pytest", *quiet, *tests]
        began = _worked()
        try:
            done = subprocess.run(
                command, cwd=self.copy, env=self._environment(compiled), capture_output=True, text=True, timeout=LONGEST
            )
        except subprocess.TimeoutExpired:
            return Outcome(True, "it never ended", _worked() - began)
        seconds = _worked() - began
        if done.returncode not in (PASSED, FAILED):
            raise BrokenRun(f"the tests cannot be run: {(done.stdout + done.stderr)[-2000:]}")
        failures = [line.split(" ")[1] for line in done.stdout.splitlines() if line.startswith("FAILED ")]
        return Outcome(done.returncode == FAILED, failures[0].split("::")[-1] if failures else "", seconds)

    def golden(self) -> Outcome:
        """Play the golden runs, compiled."""
        return self.test([GOLDEN], compiled=True)

    def _write(self, file: Path, text: str) -> None:
        """Write a source whose compiled bytes nobody can take for another's: no two writes have one time."""
        file.write_text(text, encoding="utf-8")
        self._changes += 1
        os.utime(file, (self._changes, self._changes))

    def _environment(self, compiled: bool) -> dict[str, str]:
        ours = {"PYTHONPATH": str(self._path), "PYTHONPYCACHEPREFIX": str(self._pycache)}
        ours |= {"NUMBA_DISABLE_JIT": str(int(not compiled)), "NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
        ours |= {"NUMBA_CACHE_DIR": str(self._path.parent / "numba")}
        return os.environ | ours


def _worked() -> float:
    """Seconds that the processes started here have kept a core busy."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
