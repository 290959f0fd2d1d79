"""Fly: the ball in the air, on the bounce and on the grass.

Drag follows the range fitted to real flights (Cd .25 at 10 m/s falling to .14 at 25 m/s), the Magnus force a measured
curve of lift against spin parameter r*w/v, the bounce published restitutions. One step function serves the ball that
is played, the flight that players expect and the solver of deliveries.
"""

import math

from backpost.envs.world.ball import GRAVITY, RADIUS
from backpost.envs.world.compile import entry, kernel
from backpost.envs.world.pitch import GOAL_HALF_WIDTH, GOAL_HEIGHT, HALF_LENGTH, HALF_WIDTH
from backpost.envs.world.record import (
    CLEARED,
    FATE_GOAL,
    FATE_HELD,
    FATE_WIDE,
    GOAL,
    HELD,
    LOOSE,
    NO_SET_PIECE,
    NOBODY,
    OUT,
    OVER,
    SAVED,
    SHOT,
)

MASS = 0.43
AIR = 0.5 * 1.2 * 0.0375 / MASS
"""Half of air density times cross-section over mass, 1/m: multiplied with C * speed**2 it is an acceleration."""
BALL_STEP = 0.0125
FOOT = 0.5
"""m in front of a body at which it has the ball at its feet."""
SETTLING_SPEED = 5.0
"""m/s at which a ball is brought there."""


@entry
def drag_coefficient(speed):
    """Cd between 10 and 25 m/s, straight between the ends of the fitted range."""
    return 0.25 - 0.11 * min(max((speed - 10.0) / 15.0, 0.0), 1.0)


@entry
def lift_coefficient(spin):
    """Magnus coefficient against the spin parameter r*w/v: 0, .04, .1, .2, .4 -> 0, .10, .16, .23, .33."""
    if spin < 0.04:
        return spin * 2.5
    if spin < 0.1:
        return 0.10 + (spin - 0.04)
    if spin < 0.2:
        return 0.16 + 0.7 * (spin - 0.1)
    return min(0.23 + 0.5 * (spin - 0.2), 0.33)


@kernel
def air_acceleration(vx, vy, vz, wx, wy, wz):
    """Acceleration of the ball in the air, m/s2: gravity, drag against v, Magnus along w x v."""
    speed = math.sqrt(vx * vx + vy * vy + vz * vz) + 1e-9
    drag = AIR * drag_coefficient(speed) * speed
    ax, ay, az = -drag * vx, -drag * vy, -drag * vz - GRAVITY
    spin = math.sqrt(wx * wx + wy * wy + wz * wz)
    if spin > 0.0:
        lift = AIR * lift_coefficient(RADIUS * spin / speed) * (speed / spin)
        ax += lift * (wy * vz - wz * vy)
        ay += lift * (wz * vx - wx * vz)
        az += lift * (wx * vy - wy * vx)
    return ax, ay, az


@entry
def fly_step(x, y, z, vx, vy, vz, wx, wy, wz, p, dt):
    """Move the ball by dt: through the air, off the grass, or rolling. Returns x, y, z, vx, vy, vz."""
    if z <= RADIUS and vz == 0.0:
        speed = math.sqrt(vx * vx + vy * vy) + 1e-9
        slower = max(speed - (p.rolling_deceleration + AIR * drag_coefficient(speed) * speed * speed) * dt, 0.0) / speed
        return x + vx * dt, y + vy * dt, RADIUS, vx * slower, vy * slower, 0.0
    ax, ay, az = air_acceleration(vx, vy, vz, wx, wy, wz)
    x += vx * dt + 0.5 * ax * dt * dt
    y += vy * dt + 0.5 * ay * dt * dt
    z += vz * dt + 0.5 * az * dt * dt
    vx, vy, vz = vx + ax * dt, vy + ay * dt, vz + az * dt
    if z < RADIUS and vz < 0.0:
        z = RADIUS
        horizontal = math.sqrt(vx * vx + vy * vy)
        # A steep slow ball sinks into the turf, a fast flat one skids.
        flat = min(horizontal / (horizontal - vz + 1e-9), 1.0)
        vz = -vz * (p.bounce_steep + (p.bounce_flat - p.bounce_steep) * flat)
        if vz < 0.6:
            vz = 0.0
        vx, vy = vx * p.bounce_grip, vy * p.bounce_grip
    return x, y, z, vx, vy, vz


