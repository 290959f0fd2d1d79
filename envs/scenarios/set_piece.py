"""Common parts of corner and free kick: a dead ball, a taker's run-up, waiting attackers."""

from backpost.envs.world.chance import WORLD, uniform
from backpost.envs.world.compile import kernel
from backpost.envs.world.draws import STRIKE_TIME, SWING_OF_CROSS
from backpost.envs.world.record import CROSSER, ROLE_CROSSER

from .deal import deal_attacker, drawn, lay_ball, place

STRIKE = (2.0, 3.0)
"""Time of the strike, s after the start."""
RUN_UP = 2.0
"""Distance of the waiting taker from the ball, m."""
TAKER_X, TAKER_IN = 45.0, 10.0
"""After the strike the taker follows in, up to this x and this many metres infield."""


@kernel
def deal_taker(world, kind, x, y, inswing, p):
    """Deal the ball and the taker behind it; `inswing` is the share of in-swinging crosses."""
    delivery = world.delivery
    world.set_piece = kind
    delivery.strike_at = drawn(world, STRIKE_TIME, WORLD, STRIKE)
    delivery.swing = -1.0 if uniform(world.seed, SWING_OF_CROSS, WORLD, 0) < inswing else 1.0
    lay_ball(world, x, y)
    place(world, CROSSER, ROLE_CROSSER, x, y - RUN_UP, p.attacker_speed, p)
    me = world.players[CROSSER]
    me.fy = 1.0
    me.home_x, me.home_y = min(x, TAKER_X), y + TAKER_IN


@kernel
def deal_waiting(world, line, dealt, p):
    """Deal an attacker standing behind this line (its x, m), facing the taker."""
    deal_attacker(world, line, dealt, p)
    me = world.players[dealt.player]
    me.vx = 0.0
    me.fx, me.fy = 0.0, -1.0
