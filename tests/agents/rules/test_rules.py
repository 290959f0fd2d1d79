"""Promises of the coaching rules: onside, on the cue, and every run what its name says.

They are played with their untuned numbers, so that a new tuning changes nothing here.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pytest

from backpost.agents.base.view import View, wing
from backpost.agents.rules.registry import RULES, rule
from backpost.agents.rules.rule import meeting
from backpost.agents.stand_still import StandStill
from backpost.envs.crosses import Crosses
from backpost.envs.interface import observation
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import CROSS, DECISION_TIME, RUNNER, SWING, TRACK_LENGTH

CROSSES = 400
RIGHT_WING = {"crosser_y": -28.0, "ball_y": -28.0, "ball_seen": 1.0, "runner_x": HALF_LENGTH - 13.0, "line": 5.0}
"""A runner 13 m from the goal line, in the middle, onside."""


@dataclass(frozen=True)
class Runs:
    """The crosses of one rule that were struck: what the runner saw and whether he was offside then, and the ends."""

    seen: np.ndarray
    offside: np.ndarray
    final: np.ndarray

    def at_strike(self, entry: str) -> npt.NDArray[np.float64]:
        """An entry of the observation at the strike, (n,)."""
        return observation.read(self.seen, entry)

    def places(self, since: float) -> npt.NDArray[np.float64]:
        """Distance of the runner from the goal line and beyond the centre, so many seconds from the strike, (n, 2)."""
        moment = ((self.final["delivery"]["struck_at"] + since) / DECISION_TIME).round().astype(int)
        track = self.final["track"][np.arange(len(self.final)), np.clip(moment, 0, TRACK_LENGTH - 1)]
        return np.column_stack([HALF_LENGTH - track[:, 0], track[:, 1]])

    def place(self, since: float) -> npt.NDArray[np.float64]:
        """The median of those, (2,)."""
        return np.asarray(np.nanmedian(self.places(since), axis=0))


@cache
def runs(name: str) -> Runs:
    """Many crosses of open play."""
    crosses = Crosses("OpenPlay", CROSSES)
    seeds = episode_seeds("verify", 5, 0, CROSSES)
    crosses.deal(seeds)
    player = StandStill() if name == "stand-still" else rule(name, {})
    player.reset(seeds)
    seen, offside = np.zeros((CROSSES, observation.SIZE), np.float32), np.zeros(CROSSES, bool)
    done = np.zeros(CROSSES, bool)
    while not done.all():
        before = crosses.worlds["phase"] <= SWING
        _, done = crosses.step(player.act(crosses.observe()))
        now = before & (crosses.worlds["phase"] >= CROSS)
        seen[now] = crosses.observe()[now]
        offside[now] = crosses.worlds["players"]["offside"][now, RUNNER] != 0
    struck = crosses.worlds["delivery"]["struck_at"] < 99.0
    return Runs(seen[struck], offside[struck], crosses.worlds[struck])


def scene(**entries: float) -> np.ndarray:
    """One observation (1, SIZE) with these entries in physical units and zero elsewhere."""
    seen = np.zeros((1, observation.SIZE), np.float32)
    for name, value in entries.items():
        i = observation.index(name)
        seen[0, i] = value / observation.SCALES[i]
    return seen


def heading(player: object, seen: np.ndarray, fresh: bool = True) -> np.ndarray:
    """The wanted velocity (2,) of a rule at one look, in a new cross or on in the same one."""
    if fresh:
        player.reset(np.zeros(1, np.uint64))  # type: ignore[attr-defined]
    return np.asarray(player.act(seen)[0, :2])  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", RULES)
def test_rules_are_onside_at_the_strike(name: str) -> None:
    assert runs(name).offside.mean() < 0.1


@pytest.mark.parametrize("name", ["hold-then-back-post", "flight-reader", "hold-for-cutback", "guides-player"])
def test_who_holds_is_hardly_moving_before_the_strike(name: str) -> None:
    speed = np.hypot(runs(name).at_strike("runner_v_x"), runs(name).at_strike("runner_v_y"))
    assert np.median(speed) < 2.0


def test_who_waits_stands_at_the_far_side_when_the_ball_is_struck() -> None:
    width = rule("wait-at-back-post", {}).numbers.width
    assert np.median(np.abs(runs("wait-at-back-post").at_strike("runner_y") - width)) < 1.5


def test_the_early_run_is_at_speed_when_the_ball_is_struck() -> None:
    early, late = (runs(name).at_strike("runner_v_x") for name in ("early-back-post", "hold-then-back-post"))
    assert np.median(early) > np.median(late) + 0.5


def test_near_post_runs_lead_to_the_near_side_and_back_post_runs_to_the_far_side() -> None:
    assert runs("near-post-sprint").place(0.8)[1] < 0.0
    for name in ("wait-at-back-post", "early-back-post", "hold-then-back-post"):
        assert runs(name).place(0.8)[1] > 1.5


def test_every_rule_meets_more_balls_than_who_stands_still() -> None:
    def meets(name: str) -> float:
        return float((runs(name).final["meeting"]["by"] == RUNNER).mean())

    idle = meets("stand-still")
    assert {name: meets(name) for name in RULES if meets(name) <= idle} == {}


def test_the_double_movement_leads_away_first_and_only_then_there() -> None:
    numbers = rule("double-movement", {}).numbers
    post = np.array([numbers.depth, numbers.width])
    before, turning, after = (
        np.linalg.norm(runs("double-movement").place(since) - post) for since in (-1.0, -0.1, 0.9)
    )
    assert turning > before + 0.5
    assert after < before


def test_the_spin_begins_at_the_near_post_and_ends_beyond() -> None:
    before, strike = (runs("near-post-then-spin").place(since)[1] for since in (-1.0, 0.0))
    assert strike < before - 1.0
    player = rule("near-post-then-spin", {})
    assert heading(player, scene(**RIGHT_WING, look=1.0, phase_time=0.2))[1] < -0.3
    assert heading(player, scene(**RIGHT_WING, cross=1.0, phase_time=0.1), fresh=False)[1] > 0.3


def test_the_blind_side_is_behind_the_marker_and_he_loses_his_man_there() -> None:
    def behind(name: str) -> npt.NDArray[np.float64]:
        """How far the runner is behind his marker as seen from the ball, at the strike, where he sees both."""
        seen = (runs(name).at_strike("opponent1_seen") > 0.0) & (runs(name).at_strike("ball_seen") > 0.0)
        marker, ball = (
            np.column_stack([runs(name).at_strike(f"{what}_{axis}")[seen] for axis in "xy"])
            for what in ("opponent1", "ball")
        )
        away = (marker - ball) / np.linalg.norm(marker - ball, axis=1)[:, None]
        return np.asarray(-(marker * away).sum(axis=1))

    assert np.median(behind("blind-side")) > np.median(behind("hold-then-back-post")) + 0.3
    assert (behind("blind-side") > 0.0).mean() > 0.6
    errors = [runs(name).final["belief_error"].mean() for name in ("blind-side", "hold-then-back-post")]
    assert errors[0] > 1.25 * errors[1]


def test_the_blind_run_starts_when_the_marker_looks_away() -> None:
    player = rule("blind-side", {"start": -0.3, "patience": 0.6, "hold_width": 0.0})
    beside = {**RIGHT_WING, "swing": 1.0, "opponent1_seen": 1.0, "opponent1_x": 6.0}
    assert np.hypot(*heading(player, scene(**beside, opponent1_watches=1.0))) < 0.3
    assert np.hypot(*heading(player, scene(**beside, opponent1_watches=0.0))) > 0.9


def test_the_late_bend_goes_round_the_marker_and_then_in() -> None:
    player = rule("late-bend", {"width": 5.0})
    marker = {**RIGHT_WING, "swing": 1.0, "phase_time": 0.05, "opponent1_seen": 1.0, "opponent1_x": 1.0}
    straight, round_him = (heading(player, scene(**entries)) for entries in ({**marker, "opponent1_seen": 0.0}, marker))
    behind = heading(player, scene(**{**marker, "opponent1_y": -2.5, "opponent1_x": -0.5}), fresh=False)
    assert round_him[1] / round_him[0] > 2.0 * straight[1] / straight[0] > 0.0
    assert np.allclose(behind, straight, atol=1e-3)


def test_the_pull_back_leads_away_from_the_goal() -> None:
    """Of those whom the defensive line let in deeper than the spot."""
    before, after = (runs("pull-back-to-spot").places(since)[:, 0] for since in (-0.5, 0.7))
    deep = before < rule("pull-back-to-spot", {}).numbers.depth - 1.5
    assert deep.mean() > 0.2
    assert np.nanmedian(after[deep] - before[deep]) > 1.0


def test_the_early_cross_is_run_for_only_where_there_is_space_behind_the_line() -> None:
    player = rule("early-cross-sprint", {"hold_depth": 13.0, "hold_width": 0.0, "space": 12.0})
    looks_up = {"look": 1.0, "phase_time": 0.3}
    for line, runs_now in ((-0.5, True), (5.0, False)):
        # The line is 13.5 or 8 m from the goal line.
        seen = scene(**{**RIGHT_WING, **looks_up, "line": line})
        assert (abs(heading(player, seen)[1]) > 0.3) == runs_now


def test_who_stays_onside_waits_on_the_line_and_is_behind_it_soon_after() -> None:
    patient, early = runs("onside-then-burst"), runs("early-back-post")
    assert patient.offside.mean() <= 0.005
    assert np.median(np.abs(patient.at_strike("line"))) < 1.5
    assert np.median(early.at_strike("line")) > 2.5
    speed = np.hypot(patient.at_strike("runner_v_x"), patient.at_strike("runner_v_y"))
    assert np.median(speed) < 2.0
    assert patient.place(0.9)[0] < patient.place(0.0)[0] - 0.5


def test_the_empty_zone_is_chosen_once() -> None:
    player = rule("fill-empty-zone", {"way": 0.0, "hold_width": 0.0})

    def crowded(*places: tuple[float, float]) -> np.ndarray:
        """A look at opponents so far from the goal line and beyond the centre."""
        who: dict[str, float] = {}
        for n, (depth, width) in enumerate(places, start=1):
            who |= {f"opponent{n}_seen": 1.0, f"opponent{n}_x": 13.0 - depth, f"opponent{n}_y": width}
        return scene(**RIGHT_WING, swing=1.0, **who)

    near_is_empty = crowded((5.0, 4.5), (5.5, 1.0), (10.0, 8.0), (11.0, 1.0))
    far_is_empty = crowded((5.0, -4.0), (5.5, 0.0), (11.0, 0.0), (12.0, 0.0))
    assert heading(player, far_is_empty)[1] > 0.3
    towards_near = heading(player, near_is_empty)
    assert towards_near[1] < -0.3
    assert np.array_equal(heading(player, far_is_empty, fresh=False), towards_near)


def test_the_guides_player_reads_hips_and_flight_and_does_not_wait_for_the_ball() -> None:
    player = rule("guides-player", {"short": 0.0})
    hips = {**RIGHT_WING, "swing": 1.0, "phase_time": 0.1, "hips_shown": 1.0}
    assert heading(player, scene(**hips, hips_y=-5.0))[1] < -0.2
    assert heading(player, scene(**hips, hips_y=5.0))[1] > 0.2
    flight = {**RIGHT_WING, "cross": 1.0, "phase_time": 0.05, "ball_z": 3.0, "ball_vz": 6.0}
    assert heading(player, scene(**flight, ball_v_y=10.0), fresh=False)[1] < -0.2
    latest = {entry.name: entry.metadata["high"] for entry in player.numbers.entries()}["later"]
    assert latest < 0.2, "one touch: he takes the ball as soon as it can be reached"


def test_a_rule_opens_its_body_as_long_before_the_ball_as_its_number_says() -> None:
    player = rule("flight-reader", {"open_time": 0.4, "read_after": 0.1})
    meets = {**RIGHT_WING, "cross": 1.0, "phase_time": 0.9, "read_valid": 1.0, "read_x": 3.0}
    for time, opens in ((0.2, True), (0.45, False)):
        player.reset(np.zeros(1, np.uint64))
        assert player.act(scene(**meets, read_time=time))[0, 2:].any() == opens


def test_the_flight_reader_turns_a_short_ball_into_a_near_post_run() -> None:
    reader = rule("flight-reader", {"start": 0.1, "short": 0.0, "near_width": -4.0, "width": 6.0})
    after = {"runner_x": 42.0, "runner_y": 0.0, "crosser_x": 3.0, "crosser_y": -28.0, "cross": 1.0, "phase_time": 0.3}
    flight = {"ball_x": 2.0, "ball_y": -20.0, "ball_z": 3.0, "ball_seen": 1.0}
    short = scene(**after, **flight, ball_v_y=12.0, ball_vz=3.0)
    long = scene(**after, **flight, ball_v_y=20.0, ball_vz=8.0)
    directions = []
    for seen in (short, long):
        reader.reset(np.zeros(1, np.uint64))
        directions.append(reader.act(seen)[0, 1])
    assert directions[0] < -0.2
    assert directions[1] > 0.2


@pytest.mark.parametrize(
    ("cue", "since", "runs_now"),
    [("carry", 5.0, False), ("look", 0.1, False), ("plant", 0.1, False), ("swing", 0.14, False), ("cross", 0.1, True)],
)
def test_the_cues_start_the_run(cue: str, since: float, runs_now: bool) -> None:
    held = {"hold_depth": 13.0, "hold_width": 0.0}
    player = rule("hold-then-back-post", {"start": 0.1, **held})
    player.reset(np.zeros(1, np.uint64))
    seen = scene(**{"runner_x": 39.5, "crosser_y": -28.0, "line": 5.0, cue: 1.0, "phase_time": since})
    assert (np.hypot(*player.act(seen)[0, :2]) > 0.9) == runs_now


def test_a_check_back_stops_the_run() -> None:
    player = rule("hold-then-back-post", {"start": -0.3, "hold_depth": 13.0, "hold_width": 0.0})
    player.reset(np.zeros(1, np.uint64))
    place = {"runner_x": 39.5, "crosser_y": -28.0, "line": 5.0}
    swing = scene(**place, swing=1.0)
    assert np.hypot(*player.act(swing)[0, :2]) > 0.9
    assert np.hypot(*player.act(scene(**place, carry=1.0))[0, :2]) < 0.1


@pytest.mark.parametrize("name", RULES)
def test_who_sees_neither_crosser_nor_ball_looks_round_and_decides_nothing(name: str) -> None:
    blind = {"runner_x": 40.0, "line": 5.0, "runner_facing_x": 0.8, "runner_facing_y": 0.6, "swing": 1.0}
    tells = {**RIGHT_WING, "runner_y": 3.0, "swing": 1.0, "phase_time": 0.1}
    player, fresh = rule(name, {}), rule(name, {})
    player.reset(np.zeros(2, np.uint64))
    for _ in range(3):
        both = np.concatenate(
            [scene(**blind, runner_y=3.0), scene(**{**blind, "runner_facing_y": -0.6}, runner_y=-3.0)]
        )
        actions = player.act(both)
        assert not actions[:, :2].any()
        np.testing.assert_allclose(actions[:, 2:], [[0.6, -0.8], [0.6, 0.8]], atol=1e-6)
    seen = scene(**tells)
    fresh.reset(np.zeros(1, np.uint64))
    assert np.array_equal(player.act(np.concatenate([seen, both[1:]]))[:1], fresh.act(seen))


def appointment(numbers: dict[str, float], **entries: float) -> tuple[npt.NDArray[np.float64], float]:
    """Where and when a rule with these numbers meets a ball that it reads at 1 s and drops 8 m further on at 1.8 s."""
    reads = {"read_valid": 1.0, "read_time": 1.0, "read_y": -4.0, "drop_valid": 1.0, "drop_time": 1.8, "drop_y": 4.0}
    seen = scene(**{**RIGHT_WING, "cross": 1.0, **reads, "rivals_time": 3.0, "mates_time": 3.0, **entries})
    place, time = meeting(View(seen, np.ones(1)), rule("flight-reader", {"later": 0.0, **numbers}).numbers)
    return place[0], float(time[0])


def test_every_rule_meets_the_ball_at_once_on_the_volley_or_at_the_feet_as_its_number_says() -> None:
    for meet, y, when in ((0.0, -4.0, 1.0), (0.5, 0.0, 1.4), (1.0, 4.0, 1.8)):
        place, time = appointment({"meet": meet})
        assert place == pytest.approx([0.0, y], abs=1e-3)
        assert time == pytest.approx(when, abs=1e-3)
    for name in RULES:
        numbers = rule(name, {}).numbers
        assert numbers.meet == 0.0
        assert {"meet", "rival_margin"} <= {entry.name for entry in numbers.entries()}


def test_a_rule_does_not_wait_for_a_ball_that_an_opponent_reaches_first() -> None:
    for margin, when in ((0.0, 1.3), (0.2, 1.1), (-0.2, 1.5), (0.5, 1.0)):
        place, time = appointment({"meet": 1.0, "rival_margin": margin}, rivals_time=1.3)
        assert time == pytest.approx(when, abs=1e-3)
        assert place[1] == pytest.approx(-4.0 + 10.0 * (when - 1.0), abs=1e-2)


def test_a_ball_that_cannot_be_met_at_the_feet_is_met_where_it_is_reached() -> None:
    place, time = appointment({"meet": 1.0}, drop_valid=0.0, drop_time=0.0, drop_y=0.0)
    assert (place[1], time) == pytest.approx((-4.0, 1.0), abs=1e-3)


@pytest.mark.parametrize("name", RULES)
def test_no_rule_turns_its_back_on_the_ball_and_turns_no_farther_than_it_must(name: str) -> None:
    """He faces where he runs, if he sees the ball from there."""
    for ball in ((-3.0, -28.0), (-15.0, -20.0), (-20.0, 3.0), (10.0, -20.0)):
        seen = scene(**{**RIGHT_WING, "ball_x": ball[0], "ball_y": ball[1], "swing": 1.0})
        player = rule(name, {})
        player.reset(np.zeros(1, np.uint64))
        action = player.act(seen)[0].astype(float)
        run, look = action[:2], action[2:] if np.hypot(*action[2:]) > 0.1 else action[:2]
        if not np.hypot(*look) > 0.0:
            continue
        angle = np.degrees(np.arccos((look @ ball) / np.hypot(*look) / np.hypot(*ball)))
        assert angle < 99.0
        if action[2:].any() and np.hypot(*run) > 0.5 and angle > 90.0:
            assert look @ run > 0.0, "half turned, not running backwards"


def test_who_is_slow_enough_to_run_backwards_faces_the_ball() -> None:
    """On the line he waits for the strike; with the line ahead of him he runs."""
    player = rule("early-back-post", {"margin": 0.6, "width": 5.0})
    for line, slow in ((0.6, True), (9.0, False)):
        player.reset(np.zeros(1, np.uint64))
        action = player.act(scene(**{**RIGHT_WING, "runner_y": 4.5, "line": line, "swing": 1.0}))[0]
        assert (np.hypot(*action[:2]) < 0.5) == slow
        assert np.allclose(action[2:], [0.0, -1.0], atol=1e-5) == slow


def test_a_ball_out_of_sight_is_where_it_would_be_had_it_flown_on() -> None:
    player = rule("wait-at-back-post", {})
    flies = {**RIGHT_WING, "cross": 1.0, "ball_v_y": 10.0}
    player.reset(np.zeros(1, np.uint64))
    player.act(scene(**flies))
    lost = {**flies, "ball_seen": 0.0, "ball_y": 0.0, "ball_v_y": 0.0}
    expected = [player._look(np.zeros(1, np.int64), scene(**lost)).ball[0, 1] for _ in range(3)]
    assert expected == pytest.approx([-27.0, -26.0, -25.0], abs=1e-3)


def test_the_wing_is_that_of_the_crosser_or_of_the_side_that_the_ball_comes_from() -> None:
    crosser, ball = {"crosser_x": 3.0, "crosser_y": -28.0}, {"ball_seen": 1.0, "ball_y": -20.0}
    past = {"ball_seen": 1.0, "cross": 1.0, "ball_y": 4.0, "ball_v_y": 15.0}
    for seen, right in (
        (crosser, 1.0),
        (ball, 1.0),
        (past, 1.0),
        (past | {"cross": 0.0, "loose": 1.0}, 0.0),
        ({}, 0.0),
    ):
        mirrored = {name: -value if name.endswith("_y") else value for name, value in seen.items()}
        assert wing(scene(**seen)) == right
        assert wing(scene(**mirrored)) == -right


def test_with_a_cone_of_sight_the_back_post_is_the_far_one() -> None:
    crosses = Crosses("OpenPlay", 200, options=Options(vision="cone"))
    seeds = episode_seeds("verify", 5, 0, 200)
    crosses.deal(seeds)
    unseen = wing(crosses.observe()) == 0.0
    assert unseen.mean() > 0.5
    player = rule("early-back-post", {})
    player.reset(seeds)
    for _ in range(20):
        crosses.step(player.act(crosses.observe()))
    assert (crosses.worlds["players"]["y"][unseen, RUNNER] > 0.0).mean() > 0.95


def test_nobody_runs_over_the_line_before_the_strike() -> None:
    player = rule("early-back-post", {"margin": 0.5})
    player.reset(np.zeros(1, np.uint64))
    over = scene(runner_x=46.0, runner_v_x=3.0, crosser_y=-28.0, line=-0.5, plant=1.0)
    assert player.act(over)[0, 0] < 0.0
