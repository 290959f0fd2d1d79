"""Golden numbers and the versions that they belong to: what changes behaviour has a new version, and nothing else has.

A golden file is one JSON object: `history` has every version, the last one last, with a value for each name (a hash, or
numbers that count as equal within `TOLERANCE`).
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

TOLERANCE = 1e-3
"""Of golden numbers: other processors round exponentials otherwise, in the last digit of a few actions."""

Values = Mapping[str, Any]
History = Sequence[Mapping[str, Any]]


def refusal(history: History, version: Mapping[str, int], values: Values) -> str | None:
    """Why these values may not be those of this version, None if they may.

    A version is a number for each thing that behaves; the last is the one whose behaviour the values show, and those
    before it are what it depends on: if they are others, so may the values be.
    """
    if not history:
        return None
    before = history[-1]
    changed = [name for name, value in before["values"].items() if not equal(value, values.get(name))]
    (*others, own), was = version, before["version"]
    if version == was:
        return f"{', '.join(changed)} changed: raise the version of the {own}" if changed else None
    if any(version[name] < was[name] for name in version):
        return f"version {_text(version)} is older than {_text(was)}"
    if version[own] > was[own] and all(version[name] == was[name] for name in others) and not changed:
        return f"nothing changed since {_text(was)}: keep the version of the {own}"
    return None


def equal(first: Any, second: Any) -> bool:
    """Whether two golden values are the same."""
    if isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        return all(map(equal, first, second))
    if isinstance(first, float) and isinstance(second, float):
        return abs(first - second) <= TOLERANCE
    return bool(first == second)


def fault(history: History, version: Mapping[str, int]) -> str | None:
    """What is wrong with a file: it has another version than that of now, or a step to it was not allowed."""
    if history[-1]["version"] != version:
        return "write the golden file anew by its command"
    steps = (refusal(history[:k], entry["version"], entry["values"]) for k, entry in enumerate(history))
    return next((refused for refused in steps if refused is not None), None)


def added(history: History, version: Mapping[str, int], values: Values) -> list[Mapping[str, Any]]:
    """The history with these values; `SystemExit` with a sentence if this version may not have them."""
    refused = refusal(history, version, values)
    if refused is not None:
        raise SystemExit(refused)
    now = {"version": dict(version), "values": dict(values)}
    return [*(entry for entry in history if entry["version"] != version), now]


def read(path: Path) -> dict[str, Any]:
    """A golden file; an empty one if it is not there."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"history": []}
    return content


def write(path: Path, content: Mapping[str, Any]) -> None:
    """Write a golden file."""
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _text(version: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in version.items())