@kernel
def fly(world, p, dt):
    """Move the ball by one substep: carried, struck at goal, or free."""
    if world.phase == SHOT:
        fly_shot(world, dt)
    elif world.phase == HELD:
        settle(world, dt)
    elif world.ball.owner != NOBODY:
        carry(world)
    else:
        ball = world.ball
        steps = int(dt / BALL_STEP + 0.5)
        for _ in range(steps):
            ball.x, ball.y, ball.z, ball.vx, ball.vy, ball.vz = fly_step(
                ball.x, ball.y, ball.z, ball.vx, ball.vy, ball.vz, ball.wx, ball.wy, ball.wz, p, BALL_STEP
            )
            if leaves_play(world):
                return


@kernel
def leaves_play(world):
    """End the cross if the ball is in the goal, out, or far away from it."""
    ball = world.ball
    if ball.x > HALF_LENGTH:
        # Measured where the ball crosses the line, not where the step ends.
        back = (ball.x - HALF_LENGTH) / max(ball.vx, 0.1)
        y, z = ball.y - ball.vy * back, ball.z - ball.vz * back
        if abs(y) < GOAL_HALF_WIDTH and z < GOAL_HEIGHT:
            finish_cross(world, GOAL)
            # A goal without a shot before it was foreseen by nobody: it pays what it is worth.
            world.xg_now += 1.0
        else:
            finish_cross(world, OUT)
        return True
    if abs(ball.y) > HALF_WIDTH:
        finish_cross(world, OUT)
        return True
    if world.phase == LOOSE and ball.x < 20.0:
        finish_cross(world, CLEARED)
        return True
    return False


@kernel
def carry(world):
    """The ball at the crosser's feet, half a metre in front of him, on the recorded track, or where it lies."""
    ball = world.ball
    if world.set_piece != NO_SET_PIECE:
        return
    owner = world.players[ball.owner]
    ball.x, ball.y, ball.z = owner.x + FOOT * owner.fx, owner.y + FOOT * owner.fy, RADIUS
    ball.vx, ball.vy, ball.vz = owner.vx, owner.vy, 0.0
    k = world.decisions
    if k + 1 < world.script_length:
        share = (world.time - 0.1 * k) * 10.0
        ball.x = world.script[k, 0] + share * (world.script[k + 1, 0] - world.script[k, 0])
        ball.y = world.script[k, 1] + share * (world.script[k + 1, 1] - world.script[k, 1])
        ball.vx = 10.0 * (world.script[k + 1, 0] - world.script[k, 0])
        ball.vy = 10.0 * (world.script[k + 1, 1] - world.script[k, 1])


@kernel
def settle(world, dt):
    """A ball brought under control goes to the feet of its owner, as fast as feet can take it there."""
    ball, owner = world.ball, world.players[world.ball.owner]
    x, y = ball.x + owner.vx * dt, ball.y + owner.vy * dt
    dx, dy, dz = owner.x + FOOT * owner.fx - x, owner.y + FOOT * owner.fy - y, RADIUS - ball.z
    share = min(SETTLING_SPEED * dt / (math.sqrt(dx * dx + dy * dy + dz * dz) + 1e-9), 1.0)
    ball.x, ball.y, ball.z = x + share * dx, y + share * dy, ball.z + share * dz
    ball.vx, ball.vy, ball.vz = owner.vx + share * dx / dt, owner.vy + share * dy / dt, share * dz / dt


@kernel
def fly_shot(world, dt):
    """A shot flies straight and falls; its fate was drawn with it and happens when its time is up.

    What becomes of a ball that then goes on is a matter of `touch`.
    """
    ball, shot = world.ball, world.shot
    dt = min(dt, max(shot.time_left, 0.0))
    ball.x += ball.vx * dt
    ball.y += ball.vy * dt
    ball.z += ball.vz * dt - 0.5 * GRAVITY * dt * dt
    ball.vz -= GRAVITY * dt
    if ball.z < RADIUS:
        ball.z, ball.vz = RADIUS, 0.0
    shot.time_left -= dt
    if shot.time_left > 1e-9:
        return
    if shot.fate == FATE_GOAL:
        finish_cross(world, GOAL)
    elif shot.fate == FATE_HELD:
        finish_cross(world, SAVED)
    elif shot.fate == FATE_WIDE:
        finish_cross(world, OUT)


@kernel
def finish_cross(world, outcome):
    """The cross ends with this outcome."""
    if outcome == GOAL:
        world.goals_now += 1.0
    world.outcome = outcome
    world.phase = OVER
    world.phase_since = world.time
