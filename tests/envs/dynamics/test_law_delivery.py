"""The cross: whom the crosser serves, what his foot adds to his aim, and who knows when it comes."""

from typing import Any

import numpy as np
import pytest
from a_moment import NOW, RADIUS, after, lay, moment, put

from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import (
    CARRY,
    CORNER_KICK,
    CROSS,
    CROSSER,
    CUTBACK,
    FREE_KICK,
    HIGH,
    KEEPER,
    LOW,
    NOBODY,
    PRESSER,
    ROLE_PRESSER,
    RUNNER,
    SWING,
)

MATE, OTHER = 2, 3
DEFENDER = KEEPER + 2
NEAR, CENTRE, FAR = (47.0, -4.6), (45.0, 0.0), (46.4, 6.8)
"""Where high crosses are aimed, m."""
PLAIN: dict[str, Any] = {
    "aim_spread_x": 0.0,
    "aim_spread_y": 0.0,
    "aim_at_man": 0.2,
    "far_aim": 6.8,
    "choice_noise": 1.5,
    "choice_openness": 4.0,
    "choice_call": 2.0,
}
PLAIN |= dict.fromkeys(("choice_near", "choice_centre", "choice_far", "choice_low_near", "choice_low_centre"), 0.0)
PLAIN |= dict.fromkeys(("choice_spot", "choice_low_far", "choice_low_spot", "choice_cutback"), -4.0)
PLAIN |= {"choice_arrival": 1.5, "view_cosine": 0.3}
"""A crosser without habits, whose aim can be recognised and for whom it counts who is free, whatever counts now."""
NO_ERROR: dict[str, Any] = dict.fromkeys(("speed_error", "azimuth_error", "elevation_error", "elevation_variety"), 0.0)
NO_ERROR |= {"low_speed_error": 0.0, "low_elevation_error": 0.0}


def about_to_choose(count: int, x: float = 40.0, y: float = -26.0) -> np.recarray:
    """A crosser who chooses his delivery in the next decision, at the place where he strikes it."""
    worlds = moment(count, SWING)
    worlds.delivery.strike_at = NOW + 0.25
    worlds.delivery.origin_x, worlds.delivery.origin_y = x, y
    lay(worlds, x, y)
    put(worlds, CROSSER, x - 0.5, y)
    worlds.ball.owner = CROSSER
    return worlds


def with_a_man_in_every_zone(count: int = 40) -> np.recarray:
    """Attackers at the three places where high crosses are aimed, the near one and the central one marked."""
    worlds = about_to_choose(count)
    for who, (x, y) in zip((MATE, OTHER, RUNNER), (NEAR, CENTRE, FAR), strict=True):
        put(worlds, who, x, y)
    put(worlds, DEFENDER, *NEAR)
    put(worlds, DEFENDER + 1, *CENTRE)
    return worlds


def to_the_far_post(worlds: np.recarray, **parameters: Any) -> np.ndarray:
    """Where the next decision chooses a high ball to the far post, (n,)."""
    delivery = after(worlds, **(PLAIN | parameters)).delivery
    assert (delivery.chosen == 1).all()
    return np.asarray((delivery.kind == HIGH) & (delivery.aim_y > 3.0))


def assert_drawn(wanted: np.ndarray, unwanted: np.ndarray) -> None:
    """On the same luck whoever was served anyway is served, and others are too."""
    assert wanted[unwanted].all()
    assert wanted.sum() > unwanted.sum()


def test_a_crosser_is_drawn_to_the_place_where_his_man_is_free() -> None:
    covered = with_a_man_in_every_zone()
    put(covered, DEFENDER + 2, *FAR)
    assert_drawn(to_the_far_post(with_a_man_in_every_zone()), to_the_far_post(covered))


def test_a_crosser_is_drawn_to_the_place_that_a_man_reaches_in_time() -> None:
    in_time, late = (about_to_choose(40, 46.0, -18.0) for _ in range(2))
    for worlds, x in ((in_time, FAR[0]), (late, FAR[0] - 25.0)):
        put(worlds, RUNNER, x, FAR[1])
    usual: dict[str, Any] = {"choice_openness": 0.0, "choice_arrival": 4.0}
    assert_drawn(to_the_far_post(in_time, **usual), to_the_far_post(late, **usual))


