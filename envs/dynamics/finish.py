"""Finish: the value of a shot, and the shot itself.

The value of a shot is its mean outcome over a fixed low-discrepancy set of errors, against the keeper and the bodies in
its way. The shot played is a member of the same set, drawn uniformly, and has that member's fate. Mean goals therefore
equal mean xG by construction, not by calibration.
"""

import math

import numpy as np

from backpost.envs.world.ball import GRAVITY, RADIUS
from backpost.envs.world.chance import WORLD, uniform
from backpost.envs.world.compile import entry, kernel
from backpost.envs.world.draws import MEMBER
from backpost.envs.world.geometry import TINY, body_angle, clip, length, nearest_defender
from backpost.envs.world.pitch import GOAL_HALF_WIDTH, GOAL_HEIGHT, HALF_LENGTH, HALF_WIDTH
from backpost.envs.world.record import (
    ATTACKERS,
    CONTROL,
    FATE_BLOCKED,
    FATE_GOAL,
    FATE_HELD,
    FATE_MISHIT,
    FATE_PARRIED,
    FATE_WIDE,
    FATE_WOODWORK,
    HEADER,
    KEEPER,
    NOBODY,
    PLAYERS,
    SHOT,
    SIDE_FOOT,
    VOLLEY,
)

MEMBERS = 64
"""Number of errors in the set."""
NEAREST_AIM = 0.3
"""Least distance to the goal line, and from ball to keeper, assumed when a shot is aimed, m."""
NEAREST_SHOT = 0.05
"""Least distance to the goal line assumed for the flight of a shot, m."""
STEEPEST = 1.2
"""Largest elevation up or down, rad."""
SOONEST_BLOCK = 0.02
"""Time after the shot, s, before which no body can block it: the shooter is already past it."""
NOT_REACHED = -9.0
"""The keeper's margin once the ball is past the keeper, m."""


def _shot_errors() -> np.ndarray:
    """The error set, shape (64, 3): two standard normals (sideways, height), one uniform (the keeper's timing).

    An R3 sequence (Roberts 2018), with symmetric normals so that the set has mean zero.
    """
    from statistics import NormalDist

    g = 1.2207440846057596
    half = MEMBERS // 2
    points = (0.5 + np.outer(np.arange(1, half + 1), [1 / g, 1 / g**2, 1 / g**3])) % 1.0
    normals = np.vectorize(NormalDist().inv_cdf)(points[:, :2])
    return np.concatenate([np.column_stack([normals, points[:, 2]]), np.column_stack([-normals, 1.0 - points[:, 2]])])


ERRORS = _shot_errors()


@entry
def shot_error(world, i, technique, p):
    """Spread of the direction, rad: technique, height, falling and fast balls, pressure, facing, own speed (sd)."""
    me, ball = world.players[i], world.ball
    gap = nearest_defender(world, me.x, me.y)
    error = p.header_error if technique == HEADER else p.foot_error
    # An opponent close by disturbs a header, whose body is in the air, more than a kick.
    pressure = p.header_pressure_error if technique == HEADER else p.foot_pressure_error
    error *= 1.0 + pressure * math.exp(-gap)
    error *= 1.0 + p.facing_on * p.facing_error * (1.0 - math.cos(body_angle(me)))
    error *= 1.0 + p.running_error * length(me.vx, me.vy)
    if technique == HEADER:
        high = max(ball.z - p.header_height_from, 0.0)
        return error * (1.0 + p.header_height_error * high * high)
    if technique == CONTROL:
        return error * p.settled_error
    if technique == VOLLEY or technique == SIDE_FOOT:
        error *= 1.0 + p.ball_speed_error * length(ball.vx - me.vx, ball.vy - me.vy)
        # Hardest are volleys, and half-volleys of a ball that drops or rises steeply.
        high = max(ball.z - p.volley_height_from, 0.0)
        error *= 1.0 + p.volley_height_error * high + p.falling_error * abs(ball.vz)
    return error


