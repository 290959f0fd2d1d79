"""A run is resumed with the settings it was started with; only its limits may change."""

import dataclasses
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from backpost.envs.common.errors import InvalidFile

from .configuration import Configuration

LIMITS = ("steps", "minutes", "checkpoint_every", "progress")
"""Settings that may change when a run is resumed: its length, and what it writes and shows meanwhile."""


def settings_of(config: Configuration) -> dict[str, Any]:
    """The settings of a run as plain values, for its checkpoints and its folder."""
    plain: dict[str, Any] = json.loads(json.dumps(dataclasses.asdict(config)))
    return plain


def check_same_settings(begun: object, config: Configuration, path: Path) -> None:
    """Check that the configuration in the file `path` has the settings that its run was started with.

    Raises:
        InvalidFile: if the settings differ or were not recorded; the message names what changed.
    """
    if not isinstance(begun, Mapping):
        raise InvalidFile(f"the run of {path} does not record the settings that it was begun with; train it anew")
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
