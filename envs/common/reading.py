"""Files that come from outside: read whole, bounded in size and depth, and refused in one sentence.

Every loader of JSON or YAML reads through here, so they all refuse the same: what is no regular file, is too large or
too deep, has a key twice, a number that is not finite, or text that no UTF-8 can hold. Nothing in a file can run.
"""

import json
import os
import re
import stat
import sys
from typing import Any, TypeVar

from .checks import checked
from .errors import InvalidFile, InvalidValue, quoted

LARGEST_FILE = 64 * 2**20
"""Bytes of a file whose loader names no limit of its own."""
DEEPEST = 40
"""Lists and objects within each other."""

T = TypeVar("T")
PathLike = str | os.PathLike[str]


def read_bytes(path: PathLike, what: str, largest: int = LARGEST_FILE) -> bytes:
    """The content of a regular file of at most `largest` bytes; `what` is its kind in the sentence of an error.

    Raises:
        InvalidFile: if it is missing, unreadable, too large, or a device, pipe or folder.
    """
    name = f"{what} {shown(path)}"
    try:
        # Without O_NONBLOCK to open a pipe would wait for its writer.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        with open(handle, "rb") as stream:
            mode = os.fstat(handle).st_mode
            if not stat.S_ISREG(mode):
                kind = "a folder" if stat.S_ISDIR(mode) else "a device or pipe"
                raise InvalidFile(f"cannot read {name}: it is {kind}; name a regular file")
            data = stream.read(largest + 1)
    except InvalidFile:
        raise
    except (OSError, ValueError) as error:  # a ValueError is Python's answer to a null byte in a path
        raise InvalidFile(f"cannot read {name}: {(getattr(error, 'strerror', None) or str(error)).lower()}") from error
    if len(data) > largest:
        raise InvalidFile(f"{name} is too large: at most {largest:,} bytes are read")
    return data


def read_json(path: PathLike, what: str, largest: int = LARGEST_FILE) -> Any:
    """The content of a JSON file.

    Raises:
        InvalidFile: see `read_bytes` and `parse_json`.
    """
    return parse_json(read_bytes(path, what, largest), f"{what} {shown(path)}")


def read_yaml(path: PathLike, what: str, largest: int = 100_000) -> Any:
    """The content of a YAML file; None of an empty one.

    Raises:
        InvalidFile: see `read_bytes` and `parse_yaml`.
    """
    return parse_yaml(read_bytes(path, what, largest), f"{what} {shown(path)}")


def read_record(path: PathLike, kind: type[T], what: str, largest: int = LARGEST_FILE) -> T:
    """A JSON file as the type that describes it.

    Raises:
        InvalidFile: see `read_json` and `typed`.
    """
    return typed(read_json(path, what, largest), kind, f"{what} {shown(path)}")


def typed(content: Any, kind: type[T], name: str) -> T:
    """The content of a file as the type that describes it; `name` is the file in the sentence of an error.

    Raises:
        InvalidFile: if it does not fit; the sentence names the field and what is valid.
    """
    try:
        return checked(content, kind)
    except InvalidValue as error:
        raise InvalidFile(f"{name} is malformed: {error}") from None


def parse_json(data: bytes | str, name: str) -> Any:
    """JSON as the standard has it: no NaN, no Infinity, no key twice.

    Raises:
        InvalidFile: if it is not, or is too deep, or holds a number that no float64 can.
    """
    try:
        text = data.decode() if isinstance(data, bytes) else data
        return _bounded(json.loads(text, object_pairs_hook=_unique))
    except UnicodeDecodeError:
        raise InvalidFile(f"{name} is not JSON: it is not UTF-8 text") from None
    except RecursionError:
        raise InvalidFile(f"{name} is not read: {_TOO_DEEP}") from None
    except json.JSONDecodeError as error:
        raise InvalidFile(
            f"{name} is not JSON: {error.msg.lower()} in line {error.lineno}, column {error.colno}"
        ) from None
    except ValueError as error:  # refused below, or a whole number of thousands of digits
        reason = error if isinstance(error, _Refused) else "it holds a number that is too long"
        raise InvalidFile(f"{name} is not read: {reason}") from None


def parse_yaml(data: bytes | str, name: str) -> Any:
    """YAML's core: mappings with text as keys, lists, text, numbers, true, false and null; a comment is fine.

    The core schema of YAML 1.2 decides what is a number, so 3e-4 is one and `no`, 1:30 and 2001-01-01 are text.
    Aliases and tags are refused: so a short file cannot unfold into a huge value, or ask for a type.

    Raises:
        InvalidFile: if it is not that, or is too deep, or has a key twice.
    """
    from .reading_yaml import YAMLError, load

    try:
        return _bounded(load(data.decode() if isinstance(data, bytes) else data, DEEPEST))
    except UnicodeDecodeError:
        raise InvalidFile(f"{name} is not YAML: it is not UTF-8 text") from None
    except (_Refused, RecursionError) as error:
        raise InvalidFile(f"{name} is not read: {error if isinstance(error, _Refused) else _TOO_DEEP}") from None
    except (ValueError, OverflowError):
        raise InvalidFile(f"{name} is not YAML: it holds a number that is too long, or an unknown escape") from None
    except YAMLError as error:
        reason = getattr(error, "problem", None) or str(error).partition("\n")[0]
        mark = getattr(error, "problem_mark", None)
        where = "" if mark is None else f" in line {mark.line + 1}, column {mark.column + 1}"
        raise InvalidFile(f"{name} is not YAML: {_line(reason)}{where}") from None


def shown(path: PathLike) -> str:
    """A path as it may stand in an error: in one line, printable, and only the end of a very long one."""
    text = re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", "?", os.fspath(path))
    return text if len(text) <= 300 else f"...{text[-297:]}"


class _Refused(ValueError):
    """Why content that is well-formed is not read."""


_TOO_DEEP = f"it is deeper than {DEEPEST} lists and objects within each other"


def _line(reason: str) -> str:
    text = re.sub(r"[^\x20-\x7e]", "?", reason)
    return text if len(text) <= 120 else f"{text[:117]}..."


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _Refused(f"it has the key {quoted(next(key for key in keys if keys.count(key) > 1))} twice")
    return content


def _bounded(content: Any) -> Any:
    """The same content, after a look at its depth, its numbers and its text."""
    level = [content]
    for _ in range(DEEPEST + 1):
        inner: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                inner += value
                inner += value.values()
            elif isinstance(value, list):
                inner += value
            elif isinstance(value, str):
                _check_text(value)
            elif isinstance(value, int | float) and not abs(value) <= sys.float_info.max:
                raise _Refused(f"it holds {quoted(value)}, but every number must be finite")
        if not inner:
            return content
        level = inner
    raise _Refused(_TOO_DEEP)


def _check_text(text: str) -> None:
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise _Refused(f"it holds {quoted(text)}, which is no text that UTF-8 can hold") from None
