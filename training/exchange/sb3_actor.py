"""The actor of a model of Stable-Baselines3 or sb3-contrib, from its torch modules."""

from typing import Any

import torch
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.torch_layers import FlattenExtractor

from backpost.envs.common.errors import InvalidValue
from backpost.training.learn.learner import numbers

from .actor import Actor

_ACTIVATIONS = {torch.nn.Tanh: "tanh", torch.nn.ReLU: "relu"}


def sb3_actor(model: BaseAlgorithm) -> Actor:
    """The layers of the actor.

    Raises:
        InvalidValue: for an actor that is no multilayer perceptron of Tanh or ReLU layers.
    """
    name = type(model).__name__
    if type(getattr(model.policy, "actor", model.policy).features_extractor) is not FlattenExtractor:
        raise InvalidValue(f"{name} uses a features extractor of its own, which a policy file cannot hold")
    modules, squashed = _modules(model)
    linear = [module for module in modules if isinstance(module, torch.nn.Linear)]
    others = [module for module in modules[:-1] if not isinstance(module, torch.nn.Linear)]
    kinds = {type(module) for module in others}
    if len(kinds) != 1 or len(others) != len(linear) - 1 or not kinds <= set(_ACTIVATIONS):
        raise InvalidValue(f"the actor of {name} must be hidden layers with Tanh or with ReLU, and a linear output")
    layers = [(numbers(layer.weight), numbers(layer.bias)) for layer in linear]
    return Actor(layers, _ACTIVATIONS[kinds.pop()], squashed)


def _modules(model: BaseAlgorithm) -> tuple[list[torch.nn.Module], bool]:
    """The modules of the actor, output last, and whether a tanh follows."""
    policy: Any = model.policy
    if hasattr(policy, "mlp_extractor") and not hasattr(policy, "lstm_actor"):
        return [*policy.mlp_extractor.policy_net, policy.action_net], bool(policy.squash_output)
    actor: Any = getattr(policy, "actor", None)
    if isinstance(getattr(actor, "mu", None), torch.nn.Sequential) and isinstance(actor.mu[-1], torch.nn.Tanh):
        return list(actor.mu[:-1]), True  # TD3 and DDPG
    if hasattr(actor, "latent_pi") and isinstance(actor.mu, torch.nn.Linear):
        return [*actor.latent_pi, actor.mu], True  # SAC and TQC, except with gSDE, which clips the mean
    raise InvalidValue(
        f"the policy of {type(model).__name__} does not fit into a policy file; valid are MlpPolicy of PPO, A2C, SAC, "
        "TQC, TD3 and DDPG, the latter four without gSDE"
    )
