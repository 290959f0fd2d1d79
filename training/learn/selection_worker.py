"""The process in which candidates are played: `python -m backpost.training.learn.selection_worker`.

Threads share Python's global lock, so a thread that plays would slow training. Each line of input is a job, each line
of output the candidate's value. The process ends with its input, so it does not outlive the training.
"""

import json
import os
import sys

from backpost.agents.base.play import play
from backpost.agents.policies.policy import Policy
from backpost.envs.common.extensions import import_modules
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds

STREAM = 1
"""Candidates are played on this stream of the label "select"; the best rule is chosen on stream 0."""


def work() -> None:
    """Process jobs {path, env, options, crosses, extensions} until none is left; answer with team xG per cross."""
    for line in sys.stdin:
        job = json.loads(line)
        import_modules(job["extensions"])
        seeds = episode_seeds("select", STREAM, 0, job["crosses"])
        worlds = play(Policy.load(job["path"]), job["env"], seeds, options=Options(**job["options"]))
        try:
            os.write(sys.stdout.fileno(), f"{json.dumps(float(worlds.xg.mean()))}\n".encode())
        except BrokenPipeError:  # the training was killed
            return


if __name__ == "__main__":
    work()
