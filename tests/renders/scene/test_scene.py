"""Promises of renders/scene/scene.py and of what it stands on: interpolation, layout and labels."""

from typing import Any

import numpy as np
import pytest

from backpost.envs.world.ball import GRAVITY
from backpost.envs.world.record import CROSSER, DECISION_TIME, NOBODY, RUNNER, new_worlds
from backpost.renders.frame.labels import Label, place_labels
from backpost.renders.frame.layout import Rect, close_up, panel, visible_depth
from backpost.renders.scene.interpolate import BALL_AT_REST, ball_between, ball_path, state_at
from backpost.renders.scene.moments import as_history, moments
from backpost.renders.scene.scene import HEAD_REACH, build_scene, reachable

Runs = dict[str, Any]
Ball = tuple[float, float, float, float]


def _known(history: np.recarray) -> Any:
    """The moments of a run of which the test knows that they exist."""
    return moments(as_history(history))


def _ghost(history: np.recarray, time: float, other: Any) -> Any:
    """Where the other run's man is, None if he is nowhere."""
    ghost = build_scene(history, time, other=other).ghost
    return None if ghost is None else ghost.now


def test_crosser_is_on_the_right_and_goal_at_the_top(runs: Runs) -> None:
    history = as_history(runs["meets"])
    area = panel(Rect(0, 0, 900, 480), visible_depth(history))
    crosser = history[0].players[CROSSER]
    x, y = area.plan.point(crosser.x, crosser.y)
    assert x > area.plan.middle
    assert y > area.plan.goal_y


def test_strip_and_plan_share_the_x_scale(runs: Runs) -> None:
    area = panel(Rect(18, 70, 900, 480), 31.0)
    places = np.array([(40.0, y, z) for y in (-30.0, 0.0, 3.66, 30.0) for z in (0.0, 2.44)])
    assert np.allclose(area.strip.points(places)[:, 0], area.plan.points(places)[:, 0])
    goal = area.strip.points([(52.5, -3.66, 0.0), (52.5, 3.66, 2.44)])
    width, height = np.abs(goal[1] - goal[0])
    assert width / height == pytest.approx(7.32 / 2.44)


def test_a_metre_is_three_times_as_long_in_the_close_up() -> None:
    plan = panel(Rect(0, 0, 900, 480), 31.0).plan
    near = close_up(plan, Rect(10, 300, 240, 150), 46.0, 3.0)
    assert near.point(46.0, 3.0) == pytest.approx((130.0, 375.0))
    far = np.subtract(near.point(47.0, 2.0), near.point(46.0, 3.0))
    assert far == pytest.approx(3 * np.subtract(plan.point(47.0, 2.0), plan.point(46.0, 3.0)))


def test_crosser_and_runner_are_in_the_frame_from_the_start(runs: Runs) -> None:
    for history in runs.values():
        history = as_history(history)
        area = panel(Rect(0, 0, 900, 480), visible_depth(history))
        for player in history[0].players[[CROSSER, RUNNER]]:
            assert area.plan.point(player.x, player.y)[1] <= area.plan.rect.bottom


def test_a_team_mate_who_stays_far_behind_does_not_make_the_picture_small(runs: Runs) -> None:
    history = as_history(runs["meets"]).copy()
    before = visible_depth(history)
    history.players.x[0, 3] = min(history.players.x[0, [CROSSER, RUNNER]]) - 13.0
    assert visible_depth(history) == before
    history.players.x[0, 3] = min(history.players.x[0, [CROSSER, RUNNER]]) - 10.0
    assert visible_depth(history) >= 52.5 - history.players.x[0, 3] + 2.0


def test_interpolation_passes_through_every_recorded_state(runs: Runs) -> None:
    for history in runs.values():
        history = as_history(history)
        for i in range(len(history)):
            assert state_at(history, float(history.time[i]))[0].tobytes() == history[i].tobytes()


def test_interpolation_meets_both_neighbours_of_every_moment(runs: Runs) -> None:
    for history in runs.values():
        history = as_history(history)
        for i in range(len(history) - 1):
            span = float(history.time[i + 1] - history.time[i])
            for share, recorded in ((1e-7, history[i]), (1 - 1e-7, history[i + 1])):
                state = state_at(history, float(history.time[i]) + share * span)[0]
                for part in ("x", "y"):
                    assert np.allclose(state.players[part], recorded.players[part], atol=1e-4)
                for part in ("x", "y", "z"):
                    assert state.ball[part] == pytest.approx(recorded.ball[part], abs=1e-4)


def test_slow_motion_never_repeats_a_frame(runs: Runs) -> None:
    history = as_history(runs["meets"])
    struck = _known(history).struck
    times = np.arange(struck - 0.2, struck + 1.0, 1 / 120)
    places = [tuple(state_at(history, float(time))[0].ball.tolist()[:3]) for time in times]
    assert len(set(places)) == len(times)


