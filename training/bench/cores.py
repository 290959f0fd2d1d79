"""Run pieces of work in parallel, one per core: the compiled kernel releases Python's lock, so threads suffice."""

import os
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

from backpost.envs.common.stopping import check_running, work_until

PATIENCE = 2.0
"""s to wait for stopped work; a kernel compiling for the first time takes longer and is not waited for."""

Item = TypeVar("Item")
Result = TypeVar("Result")


def cores() -> int:
    """The number of cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def on_cores(
    work: Callable[[Item], Result], items: Iterable[Item], stopped: threading.Event | None = None
) -> list[Result]:
    """The result of `work` for each item, in order.

    After an error or a Ctrl-C, or once `stopped` is set, no new piece starts, and running pieces end at their next
    `check_running`.

    Raises:
        InterruptedError: if `stopped` was set.
    """
    stopped = threading.Event() if stopped is None else stopped

    def checked(item: Item) -> Result:
        check_running()
        return work(item)

    pool = ThreadPoolExecutor(cores(), initializer=work_until, initargs=(stopped,))
    pieces = [pool.submit(checked, item) for item in items]
    try:
        results = [piece.result() for piece in pieces]
    except BaseException:
        stopped.set()
        pool.shutdown(wait=False, cancel_futures=True)
        wait(pieces, timeout=PATIENCE)
        raise
    pool.shutdown()
    return results
