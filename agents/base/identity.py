"""The identity of an agent: everything that determines its behaviour, as plain values for checking stored results.

An agent whose play is to be stored has a method `identity()`. It returns a mapping of names to None, Booleans, finite
numbers, strings, NumPy arrays, lists, mappings, and other agents (a wrapper includes the agent inside it); or None if
it has no identity. The agent's behaviour must follow entirely from these values, the code of its class, and the
observations. The code of the agents in this package has a version (`AGENTS_VERSION`); other agents include a version
of their own among the values, and raise it when their code changes.
"""

import hashlib
import math
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import InvalidValue

from .agent import Agent

Identity = dict[str, Any]
"""Plain JSON values; arrays are replaced by digests."""

_PACKAGE = __name__.partition(".")[0] + "."
_AGENTS = f"{_PACKAGE}agents."
_VALID = "None, booleans, finite numbers, text, NumPy arrays, lists, mappings with text keys, and agents"


class Identified(Agent, Protocol):
    """An agent with an identity."""

    def identity(self) -> Mapping[str, Any] | None:
        """Everything that determines its behaviour besides the code of its class; None if it has no identity."""


def identity_of(agent: Agent) -> Identity | None:
    """The identity of an agent, ready for JSON; None if it, or an agent inside it, has none.

    A class must define `identity` itself: an inherited method describes the parent, not what the subclass changes. Only
    subclasses inside `backpost.agents` inherit it, because one version covers the behaviour of all of them.

    Raises:
        InvalidValue: if `identity()` returns something that cannot be converted to plain values.
    """
    kind = type(agent)
    ours = kind.__module__.startswith(_PACKAGE)
    if not hasattr(kind, "identity") or not ("identity" in vars(kind) or kind.__module__.startswith(_AGENTS)):
        return None
    if not callable(agent.identity):  # type: ignore[attr-defined]
        raise InvalidValue(f"identity of agent {agent.name} must be a method, as in `def identity(self)`")
    values = agent.identity()  # type: ignore[attr-defined]
    if values is None:
        return None
    if not isinstance(values, Mapping):
        raise InvalidValue(
            f"identity() of agent {agent.name} must return a mapping or None, got {type(values).__name__}"
        )
    try:
        plain: Identity = _plain(values, f"identity() of agent {agent.name}")
    except _Unidentified:
        return None
    return plain if ours else {"class": f"{kind.__module__}.{kind.__qualname__}", **plain}


def needed_identity(agent: Agent) -> Identity:
    """The same, for results that are to be stored.

    Raises:
        InvalidValue: if the agent has no identity.
    """
    identity = identity_of(agent)
    if identity is None:
        kind = type(agent).__qualname__
        raise InvalidValue(
            f"crosses of agent {agent.name} cannot be kept, because it does not say who it is: define identity() in "
            f"class {kind}, and in every agent inside it, returning the name, numbers, weights and version that decide "
            "what it does"
        )
    return identity


def digest(*arrays: npt.NDArray[Any]) -> str:
    """SHA-256 over the dtype, shape and content of these arrays, in order."""
    hasher = hashlib.sha256()
    for array in arrays:
        if array.dtype.hasobject:
            raise InvalidValue("an array of Python objects has no digest; give an array of numbers")
        hasher.update(f"{array.dtype.str}{array.shape}".encode())
        hasher.update(np.ascontiguousarray(array).tobytes())
    return hasher.hexdigest()


class _Unidentified(Exception):
    """An agent inside another has no identity."""


def _plain(value: Any, where: str) -> Any:
    """The value as JSON would read it back; `where` begins the error message."""
    if value is None or isinstance(value, bool | str) or type(value) is int:
        return value
    if isinstance(value, np.generic) and not value.dtype.hasobject:
        return _plain(value.item(), where)
    if isinstance(value, float) and math.isfinite(value):
        return value
    if isinstance(value, np.ndarray) and not value.dtype.hasobject:
        return f"sha256:{digest(value)}"
    if isinstance(value, list | tuple):
        return [_plain(inner, where) for inner in value]
    if is_dataclass(value) and not isinstance(value, type):
        value = asdict(value)
    if isinstance(value, Mapping) and all(isinstance(name, str) for name in value):
        return {name: _plain(value[name], f"{name} in {where}") for name in sorted(value)}
    if hasattr(value, "act") and not isinstance(value, type):
        inside = identity_of(value)
        if inside is None:
            raise _Unidentified
        return inside
    raise InvalidValue(f"{where} must be made of {_VALID}, got {type(value).__name__}")
