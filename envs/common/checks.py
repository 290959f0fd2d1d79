"""Validation of external input: options, settings and file contents, all with one schema library.

`checked` converts a plain value into an annotated type with msgspec; its error message is one sentence that names the
field, says what is valid and quotes the start of the given value. A type is a `Record`, a frozen dataclass, or any
annotation that msgspec supports: `Annotated[float, Meta(ge=0, le=1, description="m")]`, `Literal["a", "b"]`,
`tuple[int, ...]`.
"""

import math
import numbers
import re
from collections.abc import Mapping
from typing import Any, TypeVar

import msgspec
import numpy as np
from msgspec import inspect

from .errors import BackpostError, InvalidValue, quoted

LARGEST_WHOLE = 2**53
"""Integers below this are exact as float64."""

T = TypeVar("T")


class Record(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Base of file schemas: typed fields, unknown keys rejected; subclasses must repeat `frozen=True`."""


def checked(value: Any, kind: type[T], name: str = "it") -> T:
    """Convert a value to a type; accepts NumPy numbers and arrays, tuples and mappings.

    Args:
        value: anything.
        kind: the type; a float is not an int, a bool is not a number, and text is neither.
        name: name of the value in error messages.

    Raises:
        InvalidValue: if it does not fit.
    """
    try:
        return msgspec.convert(plain(value), kind)
    except msgspec.ValidationError as error:
        raise InvalidValue(_sentence(error, value, kind, name)) from None
    except UnicodeEncodeError:
        raise InvalidValue(f"{name} must be plain text and numbers, got {quoted(value)}") from None


def plain(value: Any) -> Any:
    """The value without NumPy types: numbers, lists and dictionaries as in JSON.

    Raises:
        InvalidValue: for a value that contains itself.
    """
    try:
        return _plain(value)
    except RecursionError:
        raise InvalidValue(f"values must not contain themselves, got a {type(value).__name__} that does") from None


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, Mapping):
        return {_key(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _key(key: Any) -> Any:
    return key.item() if isinstance(key, np.generic) else key


def one_of(name: str, value: object, valid: tuple[str, ...]) -> None:
    """Check that an option has one of its valid values.

    Raises:
        InvalidValue: if it does not.
    """
    if not isinstance(value, str) or value not in valid:
        raise InvalidValue(f"{name} must be one of {', '.join(valid)}, got {quoted(value)}")


def number(value: object) -> bool:
    """Whether this is a finite Python or NumPy number, and not a bool."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        return False
    return abs(int(value)) < LARGEST_WHOLE if isinstance(value, numbers.Integral) else math.isfinite(value)


def whole(name: str, value: object, below: int = 2**64, least: int = 0) -> int:
    """A Python or NumPy integer, checked to be at least `least` and below `below`; the default bounds fit a seed.

    Raises:
        InvalidValue: if it is not.
    """
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or not least <= int(value) < below:
        raise InvalidValue(f"{name} must be a whole number from {least} to {below - 1}, got {quoted(value)}")
    return int(value)


def _sentence(error: msgspec.ValidationError, value: Any, kind: Any, name: str) -> str:
    """Error message in our words, from msgspec's: "Expected `int`, got `str` - at `$.players[2].x`"."""
    message, _, place = str(error).rpartition(" - at ") if " - at " in str(error) else (str(error), "", "")
    steps = re.findall(r"\.(\w+)|\[(\d+|\.\.\.)\]", place)
    expected, given, where = inspect.type_info(kind), value, "" if name == "it" else name
    for field, index in steps:
        expected, given = _inside(expected, field or None, index), _part(given, field, index)
        where += f"{'.' if where and field else ''}{field}" + (f"[{index}]" if index else "")
    where = where or name
    if isinstance(error.__cause__, BackpostError):
        return message if where == name else f"{where}: {message}"
    missing = re.fullmatch(r"Object missing required field `(.*)`", message, re.DOTALL)
    if missing:
        return f"{where} lacks {missing[1]}; it must be {_words(expected)}"
    unknown = re.fullmatch(r"Object contains unknown field `(.*)`", message, re.DOTALL)
    if unknown:
        return f"{where} has an unknown key {quoted(unknown[1])}; it must be {_words(expected)}"
    if place.startswith("`key`"):
        return f"the keys of {where} must be text"
    got = "" if given is _NOWHERE else f", got {quoted(given)}"
    return f"{where} must be {_words(expected)}{got}"


_NOWHERE = object()
"""A part that msgspec's message does not locate: it writes [...] for every value of a dictionary."""


def _part(value: Any, field: str, index: str) -> Any:
    try:
        return value[field] if field else value[int(index)]
    except (KeyError, IndexError, TypeError, ValueError):
        return _NOWHERE


def _inside(kind: Any, field: str | None, index: str) -> Any:
    """The type of a field, or of an item if `field` is None; for a union, of the member that has it."""
    kind = kind.type if isinstance(kind, inspect.Metadata) else kind
    for kind_inside in kind.types if isinstance(kind, inspect.UnionType) else (kind,):
        if field is not None:
            for entry in getattr(kind_inside, "fields", ()):
                if entry.encode_name == field:
                    return entry.type
        elif isinstance(kind_inside, inspect.DictType):
            return kind_inside.value_type
        elif hasattr(kind_inside, "item_type"):
            return kind_inside.item_type
        elif isinstance(kind_inside, inspect.TupleType):
            return kind_inside.item_types[int(index)]
    return kind


def _words(kind: Any) -> str:
    """Description of a type, to follow 'must be'."""
    match kind:
        case inspect.Metadata():
            about = (kind.extra_json_schema or {}).get("description")
            return f"{_words(kind.type)}{f' {about}' if about else ''}"
        case inspect.UnionType():
            return " or ".join(_words(member) for member in kind.types if not isinstance(member, inspect.NoneType))
        case inspect.BoolType():
            return "true or false"
        case inspect.IntType():
            return f"a whole number{_range(kind)}"
        case inspect.FloatType():
            return f"a number{_range(kind)}"
        case inspect.StrType():
            return f"text{_lengths(kind, 'characters')}"
        case inspect.LiteralType():
            return f"one of {', '.join(str(value) for value in kind.values)}"
        case inspect.TupleType():
            return f"a list of {len(kind.item_types)}, each {' or '.join(dict.fromkeys(map(_words, kind.item_types)))}"
        case inspect.ListType() | inspect.VarTupleType():
            return f"a list{_lengths(kind, 'items')}, each {_words(kind.item_type)}"
        case inspect.DictType():
            return f"a mapping of names, each to {_words(kind.value_type)}"
        case inspect.StructType() | inspect.DataclassType():
            return f"an object with the keys {', '.join(entry.encode_name for entry in kind.fields)}"
        case _:
            return "a valid value"


def _range(kind: inspect.IntType | inspect.FloatType) -> str:
    low, high = kind.ge, kind.le
    if low is not None and high is not None:
        return f" from {_figure(low)} to {_figure(high)}"
    ends = (("at least", low), ("above", kind.gt), ("at most", high), ("below", kind.lt))
    parts = [f"{word} {_figure(end)}" for word, end in ends if end is not None]
    return f" {' and '.join(parts)}" if parts else ""


def _figure(number: float) -> str:
    return f"{int(number):,}" if float(number).is_integer() and abs(number) < LARGEST_WHOLE else f"{number:g}"


def _lengths(kind: Any, unit: str) -> str:
    least, most = kind.min_length, kind.max_length
    if least is not None and most is not None:
        return f" of {least} to {most} {unit}" if least != most else f" of {least} {unit}"
    if least is not None:
        return f" of at least {least} {unit}"
    return f" of at most {most} {unit}" if most is not None else ""
