"""The folder of one training run, usable at every moment: each file in it is whole or not there.

config.yml            the resolved configuration
versions.json         what it ran with
progress.json         how far it is: status, steps, and the checkpoints with their xG
policy.safetensors    the best policy so far
checkpoints/          every policy that was a candidate, named by its steps
tensorboard/          curves
"""

import json
import platform
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

from backpost.envs.errors import InvalidFile
from backpost.envs.files import check_writable, write_atomically

STATUSES = ("running", "finished", "interrupted", "failed")
_PACKAGES = ("backpost", "gymnasium", "numpy", "numba", "stable-baselines3", "torch", "safetensors")


class RunFolder:
    """A new run folder.

    Raises:
        InvalidFile: if it cannot be written, or holds a run already.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if (self.path / "progress.json").exists():
            raise InvalidFile(f"{self.path} holds a run already; name a new folder")
        try:
            self.checkpoints.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InvalidFile(f"cannot write {self.path}: {(error.strerror or str(error)).lower()}") from error
        check_writable(self.path / "progress.json")

    @property
    def checkpoints(self) -> Path:
        """Folder of the candidates."""
        return self.path / "checkpoints"

    @property
    def tensorboard(self) -> Path:
        """Folder of the curves."""
        return self.path / "tensorboard"

    @property
    def policy(self) -> Path:
        """The best policy so far."""
        return self.path / "policy.safetensors"

    def checkpoint(self, steps: int) -> Path:
        """Where the candidate after so many decisions lies."""
        return self.checkpoints / f"policy-{steps:012d}.safetensors"

    def open(self, config: str) -> None:
        """Write what is known before the first step: the resolved configuration and the versions."""
        write_atomically(self.path / "config.yml", config)
        write_atomically(self.path / "versions.json", json.dumps(versions(), indent=2) + "\n")

    def report(self, status: str, **values: Any) -> None:
        """Write how far the run is."""
        if status not in STATUSES:
            raise InvalidFile(f"unknown status {status!r}; valid choices are {', '.join(STATUSES)}")
        write_atomically(self.path / "progress.json", json.dumps({"status": status, **values}, indent=2) + "\n")

    def keep(self, steps: int, save: Callable[[Path], None], best: bool) -> None:
        """Save a candidate; the best one becomes the policy of the run."""
        save(self.checkpoint(steps))
        if best:
            write_atomically(self.policy, self.checkpoint(steps).read_bytes())


def versions() -> dict[str, str]:
    """Python, machine, and the packages that decide the numbers of a run."""
    found = {"python": platform.python_version(), "machine": platform.platform()}
    for package in _PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "missing"
    return found
