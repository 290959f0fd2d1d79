"""The search of one stage: CMA-ES (Hansen & Ostermeier 2001) over parameters that cannot leave their ranges.

Each parameter is a logistic function between 2 % and 98 % of its range, so no candidate needs repair. The state of the
search depends only on the losses it has received: the same losses in the same order restore it bit for bit, which is
how an interrupted calibration resumes.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.envs.world.parameter_table import TABLE

MARGIN = 0.02
"""Share of a range that candidates keep away from either bound."""
FIRST_STEP = 0.3
"""Standard deviation of the first generation on the logistic scale: 7 % of the range at its middle."""
PULL = 0.01
"""Loss added to a candidate that is one logistic unit from the start in every parameter."""
DIGITS = 3
"""Significant digits of a chosen value."""

Array = npt.NDArray[np.float64]
_RANGES = {parameter.name: (parameter.low, parameter.high) for parameter in TABLE}


class Search:
    """CMA-ES over the free parameters of a stage.

    Args:
        start: the free parameters by name, with their current values.
        seed: seed of the search, any number of integers.
    """

    def __init__(self, start: Mapping[str, float], seed: Sequence[int]) -> None:
        import cma

        self.names = tuple(start)
        ranges = np.array([_RANGES[name] for name in self.names])
        spread = ranges[:, 1] - ranges[:, 0]
        self._low, self._span = ranges[:, 0] + MARGIN * spread, (1 - 2 * MARGIN) * spread
        share = np.clip((np.array(list(start.values())) - self._low) / self._span, MARGIN, 1 - MARGIN)
        self._start = np.log(share / (1 - share))
        random = np.random.default_rng(list(seed))
        size = 2 * math.ceil((4 + 3 * math.log(len(self.names))) / 2)
        options: dict[str, Any] = {
            "popsize": size,
            "randn": lambda count, dimensions: random.standard_normal((count, dimensions)),
            "seed": math.nan,
            "verbose": -10,
            "verb_log": 0,
        }
        self._strategy = cma.CMAEvolutionStrategy(self._start, FIRST_STEP, options)
        self._asked: list[Array] = []

    def ask(self) -> list[dict[str, float]]:
        """The candidates of the next generation."""
        self._asked = self._strategy.ask()
        return [self._values(point) for point in self._asked]

    def tell(self, losses: Sequence[float]) -> None:
        """Update with the losses of the last candidates, in order; the pull towards the start is added here."""
        pulled = [
            loss + PULL * float(np.mean((point - self._start) ** 2))
            for loss, point in zip(losses, self._asked, strict=True)
        ]
        self._strategy.tell(self._asked, pulled)

    @property
    def size(self) -> int:
        """Number of candidates per generation."""
        return int(self._strategy.popsize)

    def mean(self) -> dict[str, float]:
        """The current mean of the search, rounded to `DIGITS` significant digits where the range allows."""
        return {name: self._rounded(i, value) for i, (name, value) in enumerate(self._values(self._centre()).items())}

    def place(self) -> list[float]:
        """The exact mean on the logistic scale, against which a restored search is checked."""
        return [float(x) for x in self._centre()]

    def _centre(self) -> Array:
        return np.asarray(self._strategy.mean, dtype=np.float64)

    def _values(self, point: Array) -> dict[str, float]:
        values = self._low + self._span / (1 + np.exp(-np.clip(point, -50.0, 50.0)))
        return {name: float(value) for name, value in zip(self.names, values, strict=True)}

    def _rounded(self, i: int, value: float) -> float:
        short = float(f"{value:.{DIGITS}g}")
        return short if self._low[i] <= short <= self._low[i] + self._span[i] else value
