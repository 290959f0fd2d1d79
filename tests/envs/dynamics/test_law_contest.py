"""A ball that two men reach: who wins it, who is paid for it, and who has to get up again first."""

from typing import Any

import numpy as np
import pytest
from a_moment import START, after, lay, moment, put

from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import CLEARED, DECISION_TIME, HELD, KEEPER, LOOSE, NOBODY, OFFSIDE, OVER, RUNNER, SHOT

MATE, OTHER = 2, 3
DEFENDER = KEEPER + 2
SURE: dict[str, Any] = {"touch_attacker": 1.0, "touch_defender_low": 1.0, "clean": 1.0, "clean_foot": 0.6}
SURE |= {"contest_distance": 0.3, "contest_defender_low": 2.0}
"""Whoever wins the ball plays it as he means to; closeness counts, and a defender for two, whatever they count now."""
GOAL_IS_NEAR = HALF_LENGTH - 8.0
NO_SHOT = 22.0
"""x from where nobody shoots: what a contest decides there is quickly found out."""


def contested(
    count: int, first: int, second: int, nearer: float = 0.3, farther: float = 0.45, x: float = NO_SHOT
) -> np.recarray:
    """A ball at rest between two men who stand so many metres from it."""
    worlds = moment(count, LOOSE)
    lay(worlds, x, 0.0)
    put(worlds, first, x, nearer)
    put(worlds, second, x, -farther)
    return worlds


def winner(worlds: np.recarray) -> np.ndarray:
    """Who played the ball, (n,)."""
    return np.asarray(worlds.ball.last_touch)


def test_each_man_in_a_contest_has_a_luck_of_his_own() -> None:
    """The nearer of two wins more often, but not always: with one luck for both he always would."""
    won = winner(after(contested(50, MATE, OTHER), **SURE)) == MATE
    assert 0.5 < won.mean() < 0.95


def test_the_next_contest_of_a_man_has_another_luck() -> None:
    """Who has been in a contest before wins others of the same crosses than in his first."""
    first, second = contested(30, MATE, OTHER), contested(30, MATE, OTHER)
    second.players.contests[:, [MATE, OTHER]] = 1
    assert (winner(after(first, **SURE)) != winner(after(second, **SURE))).any()


def test_a_defender_is_stronger_at_the_feet_than_an_attacker_who_stands_as_near() -> None:
    """Over the same luck he wins at least whatever a second attacker there would have won, and more."""
    attacker = winner(after(contested(60, MATE, OTHER), **SURE)) == OTHER
    defender = winner(after(contested(60, MATE, DEFENDER), **SURE)) == DEFENDER
    assert defender.mean() > attacker.mean()


def test_who_loses_a_contest_must_recover_before_he_tries_again() -> None:
    """He is out of it for as long as recovering takes, whoever he is; the winner is ready sooner."""
    worlds = after(contested(40, MATE, DEFENDER), recover_time=0.6, **SURE)
    rows, won = np.arange(40), winner(worlds)
    assert set(won) == {MATE, DEFENDER}
    lost = np.where(won == MATE, DEFENDER, MATE)
    assert (worlds.players.locked[rows, lost] > 0.6 - DECISION_TIME - 1e-9).all()
    assert (worlds.players.locked[rows, won] < worlds.players.locked[rows, lost]).all()


def test_who_has_just_lost_a_contest_cannot_reach_the_ball() -> None:
    """A ball at the feet of a man who is getting up lies there until he is up."""
    worlds = moment(1, LOOSE)
    put(worlds, MATE, HALF_LENGTH - 11.0, 0.2, locked=0.45)
    down = after(worlds, 4)
    assert down.ball.last_touch[0] != MATE
    assert after(down, 2, **SURE).ball.last_touch[0] == MATE


def test_whoever_challenges_from_an_offside_position_is_flagged_whoever_would_win() -> None:
    """Law 11.2: to challenge an opponent for the ball is the offence."""
    worlds = contested(20, MATE, DEFENDER)
    worlds.players.offside[:, MATE] = 1
    ended = after(worlds)
    assert (ended.outcome == OFFSIDE).all()
    assert (ended.offender == MATE).all()
    assert not ended.xg.any()


