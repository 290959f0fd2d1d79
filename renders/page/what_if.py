"""What if he had started earlier or later: the same run moved in time, on the same ball, for the slider of the page."""

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
"""s; negative: earlier."""
AFTER = 1.5
"""Seconds kept after a moved run is over."""


@dataclass(frozen=True)
class Moved:
    """The run of one cross at other starts.

    Attributes:
        start: when his own run starts, s from the start of the episode; None if he does not run.
        runs: the records (t,) of his run by how far it was moved, s; a start before the attack begins is left out.
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
    """The run of an agent (name or policy file) in one cross, moved by each of `SHIFTS`."""
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
    """What the slider of one cross needs: the moved runs, and why there is none, or none earlier."""
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
