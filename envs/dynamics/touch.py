"""Touch: who gets to the ball, by one rule for all players.

A player contests a ball within reach when it is at its nearest, or when it is also within reach of an opponent. The
winner is drawn by closeness and plays the ball (`contact.py`). An attacker's contest counts P(win) P(touch) P(clean)
xG, regardless of the actual winner.
"""

import math

from backpost.envs.world.chance import WORLD, normal, uniform
from backpost.envs.world.compile import entry, kernel
from backpost.envs.world.draws import REBOUND_X, REBOUND_Y, TOUCHES_BALL, WINS_CONTEST
from backpost.envs.world.geometry import length, nearest_defender, unit
from backpost.envs.world.laws import end_cross, take_offside
from backpost.envs.world.pitch import GOAL_HALF_WIDTH, HALF_LENGTH
from backpost.envs.world.record import (
    ATTACKERS,
    CORNER_KICK,
    CROSS,
    CROSSER,
    FATE_MISHIT,
    HELD,
    KEEPER,
    LOOSE,
    NO_TECHNIQUE,
    NOBODY,
    OFFSIDE,
    PLAYERS,
    RUNNER,
    SHOT,
    SWING,
    TIME,
    TIME_TOLERANCE,
)

from .contact import play, scuff
from .judge import note_contact
from .read_flight import head_height, new_readings, run_up
from .release import release
from .strike import strike
from .technique import choose_technique

REBOUND_DEPTH = 0.3
"""Least distance from the goal line at which a stopped ball is put back into play, m."""
LOWEST = -1e9
"""Lower than any drawn weight."""


@kernel
def touch(world, p):
    """The strike when it is due, the release of a held ball, the rebound of a shot, or a contest of a free ball."""
    if world.phase <= SWING:
        if world.time >= world.delivery.strike_at - TIME_TOLERANCE:
            strike(world, p)
            if world.set_piece != CORNER_KICK:
                take_offside(world, CROSSER, p)
            new_readings(world, p)
    elif world.phase == HELD:
        if world.time >= world.phase_since + p.hold_time:
            release(world, p)
    elif world.phase == SHOT:
        if world.shot.time_left <= TIME_TOLERANCE:
            rebound(world, p)
    elif (world.phase == CROSS or (world.phase == LOOSE and p.second_balls_on != 0.0)) and somebody_plays(world, p):
        contest(world, p)
    if world.phase == LOOSE and p.second_balls_on == 0.0:
        end_cross(world, TIME)


@kernel
def rebound(world, p):
    """Parried, blocked, off the woodwork or sliced: the ball is loose; the player who stopped it must recover."""
    ball, shot = world.ball, world.shot
    ball.vx, ball.vy, ball.vz = shot.out_vx, shot.out_vy, shot.out_vz
    if shot.fate != FATE_MISHIT:
        ball.vx += p.rebound_spread * normal(world.seed, REBOUND_X, WORLD, shot.count)
        ball.vy += p.rebound_spread * normal(world.seed, REBOUND_Y, WORLD, shot.count)
        ball.x = min(ball.x, HALF_LENGTH - REBOUND_DEPTH)
        ball.touches += 1
    if shot.stopped_by != NOBODY:
        world.players[shot.stopped_by].locked = p.recover_time
        ball.last_touch = shot.stopped_by
    world.phase = LOOSE
    world.phase_since = world.time
    new_readings(world, p)


@kernel
def can_reach(world, i, p):
    """Whether the ball is within a player's reach: keeper's hands, head above shoulder height, feet below."""
    me, ball = world.players[i], world.ball
    if me.present == 0 or me.locked > 0.0:
        return False
    dx, dy = ball.x - me.x, ball.y - me.y
    reach = p.head_reach if ball.z > p.shoulder_height else p.foot_reach
    if i == KEEPER:
        reach = p.keeper_dive_reach if on_goal(ball, p) else p.keeper_reach
    if dx * dx + dy * dy > reach * reach:
        return False
    return ball.z <= (p.keeper_reach_height if i == KEEPER else head_height(me, p))


@kernel
def on_goal(ball, p):
    """Whether a ball near the goal will cross the line between the posts, so that the keeper dives for it."""
    ahead = HALF_LENGTH - ball.x
    if ahead > p.keeper_dive_distance or ball.vx <= 0.0:
        return False
    return abs(ball.y + ball.vy * ahead / ball.vx) < GOAL_HALF_WIDTH + p.keeper_goal_margin


