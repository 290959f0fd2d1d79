"""Checks the wrappers and spaces between a Stable-Baselines3 model and the environment it was trained in.

A policy file holds a network, how its inputs are standardised, and the rule that it corrects. So the model must have
received the environment's own observations, standardised or not, and its actions must have reached the environment, or
the correction of a rule, unchanged: anything else is rejected by name.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import gymnasium as gym
import numpy as np
from gymnasium.wrappers import FlattenObservation
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.vec_env import VecCheckNan, VecMonitor, VecNormalize, VecVideoRecorder
from stable_baselines3.common.vec_env.base_vec_env import VecEnvWrapper

from backpost.agents.policies.correction import CorrectRule, correction_space
from backpost.agents.rules.registry import RULE_TYPES
from backpost.agents.rules.rule import Rule
from backpost.envs.common.errors import InvalidValue
from backpost.envs.crosses import Crosses
from backpost.envs.crossing import CrossingEnv
from backpost.envs.interface import observation
from backpost.envs.scenarios.registry import scenario
from backpost.training.learn.crossing_sb3 import CrossingVecEnv

WATCHING = (VecCheckNan, VecMonitor, VecVideoRecorder, FlattenObservation)
"""Wrappers that pass observations and actions on unchanged."""
AXES = ("velocity x", "velocity y", "facing x", "facing y")
"""The components of a continuous action."""


class Trained(NamedTuple):
    """What stood between a model and its environment, and what a policy therefore needs.

    Attributes:
        rule: the coaching rule that the model corrects, if any.
        inputs: what standardised its observations, if anything.
    """

    rule: Rule | None
    inputs: VecNormalize | None


def trained_as_played(model: BaseAlgorithm, environment: str, rule: str | Rule | None) -> Trained:
    """Check that a model was trained with this environment's own observations and actions.

    The model's spaces are checked, and also its wrappers if it still has its environments.

    Raises:
        UnknownName: for an unknown environment or rule.
        InvalidValue: if it was not, or if it corrects another rule, or one that is not named.
    """
    name, crosses = type(model).__name__, Crosses(environment)
    layers = list(_layers(model.get_env()))
    for layer in layers:
        _check_wrapper(name, layer)
    standardising = [layer for layer in layers if isinstance(layer, VecNormalize) and layer.norm_obs]
    if len(standardising) > 1:
        raise InvalidValue(f"{name} saw observations that were standardised twice (VecNormalize); train with one")
    trained = Trained(_rule(model, layers, environment, rule), standardising[0] if standardising else None)
    if trained.inputs is None:
        _check_seen(model, crosses)
    _check_spaces(model, crosses, trained, [type(layer).__name__ for layer in layers])
    if layers and isinstance(layers[-1], CrossingEnv | CrossingVecEnv):
        _check_origin(name, layers[-1].crosses, crosses)
    return trained


def _check_seen(model: BaseAlgorithm, crosses: Crosses) -> None:
    """Check that the last observations that the model keeps are within the bounds of the environment's own.

    The file of a model says nothing of `VecNormalize`, but those observations come with it.
    """
    name, own, seen = type(model).__name__, crosses.observation_space, model._last_obs
    assert isinstance(own, gym.spaces.Box)
    if isinstance(seen, np.ndarray) and seen.shape[1:] == own.shape and ((seen < own.low) | (seen > own.high)).any():
        raise InvalidValue(
            f"{name} saw observations beyond the environment's bounds, as through VecNormalize, whose statistics it no "
            f"longer has; load it with them: {name}.load(file, env=VecNormalize.load(statistics, env))"
        )


def _rule(model: BaseAlgorithm, layers: list[Any], environment: str, given: str | Rule | None) -> Rule | None:
    """The rule that the model was trained to correct: that of its wrapper, or else the one that is named."""
    name = type(model).__name__
    named = RULE_TYPES[given](scenario=scenario(environment).name) if isinstance(given, str) else given
    corrected = [layer.rule for layer in layers if isinstance(layer, CorrectRule)]
    if len(corrected) > 1:
        raise InvalidValue(f"{name} corrects several rules at once; a policy file holds one")
    if corrected and named is not None and (named.name, named.numbers) != (corrected[0].name, corrected[0].numbers):
        raise InvalidValue(
            f"{name} was trained to correct {corrected[0].name}, and not {named.name} with the numbers that are named; "
            "leave rule out"
        )
    if not corrected and named is None and model.action_space == correction_space():
        raise InvalidValue(
            f"{name} corrects a coaching rule (CorrectRule) and does not say which; name it, as in "
            "rule='early-back-post'"
        )
    return corrected[0] if corrected else named


def _layers(env: Any) -> Iterator[Any]:
    """Every wrapper from the model to the environment, and finally the environment, as far as they are accessible."""
    while isinstance(env, VecEnvWrapper):
        yield env
        env = env.venv
    env = env.envs[0] if getattr(env, "envs", None) else env
    while isinstance(env, gym.Wrapper):
        yield env
        env = env.env
    if env is not None:
        yield env


def _check_wrapper(name: str, layer: Any) -> None:
    kind = type(layer).__name__
    changing = isinstance(layer, gym.ObservationWrapper | gym.ActionWrapper | VecEnvWrapper)
    if changing and type(layer) not in (*WATCHING, VecNormalize):
        raise InvalidValue(
            f"{name} was trained through {kind}, which may change observations or actions in a way that no "
            "policy file can hold"
        )


def _check_spaces(model: BaseAlgorithm, crosses: Crosses, trained: Trained, layers: list[str]) -> None:
    name, size = type(model).__name__, observation.SIZE
    through = f" (trained through {', '.join(layers[:-1])})" if len(layers) > 1 else ""
    entries = [entry.name for entry in observation.LAYOUT]
    actions = crosses.action_space if trained.rule is None else correction_space()
    for what, given, wanted, parts in (
        ("observation", model.observation_space, crosses.observation_space, entries),
        ("action", model.action_space, actions, AXES),
    ):
        if not isinstance(given, gym.spaces.Box) or given.shape != wanted.shape:
            raise InvalidValue(
                f"{name} must have been trained with observations ({size},) and actions ({len(AXES)},), got {what}s of "
                f"{type(given).__name__}{given.shape or ''}{through}"
            )
        assert isinstance(wanted, gym.spaces.Box)
        wrong = np.flatnonzero((given.low != wanted.low) | (given.high != wanted.high))
        if len(wrong):
            i = int(wrong[0])
            raise InvalidValue(
                f"{name} was trained with {parts[i]} from {given.low[i]:g} to {given.high[i]:g} in its {what}, and the "
                f"environment has it from {wanted.low[i]:g} to {wanted.high[i]:g}{through}; train without rescaling"
            )


def _check_origin(name: str, trained: Crosses, wanted: Crosses) -> None:
    if trained.scenario.id != wanted.scenario.id:
        raise InvalidValue(f"{name} was trained in {trained.scenario.id}, not in {wanted.scenario.id}")
    if trained.options.wing != "right":
        raise InvalidValue(
            f"{name} was trained with wing {trained.options.wing!r}; train it with 'right': on the left wing a policy "
            "sees, and runs, the mirror image"
        )
