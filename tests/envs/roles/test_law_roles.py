"""How scripted players decide: by what they believe, goal-side of their man, in the keeper's range, behind the line."""

import numpy as np
import pytest
from a_moment import after, lay, moment, put

from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import (
    CARRY,
    CROSS,
    CROSSER,
    HELD,
    KEEPER,
    LOOSE,
    PRESSER,
    ROLE_MARKER,
    ROLE_PRESSER,
    RUNNER,
)

MARKER = KEEPER + 2
MATE = 2
BEHIND_HIM = {"man": RUNNER, "role": ROLE_MARKER, "outside": 0}


def build_up() -> np.recarray:
    """A crosser who carries the ball on the wing."""
    worlds = moment(1, CARRY)
    lay(worlds, 40.0, -26.0)
    put(worlds, CROSSER, 39.5, -26.0)
    worlds.ball.owner = CROSSER
    return worlds


def believing(x: float, y: float, true_y: float) -> np.recarray:
    """A marker who believes his man at (x, y) and does not see him."""
    worlds = build_up()
    put(worlds, RUNNER, x, true_y)
    put(worlds, MARKER, 42.0, 0.0, belief_x=x, belief_y=y, **BEHIND_HIM)
    return worlds


def test_a_marker_runs_after_his_belief_and_not_after_the_truth() -> None:
    """Wherever the unseen man is, the marker does the same; what he believes decides."""
    here, there, elsewhere = (
        after(believing(40.0, y, true)).players.intent[0, MARKER] for y, true in ((9.0, 9.0), (9.0, 14.0), (14.0, 9.0))
    )
    assert here.tobytes() == there.tobytes() != elsewhere.tobytes()


def test_a_marker_comes_to_stand_between_his_man_and_the_goal() -> None:
    """From ball-side of him too."""
    for x in (38.0, 44.0):
        worlds = build_up()
        put(worlds, RUNNER, 40.0, 4.0)
        put(worlds, MARKER, x, 5.5, belief_x=40.0, belief_y=4.0, home_x=40.0, home_y=4.0, **BEHIND_HIM)
        marked = after(worlds, 30, man_weight=1.0, marker_gap=1.2, marker_lead=0.4, belief_limits_on=0.0).players[0]
        assert marked[MARKER]["x"] > marked[RUNNER]["x"] + 0.2
        assert abs(marked[MARKER]["y"] - marked[RUNNER]["y"]) < 1.0


def keeper_at(keeper_range: float, attacker_y: float) -> float:
    """x of a keeper, half a second after a ball was lifted to a place six metres in front of his goal."""
    worlds = moment(1, CROSS)
    lay(worlds, HALF_LENGTH - 6.0, -14.0, 1.0, vy=9.0)
    worlds.ball.vz = 6.0
    worlds.pattern.keeper_range = keeper_range
    put(worlds, KEEPER, HALF_LENGTH - 1.0, 0.0, outside=0)
    put(worlds, MATE, HALF_LENGTH - 6.0, attacker_y, locked=90.0)
    return float(after(worlds, 6, keeper_courage=0.3).players["x"][0, KEEPER])


def test_the_keeper_comes_for_what_he_reaches_first_within_his_range() -> None:
    """Not for a ball beyond it, and not for one that an attacker has long before him."""
    comes, is_out_of_range = keeper_at(9.0, 30.0), keeper_at(1.0, 30.0)
    assert comes < is_out_of_range - 0.2
    assert keeper_at(9.0, -12.5) > comes + 0.02


def test_the_keeper_moves_across_his_goal_with_the_ball() -> None:
    """To the side where it is, and between the posts."""
    guarded = []
    for y in (-12.0, 0.0, 12.0):
        worlds = moment(1, HELD)
        lay(worlds, HALF_LENGTH - 12.0, y)
        put(worlds, MATE, HALF_LENGTH - 12.5, y)
        worlds.ball.owner, worlds.phase_since = MATE, 99.0
        put(worlds, KEEPER, HALF_LENGTH - 1.5, 0.0, outside=0)
        guarded.append(float(after(worlds, 12, keeper_shift=0.6).players["y"][0, KEEPER]))
    assert guarded[0] < -0.1
    assert guarded[1] == pytest.approx(0.0, abs=1e-6)
    assert guarded[2] == pytest.approx(-guarded[0])
    assert guarded[2] < 3.66


