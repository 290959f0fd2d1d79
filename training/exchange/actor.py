"""The actor of another trainer's model, whatever it was made with: layers of numbers."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


class Actor(NamedTuple):
    """A multilayer perceptron.

    Attributes:
        layers: weight (outputs, inputs) and bias (outputs,) of every layer, the output's last.
        activation: of the hidden layers, "tanh" or "relu".
        squashed: whether a tanh follows the output.
    """

    layers: list[tuple[Numbers, Numbers]]
    activation: str
    squashed: bool

    @property
    def hidden(self) -> tuple[int, ...]:
        """Units of the hidden layers."""
        return tuple(len(bias) for _, bias in self.layers[:-1])

    def weights(self) -> dict[str, Numbers]:
        """The tensors by their names in a policy file."""
        names = [f"hidden{i}" for i in range(len(self.layers) - 1)] + ["output"]
        tensors: dict[str, Any] = {}
        for name, (weight, bias) in zip(names, self.layers, strict=True):
            tensors |= {f"{name}.weight": weight.copy(), f"{name}.bias": bias.copy()}
        return tensors
