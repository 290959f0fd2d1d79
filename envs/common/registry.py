"""Registries: names for scenarios, rewards, agents and parameter sets, open to packages other than this one.

What this package brings is registered through the same functions that researchers call. A name that is not known
makes the installed extensions load once (`extensions.py`); only then is it refused.
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
    """Entries by name, in the order in which they were registered; those of this package come first.

    `name in registry` and `registry[name]` load the installed extensions if the name is not known; iteration shows what
    is registered so far.

    Args:
        kind: what the entries are called in sentences: "environment", "reward", "agent", ...
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._entries: dict[str, Entry] = {}
        self._origins: dict[str, str] = {}

    def add(self, name: str, entry: Entry, origin: str, replace: bool = False) -> None:
        """Register an entry; `origin` is the module that asked for it (`calling_module`).

        Raises:
            InvalidValue: if the name is taken, and `replace` is false or the entry came with this package.
        """
        self.check_free(name, replace)
        self._entries[name] = entry
        self._origins[name] = origin
        extensions.note(origin)

    def check_free(self, name: str, replace: bool = False) -> None:
        """That a name can be registered.

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
        """That a process which is started can know this name too.

        Raises:
            InvalidValue: if it was registered in an interactive session.
        """
        if extensions.importable(self.origin(name)) is None:
            raise InvalidValue(
                f"{self.kind} {name} was registered in an interactive session, which the processes of this work cannot "
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
        """The entry, or a default where there is none."""
        return self._entries[name] if name in self else default

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def calling_module() -> str:
    """The module that called the function which calls this one: whose import registers the name again."""
    name: str = sys._getframe(2).f_globals.get("__name__", "__main__")
    return name


def checked_name(kind: str, name: object) -> str:
    """A name that can be registered.

    Raises:
        InvalidValue: if it cannot.
    """
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise InvalidValue(
            f"the name of a new {kind} must begin with a letter and have at most 60 letters, digits, hyphens and "
            f"underscores, got {quoted(name)}"
        )
    return name


def checked_function(what: str, function: Any, *arguments: str) -> Callable[..., Any]:
    """A function that can be called with so many positional arguments.

    Raises:
        InvalidValue: if it cannot.
    """
    signature = f"a function of ({', '.join(arguments)})"
    if not callable(function):
        raise InvalidValue(f"{what} must be {signature}, got {quoted(function)}")
    try:
        inspect.signature(getattr(function, "py_func", function)).bind(*arguments)
    except TypeError as error:
        raise InvalidValue(f"{what} must be {signature}: {error}") from error
    except ValueError:  # a function in C that does not say what it takes
        pass
    called: Callable[..., Any] = function
    return called


def checked_text(what: str, text: object) -> str:
    """A line of text.

    Raises:
        InvalidValue: if it is empty, longer than 200 characters, or more than a line.
    """
    if not isinstance(text, str) or not text.strip() or len(text) > 200 or "\n" in text:
        raise InvalidValue(f"{what} must be one line of 1 to 200 characters, got {quoted(text)}")
    return text
