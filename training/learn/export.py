"""Exports a learner, or a plain Stable-Baselines3 model, to a policy file."""

from dataclasses import asdict
from typing import Any

import numpy as np
import torch
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.torch_layers import FlattenExtractor

from backpost.agents.policies.policy import Description, Policy
from backpost.agents.policies.policy_file import LARGEST_LAYER, MOST_LAYERS
from backpost.agents.rules.rule import Rule
from backpost.envs.common.errors import InvalidValue
from backpost.envs.scenarios.registry import scenario

from .learner import Learner, Weights, layers
from .trained_spaces import check_trained_as_played

_ACTIVATIONS = {torch.nn.Tanh: "tanh", torch.nn.ReLU: "relu"}


def exported(
    learner: Learner, environment: str, rule: Rule | None = None, provenance: dict[str, Any] | None = None
) -> Policy:
    """A copy of the actor that does not need torch.

    Args:
        learner: the learner whose actor is copied.
        environment: registered id of the environment it was trained in.
        rule: the coaching rule that its output corrects, if any.
        provenance: how it was made.
    """
    kind, weights = learner.weights()
    description = Description(
        environment=environment,
        hidden=learner.config.hidden,
        base_rule=None if rule is None else {"name": rule.name, "numbers": asdict(rule.numbers)},
        provenance=provenance or {},
        **kind,
    )
    return _policy(description, weights)


def from_sb3(model: BaseAlgorithm, environment: str) -> Policy:
    """The actor of a model trained with plain Stable-Baselines3, as an agent to play, compare or `save`.

    Args:
        model: PPO or A2C, SAC, TQC, TD3 or DDPG, with an `MlpPolicy` of Tanh or ReLU layers, continuous actions and
            the environment's own observations, trained on the right wing: on the left wing a policy's observations and
            actions are mirrored.
        environment: name or registered id of the environment it was trained in.

    Raises:
        UnknownName: for an unknown environment.
        InvalidValue: for a model that no policy file can hold, or that was trained with other observations or actions.
    """
    name = type(model).__name__
    if not isinstance(model, BaseAlgorithm):
        raise InvalidValue(f"from_sb3 takes a model of Stable-Baselines3, got {name}")
    check_trained_as_played(model, environment)
    if type(getattr(model.policy, "actor", model.policy).features_extractor) is not FlattenExtractor:
        raise InvalidValue(f"{name} uses a features extractor of its own, which a policy file cannot hold")
    modules, squashed = _actor(model)
    hidden = [module for module in modules[:-1] if isinstance(module, torch.nn.Linear)]
    others = [module for module in modules[:-1] if not isinstance(module, torch.nn.Linear)]
    kinds = {type(module) for module in others}
    if len(kinds) != 1 or len(others) != len(hidden) or not kinds <= set(_ACTIVATIONS):
        raise InvalidValue(f"the actor of {name} must be hidden layers with Tanh or with ReLU, and a linear output")
    if len(hidden) > MOST_LAYERS or max(layer.out_features for layer in hidden) > LARGEST_LAYER:
        raise InvalidValue(f"the actor of {name} may have {MOST_LAYERS} hidden layers of {LARGEST_LAYER} units at most")
    weights = layers(modules)
    if squashed:
        weights["reach"] = np.ones(4)
    description = Description(
        environment=scenario(environment).id,
        kind="squashed" if squashed else "mlp",
        hidden=tuple(layer.out_features for layer in hidden),
        activation=_ACTIVATIONS[kinds.pop()],
        provenance={"trained by": f"stable_baselines3 {name}", "decisions": int(model.num_timesteps)},
    )
    return _policy(description, weights)


def _actor(model: BaseAlgorithm) -> tuple[list[torch.nn.Module], bool]:
    """The layers of the actor, output last, and whether a tanh follows."""
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


def _policy(description: Description, weights: Weights) -> Policy:
    return Policy(description, {name: array.astype(np.float32) for name, array in weights.items()})
