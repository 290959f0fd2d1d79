"""A lock on a folder or file, for one process at a time."""

import contextlib
import fcntl
import os
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from .errors import InvalidFile


class Lock:
    """A lock held until `release`, or until the process ends for any reason.

    Args:
        path: path of the lock file; it exists while the lock is held.
        busy: error message if another process holds the lock, or what to call once before waiting for that process.

    Raises:
        InvalidFile: if another process holds the lock and `busy` is a message, or the path cannot be written or locked.
    """

    def __init__(self, path: Path, busy: str | Callable[[], None]) -> None:
        self._path = path
        self._handle: int | None = None
        while self._handle is None:
            try:
                handle = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o644)
            except OSError as error:
                raise InvalidFile(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from error
            try:
                _lock(handle, busy)
            except BaseException as error:
                os.close(handle)
                if isinstance(error, BlockingIOError):
                    raise InvalidFile(str(busy)) from error
                if isinstance(error, OSError):
                    raise InvalidFile(f"cannot lock {path}: {(error.strerror or str(error)).lower()}") from error
                raise
            if _is_at(handle, path):
                self._handle = handle
            else:  # the holder removed it between the two calls
                os.close(handle)

    @classmethod
    def beside(cls, path: Path, doing: str) -> Self:
        """The lock of a file that is written repeatedly; `doing` names the activity.

        Raises:
            InvalidFile: see the class.
        """
        return cls(path.with_name(f".{path.name}.lock"), f"another process is {doing} {path}")

    def release(self) -> None:
        """Release the lock to other processes."""
        if self._handle is not None:
            with contextlib.suppress(OSError):
                self._path.unlink()
            os.close(self._handle)
            self._handle = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _lock(handle: int, busy: str | Callable[[], None]) -> None:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        if isinstance(busy, str):
            raise
        busy()
        fcntl.flock(handle, fcntl.LOCK_EX)


def _is_at(handle: int, path: Path) -> bool:
    """Whether this open file is still at that path."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
