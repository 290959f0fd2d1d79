"""A copy of the project in which faults can be planted: never the checkout itself."""

import importlib
import os
import resource
import shutil
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from mutants.mutant import GOLDEN, Mutant

os.environ |= {"NUMBA_DISABLE_JIT": "1", "NUMBA_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
for _module in ("numba", "scipy.stats", "gymnasium.vector", "safetensors.numpy"):
    importlib.import_module(_module)  # once here, not once for every fault

PACKAGES = ("envs", "agents", "training", "renders", "cli.py")
PASSED, FAILED, BROKEN = 0, 1, 3
LONGEST = 300
"""s of work after which a run of tests is given up: a fault that makes something endless has been noticed."""


@dataclass(frozen=True)
class Outcome:
    """What a run of tests came to: whether some failed, the first that did, and how long one core worked (s)."""

    failed: bool
    first_failure: str
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

    def test(self, tests: Sequence[str]) -> Outcome:
        """Run these tests in plain Python until the first fails.

        In a fork of this process, which has what tests need from elsewhere in memory, but nothing of the project.

        Raises:
            BrokenRun: if they could not be run.
        """
        assert "backpost" not in sys.modules, "a fork would not see the fault"
        said = self._path.parent / "said.txt"
        child = os.fork()
        if child == 0:
            code = BROKEN
            try:
                self._become(said)
                code = pytest.main(["-x", "-q", "--noconftest", "-p", "no:cacheprovider", "-p", "no:xdist", *tests])
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)  # whatever happened: nothing of the parent's may be cleared up here
        _, status, used = os.wait4(child, 0)
        seconds = used.ru_utime + used.ru_stime
        if os.WIFSIGNALED(status):
            return Outcome(True, "it never ended", seconds)
        return _outcome(os.waitstatus_to_exitcode(status), said.read_text(errors="replace"), seconds)

    def golden(self) -> Outcome:
        """Play the golden runs, compiled, in a process of its own.

        Raises:
            BrokenRun: if they could not be played.
        """
        ours = {"PYTHONPATH": str(self._path), "NUMBA_CACHE_DIR": str(self._path.parent / "numba")}
        ours |= {"PYTHONDONTWRITEBYTECODE": "1", "NUMBA_DISABLE_JIT": "0"}
        command = [sys.executable, "-P", "-m", "pytest", "-x", "-q", "--noconftest", "-p", "no:xdist", GOLDEN]
        began = time.monotonic()
        done = subprocess.run(command, cwd=self.copy, env=os.environ | ours, capture_output=True, text=True)
        return _outcome(done.returncode, done.stdout + done.stderr, time.monotonic() - began)

    def _become(self, said: Path) -> None:
        """Make of this process one that imports the copy and says everything into a file."""
        with said.open("wb") as stream:
            os.dup2(stream.fileno(), 1)
            os.dup2(stream.fileno(), 2)
        os.chdir(self.copy)
        os.environ["PYTHONPATH"] = str(self._path)
        sys.path.insert(0, str(self._path))
        sys.pycache_prefix = str(self._pycache)
        resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST))

    def _write(self, file: Path, text: str) -> None:
        """Write a source whose compiled bytes nobody can take for another's: no two writes have one time."""
        file.write_text(text, encoding="utf-8")
        self._changes += 1
        os.utime(file, (self._changes, self._changes))


def _outcome(code: int, said: str, seconds: float) -> Outcome:
    """What an exit status of pytest means.

    Raises:
        BrokenRun: for any but passed and failed.
    """
    if code not in (PASSED, FAILED):
        raise BrokenRun(f"the tests cannot be run: {said[-2000:]}")
    failures = [line[7:].split(" - ")[0] for line in said.splitlines() if line.startswith("FAILED ")]
    return Outcome(code == FAILED, failures[0].split("::")[-1] if failures else "", seconds)
