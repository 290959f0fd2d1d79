"""Open play: the crosser on the wing with a defender on him, four attackers coming, a set block and a keeper.

Crosses start wide of the box, near the byline or deep. Ranges of the deal are below; after it nothing knows that this
was open play.
"""

import numpy as np

from backpost.envs.roles.zonal import drop
from backpost.envs.world.chance import DEAL, between, uniform
from backpost.envs.world.compile import kernel
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import CROSSER, NOBODY, PRESSER, ROLE_CROSSER, ROLE_PRESSER, RUNNER

from .deal import (
    deal_attacker,
    deal_defenders,
    deal_keeper,
    draw_pattern,
    lay_ball,
    open_cross,
    place,
    place_defender,
    set_run,
)

WIDE, BYLINE, DEEP = range(3)
STARTS = ("wide", "byline", "deep")

MEN = np.array([2, RUNNER, 3, 4])
"""The attackers whom markers take, the first ones first."""
ZONES = np.array([(-0.5, 6.5), (1.2, -4.0), (0.0, 1.0), (0.5, -7.0), (-7.0, -1.0), (-0.5, 12.0), (-6.0, 6.0)])
"""Far full-back, near and central zone, the edge of the box, ...: metres goal-side of the last line, and y."""


@kernel
def deal_open_play(world, p):
    """Fill the record: who stands where, in which role, with which intentions. Seed and difficulty are already set."""
    seed = world.seed
    kind = world.variant
    if kind == NOBODY:
        u = uniform(seed, DEAL, 0, 0)
        kind = WIDE if u < p.share_wide else BYLINE if u < p.share_wide + p.share_byline else DEEP
    draw_pattern(world, p.line_height - p.line_spread, p.line_height + p.line_spread, 6, 8, p)
    deal_winger(world, kind, between(seed, DEAL, 0, 5, 2.0, 5.5), p)
    line = HALF_LENGTH - world.pattern.line_height + drop(world, p)
    # Runner from the far side, one to the near post, one through the middle, one at the edge of the box.
    deal_attacker(world, RUNNER, line, between(seed, DEAL, 1, 1, 0.5, 4.0), between(seed, DEAL, 1, 2, 0.0, 9.0), p)
    deal_attacker(world, 2, line, between(seed, DEAL, 2, 1, 0.5, 3.0), between(seed, DEAL, 2, 2, -9.0, -2.0), p)
    deal_attacker(world, 3, line, between(seed, DEAL, 3, 1, 1.0, 4.0), between(seed, DEAL, 3, 2, -4.0, 3.0), p)
    deal_attacker(world, 4, line, between(seed, DEAL, 4, 1, 5.0, 10.0), between(seed, DEAL, 4, 2, -9.0, 5.0), p)
    set_run(world, RUNNER, 47.0, between(seed, DEAL, 1, 4, 4.0, 9.0), between(seed, DEAL, 1, 3, -1.6, 0.0))
    set_run(world, 2, 48.0, between(seed, DEAL, 2, 4, -5.0, -1.5), between(seed, DEAL, 2, 3, -1.8, -0.2))
    set_run(world, 3, 45.5, between(seed, DEAL, 3, 4, -1.0, 4.0), between(seed, DEAL, 3, 3, -1.6, 0.0))
    set_run(world, 4, 40.5, -2.0, between(seed, DEAL, 4, 3, -1.0, 0.5))
    deal_keeper(world, p)
    deal_presser(world, p)
    deal_defenders(world, PRESSER + 1, MEN, line, ZONES, p)
    open_cross(world, p)


@kernel
def deal_winger(world, kind, pace, p):
    """Where and when the cross will be struck, and how the crosser comes there: at this pace (m/s) along the wing."""
    seed, delivery = world.seed, world.delivery
    if kind == WIDE:
        x, y = between(seed, DEAL, 0, 2, 36.0, 46.0), -between(seed, DEAL, 0, 3, 19.0, 32.0)
    elif kind == BYLINE:
        x, y = between(seed, DEAL, 0, 2, 46.0, 51.5), -between(seed, DEAL, 0, 3, 9.0, 28.0)
    else:
        x, y = between(seed, DEAL, 0, 2, 24.0, 36.0), -between(seed, DEAL, 0, 3, 15.0, 31.0)
    delivery.strike_at = between(seed, DEAL, 0, 4, 2.2, 3.4)
    delivery.swing = -1.0 if uniform(seed, DEAL, 0, 9) < p.share_inswing else 1.0
    if uniform(seed, DEAL, 0, 6) < p.check_back_chance:
        delivery.check_back_at = between(seed, DEAL, 0, 7, 0.3, delivery.strike_at - 1.2)
    start_y = max(y + between(seed, DEAL, 0, 8, -3.0, 3.0), -32.5)
    place(world, CROSSER, ROLE_CROSSER, x - pace * delivery.strike_at, start_y, p.attacker_speed, p)
    me = world.players[CROSSER]
    me.vx, me.fx = 0.8 * pace, 1.0
    me.home_x, me.home_y = min(x, 44.0), 0.6 * y
    lay_ball(world, me.x + 0.5, me.y)
    delivery.origin_x, delivery.origin_y = x, y


@kernel
def deal_presser(world, p):
    """A defender close to the crosser, between him and the goal."""
    seed, crosser = world.seed, world.players[CROSSER]
    gap = between(seed, DEAL, PRESSER, 1, p.press_near, p.press_far)
    y = crosser.y + between(seed, DEAL, PRESSER, 2, 0.5, 3.0)
    place_defender(world, PRESSER, ROLE_PRESSER, crosser.x + 1.5 + gap, y, p)
    world.players[PRESSER].gap = gap
