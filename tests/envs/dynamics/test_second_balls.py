"""After the first touch the ball stays live: who plays it next, what ends it, and what becomes of offside."""

from functools import cache

import numpy as np
import pytest

from backpost.envs import Crosses, Options
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.parameters import parameters
from backpost.envs.world.record import (
    ATTACKERS,
    CLAIMED,
    CLEARED,
    CONTROL,
    CROSS,
    DECISION_TIME,
    FATE_BLOCKED,
    FATE_GOAL,
    FATE_HELD,
    FATE_MISHIT,
    FATE_PARRIED,
    FATE_WIDE,
    FATE_WOODWORK,
    FLICK,
    GOAL,
    HELD,
    KEEPER,
    LOOSE,
    NO_TECHNIQUE,
    NOBODY,
    OUT,
    OVER,
    RUNNER,
    SAVED,
    SHOT,
    SWING,
    TIME,
)

COUNT = 4_000
SEEDS = episode_seeds("verify", 25, 0, COUNT)
RECOVERS = float(parameters().recover_time[0])
"""How long who stops a shot must wait before he plays on, s."""
ENDS = {FATE_GOAL: GOAL, FATE_HELD: SAVED, FATE_WIDE: OUT}
LIVE = (FATE_PARRIED, FATE_BLOCKED, FATE_WOODWORK, FATE_MISHIT)


class Play:
    """Scripted crosses of a match, watched decision by decision; only what the tests ask for is kept.

    Attributes:
        phase, touches, last_touch, fate, spin, vz, outcome, stopped_by, offside: (decisions, n) each, `offside` as one
            number of bits per attacker.
        locked: (decisions, n, players).
        final: the records at the end, (n,).
    """

    def __init__(self, name: str = "Match", offside_runner: bool = False, **parameters: float) -> None:
        crosses = Crosses(name, COUNT, options=Options(parameters=parameters))
        crosses.deal(SEEDS)
        worlds = crosses.worlds
        worlds.players.outside[:, RUNNER] = int(offside_runner)
        seen: list[tuple[np.ndarray, ...]] = []
        done = np.zeros(COUNT, bool)
        while not done.all():
            if offside_runner:
                waits = worlds.phase <= SWING
                worlds.players.x[waits, RUNNER] = worlds.line_x[waits] + 1.0
            _, done = crosses.step(np.zeros((COUNT, 4)))
            ball = worlds.ball
            spin = np.abs(ball.wx) + np.abs(ball.wy) + np.abs(ball.wz)
            offside = worlds.players.offside[:, :ATTACKERS] @ (1 << np.arange(ATTACKERS))
            seen.append(
                (
                    worlds.phase.copy(),
                    ball.touches.copy(),
                    ball.last_touch.copy(),
                    worlds.shot.fate.copy(),
                    spin,
                    ball.vz.copy(),
                    worlds.outcome.copy(),
                    worlds.shot.stopped_by.copy(),
                    offside,
                    worlds.players.locked.copy(),
                )
            )
        kept = [np.stack(column) for column in zip(*seen, strict=True)]
        self.phase, self.touches, self.last_touch, self.fate, self.spin, self.vz, *others = kept
        self.outcome, self.stopped_by, self.offside, self.locked = others
        self.final = crosses.snapshot()

    def turns(self, before: int, after: int) -> tuple[np.ndarray, np.ndarray]:
        """Decisions and crosses at which the phase has just gone from one to the other."""
        steps, crosses = np.nonzero((self.phase[:-1] == before) & (self.phase[1:] == after))
        return steps + 1, crosses


@cache
def match() -> Play:
    """Crosses as they are."""
    return Play()


@cache
def first_touch_only() -> Play:
    """The same without second balls."""
    return Play(second_balls_on=0.0)


@cache
def keen_to_flick() -> Play:
    """The same, and a flick-on is thought to be worth as much as a good header."""
    return Play(flick_value=0.1)


@cache
def runner_offside() -> Play:
    """Open play with the runner a metre offside at every strike."""
    return Play("OpenPlay", offside_runner=True)


