"""Train the policies from scratch: every committed configuration, one run after the other; stopped runs resume.

A policy that learns from others is trained after them, and learns from the newly trained ones.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from backpost.agents.policies.policy import SUFFIX
from backpost.envs.common.errors import InvalidFile
from backpost.envs.common.files import write_atomically
from backpost.training.learn.configuration import configuration
from backpost.training.learn.train import status_of, train_once

CONFIGS = Path(__file__).resolve().parents[1] / "configs"
"""The folder with a configuration for each policy, `<Scenario>.yml`."""


def train_policies(folder: Path, configs: Path = CONFIGS, say: Callable[[str], None] = print) -> Path:
    """Train the policies not yet trained, in `runs/<Scenario>` of the folder; returns the folder of the policies.

    Raises:
        InvalidFile: if there is no configuration, or an existing run was trained with another configuration, another
            version of the world or the agents, other tuned rules or other teachers.
        KeyboardInterrupt: after a Ctrl-C; the next call resumes the run.
    """
    policies = folder / "policies"
    chosen = {file.stem: configuration(file) for file in sorted(configs.glob("*.yml"))}
    if not chosen:
        raise InvalidFile(f"{configs} has no configuration <Scenario>.yml to train a policy from")
    policies.mkdir(parents=True, exist_ok=True)
    for number, (name, config) in enumerate(sorted(chosen.items(), key=lambda item: item[1].start == "teachers"), 1):
        if config.start == "teachers":
            config = replace(config, taught_by=str(policies))
        place = folder / "runs" / name
        status = status_of(config, place)
        say(f"{number} of {len(chosen)}: {name}, {config.steps:,} decisions; {status or 'new'}")
        write_atomically(policies / f"{name}{SUFFIX}", train_once(config, place).read_bytes())
    return policies