def test_a_crosser_is_drawn_to_a_man_who_calls() -> None:
    calling = with_a_man_in_every_zone()
    calling.players.intent["call"][:, MATE] = 1.0
    silent, loud = (after(worlds, **PLAIN).delivery for worlds in (with_a_man_in_every_zone(), calling))
    served, anyway = ((deliveries.kind == HIGH) & (deliveries.aim_y < -3.0) for deliveries in (loud, silent))
    assert_drawn(np.asarray(served), np.asarray(anyway))


def served(defender: float | None) -> bytes:
    """The deliveries of a crosser with a narrow view; a defender beside the man at the far post, at this x, or none."""
    worlds = about_to_choose(20, 50.0, -12.0)
    put(worlds, RUNNER, FAR[0] - 1.0, FAR[1])
    put(worlds, MATE, *NEAR)
    if defender is not None:
        put(worlds, DEFENDER, defender, FAR[1])
    return bytes(after(worlds, **PLAIN | {"view_cosine": 0.9}).delivery.tobytes())


def test_a_defender_whom_the_crosser_does_not_see_changes_nothing() -> None:
    """He looks into the middle of the box: near its edges anybody may stand, and only who is in view counts."""
    assert served(52.0) == served(None) != served(FAR[0])


def for_a_cut_back(count: int = 1) -> np.recarray:
    """A crosser at the byline and two men whom a ball pulled back would reach."""
    worlds = about_to_choose(count, 50.0, -12.0)
    put(worlds, MATE, 41.5, -8.0)
    put(worlds, OTHER, 41.5, -2.0)
    return worlds


def test_a_ball_pulled_back_goes_to_the_man_who_is_free() -> None:
    always: dict[str, Any] = {"choice_cutback": 10.0, "choice_noise": 0.1}
    for marked, free in ((MATE, OTHER), (OTHER, MATE)):
        worlds = for_a_cut_back()
        put(worlds, DEFENDER, float(worlds.players.x[0, marked]), float(worlds.players.y[0, marked]))
        chosen = after(worlds, **always).delivery
        assert (chosen.kind[0], chosen.target[0]) == (CUTBACK, free)


def test_the_freer_the_man_the_sooner_the_ball_is_pulled_back() -> None:
    free, marked = for_a_cut_back(40), for_a_cut_back(40)
    for who, at in ((DEFENDER, MATE), (DEFENDER + 1, OTHER)):
        put(marked, who, float(marked.players.x[0, at]), float(marked.players.y[0, at]))
    usual: dict[str, Any] = PLAIN | {"choice_cutback": 1.0, "pass_gap": 1.35}
    pulled, anyway = (after(worlds, **usual).delivery.kind == CUTBACK for worlds in (free, marked))
    assert_drawn(np.asarray(pulled), np.asarray(anyway))


def test_from_a_set_piece_the_ball_comes_high() -> None:
    worlds = for_a_cut_back(20)
    worlds.set_piece = CORNER_KICK
    assert (after(worlds, **PLAIN | {"choice_cutback": 10.0}).delivery.kind == HIGH).all()


def about_to_strike(kind: int, count: int = 1) -> np.recarray:
    """A crosser who has chosen and strikes in the next decision, out of everybody's reach."""
    worlds = about_to_choose(count)
    worlds.delivery.strike_at = NOW + 0.02
    worlds.delivery.chosen, worlds.delivery.kind, worlds.delivery.target = 1, kind, NOBODY
    worlds.delivery.aim_x, worlds.delivery.aim_y = CENTRE
    worlds.delivery.aim_z = 1.7 if kind == HIGH else RADIUS
    return worlds


