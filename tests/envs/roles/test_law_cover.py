"""Defenders without the ball to win: who is free covers its drop or closes a waiting man down; markers keep contact."""

from typing import Any

import numpy as np
import pytest
from a_moment import after, lay, moment, put

from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import CROSS, KEEPER, LOOSE, PATH_LENGTH, PRESSER, ROLE_MARKER, RUNNER

MATE = 2
FIRST, FREE, SECOND = KEEPER + 2, KEEPER + 3, KEEPER + 4
"""Who wins the ball, who is free to cover, and another beside him."""
HOME = (45.0, 13.0)
"""Of the free one, m."""
SIGHT: dict[str, Any] = {"judge_error": 0.0, "attack_margin": 0.0, "felt_distance": 1.0, "gaze_cosine": 0.5}
STILL: dict[str, Any] = SIGHT | {"collapse": 0.0, "shift": 0.0, "marker_gap": 1.0, "cover_reach": 12.0}
STILL |= {"close_down_reach": 6.0, "jump_run_up": 0.0}
"""A block that does not move, and how far from it its players cover."""


def crossed(phase: int = CROSS) -> np.recarray:
    """A high ball that drops between the penalty spot and the far post, short of a free defender in his place.

    It is won by another, who waits for it.
    """
    worlds = moment(1, phase)
    lay(worlds, 40.0, -18.0, 1.0, vx=3.0, vy=18.0)
    worlds.ball.vz = 8.5
    put(worlds, FIRST, 44.2, 7.0, locked=90.0)
    put(worlds, FREE, *HOME, outside=0)
    return worlds


def drop(worlds: np.recarray) -> tuple[float, float]:
    """Where the ball drops to the feet."""
    seen = after(worlds, **STILL)
    k = int(seen.drop[0])
    assert k < PATH_LENGTH
    return float(seen.path[0, 0, k]), float(seen.path[0, 1, k])


def place(worlds: np.recarray, decisions: int = 12, who: int = FREE, **parameters: Any) -> tuple[float, float]:
    """Where a defender is then."""
    player = after(worlds, decisions, **STILL | parameters).players[0, who]
    return float(player["x"]), float(player["y"])


def test_a_free_defender_covers_the_drop_of_a_cross_from_the_goals_side() -> None:
    x, y = drop(crossed())
    away = np.hypot(HALF_LENGTH - x, y)
    behind = x + (HALF_LENGTH - x) / away, y - y / away
    assert np.hypot(HOME[0] - behind[0], HOME[1] - behind[1]) > 4.0
    assert np.hypot(*np.subtract(place(crossed(), 14, cover=1.0, close_down=0.0), behind)) < 1.0


def test_without_cover_a_free_defender_keeps_his_zone_to_the_last_bit() -> None:
    """Whatever drops beside him, and whoever waits there."""
    worlds = crossed()
    put(worlds, MATE, 43.0, 12.0)
    assert place(worlds, cover=0.0, close_down=0.0) == HOME


def test_after_the_first_touch_nobody_covers() -> None:
    worlds = crossed(LOOSE)
    put(worlds, MATE, 43.0, 12.0)
    assert place(worlds, cover=1.0, close_down=1.0) == HOME


@pytest.mark.parametrize(
    ("beside", "goes"),
    [
        ({"x": 45.0, "y": 9.0}, False),
        ({"x": 45.0, "y": 9.0, "man": RUNNER, "role": ROLE_MARKER}, True),
        ({"x": 45.0, "y": 17.0}, True),
    ],
    ids=["nearer and free", "nearer, but he has a man", "farther"],
)
def test_the_drop_is_covered_by_the_nearest_who_is_free(beside: dict[str, Any], goes: bool) -> None:
    worlds = crossed()
    put(worlds, RUNNER, 30.0, 30.0)
    put(worlds, SECOND, **beside)
    moved = place(worlds, cover=1.0, close_down=0.0) != HOME
    assert moved == goes


