"""Move: bodies obey their intents.

dv/dt = k (vmax u - v) (Fujimura & Sugihara 2005), solved exactly over a substep; top speed falls with the angle
between facing and movement; braking is bounded; a body turns more slowly the faster it runs; no body passes through
another.
"""

import math

from backpost.envs.world.compile import entry, kernel
from backpost.envs.world.pitch import GOAL_HALF_WIDTH, HALF_LENGTH, HALF_WIDTH
from backpost.envs.world.record import CROSSER, PLAYERS, SWING

BODY_DISTANCE = 0.7
"""Closest that the centres of two bodies come, m."""
NEARBY = BODY_DISTANCE + 3.0
"""m along either axis within which two bodies may come together in a decision, each at 10 m/s and pushed by others."""
SLOWEST_TURN = 1.0
"""rad/s that a body turns at any speed."""


@entry
def get_ready(world):
    """What holds for the whole decision: the wanted facing as a unit vector, or (0, 0) for none; who may collide."""
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
    pair_up(world)


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
            player.locked = max(player.locked - dt, 0.0)
    if world.decisions + 1 < world.script_length and world.phase <= SWING:
        follow_script(world)


@kernel
def run(player, p, change, reach, dt):
    """Velocity relaxes towards the wanted one; the place follows in closed form, and stays on the pitch."""
    x, y, vx, vy = player.x, player.y, player.vx, player.vy
    wx, wy = player.intent.vx, player.intent.vy
    along = (player.fx * wx + player.fy * wy) / (math.sqrt(wx * wx + wy * wy) + 1e-9)
    speed = player.top_speed * max(p.speed_sideways + (1.0 - p.speed_sideways) * along, p.speed_backwards)
    dvx, dvy = (speed * wx - vx) * change, (speed * wy - vy) * change
    if vx * dvx + vy * dvy < 0.0:
        hardest = p.braking * dt
        squared = dvx * dvx + dvy * dvy
        if squared > hardest * hardest:
            share = hardest / math.sqrt(squared)
            dvx, dvy = share * dvx, share * dvy
    x += vx * dt + dvx * reach
    y += vy * dt + dvy * reach
    vx += dvx
    vy += dvy
    # Nobody leaves the pitch by more than a metre or stands in the goal, from wherever he comes to it.
    if abs(y) < GOAL_HALF_WIDTH + 0.3 and x > HALF_LENGTH - 0.3:
        if abs(player.y) < GOAL_HALF_WIDTH + 0.3:
            x, vx = HALF_LENGTH - 0.3, min(vx, 0.0)
        else:
            y, vy = math.copysign(GOAL_HALF_WIDTH + 0.3, player.y), 0.0
    if abs(x) > HALF_LENGTH + 1.0:
        x, vx = math.copysign(HALF_LENGTH + 1.0, x), 0.0
    if abs(y) > HALF_WIDTH + 1.0:
        y, vy = math.copysign(HALF_WIDTH + 1.0, y), 0.0
    player.x, player.y, player.vx, player.vy = x, y, vx, vy


@kernel
def turn_body(player, p, dt):
    """Turn the facing towards the wanted one, at most 7 - .45 v rad/s (rotation without trigonometry)."""
    wx, wy = player.turn_x, player.turn_y
    fx, fy = player.fx, player.fy
    cross = fx * wy - fy * wx
    ahead = fx * wx + fy * wy > 0.0
    if (ahead and cross == 0.0) or (wx == 0.0 and wy == 0.0):
        return
    most = SLOWEST_TURN * dt
    if not (ahead and abs(cross) < most):
        speed = math.sqrt(player.vx * player.vx + player.vy * player.vy)
        most = max(p.turn_rate - p.turn_slowing * speed, SLOWEST_TURN) * dt
    if ahead and abs(cross) < most:
        player.fx, player.fy = wx, wy
        return
    most = math.copysign(most, cross)
    x, y = fx - most * fy, fy + most * fx
    size = 1.0 / math.sqrt(x * x + y * y)
    player.fx, player.fy = x * size, y * size


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
def pair_up(world):
    """Note the pairs who may touch within the decision, so that the substeps need not try every two players."""
    players = world.players
    count = 0
    for i in range(PLAYERS):
        a = players[i]
        if a.present == 0:
            continue
        for j in range(i + 1, PLAYERS):
            b = players[j]
            if b.present != 0 and abs(b.x - a.x) < NEARBY and abs(b.y - a.y) < NEARBY:
                world.pairs[count] = 32 * i + j
                count += 1
    world.pair_count = count


@entry
def separate(world):
    """Push overlapping bodies apart, half the way each, and take away their approach."""
    players = world.players
    for k in range(world.pair_count):
        pair = world.pairs[k]
        i = pair >> 5
        a, b = players[i], players[pair & 31]
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