def test_a_shot_that_is_parried_blocked_sliced_or_off_the_woodwork_goes_on_and_no_other() -> None:
    """Every fate that leaves the ball live happens and is followed by a loose ball; the others end the cross."""
    play = match()
    steps, crosses = play.turns(SHOT, LOOSE)
    live = play.fate[steps, crosses]
    assert set(live) == set(LIVE)
    steps, crosses = play.turns(SHOT, OVER)
    for fate, outcome in zip(play.fate[steps, crosses], play.outcome[steps, crosses], strict=True):
        if fate in ENDS:
            assert outcome == ENDS[fate]
    assert {FATE_GOAL, FATE_HELD, FATE_WIDE} <= set(play.fate[steps, crosses])


def test_who_stops_a_shot_must_recover_before_he_plays_on() -> None:
    """Two parries of three were caught by the same keeper in the very instant of the parry.

    He has recovered for less than the one decision since.
    """
    play = match()
    steps, crosses = play.turns(SHOT, LOOSE)
    stopped = np.isin(play.fate[steps, crosses], (FATE_PARRIED, FATE_BLOCKED))
    assert stopped.sum() > 40
    by, locked = play.stopped_by[steps, crosses][stopped], play.locked[steps, crosses][stopped]
    assert (by >= KEEPER).all()
    assert (by == KEEPER).any()
    assert (by > KEEPER).any()
    left = locked[np.arange(len(by)), by]
    assert (left > RECOVERS - DECISION_TIME).all()
    assert (left <= RECOVERS).all()


def test_a_sliced_shot_goes_on_as_it_was_hit() -> None:
    """It ended the cross where it was."""
    play = match()
    steps, crosses = np.nonzero((play.fate == FATE_MISHIT) & (play.phase == LOOSE))
    first = np.unique(crosses, return_index=True)[1]
    steps, crosses = steps[first], crosses[first]
    assert len(crosses) > 5
    assert (play.stopped_by[steps, crosses] == NOBODY).all()
    after = play.touches[-1, crosses] > play.touches[steps, crosses]
    assert after.mean() > 0.1


def test_second_balls_are_scored() -> None:
    """Some cross sees a second shot, some goal is not scored by the first contact."""
    final = match().final
    assert (final.shot.count > 1).any()
    goals = final.outcome == GOAL
    assert (goals & (final.first_contact.fate != FATE_GOAL)).any()


@pytest.mark.parametrize("technique", [FLICK, CONTROL])
def test_flick_ons_and_controls_keep_the_ball_live(technique: int) -> None:
    """A clean first contact that is no shot is followed by another touch of somebody, now and then of the same team."""
    play = match() if technique == CONTROL else keen_to_flick()
    first = play.final.first_contact
    such = (first.technique == technique) & (first.by < ATTACKERS)
    assert such.sum() > 10
    assert (play.final.ball.touches[such] > 2).mean() > 0.5
    assert (play.final.first_shot.by[such] != NOBODY).any()


def test_the_keeper_punches_what_he_does_not_catch() -> None:
    """A catch ends the cross, a punch leaves it live."""
    play = match()
    keeper = play.final.first_contact.by == KEEPER
    caught = keeper & (play.final.outcome == CLAIMED) & (play.final.ball.touches == 2)
    assert caught.sum() > 10
    punched = (play.phase == LOOSE) & (play.last_touch == KEEPER)
    assert punched.any(axis=0).sum() > 2


def test_a_held_ball_is_shot_laid_off_or_crossed_again() -> None:
    """On the ground to a team-mate, or lifted into the middle from wide; without the spin that the cross had."""
    play = match()
    assert len(play.turns(HELD, SHOT)[0]) > 5
    steps, crosses = play.turns(HELD, LOOSE)
    lifted = play.vz[steps, crosses] > 1.0
    assert (~lifted).sum() > 2
    assert lifted.sum() > 5
    assert play.spin[steps, crosses].max() == 0.0


