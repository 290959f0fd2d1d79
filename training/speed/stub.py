"""A vector environment that simulates nothing: the cost of PPO itself."""

from typing import Any

import gymnasium as gym
import numpy as np
import numpy.typing as npt
from stable_baselines3.common.vec_env import VecEnv
from stable_baselines3.common.vec_env.base_vec_env import VecEnvIndices, VecEnvObs, VecEnvStepReturn

LENGTH = 50
"""Decisions in an episode; episodes end in turn."""
POOL = 8


class StubVecEnv(VecEnv):
    """`count` environments with these spaces; observations come from a pool drawn once."""

    def __init__(self, count: int, observation_space: gym.Space[Any], action_space: gym.Space[Any]) -> None:
        self.render_mode = None
        shape = (POOL, count, *(observation_space.shape or ()))
        self._pool = np.random.default_rng(0).uniform(-1, 1, shape).astype(np.float32)
        self._nothing: list[dict[str, Any]] = [{} for _ in range(count)]
        self._time = 0
        super().__init__(count, observation_space, action_space)

    def reset(self) -> VecEnvObs:
        """Observations (n, SIZE)."""
        observations: npt.NDArray[np.float32] = self._pool[0].copy()
        return observations

    def step_async(self, actions: npt.NDArray[Any]) -> None:
        """Ignore the actions."""

    def step_wait(self) -> VecEnvStepReturn:
        """The next observations from the pool; one in `LENGTH` environments ends."""
        self._time += 1
        observations = self._pool[self._time % POOL].copy()
        dones = np.zeros(self.num_envs, bool)
        dones[self._time % LENGTH :: LENGTH] = True
        infos = self._nothing.copy()
        for i in np.flatnonzero(dones):
            infos[i] = {"terminal_observation": observations[i], "episode": {"r": 0.0, "l": LENGTH}}
        return observations, np.zeros(self.num_envs, np.float32), dones, infos

    def close(self) -> None:
        """Do nothing; no resources are held."""

    def get_attr(self, attr_name: str, indices: VecEnvIndices = None) -> list[Any]:
        """The attribute of the batch, for each environment."""
        return [getattr(self, attr_name)] * self.num_envs

    def set_attr(self, attr_name: str, value: Any, indices: VecEnvIndices = None) -> None:
        """Set an attribute of the batch."""
        setattr(self, attr_name, value)

    def env_method(self, method_name: str, *args: Any, indices: VecEnvIndices = None, **kwargs: Any) -> list[Any]:
        """Call a method of the batch, for each environment."""
        return [getattr(self, method_name)(*args, **kwargs)] * self.num_envs

    def env_is_wrapped(self, wrapper_class: type[Any], indices: VecEnvIndices = None) -> list[bool]:
        """No environment is wrapped."""
        return [False] * self.num_envs