def test_the_runner_is_paid_for_his_own_contacts_and_for_nobody_elses() -> None:
    """A contact pays the team what it is worth; the runner's own account gets it only if he made it."""
    for who in (RUNNER, MATE):
        worlds = moment(5, LOOSE)
        lay(worlds, GOAL_IS_NEAR, 0.0)
        put(worlds, who, GOAL_IS_NEAR, 0.3)
        paid = after(worlds)
        assert (paid.xg > 0.0).all()
        assert paid.own_xg.tolist() == (paid.xg.tolist() if who == RUNNER else [0.0] * 5)


def test_of_two_who_contest_the_runner_is_paid_his_share_alone() -> None:
    """Of a team-mate and himself, as near: half of what both are paid."""
    paid = after(contested(2, RUNNER, MATE, 0.3, 0.3, GOAL_IS_NEAR))
    assert paid.own_xg == pytest.approx(paid.xg / 2.0, rel=1e-6)


def test_a_contact_pays_the_same_whoever_wins_it_in_the_end() -> None:
    """What is paid is an expectation: luck changes who plays the ball, not what the contest was worth."""
    worlds = after(contested(12, MATE, DEFENDER, x=GOAL_IS_NEAR), **SURE)
    assert set(winner(worlds)) == {MATE, DEFENDER}
    assert worlds.xg.min() == worlds.xg.max() > 0.0


def test_the_more_opponents_reach_the_ball_the_less_a_contact_pays() -> None:
    """P(win) is part of the price."""
    alone = moment(1, LOOSE)
    lay(alone, GOAL_IS_NEAR, 0.0)
    put(alone, MATE, GOAL_IS_NEAR, 0.3)
    crowded = alone.copy().view(np.recarray)
    put(crowded, KEEPER, GOAL_IS_NEAR, -0.3)
    keeper_far = alone.copy().view(np.recarray)
    put(keeper_far, KEEPER, GOAL_IS_NEAR, -2.0)
    assert after(crowded).xg[0] < after(keeper_far).xg[0]


def test_with_the_switch_off_a_cross_ends_as_its_first_ball_is_about_to_be_played() -> None:
    """Who is about to play it and what a shot is worth are noted; the ball flies on, and nobody has touched it."""
    for who in (MATE, DEFENDER, KEEPER):
        worlds = moment(20, LOOSE)
        lay(worlds, GOAL_IS_NEAR, 0.0, vy=-1.0)
        put(worlds, who, GOAL_IS_NEAR, 0.1)
        left, played = after(worlds, first_ball_played_on=0.0, **SURE), after(worlds, **SURE)
        assert (left.first_contact.by == who).all()
        assert (left.phase == OVER).all()
        assert (left.outcome == CLEARED).all()
        assert (left.ball.last_touch == worlds.ball.last_touch).all()
        assert (left.ball.touches == 1).all()
        assert (left.ball.vy < -0.5).all()
        assert not left.shot.count.any()
        assert (played.ball.touches > 1).all()
        for name in ("by", "time", "x", "y", "gap"):
            assert (left.first_contact[name] == played.first_contact[name]).all()
        assert left.xg.tolist() == played.xg.tolist()


def test_a_second_ball_is_played_whether_or_not_the_first_would_be() -> None:
    """The switch ends a cross before its first contact, and not before a later one."""
    worlds = contested(5, MATE, OTHER)
    worlds.first_contact.by = DEFENDER
    assert after(worlds, first_ball_played_on=0.0, **SURE).tobytes() == after(worlds, **SURE).tobytes()


def held(who: int, count: int = 3, x: float = GOAL_IS_NEAR) -> np.recarray:
    """A ball that one man has had at his feet long enough, nobody near him and the goal empty."""
    worlds = moment(count, HELD)
    lay(worlds, x, 0.0)
    put(worlds, who, x - 0.5, 0.0)
    worlds.ball.owner = worlds.ball.last_touch = who
    return worlds


