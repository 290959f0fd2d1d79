"""Move: bodies obey their intents.

dv/dt = k (vmax u - v) (Fujimura & Sugihara 2005), solved exactly over a substep; top speed falls with the angle
between facing and movement; braking is bounded; a body turns more slowly the faster it runs; no body passes through
another.
"""

import math

from .compile import kernel
from .pitch import GOAL_HALF_WIDTH, HALF_LENGTH, HALF_WIDTH
from .world import CROSSER, PLAYERS, SWING

BODY_DISTANCE = 0.7
"""Closest that the centres of two bodies come, m."""


@kernel
def move(world, p, dt):
    """Move every body by one substep."""
    pull = math.exp(-p.acceleration_rate * dt)
    for i in range(PLAYERS):
        player = world.players[i]
        if player.present != 0:
            turn_body(player, p, dt)
            run(player, p, pull, dt)
            stay_on_pitch(player)
            player.locked = max(player.locked - dt, 0.0)
    if world.decisions + 1 < world.script_length and world.phase <= SWING:
        follow_script(world)
    separate(world)


@kernel
def run(player, p, pull, dt):
    """Velocity relaxes towards the wanted one; the place follows in closed form."""
    intent = player.intent
    wanted = math.sqrt(intent.vx * intent.vx + intent.vy * intent.vy)
    along = (player.fx * intent.vx + player.fy * intent.vy) / (wanted + 1e-9)
    speed = player.top_speed * max(p.speed_sideways + (1.0 - p.speed_sideways) * along, p.speed_backwards)
    goal_x, goal_y = speed * intent.vx, speed * intent.vy
    dvx, dvy = (goal_x - player.vx) * (1.0 - pull), (goal_y - player.vy) * (1.0 - pull)
    if player.vx * dvx + player.vy * dvy < 0.0:
        change = math.sqrt(dvx * dvx + dvy * dvy)
        if change > p.braking * dt:
            dvx, dvy = dvx * p.braking * dt / change, dvy * p.braking * dt / change
    # Exact for the unbraked case: x moves by wanted*dt + (v - wanted)*(1 - pull)/k, and dv = (wanted - v)*(1 - pull).
    rest = dt - (1.0 - pull) / p.acceleration_rate
    share = rest / (1.0 - pull)
    player.x += player.vx * dt + dvx * share
    player.y += player.vy * dt + dvy * share
    player.vx += dvx
    player.vy += dvy


@kernel
def turn_body(player, p, dt):
    """Turn the facing towards the wanted one, at most 7 - .45 v rad/s (rotation without trigonometry)."""
    fx, fy = player.intent.fx, player.intent.fy
    if fx * fx + fy * fy < 0.01:
        fx, fy = player.intent.vx, player.intent.vy
    size = math.sqrt(fx * fx + fy * fy)
    if size < 0.05:
        return
    fx, fy = fx / size, fy / size
    speed = math.sqrt(player.vx * player.vx + player.vy * player.vy)
    most = max(p.turn_rate - p.turn_slowing * speed, 1.0) * dt
    cross = player.fx * fy - player.fy * fx
    if player.fx * fx + player.fy * fy > 0.0 and abs(cross) < most:
        player.fx, player.fy = fx, fy
        return
    if cross < 0.0:
        most = -most
    x, y = player.fx - most * player.fy, player.fy + most * player.fx
    size = math.sqrt(x * x + y * y)
    player.fx, player.fy = x / size, y / size


@kernel
def stay_on_pitch(player):
    """Nobody leaves the pitch by more than a metre or stands in the goal."""
    edge = HALF_LENGTH - 0.3 if abs(player.y) < GOAL_HALF_WIDTH + 0.3 else HALF_LENGTH + 1.0
    if player.x > edge:
        player.x = edge
        player.vx = min(player.vx, 0.0)
    if abs(player.y) > HALF_WIDTH + 1.0:
        player.y = math.copysign(HALF_WIDTH + 1.0, player.y)
        player.vy = 0.0


@kernel
def follow_script(world):
    """Before the strike of a recorded situation the crosser runs his recorded track."""
    crosser = world.players[CROSSER]
    k = world.decisions
    share = min((world.time - 0.1 * k) * 10.0, 1.0)
    dx, dy = world.script[k + 1, 2] - world.script[k, 2], world.script[k + 1, 3] - world.script[k, 3]
    crosser.x, crosser.y = world.script[k, 2] + share * dx, world.script[k, 3] + share * dy
    crosser.vx, crosser.vy = 10.0 * dx, 10.0 * dy


@kernel
def separate(world):
    """Push overlapping bodies apart, half the way each, and take away their approach."""
    for i in range(PLAYERS):
        a = world.players[i]
        if a.present == 0:
            continue
        for j in range(i + 1, PLAYERS):
            b = world.players[j]
            if b.present == 0:
                continue
            dx, dy = b.x - a.x, b.y - a.y
            if abs(dx) > BODY_DISTANCE or abs(dy) > BODY_DISTANCE:
                continue
            distance = math.sqrt(dx * dx + dy * dy)
            if distance >= BODY_DISTANCE:
                continue
            if distance < 1e-6:
                dx, dy, distance = 1e-6, 0.0, 1e-6
            nx, ny = dx / distance, dy / distance
            push = 0.5 * (BODY_DISTANCE - distance)
            a.x, a.y = a.x - push * nx, a.y - push * ny
            b.x, b.y = b.x + push * nx, b.y + push * ny
            closing = (b.vx - a.vx) * nx + (b.vy - a.vy) * ny
            if closing < 0.0:
                a.vx, a.vy = a.vx + 0.5 * closing * nx, a.vy + 0.5 * closing * ny
                b.vx, b.vy = b.vx - 0.5 * closing * nx, b.vy - 0.5 * closing * ny
