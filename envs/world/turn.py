"""The turn to compile: of all processes that need the same compiled code, one compiles and the others load it."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType

from numba.core.compiler_lock import global_compiler_lock

from backpost.envs.common.errors import InvalidFile
from backpost.envs.common.lock import Lock

LOCK = "compiling.lock"
"""Name of the lock file, in the folder of the compiled code of all versions. It exists while a process compiles."""


class Turn:
    """The turn of this process, a context; a process has one.

    Entering locks nothing. Inside, `take` waits for the turn, which lasts until the outermost context is left. Numba's
    own lock is held as long, so no other thread compiles meanwhile.

    Args:
        waiting: called before waiting for another process.
        compiling: called before something is compiled inside `long`.
    """

    def __init__(self, waiting: Callable[[], None], compiling: Callable[[], None]) -> None:
        self._waiting, self._compiling = waiting, compiling
        self._lock: Lock | None = None
        self._depth = 0
        self._long = False

    def __enter__(self) -> None:
        global_compiler_lock.acquire()
        self._depth += 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._depth -= 1
        try:
            if self._depth == 0 and self._lock is not None:
                self._lock.release()
                self._lock = None
        finally:
            global_compiler_lock.release()

    @contextlib.contextmanager
    def long(self) -> Iterator[None]:
        """One turn for functions that share parts, so that no part is compiled in two processes; it is announced."""
        with self:
            self._long = True
            try:
                yield
            finally:
                self._long = False

    def take(self, root: Path) -> bool:
        """Wait for the turn in a cache folder; whether it came only now, so that others may have compiled."""
        if self._lock is not None:
            return False
        with contextlib.suppress(InvalidFile):  # some disks know no locks: there, every process compiles
            self._lock = Lock(root / LOCK, busy=self._waiting)
        return self._lock is not None

    def begin(self) -> None:
        """Note that something is about to be compiled."""
        if self._long:
            self._compiling()
