"""What a policy learns: a correction added to a coaching rule's action, or the whole action from scratch."""

from collections.abc import Iterator, Mapping
from typing import Any

import gymnasium as gym
import numpy as np
import numpy.typing as npt
from stable_baselines3.common.vec_env import VecEnvWrapper

from backpost.agents.policies.correction import ANY, SCALE, correction_space
from backpost.agents.policies.policy import corrected
from backpost.agents.rules.rule import Rule

from .crossing_sb3 import CrossingVecEnv, Step
from .hindsight import KNOWN, MOST, Hindsight


class Corrections(VecEnvWrapper):
    """Crosses in which actions (n, 4), times `SCALE`, correct a rule; the sum is clipped to [-1, 1].

    Args:
        venv: the crosses.
        rule: the rule to correct; without a rule the correction is the action.
        hindsight: extra inputs for the critic, appended to the observation.
        widest: the largest correction of a rule (4,), in units of the action.
    """

    venv: CrossingVecEnv

    def __init__(
        self,
        venv: CrossingVecEnv,
        rule: Rule | None,
        hindsight: Hindsight | None = None,
        widest: npt.NDArray[np.float32] = ANY,
    ) -> None:
        seen = venv.crosses.observation_space
        if hindsight is not None:
            most = np.full(KNOWN, MOST, np.float32)
            seen = gym.spaces.Box(np.append(seen.low, -most), np.append(seen.high, most), dtype=np.float32)
        super().__init__(venv, seen, correction_space(widest if rule is not None else ANY / 2.0))
        self.rule, self._hindsight = rule, hindsight

    def reset(self) -> npt.NDArray[np.float32]:
        """Open the next crosses."""
        self._observations = self.venv.reset()
        if self.rule is not None:
            self.rule.reset(self.venv.episode_seeds())
        return self._seen()

    def step_async(self, actions: npt.NDArray[Any]) -> None:
        """Add the corrections to the rule's actions."""
        corrections = actions * SCALE
        if self.rule is None:
            self.venv.step_async(np.clip(corrections, -1.0, 1.0))
        else:
            self.rule_actions = self.rule.act(self._observations)
            self.venv.step_async(corrected(self.rule_actions, corrections, self._observations))

    def step_wait(self) -> Step:
        """One decision in every cross."""
        self._observations, rewards, dones, infos = self.venv.step_wait()
        if self.rule is not None and dones.any():
            self.rule.restart(dones, self.venv.episode_seeds())
        return self._seen(), rewards, dones, infos

    def state(self) -> dict[str, Any]:
        """All mutable state, for a checkpoint; a rule keeps its memory in arrays only."""
        return {
            "crosses": self.venv.state(),
            "rule": {name: array.copy() for name, array in _arrays(self.rule)},
            "hindsight": None if self._hindsight is None else self._hindsight.state(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore a saved state.

        Raises:
            InvalidValue: if the records have another layout than this version's.
        """
        self.venv.restore(state["crosses"])
        for name, array in state["rule"].items():
            setattr(self.rule, name, np.asarray(array).copy())
        if self._hindsight is not None:
            self._hindsight.restore(state["hindsight"])
        self._observations = self.venv.crosses.observe()

    def _seen(self) -> npt.NDArray[np.float32]:
        """The learner's input: the observation (n, SIZE), followed by the critic's extra inputs."""
        if self._hindsight is None:
            return self._observations
        hints = self._hindsight.of(self.venv.streams.episodes.astype(np.int64) - 1)
        return np.concatenate([self._observations, hints], axis=1)


def _arrays(rule: Rule | None) -> Iterator[tuple[str, npt.NDArray[Any]]]:
    """The arrays in which a rule keeps its memory of the crosses that it plays."""
    remembered = {} if rule is None else vars(rule)
    return ((name, value) for name, value in remembered.items() if isinstance(value, np.ndarray))
