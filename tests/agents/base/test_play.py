"""Promises of agents/base/play.py: the same crosses in any batch, the same ball when asked for, and honest delays."""

from typing import Any

import numpy as np
import pytest
from a_policy import a_policy

from backpost.agents.base.play import play, record
from backpost.agents.handicaps.delayed import Delayed
from backpost.agents.registry import agent
from backpost.envs.common.errors import InvalidValue
from backpost.envs.crosses import Crosses
from backpost.envs.interface import observation
from backpost.envs.interface.options import Options
from backpost.envs.interface.outcome import metrics
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import DECISION_TIME, OVER, RUNNER, SWING, TRACK_LENGTH

SEEDS = episode_seeds("verify", 11, 0, 60)
LAUNCH = ("struck_at", "kind", "vx", "vy", "vz", "wx", "wy", "wz", "origin_x", "origin_y")


def test_records_come_in_the_order_of_their_seeds_and_are_over() -> None:
    ended: list[int] = []
    final = play(agent("flight-reader"), "OpenPlay", SEEDS, batch=16, progress=ended.append)
    assert np.array_equal(final["seed"], SEEDS)
    assert (final["phase"] == OVER).all()
    assert sum(ended) == len(SEEDS)


@pytest.mark.parametrize("name", ["random", "flight-reader"])
def test_records_do_not_depend_on_the_batch(name: str) -> None:
    expected = play(agent(name), "OpenPlay", SEEDS)
    for batch in (1, 7):
        assert play(agent(name), "OpenPlay", SEEDS, batch=batch).tobytes() == expected.tobytes()


def test_the_record_of_one_cross_ends_as_in_the_batch() -> None:
    final = play(agent("early-back-post"), "OpenPlay", SEEDS[:3])
    moments = record(agent("early-back-post"), "OpenPlay", SEEDS[2])
    assert moments[-1].tobytes() == final[2].tobytes()
    assert np.array_equal(moments["decisions"], np.arange(len(moments)))


def test_the_same_ball_is_the_same_bit_for_bit_whoever_runs() -> None:
    recorded = play(agent("hold-then-back-post"), "OpenPlay", SEEDS)
    struck = recorded["delivery"]["struck_at"] < 99.0
    assert struck.mean() > 0.8
    for name in ("hold-then-back-post", "near-post-sprint", "random"):
        again = play(agent(name), "OpenPlay", SEEDS, batch=16, given=recorded["delivery"])
        for field in LAUNCH:
            assert np.array_equal(again["delivery"][field][struck], recorded["delivery"][field][struck]), field
        assert np.array_equal(again["delivery"]["given"], struck)


def test_who_replays_his_own_ball_plays_the_same_cross() -> None:
    recorded = play(agent("early-back-post"), "OpenPlay", SEEDS)
    again = play(agent("early-back-post"), "OpenPlay", SEEDS, given=recorded["delivery"])
    for field in ("xg", "goals", "outcome", "time", "track", "meeting"):
        assert np.array_equal(again[field], recorded[field]), field
    moments = record(agent("early-back-post"), "OpenPlay", SEEDS[4], given=recorded["delivery"][4:5])
    assert moments[-1].tobytes() == again[4].tobytes()


@pytest.mark.parametrize("name", ["a policy", "guides-player", "early-back-post"])
@pytest.mark.parametrize("env", ["OpenPlay", "Corner"])
def test_his_own_ball_given_back_is_his_own_cross_bit_for_bit(name: str, env: str) -> None:
    runner = a_policy(env) if name == "a policy" else agent(name, env)
    recorded = play(runner, env, SEEDS)
    again = play(runner, env, SEEDS, given=recorded["delivery"])
    assert again["delivery"]["given"].mean() > 0.8
    again["delivery"]["given"] = 0
    assert again.tobytes() == recorded.tobytes()


@pytest.mark.parametrize("ball", ["recorded", "simulated"])
def test_the_crosser_of_a_real_attack_shows_his_choice_whoever_made_it(ball: str) -> None:
    moments = record(agent("stand-still"), "Situation", 5, Options(ball=ball))
    crosses = Crosses("Situation", len(moments), options=Options(ball=ball))
    crosses.restore(moments)
    shown = observation.read(crosses.observe(), "hips_shown") > 0.0
    before = moments.phase <= SWING
    assert 2 <= shown.sum() <= 4
    assert shown[np.flatnonzero(before)[-2:]].all()
    assert not shown[~before].any()


