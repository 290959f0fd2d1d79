"""Stopping: Ctrl-C, TERM and HUP all stop work in the same way, in other threads too.

The signal raises `KeyboardInterrupt` in the main thread, whose clean-up leaves complete files. Worker threads call
`check_running` regularly.
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
"""Signals that allow a clean-up; the next one ends the process immediately."""
_here = threading.local()


class Stop:
    """The signals received within `stoppable`."""

    def __init__(self) -> None:
        self.signal: int | None = None
        self._heard = 0

    @property
    def exit_code(self) -> int:
        """Exit code by shell convention: 130 after Ctrl-C, 143 after TERM, 129 after HUP."""
        return 128 + (signal.SIGINT if self.signal is None else self.signal)

    def hear(self, number: int, _: FrameType | None) -> None:
        """Handle a signal: the first stops the work, the second is ignored, the third ends the process immediately.

        Raises:
            KeyboardInterrupt: at the first signal.
        """
        self._heard += 1
        if self._heard > PATIENCE:
            os._exit(128 + number)
        if self._heard == 1:
            self.signal = number
            raise KeyboardInterrupt


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Context in which every signal of `SIGNALS` that is not ignored stops the work; for a command's main thread."""
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
    """The exit code of a stopped command; if any of its threads is still running, the process ends here."""
    threads = [
        thread for thread in threading.enumerate() if not thread.daemon and thread is not threading.main_thread()
    ]
    if threads and threading.current_thread() is threading.main_thread():
        with contextlib.suppress(OSError):
            sys.stdout.flush()
        os._exit(code)
    return code


def work_until(stopped: threading.Event) -> None:
    """Make `check_running` in this thread observe the event."""
    _here.stopped = stopped


def check_running() -> None:
    """Raise if the work of this thread has been stopped.

    Raises:
        InterruptedError: if it has been stopped.
    """
    stopped = getattr(_here, "stopped", None)
    if stopped is not None and stopped.is_set():
        raise InterruptedError("the work has been stopped")
