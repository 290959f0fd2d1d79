"""Release: what an attacker does with a controlled ball: shoot, lay off, or cross again."""

import math

from backpost.envs.world.ball import RADIUS
from backpost.envs.world.chance import between, normal, uniform
from backpost.envs.world.compile import kernel
from backpost.envs.world.draws import (
    LAY_OFF_ANGLE,
    LAY_OFF_SPEED,
    RECROSS_ANGLE,
    RECROSS_SPEED,
    RECROSS_X,
    RECROSS_Y,
    TACKLE,
)
from backpost.envs.world.geometry import TINY, length, nearest_defender
from backpost.envs.world.laws import end_cross, take_offside
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import ATTACKERS, CLEARED, CONTROL, LOOSE, NOBODY, RUNNER

from .finish import shoot, shot_value
from .judge import note_contact
from .read_flight import new_readings
from .strike import solve_launch

LOWEST = -1e9
"""Lower than the value of any pass."""


@kernel
def release(world, p):
    """Unless tackled: shoot if worthwhile, lay off to a free man near the goal, otherwise cross again."""
    ball = world.ball
    i = ball.owner
    me = world.players[i]
    gap = nearest_defender(world, me.x, me.y)
    tackled = p.tackle * math.exp(-max(gap - p.body_distance, 0.0))
    if uniform(world.seed, TACKLE, i, ball.touches) < tackled:
        end_cross(world, CLEARED)
        return
    near = length(HALF_LENGTH - me.x, -me.y) < p.shot_range
    xg = shot_value(world, i, CONTROL, p) if near else 0.0
    if xg > p.settled_shot_threshold:
        world.xg_now += xg
        if i == RUNNER:
            world.own_xg_now += xg
        note_contact(world, i, CONTROL, xg)
        ball.touches += 1
        me.locked = p.pass_recover_time
        take_offside(world, i, p)
        shoot(world, i, CONTROL, p)
        return
    ball.owner = NOBODY
    ball.touches += 1
    me.locked = p.pass_recover_time
    if abs(me.y) > p.recross_y or me.x < p.recross_x:
        cross_again(world, i, p)
    else:
        lay_off(world, i, p)
    take_offside(world, i, p)
    world.phase = LOOSE
    world.phase_since = world.time
    new_readings(world, p)


@kernel
def cross_again(world, i, p):
    """From wide: a second high cross, into the middle."""
    me, ball, seed, n = world.players[i], world.ball, world.seed, world.ball.touches
    x = p.recross_aim_x + p.recross_spread_x * normal(seed, RECROSS_X, i, n)
    y = -math.copysign(p.recross_aim_y, me.y) + p.recross_spread_y * normal(seed, RECROSS_Y, i, n)
    dx, dy = x - ball.x, y - ball.y
    distance, bearing = length(dx, dy) + TINY, math.atan2(dy, dx)
    speed, bearing, _ = solve_launch(distance, bearing, RADIUS, p.cross_height, p.high_elevation, 0.0, 0.0, p)
    speed *= 1.0 + p.speed_error * normal(seed, RECROSS_SPEED, i, n)
    bearing += p.azimuth_error * normal(seed, RECROSS_ANGLE, i, n)
    flat = speed * math.cos(p.high_elevation)
    ball.vx, ball.vy = flat * math.cos(bearing), flat * math.sin(bearing)
    ball.vz = speed * math.sin(p.high_elevation)


@kernel
def lay_off(world, i, p):
    """A ground pass to the most open team-mate near the goal."""
    ball, seed, n = world.ball, world.seed, world.ball.touches
    best, x, y = LOWEST, p.lay_off_x, 0.0
    for j in range(ATTACKERS):
        mate = world.players[j]
        if mate.present == 0 or j == i or mate.x > world.line_x:
            continue
        space = min(nearest_defender(world, mate.x, mate.y), p.lay_off_room)
        value = space - p.lay_off_distance * length(mate.x - p.lay_off_x, mate.y)
        if value > best:
            best, x, y = value, mate.x + p.lay_off_lead * mate.vx, mate.y + p.lay_off_lead * mate.vy
    bearing = math.atan2(y - ball.y, x - ball.x) + p.cutback_error * normal(seed, LAY_OFF_ANGLE, i, n)
    speed = between(seed, LAY_OFF_SPEED, i, n, p.lay_off_speed_low, p.lay_off_speed_high)
    ball.vx, ball.vy, ball.vz = speed * math.cos(bearing), speed * math.sin(bearing), 0.0
