"""Child processes of this package: they import nothing from the current folder, and end with their parent."""

import os
import signal
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process

from .extensions import import_modules, modules
from .stopping import SIGNALS

_SAFE = "PYTHONSAFEPATH"


def python(module: str) -> list[str]:
    """The command that runs a module of this package with the current Python interpreter."""
    return [sys.executable, "-P", "-m", module]


@contextmanager
def workers(count: int) -> Iterator[ProcessPoolExecutor]:
    """A pool of `count` worker processes.

    After an error or Ctrl-C they are killed in the middle of their work, so they must hold nothing that could be lost.
    """
    before = os.environ.get(_SAFE)
    os.environ[_SAFE] = "1"
    pool = ProcessPoolExecutor(count, get_context("spawn"), _begin, (modules(main=False),))
    try:
        yield pool
    except BaseException:
        for process in list(pool._processes.values()):
            process.kill()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
        os.environ.pop(_SAFE)
        if before is not None:
            os.environ[_SAFE] = before


def _begin(extensions: list[str]) -> None:
    """Prepare a worker: it leaves signals to its parent, which ends it, and imports the same extensions."""
    for name in SIGNALS:
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    import_modules(extensions)


def _end_with_parent() -> None:
    """End when the parent ends, for any reason."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
