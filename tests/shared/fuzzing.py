"""Seeded damage to valid files: to bits, tokens and lines, and to the values of a tree."""

import copy
import json
import re
from typing import Any

import numpy as np

ODD: tuple[Any, ...] = (
    None,
    True,
    False,
    -1,
    0,
    1,
    2**63,
    10**30,
    -0.0,
    0.5,
    1e308,
    -1e308,
    float("nan"),
    float("inf"),
    "",
    "x",
    "x" * 5000,
    "\ud800",
    "\x00",
    "new\nline",
    "../../etc/passwd",
    [],
    {},
    [[]],
    {"": None},
    [1, "a", None],
    {"a": {"b": [1]}},
)
"""Values of the wrong kind, or at the end of what their kind can be."""
TOKENS = (
    b"1e400",
    b"NaN",
    b"-Infinity",
    b"1" * 5000,
    b"0x_",
    b"2001-13-45",
    b"!!bool x",
    b"1:30",
    b"*a",
    b"&a [1]",
    b"[" * 2000,
    b'{"a":' * 200,
    b"\\ud800",
    b'"\\UFFFFFFFF"',
    b"\xff\xfe",
    b"\x00",
    b"null",
    b"-",
    b"~",
    b"? a",
    b"%YAML 9",
    b"---",
    b"",
)
"""What may stand in a file where a number or a name stood."""

Random = np.random.Generator


def damaged(data: bytes, random: Random) -> bytes:
    """A file of text or bytes with one to three kinds of damage."""
    for _ in range(int(random.integers(1, 4))):
        data = _DAMAGES[int(random.integers(len(_DAMAGES)))](data, random)
    return data


def damaged_tree(data: bytes, random: Random) -> bytes:
    """A JSON file with one to three values changed, still JSON."""
    tree = json.loads(data)
    for _ in range(int(random.integers(1, 4))):
        places = list(_places(tree))
        if not places:
            break
        # Deep places are many: without weights the head of a file would hardly ever be hit.
        depths = np.array([1.0 / 4 ** len(path) for path in places])
        path = places[int(random.choice(len(places), p=depths / depths.sum()))]
        _change(tree, path, random)
    return json.dumps(tree).encode()


def _places(tree: Any, path: tuple[Any, ...] = ()) -> Any:
    """The paths of all values below the root; of a long list the first and the last two."""
    if isinstance(tree, dict):
        items = list(tree.items())
    elif isinstance(tree, list):
        items = list(enumerate(tree))
        items = items if len(items) < 5 else items[:2] + items[-2:]
    else:
        return
    for key, value in items:
        yield (*path, key)
        yield from _places(value, (*path, key))


def _change(tree: Any, path: tuple[Any, ...], random: Random) -> None:
    holder = tree
    for key in path[:-1]:
        holder = holder[key]
    key, way = path[-1], int(random.integers(6))
    if way == 0:
        del holder[key]
    elif way == 1 and isinstance(holder, dict):
        holder[f"{key}_"] = holder.pop(key)
    elif way == 2 and isinstance(holder, list):
        holder.insert(key, copy.deepcopy(holder[key]))
    elif way == 3 and type(holder[key]) in (int, float):
        holder[key] = holder[key] * float(random.choice([-1.0, 0.0, 10.0, 1e-9, 1e9])) + float(random.normal())
    else:
        holder[key] = copy.deepcopy(ODD[int(random.integers(len(ODD)))])


def _flip(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _ in range(int(random.integers(1, 5))):
        if changed:
            changed[int(random.integers(len(changed)))] ^= 1 << int(random.integers(8))
    return bytes(changed)


def _cut(data: bytes, random: Random) -> bytes:
    return data[: int(random.integers(len(data) + 1))]


def _piece(data: bytes, random: Random) -> bytes:
    """A stretch is taken out, doubled, or moved."""
    a, b = sorted(int(random.integers(len(data) + 1)) for _ in range(2))
    b = min(b, a + 200)
    to = int(random.integers(len(data) + 1))
    return (data[:a] + data[b:], data[:b] + data[a:], data[:to] + data[a:b] + data[to:])[int(random.integers(3))]


def _token(data: bytes, random: Random) -> bytes:
    """A number, a name or a text is replaced by something odd."""
    places = list(re.finditer(rb'-?\d[\d.eE+-]*|"[^"\n]{0,40}"|[a-z_]{3,}', data[:200_000]))
    if not places:
        return data
    place = places[int(random.integers(len(places)))]
    return data[: place.start()] + TOKENS[int(random.integers(len(TOKENS)))] + data[place.end() :]


def _line(data: bytes, random: Random) -> bytes:
    """A line, or what lies between two commas, is doubled."""
    mark = b"\n" if data.count(b"\n") > 3 else b","
    parts = data.split(mark)
    k = int(random.integers(len(parts)))
    return mark.join([*parts[: k + 1], parts[k], *parts[k + 1 :]])


_DAMAGES = (_flip, _cut, _piece, _token, _token, _line)
