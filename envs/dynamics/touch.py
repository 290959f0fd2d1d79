"""Touch: who gets to the ball, and what he does with it, by one rule for everybody.

Whoever has the ball within reach when it is nearest to him, or when an opponent has it too, contests it. The winner
is drawn by closeness; an attacker then takes the technique with the highest expected value, a defender clears, a
keeper claims or punches. A contact of an attacker is worth P(win) P(clean) xG, whoever wins it in the end.
"""

import math

from backpost.envs.world.chance import (
    CLEAN_TOUCH,
    CONTEST,
    KEEPER_HANDS,
    LOOSE_TOUCH,
    REBOUND,
    between,
    normal,
    uniform,
)
from backpost.envs.world.compile import entry, kernel
from backpost.envs.world.pitch import GOAL_HALF_WIDTH, HALF_LENGTH
from backpost.envs.world.record import (
    ATTACKERS,
    CLAIMED,
    CLEARED,
    CONTROL,
    CORNER_KICK,
    CROSS,
    CROSSER,
    FATE_MISHIT,
    FLICK,
    HEADER,
    HELD,
    KEEPER,
    LEAVE,
    LOOSE,
    NO_TECHNIQUE,
    NOBODY,
    OFFSIDE,
    PLAYERS,
    RUNNER,
    SHOT,
    SIDE_FOOT,
    SWING,
    TIME,
    VOLLEY,
)

from .finish import body_angle, nearest_opponent, shoot, shot_value
from .fly import finish_cross
from .judge import note_contact, take_offside
from .move import BODY_DISTANCE
from .perceive import new_readings
from .release import release
from .strike import strike

KNEE = 0.5
"""Below this height a ball is at the feet, m."""
SHOULDER = 1.45
"""Above this height a ball is headed, m."""
DIVE_DISTANCE = 6.0
"""m from the goal line within which a keeper dives for a ball that is not a shot."""
HOLD_TIME = 0.6
"""From a controlled ball to the shot, s."""


@kernel
def touch(world, p):
    """The strike when it is due, the release of a held ball, the rebound of a shot, or a contest of a free ball."""
    if world.phase <= SWING:
        if world.time >= world.delivery.strike_at - 1e-9:
            strike(world, p)
            if world.set_piece != CORNER_KICK:
                take_offside(world, CROSSER, p)
            new_readings(world)
    elif world.phase == HELD:
        if world.time >= world.phase_since + HOLD_TIME:
            release(world, p)
    elif world.phase == SHOT:
        if world.shot.time_left <= 1e-9:
            rebound(world, p)
    elif (world.phase == CROSS or (world.phase == LOOSE and p.second_balls_on != 0.0)) and somebody_plays(world, p):
        contest(world, p)
    if world.phase == LOOSE and p.second_balls_on == 0.0:
        finish_cross(world, TIME)


@kernel
def rebound(world, p):
    """Parried, blocked, off the woodwork or sliced: the ball is loose, and who stopped it must get up again first."""
    ball, shot = world.ball, world.shot
    ball.vx, ball.vy, ball.vz = shot.out_vx, shot.out_vy, shot.out_vz
    if shot.fate != FATE_MISHIT:
        ball.vx += 1.5 * normal(world.seed, REBOUND, 0, shot.count)
        ball.vy += 1.5 * normal(world.seed, REBOUND, 1, shot.count)
        ball.x = min(ball.x, HALF_LENGTH - 0.3)
        ball.touches += 1
    if shot.stopped_by != NOBODY:
        world.players[shot.stopped_by].locked = p.recover_time
        ball.last_touch = shot.stopped_by
    world.phase = LOOSE
    world.phase_since = world.time
    new_readings(world)


@kernel
def can_reach(world, i, p):
    """True if the ball is within his reach now: hands for the keeper, head above the shoulder, feet below."""
    me, ball = world.players[i], world.ball
    if me.present == 0 or me.locked > 0.0:
        return False
    dx, dy = ball.x - me.x, ball.y - me.y
    reach = p.head_reach if ball.z > SHOULDER else p.foot_reach
    height = p.head_reach_height
    if i == KEEPER:
        reach, height = p.keeper_dive_reach if on_goal(ball) else p.keeper_reach, p.keeper_reach_height
    return ball.z <= height and dx * dx + dy * dy <= reach * reach


