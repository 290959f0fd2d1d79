"""Before PPO: learn to read the flight better than a rule does.

A rule goes where the runner reads that the ball comes into reach, and he misreads; yet where it really comes down
follows from the ball's place and velocity, which the observation shows too. So the policy first learns, by least
squares on crosses that it runs itself (DAgger, Ross et al. 2011), the correction that turns the rule's action into
what the same rule would do if he read without error. Nothing of luck, and nothing before the strike, is told.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import torch

from backpost.agents.agent import Rule
from backpost.envs import observation
from backpost.envs.crosses import Crosses
from backpost.envs.world import RUNNER

from .corrections import SCALE
from .learner import Reader

ROUNDS = 2
"""Times that the policy plays and learns from what it then saw."""
THINNING = 4
EPOCHS = 10
BATCH = 1024
LEARNING_RATE = 2e-3

_READ = [observation.index("read_x"), observation.index("read_y")]

Floats = npt.NDArray[np.float32]


def learn_to_read(learner: Reader, teacher: Rule, crosses: int, done: Callable[[], object]) -> None:
    """Fit the actor to the corrections of a teacher, the env's rule reading without error.

    Args:
        learner: on crosses with a rule to correct.
        teacher: another copy of that rule.
        crosses: how many are played, in `ROUNDS` rounds.
        done: called after every round.
    """
    seen: list[Floats] = []
    wished: list[Floats] = []
    for _ in range(ROUNDS):
        observations, corrections = _show(learner, teacher, crosses // ROUNDS)
        seen.append(observations)
        wished.append(corrections)
        _fit(learner, torch.as_tensor(np.concatenate(seen)), torch.as_tensor(np.concatenate(wished)))
        done()


def sharpened(observations: Floats, crosses: Crosses) -> Floats:
    """The observations (n, SIZE) of these crosses as they were without the runner's reading error."""
    runner = crosses.worlds["players"][:, RUNNER]
    sharp = observations.copy()
    for column, name, side in zip(_READ, ("read_x", "read_y"), (1.0, crosses.sides()), strict=True):
        miss = runner["read_error"] * runner["arrives"] * runner[name] * side
        sharp[:, column] -= (miss / observation.SCALES[column]) * (observations[:, column] != 0.0)
    return sharp


def _show(learner: Reader, teacher: Rule, crosses: int) -> tuple[Floats, Floats]:
    """What the policy saw in so many crosses, and the corrections (m, 4) that the teacher wished for.

    Of the moments in which the teacher wished for none one in `THINNING` is kept.
    """
    env = learner.env
    observations = env.reset()
    teacher.reset(env.venv.episode_seeds())
    seen: list[Floats] = []
    wished: list[Floats] = []
    finished = 0
    while finished < crosses:
        wish = teacher.act(sharpened(observations[:, : observation.SIZE], env.venv.crosses))
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
