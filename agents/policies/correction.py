"""Learn a correction of a coaching rule with any trainer: Gymnasium wrappers whose actions are added to the rule's.

A cross is mostly luck, so a learner from scratch needs long to find a run at all. A learner that starts at zero
correction starts with the run that the rule makes, and only has to make it better:

    env = CorrectRule(gym.make("backpost/OpenPlay-v0"), "early-back-post")

The environments that `backpost train` learns in correct a rule in the same way, with the same numbers.
"""

from typing import Any

import gymnasium as gym
import numpy as np
import numpy.typing as npt
from gymnasium.vector import AutoresetMode, VectorEnv, VectorWrapper

from backpost.agents.rules.registry import RULE_TYPES
from backpost.agents.rules.rule import Rule
from backpost.envs.common.errors import InvalidValue, quoted
from backpost.envs.crosses import Crosses
from backpost.envs.scenarios.registry import scenario

from .policy import corrected

SCALE = np.array([1.0, 1.0, 0.1, 0.1], np.float32)
"""Change of the action per unit of a correction: wanted velocity, wanted facing.

A facing vector shorter than .1 means "face where you run". Exploration on a larger scale would turn the runner's body
at random, and so slow down every run.
"""
ANY = np.array([2.0, 2.0, 2.0, 2.0], np.float32)
"""Corrections of this size can turn any action of a rule into any other."""

Mask = npt.NDArray[np.bool_]
Observations = npt.NDArray[np.float32]


def correction_space(largest: npt.NDArray[np.float32] = ANY) -> gym.spaces.Box:
    """The space of corrections (4,), in units of `SCALE`; `largest` is in units of the action."""
    reach = np.asarray(largest, np.float32) / SCALE
    return gym.spaces.Box(-reach, reach, dtype=np.float32)


class CorrectRule(
    gym.Wrapper[Observations, Any, Observations, Any],
    gym.utils.RecordConstructorArgs,
):
    """One cross, in which the action corrects a coaching rule until the first touch; then the rule acts alone.

    Args:
        env: an environment of this package with continuous actions and its own observations; wrappers that change
            observations or rewards go around this one.
        rule: the name of a coaching rule, with the numbers tuned for the environment's scenario, or a rule.

    Attributes:
        rule: the rule.

    Raises:
        UnknownName: for an unknown rule.
        InvalidValue: for an environment with other observations or actions.
    """

    def __init__(self, env: gym.Env[Any, Any], rule: str | Rule) -> None:
        self.rule = _rule(rule, env)
        _check(env.observation_space, env.action_space, self.rule)
        # Gymnasium makes an environment again from its spec, wrappers included.
        gym.utils.RecordConstructorArgs.__init__(self, rule=rule)
        gym.Wrapper.__init__(self, env)
        self.action_space = correction_space()

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observations, dict[str, Any]]:
        """Start an episode; see the environment."""
        observation, info = self.env.reset(seed=seed, options=options)
        self.rule.reset(np.zeros(1, np.uint64))
        self._observation = observation
        return observation, info

    def step(self, action: npt.NDArray[np.float32]) -> tuple[Observations, Any, bool, bool, dict[str, Any]]:
        """Play one decision with the rule's action plus this correction (4,), clipped to [-1, 1]."""
        seen = self._observation[None]
        correction = np.asarray(action, np.float32)[None] * SCALE
        action = corrected(self.rule.act(seen), correction, seen)[0]
        self._observation, reward, terminated, truncated, info = self.env.step(action)
        return self._observation, reward, terminated, truncated, info


class CorrectRuleVector(VectorWrapper):
    """n crosses, in which the actions (n, 4) correct a coaching rule; for the native vector and any other.

    Args:
        env: a vector environment whose single environments are as for `CorrectRule`.
        rule: likewise.

    Attributes:
        rule: the rule.

    Raises:
        UnknownName: for an unknown rule.
        InvalidValue: for environments with other observations or actions.
    """

    def __init__(self, env: VectorEnv[Any, Any, Any], rule: str | Rule) -> None:
        self.rule = _rule(rule, env)
        _check(env.single_observation_space, env.single_action_space, self.rule)
        super().__init__(env)
        self._mode = env.metadata.get("autoreset_mode", AutoresetMode.NEXT_STEP)
        self.single_action_space = correction_space()
        self.action_space = gym.vector.utils.batch_space(self.single_action_space, self.num_envs)
        self._ended = np.zeros(self.num_envs, bool)

    def reset(self, *, seed: Any = None, options: dict[str, Any] | None = None) -> tuple[Observations, dict[str, Any]]:
        """Start episodes, of the environments in options["reset_mask"] or of all; see the environment."""
        mask = (options or {}).get("reset_mask")
        observations, info = self.env.reset(seed=seed, options=options)
        if mask is None:
            self.rule.reset(np.zeros(self.num_envs, np.uint64))
            self._ended[:] = False
        else:
            self._restart(np.asarray(mask, bool))
            self._ended &= ~np.asarray(mask, bool)
        self._observations = observations
        return observations, info

    def step(self, actions: npt.NDArray[np.float32]) -> tuple[Observations, Any, Mask, Mask, dict[str, Any]]:
        """Play one decision everywhere with the rule's actions plus these corrections (n, 4), clipped to [-1, 1]."""
        seen = self._observations
        corrections = np.asarray(actions, np.float32) * SCALE
        again = self._ended
        observations, rewards, terminated, truncated, info = self.env.step(
            corrected(self.rule.act(seen), corrections, seen)
        )
        self._ended = np.logical_or(terminated, truncated)
        if self._mode == AutoresetMode.NEXT_STEP:
            self._restart(again)
        elif self._mode == AutoresetMode.SAME_STEP:
            self._restart(self._ended)
        self._observations = observations
        return observations, rewards, terminated, truncated, info

    def _restart(self, which: Mask) -> None:
        """The rule forgets the crosses that have ended."""
        if which.any():
            self.rule.restart(which, np.zeros(self.num_envs, np.uint64))


def _rule(rule: str | Rule, env: Any) -> Rule:
    """The rule itself, or the named one with the numbers tuned for this environment's scenario."""
    if isinstance(rule, Rule):
        return rule
    if env.spec is None:
        raise InvalidValue("an environment without a spec does not say its scenario; give the rule as an object")
    return RULE_TYPES[rule](scenario=scenario(env.spec.id).name)


def _check(observations: Any, actions: Any, rule: Rule) -> None:
    """Raise InvalidValue unless the rule can read these observations and make these actions."""
    own = Crosses()
    for what, given, wanted in (
        ("observations", observations, own.observation_space),
        ("actions", actions, own.action_space),
    ):
        if given != wanted:
            raise InvalidValue(
                f"{rule.name} needs the environment's own {what}, {quoted(wanted)}, got {quoted(given)}; put wrappers "
                "that change them around this one"
            )