@kernel
def on_goal(ball):
    """True for a ball near the goal that will cross the line between the posts: the keeper dives for it."""
    ahead = HALF_LENGTH - ball.x
    if ahead > DIVE_DISTANCE or ball.vx <= 0.0:
        return False
    return abs(ball.y + ball.vy * ahead / ball.vx) < GOAL_HALF_WIDTH + 0.3


@kernel
def somebody_plays(world, p):
    """True when a player has the ball at its nearest, a keeper in his hands, or both teams have it within reach."""
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
    """His weight in the contest: closeness, strength of his role, the height that he still has in hand."""
    me, ball = world.players[i], world.ball
    dx, dy = ball.x - me.x, ball.y - me.y
    weight = math.exp(-math.sqrt(dx * dx + dy * dy) / p.contest_distance)
    if i == KEEPER:
        return weight * p.contest_keeper
    if i >= ATTACKERS:
        return weight * (p.contest_defender_high if ball.z > SHOULDER else p.contest_defender_low)
    return weight


@kernel
def contest(world, p):
    """Weigh everybody in reach, pay the attackers' chances, draw the winner and let him play."""
    seed = world.seed
    total = 0.0
    for i in range(PLAYERS):
        if can_reach(world, i, p):
            if world.players[i].offside != 0:
                # To challenge for the ball is an offence, whoever would win it (Law 11.2).
                world.offender = i
                finish_cross(world, OFFSIDE)
                return
            total += contest_weight(world, i, p)
    winner, best, winner_technique, winner_xg, winner_clean = NOBODY, -1e9, NO_TECHNIQUE, 0.0, 1.0
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
        # Gumbel noise of his own n-th contest: the winner has probability weight / total.
        drawn = math.log(weight) - math.log(-math.log(uniform(seed, CONTEST, i, me.contests)))
        if drawn > best:
            best, winner = drawn, i
            winner_technique, winner_xg, winner_clean = technique, xg, clean
    chance = touch_chance(world, winner, p)
    nth = world.players[winner].contests
    for i in range(PLAYERS):
        if can_reach(world, i, p):
            world.players[i].contests += 1
            world.players[i].locked = p.recover_time if i != winner else 0.25
    luck = uniform(seed, CLEAN_TOUCH, winner, 2 * nth)
    if luck >= chance:
        world.players[winner].locked = p.recover_time
        # The best of the missed touches of a defender still turn the ball aside.
        if winner > KEEPER and luck < chance + p.deflection * (1.0 - chance):
            note_contact(world, winner, NO_TECHNIQUE, 0.0)
            scuff(world, winner, nth, False, p)
        return
    play(world, winner, nth, winner_technique, winner_xg, winner_clean, p)


@entry
def touch_chance(world, i, p):
    """P(he gets a touch | he wins the contest): balls in the air are missed, and those at the feet under pressure."""
    if i == KEEPER:
        return 1.0
    if i < ATTACKERS:
        if world.ball.z > KNEE:
            return p.touch_attacker
        gap = nearest_opponent(world, world.players[i].x, world.players[i].y)
        room = 1.0 - math.exp(-max(gap - BODY_DISTANCE, 0.0))
        # A ball that drops to the feet, or jumps up from the grass, is hardly surer than one in the air.
        rolls = math.exp(-p.touch_dropping * abs(world.ball.vz))
        return p.touch_attacker + (1.0 - p.touch_attacker) * room * rolls
    return p.touch_defender_high if world.ball.z > SHOULDER else p.touch_defender_low


@kernel
def play(world, i, nth, technique, xg, clean, p):
    """The winner plays the ball."""
    world.ball.owner = NOBODY
    if i == KEEPER:
        note_contact(world, i, NO_TECHNIQUE, 0.0)
        keeper_plays(world, nth, p)
    elif i >= ATTACKERS:
        note_contact(world, i, HEADER if world.ball.z > SHOULDER else SIDE_FOOT, 0.0)
        defender_plays(world, i, nth, p)
    else:
        attacker_plays(world, i, nth, technique, xg, clean, p)


