"""The world of a cross and its faces; importing it registers the environments with Gymnasium."""

import gymnasium as gym

from backpost.envs.common.errors import (
    BackpostError,
    InvalidAction,
    InvalidFile,
    InvalidValue,
    ResetNeeded,
    UnknownName,
)
from backpost.envs.interface.options import Options
from backpost.envs.scenarios.registry import SCENARIOS

from .crosses import Crosses
from .crossing import CrossingEnv
from .crossing_vector import CrossingVectorEnv
from .interface import observation
from .world.version import WORLD_VERSION

__all__ = [
    "SCENARIOS",
    "WORLD_VERSION",
    "BackpostError",
    "Crosses",
    "CrossingEnv",
    "CrossingVectorEnv",
    "InvalidAction",
    "InvalidFile",
    "InvalidValue",
    "Options",
    "ResetNeeded",
    "UnknownName",
    "observation",
]

for _scenario in SCENARIOS.values():
    gym.register(
        id=_scenario.id,
        entry_point="backpost.envs.crossing:CrossingEnv",
        vector_entry_point="backpost.envs.crossing_vector:CrossingVectorEnv",
        kwargs={"scenario": _scenario.name},
    )