def launches(worlds: np.recarray, **parameters: Any) -> np.ndarray:
    """Speed (m/s), azimuth and elevation (rad) as struck, (3, n)."""
    delivery = after(worlds, **parameters).delivery
    flat = np.hypot(delivery.vx, delivery.vy)
    return np.stack([np.hypot(flat, delivery.vz), np.arctan2(delivery.vy, delivery.vx), np.arctan2(delivery.vz, flat)])


def test_errors_of_speed_azimuth_and_elevation_share_no_luck() -> None:
    """Who hits a ball too hard hits it no further to the left, nor higher, than anybody: 4 standard errors."""
    struck = launches(about_to_strike(LOW, 64), low_elevation=0.15, low_elevation_error=0.03)
    assert (struck.std(axis=1) > 0.0).all()
    assert np.abs(np.corrcoef(struck) - np.eye(3)).max() < 4.0 / np.sqrt(64)


@pytest.mark.parametrize("kind", [HIGH, LOW, CUTBACK])
def test_without_an_error_the_ball_leaves_towards_its_aim(kind: int) -> None:
    """And with one it leaves to either side of it."""
    worlds = about_to_strike(kind, 12)
    aim = np.arctan2(CENTRE[1] - worlds.ball.y[0], CENTRE[0] - worlds.ball.x[0])
    _, exact, _ = launches(worlds, backspin=0.0, sidespin_low=0.0, cutback_error=0.0, **NO_ERROR)
    assert exact == pytest.approx(aim, abs=0.02 if kind != HIGH else 0.2)
    _, azimuth, _ = launches(worlds, backspin=0.0, sidespin_low=0.0, azimuth_error=0.05, cutback_error=0.05)
    off = azimuth - (exact if kind == HIGH else aim)
    assert off.min() < 0.0 < off.max()


def test_a_ball_that_lies_still_is_struck_more_precisely_by_a_share() -> None:
    """Of the same errors of speed, direction and elevation."""
    usual: dict[str, Any] = {"low_elevation": 0.15, "low_elevation_error": 0.03, "azimuth_error": 0.05}
    usual |= {"low_speed_error": 0.05, "set_piece_precision": 0.5}
    moving, still = about_to_strike(LOW, 8), about_to_strike(LOW, 8)
    still.set_piece = FREE_KICK
    exact, rolled, lying = (
        launches(w, **(usual | none)) for w, none in ((moving, NO_ERROR), (moving, {}), (still, {}))
    )
    assert (rolled != exact).all()
    assert lying - exact == pytest.approx(0.5 * (rolled - exact))


def test_low_and_high_crosses_vary_each_by_their_own_errors() -> None:
    own = {LOW: ("low_speed_error", "low_elevation_error"), HIGH: ("speed_error", "elevation_error")}
    for kind, other in ((LOW, HIGH), (HIGH, LOW)):
        worlds = about_to_strike(kind, 6)
        exact = launches(worlds, low_elevation=0.15, **NO_ERROR)
        theirs = launches(worlds, low_elevation=0.15, **NO_ERROR | dict.fromkeys(own[other], 0.05))
        assert (theirs == exact).all()
        for name, row in zip(own[kind], (0, 2), strict=True):
            varied = launches(worlds, low_elevation=0.15, **NO_ERROR | {name: 0.05})
            assert (varied[row] != exact[row]).all()


def test_a_presser_in_the_lane_gets_a_foot_to_low_balls_sooner_than_to_high_ones() -> None:
    """On the same luck whatever is blocked high is blocked low; beside the lane he blocks nothing."""
    blocked = []
    for kind, aside in ((HIGH, 0.0), (LOW, 0.0), (LOW, 4.0)):
        worlds = about_to_strike(kind, 30)
        dx, dy = CENTRE[0] - 40.0, CENTRE[1] + 26.0
        far = np.hypot(dx, dy)
        x, y = 39.5 + (1.5 * dx - aside * dy) / far, -26.0 + (1.5 * dy + aside * dx) / far
        put(worlds, PRESSER, x, y, role=ROLE_PRESSER)
        blocked.append(np.asarray(after(worlds, block_chance=0.5, block_low=1.5).delivery.blocked == 1))
    high, low, beside = blocked
    assert_drawn(low, high)
    assert not low.all()
    assert not beside.any()