@entry
def shot_aim(world, i, technique, p):
    """Aim a shot low into the larger gap beside the keeper. Returns speed (m/s), azimuth and elevation."""
    me, ball = world.players[i], world.ball
    dx = max(HALF_LENGTH - ball.x, NEAREST_AIM)
    aim_y = 0.0
    keeper = world.players[KEEPER]
    if keeper.present != 0:
        # The keeper's shadow on the goal line, seen from the ball.
        away = max(keeper.x - ball.x, NEAREST_AIM)
        shadow = ball.y + (keeper.y - ball.y) * dx / away if keeper.x > ball.x else 0.0
        aim_y = -p.aim_side * GOAL_HALF_WIDTH if shadow > 0.0 else p.aim_side * GOAL_HALF_WIDTH
    dy = aim_y - ball.y
    distance = length(dx, dy)
    towards = max((me.vx * dx + me.vy * dy) / distance, 0.0)
    if technique == HEADER:
        speed = p.header_speed + p.header_own_speed * towards
    else:
        speed = p.foot_speed + p.own_speed_share * towards
    elevation = (p.aim_height - ball.z) / distance + 0.5 * GRAVITY * distance / (speed * speed)
    return speed, math.atan2(dy, dx), elevation


@entry
def member_launch(member, speed, azimuth, elevation, error, p):
    """Launch velocity vx, vy, vz (m/s) of this member of the error set."""
    side = azimuth + error * ERRORS[member, 0]
    rise = clip(elevation + p.vertical_error * error * ERRORS[member, 1], -STEEPEST, STEEPEST)
    flat = speed * math.cos(rise)
    return flat * math.cos(side), flat * math.sin(side), speed * math.sin(rise)


@entry
def member_fate(world, technique, member, vx, vy, vz, p):
    """Outcome of a member of the error set with this launch.

    Returns its fate, the time until then in seconds, and the player who parries, holds or blocks it (NOBODY for none).
    """
    ball = world.ball
    if vx < p.sliced_speed:
        # Sliced: no longer a shot, but a loose ball.
        return FATE_MISHIT, 0.0, NOBODY
    seconds = max(HALF_LENGTH - ball.x, NEAREST_SHOT) / vx
    blocker, stopped = first_blocker(world, technique, vx, vy, vz, seconds, p)
    if blocker != NOBODY:
        return FATE_BLOCKED, stopped, blocker
    y, z = ball.y + vy * seconds, flight_height(ball.z, vz, seconds)
    wide, high = abs(y) - GOAL_HALF_WIDTH, z - GOAL_HEIGHT
    if wide > p.woodwork or high > p.woodwork:
        touchline = (HALF_WIDTH - math.copysign(1.0, vy) * ball.y) / max(abs(vy), TINY)
        return FATE_WIDE, min(seconds, touchline), NOBODY
    if wide > -p.woodwork or high > -p.woodwork:
        return FATE_WOODWORK, seconds, NOBODY
    margin, when = keeper_margin(world, vx, vy, vz, ERRORS[member, 2], p)
    if margin > p.keeper_hold_margin:
        return FATE_HELD, when, KEEPER
    if margin > 0.0:
        return FATE_PARRIED, when, KEEPER
    return FATE_GOAL, seconds, NOBODY


@kernel
def rebound_velocity(world, fate, vx, vy, vz, p):
    """Velocity of the ball after a fate that leaves it in play; zero otherwise."""
    if fate == FATE_MISHIT:
        return vx, vy, vz
    if fate == FATE_BLOCKED:
        return -p.shot_block_bounce * vx, p.shot_block_bounce * vy, p.shot_block_rise
    if fate == FATE_WOODWORK:
        return -p.woodwork_bounce * vx, p.woodwork_bounce * vy, p.woodwork_rise
    if fate == FATE_PARRIED:
        _, across = keeper_meets(world, vx, vy)
        return -p.parry_speed, math.copysign(p.parry_speed, across), p.parry_rise
    return 0.0, 0.0, 0.0


@kernel
def flight_height(z, vz, seconds):
    """Height of a shot after this time, never below the grass."""
    return max(z + vz * seconds - 0.5 * GRAVITY * seconds * seconds, RADIUS)


