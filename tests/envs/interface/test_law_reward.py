"""What is paid: the terms by their names, and shaping that leads to the ball and tells no secret."""

import numpy as np
import pytest
from a_moment import NOW, lay, moment, opened, put

from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import CARRY, CROSS, CROSSER, HIGH, RUNNER

MATE = 2


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
    """What the next decision pays a runner of sharp sight for shaping alone."""
    sharp = {"look_depth": 0.0, "look_across": 0.0}
    crosses = opened(worlds, reward="shaped", gamma=gamma, parameters=sharp)
    rewards, _ = crosses.step(np.array([action]))
    terms = crosses.terms()
    assert rewards[0] == terms["xg"][0] + terms["shaping"][0]
    return float(terms["shaping"][0])


FORWARD, BACK, STAND = (1.0, 0.0, 0.0, 0.0), (-1.0, 0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.0)


def test_before_the_strike_shaping_tells_nothing_of_where_the_ball_will_go() -> None:
    """It pays for coming nearer to where crosses are met, the same whatever has been chosen."""
    near, far = (shaping(waiting(40.0, aim), FORWARD) for aim in (3.0, 25.0))
    assert near == far > 0.0
    assert shaping(waiting(40.0, 25.0), BACK) < 0.0


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
    """Of a cross that flies in untouched; whichever is chosen, all are told."""
    worlds = moment()
    lay(worlds, HALF_LENGTH - 0.2, 1.0, 0.5, vx=15.0)
    crosses = opened(worlds, reward=reward)
    rewards, over = crosses.step(np.zeros((1, 4)))
    assert (rewards[0], over[0]) == (paid, True)
    assert {name: term[0] for name, term in crosses.terms().items()} == {"xg": 1.0, "own_xg": 0.0, "goal": 1.0}
