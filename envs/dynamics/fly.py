"""Fly: the ball in the air, on the bounce and on the grass.

Drag follows the range fitted to real flights, the Magnus force a measured curve of lift against spin parameter r*w/v,
the bounce published restitutions. One step function serves the real ball, the flight that players predict and the
delivery solver.
"""

import math

from backpost.envs.world.ball import (
    AIR,
    DRAG_SPEED,
    DRAG_SPEEDS,
    GRAVITY,
    LIFT_1,
    LIFT_2,
    LIFT_3,
    LIFT_MOST,
    RADIUS,
    SLOPE_0,
    SLOPE_1,
    SLOPE_2,
    SLOPE_3,
    SPIN_1,
    SPIN_2,
    SPIN_3,
)
from backpost.envs.world.compile import entry, kernel
from backpost.envs.world.geometry import TINY, clip, length
from backpost.envs.world.laws import end_cross
from backpost.envs.world.pitch import GOAL_HALF_WIDTH, GOAL_HEIGHT, HALF_LENGTH, HALF_WIDTH
from backpost.envs.world.record import (
    CLEARED,
    DECISION_RATE,
    DECISION_TIME,
    FATE_GOAL,
    FATE_HELD,
    FATE_WIDE,
    GOAL,
    HELD,
    LOOSE,
    NO_SET_PIECE,
    NOBODY,
    OUT,
    SAVED,
    SHOT,
    TIME_TOLERANCE,
)

BALL_STEP = 0.0125
"""Time step of the flight, s."""
SLOWEST_CROSSING = 0.1
"""Least speed over the goal line assumed when computing where the ball crosses it, m/s."""


@entry
def drag_coefficient(speed, p):
    """Drag coefficient, linear between the ends of the fitted range."""
    return p.drag_slow - p.drag_fall * clip((speed - DRAG_SPEED) / DRAG_SPEEDS, 0.0, 1.0)


@entry
def lift_coefficient(spin):
    """Magnus coefficient at the spin parameter r*w/v, from the measured curve."""
    if spin < SPIN_1:
        return SLOPE_0 * spin
    if spin < SPIN_2:
        return LIFT_1 + SLOPE_1 * (spin - SPIN_1)
    if spin < SPIN_3:
        return LIFT_2 + SLOPE_2 * (spin - SPIN_2)
    return min(LIFT_3 + SLOPE_3 * (spin - SPIN_3), LIFT_MOST)


@kernel
def air_acceleration(vx, vy, vz, wx, wy, wz, p):
    """Acceleration of the ball in the air, m/s2: gravity, drag against v, Magnus along w x v."""
    speed = math.sqrt(vx * vx + vy * vy + vz * vz) + TINY
    drag = AIR * drag_coefficient(speed, p) * speed
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
    """Advance the ball by dt: in the air, bouncing or rolling. Returns x, y, z, vx, vy, vz."""
    if z <= RADIUS and vz == 0.0:
        speed = length(vx, vy) + TINY
        slowing = p.rolling_deceleration + AIR * drag_coefficient(speed, p) * speed * speed
        slower = max(speed - slowing * dt, 0.0) / speed
        return x + vx * dt, y + vy * dt, RADIUS, vx * slower, vy * slower, 0.0
    ax, ay, az = air_acceleration(vx, vy, vz, wx, wy, wz, p)
    x += vx * dt + 0.5 * ax * dt * dt
    y += vy * dt + 0.5 * ay * dt * dt
    z += vz * dt + 0.5 * az * dt * dt
    vx, vy, vz = vx + ax * dt, vy + ay * dt, vz + az * dt
    if z < RADIUS and vz < 0.0:
        z = RADIUS
        horizontal = length(vx, vy)
        # A steep, slow ball grips the turf; a fast, flat one skids.
        flat = min(horizontal / (horizontal - vz + TINY), 1.0)
        vz = -vz * (p.bounce_steep + (p.bounce_flat - p.bounce_steep) * flat)
        if vz < p.bounce_end:
            vz = 0.0
        vx, vy = vx * p.bounce_grip, vy * p.bounce_grip
    return x, y, z, vx, vy, vz


