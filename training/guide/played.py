"""The crosses behind the guide's table: each run in each setting on the same seeds, kept as a few numbers per cross.

Claims that need the same run in the same setting share its crosses.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.agents.base.play import Progress, play
from backpost.envs.crosses import Crosses
from backpost.envs.interface.options import Options
from backpost.envs.interface.outcome import metrics
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.pitch import GOAL_HALF_WIDTH, HALF_LENGTH
from backpost.envs.world.record import (
    ATTACKERS,
    HEADER,
    KEEPER,
    NOBODY,
    RUNNER,
    SIDE_FOOT,
    VOLLEY,
)
from backpost.training.bench.cores import on_cores
from backpost.training.bench.runs import waited
from backpost.training.bench.timing import BACK_POST

from .runners import runner

LABEL = "evaluate"
PIECE = 2000
"""Crosses in one piece of work; each worker holds the records of only this many at once."""
FEWEST = 8
"""Smallest number of crosses of a cell."""
TAP_IN = 6.0
"""m from the goal's centre within which a shot is called a tap-in."""
ARMS = 1.0
"""m to either side that a keeper covers without diving; used only to describe the open goal mouth."""

kept_type = np.dtype(
    [
        ("seed", "u8"),
        ("xg", "f8"),  # expected goals of the team
        ("meets", "?"),  # the runner touches the ball
        ("tap_in", "?"),  # the runner shoots with his first touch from within TAP_IN
        ("offside", "?"),
        ("unseen", "f4"),  # share of the run that his marker does not see; nan without a run
        ("belief_error", "f4"),  # m, his marker's error about his position at the strike
        ("gap", "f4"),  # m to the nearest outfield opponent when he meets the ball; nan if it is not met
        ("body_angle", "f4"),  # rad between his facing and the goal when he meets it; nan if it is not met
        ("waited", "f4"),  # s waited where the ball arrived (met or passed); nan if neither
        ("shot", "?"),  # the first contact is an attacker's shot, described by the next six; otherwise nan
        ("shot_xg", "f4"),
        ("shot_head", "f4"),  # 1 for a header
        ("shot_depth", "f4"),  # m from the goal line
        ("shot_width", "f4"),  # m from the goal's centre, far side positive
        ("shot_gap", "f4"),  # m to the nearest outfield opponent
        ("shot_open", "f4"),  # share of the goal mouth that the keeper leaves open, seen from the ball; scripted runs
    ]
)
Kept = npt.NDArray[np.void]


@dataclass(frozen=True)
class Run:
    """A runner in a scenario and a setting.

    Attributes:
        env: the scenario.
        agent: name of an agent or variant; "" for a scripted runner.
        start: start of a scripted run to the back post, s from the strike; None: as the scenario deals it.
        parameters, options: overrides of the world's parameters and of `Options`, as sorted pairs.
        share: share of the table's crosses that are played, from the first on; it may exceed 1.
    """

    env: str
    agent: str = ""
    start: float | None = None
    parameters: tuple[tuple[str, float], ...] = ()
    options: tuple[tuple[str, Any], ...] = ()
    share: float = 1.0

    def having(self, parameters: Mapping[str, float], options: Mapping[str, Any]) -> "Run":
        """The same run in another setting."""
        return replace(
            self,
            parameters=tuple(sorted((dict(self.parameters) | dict(parameters)).items())),
            options=tuple(sorted((dict(self.options) | dict(options)).items())),
        )

    def whole(self) -> "Run":
        """The same run with a share of 1."""
        return replace(self, share=1.0)

    def count(self, crosses: int) -> int:
        """Number of crosses it plays when a cell of the table has `crosses`."""
        return max(int(crosses * self.share), FEWEST)

    def chosen(self) -> Options:
        """Its options."""
        return Options(parameters=dict(self.parameters), **dict(self.options))


def play_runs(
    runs: Iterable[Run], crosses: int, first_seed: int = 0, progress: Progress | None = None
) -> dict[Run, Kept]:
    """The kept crosses of every run: arrays (n,) of `kept_type`, in which cross i always has the same seed.

    Raises:
        UnknownName: for an unknown scenario, agent or parameter.
        InvalidValue: for an option that a scenario does not have.
    """
    runs = list(runs)
    counts = to_play(runs, crosses)
    seeds = episode_seeds(LABEL, 0, first_seed, max(counts.values(), default=0))
    pieces = [(run, at, min(at + PIECE, count)) for run, count in counts.items() for at in range(0, count, PIECE)]

    def work(piece: tuple[Run, int, int]) -> Kept:
        run, first, end = piece
        return _play(run, seeds[first:end], progress)

    done = on_cores(work, pieces)
    kept = {run: np.concatenate([done[i] for i, piece in enumerate(pieces) if piece[0] == run]) for run in counts}
    return {run: kept[run.whole()][: run.count(crosses)] for run in runs}


