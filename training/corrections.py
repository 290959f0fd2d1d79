"""What a policy learns: a correction that is added to a coaching rule's action, or the whole action from scratch."""

from typing import Any

import gymnasium as gym
import numpy as np
import numpy.typing as npt
from stable_baselines3.common.vec_env import VecEnvWrapper

from backpost.agents.agent import Rule
from backpost.agents.policy import corrected

from .crossing_sb3 import CrossingVecEnv, Step
from .hindsight import KNOWN, MOST, Hindsight

SCALE = np.array([1.0, 1.0, 0.1, 0.1], np.float32)
"""Action that one unit of the policy's output stands for: wanted velocity, wanted facing.

A facing shorter than .1 means "face where you run". Exploration on a larger scale would turn the runner's body at
random, and so slow down every run that it explores.
"""


class Corrections(VecEnvWrapper):
    """Crosses in which a rule runs and actions (n, 4), times `SCALE`, correct it; the sum is clipped to [-1, 1].

    The action space is wide enough to turn any action of the rule into any other. Without a rule the correction is
    the action.
    """

    venv: CrossingVecEnv

    def __init__(self, venv: CrossingVecEnv, rule: Rule | None, hindsight: Hindsight | None = None) -> None:
        widest = (2.0 if rule is not None else 1.0) / SCALE
        seen = venv.crosses.observation_space
        if hindsight is not None:
            most = np.full(KNOWN, MOST, np.float32)
            seen = gym.spaces.Box(np.append(seen.low, -most), np.append(seen.high, most), dtype=np.float32)
        super().__init__(venv, seen, gym.spaces.Box(-widest, widest, dtype=np.float32))
        self.rule, self._hindsight = rule, hindsight

    def reset(self) -> npt.NDArray[np.float32]:
        """Open the next crosses."""
        self._observations = self.venv.reset()
        if self.rule is not None:
            self.rule.reset(self.venv.episode_seeds())
        return self._seen()

    def step_async(self, actions: npt.NDArray[Any]) -> None:
        """Add the corrections to what the rule does."""
        corrections = actions * SCALE
        if self.rule is None:
            self.venv.step_async(np.clip(corrections, -1.0, 1.0))
        else:
            self.rule_actions = self.rule.act(self._observations)
            self.venv.step_async(corrected(self.rule_actions, corrections, self._observations))

    def step_wait(self) -> Step:
        """One decision of all crosses."""
        self._observations, rewards, dones, infos = self.venv.step_wait()
        if self.rule is not None and dones.any():
            self.rule.restart(dones, self.venv.episode_seeds())
        return self._seen(), rewards, dones, infos

    def _seen(self) -> npt.NDArray[np.float32]:
        """What the learner gets: the observation (n, SIZE), and behind it what only its critic may use."""
        if self._hindsight is None:
            return self._observations
        known = self._hindsight.of(self.venv.streams.episodes.astype(np.int64) - 1)
        return np.concatenate([self._observations, known], axis=1)
