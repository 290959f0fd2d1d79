"""Open play: the crosser on the wing with a defender on him, four attackers coming, six defenders and a keeper.

Crosses start wide of the box, near the byline or deep. Ranges of the deal are below;
after it nothing knows that this was open play.
"""

import math

from .chance import DEAL, HIPS, between, normal, uniform
from .compile import entry, kernel
from .fly import carry
from .perceive import new_readings, perceive
from .world import (
    ATTACKERS,
    CARRY,
    CROSSER,
    KEEPER,
    NOBODY,
    PRESSER,
    ROLE_CROSSER,
    ROLE_KEEPER,
    ROLE_MARKER,
    ROLE_PRESSER,
    ROLE_TEAMMATE,
    ROLE_ZONAL,
    RUNNER,
)

WIDE, BYLINE, DEEP = range(3)
STARTS = ("wide", "byline", "deep")


@kernel
def deal_open_play(world, p):
    """Fill the record: who stands where, in which role, with which intentions. Seed and difficulty are already set."""
    seed = world.seed
    kind = world.variant
    if kind == NOBODY:
        u = uniform(seed, DEAL, 0, 0)
        kind = WIDE if u < p.share_wide else BYLINE if u < p.share_wide + p.share_byline else DEEP
    deal_crosser(world, kind, p)
    line = p.line_height + 0.3 * max(world.players[CROSSER].x - 30.0, 0.0) - between(seed, DEAL, 0, 1, 0.0, 3.0)
    # Runner from the far side, one to the near post, one through the middle, one at the edge of the box.
    deal_attacker(world, RUNNER, line - between(seed, DEAL, 1, 1, 1.0, 7.0), between(seed, DEAL, 1, 2, 0.0, 9.0), p)
    deal_attacker(world, 2, line - between(seed, DEAL, 2, 1, 1.0, 5.0), between(seed, DEAL, 2, 2, -9.0, -2.0), p)
    deal_attacker(world, 3, line - between(seed, DEAL, 3, 1, 2.0, 7.0), between(seed, DEAL, 3, 2, -4.0, 3.0), p)
    deal_attacker(world, 4, line - between(seed, DEAL, 4, 1, 6.0, 11.0), between(seed, DEAL, 4, 2, -9.0, 5.0), p)
    set_run(world, RUNNER, 47.0, 5.5, between(seed, DEAL, 1, 3, -1.0, 0.2))
    set_run(world, 2, 48.0, -3.2, between(seed, DEAL, 2, 3, -1.2, 0.0))
    set_run(world, 3, 45.0, 0.8, between(seed, DEAL, 3, 3, -1.2, 0.2))
    set_run(world, 4, 40.5, -2.0, between(seed, DEAL, 4, 3, -1.0, 0.5))
    deal_defence(world, p)
    open_cross(world, p)


@kernel
def set_run(world, i, x, y, start):
    """Where a scripted attacker runs, and when he starts."""
    me = world.players[i]
    me.home_x, me.home_y, me.start = x, y, start


@kernel
def deal_crosser(world, kind, p):
    """Where and when the cross will be struck, and how he comes there."""
    seed, delivery = world.seed, world.delivery
    if kind == WIDE:
        x, y = between(seed, DEAL, 0, 2, 36.0, 46.0), -between(seed, DEAL, 0, 3, 17.0, 30.0)
    elif kind == BYLINE:
        x, y = between(seed, DEAL, 0, 2, 46.0, 51.0), -between(seed, DEAL, 0, 3, 9.0, 24.0)
    else:
        x, y = between(seed, DEAL, 0, 2, 24.0, 36.0), -between(seed, DEAL, 0, 3, 14.0, 29.0)
    delivery.strike_at = between(seed, DEAL, 0, 4, 2.2, 3.4)
    pace = between(seed, DEAL, 0, 5, 2.0, 5.5)
    if uniform(seed, DEAL, 0, 6) < p.check_back_chance:
        delivery.check_back_at = between(seed, DEAL, 0, 7, 0.3, delivery.strike_at - 1.2)
    start_y = max(y + between(seed, DEAL, 0, 8, -3.0, 3.0), -32.0)
    place(world, CROSSER, ROLE_CROSSER, x - pace * delivery.strike_at, start_y, p.attacker_speed, p)
    me = world.players[CROSSER]
    me.vx, me.fx = 0.8 * pace, 1.0
    me.home_x, me.home_y = x, y


