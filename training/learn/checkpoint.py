"""Checkpoints that a killed run goes on from: folders that are whole or not there.

resume/000000655360/
    manifest.json   what it was made with, and size and sha256 of the other file
    state.pt        tensors, numbers and texts

A folder is written under another name, forced to the disk and then renamed; the last two are kept. Nothing is read
whose digest is not in the manifest, and then only by torch's reader of plain values, which runs no code. All the same
a run folder is trusted: anyone who can write into it can write a manifest too, and decides what is trained.
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
"""Nested mappings and lists of tensors, arrays, numbers, texts and None."""
Say = Callable[[str], object]


def save_checkpoint(folder: Path, steps: int, state: State, made_with: Mapping[str, str | int]) -> None:
    """Write the checkpoint after so many steps into `folder`, whole or not at all, and drop those before the last.

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
            _sweep(folder)  # half a checkpoint would keep a full disk full
        reason = (error.strerror or str(error)).lower() if isinstance(error, OSError) else str(error)
        raise InvalidFile(
            f"cannot write a checkpoint into {folder}: {reason}; mend that (a full disk needs space), then go on with "
            f"`backpost train --resume {folder.parent}`"
        ) from error


def load_checkpoint(folder: Path, made_with: Mapping[str, str | int], say: Say) -> State | None:
    """The newest whole checkpoint in `folder`, None if there is none; arrays come back as tensors.

    A damaged one is set aside, and the one before taken; `say` is told so in a sentence, and also if anything differs
    from what the checkpoint was made with, since equal bits are not promised then.

    Raises:
        InvalidFile: if a whole one cannot be read here and now, for want of memory say; nothing has changed then.
    """
    for place in checkpoints(folder):
        try:
            manifest = _manifest(place)
            state = _state(place, manifest)
        except _Damaged as error:
            say(f"checkpoint {place} is damaged ({error}); going on from the one before")
            _set_aside(place)
            continue
        before = manifest.made_with
        changed = sorted(name for name in {*before, *made_with} if before.get(name) != made_with.get(name))
        if changed:
            say(f"checkpoint {place} was made with another {', '.join(changed)}: equal bits are not promised")
        return state
    return None


def checkpoints(folder: Path) -> list[Path]:
    """The folders of all checkpoints, the newest first."""
    return sorted((path for path in folder.glob("[0-9]*") if path.is_dir()), reverse=True)


class _Damaged(Exception):
    """What is wrong with a checkpoint."""


def _save(state: State, stream: BinaryIO) -> None:
    """Write a state.

    Raises:
        OSError: if the stream cannot be written; torch raises an error of its own for that.
    """
    try:
        torch.save(_plain(state), stream)
    except RuntimeError as error:
        raise OSError(str(error).splitlines()[0]) from error


def _listed(place: Path) -> dict[str, dict[str, Any]]:
    """Size and digest of what is read again."""
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
    """The content, after its size and digest have been found to be those of the manifest."""
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
    """Under a name that no checkpoint has."""
    aside = place.with_name(f"damaged-{place.name}")
    if aside.exists():
        shutil.rmtree(aside)
    os.replace(place, aside)


def _digest(stream: Any) -> str:
    stream.seek(0)
    return hashlib.file_digest(stream, "sha256").hexdigest()


def _plain(value: Any) -> Any:
    """The same with arrays as tensors, which is what the reader of plain values knows."""
    if isinstance(value, np.ndarray):
        return torch.from_numpy(value)
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value


def _sweep(folder: Path) -> None:
    """Remove what a killed writer left."""
    for left in folder.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(left)


def _sync(folder: Path) -> None:
    """Force the names in a folder to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
