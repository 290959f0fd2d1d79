"""The terminal: whatever it can show and take, no work is lost because of it."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

STREAMS = ("stdout", "stderr")


@contextmanager
def taking_any_text() -> Iterator[None]:
    """Make both standard streams take every text: a letter that they cannot show is a question mark.

    One that is closed takes everything and shows nothing. Afterwards they are what they were.
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
    """Whether nothing can be written to a standard stream; Python has None for one that it was started without."""
    return stream is None or bool(getattr(stream, "closed", False))


def show(text: str) -> None:
    """Print the outcome of a verb; if standard output cannot take it, on standard error.

    Raises:
        BrokenPipeError: if whoever read it has gone.
        InvalidFile: if standard output cannot take it, on a full disk say.
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
        raise InvalidFile(f"cannot write to standard output: {reason}; what it lacks is on standard error") from error


def drop_output() -> None:
    """Send what standard output still holds nowhere, so that Python does not fail on it again when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
