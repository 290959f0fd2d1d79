"""Inputs on one scale: a metre is a hundredth of the range of a place, and it decides who gets to the ball."""

from typing import Any

import gymnasium as gym
import torch
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor

SMALLEST_DEVIATION = 0.02
"""Inputs that vary less are not blown up."""


class Standardiser(torch.nn.Module):
    """Reads every input (m, size) as its distance from the mean, in standard deviations; at first as it is."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.mean: torch.Tensor
        self.scale: torch.Tensor
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("scale", torch.ones(size))

    def fit(self, seen: torch.Tensor) -> None:
        """From now on take mean and deviation of `seen` (m, size)."""
        self.mean.copy_(seen.mean(dim=0))
        deviation = seen.std(dim=0)
        self.scale.copy_(torch.where(deviation < SMALLEST_DEVIATION, 1.0, 1.0 / deviation))

    def forward(self, inputs: torch.Tensor) -> torch.Tensor:
        """The inputs (m, size) on one scale."""
        return (inputs - self.mean) * self.scale


class StandardInputs(BaseFeaturesExtractor):
    """The same as what Stable-Baselines3 calls a features extractor, for policies that are not ours."""

    def __init__(self, observation_space: gym.Space[Any]) -> None:
        size = (observation_space.shape or (1,))[0]
        super().__init__(observation_space, size)
        self.inputs = Standardiser(size)

    def forward(self, observations: torch.Tensor) -> torch.Tensor:
        """The observations (m, size) on one scale."""
        scaled: torch.Tensor = self.inputs(observations)
        return scaled
