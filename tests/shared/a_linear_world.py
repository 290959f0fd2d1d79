"""A small world to calibrate: every figure is a sum of parameters, each as a share of its range, and luck.

Beside them there are two figures of finishing, which are curved, and which situations show without luck.
"""

from collections.abc import Callable, Mapping, Sequence

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
FINISHING = ("header_error", "foot_error")
FINISHING_START = np.array([0.3, 0.6])
FINISHING_TRUTH = np.array([0.55, 0.4])
LUCK = 0.5
"""Standard deviation of a figure on one cross."""
KINDS = {name: Kind("rows" if name in "ab" else "cells", "sums") for name in SUMS}
KINDS |= {name: Kind("cells", "finishing") for name in ("x", "y")}

_TABLE = {parameter.name: parameter for parameter in TABLE}


def value(name: str, share: float) -> float:
    """The value at this share of a parameter's range."""
    return float(_TABLE[name].low + share * (_TABLE[name].high - _TABLE[name].low))


def shares(values: Mapping[str, float], names: Sequence[str] = NAMES) -> Array:
    """Where values lie in the ranges of their parameters, (parameters,)."""
    return np.array([(values[name] - value(name, 0.0)) / (value(name, 1.0) - value(name, 0.0)) for name in names])


def free(
    low: float = 0.0, high: float = 1.0, names: Sequence[str] = NAMES, start: Array = START
) -> tuple[FreeParameter, ...]:
    """The free parameters, bounded by these shares of their ranges."""
    return tuple(
        FreeParameter(
            name, value(name, share), value(name, low), value(name, high), STEP * (value(name, 1.0) - value(name, 0.0))
        )
        for name, share in zip(names, start, strict=True)
    )


def curved(here: Array) -> dict[str, float]:
    """The figures of finishing without luck, where its parameters are at these shares of their ranges."""
    return {"x": float(here[0] * here[1]), "y": float(np.exp(here[0] - here[1]))}


def measure(values: Mapping[str, float], block: Block) -> list[Figure]:
    """The figures of a block of crosses, whose luck is the block's own."""
    random, crosses = np.random.default_rng(block), block[2]
    error = LUCK / np.sqrt(crosses)
    figures = expected([block])(values)
    for name, parts in ((name, np.array(parts)) for name, parts in SUMS.items()):
        figures.append(figure(name, float(shares(values) @ parts), float(TRUTH @ parts), crosses, float(error)))
    return [each._replace(value=each.value + each.se * float(random.standard_normal())) for each in figures]


def contacts(values: Mapping[str, float], block: Block) -> Block:
    """The first contacts of a block are known by its name."""
    return block


def expected(blocks: Sequence[Block]) -> Callable[[Mapping[str, float]], list[Figure]]:
    """The figures of finishing that other parameters would have in these blocks."""
    crosses = sum(block[2] for block in blocks)
    true = curved(FINISHING_TRUTH)

    def of(values: Mapping[str, float]) -> list[Figure]:
        here = curved(shares(values, FINISHING))
        return [figure(name, here[name], true[name], crosses, LUCK / crosses**0.5) for name in here]

    return of


def figure(name: str, value: float, target: float, crosses: int, error: float) -> Figure:
    """A figure of so many crosses, its band around the target."""
    return Figure(name, value, error, crosses, target, target - HALF, target + HALF)


PROBLEM = Problem(free(), free(names=FINISHING, start=FINISHING_START), KINDS, measure, contacts, expected)
