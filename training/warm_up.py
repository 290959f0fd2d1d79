"""Before any update of the policy its critic learns what exploring so earns; else the first advantages are noise."""

import numpy as np
import numpy.typing as npt
import torch

from .corrections import Corrections
from .hindsight import HindsightPPO

EPOCHS = 4
BATCH = 4096
LEARNING_RATE = 1e-3

Floats = npt.NDArray[np.float32]


def warm_up(model: HindsightPPO, env: Corrections, crosses: int) -> None:
    """Let the untrained policy explore until `crosses` crosses have ended, and fit its critic to the returns."""
    observations, returns = explore(model, env, crosses)
    seen, earned = torch.as_tensor(observations), torch.as_tensor(returns)
    policy = model.policy
    optimizer = torch.optim.Adam(
        [*policy.mlp_extractor.value_net.parameters(), *policy.value_net.parameters()], LEARNING_RATE
    )
    generator = torch.Generator().manual_seed(int(model.seed or 0))
    for _ in range(EPOCHS):
        order = torch.randperm(len(earned), generator=generator)
        for first in range(0, len(earned), BATCH):
            rows = order[first : first + BATCH]
            loss = torch.nn.functional.mse_loss(policy.predict_values(seen[rows]).flatten(), earned[rows])
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()


def explore(model: HindsightPPO, env: Corrections, crosses: int) -> tuple[Floats, Floats]:
    """Observations (m, SIZE) and discounted returns (m,) of the crosses that the exploring policy plays to the end."""
    observations = env.reset()
    seen: list[Floats] = []
    earned: list[Floats] = []
    ended: list[npt.NDArray[np.bool_]] = []
    finished = 0
    while finished < crosses:
        if model.use_sde and len(seen) % max(model.sde_sample_freq, 1) == 0:
            model.policy.reset_noise(env.num_envs)
        with torch.no_grad():
            actions = model.policy(torch.as_tensor(observations))[0].numpy()
        env.step_async(np.clip(actions, env.action_space.low, env.action_space.high))  # type: ignore[attr-defined]
        seen.append(observations)
        observations, rewards, dones, _ = env.step_wait()
        earned.append(rewards)
        ended.append(dones)
        finished += int(dones.sum())
    returns, whole = discounted(np.array(earned), np.array(ended), model.gamma)
    return np.array(seen)[whole], returns[whole]


def discounted(rewards: Floats, dones: npt.NDArray[np.bool_], gamma: float) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Discounted returns (time, n), and where they are whole because the cross was played to its end."""
    returns = np.zeros_like(rewards)
    whole = np.zeros_like(dones)
    ahead, known = np.zeros(rewards.shape[1]), np.zeros(rewards.shape[1], dtype=bool)
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] + gamma * np.where(dones[t], 0.0, ahead)
        known = known | dones[t]
        returns[t], whole[t] = ahead, known
    return returns, whole
