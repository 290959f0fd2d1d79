"""Parameter sets: named values for the scripted roles, as in `parameters="quick-markers"`."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backpost.envs.common.errors import InvalidValue, quoted
from backpost.envs.common.registry import Registry, calling_module, checked_name, checked_text
from backpost.envs.world.parameters import parameters


@dataclass(frozen=True)
class ParameterSet:
    """A named set of values of the world's parameters, each in its own unit."""

    name: str
    description: str
    values: Mapping[str, float]


PARAMETER_SETS: Registry[ParameterSet] = Registry("parameter set")
"""All parameter sets by name."""


def register_parameters(name: str, values: Mapping[str, float], *, description: str, replace: bool = False) -> None:
    """Register a set of parameters for the scripted players. The option `parameters` then accepts its name.

    Args:
        name: letters, digits, hyphens and underscores.
        values: parameters by name (`backpost.envs.world.parameters.TABLE` has their units and ranges); others
            keep their values.
        description: one line.
        replace: replace a set that another extension, or an earlier notebook cell, registered under this name.

    Raises:
        UnknownName: for an unknown parameter.
        InvalidValue: for a name that is taken or invalid, or a value out of range.

    Example:
        Defenders who run faster, react earlier and mark more tightly:

        >>> from backpost.envs import Crosses, Options, register_parameters
        >>> quick = {"defender_speed": 8.6, "reaction": 0.21, "marker_gap": 0.5}
        >>> register_parameters("quick-markers", quick, description="fast, alert and tight markers")
        >>> crosses = Crosses("OpenPlay", options=Options.of(parameters="quick-markers"))
        >>> crosses = Crosses("OpenPlay", options=Options.of(parameters=["quick-markers", {"reaction": 0.3}]))
    """
    checked_name("parameter set", name)
    checked_text(f"the description of parameter set {name}", description)
    if not isinstance(values, Mapping) or not values or not all(isinstance(key, str) for key in values):
        raise InvalidValue(f"parameter set {name} must map names of parameters to numbers, got {quoted(values)}")
    parameters(**values)
    plain = {key: float(value) for key, value in values.items()}
    PARAMETER_SETS.add(name, ParameterSet(name, description, plain), calling_module(), replace)


def resolved_parameters(given: Any) -> Any:
    """Parameters with every name of a set replaced by its values; in a list, later entries win.

    Args:
        given: a mapping, the name of a set, or a list of both; anything else is returned unchanged, to be rejected.

    Raises:
        UnknownName: for an unknown set.
    """
    if isinstance(given, str):
        return dict(PARAMETER_SETS[given].values)
    if not isinstance(given, list | tuple) or not all(isinstance(part, str | Mapping) for part in given):
        return given
    merged: dict[str, Any] = {}
    for part in given:
        merged |= resolved_parameters(part)
    return merged
