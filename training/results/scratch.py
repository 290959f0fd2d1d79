"""Train the policies from scratch: every committed configuration, one run after the other; stopped runs resume.

A policy that learns from others is trained after them, and learns from the newly trained ones.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from backpost.agents.policies.policy import SUFFIX
from backpost.envs.common.errors import InvalidFile
from backpost.envs.common.files import write_atomically
from backpost.training.bench.made_with import is_of_now
from backpost.training.learn.configuration import Configuration, configuration
from backpost.training.learn.progress import read_progress
from backpost.training.learn.run_folder import learned_from, made_in
from backpost.training.learn.teachers import digests
from backpost.training.learn.train import resume, train

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
        status = _status(place, config)
        say(f"{number} of {len(chosen)}: {name}, {config.steps:,} decisions; {status or 'new'}")
        if status != "finished":
            run = train(config, place) if status is None else resume(place)
            if _status(run.path, config) == "interrupted":
                raise KeyboardInterrupt
        write_atomically(policies / f"{name}{SUFFIX}", (place / "policy.safetensors").read_bytes())
    return policies


def _status(place: Path, config: Configuration) -> str | None:
    """Status of the run in a folder; None if there is none."""
    if not (place / "progress.json").exists():
        return None
    config_then = configuration(place / "config.yml")
    if replace(config_then, taught_by=config.taught_by) != config:
        raise InvalidFile(f"{place} was trained with other settings than its configuration has now; move it away")
    if not is_of_now(made_in(place)):
        raise InvalidFile(
            f"{place} was trained in another version of the world, with other agents or other tuned rules; move it away"
        )
    if learned_from(place) != digests(config):
        raise InvalidFile(f"{place} learned from other policies than there are now; move it away")
    return read_progress(place).status
