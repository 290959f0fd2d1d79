"""Training, started from a coaching rule: PPO, and RecurrentPPO, SAC and TQC to compare it with.

White noise on a runner's velocity averages out within half a second, so exploration is correlated in time (gSDE,
Raffin et al. 2021). What is learned from, selected, and later reported is the team's expected goals.

A run that is killed goes on from its last checkpoint to the bits of the run that was not, if it is limited by steps,
on the same class of machine, with the same versions and one thread. A limit in minutes makes the learning rate depend
on the clock: such a run then has the rest of its time, and ends elsewhere.
"""

import sys
from pathlib import Path

import torch

from backpost.agents.policies.policy import Policy
from backpost.agents.rules.registry import RULE_TYPES
from backpost.envs.common.errors import InvalidFile, InvalidValue, UnknownName
from backpost.envs.interface.reward import REWARDS
from backpost.envs.scenarios.registry import SCENARIOS

from .checkpoint import Say, State, load_checkpoint
from .configuration import Configuration, configuration
from .learner_ppo import check_start
from .run import Run
from .run_folder import RunFolder, versions
from .teachers import digests


def train(config: Configuration, out: str | Path) -> RunFolder:
    """Train one policy into a new run folder; a Ctrl-C ends it early and leaves the best policy so far.

    Raises:
        InvalidFile: if the folder cannot be written or holds a run already, or a policy to start from is none.
        InvalidValue: if that policy has other layers, or the environment or the reward was registered in an interactive
            session.
        UnknownName: for an unknown environment or rule.
    """
    if config.env not in SCENARIOS:
        raise UnknownName("environment", config.env, SCENARIOS)
    if config.rule not in (None, "best") and config.rule not in RULE_TYPES:
        raise UnknownName("coaching rule", config.rule, ("best", *RULE_TYPES))
    SCENARIOS.check_importable(config.env)
    REWARDS.check_importable(config.reward)
    teachers = digests(config)
    if config.start == "policy":
        check_start(Policy.load(config.policy), config.hidden)
    return _carry_out(config, RunFolder(out).create(config.to_yaml(), teachers), None)


def resume(
    out: str | Path, env: str | None = None, say: Say = lambda sentence: print(sentence, file=sys.stderr)
) -> RunFolder:
    """Go on with a run that was killed or interrupted, as if it had not been.

    Args:
        out: its folder, which is trusted: whoever can write there decides what is trained.
        env: the environment that it is believed to train in, if one is named.
        say: told in a sentence about a damaged checkpoint, or one that was made with other versions.

    Raises:
        InvalidFile: if there is no run, it has finished, another process trains in it, or its checkpoints are lost.
        InvalidValue: if it trains in another environment, or its checkpoint has another layout than this version.
    """
    folder = RunFolder(out).reopen()
    try:
        config = configuration(folder.config)
        if env is not None and env != config.env:
            raise InvalidValue(f"the run in {folder.path} trains in {config.env}, not in {env}")
        state = load_checkpoint(folder.resume, versions(), say)
        if state is None and folder.has_learned():
            raise InvalidFile(
                f"{folder.resume} has no whole checkpoint to go on from; the best policy is {folder.policy}"
            )
    except BaseException:
        folder.release()
        raise
    return _carry_out(config, folder, state)


def _carry_out(config: Configuration, folder: RunFolder, state: State | None) -> RunFolder:
    """The run, from the beginning or from the state of a checkpoint, and a usable folder whatever happens."""
    torch.set_num_threads(config.threads)
    run, status = None, "failed"
    try:
        run = Run(config, folder, state)
        if state is None:
            run.prepare()
        else:
            run.restore(state)
        run.learn()
        status = "finished"
    except KeyboardInterrupt:
        status = "interrupted"
    finally:
        if run is None:
            folder.mark(status)
        else:
            run.close(status)
        folder.release()
    return folder
