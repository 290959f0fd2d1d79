"""The strike: solves for the launch that reaches the aim under the real flight, then adds the crosser's errors."""

import math

from backpost.envs.roles.delivery import blocked_lane
from backpost.envs.world.ball import GRAVITY, RADIUS
from backpost.envs.world.chance import WORLD, between, normal, uniform
from backpost.envs.world.compile import entry, kernel
from backpost.envs.world.draws import (
    BLOCK_ANGLE,
    BLOCK_RISE,
    BLOCK_SPEED,
    BLOCKED,
    ELEVATION_VARIETY,
    SIDESPIN,
    STRIKE_AZIMUTH,
    STRIKE_ELEVATION,
    STRIKE_SPEED,
)
from backpost.envs.world.geometry import TINY, clip, length, unit
from backpost.envs.world.record import (
    CORNER_KICK,
    CROSS,
    CROSSER,
    CUTBACK,
    HIGH,
    LOOSE,
    LOW,
    NO_SET_PIECE,
    NOBODY,
    PLAYERS,
    PRESSER,
    ROLE_PRESSER,
)

from .fly import air_acceleration

SOLVER_STEP = 0.02
"""Time step of trial flights, s."""
SOLVER_TRIALS = 12
"""Largest number of trial flights."""
SOLVER_START = (0.8, 1.4)
"""The first two trial speeds, relative to the speed needed in a vacuum."""
SOLVER_SPEEDS = (8.0, 40.0)
"""Bounds of the search, m/s."""
LONGEST_FLIGHT = 4.0
"""Longest trial flight, s."""
NEAR_ENOUGH = 0.002
"""Error at which the search ends, m."""
SAME_HEIGHT = 1e-9
"""Difference of two trials below which the search cannot continue, m."""


@entry
def spin_axis(azimuth, back, side):
    """Angular velocity of a ball struck in this direction with backspin (lifts it) and sidespin (bends it left)."""
    return back * math.sin(azimuth), -back * math.cos(azimuth), side


@entry
def fly_over(speed, elevation, azimuth, back, side, distance, height, p):
    """Fly, ignoring the ground, until the ball has covered this distance; returns height, bearing and time there (s).

    `back` and `side` are the spins of `spin_axis`, rad/s.
    """
    ux, uy = math.cos(azimuth), math.sin(azimuth)
    vx, vy, vz = speed * math.cos(elevation) * ux, speed * math.cos(elevation) * uy, speed * math.sin(elevation)
    wx, wy, wz = spin_axis(azimuth, back, side)
    x, y, z, seconds = 0.0, 0.0, height, 0.0
    while x * x + y * y < distance * distance and seconds < LONGEST_FLIGHT:
        ax, ay, az = air_acceleration(vx, vy, vz, wx, wy, wz, p)
        x, y, z = x + vx * SOLVER_STEP, y + vy * SOLVER_STEP, z + vz * SOLVER_STEP
        vx, vy, vz = vx + ax * SOLVER_STEP, vy + ay * SOLVER_STEP, vz + az * SOLVER_STEP
        seconds += SOLVER_STEP
    # Interpolate back from the last step to the exact distance.
    past = (length(x, y) - distance) / (length(vx, vy) + TINY)
    return z - vz * past, math.atan2(y, x), seconds - past


@entry
def solve_launch(distance, bearing, height, aim_z, elevation, back, side, p):
    """Speed and azimuth at which the ball drops to `aim_z` at this distance and bearing (secant search).

    Returns speed (m/s), azimuth (rad), seconds of flight.
    """
    azimuth = bearing
    vacuum = math.sqrt(GRAVITY * distance / math.sin(2.0 * elevation))
    slow, fast = SOLVER_START[0] * vacuum, SOLVER_START[1] * vacuum
    low, _, _ = fly_over(slow, elevation, azimuth, back, side, distance, height, p)
    speed, seconds = fast, 0.0
    for _ in range(SOLVER_TRIALS):
        at, direction, seconds = fly_over(speed, elevation, azimuth, back, side, distance, height, p)
        if abs(at - aim_z) + abs(bearing - direction) * distance < NEAR_ENOUGH:
            break
        azimuth += bearing - direction
        if abs(at - low) < SAME_HEIGHT:
            break
        following = speed - (at - aim_z) * (speed - slow) / (at - low)
        slow, low, speed = speed, at, clip(following, SOLVER_SPEEDS[0], SOLVER_SPEEDS[1])
    return speed, azimuth, seconds