@kernel
def touched(world, i, meant, p):
    """The ball has a new last touch, meant or not; it is loose and everybody reads it anew."""
    world.ball.last_touch = i
    world.ball.touches += 1
    world.phase = LOOSE
    world.phase_since = world.time
    new_readings(world)
    if i < ATTACKERS:
        take_offside(world, i, p)
    elif meant:
        # A deliberate play of the defence ends every offside position, a save or a deflection does not (Law 11.2).
        for j in range(ATTACKERS):
            world.players[j].offside = 0


@kernel
def choose_technique(world, i, p):
    """The technique with the highest expected value: (technique, P(goal) if it is a shot, P(clean contact))."""
    me, ball = world.players[i], world.ball
    gap = nearest_opponent(world, me.x, me.y)
    shot = HEADER if ball.z > SHOULDER else VOLLEY if ball.z > KNEE else SIDE_FOOT
    dx, dy = HALF_LENGTH - ball.x, ball.y
    distance = math.sqrt(dx * dx + dy * dy)
    clean = p.clean - p.clean_pressure * math.exp(-gap) - p.clean_blind * blindness(me, ball, p)
    if shot == HEADER:
        clean -= p.clean_height * max(ball.z - 2.0, 0.0)
    else:
        rx, ry = ball.vx - me.vx, ball.vy - me.vy
        clean += p.clean_foot - p.clean_speed * math.sqrt(rx * rx + ry * ry) - p.clean_volley * max(ball.z - KNEE, 0.0)
    clean = min(max(clean, 0.05), 0.98)
    xg = 0.0
    if distance < p.shot_range and i != CROSSER:
        xg = shot_value(world, i, shot, p)
    worth = clean * xg
    technique = shot if worth > p.shot_threshold else LEAVE
    if shot != HEADER:
        settle = control_chance(world, i, gap, p)
        settled = shot_value(world, i, CONTROL, p) if distance < p.shot_range and gap > 1.5 else p.shot_threshold
        if settle * 0.8 * settled > worth or technique == LEAVE:
            return CONTROL, 0.0, settle
    elif technique == LEAVE or (p.flick_value > worth and ball.x > 38.0):
        return FLICK, 0.0, clean
    return technique, xg, clean


@kernel
def blindness(me, ball, p):
    """0 while he faces the coming ball, rising to 1 with his back to it."""
    speed = math.sqrt(ball.vx * ball.vx + ball.vy * ball.vy) + 1e-9
    towards = -(me.fx * ball.vx + me.fy * ball.vy) / speed
    return p.facing_on * 0.5 * (1.0 - towards)


@kernel
def control_chance(world, i, gap, p):
    """P(the ball is dead at his feet): slow, low balls far from opponents."""
    me, ball = world.players[i], world.ball
    rx, ry = ball.vx - me.vx, ball.vy - me.vy
    chance = p.control - p.control_speed * math.sqrt(rx * rx + ry * ry) - p.control_pressure * math.exp(-gap)
    chance -= p.clean_blind * blindness(me, ball, p)
    return min(max(chance - 0.2 * max(ball.z - 0.3, 0.0), 0.05), 0.97)


@kernel
def attacker_plays(world, i, nth, technique, xg, clean, p):
    """An attacker shoots, flicks on, controls, or scuffs it."""
    ball = world.ball
    if uniform(world.seed, CLEAN_TOUCH, i, 2 * nth + 1) >= clean:
        note_contact(world, i, NO_TECHNIQUE, 0.0)
        scuff(world, i, nth, True, p)
        return
    if technique == CONTROL:
        note_contact(world, i, CONTROL, 0.0)
        touched(world, i, True, p)
        ball.owner = i
        ball.wx = ball.wy = ball.wz = 0.0
        world.phase = HELD
    elif technique == FLICK:
        note_contact(world, i, FLICK, 0.0)
        flick(world, i, nth, p)
    else:
        note_contact(world, i, technique, xg)
        touched(world, i, True, p)
        shoot(world, i, technique, p)


