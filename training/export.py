"""From a torch policy to the file that everybody else reads."""

from dataclasses import asdict
from typing import Any

import numpy as np
import torch

from backpost.agents.agent import Rule
from backpost.agents.policy import Description, Policy
from backpost.envs import observation

from .corrections import SCALE
from .hindsight import HindsightPolicy


def exported(
    policy: HindsightPolicy, environment: str, rule: Rule | None = None, provenance: dict[str, Any] | None = None
) -> Policy:
    """A copy of the actor that needs no torch; the scales of inputs and output are multiplied into its layers.

    Args:
        policy: a multilayer perceptron with tanh activations, as `train` makes them.
        environment: registered id of what it was trained in.
        rule: the coaching rule that its output corrects, if any.
        provenance: how it was made.
    """
    modules = [*policy.mlp_extractor.policy_net, policy.action_net]
    layers = [layer for layer in modules if isinstance(layer, torch.nn.Linear)]
    names = [f"hidden{i}" for i in range(len(layers) - 1)] + ["output"]
    weights = {}
    for name, layer in zip(names, layers, strict=True):
        weights[f"{name}.weight"] = layer.weight.detach().numpy().astype(np.float64)
        weights[f"{name}.bias"] = layer.bias.detach().numpy().astype(np.float64)
    mean, scale = policy.mlp_extractor.mean.numpy(), policy.mlp_extractor.scale.numpy()
    weights["hidden0.weight"] *= scale[: observation.SIZE]
    weights["hidden0.bias"] -= weights["hidden0.weight"] @ mean[: observation.SIZE]
    weights["output.weight"] *= SCALE[:, None]
    weights["output.bias"] *= SCALE
    description = Description(
        environment=environment,
        hidden=tuple(layer.out_features for layer in layers[:-1]),
        base_rule=None if rule is None else {"name": rule.name, "numbers": asdict(rule.numbers)},
        provenance=provenance or {},
    )
    return Policy(description, {name: array.astype(np.float32) for name, array in weights.items()})