@kernel
def strike(world, p):
    """Strike the cross: as recorded, or at the aim with errors; the presser may block it."""
    ball, delivery = world.ball, world.delivery
    me = world.players[CROSSER]
    ball.owner = NOBODY
    ball.last_touch = CROSSER
    ball.touches = 1
    delivery.struck_at = world.time
    delivery.hips_shown = 0.0
    world.limit = world.time + p.limit_after_strike
    delivery.origin_x, delivery.origin_y = ball.x, ball.y
    world.phase = CROSS
    world.phase_since = world.time
    me.locked = p.follow_through
    for i in range(PLAYERS):
        world.players[i].strike_x, world.players[i].strike_y = world.players[i].x, world.players[i].y
    # Up close, the presser either blocks the strike itself (below) or is beaten.
    if world.players[PRESSER].role == ROLE_PRESSER:
        world.players[PRESSER].locked = p.presser_beaten_time
    if delivery.given == 0:
        launch(world, p)
    ball.vx, ball.vy, ball.vz = delivery.vx, delivery.vy, delivery.vz
    ball.wx, ball.wy, ball.wz = delivery.wx, delivery.wy, delivery.wz
    block(world, p)


@kernel
def launch(world, p):
    """Solve the delivery for its aim and add striking errors."""
    ball, delivery, seed = world.ball, world.delivery, world.seed
    dx, dy = delivery.aim_x - ball.x, delivery.aim_y - ball.y
    distance, bearing = length(dx, dy) + TINY, math.atan2(dy, dx)
    back, side = 0.0, 0.0
    if delivery.kind == HIGH:
        back = p.backspin
        side = delivery.swing * between(seed, SIDESPIN, WORLD, 0, p.sidespin_low, p.sidespin_high)
        elevation = (p.corner_elevation if world.set_piece == CORNER_KICK else p.high_elevation) * (
            1.0 + p.elevation_variety * normal(seed, ELEVATION_VARIETY, WORLD, 0)
        )
        elevation = clip(elevation, p.elevation_least, p.elevation_most)
        speed, bearing, _ = solve_launch(distance, bearing, RADIUS, delivery.aim_z, elevation, back, side, p)
    elif delivery.kind == CUTBACK:
        elevation = 0.0
        speed = p.cutback_speed * clip(distance / p.cutback_usual, p.cutback_softest, p.cutback_hardest)
    else:
        elevation, speed = p.low_elevation, p.low_speed
    # A ball that lies still is struck more precisely than one on the run.
    precision = p.set_piece_precision if world.set_piece != NO_SET_PIECE else 1.0
    hardness = p.low_speed_error if delivery.kind == LOW else p.speed_error
    speed *= 1.0 + precision * hardness * normal(seed, STRIKE_SPEED, WORLD, 0)
    turned = p.azimuth_error if delivery.kind != CUTBACK else p.cutback_error
    bearing += precision * turned * normal(seed, STRIKE_AZIMUTH, WORLD, 0)
    if delivery.kind != CUTBACK:
        error = p.low_elevation_error if delivery.kind == LOW else p.elevation_error
        missed = precision * error * normal(seed, STRIKE_ELEVATION, WORLD, 0)
        elevation = max(elevation + missed, 0.0)
    flat = speed * math.cos(elevation)
    delivery.vx, delivery.vy = flat * math.cos(bearing), flat * math.sin(bearing)
    delivery.vz = speed * math.sin(elevation)
    delivery.wx, delivery.wy, delivery.wz = spin_axis(bearing, back, side)


@kernel
def block(world, p):
    """The presser in the lane may block the strike, likelier when near and low; a given ball as recorded."""
    ball, delivery, presser = world.ball, world.delivery, world.players[PRESSER]
    if presser.role != ROLE_PRESSER:
        return
    ux, uy = unit(ball.vx, ball.vy)
    lane = blocked_lane(presser, world.players[CROSSER], ux, uy, p)
    chance = p.block_chance * lane * (1.0 if delivery.kind == HIGH else p.block_low)
    seed = world.seed
    if delivery.given == 0:
        delivery.blocked = 1 if uniform(seed, BLOCKED, WORLD, 0) < chance else 0
    if delivery.blocked == 0:
        return
    presser.locked = p.block_recover_time
    angle = math.atan2(ball.vy, ball.vx) + p.block_error * normal(seed, BLOCK_ANGLE, WORLD, 0)
    speed = between(seed, BLOCK_SPEED, WORLD, 0, p.block_speed_low, p.block_speed_high)
    ball.vx, ball.vy = speed * math.cos(angle), speed * math.sin(angle)
    ball.vz = between(seed, BLOCK_RISE, WORLD, 0, p.block_rise_low, p.block_rise_high)
    ball.wx = ball.wy = ball.wz = 0.0
    ball.last_touch = PRESSER
    ball.touches = 2
    world.phase = LOOSE
