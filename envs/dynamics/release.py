"""Release: what an attacker does with a ball that he controls: shoot, lay off, or cross again."""

import math

from backpost.envs.world.ball import RADIUS
from backpost.envs.world.chance import LOOSE_TOUCH, between, normal, uniform
from backpost.envs.world.compile import kernel
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import ATTACKERS, CLEARED, CONTROL, LOOSE, NOBODY, RUNNER

from .finish import nearest_opponent, shoot, shot_value
from .fly import finish_cross
from .judge import note_contact, take_offside
from .perceive import new_readings
from .strike import solve_launch


@kernel
def release(world, p):
    """Tackled, or: shoot if it is worth it, lay off to a free man near the goal, else cross again."""
    ball = world.ball
    i = ball.owner
    me = world.players[i]
    gap = nearest_opponent(world, me.x, me.y)
    if uniform(world.seed, LOOSE_TOUCH, i, 900 + ball.touches) < p.tackle * math.exp(-max(gap - 0.7, 0.0)):
        finish_cross(world, CLEARED)
        return
    dx, dy = HALF_LENGTH - me.x, -me.y
    xg = shot_value(world, i, CONTROL, p) if math.sqrt(dx * dx + dy * dy) < p.shot_range else 0.0
    if xg > p.settled_shot_threshold:
        world.xg_now += xg
        if i == RUNNER:
            world.own_xg_now += xg
        note_contact(world, i, CONTROL, xg)
        ball.touches += 1
        take_offside(world, i, p)
        shoot(world, i, CONTROL, p)
        return
    ball.owner = NOBODY
    ball.touches += 1
    me.locked = 0.5
    pass_on(world, i, p)
    take_offside(world, i, p)
    world.phase = LOOSE
    world.phase_since = world.time
    new_readings(world)


@kernel
def pass_on(world, i, p):
    """From wide: a second cross into the middle. Else a ground pass to the most open team-mate near the goal."""
    me, ball, seed = world.players[i], world.ball, world.seed
    n = ball.touches
    if abs(me.y) > 13.0 or me.x < 36.0:
        x, y = (
            46.0 + normal(seed, LOOSE_TOUCH, i, 800 + n),
            -math.copysign(2.0, me.y) + 2.0 * normal(seed, LOOSE_TOUCH, i, 820 + n),
        )
        dx, dy = x - ball.x, y - ball.y
        distance = math.sqrt(dx * dx + dy * dy) + 1e-9
        speed, bearing, _ = solve_launch(distance, math.atan2(dy, dx), RADIUS, 1.7, p.high_elevation, 0.0, 0.0)
        speed *= 1.0 + p.speed_error * normal(seed, LOOSE_TOUCH, i, 840 + n)
        bearing += p.azimuth_error * normal(seed, LOOSE_TOUCH, i, 860 + n)
        flat = speed * math.cos(p.high_elevation)
        ball.vx, ball.vy, ball.vz = (
            flat * math.cos(bearing),
            flat * math.sin(bearing),
            speed * math.sin(p.high_elevation),
        )
        return
    best, x, y = -1e9, 46.0, 0.0
    for j in range(ATTACKERS):
        mate = world.players[j]
        if mate.present == 0 or j == i or mate.x > world.line_x:
            continue
        dx, dy = mate.x - 46.0, mate.y
        value = min(nearest_opponent(world, mate.x, mate.y), 4.0) - 0.15 * math.sqrt(dx * dx + dy * dy)
        if value > best:
            best, x, y = value, mate.x + 0.5 * mate.vx, mate.y + 0.5 * mate.vy
    bearing = math.atan2(y - ball.y, x - ball.x) + p.cutback_error * normal(seed, LOOSE_TOUCH, i, 880 + n)
    speed = between(seed, LOOSE_TOUCH, i, 890 + n, 9.0, 13.0)
    ball.vx, ball.vy, ball.vz = speed * math.cos(bearing), speed * math.sin(bearing), 0.0