@kernel
def send(world, i, angle, speed, rise, meant, p):
    """The ball leaves in this direction: angle from +x, horizontal and vertical speed; meant so or not."""
    ball = world.ball
    ball.vx, ball.vy, ball.vz = speed * math.cos(angle), speed * math.sin(angle), rise
    ball.wx = ball.wy = ball.wz = 0.0
    touched(world, i, meant, p)


@kernel
def scuff(world, i, nth, meant, p):
    """Half hit or deflected: the ball goes on somewhere, slower."""
    ball, seed = world.ball, world.seed
    angle = math.atan2(ball.vy, ball.vx) + 0.9 * normal(seed, LOOSE_TOUCH, i, 4 * nth + 1)
    speed = math.sqrt(ball.vx * ball.vx + ball.vy * ball.vy)
    speed *= between(seed, LOOSE_TOUCH, i, 8 * nth + 4, 0.25, 0.8)
    send(world, i, angle, speed, between(seed, LOOSE_TOUCH, i, 8 * nth + 5, -2.0, 4.0), meant, p)


@kernel
def flick(world, i, nth, p):
    """A header on to the far side; from beyond the far post back across the goal."""
    ball, seed = world.ball, world.seed
    aim_y = 5.0 if ball.y < GOAL_HALF_WIDTH else 0.0
    angle = math.atan2(aim_y - ball.y, 48.5 - ball.x) + 0.35 * normal(seed, LOOSE_TOUCH, i, 4 * nth + 1)
    speed = between(seed, LOOSE_TOUCH, i, 8 * nth + 4, 7.0, 12.0)
    send(world, i, angle, speed, between(seed, LOOSE_TOUCH, i, 8 * nth + 5, 0.0, 3.5), True, p)


@kernel
def defender_plays(world, i, nth, p):
    """A defender with time keeps the ball, which ends the cross; else he clears: high and wide if he can."""
    me, ball, seed = world.players[i], world.ball, world.seed
    speed = math.sqrt(ball.vx * ball.vx + ball.vy * ball.vy)
    free = 99.0
    for j in range(ATTACKERS):
        other = world.players[j]
        if other.present != 0:
            dx, dy = other.x - me.x, other.y - me.y
            free = min(free, math.sqrt(dx * dx + dy * dy))
    if ball.z < SHOULDER and speed < p.keep_speed and free > p.keep_gap:
        touched(world, i, True, p)
        finish_cross(world, CLEARED)
        return
    # Outwards on the side where he is; the worse he faces that way, the wilder.
    angle = math.atan2(0.9 * me.y if abs(me.y) > 3.0 else 0.4 * me.y + 3.0 * me.fy, -12.0)
    wild = p.clear_error * (1.0 + 0.5 * (1.0 + math.cos(body_angle(me))))
    angle += wild * normal(seed, LOOSE_TOUCH, i, 4 * nth + 1)
    power = between(seed, LOOSE_TOUCH, i, 8 * nth + 4, p.clear_speed_low, p.clear_speed_high)
    send(world, i, angle, power, between(seed, LOOSE_TOUCH, i, 8 * nth + 5, 2.0, 8.0), True, p)


@kernel
def keeper_plays(world, nth, p):
    """The keeper catches, which ends the cross, or punches under pressure."""
    keeper, seed = world.players[KEEPER], world.seed
    crowd = 0.0
    for j in range(PLAYERS):
        other = world.players[j]
        if other.present != 0 and j != KEEPER:
            dx, dy = other.x - keeper.x, other.y - keeper.y
            crowd += math.exp(-(dx * dx + dy * dy))
    if uniform(seed, KEEPER_HANDS, 0, nth) < p.keeper_catch - p.keeper_catch_pressure * min(crowd, 1.5):
        touched(world, KEEPER, False, p)
        finish_cross(world, CLAIMED)
        return
    angle = math.atan2(keeper.y, -12.0) + 0.5 * normal(seed, LOOSE_TOUCH, KEEPER, 4 * nth + 1)
    send(world, KEEPER, angle, between(seed, LOOSE_TOUCH, KEEPER, 8 * nth + 4, 8.0, 14.0), 5.0, False, p)
