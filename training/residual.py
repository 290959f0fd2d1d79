"""Learn a correction of a coaching rule: the policy's output is added to what the rule does."""

from typing import Any

import gymnasium as gym
import numpy as np
import numpy.typing as npt
from stable_baselines3.common.vec_env import VecEnvWrapper
from stable_baselines3.common.vec_env.base_vec_env import VecEnvStepReturn

from backpost.agents.agent import Rule
from backpost.agents.policy import corrected

from .crossing_sb3 import CrossingVecEnv


class CorrectedRule(VecEnvWrapper):
    """Crosses in which the rule runs and actions (n, 4) in [-2, 2] correct it; the sum is clipped to [-1, 1].

    Twice the range, so that a correction can turn any action of the rule into any other.
    """

    venv: CrossingVecEnv

    def __init__(self, venv: CrossingVecEnv, rule: Rule) -> None:
        super().__init__(venv, action_space=gym.spaces.Box(-2.0, 2.0, (4,), np.float32))
        self.rule = rule

    def reset(self) -> npt.NDArray[np.float32]:
        """Open the next crosses."""
        self._observations = self.venv.reset()
        self.rule.reset(self.venv.episode_seeds())
        return self._observations

    def step_async(self, actions: npt.NDArray[Any]) -> None:
        """Add the corrections to what the rule does."""
        self.venv.step_async(corrected(self.rule.act(self._observations), actions))

    def step_wait(self) -> VecEnvStepReturn:
        """One decision of all crosses."""
        self._observations, rewards, dones, infos = self.venv.step_wait()
        if dones.any():
            self.rule.restart(dones, self.venv.episode_seeds())
        return self._observations, rewards, dones, infos