def test_the_shot_after_a_control_is_paid_to_whoever_takes_it() -> None:
    """The runner's account gets his own shot, and none of a team-mate's."""
    for who in (RUNNER, MATE):
        paid = after(held(who))
        assert (paid.phase == SHOT).all()
        assert (paid.xg > 0.0).all()
        assert paid.own_xg.tolist() == (paid.xg.tolist() if who == RUNNER else [0.0] * 3)
        assert (paid.own_shots == (who == RUNNER)).all()


def test_a_ball_at_the_feet_is_lost_to_a_man_on_top_of_it_more_often_than_to_one_far_off() -> None:
    """Of the same crosses, and with a luck of its own for every touch."""
    near, far = held(MATE, 40, NO_SHOT), held(MATE, 40, NO_SHOT)
    put(near, DEFENDER, NO_SHOT - 0.5, 0.75)
    put(far, DEFENDER, NO_SHOT - 0.5, 6.0)
    tackled, free = (after(worlds, tackle=0.8).outcome == CLEARED for worlds in (near, far))
    assert 0.5 < tackled.mean() < 1.0
    assert free.mean() < 0.1


def test_a_ball_that_nobody_shot_pays_what_a_goal_is_worth_when_it_goes_in() -> None:
    """A cross that flies in was foreseen by nobody."""
    worlds = moment(1)
    lay(worlds, HALF_LENGTH - 0.2, 1.0, 0.5, vx=15.0)
    scored = after(worlds)
    assert (scored.goals[0], scored.xg[0], scored.own_xg[0]) == (1.0, 1.0, 0.0)


def test_the_clock_of_second_balls_runs_from_the_first_touch() -> None:
    """Not from the strike, and not from the latest touch."""
    worlds = moment(1, LOOSE)
    worlds.first_contact.by, worlds.first_contact.time = DEFENDER, 2.5
    worlds.phase_since = 2.9
    worlds.decisions, worlds.time = START + 93, 12.3
    live = after(worlds, second_ball_time=10.0)
    assert live.phase[0] == LOOSE
    ended = after(live, second_ball_time=10.0)
    assert ended.phase[0] == OVER
    assert ended.time[0] == pytest.approx(12.5)


def test_without_a_first_touch_only_the_limit_ends_a_ball_that_nobody_reaches() -> None:
    worlds = moment(1)
    worlds.decisions, worlds.time, worlds.limit = START + 120, 15.0, 15.2
    assert worlds.first_contact.by[0] == NOBODY
    assert after(worlds).phase[0] != OVER
    assert after(worlds, 2).phase[0] == OVER


def test_the_keeper_who_parried_must_get_up_before_he_plays_on() -> None:
    """Whoever stopped a shot is down; the ball that comes off him is anybody else's."""
    worlds = moment(1, SHOT)
    put(worlds, KEEPER, HALF_LENGTH - 1.0, 0.0)
    lay(worlds, HALF_LENGTH - 1.2, 0.0)
    worlds.shot.by, worlds.shot.fate, worlds.shot.count, worlds.shot.stopped_by = MATE, 3, 1, KEEPER
    parried = after(worlds, recover_time=0.6)
    assert parried.phase[0] == LOOSE
    assert parried.ball.last_touch[0] == KEEPER
    assert parried.players.locked[0, KEEPER] > 0.3


def share_of_the_runner(**parameters: Any) -> Any:
    """A measure of what the runner's weight is in a contest in the air, of himself and a team-mate as near (0 to 1).

    What both are paid for the contest is paid by weight: the same shot would follow.
    """

    def measured(ball_vx: float = 0.0, jump: float = 2.4, speed: float = 0.0, ahead: float = 0.0) -> float:
        worlds = moment(1, LOOSE)
        lay(worlds, GOAL_IS_NEAR, 0.0, 2.0, vx=ball_vx)
        for who, side in ((RUNNER, 1.0), (MATE, -1.0)):
            put(worlds, who, GOAL_IS_NEAR - side * ahead, 0.4 * side)
        worlds.players.jump[:, RUNNER] = jump
        worlds.players.vx[:, RUNNER] = speed
        worlds.players.fx[:, RUNNER] = 1.0
        level: dict[str, Any] = {"contest_run_up": 0.0, "contest_front": 0.0, "contest_jump": 0.0}
        level |= {"contest_distance": 2.0, "running_error": 0.0, "header_own_speed": 0.0, "own_speed_share": 0.0}
        paid = after(worlds, **level | {"shot_threshold": 0.0, "flick_value": 0.0} | parameters)
        assert paid.xg[0] > 0.0
        return float(paid.own_xg[0] / paid.xg[0])

    return measured