def test_a_track_says_where_he_was_as_he_took_each_decision() -> None:
    ran = 0
    for seed in SEEDS[:20]:
        moments = record(agent("early-back-post"), "OpenPlay", seed)
        last = min(len(moments), TRACK_LENGTH)
        me = moments.players[:last, RUNNER]
        assert moments.time[: last - 1] == pytest.approx(np.arange(last - 1) * DECISION_TIME)
        assert np.array_equal(moments[-1].track[:last], np.column_stack([me.x, me.y]))
        row = metrics(moments[-1:].view(np.recarray))[0]
        if np.isfinite(row["start"]):
            k = round((row["start"] + moments[-1].delivery.struck_at) / DECISION_TIME)
            assert (row["start_x"], row["start_y"]) == (me.x[k], me.y[k])
            ran += 1
    assert ran >= 3


def test_options_reach_the_crosses() -> None:
    easy = play(agent("stand-still"), "OpenPlay", SEEDS[:4], Options(difficulty=0.25))
    assert (easy["difficulty"] == 0.25).all()


def test_the_left_wing_is_played_as_the_right_one() -> None:
    right = play(agent("hold-then-back-post"), "OpenPlay", SEEDS[:20])
    left = play(agent("hold-then-back-post"), "OpenPlay", SEEDS[:20], Options(wing="left"))
    assert np.array_equal(right["outcome"], left["outcome"])
    np.testing.assert_allclose(right["xg"], left["xg"], atol=1e-9)


@pytest.mark.parametrize("env", ["OpenPlay", "Corner"])
def test_a_policy_runs_mirrored_on_the_left_wing(env: str) -> None:
    """It has learned on the right one; unmirrored it lost nearly half of what it is worth on a fast break."""
    policy = agent("learned", env)
    right, left, mixed = (play(policy, env, SEEDS[:40], Options(wing=wing)) for wing in ("right", "left", "random"))
    for other in (left, mixed):
        assert np.array_equal(right["outcome"], other["outcome"])
        np.testing.assert_allclose(right["xg"], other["xg"], atol=1e-9)
    alone = play(policy, env, SEEDS[:40], Options(wing="random"), batch=7)
    assert alone.tobytes() == mixed.tobytes()


class Watcher:
    """An agent that says what it sees: the time left goes into its first action."""

    name = "watcher"
    description = "stands and watches"

    def reset(self, seeds: Any) -> None:
        self.seen: list[np.ndarray] = []

    def restart(self, which: Any, seeds: Any) -> None:
        pass

    def act(self, observations: np.ndarray) -> np.ndarray:
        self.seen.append(observations[:, 0].copy())
        return np.zeros((len(observations), 4), np.float32)


def test_a_delayed_agent_sees_the_past_of_this_cross_and_of_no_other() -> None:
    watcher = Watcher()
    late = Delayed(watcher, 2)
    late.reset(np.zeros(2, np.uint64))
    for moment in range(6):
        if moment == 3:
            late.restart(np.array([False, True]), np.zeros(2, np.uint64))
        late.act(np.full((2, observation.SIZE), moment, np.float32))
    assert np.array_equal(np.array(watcher.seen)[:, 0], [0, 0, 0, 1, 2, 3])
    assert np.array_equal(np.array(watcher.seen)[:, 1], [0, 0, 0, 3, 3, 3])


def test_a_delayed_agent_plays_another_cross_than_a_quick_one() -> None:
    quick = play(agent("hold-then-back-post"), "OpenPlay", SEEDS)
    slow = play(Delayed(agent("hold-then-back-post")), "OpenPlay", SEEDS, batch=16)
    assert not np.array_equal(quick["players"]["x"][:, RUNNER], slow["players"]["x"][:, RUNNER])
    assert play(Delayed(agent("hold-then-back-post")), "OpenPlay", SEEDS).tobytes() == slow.tobytes()


def test_no_crosses_are_no_records() -> None:
    assert len(play(agent("random"), "OpenPlay", SEEDS[:0])) == 0


def test_bad_calls_get_one_sentence() -> None:
    with pytest.raises(InvalidValue, match="60 crosses need 60 recorded deliveries, got 1"):
        play(agent("random"), "OpenPlay", SEEDS, given=play(agent("random"), "OpenPlay", SEEDS[:1])["delivery"])
    with pytest.raises(InvalidValue, match="a batch must be 1 cross or more"):
        play(agent("random"), "OpenPlay", SEEDS, batch=0)
    with pytest.raises(InvalidValue, match="a delay must be 1 decision or more"):
        Delayed(agent("random"), 0)
