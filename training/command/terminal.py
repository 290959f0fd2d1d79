"""The terminal: no work is lost because of what it cannot display or accept."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

STREAMS = ("stdout", "stderr")


@contextmanager
def taking_any_text() -> Iterator[None]:
    """Make both standard streams accept any text: characters that they cannot encode become question marks.

    A closed stream accepts and discards everything. Both are restored afterwards.
    """
    with open(os.devnull, "w", encoding="utf-8", errors="replace") as nowhere:
        before = {name: getattr(sys, name) for name in STREAMS}
        errors = {name: getattr(stream, "errors", None) for name, stream in before.items()}
        for name, stream in before.items():
            if is_closed(stream):
                setattr(sys, name, nowhere)
            elif hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="replace")
        try:
            yield
        finally:
            for name, stream in before.items():
                setattr(sys, name, stream)
                if not is_closed(stream) and hasattr(stream, "reconfigure"):
                    stream.reconfigure(errors=errors[name])


def is_closed(stream: object) -> bool:
    """Whether a standard stream cannot be written to; it is None if Python was started without it."""
    return stream is None or bool(getattr(stream, "closed", False))


def show(text: str) -> None:
    """Print the result of a verb; on standard error if standard output fails.

    Raises:
        BrokenPipeError: if the reader has gone.
        InvalidFile: if standard output fails, for example on a full disk.
    """
    from backpost.envs.common.errors import InvalidFile

    try:
        print(text, flush=True)
    except BrokenPipeError:
        raise
    except OSError as error:
        drop_output()
        print(text, file=sys.stderr, flush=True)
        reason = (error.strerror or str(error)).lower()
        raise InvalidFile(
            f"cannot write to standard output: {reason}; the rest of the output is on standard error"
        ) from error


def drop_output() -> None:
    """Discard what standard output still buffers, so that Python does not fail on it again at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
