"""What a user is shown and paid: histories that stay, rewards of one episode alone, shaping that tells no secret."""

import pkgutil
from typing import Any

import numpy as np
import pytest
from a_moment import NOW, SINCE, lay, moment, opened, put
from gymnasium.vector import AutoresetMode

from backpost.agents.base.play import record
from backpost.agents.stand_still import StandStill
from backpost.envs import Crosses, CrossingEnv, CrossingVectorEnv
from backpost.envs.interface.outcome import metrics
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import CARRY, CROSS, CROSSER, DECISION_TIME, HIGH, KEEPER, LOOSE, RUNNER

MATE = 2
STEPS = 4


def moments_of(records: np.recarray) -> list[int]:
    """How many decisions lie behind each record."""
    return [int(decisions) for decisions in records["decisions"]]


def test_a_picture_is_drawn_from_what_was_and_not_from_what_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trails of a rendered frame are the records of every decision so far, each as it was then."""
    drawn: list[np.recarray] = []

    def draw(history: np.recarray, **how: Any) -> np.ndarray:
        drawn.append(history)
        return np.zeros((2, 2, 3), np.uint8)

    monkeypatch.setattr(pkgutil, "resolve_name", lambda name: draw)
    env = CrossingEnv(render_mode="rgb_array")
    env.reset(seed=3)
    for _ in range(STEPS):
        env.step(np.zeros(4))
    env.render()
    assert moments_of(drawn[0]) == list(range(STEPS + 1))
    assert len(set(drawn[0]["players"]["x"][:, CROSSER])) == STEPS + 1


def test_a_recorded_cross_holds_every_moment_as_it_was() -> None:
    records = record(StandStill(), "DrillCrossing", episode_seeds("verify", 41, 0, 1)[0])
    assert moments_of(records) == list(range(len(records)))
    assert (records["outcome"][:-1] == 0).all()
    assert records["outcome"][-1] != 0


def test_a_snapshot_stays_as_it_was_while_the_cross_goes_on_and_gives_it_back() -> None:
    crosses = Crosses("DrillCrossing", 2)
    crosses.deal(episode_seeds("verify", 41, 0, 2))
    saved = crosses.snapshot()
    crosses.step(np.ones((2, 4)))
    assert moments_of(saved) == [0, 0]
    crosses.restore(saved)
    assert moments_of(crosses.worlds) == [0, 0]
    crosses.step(np.ones((2, 4)))
    assert moments_of(saved) == [0, 0]


def vector(mode: AutoresetMode, longest: int, reward: str = "shaped") -> CrossingVectorEnv:
    """Two drills that are cut after so many decisions."""
    envs = CrossingVectorEnv(2, "DrillCrossing", max_episode_steps=longest, autoreset_mode=mode, reward=reward)
    envs.reset(seed=5)
    return envs


RUN = np.tile([1.0, 0.5, 0.0, 0.0], (2, 1))


def test_the_step_that_opens_the_next_episode_pays_nothing_though_the_cut_one_could_have_gone_on() -> None:
    """A truncated cross is not over: it must not be played on at the user's expense, in any term of the reward."""
    envs = vector(AutoresetMode.NEXT_STEP, 3)
    for _ in range(3):
        _, rewards, terminated, truncated, _ = envs.step(RUN)
        assert rewards.all(), "a run is shaped at every decision"
    assert truncated.all()
    assert not terminated.any()
    _, rewards, terminated, truncated, info = envs.step(RUN)
    assert not rewards.any()
    assert not (terminated | truncated).any()
    assert not any(info[name].any() for name in info if name.startswith("_reward"))
    assert envs.crosses.worlds["decisions"].tolist() == [0, 0]
    assert envs.step(RUN)[1].all()


def test_where_the_last_step_opens_the_next_episode_it_pays_for_the_last_decision() -> None:
    """And shows the next opening, with the end beside it."""
    envs, free = vector(AutoresetMode.SAME_STEP, 3), vector(AutoresetMode.NEXT_STEP, 99)
    for _ in range(3):
        observations, rewards, _, truncated, info = envs.step(RUN)
        seen, paid, *_ = free.step(RUN)
    assert truncated.all()
    assert rewards.tolist() == paid.tolist()
    assert np.stack(info["final_obs"]).tobytes() == seen.tobytes()
    assert observations.tobytes() == envs.crosses.observe().tobytes() != seen.tobytes()


