"""Agents by name: the coaching rules, two that know nothing, and policies by their file."""

import os
from pathlib import Path

from backpost.envs.errors import UnknownName

from .agent import Agent
from .free_numbers import TUNED_SCENARIO
from .policy import SUFFIX, Policy
from .random_run import RandomRun
from .rules import RULE_TYPES, RULES
from .stand_still import StandStill

AGENTS = (RandomRun.name, StandStill.name, *RULES)
"""Names of all agents that need no file."""


def agent(name_or_path: str | os.PathLike[str], scenario: str = TUNED_SCENARIO) -> Agent:
    """The agent of this name, with the numbers tuned for `scenario`, or the policy in this `.safetensors` file.

    Raises:
        UnknownName: if it is neither; the sentence lists the names.
        InvalidFile: if it is the path of a file that is no policy of this version.
    """
    name = os.fspath(name_or_path)
    if name in RULE_TYPES:
        return RULE_TYPES[name](scenario=scenario)
    if name == RandomRun.name:
        return RandomRun()
    if name == StandStill.name:
        return StandStill()
    if Path(name).suffix == SUFFIX or Path(name).is_file():
        return Policy.load(name)
    raise UnknownName("agent", name, (*AGENTS, f"or the path of a {SUFFIX} file"))