@kernel
def first_blocker(world, technique, vx, vy, vz, seconds, p):
    """The outfield defender whose body the shot hits first, NOBODY for none, and the time in seconds."""
    ball = world.ball
    # Bodies jump with a header.
    top = p.header_block_height if technique == HEADER else p.shot_block_height
    flat2 = vx * vx + vy * vy
    blocker, first = NOBODY, seconds
    for j in range(ATTACKERS, PLAYERS):
        other = world.players[j]
        if other.present == 0 or j == KEEPER or other.x < ball.x:
            continue
        dx, dy = other.x - ball.x, other.y - ball.y
        when = (dx * vx + dy * vy) / flat2
        if when < SOONEST_BLOCK or when >= first:
            continue
        side = abs(dx * vy - dy * vx) / math.sqrt(flat2)
        if side < p.block_half_width and flight_height(ball.z, vz, when) < top:
            blocker, first = j, when
    return blocker, first


@kernel
def keeper_meets(world, vx, vy):
    """When a shot is level with the keeper (s), and its lateral distance then (m, positive to the far side)."""
    keeper, ball = world.players[KEEPER], world.ball
    when = max(keeper.x - ball.x, 0.0) / vx
    return when, ball.y + vy * when - keeper.y


@kernel
def keeper_margin(world, vx, vy, vz, moment, p):
    """Margin in metres by which the keeper reaches the shot (negative: out of reach), and the time."""
    keeper, ball = world.players[KEEPER], world.ball
    if keeper.present == 0 or keeper.x < ball.x - p.keeper_beaten:
        return NOT_REACHED, 0.0
    when, across = keeper_meets(world, vx, vy)
    # A keeper who is still moving across is not set, and reacts later.
    late = 1.0 + p.keeper_unset * length(keeper.vx, keeper.vy)
    reaction = late * keeper.reaction * (p.keeper_reaction_least + p.keeper_reaction_range * moment)
    moving = max(when - reaction, 0.0)
    dive = min(moving, (p.keeper_full_reach - p.keeper_body) / p.keeper_dive_speed)
    # With more time than the longest dive takes, the keeper first moves across.
    left = max(abs(across) - p.keeper_shot_pace * keeper.top_speed * (moving - dive), 0.0)
    above = flight_height(ball.z, vz, when) - p.keeper_chest
    distance = math.sqrt(left * left + p.keeper_height_weight * above * above)
    return p.keeper_body + p.keeper_dive_speed * dive - distance, when


@entry
def shot_value(world, i, technique, p):
    """P(goal) of this shot: the mean over the whole set."""
    speed, azimuth, elevation = shot_aim(world, i, technique, p)
    error = shot_error(world, i, technique, p)
    goals = 0
    for member in range(MEMBERS):
        vx, vy, vz = member_launch(member, speed, azimuth, elevation, error, p)
        fate, _, _ = member_fate(world, technique, member, vx, vy, vz, p)
        if fate == FATE_GOAL:
            goals += 1
    return goals / MEMBERS


@entry
def shoot(world, i, technique, p):
    """Play the shot: one member of the set, drawn uniformly with the luck of the n-th shot."""
    shot, ball = world.shot, world.ball
    speed, azimuth, elevation = shot_aim(world, i, technique, p)
    error = shot_error(world, i, technique, p)
    member = min(int(uniform(world.seed, MEMBER, WORLD, shot.count) * MEMBERS), MEMBERS - 1)
    vx, vy, vz = member_launch(member, speed, azimuth, elevation, error, p)
    fate, seconds, who = member_fate(world, technique, member, vx, vy, vz, p)
    shot.count += 1
    shot.by, shot.technique, shot.fate, shot.time_left, shot.stopped_by = i, technique, fate, seconds, who
    shot.out_vx, shot.out_vy, shot.out_vz = rebound_velocity(world, fate, vx, vy, vz, p)
    ball.vx, ball.vy, ball.vz = vx, vy, vz
    ball.wx = ball.wy = ball.wz = 0.0
    ball.owner = NOBODY
    # A contact noted at exactly this time was noted for this shot.
    for note in (world.first_contact, world.first_shot, world.meeting, world.last_shot):
        if note.by == i and note.time == world.time:
            note.fate = fate
    world.phase = SHOT
    world.phase_since = world.time
