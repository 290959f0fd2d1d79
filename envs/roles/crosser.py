"""The crosser: carries the ball, looks up, plants, swings and strikes; he may check back once.

He chooses delivery and target shortly before the strike from what he then sees: who will be where, who is open, who
calls. The weights are a choice model with Gumbel noise, calibrated to the shares of deliveries in published data.
"""

import math

from backpost.envs.world.ball import RADIUS
from backpost.envs.world.chance import DELIVERY_CHOICE, normal, uniform
from backpost.envs.world.compile import kernel
from backpost.envs.world.pitch import HALF_LENGTH, SPOT_DEPTH
from backpost.envs.world.record import (
    ATTACKERS,
    CARRY,
    CROSSER,
    CUTBACK,
    HIGH,
    KEEPER,
    LOOK,
    LOW,
    NO_SET_PIECE,
    NOBODY,
    PLANT,
    PLAYERS,
    PRESSER,
    ROLE_PRESSER,
    SWING,
)

from .steer import face, run_to

OPTIONS = 6
HIGH_OPTIONS = 3
HEAD_HEIGHT = 1.7
"""m at which a high cross comes down to its aim."""
NO_PASS = -99.0
"""Value of a cut-back for which nobody is open."""
RUN_UP_TIME = 0.7
"""Seconds before the strike at which the taker of a set piece starts towards the ball."""
CUTBACK_DEPTH = 10.0
"""m from the byline within which a cut-back is thought of."""
LONGEST_PASS = 17.0
"""m of a cut-back."""
CHECK_BACK_TIME = 0.9
"""Seconds that a check-back delays the strike."""


@kernel
def prepare_cross(world, p):
    """The stages of the strike, from the time that is left; the choice is made as he looks up."""
    delivery = world.delivery
    if delivery.check_back_at <= world.time:
        delivery.check_back_at = 99.0
        delivery.checked_back = 1
        delivery.strike_at += CHECK_BACK_TIME
        world.players[CROSSER].locked = CHECK_BACK_TIME
    left = delivery.strike_at - world.time
    stage = CARRY
    if left < p.look_time:
        stage = LOOK
    if left < p.plant_time:
        stage = PLANT
    if left < p.swing_time:
        stage = SWING
    if stage != world.phase:
        world.phase = stage
        world.phase_since = world.time
    if left < p.choice_time:
        choose_delivery(world, p)


@kernel
def decide_crosser(world, i, p):
    """Carry the ball to the place of the strike, or wait and run up to it; after the strike follow in."""
    me, delivery = world.players[i], world.delivery
    if world.phase > SWING:
        if me.attacks != 0:
            run_to(me, me.meet_x, me.meet_y, 1.0)
        else:
            run_to(me, me.home_x, me.home_y, 0.5)
        return
    left = delivery.strike_at - world.time
    if world.set_piece != NO_SET_PIECE and left > RUN_UP_TIME:
        run_to(me, me.x, me.y, 0.0)
        face(me, HALF_LENGTH - SPOT_DEPTH, 0.0)
        return
    if me.locked > 0.0 and left > 0.4:
        # The check-back: the ball goes back the way it came, the body with it.
        run_to(me, me.x - 4.0, me.y, 0.45)
        return
    left = max(left, 0.1)
    dx, dy = delivery.origin_x - me.x, delivery.origin_y - me.y
    pace = min(math.sqrt(dx * dx + dy * dy) / (left * me.top_speed), 0.85)
    run_to(me, delivery.origin_x, delivery.origin_y, pace)
    if world.phase >= PLANT:
        face(me, delivery.aim_x, delivery.aim_y)


@kernel
def option(world, k, p):
    """The k-th option: kind, place, and how much crossers like it before they look, in units of the choice noise.

    A high ball is aimed no further behind the line of defence than attackers can run while it flies.
    """
    deepest = world.line_x + p.aim_ahead
    if k == 0:
        return HIGH, min(47.3, deepest), -4.6, p.choice_near
    if k == 1:
        return HIGH, min(45.0, deepest), 0.0, p.choice_centre
    if k == 2:
        return HIGH, min(46.4, deepest), p.far_aim, p.choice_far
    if k == 3:
        return LOW, 48.3, -4.0, p.choice_low_near
    if k == 4:
        return LOW, 47.0, 1.5, p.choice_low_centre
    # The cut-back goes to a man, not to a place.
    return CUTBACK, 0.0, 0.0, p.choice_cutback


@kernel
def reach_time(player, x, y, ahead):
    """Seconds until he can be there, if he goes on for `ahead` seconds and then runs straight; and the distance."""
    dx, dy = x - player.x - ahead * player.vx, y - player.y - ahead * player.vy
    distance = math.sqrt(dx * dx + dy * dy)
    return ahead + distance / player.top_speed + 0.25, distance


@kernel
def choose_delivery(world, p):
    """Pick the option with the highest sum of liking, openness, arrival and noise; aim at who will be there.

    A given ball is chosen already; from this moment on his body shows it like any other.
    """
    delivery = world.delivery
    if delivery.chosen != 0:
        return
    delivery.chosen = 1
    if delivery.given != 0:
        return
    man, openness = open_man(world, p)
    best, best_value = 0, -1e9
    # From a set piece the ball comes high.
    for k in range(OPTIONS if world.set_piece == NO_SET_PIECE else HIGH_OPTIONS):
        kind, x, y, liking = option(world, k, p)
        value = liking + p.choice_openness * openness if kind == CUTBACK else option_value(world, liking, kind, x, y, p)
        value -= p.choice_noise * math.log(-math.log(uniform(world.seed, DELIVERY_CHOICE, 0, k)))
        if value > best_value and (kind != CUTBACK or man != NOBODY):
            best, best_value = k, value
    kind, x, y, _ = option(world, best, p)
    aim_at(world, kind, x, y, man, p)


