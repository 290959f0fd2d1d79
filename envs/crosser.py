"""The crosser: carries the ball, looks up, plants, swings and strikes; he may check back once.

He chooses delivery and target shortly before the strike from what he then sees: who will be where, who is open, who
calls. The weights are a choice model with Gumbel noise, calibrated to the shares of deliveries in published data.
"""

import math

from .chance import DELIVERY_CHOICE, normal, uniform
from .compile import kernel
from .pitch import HALF_LENGTH
from .steer import face, run_to
from .world import (
    ATTACKERS,
    CARRY,
    CROSSER,
    CUTBACK,
    HIGH,
    KEEPER,
    LOOK,
    LOW,
    NOBODY,
    PLANT,
    PLAYERS,
    PRESSER,
    SWING,
)

OPTIONS = 6
CHECK_BACK_TIME = 0.9
"""Seconds that a check-back delays the strike."""


@kernel
def prepare_cross(world, p):
    """The stages of the strike, from the time that is left; the choice is made as he looks up."""
    delivery = world.delivery
    if delivery.check_back_at <= world.time:
        delivery.check_back_at = 99.0
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
    if left < p.choice_time and delivery.chosen == 0:
        choose_delivery(world, p)


@kernel
def decide_crosser(world, i, p):
    """Carry the ball to the place of the strike; turn back while checking; after the strike follow in."""
    me = world.players[i]
    if world.phase > SWING:
        if me.attacks != 0:
            run_to(me, me.meet_x, me.meet_y, 1.0)
        else:
            run_to(me, me.home_x, me.home_y, 0.5)
        return
    if me.locked > 0.0 and world.delivery.strike_at - world.time > 0.4:
        # The check-back: the ball goes back the way it came, the body with it.
        run_to(me, me.x - 4.0, me.y, 0.45)
        return
    left = max(world.delivery.strike_at - world.time, 0.1)
    dx, dy = me.home_x - me.x, me.home_y - me.y
    pace = min(math.sqrt(dx * dx + dy * dy) / (left * me.top_speed), 0.85)
    run_to(me, me.home_x, me.home_y, pace)
    if world.phase >= PLANT:
        face(me, world.delivery.aim_x, world.delivery.aim_y)


@kernel
def option(k, cross_x, cross_y, p):
    """The k-th option: kind, place, and how much crossers like it before they look, in units of the choice noise."""
    if k == 0:
        return HIGH, 47.3, -4.6, p.choice_near
    if k == 1:
        return HIGH, 45.0, 0.0, p.choice_centre
    if k == 2:
        return HIGH, 46.4, 6.0, p.choice_far
    if k == 3:
        return LOW, 48.3, -4.0, p.choice_low_near
    if k == 4:
        return LOW, 47.0, 1.5, p.choice_low_centre
    # The cut-back: pulled back from the byline to the spot.
    return CUTBACK, min(cross_x - 5.0, 42.5), 0.45 * cross_y, p.choice_cutback


@kernel
def reach_time(player, x, y, ahead):
    """Seconds until he can be there, if he goes on for `ahead` seconds and then runs straight; and the distance."""
    dx, dy = x - player.x - ahead * player.vx, y - player.y - ahead * player.vy
    distance = math.sqrt(dx * dx + dy * dy)
    return ahead + distance / player.top_speed + 0.25, distance


@kernel
def choose_delivery(world, p):
    """Pick the option with the highest sum of liking, openness, arrival and noise; aim at who will be there."""
    delivery = world.delivery
    delivery.chosen = 1
    if delivery.given != 0:
        return
    me = world.players[CROSSER]
    best, best_value = 0, -1e9
    for k in range(OPTIONS):
        kind, x, y, liking = option(k, me.home_x, me.home_y, p)
        value = option_value(world, liking, kind, x, y, p)
        value -= p.choice_noise * math.log(-math.log(uniform(world.seed, DELIVERY_CHOICE, 0, k)))
        if value > best_value:
            best, best_value = k, value
    kind, x, y, _ = option(best, me.home_x, me.home_y, p)
    aim_at(world, kind, x, y, p)


@kernel
def option_value(world, liking, kind, x, y, p):
    """Liking, lead of the nearest attacker over the nearest defender, arrival in time, a free lane, a call."""
    me = world.players[CROSSER]
    dx, dy = x - me.home_x, y - me.home_y
    distance = math.sqrt(dx * dx + dy * dy)
    flight = distance / (p.high_hspeed if kind == HIGH else p.low_hspeed if kind == LOW else p.cutback_hspeed)
    attack, defence, calls = 9.0, 9.0, 0.0
    for i in range(1, PLAYERS):
        player = world.players[i]
        if player.present == 0 or i == KEEPER or i == PRESSER:
            continue
        seconds, away = reach_time(player, x, y, 0.5)
        if i < ATTACKERS:
            attack = min(attack, seconds)
            if away < 8.0:
                calls = max(calls, player.intent.call)
        else:
            defence = min(defence, seconds)
    value = liking + p.choice_openness * math.tanh(defence - attack) + p.choice_call * calls
    value += p.choice_arrival * math.exp(-max(attack - flight - p.choice_time, 0.0) / 0.5)
    if kind == CUTBACK and (HALF_LENGTH - me.home_x > 10.0 or distance > 22.0):
        value -= 6.0
    if kind == LOW and distance > 26.0:
        value -= 0.3 * (distance - 26.0)
    presser = world.players[PRESSER]
    if presser.present != 0 and kind != HIGH:
        value -= p.choice_lane * blocked_lane(presser, me, dx / distance, dy / distance)
    return value


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
def aim_at(world, kind, x, y, p):
    """Aim between the zone and the place that the best-placed attacker can reach in time."""
    delivery = world.delivery
    seed = world.seed
    delivery.kind = kind
    delivery.target = NOBODY
    nearest = p.aim_reach
    for i in range(1, ATTACKERS):
        player = world.players[i]
        if player.present != 0:
            _, away = reach_time(player, x, y, 0.8)
            if away < nearest:
                nearest = away
                delivery.target = i
    if delivery.target != NOBODY:
        target = world.players[delivery.target]
        if kind == CUTBACK:
            x = 0.35 * x + 0.65 * min(target.x + 0.9 * target.vx, 46.0)
            y = 0.35 * y + 0.65 * (target.y + 0.9 * target.vy)
        else:
            y = 0.75 * y + 0.25 * (target.y + 0.9 * target.vy)
    delivery.aim_x = min(x + p.aim_spread * normal(seed, DELIVERY_CHOICE, 1, 0), 50.5)
    delivery.aim_y = y + p.aim_spread * normal(seed, DELIVERY_CHOICE, 1, 1)
    delivery.aim_z = 1.7 if kind == HIGH else 0.11