def test_an_environment_that_was_reset_by_hand_after_its_end_is_not_opened_a_second_time() -> None:
    """Those that are left out of the mask still are."""
    envs = vector(AutoresetMode.NEXT_STEP, 3)
    for _ in range(3):
        *_, truncated, _ = envs.step(RUN)
    assert truncated.all()
    _, info = envs.reset(options={"reset_mask": np.array([True, False])})
    opened_by_hand = info["seed"][0]
    envs.step(RUN)
    assert envs.crosses.worlds["decisions"].tolist() == [1, 0]
    assert envs.crosses.worlds["seed"][0] == opened_by_hand
    envs.step(RUN)
    assert envs.crosses.worlds["decisions"].tolist() == [2, 1]


def waiting(x: float, aim: float) -> np.recarray:
    """A runner at this x before a cross that will be aimed at this y."""
    worlds = moment(1, CARRY)
    lay(worlds, 40.0, -26.0)
    put(worlds, CROSSER, 39.5, -26.0)
    worlds.ball.owner = CROSSER
    worlds.delivery.strike_at = NOW + 3.0
    worlds.delivery.chosen, worlds.delivery.aim_x, worlds.delivery.aim_y = 1, 46.0, aim
    put(worlds, RUNNER, x, 2.0)
    return worlds


def shaping(worlds: np.recarray, action: tuple[float, ...], gamma: float = 1.0) -> float:
    """What the next decision pays for shaping alone."""
    crosses = opened(worlds, reward="shaped", gamma=gamma)
    rewards, _ = crosses.step(np.array([action]))
    terms = crosses.terms()
    assert rewards[0] == terms["xg"][0] + terms["shaping"][0]
    return float(terms["shaping"][0])


FORWARD, BACK, STAND = (1.0, 0.0, 0.0, 0.0), (-1.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.0)


def test_before_the_strike_shaping_tells_nothing_of_where_the_ball_will_go() -> None:
    """It pays for coming nearer to where crosses are met, the same whatever has been chosen."""
    near, far = (shaping(waiting(40.0, aim), FORWARD) for aim in (-4.0, 8.0))
    assert near == far > 0.0
    assert shaping(waiting(40.0, 8.0), BACK) < 0.0


def struck(y: float, read_y: float) -> np.recarray:
    """A runner at this y who reads that he will meet a struck ball at (46, read_y)."""
    worlds = moment(1, CROSS)
    lay(worlds, 46.0, read_y)
    worlds.delivery.aim_x, worlds.delivery.aim_y = 20.0, -30.0
    put(worlds, RUNNER, 46.0, y, arrives=0.5, meet_x=46.0, meet_y=read_y, locked=90.0)
    return worlds


def test_after_the_strike_shaping_leads_to_where_the_runner_expects_to_meet_the_ball() -> None:
    """Neither to where it was aimed nor to where crosses are met in general."""
    left, right = (0.0, -1.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0)
    for read_y in (9.0, -9.0):
        there, away = (right, left) if read_y > 0.0 else (left, right)
        assert shaping(struck(0.0, read_y), there) > 0.0 > shaping(struck(0.0, read_y), away)


def test_the_strike_itself_pays_the_step_between_the_two_places() -> None:
    """At the strike the potential is that of the flight: a runner where the ball will come gains by it."""
    paid = []
    for aim in ((46.0, 2.0), (30.0, -33.0)):
        worlds = waiting(46.0, 0.0)
        worlds.delivery.strike_at, worlds.delivery.kind, worlds.delivery.given = NOW + 0.02, HIGH, 1
        worlds.delivery.aim_x, worlds.delivery.aim_y = aim
        worlds.delivery.vx, worlds.delivery.vy, worlds.delivery.vz = 5.0, -20.0, 30.0
        paid.append(shaping(worlds, STAND))
    assert paid[0] > 0.0 > paid[1]


