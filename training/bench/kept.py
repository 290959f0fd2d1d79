"""Keep finished crosses, so that a long comparison resumes where it was stopped.

A folder of pieces, each named after everything that decides its content: the versions of the world and of the agents,
the agent's identity, the environment, its options with the content of the files that they name, and the crosses. No
piece ever has to be deleted by hand: after any change it is never looked up again. Each file begins with a checksum
over its name and content, and a damaged piece is played again.
"""

import hashlib
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from backpost.agents.base.agent import Agent
from backpost.agents.base.identity import needed_identity
from backpost.agents.base.version import AGENTS_VERSION
from backpost.envs.common.errors import InvalidFile
from backpost.envs.common.files import write_atomically
from backpost.envs.interface.options import Options
from backpost.envs.interface.outcome import metrics_type
from backpost.envs.scenarios.registry import scenario
from backpost.envs.world.version import WORLD_VERSION

from .events import Events, event_type
from .made_with import resolved_options

Metrics = npt.NDArray[np.void]
"""Rows of `outcome.metrics_type`."""


class Played(NamedTuple):
    """What is kept of the crosses of an agent: their metrics and their events, (n,) each."""

    metrics: Metrics
    events: Events


SUFFIX = ".kept"
_MAGIC = b"backpost kept 1\n"
_CHECKSUM = hashlib.sha256().digest_size


class Kept:
    """A folder of pieces.

    Args:
        path: the folder; created if missing.

    Raises:
        InvalidFile: if it cannot be created.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InvalidFile(f"cannot write {self.path}: {(error.strerror or str(error)).lower()}") from error

    def get(self, key: str, count: int, play: Callable[[], Played]) -> tuple[Played, bool]:
        """The piece with this name, of `count` crosses, and whether it existed; if not, it is played and kept."""
        types = {"metrics": metrics_type, "events": event_type}
        held = self.read(key, *types)
        if held is not None and all(
            held[name].dtype == kind and held[name].shape == (count,) for name, kind in types.items()
        ):
            return Played(**held), True
        played = play()
        self.write(key, **played._asdict())
        return played, False

    def read(self, key: str, *names: str) -> dict[str, npt.NDArray[Any]] | None:
        """The arrays of the piece with this name, or None if it is missing or damaged."""
        try:
            content = self._file(key).read_bytes()
        except OSError:
            return None
        start = len(_MAGIC) + _CHECKSUM
        checksum, packed = content[len(_MAGIC) : start], content[start:]
        if not content.startswith(_MAGIC) or checksum != _checksum(key, packed):
            return None
        try:
            with np.load(io.BytesIO(packed), allow_pickle=False) as arrays:
                return {name: arrays[name] for name in names}
        except Exception:  # written by something else: whatever the fault, the piece is made again
            return None

    def write(self, key: str, **arrays: Any) -> None:
        """Keep the arrays of a piece, written atomically.

        Raises:
            InvalidFile: if it cannot be written.
        """
        packed = io.BytesIO()
        np.savez_compressed(packed, **arrays)
        write_atomically(self._file(key), _MAGIC + _checksum(key, packed.getvalue()) + packed.getvalue())

    def _file(self, key: str) -> Path:
        return self.path / f"{key}{SUFFIX}"


def key(player: Agent, env: str, options: Options | None, seeds: npt.NDArray[np.uint64]) -> str:
    """The name of the piece in which this agent plays the crosses with these seeds (n,).

    Raises:
        InvalidValue: if the agent has no identity, or the scenario no version.
        InvalidFile: if a file that the options name cannot be read.
    """
    decides = {
        "world": WORLD_VERSION,
        "agents": AGENTS_VERSION,
        "agent": needed_identity(player),
        "environment": scenario(env).identity(),
        "options": resolved_options(options),
        "seeds": hashlib.sha256(np.ascontiguousarray(seeds, np.uint64).tobytes()).hexdigest(),
    }
    return hashlib.sha256(json.dumps(decides, sort_keys=True, allow_nan=False).encode()).hexdigest()[:32]


def _checksum(key: str, packed: bytes) -> bytes:
    """SHA-256 over name and content, so that a renamed piece is not mistaken for another."""
    return hashlib.sha256(key.encode() + b"\n" + packed).digest()
