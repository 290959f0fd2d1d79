"""The file of a policy: one `.safetensors` with the weights, and a JSON description in its metadata.

Such a file holds numbers and text and nothing executable. Reading still trusts nothing: sizes, keys, types, shapes and
values are checked before any of them is used, and every error message is one sentence.
"""

import hashlib
import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import numpy as np
import numpy.typing as npt
from safetensors import SafetensorError, deserialize
from safetensors.numpy import save

from backpost.envs.common.errors import InvalidFile, quoted
from backpost.envs.common.files import write_atomically
from backpost.envs.common.reading import parse_json, read_bytes, shown
from backpost.envs.interface import observation
from backpost.envs.scenarios.registry import OURS, SCENARIOS

Weights = dict[str, npt.NDArray[np.float32]]

SUFFIX = ".safetensors"
KEY = "backpost_policy"
"""The only key of the file's metadata; its value is the JSON description."""
FORMAT = 2
LARGEST_FILE = 4 * 2**20
LARGEST_HEADER = 64 * 2**10
LARGEST_LAYER = 1024
MOST_LAYERS = 4
KINDS = ("mlp", "squashed", "lstm")
"""A multilayer perceptron with a linear output; with an output of tanh times a reach; behind an LSTM."""
ACTIVATIONS = ("tanh", "relu")
LARGEST_SUM = 1e37
"""Bound on every layer's sums: float32 ends at 3.4e38, and values beyond it can add up to NaN."""
INPUTS = {"input.mean": (observation.SIZE,), "input.scale": (observation.SIZE,), "input.largest": (1,)}
"""Tensors of a policy that was trained on standardised observations; all of them, or none. The network then reads
clip((observation - mean) * scale, -largest, largest)."""
ACTION_TYPES = {"continuous": 4}
"""Length of an action, for each action type that a policy may have."""


@dataclass(frozen=True)
class Description:
    """Description of a policy. `provenance` records how it was made; nothing is computed from it."""

    environment: str
    kind: str = "mlp"
    hidden: tuple[int, ...] = (64, 64)
    activation: str = "tanh"
    action_type: str = "continuous"
    memory: int = 0
    """Units of the LSTM in front of the perceptron, 0 for kinds without one."""
    base_rule: dict[str, Any] | None = None
    """The coaching rule to which the output is added: {"name": ..., "numbers": {...}}, or None."""
    provenance: dict[str, Any] = field(default_factory=dict)

    def shapes(self) -> dict[str, tuple[int, ...]]:
        """Name and shape of every tensor: weights are (outputs, inputs), gates ordered input, forget, cell, output."""
        inputs, outputs = observation.SIZE, ACTION_TYPES[self.action_type]
        shapes: dict[str, tuple[int, ...]] = {}
        if self.kind == "lstm":
            gates = 4 * self.memory
            shapes |= {"memory.input": (gates, inputs), "memory.state": (gates, self.memory), "memory.bias": (gates,)}
            inputs = self.memory
        if self.kind == "squashed":
            shapes["reach"] = (outputs,)
        sizes = (inputs, *self.hidden, outputs)
        names = [f"hidden{i}" for i in range(len(self.hidden))] + ["output"]
        for name, inputs, outputs in zip(names, sizes[:-1], sizes[1:], strict=True):
            shapes[f"{name}.weight"] = (outputs, inputs)
            shapes[f"{name}.bias"] = (outputs,)
        return shapes


def layout_digest() -> str:
    """A digest of the observation layout: a policy reads only the layout that it was trained on."""
    rows = [[entry.name, entry.unit, entry.low, entry.high, entry.scale] for entry in observation.LAYOUT]
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]


def write(path: str | os.PathLike[str], description: Description, weights: Weights) -> None:
    """Write a policy atomically.

    Raises:
        InvalidFile: if the weights do not fit the description or the file cannot be written.
    """
    head = {
        "format": FORMAT,
        "observation": {"size": observation.SIZE, "layout": layout_digest()},
        **asdict(description),
    }
    arrays = {name: np.ascontiguousarray(array, np.float32) for name, array in weights.items()}
    data = save(arrays, {KEY: json.dumps(head, allow_nan=False)})
    parse(data, os.fspath(path))
    write_atomically(path, data)


