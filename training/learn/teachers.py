"""The policies of other scenarios that a policy imitates before PPO."""

import hashlib
from pathlib import Path

from backpost.agents.policies.policy import SUFFIX, Policy
from backpost.agents.registry import POLICIES

from .configuration import SHIPPED, Configuration


def teacher_of(scenario: str, folder: str) -> Policy:
    """The policy of a scenario, from a folder of policies or from the shipped ones.

    Raises:
        InvalidFile: if it is missing or not a policy of this version.
    """
    return Policy.load(_file(scenario, folder))


def digests(config: Configuration) -> dict[str, str]:
    """SHA-256 of the policies that a run with this configuration learns from, by scenario.

    Raises:
        InvalidFile: see `teacher_of`.
    """
    digests = {}
    for scenario in config.teachers or ():
        teacher_of(scenario, config.taught_by)
        digests[scenario] = hashlib.sha256(_file(scenario, config.taught_by).read_bytes()).hexdigest()
    return digests


def _file(scenario: str, folder: str) -> Path:
    return (POLICIES if folder == SHIPPED else Path(folder)) / f"{scenario}{SUFFIX}"
