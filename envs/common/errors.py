"""The error types: each message is one sentence that says what is wrong and lists what is valid."""

from collections.abc import Iterable

import numpy as np
from gymnasium import error

LONGEST_QUOTE = 60
"""Largest number of characters quoted of a wrong value."""


def quoted(value: object) -> str:
    """A wrong value for error messages: one printable line of at most 60 characters."""
    try:
        text = repr(value.item() if isinstance(value, np.generic) else value)
    except Exception:  # a number of 5,000 digits, too deep nesting, a user's own __repr__
        text = f"a value of type {type(value).__name__}"
    text = "".join(letter if letter.isprintable() else "?" for letter in text[: 2 * LONGEST_QUOTE])
    return text if len(text) <= LONGEST_QUOTE else f"{text[: LONGEST_QUOTE - 3]}..."


class BackpostError(ValueError):
    """Base of every error that bad input can raise."""


class UnknownName(BackpostError):
    """A name that is not among the valid ones."""

    def __init__(self, kind: str, name: object, valid: Iterable[object]) -> None:
        choices = ", ".join(str(choice) for choice in valid)
        super().__init__(f"unknown {kind} {quoted(name)}; valid choices are {choices}")


class UnknownOption(BackpostError, TypeError):
    """An option that does not exist; also a `TypeError`, as Python's own for an unknown keyword argument.

    It has the sentence as its only argument, because Gymnasium makes it again with a longer one.
    """


class InvalidValue(BackpostError):
    """A value that is out of range or of the wrong type."""


class InvalidFile(BackpostError):
    """A file that is missing, malformed, too large or of another version."""


class InvalidExtension(BackpostError):
    """A module outside this package that cannot be imported."""


class InvalidAction(BackpostError):
    """An action of the wrong shape or with non-finite values."""


class ResetNeeded(BackpostError, error.ResetNeeded):
    """An environment was used before its first reset; also an instance of Gymnasium's error of that name."""

    def __init__(self, asked: str) -> None:
        super().__init__(f"call reset before {asked}")
