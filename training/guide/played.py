"""The crosses behind the guide's table: a run in a setting, played on the same seeds, kept as a few numbers a cross.

Claims that ask for the same run in the same setting share its crosses.
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
"""Crosses of one piece of work; the records of only so many are held at once per worker."""
FEWEST = 8
"""Crosses of the smallest cell."""
TAP_IN = 6.0
"""m from the goal's centre within which a shot is called a tap-in."""
ARMS = 1.0
"""m to either side that a keeper covers without a dive; for the description of the open goal mouth only."""

kept_type = np.dtype(
    [
        ("seed", "u8"),
        ("xg", "f8"),  # expected goals of the team
        ("meets", "?"),  # the runner touches the ball
        ("tap_in", "?"),  # he shoots with his first touch from within TAP_IN
        ("offside", "?"),
        ("unseen", "f4"),  # share of his run outside his marker's sight; nan if he never runs
        ("belief_error", "f4"),  # m, his marker's error at the strike
        ("gap", "f4"),  # m to the nearest outfield opponent when he meets the ball; nan if not met
        ("body_angle", "f4"),  # rad between his facing and the goal when he meets it; nan if not met
        ("waited", "f4"),  # s at the place of the ball before it came (met or passed); nan if neither
        ("shot", "?"),  # the first contact is an attacker's shot: the next six describe it, nan if it is none
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
    """Who runs, where, in which setting.

    Attributes:
        env: the scenario.
        agent: an agent or variant by name; "" for a scripted runner.
        start: scripted: the run to the back post starts so many s from the strike; None: as the scenario deals it.
        parameters, options: overrides of the world's parameters and of `Options`, as sorted pairs.
        share: how many of the table's crosses are played (the first ones, or more than others play).
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
        """The same run, whatever its share."""
        return replace(self, share=1.0)

    def count(self, crosses: int) -> int:
        """How many crosses it plays when a cell of the table has `crosses`."""
        return max(int(crosses * self.share), FEWEST)

    def chosen(self) -> Options:
        """Its options."""
        return Options(parameters=dict(self.parameters), **dict(self.options))


def play_runs(
    runs: Iterable[Run], crosses: int, first_seed: int = 0, progress: Progress | None = None
) -> dict[Run, Kept]:
    """What is kept of every run's crosses: arrays (n,) of `kept_type`, cross i of each having the same seed.

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
    """How many crosses `play_runs` plays of each whole run, in its order: the largest part that anybody asks for."""
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
    """A scripted runner; where the keeper stood in the decision before the first shot is watched on the way."""
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
    """The numbers (n,) that claims read, from final records (n,) and where the keeper stood at the first shot (n,)."""
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
    """Share of the goal mouth's angle, seen from (x, y), that a keeper leaves open who covers ARMS to either side."""
    x, y, kx, ky = (np.asarray(values, dtype=np.float64) for values in (x, y, keeper_x, keeper_y))
    depth = np.maximum(HALF_LENGTH - x, 1e-3)
    right, left = (np.arctan2(post - y, depth) for post in (-GOAL_HALF_WIDTH, GOAL_HALF_WIDTH))
    ahead = np.maximum(kx - x, 1e-3)
    half = np.arcsin(np.minimum(ARMS / np.maximum(np.hypot(ahead, ky - y), ARMS), 1.0))
    middle = np.arctan2(ky - y, ahead)
    hidden = np.maximum(np.minimum(middle + half, left) - np.maximum(middle - half, right), 0.0)
    return np.asarray(np.where(kx < x, 1.0, 1.0 - hidden / (left - right)) + 0.0 * kx)