def to_play(runs: Iterable[Run], crosses: int) -> dict[Run, int]:
    """Number of crosses that `play_runs` plays of each whole run, in its order: the largest number needed of it."""
    counts: dict[Run, int] = {}
    for run in runs:
        counts[run.whole()] = max(counts.get(run.whole(), 0), run.count(crosses))
    return counts


def _play(run: Run, seeds: npt.NDArray[np.uint64], progress: Progress | None) -> Kept:
    if run.agent:
        final = play(runner(run.agent, run.env), run.env, seeds, options=run.chosen(), progress=progress)
        return keep(final, np.full(len(seeds), np.nan), np.full(len(seeds), np.nan))
    kept = _play_scripted(run, seeds)
    if progress is not None:
        progress(len(seeds))
    return kept


def _play_scripted(run: Run, seeds: npt.NDArray[np.uint64]) -> Kept:
    """Play a scripted runner, recording where the keeper stood at the decision before the first shot."""
    crosses = Crosses(run.env, len(seeds), options=run.chosen())
    crosses.deal(seeds)
    worlds = crosses.worlds
    me = worlds["players"][:, RUNNER]
    me["outside"] = 0
    if run.start is not None:
        me["start"] = run.start
        me["home_x"], me["home_y"] = BACK_POST
    keeper, stood = worlds["players"][:, KEEPER], np.zeros((2, len(seeds)))
    nothing, done = np.zeros((len(seeds), 4)), np.zeros(len(seeds), bool)
    while not done.all():
        before = worlds["first_shot"]["by"] == NOBODY
        for k, axis in enumerate("xy"):
            stood[k, before] = keeper[axis][before]
        _, done = crosses.step(nothing)
    return keep(worlds, stood[0], stood[1])


def keep(final: np.recarray, keeper_x: npt.NDArray[np.float64], keeper_y: npt.NDArray[np.float64]) -> Kept:
    """The numbers (n,) that claims use, from final records (n,) and the keeper's position at the first shot (n,)."""
    of, contact = metrics(final), final["first_contact"]
    kept = np.zeros(len(final), kept_type)
    for name in ("seed", "xg", "meets", "offside", "unseen", "belief_error", "body_angle"):
        kept[name] = of[name]
    kept["gap"] = of["separation"]
    away = np.hypot(HALF_LENGTH - of["place_x"], of["place_y"])
    kept["tap_in"] = (of["first_time"] > 0) & (away < TAP_IN)
    kept["waited"] = waited(final["track"], of["arrival"] + final["delivery"]["struck_at"])
    shot = (contact["by"] != NOBODY) & (contact["by"] < ATTACKERS) & (contact["xg"] > 0.0)
    shot &= np.isin(contact["technique"], (HEADER, VOLLEY, SIDE_FOOT))
    kept["shot"] = shot
    columns = {
        "shot_xg": contact["xg"],
        "shot_head": contact["technique"] == HEADER,
        "shot_depth": HALF_LENGTH - contact["x"],
        "shot_width": contact["y"],
        "shot_gap": contact["gap"],
        "shot_open": open_mouth(contact["x"], contact["y"], keeper_x, keeper_y),
    }
    for name, values in columns.items():
        kept[name] = np.where(shot, values, np.nan)
    return kept


def open_mouth(
    x: npt.ArrayLike, y: npt.ArrayLike, keeper_x: npt.ArrayLike, keeper_y: npt.ArrayLike
) -> npt.NDArray[np.float64]:
    """Share of the goal mouth's angle, seen from (x, y), left open by a keeper who covers ARMS to either side."""
    x, y, kx, ky = (np.asarray(values, dtype=np.float64) for values in (x, y, keeper_x, keeper_y))
    depth = np.maximum(HALF_LENGTH - x, 1e-3)
    right, left = (np.arctan2(post - y, depth) for post in (-GOAL_HALF_WIDTH, GOAL_HALF_WIDTH))
    ahead = np.maximum(kx - x, 1e-3)
    half = np.arcsin(np.minimum(ARMS / np.maximum(np.hypot(ahead, ky - y), ARMS), 1.0))
    middle = np.arctan2(ky - y, ahead)
    hidden = np.maximum(np.minimum(middle + half, left) - np.maximum(middle - half, right), 0.0)
    return np.asarray(np.where(kx < x, 1.0, 1.0 - hidden / (left - right)) + 0.0 * kx)
