"""The crosses behind an explanation: an agent's run in each, kept as a few numbers.

All compared agents play the same seeds, so every difference is paired.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.agents.base.agent import Actions, Agent, Observations, Seeds
from backpost.agents.base.play import UNSTRUCK, Progress, Records, play
from backpost.agents.base.view import coming
from backpost.agents.handicaps.wrapper import AgentWrapper
from backpost.envs.interface import observation
from backpost.envs.interface.options import Options
from backpost.envs.interface.outcome import goal_side, metrics
from backpost.envs.world.parameters import parameters
from backpost.envs.world.pitch import HALF_LENGTH, SIX_YARD_DEPTH, SIX_YARD_HALF_WIDTH
from backpost.envs.world.record import CUTBACK, DECISION_TIME, HIGH, RUNNER, SIDE_FOOT, TRACK_LENGTH, VOLLEY

from .cores import on_cores
from .statistics import Interval, mean_interval

LEVEL = 0.99
CHUNK = 1000
"""Crosses in one piece of work; each worker holds only this many records at once."""
TOUCHING = float(parameters().body_distance[0]) + 0.1
"""Distance between two bodies below which they touch, m."""

HERE = 1.5
"""Radius within which a runner counts as waiting at a place, m."""

DELIVERIES = ("high, near post", "high, middle", "high, back post", "low", "cut-back", "blocked", "never struck")
"""What the crosser intended."""
RUNS = ("near post", "middle", "back post", "stays 9 m out", "no run")
"""Where a run leads: by side within nine metres of the goal line, or short of that."""
DEEP = 9.0
"""Distance from the goal line beyond which the runner has stayed out, m."""
NEAR = 16.0
"""Distance from the centre of the goal within which published shots with the foot are counted, m."""

_METRICS = ("xg", "own_xg", "start", "arrival", "start_x", "start_y", "height", "separation", "body_angle", "speed")
_YES = ("goal", "meets", "shoots", "offside")
run_type = np.dtype(
    [
        ("seed", "u8"),
        *((name, "f8") for name in _METRICS),  # as in outcome.metrics
        *((name, "?") for name in _YES),
        ("near_foot", "?"),  # a first-time shot with the foot, from less than NEAR
        ("strike_x", "f8"),  # position when the cross is struck; nan if it never is
        ("strike_y", "f8"),
        ("end_x", "f8"),  # position when he meets the ball or it passes him; nan if neither
        ("end_y", "f8"),
        ("waited", "f8"),  # s within 1.5 m of that place before the ball came
        ("goal_area", "f8"),  # s inside the goal area before the ball came
        ("keeper_contact", "?"),  # he touches the keeper before the first touch of the cross
        ("delivery", "i8"),  # index into DELIVERIES
        ("run", "i8"),  # index into RUNS
    ]
)
"""What is kept from a cross; metres and seconds, times from the strike."""
Runs = npt.NDArray[np.void]
Floats = npt.NDArray[np.float64]
Make = Callable[[], Agent]
"""Makes a fresh copy of an agent; every worker needs its own."""

_KEEPER = [observation.index(f"keeper_{axis}") for axis in "xy"]


class NearKeeper(AgentWrapper):
    """An agent, and the seeds of the crosses in which its runner touches the keeper before the first touch."""

    def __init__(self, agent: Agent) -> None:
        super().__init__(agent)
        self.touched: set[int] = set()

    def act(self, observations: Observations) -> Actions:
        """The agent's actions (n, 4)."""
        x, y = (observations[:, k] * observation.SCALES[k] for k in _KEEPER)
        near = (x * x + y * y < TOUCHING**2) & (x * x + y * y > 0.0) & coming(observations)
        self.touched.update(map(int, self._seeds[near]))
        return self.agent.act(observations)


def runs(
    make: Make,
    env: str,
    seeds: Seeds,
    options: Options | None = None,
    progress: Progress | None = None,
    given: Records | None = None,
) -> Runs:
    """An agent's runs in the crosses with these seeds (n,): an array (n,) of `run_type`, in the same order.

    Raises:
        UnknownName, InvalidValue: see `agents.play.play`.
    """

    def work(first: int) -> Runs:
        piece = slice(first, first + CHUNK)
        agent = NearKeeper(make())
        final = play(
            agent, env, seeds[piece], options, progress=progress, given=None if given is None else given[piece]
        )
        return keep(final, agent.touched)

    return np.concatenate(on_cores(work, range(0, len(seeds), CHUNK)))


