"""Pieces of work side by side, one on each core: the compiled kernel lets go of Python's lock, so threads will do."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def on_cores(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """What `work` makes of each item, in their order; after an error or a Ctrl-C nothing more is begun."""
    with ThreadPoolExecutor(cores()) as pool:
        return list(pool.map(work, items))
