"""Technique: how an attacker plays a ball within reach, by expected value."""

import math

from backpost.envs.world.compile import kernel
from backpost.envs.world.geometry import clip, cosine, length, nearest_defender
from backpost.envs.world.pitch import GOAL_HALF_WIDTH, HALF_LENGTH
from backpost.envs.world.record import CONTROL, CROSSER, FLICK, HEADER, LEAVE, SIDE_FOOT, VOLLEY

from .finish import shot_value


@kernel
def choose_technique(world, i, p):
    """The technique with the highest expected value: (technique, P(goal) if it is a shot, P(clean contact))."""
    me, ball = world.players[i], world.ball
    gap = nearest_defender(world, me.x, me.y)
    shot = HEADER if ball.z > p.shoulder_height else VOLLEY if ball.z > p.knee_height else SIDE_FOOT
    distance = length(HALF_LENGTH - ball.x, ball.y)
    clean = clean_chance(me, ball, shot, gap, p)
    xg = 0.0
    if distance < p.shot_range and i != CROSSER:
        xg = shot_value(world, i, shot, p)
    worth = clean * xg
    technique = shot if worth > p.shot_threshold else LEAVE
    if shot != HEADER:
        settle = control_chance(me, ball, gap, p)
        counted_on = distance < p.shot_range and gap > p.control_room
        settled = shot_value(world, i, CONTROL, p) if counted_on else p.shot_threshold
        if settle * p.control_worth * settled > worth or technique == LEAVE:
            return CONTROL, 0.0, settle
    elif technique == LEAVE or (flick_worth(ball, p) > worth and ball.x > p.flick_x):
        return FLICK, 0.0, clean
    return technique, xg, clean


@kernel
def flick_worth(ball, p):
    """Worth of a flick-on, in xG: on to the far side, or from beyond the far post back across the goal."""
    return p.flick_value if ball.y < GOAL_HALF_WIDTH else p.flick_back_value


@kernel
def clean_chance(me, ball, shot, gap, p):
    """P(the ball is hit cleanly by a player whose nearest defender is `gap` m away)."""
    clean = p.clean - p.clean_pressure * math.exp(-gap) - p.clean_blind * blindness(me, ball, p)
    if shot == HEADER:
        clean -= p.clean_height * max(ball.z - p.clean_height_from, 0.0)
    else:
        speed = length(ball.vx - me.vx, ball.vy - me.vy)
        clean += p.clean_foot - p.clean_speed * speed - p.clean_volley * max(ball.z - p.knee_height, 0.0)
    return clip(clean, p.clean_least, p.clean_most)


@kernel
def control_chance(me, ball, gap, p):
    """P(the ball is dead at a player's feet): slow, low balls far from defenders."""
    speed = length(ball.vx - me.vx, ball.vy - me.vy)
    chance = p.control - p.control_speed * speed - p.control_pressure * math.exp(-gap)
    chance -= p.clean_blind * blindness(me, ball, p)
    return clip(chance - p.control_height * max(ball.z - p.control_height_from, 0.0), p.control_least, p.control_most)


@kernel
def blindness(me, ball, p):
    """0 for a player facing the incoming ball, rising to 1 with the back to it."""
    towards = -cosine(me.fx, me.fy, ball.vx, ball.vy)
    return p.facing_on * 0.5 * (1.0 - towards)
