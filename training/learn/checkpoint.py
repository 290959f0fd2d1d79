"""Checkpoints from which a killed run resumes: folders that are complete or absent.

resume/000000655360/
    manifest.json   software versions, and size and sha256 of the other file
    state.pt        tensors, numbers and strings

A folder is written under another name, flushed to disk and then renamed; the last two are kept. A file is read only if
its digest is in the manifest, and only with torch's `weights_only` loader, which runs no code. Even so, a run folder is
trusted: anyone who can write to it can also write a manifest, and so decide what is trained.
"""

import contextlib
import hashlib
import json
import os
import pickle
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np
import torch

from backpost.envs.common.checks import Record
from backpost.envs.common.errors import InvalidFile
from backpost.envs.common.files import write_atomically
from backpost.envs.common.reading import read_record

KEPT = 2
FORMAT = 1
LARGEST_MANIFEST = 64 * 2**10
_MANIFEST, _STATE, _UNFINISHED = "manifest.json", "state.pt", ".unfinished-"

State = Mapping[str, Any]
"""Nested mappings and lists of tensors, arrays, numbers, strings and None."""
Say = Callable[[str], object]


def save_checkpoint(folder: Path, steps: int, state: State, made_with: Mapping[str, str | int]) -> None:
    """Write the checkpoint at `steps` to `folder` atomically, and delete all but the last two.

    Raises:
        InvalidFile: if the folder cannot be written.
    """
    try:
        folder.mkdir(exist_ok=True)
        _sweep(folder)
        unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder))
        with (unfinished / _STATE).open("wb") as stream:
            _save(state, stream)
            stream.flush()
            os.fsync(stream.fileno())
        manifest = {"format": FORMAT, "steps": steps, "made_with": dict(made_with), "files": _listed(unfinished)}
        write_atomically(unfinished / _MANIFEST, json.dumps(manifest, indent=2) + "\n")
        _sync(unfinished)
        place = folder / f"{steps:012d}"
        if place.exists():
            shutil.rmtree(place)
        os.replace(unfinished, place)
        _sync(folder)
        for old in checkpoints(folder)[KEPT:]:
            shutil.rmtree(old)
    except (OSError, InvalidFile) as error:
        with contextlib.suppress(OSError):
            _sweep(folder)  # a partial checkpoint would keep a full disk full
        reason = (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
        raise InvalidFile(
            f"cannot write a checkpoint into {folder}: {reason}; fix that (a full disk needs space), then resume with "
            f"`backpost train --resume {folder.parent}`"
        ) from error


def load_checkpoint(folder: Path, made_with: Mapping[str, str | int], say: Say) -> State | None:
    """The newest intact checkpoint in `folder`, or None; arrays are returned as tensors.

    A damaged checkpoint is set aside and the previous one used. `say` is called with a message about that, and also if
    the checkpoint was made with other versions, because bit-identical results are then not guaranteed.

    Raises:
        InvalidFile: if an intact checkpoint cannot be read at present, e.g. for lack of memory; nothing is changed.
    """
    for place in checkpoints(folder):
        try:
            manifest = _manifest(place)
            state = _state(place, manifest)
        except _Damaged as error:
            say(f"checkpoint {place} is damaged ({error}); resuming from the one before")
            _set_aside(place)
            continue
        before = manifest.made_with
        changed = sorted(name for name in {*before, *made_with} if before.get(name) != made_with.get(name))
        if changed:
            say(
                f"checkpoint {place} was made with another {', '.join(changed)}: bit-identical results are not "
                "guaranteed"
            )
        return state
    return None


def checkpoints(folder: Path) -> list[Path]:
    """The folders of all checkpoints, newest first."""
    return sorted((path for path in folder.glob("[0-9]*") if path.is_dir()), reverse=True)


class _Damaged(Exception):
    """What is wrong with a checkpoint."""


def _save(state: State, stream: BinaryIO) -> None:
    """Write a state.

    Raises:
        OSError: if the stream cannot be written, for which torch raises its own error.
    """
    try:
        torch.save(_plain(state), stream)
    except RuntimeError as error:
        raise OSError(str(error).splitlines()[0]) from error


def _listed(place: Path) -> dict[str, dict[str, Any]]:
    """Size and digest of the state file."""
    with (place / _STATE).open("rb") as stream:
        return {_STATE: {"size": stream.seek(0, os.SEEK_END), "sha256": _digest(stream)}}


class _Listed(Record, frozen=True):
    size: int
    sha256: str


class _Manifest(Record, frozen=True):
    format: Literal[1]
    steps: int
    made_with: dict[str, str | int]
    files: dict[str, _Listed]


def _manifest(place: Path) -> _Manifest:
    try:
        manifest = read_record(place / _MANIFEST, _Manifest, "manifest", LARGEST_MANIFEST)
    except InvalidFile as error:
        raise _Damaged("its manifest cannot be read") from error
    if list(manifest.files) != [_STATE]:
        raise _Damaged(f"its manifest lists another file than {_STATE}")
    return manifest


def _state(place: Path, manifest: _Manifest) -> State:
    """The content, after checking its size and digest against the manifest."""
    try:
        with (place / _STATE).open("rb") as stream:
            listed = _Listed(stream.seek(0, os.SEEK_END), _digest(stream))
            if listed != manifest.files[_STATE]:
                raise _Damaged(f"{_STATE} is not what the manifest says")
            stream.seek(0)
            state: State = torch.load(stream, map_location="cpu", weights_only=True)
    except FileNotFoundError as error:
        raise _Damaged(f"{_STATE} is missing") from error
    except pickle.UnpicklingError as error:
        raise _Damaged(f"{_STATE} holds more than plain values") from error
    except (OSError, RuntimeError, MemoryError) as error:
        raise InvalidFile(f"checkpoint {place} is whole but cannot be read now: {error}") from error
    return state


def _set_aside(place: Path) -> None:
    """Rename a damaged checkpoint so that it is no longer found."""
    aside = place.with_name(f"damaged-{place.name}")
    if aside.exists():
        shutil.rmtree(aside)
    os.replace(place, aside)


def _digest(stream: Any) -> str:
    stream.seek(0)
    return hashlib.file_digest(stream, "sha256").hexdigest()


def _plain(value: Any) -> Any:
    """The same with arrays as tensors, which the `weights_only` loader accepts."""
    if isinstance(value, np.ndarray):
        return torch.from_numpy(value)
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value


def _sweep(folder: Path) -> None:
    """Remove what a killed writer left behind."""
    for left in folder.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(left)


def _sync(folder: Path) -> None:
    """Flush a folder's entries to disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
