"""Crosses that have been played are kept, so that long comparisons go on where they were stopped.

A folder of pieces; each is named after everything that decides what is in it: the sources of the world and of the
agents, the agent with its numbers or weights, the environment with its options, and the crosses. So a piece never has
to be thrown away by hand: after any change its name is asked for no more.
"""

import hashlib
import json
import marshal
import sys
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

import backpost.agents
import backpost.envs
from backpost.agents.base.agent import Agent
from backpost.agents.rules.numbers import TUNED_PATH
from backpost.envs.common.errors import InvalidFile
from backpost.envs.common.files import replacing
from backpost.envs.interface.options import Options
from backpost.envs.interface.outcome import metrics_type
from backpost.envs.world.sources import sources

Metrics = npt.NDArray[np.void]
"""Rows of `outcome.metrics_type`."""

_ENVS, _AGENTS = (Path(str(module.__file__)).resolve().parent for module in (backpost.envs, backpost.agents))


class Kept:
    """A folder of pieces.

    Args:
        path: the folder; it is made if it is not there.

    Raises:
        InvalidFile: if it cannot be made.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InvalidFile(f"cannot write {self.path}: {(error.strerror or str(error)).lower()}") from error

    def get(self, key: str, play: Callable[[], Metrics]) -> tuple[Metrics, bool]:
        """The piece of this name, (n,), and whether it was there; if not, it is played and kept."""
        held = self.read(key, "metrics")
        if held is not None and held["metrics"].dtype == metrics_type:
            return held["metrics"], True
        played = play()
        self.write(key, metrics=played)
        return played, False

    def read(self, key: str, *names: str) -> dict[str, npt.NDArray[Any]] | None:
        """The arrays of the piece of this name, or None if there is no whole one: then it is made again."""
        try:
            with self._file(key).open("rb") as stream, np.load(stream, allow_pickle=False) as content:
                return {name: content[name] for name in names}
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            return None

    def write(self, key: str, **arrays: Any) -> None:
        """Keep the arrays of a piece, whole or not at all.

        Raises:
            InvalidFile: if it cannot be written.
        """
        with replacing(self._file(key)) as temporary, temporary.open("wb") as stream:
            np.savez_compressed(stream, **arrays)

    def _file(self, key: str) -> Path:
        return self.path / f"{key}.npz"


def key(player: Agent, env: str, options: Options | None, seeds: npt.NDArray[np.uint64]) -> str:
    """The name of the piece in which this agent plays crosses with these seeds (n,)."""
    decides = {
        "sources": source_digest(),
        "agent": identity(player),
        "environment": env,
        "options": asdict(options or Options()),
        "seeds": hashlib.sha256(np.ascontiguousarray(seeds, np.uint64).tobytes()).hexdigest(),
    }
    return hashlib.sha256(json.dumps(decides, sort_keys=True, default=str).encode()).hexdigest()[:32]


def identity(player: Agent) -> dict[str, Any]:
    """What tells an agent from every other of the same sources: whatever he was made with, in his public attributes."""
    told: dict[str, Any] = {"type": type(player).__name__, "name": player.name, "description": player.description}
    for name, value in sorted(vars(player).items()):
        if not name.startswith("_"):
            told[name] = _plain(value)
    module = sys.modules[type(player).__module__]
    if not str(module.__name__).startswith(backpost.agents.__name__):
        told["source"] = _source(type(player), module)  # a handicap, or a user's own: `source_digest` does not know it
    if hasattr(player, "weights"):
        told.pop("name")  # a policy is called after its file, and the same wherever that lies
    return told


def told_identity(player: Agent) -> dict[str, Any]:
    """The identity as a result tells it that was written and read again: JSON knows no tuples."""
    told: dict[str, Any] = json.loads(json.dumps(identity(player)))
    return told


def _source(kind: type, module: ModuleType) -> str:
    """A digest of the files that a class and its bases come from; of its methods if it was typed into a session."""
    if getattr(module, "__file__", None) is not None:
        own = [one.__module__ for one in kind.__mro__ if one.__module__.split(".")[0] not in sys.stdlib_module_names]
        files = [getattr(sys.modules[name], "__file__", None) for name in own]
        return _digest([Path(file) for file in dict.fromkeys(files) if file is not None])
    codes = [marshal.dumps(part.__code__) for part in vars(kind).values() if isinstance(part, FunctionType)]
    return hashlib.sha256(b"".join(codes)).hexdigest()


def _plain(value: Any) -> Any:
    """A value as JSON, or a digest of it."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, np.ndarray):
        return hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()
    if isinstance(value, dict):
        return {name: _plain(value[name]) for name in sorted(value)}
    return identity(value) if hasattr(value, "act") else value


@cache
def kernel_digest() -> str:
    """16 hexadecimal digits that belong to exactly these sources of the world."""
    return _digest(sources())[:16]


@cache
def rules_digest() -> str:
    """16 hexadecimal digits that belong to exactly these tuned numbers of the coaching rules."""
    return hashlib.sha256(TUNED_PATH.read_bytes()).hexdigest()[:16]


def made_with() -> dict[str, str]:
    """What a result is made with now: our version, the simulator, and the tuned rules."""
    return {"backpost": version("backpost"), "world": kernel_digest(), "rules": rules_digest()}


@cache
def source_digest(also: tuple[Path, ...] = ()) -> str:
    """A digest of all sources and data that decide how a cross goes, but for the tuned numbers, which agents carry.

    `also`: sources that decide what is made of it.
    """
    data = [*_ENVS.rglob("assets/*"), *_AGENTS.rglob("assets/*.json")]
    data = [one for one in data if one.name != "tuned_rules.json"]
    return _digest(sorted([*also, *data, *sources(), *_AGENTS.rglob("*.py")]))


def _digest(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.name.encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()
