"""The world of a cross and its interfaces; importing this package registers the environments with Gymnasium."""

from backpost.envs.common.errors import (
    BackpostError,
    InvalidAction,
    InvalidExtension,
    InvalidFile,
    InvalidValue,
    ResetNeeded,
    UnknownName,
    UnknownOption,
)
from backpost.envs.interface.information import in_words
from backpost.envs.interface.options import Options
from backpost.envs.interface.parameter_sets import register_parameters
from backpost.envs.interface.reward import register_reward
from backpost.envs.scenarios import built_in as _built_in
from backpost.envs.scenarios.registry import SCENARIOS, register_scenario
from backpost.envs.scenarios.scenario import PATTERN_OPTIONS
from backpost.envs.world.compile import kernel

from .crosses import Crosses
from .crossing import CrossingEnv
from .crossing_vector import CrossingVectorEnv
from .interface import observation
from .world.version import WORLD_VERSION

__all__ = [
    "PATTERN_OPTIONS",
    "SCENARIOS",
    "WORLD_VERSION",
    "BackpostError",
    "Crosses",
    "CrossingEnv",
    "CrossingVectorEnv",
    "InvalidAction",
    "InvalidExtension",
    "InvalidFile",
    "InvalidValue",
    "Options",
    "ResetNeeded",
    "UnknownName",
    "UnknownOption",
    "in_words",
    "kernel",
    "observation",
    "register_parameters",
    "register_reward",
    "register_scenario",
]

del _built_in  # importing it registers the scenarios
