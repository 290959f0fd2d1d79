"""What players know: a man who is out of sight, a flight that has just begun, and who goes for the ball."""

import numpy as np
import pytest
from a_moment import NOW, after, lay, moment, put

from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import CARRY, CROSS, CROSSER, DECISION_TIME, KEEPER, LOOSE, NEVER, RUNNER

MARKER = KEEPER + 2
MATE, OTHER = 2, 3
SEEN_VX, SEEN_VY = 3.0, 1.0
"""How the man ran when his marker last saw him, m/s."""


def watched(gap: float) -> np.recarray:
    """A marker who looks at a ball on the wing, his man `gap` metres away on the other side of him, before a cross."""
    worlds = moment(1, CARRY)
    lay(worlds, 40.0, -25.0)
    put(worlds, CROSSER, 39.5, -25.0)
    worlds.ball.owner = CROSSER
    put(worlds, RUNNER, 40.0, gap, vx=-2.0, vy=2.0)
    put(worlds, MARKER, 40.0, 0.0, man=RUNNER, gaze_y=-1.0)
    believed = {"belief_x": 40.0, "belief_y": 8.0, "belief_vx": SEEN_VX, "belief_vy": SEEN_VY}
    for name, value in believed.items():
        worlds["players"][name][:, MARKER] = value
    return worlds


def test_a_man_out_of_sight_is_believed_to_run_on_as_he_was_last_seen() -> None:
    """The belief moves with the velocity last seen, and knows nothing of what the man does now."""
    marker = after(watched(8.0)).players[0, MARKER]
    assert marker["sees_man"] == 0
    assert marker["belief_x"] == pytest.approx(40.0 + DECISION_TIME * SEEN_VX)
    assert marker["belief_y"] == pytest.approx(8.0 + DECISION_TIME * SEEN_VY)


def test_a_belief_that_nothing_renews_comes_to_rest() -> None:
    """The longer he has not looked, the less he trusts in a run: it slows down in its own direction."""
    worlds = watched(8.0)
    speeds = [float(np.hypot(SEEN_VX, SEEN_VY))]
    for _ in range(4):
        worlds = after(worlds)
        marker = worlds.players[0, MARKER]
        assert marker["belief_vy"] / marker["belief_vx"] == pytest.approx(SEEN_VY / SEEN_VX)
        speeds.append(float(np.hypot(marker["belief_vx"], marker["belief_vy"])))
    assert (np.diff(speeds) < 0.0).all()
    assert speeds[-1] > 0.0


def test_a_man_in_sight_is_where_he_is_now_and_his_turn_takes_a_reaction_to_sink_in() -> None:
    """The place at once, of the new velocity a share: neither none of it nor all."""
    worlds = watched(8.0)
    lay(worlds, 40.0, 25.0)
    put(worlds, CROSSER, 39.5, 25.0)
    seen = after(worlds).players[0]
    marker, man = seen[MARKER], seen[RUNNER]
    assert marker["sees_man"] == 1
    assert (marker["belief_x"], marker["belief_y"]) == (man["x"], man["y"])
    share = (marker["belief_vx"] - SEEN_VX) / (man["vx"] - SEEN_VX)
    assert 0.0 < share < 1.0
    slower = worlds.copy().view(np.recarray)
    slower.players.reaction[:, MARKER] *= 2.0
    assert abs(after(slower).players[0, MARKER]["belief_vx"] - SEEN_VX) < abs(marker["belief_vx"] - SEEN_VX)


def test_a_look_over_the_shoulder_finds_the_man_again() -> None:
    """He turns to where he believes him; a man who is near that place is in his gaze."""
    worlds = watched(8.0)
    worlds.players.check_wait[:, MARKER] = 0.05
    looked = after(worlds).players[0]
    assert looked[MARKER]["sees_man"] == 1
    assert looked[MARKER]["belief_y"] == looked[RUNNER]["y"]


def a_flight(count: int = 1, struck: float = 0.0, phase: int = CROSS) -> np.recarray:
    """A ball that has rolled for so many seconds across the box, in front of two attackers and two defenders."""
    worlds = moment(count, phase)
    worlds.phase_since = NOW - struck
    lay(worlds, 44.0, -12.0, vy=9.0)
    return worlds


def arrival(reaction: float, struck: float) -> float:
    """Seconds until a defender beside the way of the ball expects to touch it."""
    worlds = a_flight(1, struck)
    put(worlds, MARKER, 38.0, -4.0, reaction=reaction)
    return float(after(worlds).players["arrives"][0, MARKER])


def test_nobody_answers_a_flight_before_he_has_reacted_to_it() -> None:
    """Right after the strike who reacts more slowly arrives later; once both have reacted there is no difference."""
    assert arrival(0.2, 0.0) < arrival(0.7, 0.0) < NEVER
    assert arrival(0.2, 2.0) == arrival(0.7, 2.0)


