"""A learner: an algorithm of Stable-Baselines3, with what every algorithm needs before, during and after training."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from stable_baselines3.common.base_class import BaseAlgorithm

from .configuration import Configuration
from .corrections import Corrections
from .standardiser import Standardiser

Floats = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Weights = dict[str, npt.NDArray[np.float64]]


class Updates:
    """Mixin for an algorithm: calls `after_update` when an update is complete and its state consistent.

    Only at this moment can a run be saved, not in a callback between a step and its storage.
    """

    after_update: Callable[[], None]

    def train(self, *args: Any, **kwargs: Any) -> None:
        """One update."""
        super().train(*args, **kwargs)  # type: ignore[misc]
        self.after_update()

    def _update_info_buffer(self, infos: list[dict[str, Any]], dones: Mask | None = None) -> None:
        """Process the infos of crosses that ended; those of all others are empty."""
        ended = [info for info in infos if info]
        super()._update_info_buffer(ended, np.ones(len(ended), bool))  # type: ignore[misc]


class Learner(ABC):
    """One algorithm on one environment.

    Args:
        config: settings of the run.
        env: the crosses, `config.envs` in number.

    Attributes:
        model: the algorithm; its `after_update` is called at the end of every update.
        log_interval: argument of its `learn`: updates, or crosses, between two points of the curves.
    """

    model: Any
    log_interval = 1

    def __init__(self, config: Configuration, env: Corrections) -> None:
        self.config, self.env = config, env
        self.model = self.make()
        self.model.after_update = lambda: None

    @abstractmethod
    def make(self) -> BaseAlgorithm:
        """The algorithm with the settings of the configuration."""

    @abstractmethod
    def explore(self, observations: Floats, opened: Mask) -> Floats:
        """Exploratory corrections (n, 4), unclipped; crosses in the mask `opened` (n,) have just begun."""

    @abstractmethod
    def renew_noise(self) -> None:
        """Redraw the noise that is held for some decisions."""

    @abstractmethod
    def value(self, seen: torch.Tensor, corrections: torch.Tensor) -> torch.Tensor:
        """The critic's k value estimates (m, k) for observations (m, size) and corrections (m, 4)."""

    @abstractmethod
    def critic(self) -> list[torch.nn.Parameter]:
        """The parameters behind `value`."""

    @abstractmethod
    def output(self) -> torch.nn.Linear:
        """The actor's last layer; if it is zero, the rule is not corrected."""

    @abstractmethod
    def scale_noise(self, seen: torch.Tensor) -> None:
        """Set the standard deviation of exploration to `config.noise_scale`, for observations like these (m, size)."""

    @abstractmethod
    def weights(self) -> tuple[dict[str, Any], Weights]:
        """The actor in the form of `policy_file`: its description and its tensors, all scales included."""

    def copies(self) -> list[tuple[torch.nn.Module, torch.nn.Module]]:
        """Networks that start as copies of the critic's, each paired with its original."""
        return []

    def normalise(self, seen: Floats) -> None:
        """Standardise all inputs, from observations (m, size)."""
        for module in self.model.policy.modules():
            if isinstance(module, Standardiser):
                module.fit(torch.as_tensor(seen))


def layers(modules: list[torch.nn.Module]) -> Weights:
    """The tensors of a multilayer perceptron, by their names in a policy file."""
    linear = [module for module in modules if isinstance(module, torch.nn.Linear)]
    names = [f"hidden{i}" for i in range(len(linear) - 1)] + ["output"]
    weights: Weights = {}
    for name, layer in zip(names, linear, strict=True):
        weights[f"{name}.weight"] = numbers(layer.weight)
        weights[f"{name}.bias"] = numbers(layer.bias)
    return weights


def fold(weights: Weights, weight: str, bias: str, inputs: Standardiser) -> None:
    """Fold the standardisation of the inputs into the layer that reads them; further inputs are only for a critic."""
    size = weights[weight].shape[1]
    weights[weight] *= numbers(inputs.scale[:size])
    weights[bias] -= weights[weight] @ numbers(inputs.mean[:size])


def numbers(tensor: torch.Tensor) -> npt.NDArray[np.float64]:
    """A NumPy copy."""
    return tensor.detach().numpy().astype(np.float64)
