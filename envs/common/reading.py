"""Reading external files: whole, bounded in size and depth, with one-sentence error messages.

Every loader of JSON or YAML uses this module, so all reject the same input: anything but a regular file, too large or
too deep content, duplicate keys, non-finite numbers, and text that UTF-8 cannot encode. Files cannot execute code.
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
"""Size limit, bytes, if the loader sets none."""
DEEPEST = 40
"""Largest nesting depth of lists and objects."""

T = TypeVar("T")
PathLike = str | os.PathLike[str]


def read_bytes(path: PathLike, what: str, largest: int = LARGEST_FILE) -> bytes:
    """The content of a regular file of at most `largest` bytes; `what` is its kind in error messages.

    Raises:
        InvalidFile: if it is missing, unreadable, too large, or a device, pipe or folder.
    """
    name = f"{what} {shown(path)}"
    try:
        # Without O_NONBLOCK, opening a pipe would wait for its writer.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        with open(handle, "rb") as stream:
            mode = os.fstat(handle).st_mode
            if not stat.S_ISREG(mode):
                kind = "a folder" if stat.S_ISDIR(mode) else "a device or pipe"
                raise InvalidFile(f"cannot read {name}: it is {kind}; name a regular file")
            data = stream.read(largest + 1)
    except InvalidFile:
        raise
    except (OSError, ValueError) as error:  # Python raises ValueError for a null byte in a path
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
    """The content of a YAML file; None if it is empty.

    Raises:
        InvalidFile: see `read_bytes` and `parse_yaml`.
    """
    return parse_yaml(read_bytes(path, what, largest), f"{what} {shown(path)}")


def read_record(path: PathLike, kind: type[T], what: str, largest: int = LARGEST_FILE) -> T:
    """The content of a JSON file, converted to a type.

    Raises:
        InvalidFile: see `read_json` and `typed`.
    """
    return typed(read_json(path, what, largest), kind, f"{what} {shown(path)}")


def typed(content: Any, kind: type[T], name: str) -> T:
    """The content of a file, converted to a type; `name` is the file in error messages.

    Raises:
        InvalidFile: if it does not fit; the message names the field and what is valid.
    """
    try:
        return checked(content, kind)
    except InvalidValue as error:
        raise InvalidFile(f"{name} is malformed: {error}") from None


def parse_json(data: bytes | str, name: str) -> Any:
    """Parse standard JSON: no NaN, no Infinity, no duplicate keys.

    Raises:
        InvalidFile: if it is not valid, too deep, or holds a number beyond float64.
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
    except ValueError as error:  # rejected below, or an integer with thousands of digits
        reason = error if isinstance(error, _Refused) else "it holds a number that is too long"
        raise InvalidFile(f"{name} is not read: {reason}") from None


def parse_yaml(data: bytes | str, name: str) -> Any:
    """Parse core YAML: mappings with text keys, lists, text, numbers, true, false and null; comments are allowed.

    Scalars follow the core schema of YAML 1.2: 3e-4 is a number; `no`, 1:30 and 2001-01-01 are text. Aliases and tags
    are rejected, so a short file cannot expand into a huge value or request a type.

    Raises:
        InvalidFile: if it is not valid, too deep, or has a duplicate key.
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
    """A path for error messages: one printable line, shortened to its end if very long."""
    text = re.sub(r"[\x00-\x1f\x7f\ud800-\udfff]", "?", os.fspath(path))
    return text if len(text) <= 300 else f"...{text[-297:]}"


class _Refused(ValueError):
    """Reason for rejecting well-formed content."""


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
    """The same content, after checking its depth, numbers and text."""
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
