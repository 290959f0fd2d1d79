"""Before PPO: learn by least squares what a teacher would do, in crosses that the policy runs itself (DAgger).

The policy plays, the teacher says at every moment what he would do there, and the policy learns from all that was said
so far; then it plays again, better (Ross et al. 2011).
"""

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import torch

from backpost.agents.base.agent import Agent
from backpost.envs.interface import observation

from .corrections import SCALE, Corrections
from .learner import Reader

ROUND = 8_000
"""Crosses that are played before the policy learns from all that it has seen."""
THINNING = 4
EPOCHS = 10
BATCH = 1024
LEARNING_RATE = 2e-3

Floats = npt.NDArray[np.float32]
Lesson = tuple[Corrections, Agent]
"""Crosses of one kind, and the teacher for them."""


def imitate(learner: Reader, lessons: Sequence[Lesson], crosses: int, done: Callable[[], object]) -> None:
    """Fit the actor to the corrections that turn what the rule does into what the teacher would do.

    Args:
        learner: on crosses with a rule to correct.
        lessons: where it plays; each has an equal share of the crosses.
        crosses: how many are played, in rounds of about `ROUND`.
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


def _show(learner: Reader, env: Corrections, teacher: Agent, crosses: int) -> tuple[Floats, Floats]:
    """What the policy saw in so many crosses, and the corrections (m, 4) that the teacher wished for.

    Of the moments in which the teacher wished for none one in `THINNING` is kept.
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


def _fit(learner: Reader, seen: torch.Tensor, wished: torch.Tensor) -> None:
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