@kernel
def fly(world, p, dt):
    """Advance the ball by one substep: carried, shot at goal, or free."""
    if world.phase == SHOT:
        fly_shot(world, dt)
    elif world.phase == HELD:
        settle(world, p, dt)
    elif world.ball.owner != NOBODY:
        carry(world, p)
    else:
        ball = world.ball
        steps = int(dt / BALL_STEP + 0.5)
        for _ in range(steps):
            ball.x, ball.y, ball.z, ball.vx, ball.vy, ball.vz = fly_step(
                ball.x, ball.y, ball.z, ball.vx, ball.vy, ball.vz, ball.wx, ball.wy, ball.wz, p, BALL_STEP
            )
            if leaves_play(world, p):
                return


@kernel
def leaves_play(world, p):
    """End the cross if the ball is in the goal, out of play or far away; returns whether it ended."""
    ball = world.ball
    if ball.x > HALF_LENGTH:
        # Measured where the ball crosses the line, not where the step ends.
        back = (ball.x - HALF_LENGTH) / max(ball.vx, SLOWEST_CROSSING)
        y, z = ball.y - ball.vy * back, ball.z - ball.vz * back
        if abs(y) < GOAL_HALF_WIDTH and z < GOAL_HEIGHT:
            end_cross(world, GOAL)
            # A goal without a preceding shot has no xG yet: it counts in full.
            world.xg_now += 1.0
        else:
            end_cross(world, OUT)
        return True
    if abs(ball.y) > HALF_WIDTH:
        end_cross(world, OUT)
        return True
    if world.phase == LOOSE and ball.x < p.cleared_x:
        end_cross(world, CLEARED)
        return True
    return False


@kernel
def carry(world, p):
    """The ball just in front of the crosser, on the recorded track, or where it lies."""
    ball = world.ball
    if world.set_piece != NO_SET_PIECE:
        return
    owner = world.players[ball.owner]
    ball.x, ball.y, ball.z = owner.x + p.ball_ahead * owner.fx, owner.y + p.ball_ahead * owner.fy, RADIUS
    ball.vx, ball.vy, ball.vz = owner.vx, owner.vy, 0.0
    k = world.decisions
    if k + 1 < world.script_length:
        share = (world.time - DECISION_TIME * k) * DECISION_RATE
        ball.x = world.script[k, 0] + share * (world.script[k + 1, 0] - world.script[k, 0])
        ball.y = world.script[k, 1] + share * (world.script[k + 1, 1] - world.script[k, 1])
        ball.vx = DECISION_RATE * (world.script[k + 1, 0] - world.script[k, 0])
        ball.vy = DECISION_RATE * (world.script[k + 1, 1] - world.script[k, 1])


@kernel
def settle(world, p, dt):
    """Move a controlled ball to its owner's feet, as fast as feet can move it."""
    ball, owner = world.ball, world.players[world.ball.owner]
    x, y = ball.x + owner.vx * dt, ball.y + owner.vy * dt
    dx, dy, dz = owner.x + p.ball_ahead * owner.fx - x, owner.y + p.ball_ahead * owner.fy - y, RADIUS - ball.z
    share = min(p.settling_speed * dt / (math.sqrt(dx * dx + dy * dy + dz * dz) + TINY), 1.0)
    ball.x, ball.y, ball.z = x + share * dx, y + share * dy, ball.z + share * dz
    ball.vx, ball.vy, ball.vz = owner.vx + share * dx / dt, owner.vy + share * dy / dt, share * dz / dt


@kernel
def fly_shot(world, dt):
    """A shot flies straight and drops; its fate was drawn with it and takes effect when its time is up.

    If the ball stays in play, `touch` decides what follows.
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
    if shot.time_left > TIME_TOLERANCE:
        return
    if shot.fate == FATE_GOAL:
        end_cross(world, GOAL)
    elif shot.fate == FATE_HELD:
        end_cross(world, SAVED)
    elif shot.fate == FATE_WIDE:
        end_cross(world, OUT)