def test_a_clearance_keeps_the_ball_live_until_it_is_far_away() -> None:
    """Defenders play the first ball and the cross goes on; many end as cleared, some of the others as a shot."""
    play = match()
    first = play.final.first_contact
    played = (first.by > KEEPER) & (first.technique != NO_TECHNIQUE)
    lives = ((play.phase == LOOSE) & (play.last_touch > KEEPER)).any(axis=0)
    assert (played & lives).sum() > 50
    ends = play.final.outcome[played & lives]
    assert (ends == CLEARED).mean() > 0.2
    assert (play.final.last_shot.by[played & lives] != NOBODY).any()


def test_without_second_balls_a_cross_ends_at_the_first_touch_that_is_no_shot() -> None:
    """The ball is never loose; up to the first contact nothing is different."""
    play, other = first_touch_only(), match()
    assert not (play.phase == LOOSE).any()
    assert (play.final.outcome == TIME).mean() > 0.3
    for field in ("by", "time", "x", "y", "z", "technique", "xg"):
        same = play.final.first_contact[field] == other.final.first_contact[field]
        assert same[other.final.delivery.blocked == 0].all(), field
    assert play.final.xg.mean() < other.final.xg.mean()
    assert play.final.ball.touches.mean() < other.final.ball.touches.mean() - 0.2


def first_of_the_defence(play: Play, technique_is: bool) -> tuple[np.ndarray, np.ndarray]:
    """Decisions and crosses at which a field defender first touched an unblocked cross; meant, or a deflection."""
    first = play.final.first_contact
    meant = first.technique != NO_TECHNIQUE
    such = (first.by > KEEPER) & (meant == technique_is) & (play.final.delivery.blocked == 0)
    crosses = np.flatnonzero(such)
    steps = np.array([np.flatnonzero(play.touches[:, i] >= 2)[0] for i in crosses])
    # Only those in which nobody has touched it again within the same decision.
    alone = (play.touches[steps, crosses] == 2) & (play.phase[steps - 1, crosses] == CROSS)
    return steps[alone], crosses[alone]


def test_a_deflection_resets_no_offside_and_a_deliberate_play_all_of_it() -> None:
    """Law 11.2: who was offside at the strike still is when a defender deflects the ball, not when he plays it."""
    play = runner_offside()
    bit = 1 << RUNNER
    for meant in (False, True):
        steps, crosses = first_of_the_defence(play, meant)
        assert len(steps) > 5
        assert (play.offside[steps - 1, crosses] & bit).all()
        after = play.offside[steps, crosses]
        assert not after.any() if meant else (after == play.offside[steps - 1, crosses]).all()


def test_a_save_or_a_punch_resets_no_offside() -> None:
    """Whoever stood offside before a parry, a block or the keeper's fist still does after it."""
    play = match()
    steps, crosses = play.turns(SHOT, LOOSE)
    # A sliced ball that somebody has touched by then is no save.
    same = play.touches[steps, crosses] == play.touches[steps - 1, crosses] + 1
    same &= np.isin(play.fate[steps, crosses], (FATE_PARRIED, FATE_BLOCKED))
    assert same.sum() > 20
    assert (play.offside[steps, crosses] == play.offside[steps - 1, crosses])[same].all()
    play = runner_offside()
    steps, crosses = np.nonzero(
        (play.phase[1:] == LOOSE)
        & (play.last_touch[1:] == KEEPER)
        & (play.touches[1:] == play.touches[:-1] + 1)
        & (play.phase[:-1] == CROSS)
    )
    assert len(steps) > 0
    assert (play.offside[steps + 1, crosses] == play.offside[steps, crosses]).all()


def test_offside_is_taken_anew_at_every_touch_of_the_attack() -> None:
    """Flags that the strike did not set are set by later touches of attackers, and never by those of defenders."""
    play = match()
    new = (play.offside[1:] & ~play.offside[:-1]) != 0
    later = new & (play.touches[:-1] >= 1) & (play.phase[:-1] > SWING)
    assert later.sum() > 5
    single = later & (play.touches[1:] == play.touches[:-1] + 1)
    assert (play.last_touch[1:][single] < ATTACKERS).all()