@kernel
def in_view(world, i, p):
    """True if the crosser, who looks into the middle of the box, sees this player."""
    delivery, player = world.delivery, world.players[i]
    ux, uy = HALF_LENGTH - SPOT_DEPTH - delivery.origin_x, -delivery.origin_y
    dx, dy = player.x - delivery.origin_x, player.y - delivery.origin_y
    size = math.sqrt((ux * ux + uy * uy) * (dx * dx + dy * dy)) + 1e-9
    return (ux * dx + uy * dy) / size > p.view_cosine


@kernel
def option_value(world, liking, kind, x, y, p):
    """Liking, lead of the nearest attacker over the nearest defender in view, arrival in time, a free lane, a call."""
    delivery = world.delivery
    dx, dy = x - delivery.origin_x, y - delivery.origin_y
    distance = math.sqrt(dx * dx + dy * dy) + 1e-9
    flight = distance / (p.high_hspeed if kind == HIGH else p.low_hspeed)
    attack, defence, calls = 9.0, 9.0, 0.0
    for i in range(1, PLAYERS):
        player = world.players[i]
        if player.present == 0 or i == KEEPER or player.role == ROLE_PRESSER:
            continue
        if not in_view(world, i, p):
            continue
        seconds, away = reach_time(player, x, y, 0.5)
        if i >= ATTACKERS:
            defence = min(defence, seconds)
        else:
            attack = min(attack, seconds)
            if away < 8.0:
                calls = max(calls, player.intent.call)
    value = liking + p.choice_openness * math.tanh(defence - attack) + p.choice_call * calls
    value += p.choice_arrival * math.exp(-max(attack - flight - p.choice_time, 0.0) / 0.5)
    if kind == LOW and distance > 26.0:
        value -= 0.3 * (distance - 26.0)
    presser = world.players[PRESSER]
    if presser.role == ROLE_PRESSER and kind != HIGH:
        value -= p.choice_lane * blocked_lane(presser, world.players[CROSSER], dx / distance, dy / distance)
    return value


@kernel
def open_man(world, p):
    """The most open attacker for a pass pulled back from near the byline, and how open: (NOBODY, NO_PASS) if none.

    A pass of at most 17 m, back by 3 m or more, to a man who will be 8.5 to 14 m from the goal line, with nobody near
    him or the pass.
    """
    delivery = world.delivery
    best, best_value = NOBODY, NO_PASS
    if delivery.origin_x < HALF_LENGTH - CUTBACK_DEPTH:
        return best, best_value
    for i in range(1, ATTACKERS):
        player = world.players[i]
        if player.present == 0 or not in_view(world, i, p):
            continue
        x, y = pass_place(world, i, p)
        dx, dy = x - delivery.origin_x, y - delivery.origin_y
        distance = math.sqrt(dx * dx + dy * dy)
        depth = HALF_LENGTH - x
        if distance > LONGEST_PASS or -dx < 3.0 or depth < 8.5 or depth > 14.0:
            continue
        value = math.tanh(pass_gap(world, x, y, distance, p) - p.pass_gap) + p.choice_call * player.intent.call
        if value > best_value:
            best, best_value = i, value
    return best, best_value


@kernel
def pass_place(world, i, p):
    """Where he will be when a cut-back reaches him, if he goes on as he does."""
    delivery, player = world.delivery, world.players[i]
    dx, dy = player.x - delivery.origin_x, player.y - delivery.origin_y
    seconds = p.choice_time + math.sqrt(dx * dx + dy * dy) / p.cutback_hspeed
    return player.x + 0.7 * seconds * player.vx, player.y + 0.7 * seconds * player.vy


@kernel
def pass_gap(world, x, y, distance, p):
    """Metres between the nearest opponent in view and the pass or its end, as they will be."""
    delivery = world.delivery
    ux, uy = (x - delivery.origin_x) / distance, (y - delivery.origin_y) / distance
    gap = 9.0
    for i in range(KEEPER, PLAYERS):
        player = world.players[i]
        if player.present == 0 or player.role == ROLE_PRESSER or not in_view(world, i, p):
            continue
        dx = player.x + p.choice_time * player.vx - delivery.origin_x
        dy = player.y + p.choice_time * player.vy - delivery.origin_y
        along = min(max(dx * ux + dy * uy, 0.0), distance)
        dx, dy = dx - along * ux, dy - along * uy
        gap = min(gap, math.sqrt(dx * dx + dy * dy))
    return gap


@kernel
def blocked_lane(presser, me, ux, uy):
    """1 if the presser stands in this direction close by, falling to 0 beside it."""
    dx, dy = presser.x - me.x, presser.y - me.y
    along = dx * ux + dy * uy
    if along < 0.2 or along > 4.0:
        return 0.0
    side = abs(dx * uy - dy * ux)
    return math.exp(-side * side / 0.8)


@kernel
def aim_at(world, kind, x, y, man, p):
    """Aim at the open man for a cut-back, else between the zone and the best-placed attacker who can reach it."""
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
            _, away = reach_time(player, x, y, 0.8)
            if away < nearest:
                nearest = away
                delivery.target = i
    if delivery.target != NOBODY:
        target = world.players[delivery.target]
        y += p.aim_at_man * (target.y + 0.9 * target.vy - y)
    if kind == HIGH:
        x -= p.swing_aim * delivery.swing
    delivery.aim_x = min(x + p.aim_spread * normal(seed, DELIVERY_CHOICE, 1, 0), 50.5)
    delivery.aim_y = y + p.aim_spread * normal(seed, DELIVERY_CHOICE, 1, 1)
    delivery.aim_z = HEAD_HEIGHT if kind == HIGH else RADIUS