def _two_records(first: Ball, second: Ball, touches: tuple[int, int] = (1, 1)) -> np.recarray:
    worlds = new_worlds(2)
    worlds.time = (0.0, DECISION_TIME)
    for world, ball, count in zip(worlds, (first, second), touches, strict=True):
        world.ball.x, world.ball.z, world.ball.vx, world.ball.vz = ball
        world.ball.touches, world.ball.owner = count, NOBODY
    return worlds


def test_free_flight_between_records_is_a_parabola() -> None:
    span = DECISION_TIME
    flight = _two_records((0, 2.0, 20, 3.0), (2.0, 2.0 + 3.0 * span - GRAVITY * span**2 / 2, 20, 3.0 - GRAVITY * span))
    shares = np.linspace(0, 1, 11)
    path = ball_between(flight[0], flight[1], shares)
    t = shares * span
    assert np.allclose(path[:, 0], 20 * t)
    assert np.allclose(path[:, 2], 2.0 + 3.0 * t - GRAVITY * t**2 / 2)


def test_a_bouncing_ball_reaches_the_ground_and_never_sinks_into_it() -> None:
    bounce = _two_records((0, 0.31, 15, -4.0), (1.4, 0.25, 12, 2.6))
    path = ball_between(bounce[0], bounce[1], np.linspace(0, 1, 101))
    assert path[:, 2].min() == pytest.approx(BALL_AT_REST, abs=0.03)
    assert (path[:, 2] >= BALL_AT_REST - 1e-9).all()


def test_a_struck_ball_turns_in_a_kink_and_does_not_swing_round() -> None:
    struck = _two_records((0, 0.11, 5, 0.0), (-1.0, 0.5, -22, 4.0), touches=(0, 1))
    x = ball_between(struck[0], struck[1], np.linspace(0, 1, 101))[:, 0]
    assert x.max() < 0.5
    assert x.min() >= -1.0 - 1e-9


def test_the_flight_begins_where_the_ball_was_struck_and_ends_at_the_ball(runs: Runs) -> None:
    history = as_history(runs["high"])
    when = _known(history)
    time = when.struck + 0.65
    scene = build_scene(history, time)
    first = state_at(history, when.struck)[0].ball
    assert scene.flight[0] == pytest.approx((first.x, first.y, first.z))
    assert scene.flight[-1] == pytest.approx(scene.ball)
    assert np.array_equal(reachable(scene.flight), scene.flight[:, 2] < HEAD_REACH)
    assert len(ball_path(history, time, time)) == 0


def test_what_comes_later_is_not_in_the_trails(runs: Runs) -> None:
    history = as_history(runs["meets"])
    time = float(history.time[20])
    early, late = build_scene(as_history(history[:21]), time), build_scene(history, time)
    for cut, whole in zip(early.trails, late.trails, strict=True):
        assert np.array_equal(cut.points, whole.points)
    assert early.figures == late.figures


def test_the_other_run_is_synchronised_on_the_strike(runs: Runs) -> None:
    history, other = as_history(runs["meets"]), as_history(runs["other"])
    shifted = other[3:].copy().view(np.recarray)
    shifted.time -= 0.3
    shifted.delivery.struck_at -= 0.3
    shifted.meeting.time -= 0.3
    shifted.pass_time -= 0.3
    shifted.track[:, :-3] = shifted.track[:, 3:].copy()
    time = _known(history).struck + 0.4
    assert _ghost(history, time, shifted) == pytest.approx(_ghost(history, time, other))


def test_a_recorded_player_is_a_ghost_even_if_he_is_not_always_seen(runs: Runs) -> None:
    places = np.stack([np.linspace(30, 45, 40), np.linspace(5, 0, 40)], -1)
    hidden = places.copy()
    hidden[7] = np.nan
    for way in (places, hidden):
        assert _ghost(runs["meets"], 0.72, way) == pytest.approx((30 + 7.2 * 15 / 39, 5 - 7.2 * 5 / 39))
    assert _ghost(runs["meets"], 0.7, np.full((5, 2), np.nan)) is None


def test_labels_touch_nothing_and_are_dropped_in_a_crowd() -> None:
    generator = np.random.default_rng(7)
    frame = Rect(0, 0, 400, 300)
    for players in (3, 12, 120):
        taken = [Rect(x, y, 20, 20) for x, y in generator.uniform((0, 0), (380, 280), (players, 2))]
        labels = [Label("7.1 m", (x, y), 40, 14, 9) for x, y in generator.uniform((0, 0), (400, 300), (6, 2))]
        placed = [box for _, box in place_labels(labels, taken, frame)]
        for i, box in enumerate(placed):
            assert not any(box.overlaps(other) for other in [*taken, *placed[:i]])
            assert box.x >= 0
            assert box.y >= 0
            assert box.right <= frame.right
            assert box.bottom <= frame.bottom
    assert len(placed) < len(labels)


def test_a_label_stands_on_the_side_away_from_what_it_should_avoid() -> None:
    label = Label("2.1 m", (100.0, 100.0), 40, 14, 10, away_from=((130.0, 100.0),))
    ((_, box),) = place_labels([label], [], Rect(0, 0, 300, 300))
    assert box.right < 100
