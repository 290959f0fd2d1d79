"""The choice of a delivery: kind of cross, and target area or player.

The weights form a choice model with Gumbel noise, calibrated to published shares of deliveries.
"""

import math

from backpost.envs.world.ball import RADIUS
from backpost.envs.world.chance import WORLD, normal, uniform
from backpost.envs.world.compile import kernel
from backpost.envs.world.draws import AIM_X, AIM_Y, CHOICE, OPTIONS
from backpost.envs.world.geometry import TINY, clip, length
from backpost.envs.world.pitch import HALF_LENGTH, SPOT_DEPTH
from backpost.envs.world.record import (
    ATTACKERS,
    CORNER_KICK,
    CROSSER,
    CUTBACK,
    FREE_KICK,
    HIGH,
    KEEPER,
    LOW,
    NO_SET_PIECE,
    NOBODY,
    PLAYERS,
    PRESSER,
    ROLE_PRESSER,
)

HIGH_OPTIONS = 4
"""Number of high crosses, which are the first options; set pieces have only these."""
NO_PASS = -99.0
"""Value of a cut-back without an open receiver."""
LOWEST = -1e9
"""Lower than the value of any option."""
NOBODY_NEAR = 9.0
"""Time (s) or distance (m) if no player is near."""


@kernel
def option(world, k, p):
    """The k-th option: kind, target, and prior preference, in units of the choice noise.

    A high ball is aimed no further behind the line of defence than attackers can run during its flight.
    """
    # The line of a free kick drops with the ball.
    deepest = world.line_x + (p.free_kick_aim_ahead if world.set_piece == FREE_KICK else p.aim_ahead)
    if world.set_piece == CORNER_KICK:
        if k == 0:
            return HIGH, p.corner_near_aim_x, p.corner_near_aim_y, p.corner_near
        if k == 1:
            return HIGH, p.corner_centre_aim_x, 0.0, p.corner_centre
        if k == 2:
            return HIGH, p.corner_far_aim_x, p.corner_far_aim_y, p.corner_far
        return HIGH, p.corner_spot_aim_x, p.spot_aim_y, p.corner_spot
    if k == 0:
        return HIGH, min(p.near_aim_x, deepest), p.near_aim_y, p.choice_near
    if k == 1:
        return HIGH, min(p.centre_aim_x, deepest), 0.0, p.choice_centre
    if k == 2:
        return HIGH, min(p.far_aim_x, deepest), p.far_aim, p.choice_far
    if k == 3:
        return HIGH, min(p.spot_aim_x, deepest), p.spot_aim_y, p.choice_spot
    if k == 4:
        return LOW, p.low_near_aim_x, p.low_near_aim_y, p.choice_low_near
    if k == 5:
        return LOW, p.low_centre_aim_x, p.low_centre_aim_y, p.choice_low_centre
    if k == 6:
        return LOW, p.low_far_aim_x, p.low_far_aim_y, p.choice_low_far
    if k == 7:
        return LOW, p.low_spot_aim_x, p.low_spot_aim_y, p.choice_low_spot
    # A cut-back targets a player, not an area.
    return CUTBACK, 0.0, 0.0, p.choice_cutback


@kernel
def choose_delivery(world, p):
    """Pick the option with the highest sum of preference, openness, arrival and noise; aim at the predicted receiver.

    A given ball is already chosen; from now on the crosser's body shows it like any other.
    """
    delivery = world.delivery
    if delivery.chosen != 0:
        return
    delivery.chosen = 1
    if delivery.given != 0:
        return
    man, openness = open_man(world, p)
    best, best_value = 0, LOWEST
    # Set pieces are delivered high.
    for k in range(OPTIONS if world.set_piece == NO_SET_PIECE else HIGH_OPTIONS):
        kind, x, y, liking = option(world, k, p)
        value = liking + p.choice_openness * openness if kind == CUTBACK else option_value(world, liking, kind, x, y, p)
        value -= p.choice_noise * math.log(-math.log(uniform(world.seed, CHOICE, WORLD, k)))
        if value > best_value and (kind != CUTBACK or man != NOBODY):
            best, best_value = k, value
    kind, x, y, _ = option(world, best, p)
    aim_at(world, kind, x, y, man, p)


@kernel
def in_view(world, i, p):
    """Whether the crosser, looking into the middle of the box, sees this player."""
    delivery, player = world.delivery, world.players[i]
    ux, uy = HALF_LENGTH - SPOT_DEPTH - delivery.origin_x, -delivery.origin_y
    dx, dy = player.x - delivery.origin_x, player.y - delivery.origin_y
    size = math.sqrt((ux * ux + uy * uy) * (dx * dx + dy * dy)) + TINY
    return (ux * dx + uy * dy) / size > p.view_cosine


@kernel
def reach_time(player, x, y, ahead, p):
    """Seconds until a player can be there, moving on for `ahead` seconds, then running straight; and the distance."""
    distance = length(x - player.x - ahead * player.vx, y - player.y - ahead * player.vy)
    return ahead + distance / player.top_speed + p.start_delay, distance


