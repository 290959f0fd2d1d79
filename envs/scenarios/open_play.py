"""Open play: a crosser on the wing under pressure, four attackers arriving, a set defensive block and a keeper.

Crosses start wide of the box, near the byline or deep. The ranges of the deal below are chosen by hand; after the deal,
nothing depends on the scenario.
"""

from typing import NamedTuple

import numpy as np

from backpost.envs.roles.zonal import drop
from backpost.envs.world.chance import WORLD, between, uniform
from backpost.envs.world.compile import kernel
from backpost.envs.world.draws import (
    CHECK_BACK_TIME,
    CHECKS_BACK,
    KIND_OF_START,
    PACE,
    PRESSER_ACROSS,
    PRESSER_GAP,
    START_Y,
    STRIKE_TIME,
    STRIKE_X,
    STRIKE_Y,
    SWING_OF_CROSS,
)
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import CROSSER, NOBODY, PRESSER, ROLE_CROSSER, ROLE_PRESSER, RUNNER

from .deal import (
    Attacker,
    Range,
    deal_attacker,
    deal_defenders,
    deal_keeper,
    draw_pattern,
    drawn,
    lay_ball,
    open_cross,
    place,
    place_defender,
)

WIDE, BYLINE, DEEP = range(3)
STARTS = ("wide", "byline", "deep")

FEWEST, MOST = 6, 8
"""Outfield defenders."""
MEN = np.array([2, RUNNER, 3, 4])
"""The attackers to mark, in order of priority."""
ZONES = np.array([(-0.5, 6.5), (1.2, -4.0), (0.0, 1.0), (0.5, -7.0), (-7.0, -1.0), (-0.5, 12.0), (-6.0, 6.0)])
"""Far full-back, near and central zone, edge of the box, ...: metres goal-side of the last line, and y."""
TEAM = (
    # The runner from the far side, then near post, middle, edge of the box.
    Attacker(RUNNER, (0.5, 4.0), (0.0, 9.0), 47.0, (4.0, 9.0), (-1.6, 0.0)),
    Attacker(2, (0.5, 3.0), (-9.0, -2.0), 48.0, (-5.0, -1.5), (-1.8, -0.2)),
    Attacker(3, (1.0, 4.0), (-4.0, 3.0), 45.5, (-1.0, 4.0), (-1.6, 0.0)),
    Attacker(4, (5.0, 10.0), (-9.0, 5.0), 40.5, (-2.0, -2.0), (-1.0, 0.5)),
)


class Wing(NamedTuple):
    """Area from which crosses of one kind are struck.

    Attributes:
        x: x, m.
        out: distance from the middle of the pitch, m.
    """

    x: Range
    out: Range


WINGS = (
    Wing((36.0, 46.0), (19.0, 32.0)),  # wide
    Wing((46.0, 51.5), (9.0, 28.0)),  # byline
    Wing((24.0, 36.0), (15.0, 31.0)),  # deep
)
JOGS = (2.0, 5.5)
"""Speed of the crosser along the wing, m/s."""
STRIKE = (2.2, 3.4)
"""Time of the strike, s after the start."""
CHECK_BACK_FIRST, CHECK_BACK_LAST = 0.3, 1.2
"""The crosser checks back no earlier than this after the start, and no later than this before the strike, s."""
DRIFT = (-3.0, 3.0)
"""Lateral distance between start and strike, m."""
OUTERMOST = -32.5
"""Outermost y of the start, m."""
FIRST_PACE = 0.8
"""Speed at the start as a fraction of the crosser's pace."""
FOLLOW_X, FOLLOW_IN = 44.0, 0.6
"""After the strike the crosser follows in, up to this x and to this fraction of the distance from the middle."""
PRESSER_BEYOND = 1.5
"""The presser's gap is measured from this many m goal-side of the crosser."""
PRESSER_INSIDE = (0.5, 3.0)
"""Presser's position towards the middle from the crosser, m."""


@kernel
def deal_open_play(world, p):
    """Fill the record with players, roles and planned runs. Seed and difficulty are already set."""
    kind = world.variant
    if kind == NOBODY:
        u = uniform(world.seed, KIND_OF_START, WORLD, 0)
        kind = WIDE if u < p.share_wide else BYLINE if u < p.share_wide + p.share_byline else DEEP
    draw_pattern(world, p.line_height - p.line_spread, p.line_height + p.line_spread, FEWEST, MOST, p)
    deal_winger(world, kind, drawn(world, PACE, WORLD, JOGS), p)
    line = HALF_LENGTH - world.pattern.line_height + drop(world, p)
    for attacker in TEAM:
        deal_attacker(world, line, attacker, p)
    deal_keeper(world, p)
    deal_presser(world, p)
    deal_defenders(world, PRESSER + 1, MEN, line, ZONES, p)
    open_cross(world, p)


@kernel
def deal_winger(world, kind, pace, p):
    """Deal place and time of the strike, and the crosser who carries the ball there at this pace (m/s)."""
    seed, delivery, wing = world.seed, world.delivery, WINGS[kind]
    x, y = drawn(world, STRIKE_X, WORLD, wing.x), -drawn(world, STRIKE_Y, WORLD, wing.out)
    delivery.strike_at = drawn(world, STRIKE_TIME, WORLD, STRIKE)
    delivery.swing = -1.0 if uniform(seed, SWING_OF_CROSS, WORLD, 0) < p.share_inswing else 1.0
    if uniform(seed, CHECKS_BACK, WORLD, 0) < p.check_back_chance:
        latest = delivery.strike_at - CHECK_BACK_LAST
        delivery.check_back_at = between(seed, CHECK_BACK_TIME, WORLD, 0, CHECK_BACK_FIRST, latest)
    start_y = max(y + drawn(world, START_Y, WORLD, DRIFT), OUTERMOST)
    place(world, CROSSER, ROLE_CROSSER, x - pace * delivery.strike_at, start_y, p.attacker_speed, p)
    me = world.players[CROSSER]
    me.vx, me.fx = FIRST_PACE * pace, 1.0
    me.home_x, me.home_y = min(x, FOLLOW_X), FOLLOW_IN * y
    lay_ball(world, me.x + p.ball_ahead, me.y)
    delivery.origin_x, delivery.origin_y = x, y


@kernel
def deal_presser(world, p):
    """Deal a defender close to the crosser, on the goal side."""
    crosser = world.players[CROSSER]
    gap = between(world.seed, PRESSER_GAP, PRESSER, 0, p.press_near, p.press_far)
    y = crosser.y + drawn(world, PRESSER_ACROSS, PRESSER, PRESSER_INSIDE)
    place_defender(world, PRESSER, ROLE_PRESSER, crosser.x + PRESSER_BEYOND + gap, y, p)
    world.players[PRESSER].gap = gap
