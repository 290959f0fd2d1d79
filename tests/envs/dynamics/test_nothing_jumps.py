"""Bodies and balls move as bodies and balls do: nothing jumps, nobody stands in somebody else or leaves the pitch."""

from functools import cache

import numpy as np
import pytest

from backpost.envs import Crosses
from backpost.envs.interface import observation
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.parameters import parameters
from backpost.envs.world.pitch import HALF_LENGTH, HALF_WIDTH
from backpost.envs.world.record import CROSS, DECISION_TIME, LOOSE, OVER, PLAYERS, RUNNER, SWING

BODIES_TOUCH = float(parameters().body_distance[0])
COUNT = 400
SEEDS = episode_seeds("verify", 20, 0, COUNT)
NAMES = ("OpenPlay", "Transition", "Corner", "FreeKick")
FASTEST_BALL, FASTEST_BODY = 36.0, 11.0
"""m/s, the latter with what a collision adds."""


@cache
def film(name: str) -> list[np.recarray]:
    """The records of every decision, under runs that go somewhere and turn now and then."""
    crosses = Crosses(name, COUNT)
    crosses.deal(SEEDS)
    luck = np.random.default_rng(1)
    wanted, frames, done = luck.uniform(-1.0, 1.0, (COUNT, 4)), [crosses.snapshot()], np.zeros(COUNT, bool)
    while not done.all():
        turns = luck.uniform(size=COUNT) < 0.1
        wanted[turns] = luck.uniform(-1.0, 1.0, (int(turns.sum()), 4))
        _, done = crosses.step(wanted)
        frames.append(crosses.snapshot())
    return frames


def apart(worlds: np.recarray) -> np.ndarray:
    """Metres between every two players, (n, pairs); 99 where one of them is not there."""
    first, second = np.triu_indices(PLAYERS, 1)
    of = worlds.players
    there = (of.present[:, first] != 0) & (of.present[:, second] != 0)
    away = np.hypot(of.x[:, first] - of.x[:, second], of.y[:, first] - of.y[:, second])
    return np.where(there, away, 99.0)


@pytest.mark.parametrize("name", NAMES)
def test_the_ball_moves_no_faster_than_it_can_be_struck(name: str) -> None:
    """Not when it is controlled, blocked, parried or laid off either: it was at the feet at once, up to 1.8 m away."""
    for before, after in zip(film(name), film(name)[1:], strict=False):
        way = np.sqrt(sum((after.ball[axis] - before.ball[axis]) ** 2 for axis in "xyz"))
        assert way.max() < FASTEST_BALL * DECISION_TIME


@pytest.mark.parametrize("name", NAMES)
def test_bodies_move_no_faster_than_they_run_and_stay_on_the_pitch(name: str) -> None:
    for before, after in zip(film(name), film(name)[1:], strict=False):
        there = after.players.present != 0
        way = np.hypot(after.players.x - before.players.x, after.players.y - before.players.y)
        assert way[there].max() < FASTEST_BODY * DECISION_TIME
        assert (np.abs(after.players.x[there]) <= HALF_LENGTH + 1.5).all()
        assert (np.abs(after.players.y[there]) <= HALF_WIDTH + 1.5).all()


@pytest.mark.parametrize("name", NAMES)
def test_nobody_opens_a_cross_in_somebody_else_or_runs_through_him(name: str) -> None:
    opening, *rest = film(name)
    assert apart(opening).min() > BODIES_TOUCH - 0.02
    for frame in rest:
        playing = frame.phase != OVER
        # In a crowd a push is passed on: never more than a shoulder deep, and hardly ever that.
        assert apart(frame[playing]).min(initial=99.0) > 0.5 * BODIES_TOUCH
    close = np.concatenate([apart(frame[frame.phase != OVER]).min(axis=1) for frame in rest])
    assert (close < BODIES_TOUCH - 0.1).mean() < 0.01


def test_a_runner_at_the_far_end_stays_on_the_pitch() -> None:
    crosses = Crosses("OpenPlay", 4)
    crosses.deal(SEEDS[:4])
    crosses.worlds.players.x[:, RUNNER] = -HALF_LENGTH
    for _ in range(30):
        crosses.step(np.tile([-1.0, 0.0, -1.0, 0.0], (4, 1)))
    assert (crosses.worlds.players.x[:, RUNNER] >= -HALF_LENGTH - 1.0).all()


def test_who_comes_into_the_goal_from_beside_it_is_kept_out_where_he_is() -> None:
    """He was put in front of the goal, a metre and a half away."""
    crosses = Crosses("OpenPlay", 2)
    crosses.deal(SEEDS[:2])
    me = crosses.worlds.players
    me.x[:, RUNNER], me.y[:, RUNNER] = HALF_LENGTH + 0.8, [5.0, -5.0]
    for _ in range(15):
        crosses.step(np.array([[0.0, -1.0, 0.0, -1.0], [0.0, 1.0, 0.0, 1.0]]))
    assert (me.x[:, RUNNER] > HALF_LENGTH).all()
    assert (np.abs(me.y[:, RUNNER]) > 3.66).all()


@pytest.mark.parametrize("name", ["OpenPlay", "Corner"])
def test_the_clock_tells_nothing_of_the_strike_before_it_comes(name: str) -> None:
    """The time left stood for the planned moment of the strike."""
    crosses = Crosses(name, COUNT)
    crosses.deal(SEEDS)
    before = observation.read(crosses.observe(), "time_left")
    assert len(np.unique(before)) == 1
    for _ in range(45):
        crosses.step(np.zeros((COUNT, 4)))
        left, phase = observation.read(crosses.observe(), "time_left"), crosses.worlds.phase
        assert (left[phase <= SWING] == before[0]).all()
        flies = (phase == CROSS) | (phase == LOOSE)
        assert np.allclose(left[flies], (crosses.worlds.limit - crosses.worlds.time)[flies], atol=1e-5)
