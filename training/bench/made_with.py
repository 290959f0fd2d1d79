"""What a stored result was made with: the versions of the package, the world and the agents, and the tuned rules.

Results, run folders, checkpoints, ceilings and explanations carry it. If any entry of `DECIDING` differs, the stored
result says nothing about the current world, agents or rules.
"""

import errno
import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from backpost.agents.base.version import AGENTS_VERSION
from backpost.agents.rules.numbers import read_tuned
from backpost.envs.common.errors import InvalidFile
from backpost.envs.interface.options import PERMISSIONS, Options
from backpost.envs.world.version import WORLD_VERSION

DECIDING = ("world", "agents", "rules")
"""The entries of `made_with` that decide how crosses go and which rule is best."""


def made_with() -> dict[str, str | int]:
    """The current versions and tuned rules that a new result is made with."""
    return {
        "backpost": version("backpost"),
        "world": WORLD_VERSION,
        "agents": AGENTS_VERSION,
        "rules": rules_digest(),
    }


def rules_digest() -> str:
    """A digest of 16 hexadecimal digits of the coaching rules' tuned numbers and their evidence."""
    tuned = {
        scenario: {name: [rule["numbers"], rule["evidence"]] for name, rule in content["rules"].items()}
        for scenario, content in read_tuned()["scenarios"].items()
    }
    return hashlib.sha256(json.dumps(tuned, sort_keys=True).encode()).hexdigest()[:16]


def is_of_now(made: object) -> bool:
    """Whether the `made_with` of a stored result agrees with the current one in all of `DECIDING`."""
    now = made_with()
    return isinstance(made, Mapping) and all(same(made.get(name), now[name]) for name in DECIDING)


def same(stored: Any, now: Any) -> bool:
    """Equal and of the same type: JSON's `true` is not version 1."""
    return type(stored) is type(now) and bool(stored == now)


def resolved_options(options: Options | None) -> dict[str, Any]:
    """Environment options as plain values; a file that they name counts by its content, not its path.

    Raises:
        InvalidFile: if that file cannot be read.
    """
    chosen = options or Options()
    names = (option.name for option in fields(chosen) if option.name not in PERMISSIONS)
    values = {name: getattr(chosen, name) for name in names}
    plain: dict[str, Any] = json.loads(json.dumps(values, default=_plain))
    return plain | files_of(chosen)


def files_of(options: Options | None) -> dict[str, str]:
    """SHA-256 of the files that the options name, by option name: a path alone does not say what was played.

    Raises:
        InvalidFile: if one cannot be read.
    """
    return {} if options is None or options.file is None else {"file": file_digest(options.file)}


def file_digest(path: str | os.PathLike[str]) -> str:
    """SHA-256 of a file's content.

    Raises:
        InvalidFile: if it cannot be read.
    """
    try:
        if not Path(path).is_file():
            raise FileNotFoundError(errno.ENOENT, "no such file")
        with Path(path).open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise InvalidFile(f"cannot read {os.fspath(path)}: {(error.strerror or str(error)).lower()}") from error


def _plain(value: Any) -> Any:
    """A path, a mapping or a NumPy scalar as JSON can hold it."""
    if isinstance(value, Mapping):
        return dict(value)
    return value.item() if isinstance(value, np.generic) else os.fspath(value)
