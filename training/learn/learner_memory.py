"""PPO with a memory: RecurrentPPO of sb3-contrib."""

import math
from typing import Any

import torch
from sb3_contrib import RecurrentPPO
from sb3_contrib.common.recurrent.type_aliases import RNNStates

from .learner import Floats, Mask, Updates, Weights, fold, layers, numbers
from .learner_ppo import OnPolicyLearner, in_actions
from .standardiser import StandardInputs


class MemoryPPO(Updates, RecurrentPPO):
    """RecurrentPPO that reports the end of an update."""


class MemoryLearner(OnPolicyLearner):
    """RecurrentPPO of sb3-contrib: the actor has a memory; the critic has none, so that it can be fitted."""

    model: Any

    def make(self) -> MemoryPPO:
        """The algorithm with the settings of the configuration."""
        self._memory: Any = None
        own = {
            "lstm_hidden_size": self.config.memory,
            "enable_critic_lstm": False,
            "features_extractor_class": StandardInputs,
        }
        return MemoryPPO("MlpLstmPolicy", self.env, **self.choices(own))

    def explore(self, observations: Floats, opened: Mask) -> Floats:
        """Exploratory corrections (n, 4), unclipped."""
        if self._memory is None:
            nothing = torch.zeros(1, len(observations), self.config.memory)
            self._memory = RNNStates((nothing, nothing), (nothing, nothing))
        with torch.no_grad():
            actions, _, _, self._memory = self.model.policy(
                torch.as_tensor(observations), self._memory, torch.as_tensor(opened, dtype=torch.float32)
            )
        weights: Floats = actions.numpy()
        return weights

    def value(self, seen: torch.Tensor, corrections: torch.Tensor) -> torch.Tensor:
        """The critic's value estimate, (m, 1); it needs no memory."""
        nothing = torch.zeros(1, 1, self.config.memory)
        expected: torch.Tensor = self.model.policy.predict_values(seen, (nothing, nothing), torch.zeros(1))
        return expected

    def critic(self) -> list[torch.nn.Parameter]:
        """The parameters behind `value`."""
        policy = self.model.policy
        modules = (policy.critic, policy.mlp_extractor.value_net, policy.value_net)
        return [parameter for module in modules for parameter in module.parameters()]

    def scale_noise(self, seen: torch.Tensor) -> None:
        """Set the standard deviation, as measured at the opening of a cross."""
        policy, nothing = self.model.policy, torch.zeros(1, len(seen), self.config.memory)
        with torch.no_grad():
            chances, _ = policy.get_distribution(seen, (nothing, nothing), torch.ones(len(seen)))
            policy.log_std += math.log(self.config.noise_scale / float(chances.distribution.stddev.mean()))

    def weights(self) -> tuple[dict[str, Any], Weights]:
        """A multilayer perceptron behind an LSTM."""
        policy = self.model.policy
        lstm = policy.lstm_actor
        weights = {
            "memory.input": numbers(lstm.weight_ih_l0),
            "memory.state": numbers(lstm.weight_hh_l0),
            "memory.bias": numbers(lstm.bias_ih_l0) + numbers(lstm.bias_hh_l0),
            **layers([*policy.mlp_extractor.policy_net, self.output()]),
        }
        fold(weights, "memory.input", "memory.bias", policy.features_extractor.inputs)
        return {"kind": "lstm", "memory": self.config.memory}, in_actions(weights)
