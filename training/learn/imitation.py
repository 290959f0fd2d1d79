"""Before PPO: learn the actions of other policies by least squares, in crosses that the policy plays itself (DAgger).

The policy plays, the teacher labels every state with its own action, and the policy learns from all labels so far; then
it plays again, better (Ross et al. 2011).
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import torch

from backpost.agents.base.agent import Agent
from backpost.agents.policies.correction import SCALE
from backpost.envs.interface import observation

from .corrections import Corrections
from .learner_ppo import PPOLearner

ROUND = 8_000
"""Crosses played before the policy learns from all labels so far."""
THINNING = 4
EPOCHS = 10
BATCH = 1024
LEARNING_RATE = 2e-3

Floats = npt.NDArray[np.float32]
Lesson = tuple[Corrections, Agent]
"""Crosses of one scenario, and their teacher."""


def imitate(learner: PPOLearner, lessons: Sequence[Lesson], crosses: int, done: Callable[[], object]) -> None:
    """Fit the actor to the corrections that turn the rule's action into the teacher's.

    Args:
        learner: a learner on crosses with a rule to correct.
        lessons: scenarios and teachers; each gets an equal share of the crosses.
        crosses: number of crosses played, in rounds of about `ROUND`.
        done: called after every round.
    """
    seen: list[Floats] = []
    wished: list[Floats] = []
    rounds = -(-crosses // ROUND)
    for _ in range(rounds):
        for env, teacher in lessons:
            observations, corrections = _show(learner, env, teacher, -(-crosses // (rounds * len(lessons))))
            seen.append(observations)
            wished.append(corrections)
        _fit(learner, torch.as_tensor(np.concatenate(seen)), torch.as_tensor(np.concatenate(wished)))
        done()


def _show(learner: PPOLearner, env: Corrections, teacher: Agent, crosses: int) -> tuple[Floats, Floats]:
    """Observations of the policy in `crosses` crosses, and the corrections (m, 4) that the teacher wanted.

    Of the states in which the teacher wanted no correction, one in `THINNING` is kept.
    """
    observations = env.reset()
    teacher.reset(env.venv.episode_seeds())
    seen: list[Floats] = []
    wished: list[Floats] = []
    finished = 0
    while finished < crosses:
        wish = teacher.act(observations[:, : observation.SIZE])
        env.step_async(learner.model.predict(observations, deterministic=True)[0])
        corrections = (wish - env.rule_actions) / SCALE
        kept = np.asarray(corrections.any(axis=1))
        kept[len(seen) % THINNING :: THINNING] = True
        seen.append(observations[kept])
        wished.append(corrections[kept])
        observations, _, dones, _ = env.step_wait()
        teacher.restart(dones, env.venv.episode_seeds())
        finished += int(dones.sum())
    return np.concatenate(seen), np.concatenate(wished)


def _fit(learner: PPOLearner, seen: torch.Tensor, wished: torch.Tensor) -> None:
    """Least squares on the mean action."""
    optimizer = torch.optim.Adam(learner.actor(), LEARNING_RATE)
    steps = EPOCHS * -(-len(seen) // BATCH)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps)
    generator = torch.Generator().manual_seed(learner.config.seed)
    weights = torch.as_tensor(SCALE)
    for _ in range(EPOCHS):
        order = torch.randperm(len(seen), generator=generator)
        for first in range(0, len(seen), BATCH):
            rows = order[first : first + BATCH]
            loss = ((learner.mean(seen[rows]) - wished[rows]) * weights).square().mean()
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimizer.step()
            schedule.step()