@entry
def deal_attacker(world, i, x, y, p):
    """An attacker who waits for the cross, jogging towards the goal."""
    place(world, i, ROLE_TEAMMATE, x, y, p.attacker_speed, p)
    me = world.players[i]
    me.vx, me.fx = 1.5, 1.0
    me.read_error = p.runner_read_error


@entry
def place(world, i, role, x, y, speed, p):
    """Put a player on the pitch with the skills that attackers and defenders at full difficulty share."""
    me = world.players[i]
    me.present, me.role = 1, role
    me.x, me.y = x, y
    me.top_speed = speed + p.speed_spread * min(max(normal(world.seed, DEAL, i, 10), -2.0), 2.0)
    me.reaction, me.read_error, me.check_rate = p.reaction, p.read_error, p.check_rate


@entry
def place_defender(world, i, role, x, y, p):
    """A defender; below full difficulty he is slower, answers later, reads and looks around less well."""
    speed = p.keeper_speed if i == KEEPER else p.defender_speed
    place(world, i, role, x, y, speed - 1.2 * (1.0 - world.difficulty), p)
    me = world.players[i]
    easy = 1.0 - world.difficulty
    me.reaction = (p.keeper_reaction if i == KEEPER else p.reaction) + 0.25 * easy
    me.read_error *= 1.0 + easy
    me.check_rate *= 1.0 - 0.6 * easy
    me.fx = -1.0


@kernel
def deal_defence(world, p):
    """Keeper, presser, three markers goal-side of their men; far full-back, near and central zone in front of goal."""
    seed = world.seed
    place_defender(world, KEEPER, ROLE_KEEPER, 50.8, -0.5, p)
    crosser = world.players[CROSSER]
    gap = between(seed, DEAL, PRESSER, 1, p.press_near, p.press_far)
    place_defender(
        world, PRESSER, ROLE_PRESSER, crosser.x + 1.5 + gap, crosser.y + between(seed, DEAL, PRESSER, 2, 0.5, 3.0), p
    )
    world.players[PRESSER].gap = gap
    for i, man in ((13, 2), (14, RUNNER), (15, 3)):
        them = world.players[man]
        x = them.x + between(seed, DEAL, i, 1, 0.8, 3.0)
        place_defender(world, i, ROLE_MARKER, x, 0.9 * them.y + between(seed, DEAL, i, 2, -1.0, 1.0), p)
        world.players[i].man = man
        world.players[i].home_x, world.players[i].home_y = p.line_height, 0.7 * them.y + 2.5
    deal_zonal(world, 16, -0.5, 9.5, p)
    deal_zonal(world, 17, 1.2, -2.0, p)
    deal_zonal(world, 18, 0.0, 3.5, p)


@kernel
def deal_zonal(world, i, deeper, y, p):
    """A zonal defender of the last line; the block shifts with the ball, so he ends nearer to it than his y."""
    x = p.line_height + deeper
    place_defender(world, i, ROLE_ZONAL, x, 0.8 * y - 2.0 + between(world.seed, DEAL, i, 2, -1.0, 1.0), p)
    world.players[i].home_x, world.players[i].home_y = x, y


@kernel
def open_cross(world, p):
    """What every opening shares: the ball at the crosser's feet, beliefs, first looks, the luck of the cues."""
    seed, ball, delivery = world.seed, world.ball, world.delivery
    ball.owner = ball.last_touch = CROSSER
    carry(world)
    world.phase = CARRY
    world.limit = delivery.strike_at + p.limit_after_strike
    delivery.hips_x, delivery.hips_y = normal(seed, HIPS, 0, 0), normal(seed, HIPS, 1, 0)
    delivery.hips_kind = uniform(seed, HIPS, 2, 0)
    for i in range(ATTACKERS, KEEPER + ATTACKERS):
        me = world.players[i]
        if me.present != 0 and me.man != NOBODY:
            man = world.players[me.man]
            me.belief_x, me.belief_y, me.belief_vx, me.belief_vy = man.x, man.y, man.vx, man.vy
            me.check_wait = -math.log(uniform(seed, DEAL, i, 5)) / me.check_rate
    new_readings(world)
    perceive(world, p)
