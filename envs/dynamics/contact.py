"""Contact: how the winner of a contest plays the ball: shot, flick, control, clearance, catch, punch or scuff."""

import math

from backpost.envs.world.chance import WORLD, between, normal, uniform
from backpost.envs.world.compile import kernel
from backpost.envs.world.draws import CATCH, CONTACT_CLEAN, LOOSE_ANGLE, LOOSE_RISE, LOOSE_SPEED
from backpost.envs.world.geometry import body_angle, length, nearest_attacker
from backpost.envs.world.laws import end_cross, take_offside
from backpost.envs.world.pitch import GOAL_HALF_WIDTH
from backpost.envs.world.record import (
    ATTACKERS,
    CLAIMED,
    CLEARED,
    CONTROL,
    FLICK,
    HEADER,
    HELD,
    KEEPER,
    LOOSE,
    NO_TECHNIQUE,
    NOBODY,
    PLAYERS,
    SIDE_FOOT,
)

from .finish import shoot
from .judge import note_contact
from .read_flight import new_readings


@kernel
def play(world, i, nth, technique, xg, clean, p):
    """Player i, the winner of the player's `nth` contest, plays the ball."""
    if p.first_ball_played_on == 0.0 and world.first_contact.by == NOBODY:
        # What the player is about to do is noted, and everything else is left as it is.
        note_contact(world, i, technique, xg)
        end_cross(world, CLEARED)
        return
    world.ball.owner = NOBODY
    if i == KEEPER:
        note_contact(world, i, NO_TECHNIQUE, 0.0)
        keeper_plays(world, nth, p)
    elif i >= ATTACKERS:
        note_contact(world, i, HEADER if world.ball.z > p.shoulder_height else SIDE_FOOT, 0.0)
        defender_plays(world, i, nth, p)
    else:
        attacker_plays(world, i, nth, technique, xg, clean, p)


@kernel
def attacker_plays(world, i, nth, technique, xg, clean, p):
    """An attacker shoots, flicks on, controls or scuffs the ball."""
    ball = world.ball
    if uniform(world.seed, CONTACT_CLEAN, i, nth) >= clean:
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
def defender_plays(world, i, nth, p):
    """A defender with time keeps the ball, which ends the cross; otherwise clears it, high and wide if possible."""
    me, ball, seed = world.players[i], world.ball, world.seed
    speed = length(ball.vx, ball.vy)
    free = nearest_attacker(world, me.x, me.y)
    if ball.z < p.shoulder_height and speed < p.keep_speed and free > p.keep_gap:
        touched(world, i, True, p)
        end_cross(world, CLEARED)
        return
    # Outwards to the defender's own side; the less the defender faces that way, the wilder.
    if abs(me.y) > p.clear_centre:
        outwards = p.clear_outwards * me.y
    else:
        outwards = p.clear_outwards_centre * me.y + p.clear_facing * me.fy
    angle = math.atan2(outwards, -p.clear_upfield)
    wild = p.clear_error * (1.0 + 0.5 * (1.0 + math.cos(body_angle(me))))
    angle += wild * normal(seed, LOOSE_ANGLE, i, nth)
    power = between(seed, LOOSE_SPEED, i, nth, p.clear_speed_low, p.clear_speed_high)
    send(world, i, angle, power, between(seed, LOOSE_RISE, i, nth, p.clear_rise_low, p.clear_rise_high), True, p)


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
    catch = p.keeper_catch - p.keeper_catch_pressure * min(crowd, p.keeper_crowd_most)
    if uniform(seed, CATCH, WORLD, nth) < catch:
        touched(world, KEEPER, False, p)
        end_cross(world, CLAIMED)
        return
    angle = math.atan2(keeper.y, -p.punch_upfield) + p.punch_error * normal(seed, LOOSE_ANGLE, KEEPER, nth)
    speed = between(seed, LOOSE_SPEED, KEEPER, nth, p.punch_speed_low, p.punch_speed_high)
    send(world, KEEPER, angle, speed, p.punch_rise, False, p)


@kernel
def scuff(world, i, nth, meant, p):
    """Mishit or deflected: the ball continues in a random direction, slower."""
    ball, seed = world.ball, world.seed
    angle = math.atan2(ball.vy, ball.vx) + p.scuff_error * normal(seed, LOOSE_ANGLE, i, nth)
    speed = length(ball.vx, ball.vy)
    speed *= between(seed, LOOSE_SPEED, i, nth, p.scuff_speed_low, p.scuff_speed_high)
    send(world, i, angle, speed, between(seed, LOOSE_RISE, i, nth, p.scuff_rise_low, p.scuff_rise_high), meant, p)


@kernel
def flick(world, i, nth, p):
    """A flick-on to the far side; from beyond the far post, back across the goal."""
    ball, seed = world.ball, world.seed
    aim_y = p.flick_aim_y if ball.y < GOAL_HALF_WIDTH else 0.0
    angle = math.atan2(aim_y - ball.y, p.flick_aim_x - ball.x) + p.flick_error * normal(seed, LOOSE_ANGLE, i, nth)
    speed = between(seed, LOOSE_SPEED, i, nth, p.flick_speed_low, p.flick_speed_high)
    send(world, i, angle, speed, between(seed, LOOSE_RISE, i, nth, p.flick_rise_low, p.flick_rise_high), True, p)


@kernel
def send(world, i, angle, speed, rise, meant, p):
    """Send the ball off: angle from +x, horizontal and vertical speed; deliberately or not."""
    ball = world.ball
    ball.vx, ball.vy, ball.vz = speed * math.cos(angle), speed * math.sin(angle), rise
    ball.wx = ball.wy = ball.wz = 0.0
    touched(world, i, meant, p)


@kernel
def touched(world, i, meant, p):
    """Record a new last touch, deliberate or not; the ball is loose and all players read its flight again."""
    world.ball.last_touch = i
    world.ball.touches += 1
    world.phase = LOOSE
    world.phase_since = world.time
    new_readings(world, p)
    if i < ATTACKERS:
        take_offside(world, i, p)
    elif meant:
        # A deliberate play by a defender resets offside; a save or a deflection does not (Law 11.2).
        for j in range(ATTACKERS):
            world.players[j].offside = 0