@kernel
def somebody_plays(world, p):
    """Whether the ball is at its nearest to a player, in the keeper's hands, or within reach of both teams."""
    ball = world.ball
    if ball.z > p.keeper_reach_height:
        return False
    attack, defence, nearest = False, False, False
    for i in range(PLAYERS):
        if can_reach(world, i, p):
            me = world.players[i]
            if i < ATTACKERS:
                attack = True
            else:
                defence = True
            leaving = (ball.x - me.x) * (ball.vx - me.vx) + (ball.y - me.y) * (ball.vy - me.vy) >= 0.0
            nearest = nearest or leaving or i == KEEPER
    return nearest or (attack and defence)


@kernel
def contest_weight(world, i, p):
    """A player's weight in the contest: closeness, strength of the role at this height, run-up, place and jump."""
    me, ball = world.players[i], world.ball
    dx, dy = ball.x - me.x, ball.y - me.y
    weight = math.exp(-length(dx, dy) / p.contest_distance)
    if i == KEEPER:
        return weight * p.contest_keeper
    # In front: the ball comes to this player before it comes to one behind.
    vx, vy = unit(ball.vx, ball.vy)
    weight *= math.exp(p.contest_front * (dx * vx + dy * vy))
    if ball.z > p.shoulder_height:
        weight *= math.exp(p.contest_run_up * run_up(me, p) + p.contest_jump * (me.jump - p.head_reach_height))
        return weight * p.contest_defender_high if i >= ATTACKERS else weight
    return weight * p.contest_defender_low if i >= ATTACKERS else weight


@kernel
def contest(world, p):
    """Weigh all players in reach, credit the attackers' xG, draw the winner and let the winner play the ball."""
    seed = world.seed
    total = 0.0
    for i in range(PLAYERS):
        if can_reach(world, i, p):
            if world.players[i].offside != 0:
                # Challenging for the ball from an offside position is an offence, whoever wins it (Law 11.2).
                world.offender = i
                end_cross(world, OFFSIDE)
                return
            total += contest_weight(world, i, p)
    winner, best, winner_technique, winner_xg, winner_clean = NOBODY, LOWEST, NO_TECHNIQUE, 0.0, 1.0
    for i in range(PLAYERS):
        if not can_reach(world, i, p):
            continue
        me = world.players[i]
        weight = contest_weight(world, i, p)
        technique, xg, clean = NO_TECHNIQUE, 0.0, 1.0
        if i < ATTACKERS:
            technique, xg, clean = choose_technique(world, i, p)
            worth = weight / total * touch_chance(world, i, p) * clean * xg
            world.xg_now += worth
            if i == RUNNER:
                world.own_xg_now += worth
        # Gumbel noise of the player's n-th contest: each wins with probability weight / total.
        drawn = math.log(weight) - math.log(-math.log(uniform(seed, WINS_CONTEST, i, me.contests)))
        if drawn > best:
            best, winner = drawn, i
            winner_technique, winner_xg, winner_clean = technique, xg, clean
    chance = touch_chance(world, winner, p)
    nth = world.players[winner].contests
    for i in range(PLAYERS):
        if can_reach(world, i, p):
            world.players[i].contests += 1
            world.players[i].locked = p.recover_time if i != winner else p.winner_recover_time
    luck = uniform(seed, TOUCHES_BALL, winner, nth)
    if luck >= chance:
        world.players[winner].locked = p.recover_time
        # A defender's near miss still deflects the ball.
        if winner > KEEPER and luck < chance + p.deflection * (1.0 - chance):
            note_contact(world, winner, NO_TECHNIQUE, 0.0)
            scuff(world, winner, nth, False, p)
        return
    play(world, winner, nth, winner_technique, winner_xg, winner_clean, p)


@entry
def touch_chance(world, i, p):
    """P(touch | contest won): balls in the air are missed, and balls at the feet under pressure."""
    if i == KEEPER:
        return 1.0
    ball = world.ball
    # The faster a ball comes, the more often it is missed.
    fast = math.exp(-p.touch_fast * max(length(ball.vx, ball.vy) - p.touch_fast_from, 0.0))
    return fast * usual_touch_chance(world, i, p)


@kernel
def usual_touch_chance(world, i, p):
    """P(touch | contest won) of a ball that is not fast."""
    if i < ATTACKERS:
        if world.ball.z > p.knee_height:
            return p.touch_attacker
        gap = nearest_defender(world, world.players[i].x, world.players[i].y)
        space = 1.0 - math.exp(-max(gap - p.body_distance, 0.0))
        # A ball dropping to the feet or bouncing up is hardly easier than one in the air.
        rolls = math.exp(-p.touch_dropping * abs(world.ball.vz))
        return p.touch_attacker + (1.0 - p.touch_attacker) * space * rolls
    return p.touch_defender_high if world.ball.z > p.shoulder_height else p.touch_defender_low
