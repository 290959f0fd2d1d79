"""Finish: what a shot is worth, and the shot itself.

The worth of a shot is the mean outcome over one fixed low-discrepancy set of errors against the keeper and the bodies
in its way. The shot that is played is a member of that very set, drawn evenly, and its fate is the member's. So the
mean of goals equals the mean of xG by construction, not by calibration.
"""

import math

import numpy as np

from backpost.envs.world.ball import GRAVITY
from backpost.envs.world.chance import SHOT_MEMBER, uniform
from backpost.envs.world.compile import entry, kernel
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


def _shot_errors() -> np.ndarray:
    """Errors of the set, shape (64, 3): two standard normals (sideways, height), one uniform (the keeper's moment).

    An R3 sequence (Roberts 2018), made symmetric in its normals so that the set has mean zero.
    """
    from statistics import NormalDist

    g = 1.2207440846057596
    half = MEMBERS // 2
    points = (0.5 + np.outer(np.arange(1, half + 1), [1 / g, 1 / g**2, 1 / g**3])) % 1.0
    normals = np.vectorize(NormalDist().inv_cdf)(points[:, :2])
    return np.concatenate([np.column_stack([normals, points[:, 2]]), np.column_stack([-normals, 1.0 - points[:, 2]])])


ERRORS = _shot_errors()


@kernel
def nearest_opponent(world, x, y):
    """Metres from a place to the nearest outfield defender."""
    nearest = 99.0
    for j in range(ATTACKERS, PLAYERS):
        other = world.players[j]
        if other.present != 0 and j != KEEPER:
            dx, dy = other.x - x, other.y - y
            nearest = min(nearest, math.sqrt(dx * dx + dy * dy))
    return nearest


@kernel
def body_angle(me):
    """Angle between his facing and the direction to the goal, rad."""
    dx, dy = HALF_LENGTH - me.x, -me.y
    distance = math.sqrt(dx * dx + dy * dy) + 1e-9
    return math.acos(min(max((me.fx * dx + me.fy * dy) / distance, -1.0), 1.0))


@entry
def shot_error(world, i, technique, p):
    """Spread of the direction, rad: technique, height, falling and fast balls, pressure, facing, own speed (sd)."""
    me, ball = world.players[i], world.ball
    gap = nearest_opponent(world, me.x, me.y)
    error = p.header_error if technique == HEADER else p.foot_error
    error *= 1.0 + p.pressure_error * math.exp(-gap)
    error *= 1.0 + p.facing_on * p.facing_error * (1.0 - math.cos(body_angle(me)))
    own = math.sqrt(me.vx * me.vx + me.vy * me.vy)
    error *= 1.0 + p.running_error * own
    if technique == HEADER:
        high = max(ball.z - 1.9, 0.0)
        return error * (1.0 + p.header_height_error * high * high)
    if technique == CONTROL:
        return error * p.settled_error
    if technique == VOLLEY or technique == SIDE_FOOT:
        rx, ry = ball.vx - me.vx, ball.vy - me.vy
        fast = math.sqrt(rx * rx + ry * ry)
        error *= 1.0 + p.ball_speed_error * fast
        # The volley of a steeply falling ball is the hardest kick there is.
        error *= 1.0 + p.volley_height_error * max(ball.z - 0.3, 0.0) + p.falling_error * max(-ball.vz, 0.0)
    return error


@entry
def shot_aim(world, i, technique, p):
    """Where he aims: the larger opening beside the keeper, low. Returns speed, azimuth, distance and elevation."""
    me, ball = world.players[i], world.ball
    dx = max(HALF_LENGTH - ball.x, 0.3)
    aim_y = 0.0
    keeper = world.players[KEEPER]
    if keeper.present != 0:
        # The keeper's shadow on the goal line, seen from the ball.
        shadow = ball.y + (keeper.y - ball.y) * dx / max(keeper.x - ball.x, 0.3) if keeper.x > ball.x else 0.0
        aim_y = -0.66 * GOAL_HALF_WIDTH if shadow > 0.0 else 0.66 * GOAL_HALF_WIDTH
    dy = aim_y - ball.y
    distance = math.sqrt(dx * dx + dy * dy)
    towards = max((me.vx * dx + me.vy * dy) / distance, 0.0)
    speed = (p.header_speed if technique == HEADER else p.foot_speed) + 0.3 * towards
    elevation = (p.aim_height - ball.z) / distance + 0.5 * GRAVITY * distance / (speed * speed)
    return speed, math.atan2(dy, dx), elevation


