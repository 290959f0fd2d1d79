"""What ends a cross and what does not: the lines, the goal, the flag, and whose luck a shot has."""

import numpy as np
import pytest
from a_moment import NOW, after, lay, moment, opened, put

from backpost.envs.dynamics.finish import shoot
from backpost.envs.world.parameters import parameters
from backpost.envs.world.pitch import BOX_HALF_WIDTH, HALF_LENGTH, HALF_WIDTH
from backpost.envs.world.record import (
    CLAIMED,
    CROSS,
    GOAL,
    HEADER,
    KEEPER,
    LOOSE,
    OUT,
    OVER,
    SHOT,
    TIME,
)

MATE, OTHER = 2, 3
DEFENDER = KEEPER + 2
P = parameters()[0]


@pytest.mark.parametrize(
    ("y", "z", "outcome"),
    [(0.0, 1.0, GOAL), (3.0, 1.0, GOAL), (0.0, 3.5, OUT), (5.0, 1.0, OUT), (-5.0, 1.0, OUT)],
    ids=["in the middle", "inside the post", "over the bar", "beyond the far post", "before the near post"],
)
def test_a_ball_over_the_goal_line_is_a_goal_between_the_posts_and_under_the_bar_only(
    y: float, z: float, outcome: int
) -> None:
    worlds = moment()
    lay(worlds, HALF_LENGTH - 0.5, y, z, vx=20.0)
    ended = after(worlds)
    assert ended.outcome[0] == outcome
    assert ended.goals[0] == (outcome == GOAL)


@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_a_ball_over_either_touchline_is_out(side: float) -> None:
    worlds = moment()
    lay(worlds, 40.0, side * (HALF_WIDTH - 0.2), 0.5, vy=12.0 * side)
    assert after(worlds).outcome[0] == OUT
    inside = moment()
    lay(inside, 40.0, side * (HALF_WIDTH - 5.0), 0.5, vy=12.0 * side)
    assert after(inside).phase[0] == CROSS


def beyond_the_line(who: int) -> np.recarray:
    """A ball at the feet of one man, and an attacker at the other end of the box who is offside."""
    worlds = moment(12, LOOSE)
    lay(worlds, 45.0, 0.0)
    put(worlds, who, 45.0, 0.2)
    put(worlds, MATE, 50.0, BOX_HALF_WIDTH, offside=1)
    return worlds


def test_a_deliberate_play_of_a_defender_ends_offside_and_a_save_or_a_deflection_does_not() -> None:
    """Law 11.2."""
    meant = after(beyond_the_line(DEFENDER), touch_defender_low=1.0)
    assert (meant.ball.last_touch == DEFENDER).all()
    assert not meant.players.offside[:, MATE].any()
    saved = after(beyond_the_line(KEEPER), keeper_catch=1.0, keeper_catch_pressure=0.0)
    assert (saved.outcome == CLAIMED).all()
    assert saved.players.offside[:, MATE].all()
    deflected = after(beyond_the_line(DEFENDER), touch_defender_low=0.5, deflection=1.0)
    turned_aside = (deflected.ball.last_touch == DEFENDER) & (deflected.first_contact.technique == 0)
    assert turned_aside.any()
    assert deflected.players.offside[turned_aside, MATE].all()
    assert not deflected.players.offside[~turned_aside, MATE].any()


def fates(nth: int) -> list[int]:
    """What becomes of the n-th shot of each of some crosses, from one place."""
    worlds = moment(40, LOOSE)
    put(worlds, MATE, HALF_LENGTH - 8.0, 0.0)
    put(worlds, KEEPER, HALF_LENGTH - 1.0, 0.0)
    lay(worlds, HALF_LENGTH - 8.0, 0.0, 1.8)
    worlds.shot.count = nth
    for i in range(40):
        shoot(worlds[i], MATE, HEADER, P)
    return [int(fate) for fate in worlds.shot.fate]


def test_every_shot_of_a_cross_has_a_luck_of_its_own() -> None:
    """Whose first one goes in does not score with the second for that."""
    first, second = fates(0), fates(1)
    assert len(set(first)) > 1
    assert first != second


def test_a_shot_falls_as_it_flies() -> None:
    """From one decision to the next it loses g dt of its vertical speed."""
    worlds = moment(1, SHOT)
    lay(worlds, 40.0, 0.0, 2.0, vx=15.0)
    worlds.ball.vz, worlds.shot.time_left, worlds.shot.fate = 1.0, 5.0, 5
    flown = after(worlds)
    assert flown.ball.vz[0] == pytest.approx(1.0 - 0.981)
    assert flown.ball.z[0] == pytest.approx(2.0 + 0.1 - 0.5 * 9.81 * 0.1**2, abs=0.02)


def test_a_shot_under_way_is_seen_to_its_end_though_time_is_up() -> None:
    """It has been paid for. Any other ball is dead then."""
    worlds = moment(1, SHOT)
    lay(worlds, 40.0, 0.0, 2.0, vx=15.0)
    worlds.limit, worlds.shot.time_left, worlds.shot.fate = NOW, 0.35, 1
    flying = after(worlds, 3)
    assert flying.phase[0] == SHOT
    assert after(flying).outcome[0] == GOAL
    loose = moment(1, LOOSE)
    loose.limit = NOW
    assert after(loose).outcome[0] == TIME


def test_nothing_happens_to_a_cross_that_is_over() -> None:
    worlds = moment(1, OVER)
    worlds.outcome = GOAL
    put(worlds, MATE, 40.0, 0.0, vx=5.0)
    crosses = opened(worlds)
    rewards, over = crosses.step(np.ones((1, 4)))
    assert (rewards[0], over[0]) == (0.0, True)
    assert crosses.snapshot().tobytes() == worlds.tobytes()