def read(path: str | os.PathLike[str]) -> tuple[Description, Weights]:
    """The description and the weights of a policy.

    Raises:
        InvalidFile: if the file is missing, too large, malformed, not finite, or of another version.
    """
    return parse(read_bytes(path, "policy", LARGEST_FILE), shown(path))


def parse(data: bytes, name: str) -> tuple[Description, Weights]:
    """Check and parse the content of a policy file; `name` is used in error messages.

    Raises:
        InvalidFile: see `read`.
    """
    try:
        head, tensors = _open(data)
        description = _description(head)
        weights = _weights(tensors, description)
        if _overflows(description, weights):
            raise _Malformed("holds weights so large that its actions could overflow")
        return description, weights
    except _Malformed as error:
        raise InvalidFile(f"policy {name} {error}") from error


class _Malformed(Exception):
    """The end of an error message that begins with the name of the file."""


def _open(data: bytes) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """The JSON description and the raw tensors, after checking size and container."""
    # A pickle begins with 80 hex, and so may a header length; but only the latter is followed by zeros.
    if data[:4] == b"PK\x03\x04" or (data[:1] == b"\x80" and any(data[2:8])):
        raise _Malformed(f"is a zip or pickle, which could run code; only {SUFFIX} files of backpost are read")
    if len(data) > LARGEST_FILE:
        raise _Malformed(f"is larger than {LARGEST_FILE} bytes, the most that a policy may have")
    header = int.from_bytes(data[:8], "little")
    if len(data) < 8 or header > len(data) - 8:
        raise _Malformed("is truncated")
    if header > LARGEST_HEADER:
        raise _Malformed(f"has a header larger than {LARGEST_HEADER} bytes")
    try:
        tensors = dict(deserialize(data))  # type: ignore[no-untyped-call]
        metadata = parse_json(data[8 : 8 + header], "its header")["__metadata__"]
        if list(metadata) != [KEY]:
            raise KeyError(KEY)
        head = parse_json(metadata[KEY], "its description")
    except InvalidFile as error:
        raise _Malformed(f"is no whole {SUFFIX} file of backpost: {error}") from error
    except (SafetensorError, ValueError, TypeError, KeyError) as error:
        raise _Malformed(f"is no whole {SUFFIX} file of backpost") from error
    if not isinstance(head, dict):
        raise _Malformed("has a description that is not a JSON object")
    return head, tensors


def _description(head: dict[str, Any]) -> Description:
    """The checked description."""
    names = [entry.name for entry in fields(Description)]
    expected = {"format", "observation", *names}
    if head.get("format") != FORMAT or isinstance(head.get("format"), bool):
        raise _Malformed(f"has format {quoted(head.get('format'))}; this version reads format {FORMAT}")
    if set(head) != expected:
        raise _Malformed(f"must describe exactly {', '.join(sorted(expected))}")
    _check_environment(head["environment"])
    here = {"size": observation.SIZE, "layout": layout_digest()}
    if head["observation"] != here:
        raise _Malformed("was trained with a different observation layout; train it again")
    for key, valid in (("kind", KINDS), ("activation", ACTIVATIONS), ("action_type", tuple(ACTION_TYPES))):
        if head[key] not in valid:
            raise _Malformed(f"has {key.replace('_', ' ')} {quoted(head[key])}; valid choices are {', '.join(valid)}")
    hidden, memory = head["hidden"], head["memory"]
    if not isinstance(hidden, list) or not 1 <= len(hidden) <= MOST_LAYERS or not all(map(_is_layer, hidden)):
        raise _Malformed(
            f"must have 1 to {MOST_LAYERS} hidden layers of 1 to {LARGEST_LAYER} units, got {quoted(hidden)}"
        )
    if not (_is_layer(memory) if head["kind"] == "lstm" else type(memory) is int and memory == 0):
        raise _Malformed(
            f"must have a memory of 1 to {LARGEST_LAYER} units if it is an lstm, else of 0, got {quoted(memory)}"
        )
    if not isinstance(head["provenance"], dict):
        raise _Malformed("has a provenance that is not a JSON object")
    _check_base_rule(head["base_rule"])
    return Description(**{name: head[name] for name in names} | {"hidden": tuple(hidden)})


