"""All tunable numbers of the simulation in one frozen, validated table.

Kernels never read tunable module globals; they get this table as one record. The named constants that kernels do read
are not modelling choices: the pitch and the Laws, the ball, the clock of the world, tolerances and steps of numerical
methods, control gains of player movement, and the ranges of a scenario's deal at the top of its file
(`tests/envs/world/test_named_numbers.py` lists them).

`input` sources are published measurements; `calibrated` values were chosen within the range to match published
frequencies; `assumption` means that no published number determines the value (the sensitivity of the guide's claims
to the most important ones is reported).
"""

import numpy as np

from backpost.envs.common.checks import number
from backpost.envs.common.errors import InvalidValue, UnknownName, quoted

from .parameter_table import TABLE

_BY_NAME = {parameter.name: parameter for parameter in TABLE}
parameter_type = np.dtype([(parameter.name, "f8") for parameter in TABLE])


def parameters(allow_implausible: bool = False, /, **overrides: float) -> np.recarray:
    """The parameters in the form kernels take: shape (1,), one float64 field each; `overrides` replace defaults.

    With `allow_implausible` they may lie outside their plausible ranges, within the limits of the computation.

    Raises:
        UnknownName: for a name that is not in the table.
        InvalidValue: for a value out of range.
    """
    record = np.zeros(1, parameter_type).view(np.recarray)
    for parameter in TABLE:
        record[parameter.name] = parameter.default
    for name, value in overrides.items():
        if name not in _BY_NAME:
            raise UnknownName("parameter", name, _BY_NAME)
        row = _BY_NAME[name]
        if not number(value):
            raise InvalidValue(f"parameter {name} must be a finite number, got {quoted(value)}")
        low, high = (row.least, row.most) if allow_implausible else (row.low, row.high)
        if not low <= value <= high:
            beyond = "" if allow_implausible else f" (allow_implausible=True: {row.least:g} to {row.most:g})"
            raise InvalidValue(
                f"parameter {name} must be between {low:g} and {high:g} {row.unit}{beyond}, got {quoted(value)}"
            )
        record[name] = value
    return record
