"""Atomic writing: a file is written completely or not at all, whatever interrupts the writer.

The new content goes into a temporary file beside the old one, which then replaces it. Links are followed, and the
file keeps its owner and mode. Special files (a device, a pipe, standard output) have no old content to protect and
cannot be replaced: they are written to directly.
"""

import contextlib
import errno
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import InvalidFile

PathLike = str | os.PathLike[str]

PICTURES = (".png", ".svg", ".pdf")
"""Valid file extensions of figures."""

ADVICE = {
    errno.ENOSPC: "free some space, or name a file on another disk",
    errno.EDQUOT: "free some space, or name a file on another disk",
    errno.EFBIG: "allow larger files (`ulimit -f`), or name a file on another disk",
    errno.ENOENT: "its folder does not exist; make it first",
    errno.EPIPE: "its reader has closed it",
}
"""Advice to the user, by error code, where the system's message gives none."""


def write_atomically(path: PathLike, data: bytes | str) -> None:
    """Write a whole file atomically; text as UTF-8, with question marks for characters that cannot be encoded.

    Raises:
        InvalidFile: if `path` cannot be written; the old content is intact.
    """
    content = data.encode(errors="replace") if isinstance(data, str) else data
    with _named(path):
        if _is_special(path):
            _write_into(path, content)
        else:
            _replace(Path(os.path.realpath(path)), content)


def check_writable(path: PathLike) -> None:
    """Check before long work that a file can be written; leaves nothing behind.

    Raises:
        InvalidFile: if it cannot.
    """
    with _named(path):
        if _is_special(path):
            # Opening a pipe would wait for its reader, and closing it would signal the end of the data.
            if stat.S_ISSOCK(os.stat(path).st_mode):
                raise OSError(errno.ENXIO, "it is a socket")
            if not os.access(path, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
            return
        target = Path(os.path.realpath(path))
        _check_mode(target)
        handle, name = _temporary(target)
        os.close(handle)
        os.unlink(name)


@contextmanager
def _named(path: PathLike) -> Iterator[None]:
    """Turn system errors into one sentence that names the file and gives advice."""
    try:
        yield
    except (OSError, ValueError) as error:  # ValueError for an impossible file name
        reason = (getattr(error, "strerror", None) or str(error)).lower()
        advice = ADVICE.get(getattr(error, "errno", 0))
        raise InvalidFile(f"cannot write {os.fspath(path)}: {reason}" + (f"; {advice}" if advice else "")) from error


def _is_special(path: PathLike) -> bool:
    """Whether `path` must be written to directly: not a regular file, or an open stream of this process.

    Raises:
        OSError: if it is a folder.
    """
    try:
        status = os.stat(path)
    except FileNotFoundError:
        return False
    if stat.S_ISDIR(status.st_mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder; name a file")
    return not stat.S_ISREG(status.st_mode) or _standard_stream(status) is not None


def _standard_stream(status: os.stat_result) -> int | None:
    """The descriptor of standard output or standard error, if it is the file with this status."""
    for descriptor in (1, 2):
        with contextlib.suppress(OSError):
            if os.path.samestat(status, os.fstat(descriptor)):
                return descriptor
    return None


def _write_into(path: PathLike, content: bytes) -> None:
    stream = _standard_stream(os.stat(path))
    if stream is not None:  # reopening a file would overwrite it from the start
        _flush(stream)
    with open(path if stream is None else os.dup(stream), "wb", buffering=0) as special:
        left = memoryview(content)
        while left:
            left = left[special.write(left) or 0 :]


def _replace(target: Path, content: bytes) -> None:
    mode = _check_mode(target)
    handle, name = _temporary(target)
    try:
        with open(handle, "wb") as temporary:
            temporary.write(content)
            temporary.flush()
            with contextlib.suppress(PermissionError):  # only root can give a file to another user
                os.chown(temporary.fileno(), *_owner(target))
            os.fchmod(temporary.fileno(), mode)
            os.fsync(temporary.fileno())
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


def _check_mode(target: Path) -> int:
    """The mode of the file at `target`, or of a new file.

    Raises:
        OSError: if it is a folder or may not be written.
    """
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return 0o666 & ~_UMASK
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, "it is a folder; name a file")
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return stat.S_IMODE(mode)


def _owner(target: Path) -> tuple[int, int]:
    """User and group of the file at `target`; -1: those of this process."""
    try:
        status = target.stat()
    except FileNotFoundError:
        return -1, -1
    return status.st_uid, status.st_gid


def _temporary(target: Path) -> tuple[int, str]:
    """A temporary file beside `target`, with a short name: the target's may already have the maximum length."""
    return tempfile.mkstemp(prefix=".backpost-", dir=target.parent)


def _flush(descriptor: int) -> None:
    stream = {1: sys.stdout, 2: sys.stderr}[descriptor]
    if stream is not None:
        stream.flush()


def _umask() -> int:
    """The umask of the process, which can only be read by setting it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


_UMASK = _umask()
"""Read once: a file that another thread creates in the meantime would be writable by all users."""