def _is_layer(size: object) -> bool:
    return isinstance(size, int) and not isinstance(size, bool) and 1 <= size <= LARGEST_LAYER


def _check_environment(name: object) -> None:
    """Check that the id is registered; another version and another package's id have their own error messages."""
    match = re.fullmatch(r"([\w:-]{1,60})/([\w-]{1,60})-v(\d{1,9})", name) if isinstance(name, str) else None
    registered = SCENARIOS[match[2]].id if match and match[2] in SCENARIOS else ""
    if registered == name:
        return
    if match and registered.partition("/")[0] == match[1]:
        raise _Malformed(f"was trained for version {match[3]} of the environment; this is {registered}: train it again")
    if match and match[1] != OURS:
        raise _Malformed(
            f"is for environment {name}, which is not registered: install or import the package of {match[1]} that "
            "registers it (on the command line: --import MODULE)"
        )
    valid = (scenario.id for scenario in SCENARIOS.values() if scenario.id.startswith(f"{OURS}/"))
    raise _Malformed(f"is for environment {quoted(name)}; valid choices are {', '.join(valid)}")


def _check_base_rule(base: object) -> None:
    """Check only the form: names and ranges are checked when the rule is built."""
    if base is None:
        return
    if not isinstance(base, Mapping) or set(base) != {"name", "numbers"} or not isinstance(base["name"], str):
        raise _Malformed("has a base rule that is neither null nor an object with a name and numbers")
    numbers = base["numbers"]
    if not isinstance(numbers, Mapping) or not all(
        isinstance(value, int | float) and abs(value) <= sys.float_info.max for value in numbers.values()
    ):
        raise _Malformed("has a base rule whose numbers are not numbers")


def _weights(tensors: dict[str, dict[str, Any]], description: Description) -> Weights:
    """The checked weights, float32."""
    shapes = description.shapes() | (INPUTS if INPUTS.keys() & tensors.keys() else {})
    if set(tensors) != set(shapes):
        raise _Malformed(f"must hold exactly the tensors {', '.join(shapes)}")
    weights: Weights = {}
    for name, shape in shapes.items():
        raw = tensors[name]
        if raw["dtype"] != "F32" or tuple(raw["shape"]) != shape:
            raise _Malformed(f"must hold {name} as F32 of shape {shape}, got {raw['dtype']} of {tuple(raw['shape'])}")
        weights[name] = np.frombuffer(bytes(raw["data"]), "<f4").astype(np.float32).reshape(shape)
        if not np.isfinite(weights[name]).all():
            raise _Malformed(f"holds values in {name} that are not finite")
    return weights


def _overflows(description: Description, weights: Weights) -> bool:
    """Whether some observation within its bounds could overflow float32."""
    largest = np.maximum(np.abs(observation.LOWS), observation.HIGHS) / observation.SCALES
    sums: list[npt.NDArray[np.float64]] = []
    if "input.mean" in weights:
        mean, scale, most = (np.abs(weights[name]).astype(float) for name in INPUTS)
        sums.append((largest + mean) * scale)
        largest = np.minimum(sums[-1], most)
    if description.memory:
        gates = _largest_sums(weights["memory.input"], largest, weights["memory.bias"])
        largest = np.ones(description.memory)
        sums.append(gates + _largest_sums(weights["memory.state"], largest, np.zeros(len(gates), np.float32)))
    for k in range(len(description.hidden)):
        sums.append(_largest_sums(weights[f"hidden{k}.weight"], largest, weights[f"hidden{k}.bias"]))
        largest = np.ones(len(sums[-1])) if description.activation == "tanh" else sums[-1]
    sums.append(_largest_sums(weights["output.weight"], largest, weights["output.bias"]))
    if description.kind == "squashed":
        sums.append(np.abs(weights["reach"]).astype(float))
    return any(bool((each > LARGEST_SUM).any()) for each in sums)


def _largest_sums(
    matrix: npt.NDArray[np.float32], largest: npt.NDArray[np.float64], bias: npt.NDArray[np.float32]
) -> npt.NDArray[np.float64]:
    """Upper bounds on the outputs of a layer, (outputs,), for inputs (inputs,) of at most `largest`."""
    sums: npt.NDArray[np.float64] = np.abs(matrix).astype(float) @ largest + np.abs(bias)
    return sums
