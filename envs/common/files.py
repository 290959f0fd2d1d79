"""Files that are whole or not there: nobody ever reads half of one, whatever interrupts the writer."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import InvalidFile


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Iterator[Path]:
    """A temporary file beside `path`, with the same suffix, that takes its place when the block ends well.

    For writers that want a file name (video, figures). After an error, or an interruption, `path` is what it was.

    Raises:
        InvalidFile: if `path` cannot be written.
    """
    target = Path(path)
    temporary = _temporary(target)
    try:
        yield temporary
        with temporary.open("rb") as written:
            os.fsync(written.fileno())
        temporary.chmod(0o666 & ~_UMASK)
        os.replace(temporary, target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def write_atomically(path: str | os.PathLike[str], data: bytes | str) -> None:
    """Write a whole file at once; text as UTF-8.

    Raises:
        InvalidFile: if `path` cannot be written.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(data.encode() if isinstance(data, str) else data)


def check_writable(path: str | os.PathLike[str]) -> None:
    """Find out before long work whether a file could be written there; leaves nothing behind.

    Raises:
        InvalidFile: if it could not.
    """
    _temporary(Path(path)).unlink()


def _temporary(target: Path) -> Path:
    if target.is_dir():
        raise InvalidFile(f"cannot write {target}: it is a folder; name a file")
    try:
        handle, name = tempfile.mkstemp(prefix=f".{target.stem}-", suffix=target.suffix, dir=target.parent)
    except OSError as error:
        raise InvalidFile(f"cannot write {target}: {(error.strerror or str(error)).lower()}") from error
    os.close(handle)
    return Path(name)


def _umask() -> int:
    """The process's umask, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


_UMASK = _umask()
"""Read once: another thread that writes a file in between would make it everybody's."""
