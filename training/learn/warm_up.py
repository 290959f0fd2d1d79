"""Fits the critic to the returns of exploration before the first update; otherwise the first advantages are noise."""

import numpy as np
import numpy.typing as npt
import torch

from .corrections import Corrections
from .learner import Learner

EPOCHS = 4
BATCH = 4096
LEARNING_RATE = 1e-3

Floats = npt.NDArray[np.float32]


def warm_up(learner: Learner, crosses: int) -> None:
    """Let the untrained policy explore until `crosses` crosses have ended, and fit its critic to the returns."""
    seen, done, earned = (torch.as_tensor(array) for array in explore(learner, crosses))
    optimizer = torch.optim.Adam(learner.critic(), LEARNING_RATE)
    generator = torch.Generator().manual_seed(learner.config.seed)
    for _ in range(EPOCHS):
        order = torch.randperm(len(earned), generator=generator)
        for first in range(0, len(earned), BATCH):
            rows = order[first : first + BATCH]
            expected = learner.value(seen[rows], done[rows])
            loss = (expected - earned[rows, None]).square().mean()
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
    for copy, original in learner.copies():
        copy.load_state_dict(original.state_dict())


def explore(learner: Learner, crosses: int) -> tuple[Floats, Floats, Floats]:
    """Observations (m, size), corrections (m, 4) and discounted returns (m,) of exploratory crosses that ended."""
    env, config = learner.env, learner.config
    observations, opened = env.reset(), np.ones(env.num_envs, bool)
    low, high = _bounds(env)
    seen: list[Floats] = []
    done: list[Floats] = []
    earned: list[Floats] = []
    ended: list[npt.NDArray[np.bool_]] = []
    finished = 0
    while finished < crosses:
        if config.noise == "gsde" and len(seen) % config.noise_hold == 0:
            learner.renew_noise()
        actions = np.clip(learner.explore(observations, opened), low, high)
        env.step_async(actions)
        seen.append(observations)
        done.append(actions)
        observations, rewards, opened, _ = env.step_wait()
        earned.append(rewards)
        ended.append(opened)
        finished += int(opened.sum())
    returns, whole = discounted(np.array(earned), np.array(ended), config.gamma)
    return np.array(seen)[whole], np.array(done)[whole], returns[whole]


def _bounds(env: Corrections) -> tuple[Floats, Floats]:
    space = env.action_space
    return space.low, space.high  # type: ignore[attr-defined]


def discounted(rewards: Floats, dones: npt.NDArray[np.bool_], gamma: float) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Discounted returns (time, n), and where they are complete because the cross was played to its end."""
    returns = np.zeros_like(rewards)
    whole = np.zeros_like(dones)
    ahead, complete = np.zeros(rewards.shape[1]), np.zeros(rewards.shape[1], dtype=bool)
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] + gamma * np.where(dones[t], 0.0, ahead)
        complete = complete | dones[t]
        returns[t], whole[t] = ahead, complete
    return returns, whole
