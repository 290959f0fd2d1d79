"""Start from a rule: the policy learns to act like it, and its critic what acting so earns, before any PPO.

The rule plays with correlated noise on its actions while its own wish is recorded, so the policy also learns what
the rule would do a little off its path.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from stable_baselines3.common.policies import ActorCriticPolicy

from backpost.agents.agent import Agent

from .crossing_sb3 import CrossingVecEnv

PERSISTENCE = 0.95
"""Correlation of the noise from one decision to the next."""
BATCH = 4096
LEARNING_RATE = 2e-3

Progress = Callable[[], object]
"""Called after every pass."""


@dataclass(frozen=True)
class Demonstration:
    """What a rule saw, wished and earned: observations (m, SIZE), actions (m, 4), discounted returns (m,)."""

    observations: npt.NDArray[np.float32]
    actions: npt.NDArray[np.float32]
    returns: npt.NDArray[np.float32]

    def without_actions(self) -> "Demonstration":
        """The same crosses with no action wished for: what a correction of the rule starts from."""
        return replace(self, actions=np.zeros_like(self.actions))


def demonstrate(env: CrossingVecEnv, rule: Agent, crosses: int, noise: float, gamma: float) -> Demonstration:
    """Let a rule play at least `crosses` crosses, disturbed by noise of this standard deviation."""
    rng = np.random.default_rng(env.episode_seeds())
    observations = env.reset()
    rule.reset(env.episode_seeds())
    disturbance = noise * rng.standard_normal((env.num_envs, 4))
    seen, wished, earned, ended, finished = [], [], [], [], 0
    while finished < crosses:
        actions = rule.act(observations)
        seen.append(observations)
        wished.append(actions)
        fresh = noise * rng.standard_normal(disturbance.shape)
        disturbance = PERSISTENCE * disturbance + np.sqrt(1 - PERSISTENCE**2) * fresh
        env.step_async(np.clip(actions + disturbance, -1, 1).astype(np.float32))
        observations, rewards, dones, _ = env.step_wait()
        rule.restart(dones, env.episode_seeds())
        earned.append(rewards)
        ended.append(dones)
        finished += int(dones.sum())
    returns, whole = _returns(np.array(earned), np.array(ended), gamma)
    return Demonstration(np.array(seen)[whole], np.array(wished)[whole], returns[whole])


def imitate(policy: ActorCriticPolicy, shown: Demonstration, epochs: int, seed: int, progress: Progress) -> None:
    """Fit the policy's mean action to the rule's, and its value to the returns, by least squares."""
    generator = torch.Generator().manual_seed(seed)
    observations, actions, returns = (torch.as_tensor(a) for a in (shown.observations, shown.actions, shown.returns))
    optimizer = torch.optim.Adam(policy.parameters(), lr=LEARNING_RATE)
    count = len(returns)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, epochs * -(-count // BATCH))
    for _ in range(epochs):
        order = torch.randperm(count, generator=generator)
        for first in range(0, count, BATCH):
            rows = order[first : first + BATCH]
            mean, value = mean_and_value(policy, observations[rows])
            loss = torch.nn.functional.mse_loss(mean, actions[rows])
            loss = loss + 0.1 * torch.nn.functional.mse_loss(value, returns[rows])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
        progress()


def mean_and_value(policy: ActorCriticPolicy, observations: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean actions (m, 4) and values (m,) of a policy."""
    latent, critic = policy.mlp_extractor(policy.extract_features(observations))
    return policy.action_net(latent), policy.value_net(critic).flatten()


def _returns(
    rewards: npt.NDArray[np.float32], dones: npt.NDArray[np.bool_], gamma: float
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.bool_]]:
    """Discounted returns (time, n), and where they are whole because the cross was played to its end."""
    returns = np.zeros_like(rewards)
    whole = np.zeros_like(dones)
    ahead, known = np.zeros(rewards.shape[1]), np.zeros(rewards.shape[1], dtype=bool)
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] + gamma * np.where(dones[t], 0.0, ahead)
        known = known | dones[t]
        returns[t], whole[t] = ahead, known
    return returns, whole