@pytest.mark.parametrize("set_piece", [0, CORNER_KICK])
def test_nobody_is_offside_from_a_corner_and_everybody_beyond_the_line_from_open_play(set_piece: int) -> None:
    """Law 11.3."""
    worlds = about_to_strike(HIGH)
    worlds.set_piece = set_piece
    put(worlds, KEEPER, 51.0, 0.0)
    put(worlds, DEFENDER, 44.0, 5.0)
    put(worlds, MATE, 48.0, -5.0)
    put(worlds, OTHER, 43.0, -5.0)
    struck = after(worlds)
    assert struck.delivery.struck_at[0] > NOW
    assert struck.players.offside[0, [MATE, OTHER]].tolist() == [int(set_piece == 0), 0]


def before_a_run(count: int, checked_back: int = 0) -> np.recarray:
    """A team-mate who means to start half a second before the strike, at that very moment."""
    worlds = moment(count, CARRY)
    worlds.delivery.strike_at = NOW + 0.5
    worlds.delivery.checked_back = checked_back
    worlds.delivery.chosen = worlds.delivery.given = 1
    lay(worlds, 40.0, -26.0)
    put(worlds, CROSSER, 39.5, -26.0)
    worlds.ball.owner = CROSSER
    put(worlds, MATE, 38.0, 0.0, outside=0, start=-0.5, home_x=38.0, home_y=8.0)
    return worlds


def has_started(worlds: np.recarray, **parameters: Any) -> np.ndarray:
    """Where the team-mate is on his way, (n,)."""
    return np.asarray(after(worlds, **parameters).players.intent["vy"][:, MATE] > 0.0)


def test_team_mates_judge_when_the_cross_will_come_and_do_not_know_it() -> None:
    """Some start too early and some too late; only who judges without an error starts on time."""
    started = has_started(before_a_run(40), timing_error=0.4)
    assert 5 < started.sum() < 35
    assert len(set(has_started(before_a_run(10), timing_error=0.0))) == 1


def test_once_the_ball_is_struck_every_team_mate_knows_that_it_is() -> None:
    """However he had judged it before: he starts by the strike that he saw."""
    for start, starts in ((0.2, True), (0.9, False)):
        worlds = before_a_run(20)
        worlds.phase, worlds.ball.owner = CROSS, NOBODY
        worlds.delivery.strike_at = worlds.delivery.struck_at = NOW - 0.5
        lay(worlds, 30.0, -30.0)
        put(worlds, OTHER, 30.0, -29.0, locked=90.0)
        worlds.players.start[:, MATE] = start
        assert set(has_started(worlds, timing_error=1.0)) == {starts}


def test_after_a_check_back_a_team_mate_judges_the_strike_anew() -> None:
    first, again = (has_started(before_a_run(40, checked), timing_error=0.4) for checked in (0, 1))
    assert (first != again).any()


def test_a_team_mate_on_his_run_keeps_behind_the_line_until_the_ball_is_struck() -> None:
    """The line is where the second-last opponent stands; after the strike it holds nobody back."""
    places = []
    for struck in (False, True):
        worlds = before_a_run(1)
        put(worlds, KEEPER, 51.0, 0.0)
        put(worlds, DEFENDER, 42.0, 12.0)
        put(worlds, MATE, 41.0, -3.0, outside=0, start=-5.0, home_x=49.0, home_y=-3.0)
        worlds.line_x = 42.0
        if struck:
            worlds.phase, worlds.ball.owner = CROSS, NOBODY
            worlds.delivery.struck_at = NOW
            lay(worlds, 30.0, -30.0)
            put(worlds, OTHER, 30.0, -29.0, locked=90.0)
        else:
            worlds.delivery.strike_at = NOW + 3.0
        places.append(float(after(worlds, 12, timing_error=0.0).players.x[0, MATE]))
    assert places[0] < 42.0 < places[1] < HALF_LENGTH