def keep(final: np.recarray, touched: set[int]) -> Runs:
    """The runs (n,) in final records (n,); `touched` has the seeds in which the runner touched the keeper."""
    of = metrics(final)
    kept = np.zeros(len(final), run_type)
    for name in ("seed", *_METRICS, *_YES):
        kept[name] = of[name]
    near = np.hypot(HALF_LENGTH - of["place_x"], of["place_y"]) < NEAR
    kept["near_foot"] = (of["first_time"] > 0) & np.isin(of["technique"], (VOLLEY, SIDE_FOOT)) & near
    struck = final.delivery["struck_at"]
    struck_at_all = struck < UNSTRUCK
    runner = final["players"][:, RUNNER]
    kept["strike_x"] = np.where(struck_at_all, runner["strike_x"], np.nan)
    kept["strike_y"] = np.where(struck_at_all, runner["strike_y"], np.nan)
    ends = of["arrival"] + struck
    kept["waited"] = waited(final["track"], ends)
    last = np.where(np.isfinite(ends), ends, 0.0)
    place = final["track"][np.arange(len(final)), decision(last)]
    kept["end_x"] = np.where(np.isfinite(ends), place[:, 0], np.nan)
    kept["end_y"] = np.where(np.isfinite(ends), place[:, 1], np.nan)
    kept["goal_area"] = _in_goal_area(final["track"], decision(last))
    kept["keeper_contact"] = np.isin(kept["seed"], np.fromiter(touched, np.uint64, len(touched)))
    kept["delivery"] = deliveries(final)
    kept["run"] = kind_of_run(kept)
    return kept


def decision(time: Floats) -> npt.NDArray[np.int64]:
    """Index into a track at a time in seconds from the start of the episode, (n,)."""
    return np.clip(np.round(time / DECISION_TIME), 0, TRACK_LENGTH - 1).astype(np.int64)


def deliveries(final: np.recarray) -> npt.NDArray[np.int64]:
    """What the crossers intended, indices (n,) into DELIVERIES."""
    delivery = final.delivery
    low = np.where(delivery["kind"] == CUTBACK, 4, 3)
    meant = np.where(delivery["kind"] == HIGH, goal_side(delivery["aim_y"]), low)
    meant = np.where(delivery["blocked"] > 0, 5, meant)
    return np.where(delivery["struck_at"] < UNSTRUCK, meant, 6)


def kind_of_run(kept: Runs) -> npt.NDArray[np.int64]:
    """Where runs (n,) lead, indices (n,) into RUNS."""
    led = np.where(HALF_LENGTH - kept["end_x"] > DEEP, 3, goal_side(kept["end_y"]))
    return np.where(np.isfinite(kept["start"]), led, 4)


def paired(first: Floats, second: Floats) -> Interval:
    """Gain of the first over the second per 100 crosses, both (n,) on the same crosses, with its 99 % interval."""
    return mean_interval(100.0 * (first - second), LEVEL)


def mean(values: npt.NDArray[Any]) -> float | None:
    """Mean of the finite values (n,), None if there are none."""
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else None


def _in_goal_area(tracks: Floats, last: npt.NDArray[np.int64]) -> Floats:
    """Seconds that runners spent in the goal area up to the decision `last` (n,)."""
    depth, width = HALF_LENGTH - tracks[:, :, 0], np.abs(tracks[:, :, 1])
    inside = (depth < SIX_YARD_DEPTH) & (width < SIX_YARD_HALF_WIDTH)
    inside &= np.arange(TRACK_LENGTH) <= last[:, None]
    return np.asarray(DECISION_TIME * inside.sum(axis=1))


def waited(tracks: npt.NDArray[np.float64], until: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Seconds for which a runner had been within HERE of his position at `until`, shape (n,).

    Args:
        tracks: his positions at every decision, (n, TRACK_LENGTH, 2), m.
        until: s from the start of the episode, (n,); nan gives nan.
    """
    finite = np.isfinite(until)
    last = np.where(finite, np.round(np.where(finite, until, 0.0) / DECISION_TIME), 0).astype(int)
    last = np.clip(last, 0, TRACK_LENGTH - 1)
    place = tracks[np.arange(len(tracks)), last]
    far = np.hypot(*(tracks - place[:, None]).transpose(2, 0, 1)) > HERE
    decisions = np.arange(TRACK_LENGTH)
    left = np.where(far & (decisions < last[:, None]), decisions, -1).max(axis=1)
    return np.where(finite, (last - left - 1) * DECISION_TIME, np.nan)
