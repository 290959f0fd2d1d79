"""Move: bodies obey their intents.

dv/dt = k (vmax u - v) (Fujimura & Sugihara 2005), solved exactly over a substep. Top speed falls with the angle
between facing and movement; braking is bounded; a body turns more slowly the faster it runs; no body passes through
another.
"""

import math

from backpost.envs.world.compile import entry, kernel
from backpost.envs.world.geometry import cosine, length
from backpost.envs.world.pitch import GOAL_HALF_WIDTH, HALF_LENGTH, HALF_WIDTH, RUN_OFF
from backpost.envs.world.record import CROSSER, DECISION_RATE, DECISION_TIME, PLAYERS, SWING

CLOSING = 3.0
"""Largest approach of two bodies along an axis in a decision, m: each at 10 m/s and pushed by others."""
LEAST_FACING_SQUARED = 0.01
"""Squared length of the desired facing below which it is unset: the body faces the direction of the run."""
LEAST_DIRECTION = 0.05
"""Length of the desired facing or velocity below which the body keeps its facing."""
SAME_PLACE = 1e-6
"""Distance between two bodies below which they are pushed apart along x, m."""


@entry
def get_ready(world, p):
    """Prepare a decision: desired facings as unit vectors, (0, 0) for none; pairs that may collide."""
    players = world.players
    for i in range(PLAYERS):
        player = players[i]
        if player.present == 0:
            continue
        fx, fy = player.intent.fx, player.intent.fy
        if fx * fx + fy * fy < LEAST_FACING_SQUARED:
            fx, fy = player.intent.vx, player.intent.vy
        size = length(fx, fy)
        player.turn_x, player.turn_y = (fx / size, fy / size) if size >= LEAST_DIRECTION else (0.0, 0.0)
    pair_up(world, p)


@entry
def move(world, p, dt):
    """Move every body by one substep."""
    # In a substep, velocity covers this share of the way to the desired one, and position gains `reach` seconds of it.
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
    """Relax velocity towards the desired one; position follows in closed form and stays on the pitch."""
    x, y, vx, vy = player.x, player.y, player.vx, player.vy
    wx, wy = player.intent.vx, player.intent.vy
    along = cosine(player.fx, player.fy, wx, wy)
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
    # No player leaves the pitch beyond the run-off or enters the goal, from any side.
    clear = p.goal_clearance
    if abs(y) < GOAL_HALF_WIDTH + clear and x > HALF_LENGTH - clear:
        if abs(player.y) < GOAL_HALF_WIDTH + clear:
            x, vx = HALF_LENGTH - clear, min(vx, 0.0)
        else:
            y, vy = math.copysign(GOAL_HALF_WIDTH + clear, player.y), 0.0
    if abs(x) > HALF_LENGTH + RUN_OFF:
        x, vx = math.copysign(HALF_LENGTH + RUN_OFF, x), 0.0
    if abs(y) > HALF_WIDTH + RUN_OFF:
        y, vy = math.copysign(HALF_WIDTH + RUN_OFF, y), 0.0
    player.x, player.y, player.vx, player.vy = x, y, vx, vy


@kernel
def turn_body(player, p, dt):
    """Turn the facing towards the desired one, more slowly at higher speed (without trigonometry)."""
    wx, wy = player.turn_x, player.turn_y
    fx, fy = player.fx, player.fy
    cross = fx * wy - fy * wx
    ahead = fx * wx + fy * wy > 0.0
    if (ahead and cross == 0.0) or (wx == 0.0 and wy == 0.0):
        return
    most = p.turn_least * dt
    if not (ahead and abs(cross) < most):
        speed = length(player.vx, player.vy)
        most = max(p.turn_rate - p.turn_slowing * speed, p.turn_least) * dt
    if ahead and abs(cross) < most:
        player.fx, player.fy = wx, wy
        return
    most = math.copysign(most, cross)
    x, y = fx - most * fy, fy + most * fx
    size = 1.0 / length(x, y)
    player.fx, player.fy = x * size, y * size


@kernel
def follow_script(world):
    """Before the strike of a recorded situation, the crosser follows the recorded track."""
    crosser = world.players[CROSSER]
    k = world.decisions
    share = min((world.time - DECISION_TIME * k) * DECISION_RATE, 1.0)
    dx, dy = world.script[k + 1, 2] - world.script[k, 2], world.script[k + 1, 3] - world.script[k, 3]
    crosser.x, crosser.y = world.script[k, 2] + share * dx, world.script[k, 3] + share * dy
    crosser.vx, crosser.vy = DECISION_RATE * dx, DECISION_RATE * dy


@kernel
def pair_up(world, p):
    """Note the pairs that may collide within the decision, so that substeps need not test every pair."""
    players = world.players
    near = p.body_distance + CLOSING
    count = 0
    for i in range(PLAYERS):
        a = players[i]
        if a.present == 0:
            continue
        for j in range(i + 1, PLAYERS):
            b = players[j]
            if b.present != 0 and abs(b.x - a.x) < near and abs(b.y - a.y) < near:
                world.pairs[count] = 32 * i + j
                count += 1
    world.pair_count = count


@entry
def separate(world, p):
    """Push overlapping bodies apart, half the overlap each, and remove their approach velocity."""
    players = world.players
    least = p.body_distance
    for k in range(world.pair_count):
        pair = world.pairs[k]
        i = pair >> 5
        a, b = players[i], players[pair & 31]
        dx, dy = b.x - a.x, b.y - a.y
        distance = length(dx, dy)
        if distance >= least:
            continue
        if distance < SAME_PLACE:
            dx, dy, distance = SAME_PLACE, 0.0, SAME_PLACE
        nx, ny = dx / distance, dy / distance
        # Until the strike, all players give way to the crosser, so other runs do not affect the place of the strike.
        share = 0.0 if i == CROSSER and world.phase <= SWING else 0.5
        push = least - distance
        a.x, a.y = a.x - share * push * nx, a.y - share * push * ny
        b.x, b.y = b.x + (1.0 - share) * push * nx, b.y + (1.0 - share) * push * ny
        closing = (b.vx - a.vx) * nx + (b.vy - a.vy) * ny
        if closing < 0.0:
            a.vx, a.vy = a.vx + share * closing * nx, a.vy + share * closing * ny
            b.vx, b.vy = b.vx - (1.0 - share) * closing * nx, b.vy - (1.0 - share) * closing * ny
