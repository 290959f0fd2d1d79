"""Soft actor-critics: SAC (Haarnoja et al. 2018) and TQC (Kuznetsov et al. 2020, sb3-contrib).

They learn from a replay buffer. With hundreds of parallel crosses a step brings hundreds of decisions at once, so an
update is a rollout followed by a fixed number of gradient steps on large batches.
"""

import math
from typing import Any

import numpy as np
import torch
from sb3_contrib import TQC
from stable_baselines3 import SAC

from backpost.agents.policies.correction import SCALE

from .learner import Floats, Learner, Mask, Updates, Weights, fold, layers
from .standardiser import StandardInputs

ENTROPY = -2.0
"""Target entropy of a decision: a standard deviation of about .15 in every component."""
FIRST_TEMPERATURE = "auto_0.02"
"""Initial weight of the entropy, adapted later. With much less, the squashed mean runs to its bounds."""
FIRST_DECISIONS = 100
"""Decisions per environment before the first update, so that whole crosses have been stored."""

WIDEST = np.array([1.0, 1.0, 0.3, 0.3], np.float32)
"""Largest correction of a rule. Exploration scales with it, and a body that turns at random slows every run."""


class UpdatingSAC(Updates, SAC):
    """SAC that reports the end of an update."""


class UpdatingTQC(Updates, TQC):
    """TQC that reports the end of an update."""


class SACLearner(Learner):
    """SAC."""

    algorithm: type[SAC] | type[TQC] = UpdatingSAC
    model: Any

    def make(self) -> SAC | TQC:
        """The algorithm with the settings of the configuration."""
        config = self.config
        self.log_interval = 2 * config.envs
        gsde = config.noise == "gsde"
        return self.algorithm(
            "MlpPolicy",
            self.env,
            learning_rate=config.learning_rate,
            buffer_size=config.replay,
            learning_starts=FIRST_DECISIONS * config.envs if gsde else 0,
            use_sde_at_warmup=True,
            batch_size=config.batch,
            tau=config.tau,
            gamma=config.gamma,
            train_freq=(config.rollout, "step"),
            gradient_steps=config.gradient_steps,
            n_steps=config.n_step,
            ent_coef=FIRST_TEMPERATURE,
            target_entropy=ENTROPY,
            use_sde=gsde,
            sde_sample_freq=config.noise_hold if gsde else -1,
            stats_window_size=2000,
            policy_kwargs={
                "net_arch": list(config.hidden),
                "features_extractor_class": StandardInputs,
                "clip_mean": 0.0,
            },
            seed=config.seed,
            device="cpu",
        )

    def explore(self, observations: Floats, opened: Mask) -> Floats:
        """Exploratory corrections (n, 4)."""
        actions: Floats = self.model.predict(observations, deterministic=False)[0]
        return actions

    def renew_noise(self) -> None:
        """Redraw the noise that gSDE holds."""
        self.model.actor.reset_noise(self.env.num_envs)

    def value(self, seen: torch.Tensor, corrections: torch.Tensor) -> torch.Tensor:
        """The critics' value estimates, (m, critics) or (m, critics x quantiles)."""
        values = self.model.critic(seen, corrections / self._reach())
        return torch.cat(values, dim=1) if isinstance(values, tuple) else values.flatten(1)

    def critic(self) -> list[torch.nn.Parameter]:
        """The parameters behind `value`."""
        return list(self.model.critic.parameters())

    def copies(self) -> list[tuple[torch.nn.Module, torch.nn.Module]]:
        """The target networks, which then follow the critics slowly."""
        return [(self.model.critic_target, self.model.critic)]

    def output(self) -> torch.nn.Linear:
        """The actor's last layer."""
        layer: torch.nn.Linear = self.model.actor.mu
        return layer

    def scale_noise(self, seen: torch.Tensor) -> None:
        """Set the standard deviation; that of gSDE also grows with the output of the last hidden layer."""
        actor, deviation = self.model.actor, self.config.noise_scale / float(self._reach()[0])
        with torch.no_grad():
            if self.config.noise == "gsde":
                size = float(self._latent(seen).square().sum(dim=1).mean().sqrt())
                actor.log_std.fill_(math.log(deviation / size))
            else:
                actor.log_std.weight.zero_()
                actor.log_std.bias.fill_(math.log(deviation))

    def weights(self) -> tuple[dict[str, Any], Weights]:
        """A squashed multilayer perceptron."""
        actor = layers([*self.model.actor.latent_pi, self.output()])
        fold(actor, "hidden0.weight", "hidden0.bias", self.model.actor.features_extractor.inputs)
        reach = self._reach().numpy().astype(np.float64) * SCALE
        return {"kind": "squashed", "activation": "relu"}, actor | {"reach": reach}

    def _latent(self, seen: torch.Tensor) -> torch.Tensor:
        actor = self.model.actor
        latent: torch.Tensor = actor.latent_pi(actor.extract_features(seen, actor.features_extractor))
        return latent

    def _reach(self) -> torch.Tensor:
        """The largest correction of each component (4,)."""
        return torch.as_tensor(self.model.action_space.high)


class TQCLearner(SACLearner):
    """TQC."""

    algorithm = UpdatingTQC
