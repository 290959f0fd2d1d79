"""Registries of scenarios, rewards, agents and parameter sets, open to other packages.

Built-in entries are registered with the same functions that researchers call. An unknown name loads the installed
extensions once (`extensions.py`) before it is rejected.
"""

import inspect
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from . import extensions
from .errors import InvalidValue, UnknownName, quoted

Entry = TypeVar("Entry")

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,59}")


class Registry(Mapping[str, Entry], Generic[Entry]):
    """Entries by name, in the order of registration; built-in entries come first.

    `name in registry` and `registry[name]` load the installed extensions if the name is unknown; iteration covers the
    entries registered so far.

    Args:
        kind: word for an entry in error messages: "environment", "reward", "agent", ...
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, Entry] = {}
        self._origins: dict[str, str] = {}

    def add(self, name: str, entry: Entry, origin: str, replace: bool = False) -> None:
        """Register an entry; `origin` is the registering module (`calling_module`).

        Raises:
            InvalidValue: if the name is taken, and `replace` is false or the entry is built in.
        """
        self.check_free(name, replace)
        self._entries[name] = entry
        self._origins[name] = origin
        extensions.note(origin)

    def check_free(self, name: str, replace: bool = False) -> None:
        """Check that a name can be registered.

        Raises:
            InvalidValue: see `add`.
        """
        taken = self._origins.get(name)
        if taken is not None and (not replace or extensions.is_ours(taken)):
            by = "comes with backpost" if extensions.is_ours(taken) else f"is registered already, by {taken}"
            advice = "choose another name" if extensions.is_ours(taken) else "choose another name or pass replace=True"
            raise InvalidValue(f"{self.kind} {name} {by}; {advice}; taken are {', '.join(self._entries)}")

    def origin(self, name: str) -> str:
        """The module that registered this name."""
        return self._origins[name]

    def check_importable(self, name: str) -> None:
        """Check that child processes can resolve this name.

        Raises:
            InvalidValue: if it was registered in an interactive session.
        """
        if extensions.importable(self.origin(name)) is None:
            raise InvalidValue(
                f"{self.kind} {name} was registered in an interactive session, which worker processes cannot "
                "import; register it in a module or a script"
            )

    def __contains__(self, name: object) -> bool:
        if name not in self._entries:
            extensions.load_installed()
        return name in self._entries

    def __getitem__(self, name: str) -> Entry:
        if name not in self:
            raise UnknownName(self.kind, name, self._entries)
        return self._entries[name]

    def get(self, name: str, default: Any = None) -> Any:
        """The entry, or the default if there is none."""
        return self._entries[name] if name in self else default

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def calling_module() -> str:
    """The module that called the caller of this function: importing it registers the name again."""
    name: str = sys._getframe(2).f_globals.get("__name__", "__main__")
    return name


def checked_name(kind: str, name: object) -> str:
    """The name, checked for registration.

    Raises:
        InvalidValue: if it is not a valid name.
    """
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise InvalidValue(
            f"the name of a new {kind} must begin with a letter and have at most 60 letters, digits, hyphens and "
            f"underscores, got {quoted(name)}"
        )
    return name


def checked_function(what: str, function: Any, *arguments: str) -> Callable[..., Any]:
    """The function, checked to accept these positional arguments.

    Raises:
        InvalidValue: if it does not.
    """
    signature = f"a function of ({', '.join(arguments)})"
    if not callable(function):
        raise InvalidValue(f"{what} must be {signature}, got {quoted(function)}")
    try:
        inspect.signature(getattr(function, "py_func", function)).bind(*arguments)
    except TypeError as error:
        raise InvalidValue(f"{what} must be {signature}: {error}") from error
    except ValueError:  # a C function without a signature
        pass
    called: Callable[..., Any] = function
    return called


def checked_text(what: str, text: object) -> str:
    """The text, checked to be one line.

    Raises:
        InvalidValue: if it is empty, longer than 200 characters, or more than one line.
    """
    if not isinstance(text, str) or not text.strip() or len(text) > 200 or "\n" in text:
        raise InvalidValue(f"{what} must be one line of 1 to 200 characters, got {quoted(text)}")
    return text
