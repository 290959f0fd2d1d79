"""A learned policy, loaded and evaluated without torch, and with no code in the file.

A multilayer perceptron, in some cases behind an LSTM; the action is clipped to [-1, 1]. A policy that was trained as a
correction of a coaching rule contains that rule with its numbers, and adds its output to the rule's action until the
cross is touched; the rule plays second balls alone. Policies are trained on the right wing; on the left wing,
observations and actions are mirrored.
"""

import os
from itertools import chain
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from backpost.agents.base.agent import Actions, Observations, Seeds
from backpost.agents.base.view import Mask, coming, wing
from backpost.agents.rules.registry import rule
from backpost.agents.rules.rule import Rule
from backpost.envs.common.errors import BackpostError, InvalidFile, ResetNeeded
from backpost.envs.interface import observation
from backpost.envs.world.compile import entry

from .policy_file import SUFFIX, Description, Weights, read, write

__all__ = ["SUFFIX", "Description", "Policy", "corrected"]

_ACROSS = np.array(
    [-1.0 if entry.name.endswith("_y") or entry.name == "wing" else 1.0 for entry in observation.LAYOUT], np.float32
)
"""Factors that mirror an observation to the other wing."""


def corrected(rule_actions: Actions, corrections: npt.NDArray[np.float32], observations: Observations) -> Actions:
    """Actions (n, 4) of a rule plus a policy's output until the first touch of the cross, clipped to [-1, 1]."""
    until_touched = coming(observations)[:, None]
    actions: Actions = np.clip(rule_actions + until_touched * corrections, -1.0, 1.0).astype(np.float32)
    return actions


class Policy:
    """An agent made of weights.

    Args:
        description: description of the network and its origin.
        weights: the tensors that `description.shapes()` names, float32.
        name: its name in tables.

    Raises:
        UnknownName, InvalidValue: for a base rule that does not exist in this version.
    """

    def __init__(self, description: Description, weights: Weights, name: str = "policy") -> None:
        self.made_of = description
        self.name = name
        self.weights = weights
        self._layers = [
            (np.ascontiguousarray(weights[f"{layer}.weight"].T), weights[f"{layer}.bias"])
            for layer in (*(f"hidden{i}" for i in range(len(description.hidden))), "output")
        ]
        self._gates = [
            np.ascontiguousarray(weights[f"memory.{name}"].T) for name in ("input", "state") if description.memory
        ]
        self._others = [weights[name] for name in ("memory.bias", "reach") if name in weights]
        self._state = self._cell = np.zeros((0, description.memory), np.float32)
        base = description.base_rule
        self.base: Rule | None = None if base is None else rule(base["name"], base["numbers"])
        self.description = "a learned policy" if base is None else f"a learned correction of {base['name']}"

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """The policy in a file.

        Raises:
            InvalidFile: if it is missing, too large, malformed, not finite, or of another version.
        """
        description, weights = read(path)
        try:
            return cls(description, weights, Path(path).stem)
        except BackpostError as error:
            raise InvalidFile(f"policy {os.fspath(path)} needs a base rule that this version lacks: {error}") from error

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the policy atomically.

        Raises:
            InvalidFile: if the weights do not fit their description or the file cannot be written.
        """
        write(path, self.made_of, self.weights)

    def identity(self) -> dict[str, Any]:
        """The network, its weights as used, and the rule that it corrects; not the name of its file."""
        return {
            "policy": {"kind": self.made_of.kind, "activation": self.made_of.activation, "memory": self.made_of.memory},
            "weights": [*chain.from_iterable(self._layers), *self._gates, *self._others],
            "base": self.base,
        }

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses."""
        self._state, self._cell = np.zeros((2, len(seeds), self.made_of.memory), np.float32)
        if self.base is not None:
            self.base.reset(seeds)

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Open new crosses in some rows, with an empty memory."""
        self._state[which], self._cell[which] = 0.0, 0.0
        if self.base is not None:
            self.base.restart(which, seeds)

    def act(self, observations: Observations) -> Actions:
        """Actions (n, 4) for observations (n, SIZE).

        Raises:
            ResetNeeded: if it was not reset for n crosses.
        """
        if len(self._state) != len(observations):
            raise ResetNeeded("act")
        left = wing(observations) < 0.0
        if left.any():
            observations = np.where(left[:, None], _ACROSS * observations, observations)
        output = self.output(observations)
        actions: Actions = np.clip(output, -1.0, 1.0)
        if self.base is not None:
            actions = corrected(self.base.act(observations), output, observations)
        actions[left, 1::2] *= -1.0
        return actions

    def output(self, observations: Observations) -> npt.NDArray[np.float32]:
        """The network's output (n, 4), before rule and clipping; updates the memory of an LSTM."""
        x = np.ascontiguousarray(observations, np.float32)
        if self.made_of.memory:
            x = self._remember(x)
        for matrix, bias in self._layers[:-1]:
            x = linear(x, matrix, bias)
            x = np.tanh(x) if self.made_of.activation == "tanh" else np.maximum(x, np.float32(0.0))
        output: npt.NDArray[np.float32] = linear(x, *self._layers[-1])
        return self.weights["reach"] * np.tanh(output) if self.made_of.kind == "squashed" else output

    def _remember(self, x: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """One step of the LSTM (Hochreiter & Schmidhuber 1997, with forget gates): its new state (n, memory)."""
        into, onward = self._gates
        gates = linear(x, into, self.weights["memory.bias"])
        gates += linear(self._state, onward, np.zeros(gates.shape[1], np.float32))
        entering, kept, new, shown = np.split(gates, 4, axis=1)
        self._cell = _sigmoid(kept) * self._cell + _sigmoid(entering) * np.tanh(new)
        self._state = _sigmoid(shown) * np.tanh(self._cell)
        return self._state


def _sigmoid(x: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Sigmoid by way of tanh, which never overflows."""
    half = np.float32(0.5)
    y: npt.NDArray[np.float32] = half * np.tanh(half * x) + half
    return y


@entry
def linear(x, matrix, bias):  # type: ignore[no-untyped-def]
    """One layer: x (n, inputs) times matrix (inputs, outputs) plus bias, summed in one fixed order.

    A library's matrix product sums in an order that depends on the number of rows; a policy must decide the same
    whether it plays one cross or a thousand.
    """
    y = np.empty((x.shape[0], matrix.shape[1]), np.float32)
    for i in range(x.shape[0]):
        y[i] = bias
        for k in range(matrix.shape[0]):
            value = x[i, k]
            for j in range(matrix.shape[1]):
                y[i, j] += value * matrix[k, j]
    return y