def test_a_ball_that_has_been_touched_is_worth_no_potential() -> None:
    """All of it is taken back at the touch, so that no run is paid for that led nowhere."""
    worlds = struck(0.0, 0.1)
    put(worlds, MATE, 46.0, 0.3)
    crosses = opened(worlds, reward="shaped", parameters={"touch_attacker": 1.0})
    crosses.step(np.zeros((1, 4)))
    assert crosses.worlds["phase"][0] > CROSS
    assert crosses.terms()["shaping"][0] < -0.001
    crosses.step(np.array([FORWARD]))
    assert crosses.terms()["shaping"][0] == 0.0


def test_shaping_discounts_what_comes_next() -> None:
    """Who stands where he wants to be loses the discount of one decision, and without one nothing."""
    assert shaping(waiting(46.5, 0.0), STAND) == pytest.approx(0.0, abs=1e-12)
    assert shaping(waiting(46.5, 0.0), STAND, gamma=0.9) < -0.0001


@pytest.mark.parametrize(("reward", "paid"), [("goal", 1.0), ("xg", 1.0), ("own_xg", 0.0)])
def test_each_reward_pays_its_own_term(reward: str, paid: float) -> None:
    """Of a cross that flies in untouched."""
    worlds = moment()
    lay(worlds, HALF_LENGTH - 0.2, 1.0, 0.5, vx=15.0)
    rewards, over = opened(worlds, reward=reward).step(np.zeros((1, 4)))
    assert (rewards[0], over[0]) == (paid, True)


def finished() -> np.recarray:
    """A cross that is over, and was struck two seconds after its start."""
    worlds = moment()
    put(worlds, RUNNER, 40.0, 0.0)
    worlds.delivery.struck_at = 2.0
    return worlds


def test_times_of_a_run_are_counted_from_the_strike() -> None:
    worlds = finished()
    worlds.meeting.by, worlds.meeting.time = RUNNER, 3.5
    worlds.meeting.x, worlds.meeting.y = 47.0, 5.0
    assert metrics(worlds)["arrival"][0] == pytest.approx(1.5)


def test_the_near_zone_is_on_the_crossers_side_of_the_goal() -> None:
    """As he sees it: near, central, far, and outside the box."""
    zones = []
    for x, y in ((47.0, -5.0), (47.0, 0.0), (47.0, 5.0), (30.0, 0.0)):
        worlds = finished()
        worlds.meeting.by, worlds.meeting.x, worlds.meeting.y = RUNNER, x, y
        zones.append(int(metrics(worlds)["zone"][0]))
    assert zones == [0, 1, 2, 3]


def test_a_run_is_unseen_for_the_share_of_it_that_his_marker_looked_away() -> None:
    """Counted while he runs, until the ball is touched: by the one who marks him."""
    worlds = moment(1, LOOSE)
    worlds.phase = CROSS
    worlds.delivery.struck_at = SINCE
    lay(worlds, 20.0, -30.0, 20.0)
    put(worlds, RUNNER, 40.0, 10.0, vx=7.0)
    put(worlds, KEEPER + 2, 40.0, 0.0, man=RUNNER, sees_man=0)
    crosses = opened(worlds)
    crosses.step(np.array([FORWARD]))
    assert crosses.worlds["run_time"][0] == pytest.approx(DECISION_TIME)
    assert metrics(crosses.snapshot())["unseen"][0] == 1.0


@pytest.mark.parametrize("wing", ["right", "left"])
def test_towards_the_near_post_means_towards_the_crosser_on_either_wing(wing: str) -> None:
    """What is shown and what is done are mirrored together."""
    worlds = waiting(40.0, 0.0)
    crosses = opened(worlds, wing=wing)
    side = 1.0 if wing == "right" else -1.0
    seen = crosses.observe()
    assert np.sign(seen[0, 1]) == side, "he stands on the far side"
    crosses.step(np.array([[0.0, -side, 0.0, -side]]))
    runner = crosses.worlds["players"][0, RUNNER]
    assert runner["vy"] < 0.0
    assert runner["fy"] < 0.0
