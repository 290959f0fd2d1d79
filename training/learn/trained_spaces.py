"""Checks the wrappers and spaces between a Stable-Baselines3 model and the environment it was trained in.

A policy file holds a network and nothing else. So the model must have received the environment's own observations, and
its actions must have reached the environment unchanged: anything else is rejected by name.
"""

from collections.abc import Iterator
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.wrappers import FlattenObservation
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.vec_env import VecCheckNan, VecMonitor, VecNormalize, VecVideoRecorder
from stable_baselines3.common.vec_env.base_vec_env import VecEnvWrapper

from backpost.envs.common.errors import InvalidValue
from backpost.envs.crosses import Crosses
from backpost.envs.crossing import CrossingEnv
from backpost.envs.interface import observation

from .crossing_sb3 import CrossingVecEnv

WATCHING = (VecCheckNan, VecMonitor, VecVideoRecorder, FlattenObservation)
"""Wrappers that pass observations and actions on unchanged."""
AXES = ("velocity x", "velocity y", "facing x", "facing y")
"""The components of a continuous action."""


def check_trained_as_played(model: BaseAlgorithm, environment: str) -> None:
    """Check that a model was trained with this environment's own observations and actions.

    The model's spaces are checked, and also its wrappers if it still has its environments.

    Raises:
        UnknownName: for an unknown environment.
        InvalidValue: if it was not.
    """
    name = type(model).__name__
    layers = list(_layers(model.get_env()))
    for layer in layers:
        _check_wrapper(name, layer)
    _check_spaces(model, Crosses(environment), [type(layer).__name__ for layer in layers])
    if layers and isinstance(layers[-1], CrossingEnv | CrossingVecEnv):
        _check_origin(name, layers[-1].crosses, Crosses(environment))


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
    if isinstance(layer, VecNormalize):
        if layer.norm_obs:
            raise InvalidValue(
                f"{name} saw normalised observations (VecNormalize) with clipping that a policy file cannot hold; "
                "train with norm_obs=False: observations are within 1 as they are"
            )
    elif isinstance(layer, gym.ObservationWrapper | gym.ActionWrapper | VecEnvWrapper) and type(layer) not in WATCHING:
        raise InvalidValue(
            f"{name} was trained through {kind}, which may change observations or actions in a way that no "
            "policy file can hold"
        )


def _check_spaces(model: BaseAlgorithm, crosses: Crosses, layers: list[str]) -> None:
    name, size = type(model).__name__, observation.SIZE
    through = f" (trained through {', '.join(layers[:-1])})" if len(layers) > 1 else ""
    entries = [entry.name for entry in observation.LAYOUT]
    for what, given, wanted, parts in (
        ("observation", model.observation_space, crosses.observation_space, entries),
        ("action", model.action_space, crosses.action_space, AXES),
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
