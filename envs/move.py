"""Move: bodies obey their intents.

dv/dt = k (vmax u - v) (Fujimura & Sugihara 2005), solved exactly over a substep; top speed falls with the angle
between facing and movement; braking is bounded; a body turns more slowly the faster it runs; no body passes through
another.
"""

import math

from .compile import entry, kernel
from .pitch import GOAL_HALF_WIDTH, HALF_LENGTH, HALF_WIDTH
from .world import CROSSER, PLAYERS, SWING

BODY_DISTANCE = 0.7
"""Closest that the centres of two bodies come, m."""
SLOWEST_TURN = 1.0
"""rad/s that a body turns at any speed."""


@entry
def get_ready(world):
    """What holds for the whole decision: the wanted facing as a unit vector, or (0, 0) for none."""
    players = world.players
    for i in range(PLAYERS):
        player = players[i]
        if player.present == 0:
            continue
        fx, fy = player.intent.fx, player.intent.fy
        if fx * fx + fy * fy < 0.01:
            fx, fy = player.intent.vx, player.intent.vy
        size = math.sqrt(fx * fx + fy * fy)
        player.turn_x, player.turn_y = (fx / size, fy / size) if size >= 0.05 else (0.0, 0.0)


@entry
def move(world, p, dt):
    """Move every body by one substep."""
    # In a substep the velocity goes this share of the way to the wanted one, and the place gains `reach` seconds of it.
    change = 1.0 - math.exp(-p.acceleration_rate * dt)
    reach = (dt - change / p.acceleration_rate) / change
    players = world.players
    for i in range(PLAYERS):
        player = players[i]
        if player.present != 0:
            turn_body(player, p, dt)
            run(player, p, change, reach, dt)
            stay_on_pitch(player)
            player.locked = max(player.locked - dt, 0.0)
    if world.decisions + 1 < world.script_length and world.phase <= SWING:
        follow_script(world)


@kernel
def run(player, p, change, reach, dt):
    """Velocity relaxes towards the wanted one; the place follows in closed form."""
    intent = player.intent
    wanted = math.sqrt(intent.vx * intent.vx + intent.vy * intent.vy)
    along = (player.fx * intent.vx + player.fy * intent.vy) / (wanted + 1e-9)
    speed = player.top_speed * max(p.speed_sideways + (1.0 - p.speed_sideways) * along, p.speed_backwards)
    goal_x, goal_y = speed * intent.vx, speed * intent.vy
    dvx, dvy = (goal_x - player.vx) * change, (goal_y - player.vy) * change
    if player.vx * dvx + player.vy * dvy < 0.0:
        size = math.sqrt(dvx * dvx + dvy * dvy)
        if size > p.braking * dt:
            dvx, dvy = dvx * p.braking * dt / size, dvy * p.braking * dt / size
    player.x += player.vx * dt + dvx * reach
    player.y += player.vy * dt + dvy * reach
    player.vx += dvx
    player.vy += dvy


@kernel
def turn_body(player, p, dt):
    """Turn the facing towards the wanted one, at most 7 - .45 v rad/s (rotation without trigonometry)."""
    fx, fy = player.turn_x, player.turn_y
    if fx == 0.0 and fy == 0.0:
        return
    cross = player.fx * fy - player.fy * fx
    ahead = player.fx * fx + player.fy * fy > 0.0
    most = SLOWEST_TURN * dt
    if not (ahead and abs(cross) < most):
        speed = math.sqrt(player.vx * player.vx + player.vy * player.vy)
        most = max(p.turn_rate - p.turn_slowing * speed, SLOWEST_TURN) * dt
    if ahead and abs(cross) < most:
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


@entry
def separate(world):
    """Push overlapping bodies apart, half the way each, and take away their approach."""
    players = world.players
    for i in range(PLAYERS):
        a = players[i]
        if a.present == 0:
            continue
        for j in range(i + 1, PLAYERS):
            b = players[j]
            if b.present == 0 or abs(b.x - a.x) > BODY_DISTANCE or abs(b.y - a.y) > BODY_DISTANCE:
                continue
            dx, dy = b.x - a.x, b.y - a.y
            distance = math.sqrt(dx * dx + dy * dy)
            if distance >= BODY_DISTANCE:
                continue
            if distance < 1e-6:
                dx, dy, distance = 1e-6, 0.0, 1e-6
            nx, ny = dx / distance, dy / distance
            # Until the strike everybody gives way to the crosser: where he strikes depends on nobody else's run.
            share = 0.0 if i == CROSSER and world.phase <= SWING else 0.5
            push = BODY_DISTANCE - distance
            a.x, a.y = a.x - share * push * nx, a.y - share * push * ny
            b.x, b.y = b.x + (1.0 - share) * push * nx, b.y + (1.0 - share) * push * ny
            closing = (b.vx - a.vx) * nx + (b.vy - a.vy) * ny
            if closing < 0.0:
                a.vx, a.vy = a.vx + share * closing * nx, a.vy + share * closing * ny
                b.vx, b.vy = b.vx - (1.0 - share) * closing * nx, b.vy - (1.0 - share) * closing * ny
