"""The examples of a session plan: for each drill one cross with the run started at each time, on the same ball."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from backpost.agents.base.play import record
from backpost.envs.world.chance import episode_seeds
from backpost.training.bench.result_file import REPORTED
from backpost.training.session.content import DrillPlan, SessionPlan
from backpost.training.session.run import timed_run
from backpost.training.session.session import drill_of


@dataclass(frozen=True)
class Example:
    """One cross of a drill.

    Attributes:
        runs: records (t,) of the run with the best start and of the one it is compared with.
        moved: records (t,) of each other start, by how much later than the best it is, s.
    """

    runs: tuple[np.recarray, np.recarray]
    moved: Mapping[float, np.recarray]


def play_examples(plan: SessionPlan) -> tuple[Example, ...]:
    """Play the example of each drill."""
    return tuple(_example(drill, plan.first_seed) for drill in plan.drills)


def _example(plan: DrillPlan, first: int) -> Example:
    """Plays the best start freely; the other starts get its ball."""
    drill, cones = drill_of(plan)
    number = plan.example.number
    seed, options = episode_seeds(REPORTED, 0, number, 1)[0], drill.options(number - first)
    starts, best = [point.start for point in plan.points], plan.best_point.start
    own = record(timed_run(cones, best), drill.env, seed, options)
    ball = own[-1:].view(np.recarray).delivery
    others = {
        start: record(timed_run(cones, start), drill.env, seed, options, ball) for start in starts if start != best
    }
    moved = {round(start - best, 3): run for start, run in others.items()}
    return Example((own, others[plan.worse_point.start]), moved)
