"""The processes in which candidates are evaluated; nothing depends on how many there are."""

import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from multiprocessing.synchronize import Event

from backpost.envs.common.extensions import import_modules, modules

from .loss import Measured

Values = Mapping[str, float]
Rows = Mapping[str, Measured]
Block = tuple[int, int, int]
"""Stream, first episode and number of crosses, of the label "calibrate"."""
Measure = Callable[[Values, Block], Rows]
"""(parameters that differ from their defaults, the crosses to play) -> the rows; a function that pickle can name."""
Job = tuple[Measure, Values, Block]
Evaluate = Callable[[list[Job]], list[Rows]]

_stopped: Event | None = None
"""In a worker: set when whoever started it has been stopped."""


@contextmanager
def workers(count: int) -> Iterator[Evaluate]:
    """Evaluates jobs in their order, in so many processes; one needs none besides this."""
    if count == 1:
        yield lambda jobs: [_work(job) for job in jobs]
        return
    context = get_context("spawn")
    stopped = context.Event()
    with ProcessPoolExecutor(count, context, _begin, (stopped, modules(main=False))) as pool:
        try:
            yield lambda jobs: list(pool.map(_work, jobs))
        finally:
            stopped.set()


def check_running(*_: object) -> None:
    """Give up if the calibration has been stopped; a measure calls this as often as it likes.

    Raises:
        InterruptedError: in a worker, when it has.
    """
    if _stopped is not None and _stopped.is_set():
        raise InterruptedError("the calibration has been stopped")


def _begin(stopped: Event, extensions: list[str]) -> None:
    """A worker begins: whoever started it hears the Ctrl-C and tells it."""
    global _stopped
    _stopped = stopped
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    import_modules(extensions)


def _end_with_parent() -> None:
    """A worker does not outlive whoever started it, however that ended."""
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(job: Job) -> Rows:
    measure, values, block = job
    return measure(values, block)
