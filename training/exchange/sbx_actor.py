"""The actor of a model of SBX, from its parameters; neither JAX nor anything of the model is run."""

from typing import Any

import numpy as np
from stable_baselines3.common.base_class import BaseAlgorithm

from backpost.envs.common.errors import InvalidValue

from .actor import Actor

_ENDINGS = {"PPO": (False, 0), "SAC": (True, 1), "TQC": (True, 1), "TD3": (True, 0), "DDPG": (True, 0)}
"""For each algorithm: whether a tanh follows the actor's output, and how many layers beside it are not the action's."""
_ACTIVATIONS = ("tanh", "relu")


def is_sbx(model: BaseAlgorithm) -> bool:
    """Whether the model keeps its actor as SBX does."""
    return hasattr(model.policy, "actor_state")


def sbx_actor(model: BaseAlgorithm) -> Actor:
    """The layers of the actor.

    Raises:
        InvalidValue: for an algorithm or an actor that no policy file can hold.
    """
    name = type(model).__name__
    policy: Any = model.policy
    if name not in _ENDINGS:
        raise InvalidValue(
            f"the policy of SBX's {name} does not fit into a policy file; valid are MlpPolicy of {', '.join(_ENDINGS)}"
        )
    squashed, others = _ENDINGS[name]
    parameters = dict(policy.actor_state.params["params"])
    parameters.pop("log_std", None)
    dense = [f"Dense_{i}" for i in range(len(parameters))]
    activation = getattr(getattr(policy.actor, "activation_fn", None), "__name__", "relu")
    if set(parameters) != set(dense) or activation not in _ACTIVATIONS:
        raise InvalidValue(
            f"the actor of SBX's {name} must be hidden layers with tanh or with relu, and a linear output; it has "
            f"{', '.join(sorted(parameters))} and {activation}"
        )
    layers = [
        (np.asarray(parameters[layer]["kernel"], np.float64).T, np.asarray(parameters[layer]["bias"], np.float64))
        for layer in dense[: len(dense) - others]
    ]
    if policy.squash_output and not squashed:  # its linear output is in units of the action's bounds
        weight, bias = layers[-1]
        bounds = np.asarray(model.action_space.high, np.float64)  # type: ignore[attr-defined]
        layers[-1] = weight * bounds[:, None], bias * bounds
    return Actor(layers, activation, squashed)
