"""What corner and free kick share: a ball that lies still and a taker who runs up to it."""

from .chance import DEAL, between, uniform
from .compile import kernel
from .deal import lay_ball, place
from .world import CROSSER, ROLE_CROSSER

RUN_UP = 2.0
"""m from the ball at which the taker waits."""


@kernel
def deal_taker(world, kind, x, y, inswing, p):
    """The ball at its place, the taker behind it; `inswing` is the share of crosses that bend towards the goal."""
    seed, delivery = world.seed, world.delivery
    world.set_piece = kind
    delivery.strike_at = between(seed, DEAL, 0, 4, 2.0, 3.0)
    delivery.swing = -1.0 if uniform(seed, DEAL, 0, 9) < inswing else 1.0
    lay_ball(world, x, y)
    place(world, CROSSER, ROLE_CROSSER, x, y - RUN_UP, p.attacker_speed, p)
    me = world.players[CROSSER]
    me.fy = 1.0
    me.home_x, me.home_y = min(x, 45.0), y + 10.0
