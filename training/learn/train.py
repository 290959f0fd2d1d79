"""Training from a coaching rule: PPO, with RecurrentPPO, SAC and TQC for comparison.

White noise on a runner's velocity averages out within half a second, so exploration is correlated in time (gSDE,
Raffin et al. 2021). Training, selection and reporting all use the team's expected goals.

A killed run resumes from its last checkpoint. Its result is bit-identical to that of an uninterrupted run if it is
limited by steps, on the same class of machine, with the same versions and one thread. A limit in minutes makes the
learning rate depend on the clock: such a run continues for its remaining time, and ends with a different result.
"""

import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import torch

from backpost.agents.policies.policy import Policy
from backpost.agents.rules.registry import RULE_TYPES
from backpost.envs.common.errors import InvalidFile, InvalidValue, UnknownName
from backpost.envs.interface.reward import REWARDS
from backpost.envs.scenarios.registry import SCENARIOS
from backpost.training.bench.made_with import is_of_now

from .checkpoint import Say, State, load_checkpoint
from .configuration import Configuration, configuration
from .learner_ppo import check_start
from .progress import read_progress
from .resuming import check_extensions, check_same_settings, resume_command
from .run import Run
from .run_folder import RunFolder, learned_from, made_in, versions
from .teachers import digests


def _tell(sentence: str) -> None:
    print(sentence, file=sys.stderr)


def train(config: Configuration, out: str | Path) -> RunFolder:
    """Train a policy in a new run folder; Ctrl-C ends the run early and keeps the best policy so far.

    Raises:
        ModuleNotFoundError: if a required package is not installed; nothing has been written then.
        InvalidFile: if the folder cannot be written or already holds a run, or a policy to start from is invalid.
        InvalidValue: if that policy has different layers, or the environment or the reward was registered in an
            interactive session.
        UnknownName: for an unknown environment or rule.
    """
    _check_extras()
    if config.env not in SCENARIOS:
        raise UnknownName("environment", config.env, SCENARIOS)
    if config.rule not in (None, "best") and config.rule not in RULE_TYPES:
        raise UnknownName("coaching rule", config.rule, ("best", *RULE_TYPES))
    SCENARIOS.check_importable(config.env)
    REWARDS.check_importable(config.reward)
    teachers = digests(config)
    if config.start == "policy":
        check_start(Policy.load(config.policy), config.hidden)
    return _carry_out(config, RunFolder(out).create(config, teachers), None, _tell)


def resume(out: str | Path, env: str | None = None, say: Say = _tell) -> RunFolder:
    """Resume a run that was killed or interrupted.

    Args:
        out: its folder, which is trusted: anyone who can write to it decides what is trained.
        env: the environment that the caller expects, if any.
        say: called with a message about a damaged checkpoint, or one that was made with other versions.

    Raises:
        InvalidFile: if there is no run, it has finished, another process is training in it, its checkpoints are lost,
            or the settings in its config.yml have changed.
        InvalidExtension: if an extension that it was started with has not been imported.
        InvalidValue: if its environment is not `env`, or the layout of its checkpoint differs from this version's.
    """
    _check_extras()
    folder = RunFolder(out).reopen()
    try:
        check_extensions(folder.extensions(), folder.path)
        config = configuration(folder.config)
        if env is not None and env != config.env:
            raise InvalidValue(f"the run in {folder.path} trains in {config.env}, not in {env}")
        state = load_checkpoint(folder.resume, versions(), say)
        if state is None and folder.has_learned():
            raise InvalidFile(
                f"{folder.resume} has no intact checkpoint to resume from; the best policy is {folder.policy}"
            )
        begun = folder.begun_with() if state is None else state.get("settings")
        check_same_settings(begun, config, folder.config)
    except BaseException:
        folder.release()
        raise
    return _carry_out(config, folder, state, say)


def train_once(config: Configuration, place: Path) -> Path:
    """Train in this folder unless that has been done; a stopped run goes on. Returns the policy's file.

    Raises:
        InvalidFile: see `status_of`, `train` and `resume`.
        KeyboardInterrupt: after a Ctrl-C; the next call resumes the run.
    """
    status = status_of(config, place)
    if status != "finished":
        run = train(config, place) if status is None else resume(place)
        if status_of(config, run.path) == "interrupted":
            raise KeyboardInterrupt
    return RunFolder(place).policy


def status_of(config: Configuration, place: Path) -> str | None:
    """Status of the run with this configuration in a folder; None if there is none.

    Raises:
        InvalidFile: if the run there has another configuration, or is from another version of the world or the agents,
            other tuned rules or other teachers.
    """
    if not (place / "progress.json").exists():
        return None
    config_then = configuration(place / "config.yml")
    if replace(config_then, taught_by=config.taught_by) != config:
        raise InvalidFile(f"{place} was trained with other settings than are asked for now; move it away")
    if not is_of_now(made_in(place)):
        raise InvalidFile(
            f"{place} was trained in another version of the world, with other agents or other tuned rules; move it away"
        )
    if learned_from(place) != digests(config):
        raise InvalidFile(f"{place} learned from other policies than there are now; move it away")
    return read_progress(place).status


def _check_extras() -> None:
    """Check in advance that the curves can be written.

    Raises:
        ModuleNotFoundError: if TensorBoard is not installed.
    """
    import_module("tensorboard")
    import_module("torch.utils.tensorboard")


def _carry_out(config: Configuration, folder: RunFolder, state: State | None, say: Say) -> RunFolder:
    """Carry out the run, from the beginning or from a checkpoint's state, and leave a usable folder in any case."""
    threads = torch.get_num_threads()
    torch.set_num_threads(config.threads)
    run, status = None, "failed"
    try:
        run = Run(config, folder, state, say)
        if state is None:
            run.prepare()
        else:
            run.restore(state)
        run.learn()
        status = "finished"
    except KeyboardInterrupt:
        status = "interrupted"
    except OSError as error:  # from a writer that names no file, e.g. on a full disk
        raise InvalidFile(
            f"cannot write {folder.path}: {(error.strerror or str(error)).lower()}; fix that (a full disk needs "
            f"space), then resume with `{resume_command(folder.path, folder.extensions())}`"
        ) from error
    finally:
        try:
            if run is None:
                folder.mark(status)
            else:
                run.close(status)
        except (OSError, InvalidFile):
            if status != "failed":
                raise
            # Report the first error: a disk that is too full for a checkpoint may be too full for the status as well.
        finally:
            folder.release()
            torch.set_num_threads(threads)
    return folder
