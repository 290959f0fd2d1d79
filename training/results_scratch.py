"""The policies from scratch: every committed configuration is trained, run by run, and a stopped run goes on."""

import json
from collections.abc import Callable
from pathlib import Path

from backpost.agents.policy import SUFFIX
from backpost.envs.errors import InvalidFile
from backpost.envs.files import write_atomically

from .configuration import Configuration, configuration
from .train import resume, train

CONFIGS = Path(__file__).resolve().parent / "configs"
"""A configuration for each policy, `<Scenario>.yml`."""


def train_policies(folder: Path, configs: Path = CONFIGS, say: Callable[[str], None] = print) -> Path:
    """Train what is not trained yet, in `runs/<Scenario>` of the folder; the folder of the policies.

    Raises:
        InvalidFile: if there is no configuration, or a run there was trained by another one.
        KeyboardInterrupt: after a Ctrl-C; the run goes on with the next call.
    """
    chosen = sorted(configs.glob("*.yml"))
    if not chosen:
        raise InvalidFile(f"{configs} has no configuration <Scenario>.yml to train a policy from")
    policies = folder / "policies"
    policies.mkdir(parents=True, exist_ok=True)
    for number, file in enumerate(chosen, 1):
        config, place = configuration(file), folder / "runs" / file.stem
        status = _status(place, config)
        say(f"{number} of {len(chosen)}: {file.stem}, {config.steps:,} decisions; {status or 'new'}")
        if status != "finished":
            run = train(config, place) if status is None else resume(place)
            if _status(run.path, config) == "interrupted":
                raise KeyboardInterrupt
        write_atomically(policies / f"{file.stem}{SUFFIX}", (place / "policy.safetensors").read_bytes())
    return policies


def _status(place: Path, config: Configuration) -> str | None:
    """How far the run in a folder is, None if there is none."""
    progress = place / "progress.json"
    if not progress.exists():
        return None
    if (place / "config.yml").read_text(encoding="utf-8") != config.to_yaml():
        raise InvalidFile(f"{place} was trained with other settings than its configuration has now; move it away")
    status: str = json.loads(progress.read_text(encoding="utf-8"))["status"]
    return status
