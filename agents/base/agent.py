"""The protocol of an agent, which controls the runner."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from .view import Mask

Seeds = npt.NDArray[np.uint64]
Observations = npt.NDArray[np.float32]
Actions = npt.NDArray[np.float32]


class Agent(Protocol):
    """Controls the runner in n parallel crosses; no row depends on another."""

    name: str
    description: str

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses; `seeds` (n,) are their episode seeds (needed only by an agent that draws random numbers)."""

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Open new crosses in the rows where `which` (n,) is true; `seeds` (n,) are read there only."""

    def act(self, observations: Observations) -> Actions:
        """Actions (n, 4) in [-1, 1], wanted velocity and facing, for observations (n, SIZE)."""
