"""The folder of one training run, usable at any time: every file in it is complete or absent.

config.yml            the resolved configuration
versions.json         versions, settings and extensions it was started with, and digests of the policies it learned from
progress.json         progress: status, steps, and the candidates with their xG
policy.safetensors    the best policy so far
checkpoints/          every candidate policy, named by its steps
resume/               the last two checkpoints to resume a killed run from, until it has finished
tensorboard/          curves
lock                  present while a process trains here
"""

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any, Self

import msgspec

from backpost.envs.common.checks import Record
from backpost.envs.common.errors import InvalidFile
from backpost.envs.common.extensions import modules
from backpost.envs.common.files import check_writable, write_atomically
from backpost.envs.common.lock import Lock
from backpost.envs.common.reading import read_record, shown
from backpost.training.bench.made_with import DECIDING, made_with

from .configuration import Configuration
from .progress import STATUSES, read_progress
from .resuming import settings_of

_WRITTEN = ("config", "policy", "progress", "versions")
"""Name prefixes of all files that are written under a temporary name and then renamed."""
_PACKAGES = ("gymnasium", "numpy", "numba", "sb3-contrib", "stable-baselines3", "torch", "safetensors")


class RunFolder:
    """A run folder; `create` makes it and `reopen` resumes it.

    Raises:
        InvalidFile: for an empty path, which would mean the current folder.
    """

    def __init__(self, path: str | Path) -> None:
        if not str(path):
            raise InvalidFile("a run needs a folder of its own, got ''")
        self.path = Path(path)
        self._lock: Lock | None = None

    def create(self, config: Configuration, teachers: Mapping[str, str] | None = None) -> Self:
        """Create the folder, and write what is fixed before the first step.

        Args:
            config: the configuration.
            teachers: digests of the policies that it learns from, by scenario.

        Raises:
            InvalidFile: if it cannot be written, or already holds a run.
        """
        if (self.path / "progress.json").exists():
            raise InvalidFile(f"{self.path} already holds a run; name a new folder, or resume it")
        try:
            self.checkpoints.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InvalidFile(f"cannot write {self.path}: {(error.strerror or str(error)).lower()}") from error
        self._take()
        write_atomically(self.config, config.to_yaml())
        begun: dict[str, Any] = {**versions(), "settings": settings_of(config), "teachers": dict(teachers or {})}
        begun["extensions"] = modules()
        write_atomically(self.path / "versions.json", json.dumps(begun, indent=2) + "\n")
        self.report("running", steps=0)
        return self

    def begun_with(self) -> object:
        """The settings that the run was started with, as `resuming.settings_of` returns them; None if not recorded."""
        try:
            return _versions_of(self.path).settings
        except InvalidFile:
            return None

    def extensions(self) -> list[str]:
        """The modules that had registered something when the run was started; none if not recorded."""
        try:
            return _versions_of(self.path).extensions
        except InvalidFile:
            return []

    def reopen(self) -> Self:
        """Reopen a run that was killed or interrupted.

        Raises:
            InvalidFile: if there is no run, it has finished, or another process is training in it.
        """
        try:
            status = read_progress(self.path).status
        except InvalidFile as error:
            raise InvalidFile(f"{shown(self.path)} holds no run to resume: {error}") from error
        if status == "finished":
            raise InvalidFile(f"the run in {self.path} has finished; there is nothing to resume")
        self._take()
        for left in (file for name in _WRITTEN for file in self.path.rglob(f".{name}-*")):
            left.unlink()  # left by a killed process; no other process writes here now
        return self

    def release(self) -> None:
        """Release the lock, so that another process can train here."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    @property
    def checkpoints(self) -> Path:
        """Folder of the candidates."""
        return self.path / "checkpoints"

    @property
    def config(self) -> Path:
        """The resolved configuration."""
        return self.path / "config.yml"

    @property
    def resume(self) -> Path:
        """Folder of the checkpoints from which a killed run resumes."""
        return self.path / "resume"

    @property
    def tensorboard(self) -> Path:
        """Folder of the curves."""
        return self.path / "tensorboard"

    @property
    def policy(self) -> Path:
        """The best policy so far."""
        return self.path / "policy.safetensors"

    def checkpoint(self, steps: int) -> Path:
        """File of the candidate after `steps` decisions."""
        return self.checkpoints / f"policy-{steps:012d}.safetensors"

    def candidates(self) -> list[Path]:
        """The files of all candidates, earliest first."""
        return sorted(self.checkpoints.glob("policy-*.safetensors"))

    def report(self, status: str, **values: Any) -> None:
        """Write the progress of the run."""
        if status not in STATUSES:
            raise InvalidFile(f"unknown status {status!r}; valid choices are {', '.join(STATUSES)}")
        write_atomically(self.path / "progress.json", json.dumps({"status": status, **values}, indent=2) + "\n")

    def mark(self, status: str) -> None:
        """Change only the status in what `report` has written."""
        self.report(**(asdict(read_progress(self.path)) | {"status": status}))

    def has_learned(self) -> bool:
        """Whether decisions have been reported that a restart would lose."""
        return bool(read_progress(self.path).steps)

    def _take(self) -> None:
        """Take the lock of this folder."""
        check_writable(self.path / "progress.json")
        self._lock = Lock(self.path / "lock", f"another process is training in {self.path}")


def versions() -> dict[str, str | int]:
    """The versions behind a run: Python, the machine, `made_with`, and the packages that affect its numbers."""
    made: dict[str, str | int] = {"python": platform.python_version(), "machine": platform.platform(), **made_with()}
    for package in _PACKAGES:
        try:
            made[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            made[package] = "missing"
    return made


class _Versions(Record, frozen=True, forbid_unknown_fields=False):
    """The entries of `versions.json` that are compared; the rest are notes."""

    world: int
    agents: int
    rules: str
    settings: Any = None
    teachers: dict[str, str] = msgspec.field(default_factory=dict)
    extensions: list[str] = msgspec.field(default_factory=list)


def made_in(folder: Path) -> dict[str, str | int]:
    """The versions that the run in a folder was started with, by the names in `made_with.DECIDING`.

    Raises:
        InvalidFile: if they were not recorded.
    """
    begun = _versions_of(folder)
    return {name: getattr(begun, name) for name in DECIDING}


def learned_from(folder: Path) -> dict[str, str]:
    """Digests of the policies that the run in a folder learned from, by scenario.

    Raises:
        InvalidFile: see `made_in`.
    """
    return _versions_of(folder).teachers


def _versions_of(folder: Path) -> _Versions:
    return read_record(folder / "versions.json", _Versions, "versions")
