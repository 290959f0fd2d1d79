"""A run is resumed with the settings and extensions it was started with; only its limits may change."""

import dataclasses
import json
import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from backpost.envs.common.errors import InvalidExtension, InvalidFile
from backpost.envs.common.extensions import not_imported

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
        raise InvalidFile(f"the run of {path} does not record the settings that it was started with; train it again")
    now = settings_of(config)
    changed = [
        f"{name} ({_text(begun.get(name))} then, {_text(now.get(name))} now)"
        for name in sorted({*begun, *now} - set(LIMITS))
        if begun.get(name) != now.get(name)
    ]
    if changed:
        raise InvalidFile(
            f"{path} has been edited since its run was started: {', '.join(changed)}; undo that, or train again with "
            f"--config and --out (only {', '.join(LIMITS)} may change)"
        )


def check_extensions(begun_with: Sequence[str], folder: Path) -> None:
    """Check that the extensions that the run in `folder` was started with are imported.

    They are named and not imported here: a run folder may be a stranger's, and importing a module runs its code.

    Raises:
        InvalidExtension: if one is missing; the message holds the command to give.
    """
    missing = not_imported(begun_with)
    if missing:
        raise InvalidExtension(
            f"the run in {folder} was started with the extension {', '.join(missing)}, which is not imported: resume "
            f"it with `{resume_command(folder, begun_with)}`"
        )


def resume_command(folder: Path, extensions: Sequence[str] = ()) -> str:
    """The command that resumes a run."""
    imports = [word for name in extensions for word in ("--import", name)]
    return shlex.join(["backpost", "train", "--resume", str(folder), *imports])


def _text(value: object) -> str:
    return "none" if value is None else json.dumps(value)
