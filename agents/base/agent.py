"""The protocol of an agent: whoever decides for the runner."""

from typing import Protocol

import numpy as np
import numpy.typing as npt

from .view import Mask

Seeds = npt.NDArray[np.uint64]
Observations = npt.NDArray[np.float32]
Actions = npt.NDArray[np.float32]


class Agent(Protocol):
    """Whoever decides for the runner, in n crosses side by side; a row never depends on another."""

    name: str
    description: str

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses; `seeds` (n,) are their episode seeds (only an agent that rolls dice needs them)."""

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Open new crosses in the rows where `which` (n,) is true; `seeds` (n,) are read there only."""

    def act(self, observations: Observations) -> Actions:
        """Actions (n, 4) in [-1, 1], wanted velocity and facing, for observations (n, SIZE)."""
