"""What a run is gone on with: the settings that it was begun with, limits apart."""

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backpost.envs.common.errors import InvalidFile

from .configuration import Configuration

LIMITS = ("steps", "minutes", "checkpoint_every", "progress")
"""Settings that may be others when a run goes on: how long it lasts, and what it writes and shows meanwhile."""


def settings_of(config: Configuration) -> dict[str, Any]:
    """The settings of a run as plain values, for what is stored of it."""
    plain: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(config)))
    return plain


def check_same_settings(begun: object, config: Configuration, path: Path) -> None:
    """That a configuration, the content of the file `path`, has the settings that its run was begun with.

    Raises:
        InvalidFile: if it has not, or it is not known what they were; the sentence names them.
    """
    if not isinstance(begun, Mapping):
        raise InvalidFile(f"it is not known with which settings the run of {path} was begun; train it anew")
    now = settings_of(config)
    changed = [
        f"{name} ({_text(begun.get(name))} then, {_text(now.get(name))} now)"
        for name in sorted({*begun, *now} - set(LIMITS))
        if begun.get(name) != now.get(name)
    ]
    if changed:
        raise InvalidFile(
            f"{path} has been edited since its run was begun: {', '.join(changed)}; put that back, or train anew with "
            f"--config and --out (only {', '.join(LIMITS)} may change)"
        )


def _text(value: object) -> str:
    return "none" if value is None else json.dumps(value)
