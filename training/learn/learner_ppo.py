"""PPO (Schulman et al. 2017), with a critic that may know how the cross went when a rule played it."""

import math
from typing import Any

import numpy as np
import torch
from stable_baselines3 import PPO

from backpost.agents.policies.correction import SCALE
from backpost.agents.policies.policy import Policy
from backpost.envs.common.errors import InvalidValue
from backpost.envs.interface import observation

from .hindsight import HindsightPolicy
from .learner import Floats, Learner, Mask, Updates, Weights, fold, layers, numbers


class HindsightPPO(Updates, PPO):
    """PPO whose policy is a `HindsightPolicy`."""

    policy: HindsightPolicy


class OnPolicyLearner(Learner):
    """What both kinds of PPO share."""

    def choices(self, policy: dict[str, Any]) -> dict[str, Any]:
        """Constructor arguments of the algorithm; `policy` has those for this algorithm's policy alone."""
        config = self.config
        return {
            "learning_rate": config.learning_rate,
            "n_steps": config.rollout,
            "batch_size": config.batch,
            "n_epochs": config.epochs,
            "gamma": config.gamma,
            "gae_lambda": config.gae_lambda,
            "clip_range": config.clip,
            "ent_coef": config.entropy,
            "target_kl": config.target_kl or None,
            "use_sde": config.noise == "gsde",
            "sde_sample_freq": config.noise_hold if config.noise == "gsde" else -1,
            "stats_window_size": 2000,
            "policy_kwargs": {"net_arch": list(config.hidden), "activation_fn": torch.nn.Tanh, **policy},
            "seed": config.seed,
            "device": "cpu",
        }

    def renew_noise(self) -> None:
        """Redraw the noise that gSDE holds."""
        self.model.policy.reset_noise(self.env.num_envs)

    def output(self) -> torch.nn.Linear:
        """The actor's last layer."""
        layer: torch.nn.Linear = self.model.policy.action_net
        return layer

    def scale_noise(self, seen: torch.Tensor) -> None:
        """Set the standard deviation; that of gSDE also grows with the size of the last hidden layer."""
        config = self.config
        size = math.sqrt(config.hidden[-1] / 3) if config.noise == "gsde" else 1.0
        torch.nn.init.constant_(self.model.policy.log_std, math.log(config.noise_scale / size))


class PPOLearner(OnPolicyLearner):
    """PPO with a critic that may see more than the actor.

    Its actor has no memory, so that it can be fitted to single observations.
    """

    model: HindsightPPO

    def make(self) -> HindsightPPO:
        """The algorithm with the settings of the configuration."""
        return HindsightPPO(HindsightPolicy, self.env, **self.choices({}))

    def explore(self, observations: Floats, opened: Mask) -> Floats:
        """Exploratory corrections (n, 4), unclipped."""
        with torch.no_grad():
            actions: Floats = self.model.policy(torch.as_tensor(observations))[0].numpy()
        return actions

    def mean(self, seen: torch.Tensor) -> torch.Tensor:
        """Corrections (m, 4) without exploration."""
        policy = self.model.policy
        mean: torch.Tensor = policy.action_net(policy.mlp_extractor.forward_actor(seen))
        return mean

    def actor(self) -> list[torch.nn.Parameter]:
        """The parameters behind `mean`."""
        policy = self.model.policy
        return [*policy.mlp_extractor.policy_net.parameters(), *policy.action_net.parameters()]

    def value(self, seen: torch.Tensor, corrections: torch.Tensor) -> torch.Tensor:
        """The critic's value estimate, (m, 1)."""
        return self.model.policy.predict_values(seen)

    def critic(self) -> list[torch.nn.Parameter]:
        """The parameters behind `value`."""
        policy = self.model.policy
        return [*policy.mlp_extractor.value_net.parameters(), *policy.value_net.parameters()]

    def weights(self) -> tuple[dict[str, Any], Weights]:
        """A multilayer perceptron."""
        extractor = self.model.policy.mlp_extractor
        weights = layers([*extractor.policy_net, self.output()])
        fold(weights, "hidden0.weight", "hidden0.bias", extractor.inputs)
        return {}, in_actions(weights)

    def take_over(self, policy: Policy) -> None:
        """Start from the actor of a policy that passed `check_start`; inputs must already be normalised."""
        inputs = self.model.policy.mlp_extractor.inputs
        mean, scale = (numbers(part[: observation.SIZE]) for part in (inputs.mean, inputs.scale))
        tensors = {name: array.astype(np.float64) for name, array in policy.weights.items()}
        tensors["hidden0.bias"] = tensors["hidden0.bias"] + tensors["hidden0.weight"] @ mean
        tensors["hidden0.weight"] = tensors["hidden0.weight"] / scale
        tensors["output.weight"] = tensors["output.weight"] / SCALE[:, None]
        tensors["output.bias"] = tensors["output.bias"] / SCALE
        for parameter, array in zip(self.actor(), tensors.values(), strict=True):
            parameter.data.copy_(torch.as_tensor(array))


def check_start(policy: Policy, hidden: tuple[int, ...]) -> None:
    """Check that training with these layers can start from this policy.

    Raises:
        InvalidValue: if its kind or its layers differ, or if it standardises its inputs otherwise.
    """
    made = policy.made_of
    if "input.mean" in policy.weights:
        raise InvalidValue("policy to start from must not come from another trainer's VecNormalize; train without it")
    if made.kind != "mlp" or made.activation != "tanh" or made.hidden != hidden:
        raise InvalidValue(
            f"policy to start from must be an mlp with tanh and hidden layers {list(hidden)}, "
            f"got {made.kind} with {made.activation} and {list(made.hidden)}"
        )


def in_actions(weights: Weights) -> Weights:
    """The weights with the scale of corrections folded into the last layer."""
    weights["output.weight"] *= SCALE[:, None]
    weights["output.bias"] *= SCALE
    return weights