def test_a_presser_closes_the_crosser_down_from_the_goals_side() -> None:
    """He ends between him and the goal, as near as he keeps."""
    worlds = build_up()
    put(worlds, PRESSER, 46.0, -18.0, role=ROLE_PRESSER, outside=0, gap=1.5)
    pressed = after(worlds, 45).players[0]
    dx, dy = (pressed[PRESSER][axis] - pressed[CROSSER][axis] for axis in ("x", "y"))
    assert np.hypot(dx, dy) == pytest.approx(1.5, abs=0.2)
    assert dx > 0.0
    assert dy > 0.0


def test_a_zonal_block_drops_as_the_ball_nears_the_byline() -> None:
    """With the ball nearer to the goal line each zone lies nearer to it too."""
    places = []
    for ball_x in (32.0, 50.0):
        worlds = build_up()
        lay(worlds, ball_x, -26.0)
        put(worlds, CROSSER, ball_x - 0.5, -26.0)
        put(worlds, MARKER, 40.0, 5.0, outside=0)
        places.append(float(after(worlds, 20, collapse=0.4).players["x"][0, MARKER]))
    assert places[0] < places[1] - 0.5


def test_whoever_has_the_ball_at_his_feet_stands_over_it() -> None:
    """Also who is decided for from outside."""
    worlds = moment(1, HELD)
    put(worlds, RUNNER, 41.0, 0.0)
    worlds.ball.owner, worlds.phase_since = RUNNER, 99.0
    held = after(worlds, 3, actions=(1.0, 0.0, 0.0, 0.0))
    assert held.players["x"][0, RUNNER] == 41.0


def test_until_the_strike_everybody_gives_way_to_the_crosser() -> None:
    """Where he strikes depends on nobody else's run; afterwards two bodies push each other alike."""
    worlds = build_up()
    put(worlds, RUNNER, 39.5, -25.6)
    pushed = after(worlds, 1)
    alone = build_up()
    assert pushed.players["y"][0, CROSSER] == after(alone, 1).players["y"][0, CROSSER]
    assert pushed.players["y"][0, RUNNER] > -25.6
    later = moment(1, LOOSE)
    lay(later, 50.0, 30.0)
    put(later, CROSSER, 30.0, 0.0)
    put(later, RUNNER, 30.0, 0.4)
    both = after(later, 1).players["y"][0]
    assert both[CROSSER] == pytest.approx(0.4 - both[RUNNER])
    assert both[RUNNER] - both[CROSSER] > 0.69


def keeper_after(anticipation: float, waits: bool) -> np.void:
    """A keeper on his line, a second after a cross from wide to the far post, where an attacker waits or nobody."""
    worlds = moment(1, CROSS)
    lay(worlds, 42.0, -22.0, 1.0, vx=1.5, vy=16.0)
    worlds.ball.vz = 8.0
    worlds.pattern.keeper_range = 0.0
    put(worlds, KEEPER, HALF_LENGTH - 1.5, 0.0, outside=0)
    if waits:
        put(worlds, MATE, 45.0, 8.0, locked=90.0)
    later = after(worlds, 12, keeper_anticipation=anticipation, keeper_shift=1.0, keeper_follows_on=1.0)
    keeper: np.void = later.players[0, KEEPER]
    return keeper


def test_a_keeper_guards_from_the_ball_or_from_where_an_attacker_will_meet_it() -> None:
    """Without anticipation it makes no difference, to the last bit, who waits at the far post."""
    assert keeper_after(0.0, True).tobytes() == keeper_after(0.0, False).tobytes()
    assert keeper_after(0.0, True)["y"] < -0.1
    assert keeper_after(1.0, True)["y"] > 0.1
    assert keeper_after(0.0, True)["y"] < keeper_after(0.5, True)["y"] < keeper_after(1.0, True)["y"]
    assert keeper_after(1.0, False).tobytes() == keeper_after(0.0, False).tobytes()