def test_a_flight_is_read_worse_the_further_ahead_it_is_met_and_by_everybody_in_his_own_way() -> None:
    """Of men in the way of the ball, who misread it across the line of sight: the error, times the seconds ahead."""
    exact, off = a_flight(), a_flight()
    for worlds, error in ((exact, 0.0), (off, 0.4)):
        put(worlds, MARKER, 44.0, 6.0, read_error=error, read_across=0.5)
        put(worlds, OTHER, 44.0, -8.0, read_error=error, read_across=0.5)
    misses, ahead = [], []
    for who in (OTHER, MARKER):
        here, there = (after(worlds, read_error_across=1.0).players[0, who] for worlds in (exact, off))
        assert here["meet_x"] == pytest.approx(44.0)
        misses.append(there["meet_x"] - here["meet_x"])
        ahead.append(there["arrives"])
        assert misses[-1] == pytest.approx(0.4 * 0.5 * ahead[-1])
    assert ahead[0] < ahead[1]
    assert misses[0] < misses[1]


def readings(touches: int) -> list[float]:
    """How three men misread the flight of a ball that has been touched so often, and now once more."""
    worlds = a_flight(phase=LOOSE)
    worlds.ball.touches = touches
    lay(worlds, 22.0, 0.0)
    put(worlds, MATE, 22.0, 0.2)
    others = (OTHER, MARKER, KEEPER)
    for who in others:
        put(worlds, who, 40.0, 0.0, read_doubt=0.2)
    second = after(worlds, touch_attacker=1.0, touch_fast=0.0, clean=1.0, clean_foot=0.6)
    assert second.ball.touches[0] == touches + 1
    assert (second.players["read_doubt"][0, others] == 1.0).all()
    return [float(second.players[axis][0, who]) for who in others for axis in ("read_depth", "read_across")]


def test_a_touch_is_read_anew_by_everybody_and_by_nobody_like_another() -> None:
    """In depth and across, another way than the flight before, and as badly as a first reading."""
    assert len({round(value, 6) for value in readings(1) + readings(2)}) == 12


def test_the_field_player_nearest_to_a_loose_ball_goes_for_it_even_if_the_keeper_is_nearer() -> None:
    """The keeper decides for himself whether he comes: he is not the defence's first man."""
    worlds = moment(1, LOOSE)
    lay(worlds, 44.0, 0.0)
    put(worlds, KEEPER, 46.5, 0.0)
    put(worlds, MARKER, 44.0, 6.0)
    put(worlds, MARKER + 1, 44.0, 12.0)
    goes = after(worlds).players["attacks"][0]
    assert goes[MARKER] == 1
    assert goes[MARKER + 1] == 0


def test_of_a_team_only_the_nearest_goes_for_a_loose_ball_and_one_of_either_team() -> None:
    worlds = moment(1, LOOSE)
    lay(worlds, 44.0, 0.0)
    for who, away in ((MATE, 8.0), (OTHER, 5.0), (MARKER, -4.0), (MARKER + 1, -9.0)):
        put(worlds, who, 44.0, away)
    goes = after(worlds, belief_limits_on=0.0, judge_error=0.0).players["attacks"][0]
    assert np.flatnonzero(goes).tolist() == [OTHER, MARKER]


def test_who_is_shown_a_bend_that_he_underestimates_expects_the_ball_on_the_straighter_side() -> None:
    """Craig et al. 2006: of the sidespin part is foreseen, the ball itself bends with all of it."""
    places = []
    for foreseen in (0.0, 0.5, 1.0):
        worlds = moment()
        lay(worlds, 40.0, -20.0, 1.0, vx=5.0, vy=18.0)
        worlds.ball.vz, worlds.ball.wz = 6.0, 40.0
        ahead = after(worlds, bend_foreseen=foreseen)
        places.append(float(ahead.path[0, 0, 15]))
        flown = float(after(ahead, 8).ball.x[0])
    straight, half, all_of_it = places
    assert all_of_it < half < straight
    assert abs(flown - all_of_it) < abs(flown - straight)


def test_the_runner_misjudges_a_bend_to_either_side_of_the_truth_by_a_luck_of_the_touch() -> None:
    """A bias that is always the same could be unlearned."""
    places = []
    for bend in (-1.0, 0.0, 1.0):
        worlds = moment()
        lay(worlds, 40.0, -20.0, 1.0, vx=5.0, vy=18.0)
        worlds.ball.vz, worlds.ball.wz, worlds.sight.bend = 6.0, 40.0, bend
        ahead = after(worlds, bend_error=0.3, bend_foreseen=1.0, look_depth=0.0, look_across=0.0)
        places.append(float(ahead.sight.path[0, 0, 15] - ahead.path[0, 0, 15]))
    assert places[0] > 0.1
    assert places[1] == 0.0
    assert places[2] < -0.1
    bends = []
    for touches in (1, 2):
        worlds = moment(4, LOOSE)
        worlds.ball.touches = touches
        lay(worlds, 22.0, 0.0)
        put(worlds, MATE, 22.0, 0.2)
        bends += after(worlds, touch_attacker=1.0, touch_fast=0.0, clean=1.0, clean_foot=0.6).sight.bend.tolist()
    assert len(set(bends)) == 8


def test_the_offside_line_is_known_to_be_where_the_second_last_opponent_is_now() -> None:
    worlds = moment(1)
    lay(worlds, 30.0, 0.0)
    put(worlds, KEEPER, 51.0, 0.0)
    put(worlds, MARKER, 44.0, 0.0, vx=-4.0)
    seen = after(worlds)
    assert seen.line_x[0] == seen.players["x"][0, MARKER] < 44.0
    assert seen.line_x[0] < HALF_LENGTH