@kernel
def option_value(world, liking, kind, x, y, p):
    """Preference, lead of the nearest attacker over the nearest visible defender, timely arrival, free lane, call."""
    delivery = world.delivery
    dx, dy = x - delivery.origin_x, y - delivery.origin_y
    distance = length(dx, dy) + TINY
    flight = distance / (p.high_hspeed if kind == HIGH else p.low_hspeed)
    attack, defence, calls = NOBODY_NEAR, NOBODY_NEAR, 0.0
    for i in range(1, PLAYERS):
        player = world.players[i]
        if player.present == 0 or i == KEEPER or player.role == ROLE_PRESSER:
            continue
        if not in_view(world, i, p):
            continue
        seconds, away = reach_time(player, x, y, p.choice_ahead, p)
        if i >= ATTACKERS:
            defence = min(defence, seconds)
        else:
            attack = min(attack, seconds)
            if away < p.call_distance:
                calls = max(calls, player.intent.call)
    value = liking + p.choice_openness * math.tanh(defence - attack) + p.choice_call * calls
    late = max(attack - flight - p.choice_time, 0.0)
    value += p.choice_arrival * math.exp(-late / p.choice_arrival_scale)
    if kind == LOW and distance > p.low_longest:
        value -= p.low_length_cost * (distance - p.low_longest)
    presser = world.players[PRESSER]
    if presser.role == ROLE_PRESSER and kind != HIGH:
        value -= p.choice_lane * blocked_lane(presser, world.players[CROSSER], dx / distance, dy / distance, p)
    return value


@kernel
def open_man(world, p):
    """The most open attacker for a pass pulled back from near the byline, and how open: (NOBODY, NO_PASS) if none.

    The pass is not too long, goes back, and ends neither too near to the goal nor too far from it, with no opponent
    near the receiver or the pass.
    """
    delivery = world.delivery
    best, best_value = NOBODY, NO_PASS
    if delivery.origin_x < HALF_LENGTH - p.cutback_from:
        return best, best_value
    for i in range(1, ATTACKERS):
        player = world.players[i]
        if player.present == 0 or not in_view(world, i, p):
            continue
        x, y = pass_place(world, i, p)
        dx, dy = x - delivery.origin_x, y - delivery.origin_y
        distance = length(dx, dy)
        depth = HALF_LENGTH - x
        if distance > p.cutback_longest or -dx < p.cutback_least_back:
            continue
        if depth < p.cutback_nearest or depth > p.cutback_farthest:
            continue
        value = math.tanh(pass_gap(world, x, y, distance, p) - p.pass_gap) + p.choice_call * player.intent.call
        if value > best_value:
            best, best_value = i, value
    return best, best_value


@kernel
def pass_place(world, i, p):
    """Extrapolated position of an attacker when a cut-back arrives."""
    delivery, player = world.delivery, world.players[i]
    away = length(player.x - delivery.origin_x, player.y - delivery.origin_y)
    seconds = p.choice_time + away / p.cutback_hspeed
    return player.x + p.cutback_lead * seconds * player.vx, player.y + p.cutback_lead * seconds * player.vy


@kernel
def pass_gap(world, x, y, distance, p):
    """Predicted distance in metres from the pass or its end to the nearest visible opponent."""
    delivery = world.delivery
    ux, uy = (x - delivery.origin_x) / distance, (y - delivery.origin_y) / distance
    gap = NOBODY_NEAR
    for i in range(KEEPER, PLAYERS):
        player = world.players[i]
        if player.present == 0 or player.role == ROLE_PRESSER or not in_view(world, i, p):
            continue
        dx = player.x + p.choice_time * player.vx - delivery.origin_x
        dy = player.y + p.choice_time * player.vy - delivery.origin_y
        along = clip(dx * ux + dy * uy, 0.0, distance)
        gap = min(gap, length(dx - along * ux, dy - along * uy))
    return gap


@kernel
def blocked_lane(presser, me, ux, uy, p):
    """1 if the presser is close in this direction, falling to 0 to either side."""
    dx, dy = presser.x - me.x, presser.y - me.y
    along = dx * ux + dy * uy
    if along < p.block_near or along > p.block_far:
        return 0.0
    side = abs(dx * uy - dy * ux)
    return math.exp(-side * side / p.block_width)


@kernel
def aim_at(world, kind, x, y, man, p):
    """Aim at the open man for a cut-back, otherwise between the zone and the best-placed attacker in range."""
    delivery = world.delivery
    seed = world.seed
    delivery.kind = kind
    if kind == CUTBACK:
        delivery.target = man
        delivery.aim_x, delivery.aim_y = pass_place(world, man, p)
        delivery.aim_z = RADIUS
        return
    delivery.target = NOBODY
    nearest = p.aim_reach
    for i in range(1, ATTACKERS):
        player = world.players[i]
        if player.present != 0 and in_view(world, i, p):
            _, away = reach_time(player, x, y, p.aim_ahead_time, p)
            if away < nearest:
                nearest = away
                delivery.target = i
    if delivery.target != NOBODY:
        target = world.players[delivery.target]
        x += p.aim_at_man * (min(target.x + p.aim_lead * target.vx, p.deepest_aim) - x)
        y += p.aim_at_man * (target.y + p.aim_lead * target.vy - y)
    if kind == HIGH:
        x -= p.swing_aim * delivery.swing
    delivery.aim_x = min(x + p.aim_spread_x * normal(seed, AIM_X, WORLD, 0), p.deepest_aim)
    delivery.aim_y = y + p.aim_spread_y * normal(seed, AIM_Y, WORLD, 0)
    delivery.aim_z = p.cross_height if kind == HIGH else RADIUS
