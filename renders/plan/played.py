"""The examples of a session plan: for each drill one cross with the run started at every time, on the same ball."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from backpost.agents.base.play import record
from backpost.envs.world.chance import episode_seeds
from backpost.training.session.run import timed_run
from backpost.training.session.session import drill_of


@dataclass(frozen=True)
class Example:
    """One cross of a drill.

    Attributes:
        runs: records (t,) of the run that is started best and of the one held against it.
        moved: records (t,) of every other start, by how much later than the best it is, s.
    """

    runs: tuple[np.recarray, np.recarray]
    moved: Mapping[float, np.recarray]


def play_examples(result: Mapping[str, Any]) -> tuple[Example, ...]:
    """Play the example of each drill in what `session` returned."""
    return tuple(_example(told, result["first_seed"]) for told in result["drills"])


def _example(told: Mapping[str, Any], first: int) -> Example:
    """The best start is played freely; the others get its ball."""
    drill, cones = drill_of(told)
    number = told["example"]["number"]
    seed, options = episode_seeds("evaluate", 0, number, 1)[0], drill.options(number - first)
    starts = [point["start"] for point in told["points"]]
    best = starts[told["best"]]
    own = record(timed_run(cones, best), drill.env, seed, options)
    ball = own[-1:].view(np.recarray).delivery
    others = {
        start: record(timed_run(cones, start), drill.env, seed, options, ball) for start in starts if start != best
    }
    moved = {round(start - best, 3): run for start, run in others.items()}
    return Example((own, others[starts[told["worse"]]]), moved)
