"""What if he had started earlier or later: the same run moved in time, on the same ball, for the slider of the page."""

import numpy as np

from backpost.agents.play import Progress, record
from backpost.agents.registry import agent
from backpost.envs.options import Options
from backpost.envs.outcome import metrics
from backpost.envs.world import DECISION_TIME
from backpost.training.explain_shift import Noted, Shifted

from .moments import as_history

SHIFTS = (-1.0, -0.6, -0.3, 0.3, 0.6, 1.0)
"""s; negative: earlier."""
AFTER = 1.5
"""Seconds kept after a moved run is over."""

Moved = dict[float, np.recarray]
"""The records (t,) of a run by how far it was moved, s."""


def moved_runs(
    name: str, env: str, seed: np.uint64, options: Options | None = None, progress: Progress | None = None
) -> Moved:
    """The run of an agent (name or policy file) in one cross, moved by each of `SHIFTS`; none if he does not run."""
    noted = Noted(agent(name, env))
    run = as_history(record(noted, env, seed, options))
    last = as_history(run[-1:])
    start = float(metrics(last)["start"][0] + last.delivery.struck_at[0])
    if progress is not None:
        progress(1)
    if not np.isfinite(start):
        return {}
    starts = np.array([round(start / DECISION_TIME)])
    moved = {}
    for shift in SHIFTS:
        runner = Shifted(agent(name, env), noted.path(), starts, round(shift / DECISION_TIME))
        moved[shift] = record(runner, env, seed, options, last.delivery)
        if progress is not None:
            progress(1)
    return moved
