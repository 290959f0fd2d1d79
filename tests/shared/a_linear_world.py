"""A small world to calibrate: every figure is a sum of parameters, each as a share of its range, and luck."""

from collections.abc import Mapping

import numpy as np

from backpost.envs.world.parameter_table import TABLE
from backpost.training.calibration.calibrate import Problem
from backpost.training.calibration.figures import Array, Block, Kind
from backpost.training.calibration.free_parameters import STEP, FreeParameter
from backpost.training.realism.measure import Figure

NAMES = ("clean", "tackle", "control", "man_weight")
START = np.array([0.5, 0.4, 0.5, 0.6])
TRUTH = np.array([0.62, 0.52, 0.35, 0.6])
SUMS = {
    "a": (1.0, 0.0, 0.0, 0.0),
    "b": (0.0, 1.0, 0.0, 0.5),
    "c": (0.0, 0.0, 1.0, 0.0),
    "d": (0.5, -0.5, 0.0, 1.0),
    "e": (1.0, 0.0, 1.0, 0.0),
}
HALF = 0.02
"""Half the band of every figure; its middle is the figure at the truth."""
LUCK = 0.5
"""Standard deviation of a figure on one cross."""
KINDS = {name: Kind("rows" if name in "ab" else "cells", "sums") for name in SUMS}

_TABLE = {parameter.name: parameter for parameter in TABLE}


def value(name: str, share: float) -> float:
    """The value at this share of a parameter's range."""
    return float(_TABLE[name].low + share * (_TABLE[name].high - _TABLE[name].low))


def shares(values: Mapping[str, float]) -> Array:
    """Where values lie in the ranges of their parameters, (parameters,)."""
    return np.array([(values[name] - value(name, 0.0)) / (value(name, 1.0) - value(name, 0.0)) for name in NAMES])


def free(low: float = 0.0, high: float = 1.0) -> tuple[FreeParameter, ...]:
    """The free parameters, bounded by these shares of their ranges."""
    return tuple(
        FreeParameter(
            name, value(name, start), value(name, low), value(name, high), STEP * (value(name, 1.0) - value(name, 0.0))
        )
        for name, start in zip(NAMES, START, strict=True)
    )


def measure(values: Mapping[str, float], block: Block) -> list[Figure]:
    """The figures of a block of crosses, whose luck is the block's own."""
    here, random, crosses = shares(values), np.random.default_rng(block), block[2]
    error = LUCK / np.sqrt(crosses)
    return [
        Figure(
            id=name,
            value=float(here @ parts + error * random.standard_normal()),
            se=float(error),
            events=crosses,
            target=float(TRUTH @ parts),
            low=float(TRUTH @ parts) - HALF,
            high=float(TRUTH @ parts) + HALF,
        )
        for name, parts in ((name, np.array(parts)) for name, parts in SUMS.items())
    ]


PROBLEM = Problem(free(), KINDS, measure)