@entry
def member_fate(world, i, member, speed, azimuth, elevation, error, p):
    """Play one member of the error set: its fate, when and by whom, its launch and what the keeper or body returns.

    Returns (fate, seconds, who stops it, vx, vy, vz, out_vx, out_vy, out_vz).
    """
    ball = world.ball
    side = azimuth + error * ERRORS[member, 0]
    rise = min(max(elevation + p.vertical_error * error * ERRORS[member, 1], -1.2), 1.2)
    flat = speed * math.cos(rise)
    vx, vy, vz = flat * math.cos(side), flat * math.sin(side), speed * math.sin(rise)
    touchline = (HALF_WIDTH - math.copysign(1.0, vy) * ball.y) / max(abs(vy), 1e-9)
    if vx < 0.5:
        # Sliced: no shot any more, but a ball that goes on.
        return FATE_MISHIT, 0.0, NOBODY, vx, vy, vz, vx, vy, vz
    seconds = max(HALF_LENGTH - ball.x, 0.05) / vx
    blocker, stopped = first_blocker(world, vx, vy, vz, seconds, p)
    if blocker != NOBODY:
        return FATE_BLOCKED, stopped, blocker, vx, vy, vz, -0.25 * vx, 0.25 * vy, 1.5
    y, z = ball.y + vy * seconds, flight_height(ball.z, vz, seconds)
    wide, high = abs(y) - GOAL_HALF_WIDTH, z - GOAL_HEIGHT
    if wide > 0.09 or high > 0.09:
        return FATE_WIDE, min(seconds, touchline), NOBODY, vx, vy, vz, 0.0, 0.0, 0.0
    if wide > -0.09 or high > -0.09:
        return FATE_WOODWORK, seconds, NOBODY, vx, vy, vz, -0.4 * vx, 0.4 * vy, 1.0
    margin, when, across = keeper_margin(world, vx, vy, vz, ERRORS[member, 2], p)
    if margin > 0.0:
        if margin > p.keeper_hold_margin:
            return FATE_HELD, when, KEEPER, vx, vy, vz, 0.0, 0.0, 0.0
        return FATE_PARRIED, when, KEEPER, vx, vy, vz, -p.parry_speed, math.copysign(p.parry_speed, across), 1.5
    return FATE_GOAL, seconds, NOBODY, vx, vy, vz, 0.0, 0.0, 0.0


@kernel
def flight_height(z, vz, seconds):
    """Height of a shot after so many seconds; it does not sink into the grass."""
    return max(z + vz * seconds - 0.5 * GRAVITY * seconds * seconds, 0.11)


@kernel
def first_blocker(world, vx, vy, vz, seconds, p):
    """The outfield defender whose body the shot hits first, NOBODY if it passes all; and after how many seconds."""
    ball = world.ball
    flat2 = vx * vx + vy * vy
    blocker, first = NOBODY, seconds
    for j in range(ATTACKERS, PLAYERS):
        other = world.players[j]
        if other.present == 0 or j == KEEPER or other.x < ball.x:
            continue
        dx, dy = other.x - ball.x, other.y - ball.y
        when = (dx * vx + dy * vy) / flat2
        if when < 0.02 or when >= first:
            continue
        side = abs(dx * vy - dy * vx) / math.sqrt(flat2)
        if side < p.block_half_width and flight_height(ball.z, vz, when) < 1.85:
            blocker, first = j, when
    return blocker, first


@kernel
def keeper_margin(world, vx, vy, vz, moment, p):
    """Metres by which the keeper reaches the shot (negative: he does not), when, and on which side."""
    keeper, ball = world.players[KEEPER], world.ball
    if keeper.present == 0 or keeper.x < ball.x - 0.3:
        return -9.0, 0.0, 1.0
    when = max(keeper.x - ball.x, 0.0) / vx
    across = ball.y + vy * when - keeper.y
    above = flight_height(ball.z, vz, when) - p.keeper_chest
    distance = math.sqrt(across * across + 0.6 * above * above)
    moving = max(when - keeper.reaction * (0.6 + 0.8 * moment), 0.0)
    reach = min(p.keeper_body + p.keeper_dive_speed * moving, p.keeper_full_reach)
    return reach - distance, when, across


@entry
def shot_value(world, i, technique, p):
    """P(goal) of this shot: the mean over the whole set."""
    speed, azimuth, elevation = shot_aim(world, i, technique, p)
    error = shot_error(world, i, technique, p)
    goals = 0
    for member in range(MEMBERS):
        fate, _, _, _, _, _, _, _, _ = member_fate(world, i, member, speed, azimuth, elevation, error, p)
        if fate == FATE_GOAL:
            goals += 1
    return goals / MEMBERS


@entry
def shoot(world, i, technique, p):
    """Play the shot: one member of the set, drawn evenly by the luck of the n-th shot."""
    shot, ball = world.shot, world.ball
    speed, azimuth, elevation = shot_aim(world, i, technique, p)
    error = shot_error(world, i, technique, p)
    member = min(int(uniform(world.seed, SHOT_MEMBER, 0, shot.count) * MEMBERS), MEMBERS - 1)
    fate, seconds, who, vx, vy, vz, ox, oy, oz = member_fate(world, i, member, speed, azimuth, elevation, error, p)
    shot.count += 1
    shot.by, shot.technique, shot.fate, shot.time_left, shot.stopped_by = i, technique, fate, seconds, who
    shot.out_vx, shot.out_vy, shot.out_vz = ox, oy, oz
    ball.vx, ball.vy, ball.vz = vx, vy, vz
    ball.wx = ball.wy = ball.wz = 0.0
    ball.owner = NOBODY
    # Whoever was noted at this very moment was noted for this shot.
    for note in (world.first_contact, world.first_shot, world.meeting, world.last_shot):
        if note.by == i and note.time == world.time:
            note.fate = fate
    world.phase = SHOT
    world.phase_since = world.time
