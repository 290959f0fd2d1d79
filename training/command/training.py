"""What the verbs that train do before they report: a run, adversaries, the numbers of rules."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from .reporting import alone, environment, progress_bar, say

if TYPE_CHECKING:
    from backpost.training.exploits.content import ExploitSearch
    from backpost.training.learn.run_folder import RunFolder


def run_training(arguments: argparse.Namespace) -> "RunFolder":
    """Start the training that the arguments describe, or resume one; returns its folder.

    Raises:
        InvalidValue: for settings of a run that is resumed.
        BackpostError: for settings that cannot be, or a folder that cannot be used.
    """
    from backpost.envs.common.errors import InvalidValue
    from backpost.envs.interface.options import settings
    from backpost.training.learn.configuration import configuration
    from backpost.training.learn.train import resume, train

    given = {name: getattr(arguments, name) for name in ("algo", "steps", "seed")}
    chosen = settings(arguments.set) | {name: value for name, value in given.items() if value is not None}
    env = environment(arguments) if arguments.env else None
    if arguments.resume is None:
        return train(configuration(arguments.config, chosen | ({"env": env} if env else {})), arguments.out)
    if chosen or arguments.config:
        raise InvalidValue("a resumed run keeps its settings, so no others can be given")
    return resume(arguments.resume, env)


def search_exploits(arguments: argparse.Namespace) -> "ExploitSearch":
    """Train the adversaries of a scenario, then measure them; only one process at a time may work in a folder.

    Raises:
        BackpostError: for an unknown environment, or a folder that cannot be used.
    """
    from backpost.training.exploits.adversaries import starts, train_adversaries
    from backpost.training.exploits.search import FOUND, crosses_to_play, search

    env, out = environment(arguments), Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)
    with alone(str(out / FOUND), "searching into"):
        begun = starts(env)
        policies = train_adversaries(env, begun, out, arguments.decisions, arguments.seed, say=say)
        with progress_bar("crosses", crosses_to_play(len(begun) + 1, arguments.crosses)) as bar:
            best, amounts = str(begun[0].rule), (arguments.decisions, arguments.seed, arguments.crosses)
            return search(env, best, policies, out, *amounts, progress=bar.update)


def tune(arguments: argparse.Namespace) -> int:
    """Tune the free numbers of every coaching rule into one file; returns how many rules there are.

    Raises:
        BackpostError: for an unknown environment, or a file that cannot be written.
    """
    from backpost.agents.rules.registry import RULES
    from backpost.agents.tuning.tuning import Budget, tune_all

    budget = Budget()
    total = len(arguments.env) * len(RULES) * budget.total
    with alone(arguments.json, "tuning rules into"), progress_bar("crosses", total) as bar:
        tune_all(arguments.env, budget, arguments.json, progress=bar.update)
    return len(RULES)
