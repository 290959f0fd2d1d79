"""What corner and free kick share: a ball that lies still, a taker who runs up to it, attackers who wait."""

from backpost.envs.world.chance import WORLD, uniform
from backpost.envs.world.compile import kernel
from backpost.envs.world.draws import STRIKE_TIME, SWING_OF_CROSS
from backpost.envs.world.record import CROSSER, ROLE_CROSSER

from .deal import deal_attacker, drawn, lay_ball, place

STRIKE = (2.0, 3.0)
"""s after the start when the ball is struck."""
RUN_UP = 2.0
"""m from the ball at which the taker waits."""
TAKER_X, TAKER_IN = 45.0, 10.0
"""After the strike the taker follows in: no further than this x, and so many metres into the pitch."""


@kernel
def deal_taker(world, kind, x, y, inswing, p):
    """The ball at its place, the taker behind it; `inswing` is the share of crosses that bend towards the goal."""
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
    """An attacker who stands behind this line (its x, m), looking at the taker."""
    deal_attacker(world, line, dealt, p)
    me = world.players[dealt.player]
    me.vx = 0.0
    me.fx, me.fy = 0.0, -1.0
