"""Standardised inputs: a metre is a hundredth of the range of a position, yet it decides who gets to the ball."""

from typing import Any

import gymnasium as gym
import torch
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor

SMALLEST_DEVIATION = 0.02
"""Lower bound on the standard deviation, so that inputs that hardly vary are not amplified."""


class Standardiser(torch.nn.Module):
    """Standardises every input (m, size) by mean and standard deviation; the identity until fitted."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.mean: torch.Tensor
        self.scale: torch.Tensor
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("scale", torch.ones(size))

    def fit(self, seen: torch.Tensor) -> None:
        """Set mean and standard deviation from `seen` (m, size)."""
        self.mean.copy_(seen.mean(dim=0))
        deviation = seen.std(dim=0)
        self.scale.copy_(torch.where(deviation < SMALLEST_DEVIATION, 1.0, 1.0 / deviation))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """The standardised inputs (m, size)."""
        return (inputs - self.mean) * self.scale


class StandardInputs(BaseFeaturesExtractor):
    """The same as a features extractor of Stable-Baselines3, for its own policies."""

    def __init__(self, observation_space: gym.Space[Any]) -> None:
        size = (observation_space.shape or (1,))[0]
        super().__init__(observation_space, size)
        self.inputs = Standardiser(size)

    def forward(self, observations: torch.Tensor) -> torch.Tensor:
        """The standardised observations (m, size)."""
        scaled: torch.Tensor = self.inputs(observations)
        return scaled