def test_a_free_defender_knows_nothing_of_one_behind_his_back() -> None:
    """Nearer to the drop, but out of his sight, which is on the ball: to the last bit he does as if alone."""
    alone, unseen = crossed(), crossed()
    for worlds in (alone, unseen):
        put(worlds, FREE, 43.0, 11.0, outside=0)
    x, y = drop(alone)
    assert np.hypot(46.0 - x, 9.8 - y) < np.hypot(43.0 - x, 11.0 - y)
    put(unseen, SECOND, 46.0, 9.8)
    usual: dict[str, Any] = STILL | {"cover": 1.0, "close_down": 0.0}
    seen, missed = (after(unseen, 2, **usual | limits) for limits in ({"belief_limits_on": 0.0}, {}))
    by_himself = after(alone, 2, **usual)
    for worlds in (seen, missed, by_himself):
        assert not worlds.players.attacks[0, [FREE, SECOND]].any()
    assert missed.players[0, FREE].tobytes() == by_himself.players[0, FREE].tobytes()
    assert seen.players[0, FREE].tobytes() != by_himself.players[0, FREE].tobytes()


def test_who_has_no_drop_to_cover_closes_down_the_nearest_man_whom_he_sees() -> None:
    """From the goal's side; a man behind his back waits as he likes."""
    for y, seen in ((9.0, True), (17.0, False)):
        worlds = crossed()
        put(worlds, MATE, 43.0, y)
        x, across = place(worlds, cover_reach=2.0, close_down=1.0)
        assert ((x, across) != HOME) == seen
        if seen:
            assert np.hypot(x - 43.0, across - y) == pytest.approx(1.0, abs=0.5)
            assert x > 43.0


def test_a_man_farther_away_than_he_reaches_is_left_alone() -> None:
    worlds = crossed()
    put(worlds, MATE, 41.0, 6.0)
    assert place(worlds, cover_reach=2.0, close_down=1.0, close_down_reach=5.0) == HOME
    assert place(worlds, cover_reach=2.0, close_down=1.0, close_down_reach=9.0) != HOME


def test_who_presses_the_crosser_covers_nothing() -> None:
    worlds = crossed()
    put(worlds, PRESSER, *HOME, outside=0)
    worlds.players.present[:, FREE] = 0
    assert place(worlds, who=PRESSER, cover=1.0, close_down=1.0) == HOME


def test_a_defender_misreads_where_the_ball_drops() -> None:
    """By his own error in reading it, times the seconds until then."""
    exact, off = crossed(), crossed()
    put(off, FREE, *HOME, outside=0, read_error=1.0, read_across=1.5)
    (x, y), (off_x, off_y) = (place(w, cover=1.0, close_down=0.0, read_error_across=1.0) for w in (exact, off))
    assert np.hypot(off_x - x, off_y - y) > 0.5


def test_a_marker_keeps_contact_with_his_man_while_the_cross_flies() -> None:
    """Goal-side of him, as near as he keeps then, and not as before it."""
    for gap in (0.8, 1.4):
        worlds = moment()
        lay(worlds, 20.0, -20.0, 15.0)
        worlds.ball.vz = 10.0
        put(worlds, RUNNER, 42.0, 6.0)
        put(worlds, FREE, 45.0, 8.0, outside=0, man=RUNNER, role=ROLE_MARKER, belief_x=42.0, belief_y=6.0)
        usual: dict[str, Any] = {"man_weight": 0.0, "flight_man_weight": 1.0, "marker_gap": 2.0, "leave_margin": 1.0}
        marked = after(worlds, 20, contact_gap=gap, belief_limits_on=0.0, **usual).players[0]
        dx, dy = (marked[FREE][axis] - marked[RUNNER][axis] for axis in ("x", "y"))
        assert np.hypot(dx, dy) == pytest.approx(gap, abs=0.1)
        assert dx > 0.0


def test_a_marker_without_a_man_covers_like_a_zonal_defender() -> None:
    spare, zonal = crossed(), crossed()
    put(spare, FREE, *HOME, outside=0, role=ROLE_MARKER)
    assert place(spare, cover=1.0, close_down=1.0) == place(zonal, cover=1.0, close_down=1.0) != HOME
