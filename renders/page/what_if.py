"""What if the run had started earlier or later: the same run moved in time, on the same ball, for the page's slider."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from backpost.agents.base.play import Progress, record
from backpost.agents.registry import agent
from backpost.envs.interface.options import Options
from backpost.envs.world.record import DECISION_TIME
from backpost.renders.scene.moments import as_history, moments
from backpost.training.explain.shift import Noted, Shifted, first_decisions

from .tracks import encode_run, result
from .words import Words

SHIFTS = (-1.0, -0.6, -0.3, 0.3, 0.6, 1.0)
"""Shifts in s; negative: earlier."""
AFTER = 1.5
"""Seconds kept after the end of a moved run."""


@dataclass(frozen=True)
class Moved:
    """The run of one cross at other start times.

    Attributes:
        start: start of the original run, s from the start of the episode; None if there is no run.
        runs: the records (t,) of the run by its shift, s; a start before the attack begins is left out.
    """

    start: float | None
    runs: dict[float, np.recarray]

    @property
    def all(self) -> bool:
        """Whether every shift could be played."""
        return len(self.runs) == len(SHIFTS)


def moved_runs(
    name: str, env: str, seed: np.uint64, options: Options | None = None, progress: Progress | None = None
) -> Moved:
    """An agent's run (name or policy file) in one cross, moved by each of `SHIFTS`."""
    noted = Noted(agent(name, env))
    run = as_history(record(noted, env, seed, options))
    start = moments(run).start
    moved = {}
    if start is not None:
        first = first_decisions(np.array([start]))
        for shift in SHIFTS:
            by = round(shift / DECISION_TIME)
            if first[0] + by >= 0:
                runner = Shifted(agent(name, env), noted.path(), first, by)
                moved[shift] = record(runner, env, seed, options, run[-1:].view(np.recarray).delivery)
    if progress is not None:
        progress(1 + len(SHIFTS))
    return Moved(start, moved)


def moved_words(moved: Moved, words: Words) -> dict[str, Any]:
    """Data for the slider of one cross: the moved runs, and why there are none, or none earlier."""
    runs = [
        {
            "shift": shift,
            **encode_run(run, words, AFTER, None if moved.start is None else moved.start + shift),
            "told": result(moments(as_history(run)), words),
        }
        for shift, run in moved.runs.items()
    ]
    note = "" if moved.all else words("what_if.no_run" if moved.start is None else "what_if.no_earlier")
    return {"moved": runs, "why_not": note}
