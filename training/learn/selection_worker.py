"""The process in which candidates are played: `python -m backpost.training.learn.selection_worker`.

Threads share Python's global lock, so a thread that plays would slow training. Each line of input is a job, each line
of output the candidate's value. The process ends with its input, so it does not outlive the training.
"""

import json
import os
import sys
from collections.abc import Mapping
from typing import Any

from backpost.agents.base.play import play
from backpost.agents.policies.policy import Policy
from backpost.envs.common.extensions import import_modules
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds

STREAM = 1
"""Candidates are played on this stream of the label "select"; the best rule is chosen on stream 0."""


def value(job: Mapping[str, Any]) -> float:
    """Team xG per cross of the candidate of a job: {path, env, options, crosses, extensions}."""
    import_modules(job["extensions"])
    seeds = episode_seeds("select", STREAM, 0, job["crosses"])
    worlds = play(Policy.load(job["path"]), job["env"], seeds, options=Options(**job["options"]))
    return float(worlds.xg.mean())


def work() -> None:
    """Process jobs until none is left, and answer each with its value."""
    for line in sys.stdin:
        try:
            os.write(sys.stdout.fileno(), f"{json.dumps(value(json.loads(line)))}\n".encode())
        except BrokenPipeError:  # the training was killed
            return


if __name__ == "__main__":
    work()
