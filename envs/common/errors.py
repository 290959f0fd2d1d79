"""The typed errors: each is one sentence that says what was wrong and lists what is valid."""

from collections.abc import Iterable

from gymnasium import error


class BackpostError(ValueError):
    """Base of every error that bad input can raise."""


class UnknownName(BackpostError):
    """A name that is not in the list of valid ones."""

    def __init__(self, kind: str, name: object, valid: Iterable[object]) -> None:
        choices = ", ".join(str(choice) for choice in valid)
        super().__init__(f"unknown {kind} {name!r}; valid choices are {choices}")


class InvalidValue(BackpostError):
    """A value outside its range or of the wrong kind."""


class InvalidFile(BackpostError):
    """A file that is missing, malformed, too large or of another version."""


class InvalidAction(BackpostError):
    """An action of the wrong shape or with values that are not finite."""


class ResetNeeded(BackpostError, error.ResetNeeded):
    """An environment was asked for something before its first reset; Gymnasium's own error of that name too."""

    def __init__(self, asked: str) -> None:
        super().__init__(f"call reset before {asked}")
