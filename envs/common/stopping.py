"""One way of stopping: a Ctrl-C, a TERM and a HUP end all work alike, and work on other threads hears of it at once.

The signal raises `KeyboardInterrupt` in the main thread, whose clean-up leaves whole files. Threads that work for it
call `check_running` as often as they like.
"""

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP")
PATIENCE = 2
"""Signals that are taken politely; the next one ends the process without any clean-up."""
_here = threading.local()


class Stop:
    """What the signals of `stoppable` came to."""

    def __init__(self) -> None:
        self.signal: int | None = None
        self._heard = 0

    @property
    def exit_code(self) -> int:
        """As shells have it: 130 after a Ctrl-C, 143 after a TERM, 129 after a HUP."""
        return 128 + (signal.SIGINT if self.signal is None else self.signal)

    def hear(self, number: int, _: FrameType | None) -> None:
        """The first signal stops the work; those that follow must not disturb its clean-up, unless they insist.

        Raises:
            KeyboardInterrupt: at the first.
        """
        self._heard += 1
        if self._heard > PATIENCE:
            os._exit(128 + number)
        if self._heard == 1:
            self.signal = number
            raise KeyboardInterrupt


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Inside, every signal of `SIGNALS` that is not ignored stops the work; for the main thread of a command."""
    stop, before = Stop(), {}
    for name in SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            before[number] = signal.signal(number, stop.hear)
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def leave(code: int) -> int:
    """The exit code of a stopped command; if some of its threads are still at work, the process ends here."""
    threads = [
        thread for thread in threading.enumerate() if not thread.daemon and thread is not threading.main_thread()
    ]
    if threads and threading.current_thread() is threading.main_thread():
        with contextlib.suppress(OSError):
            sys.stdout.flush()
        os._exit(code)
    return code


def work_until(stopped: threading.Event) -> None:
    """Make `check_running` in this thread heed the event."""
    _here.stopped = stopped


def check_running() -> None:
    """Give up if the work that this thread belongs to has been stopped.

    Raises:
        InterruptedError: if so.
    """
    stopped = getattr(_here, "stopped", None)
    if stopped is not None and stopped.is_set():
        raise InterruptedError("the work has been stopped")