def test_two_who_differ_in_nothing_have_equal_shares_in_the_air() -> None:
    assert share_of_the_runner()() == pytest.approx(0.5, abs=0.01)
    assert share_of_the_runner()(jump=2.5) == pytest.approx(0.5, abs=0.01)


def test_the_higher_jump_has_the_better_of_it_in_the_air() -> None:
    """By its advantage: e to the power of so much per metre."""
    share = share_of_the_runner(contest_jump=4.0)(jump=2.6)
    assert share / (1.0 - share) == pytest.approx(np.exp(4.0 * 0.2), rel=0.01)


def test_a_run_up_helps_in_the_air() -> None:
    standing, running = (share_of_the_runner(contest_run_up=1.0)(speed=speed) for speed in (0.0, 6.0))
    without = share_of_the_runner()(speed=6.0)
    assert standing == pytest.approx(0.5, abs=0.01)
    assert running > without + 0.15


def test_who_stands_in_front_has_the_better_of_it() -> None:
    """The ball comes to him before it comes to the man behind him."""
    level, front = (share_of_the_runner(contest_front=front)(ball_vx=4.0, ahead=0.4) for front in (0.0, 1.5))
    behind = share_of_the_runner(contest_front=1.5)(ball_vx=4.0, ahead=-0.4)
    assert behind + 0.1 < level < front - 0.1


def test_a_running_jump_reaches_higher_than_a_standing_one() -> None:
    """A ball over the head of a standing man is within the reach of a running one, and of one who jumps higher."""
    for speed, jump, reached in ((0.0, 2.4, False), (6.0, 2.4, True), (0.0, 2.55, True)):
        worlds = moment(1, LOOSE)
        lay(worlds, NO_SHOT, 0.0, 2.52)
        worlds.ball.vz = 0.3
        put(worlds, MATE, NO_SHOT - 0.1 * (speed > 0.0), 0.1, vx=speed, jump=jump)
        played = after(worlds, jump_run_up=0.2, run_up_speed=5.0, touch_attacker=1.0, clean=1.0)
        assert (played.players.contests[0, MATE] > 0) == reached


def test_a_fast_ball_is_missed_more_often_than_a_slow_one() -> None:
    """From a speed on, by so much a metre a second; a slow one no more than one that lies still."""
    paid = []
    for speed in (0.0, 9.0, 22.0):
        worlds = moment(1, LOOSE)
        lay(worlds, GOAL_IS_NEAR, 0.0, 1.0, vy=speed)
        put(worlds, MATE, GOAL_IS_NEAR, 0.4)
        pays = [float(after(worlds, touch_fast=fast, touch_fast_from=12.0).xg[0]) for fast in (0.0, 0.08)]
        assert pays[0] > 0.0
        paid.append(pays[1] / pays[0])
    assert paid[:2] == [1.0, 1.0]
    assert paid[2] == pytest.approx(np.exp(-0.08 * 10.0), rel=0.03)


def test_who_shoots_a_ball_at_his_feet_does_not_play_it_again_at_once() -> None:
    """Though it is sliced and stays beside him."""
    shot = after(held(MATE, 40), settled_error=2.0, foot_error=0.3, pass_recover_time=0.8, settled_shot_threshold=0.0)
    assert (shot.shot.by == MATE).all()
    assert (shot.players.locked[:, MATE] > 0.8 - DECISION_TIME - 1e-9).all()
