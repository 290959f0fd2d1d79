"""What corner and free kick share: a ball that lies still, a taker who runs up to it, attackers who wait."""

from backpost.envs.world.chance import DEAL, between, uniform
from backpost.envs.world.compile import kernel
from backpost.envs.world.record import CROSSER, ROLE_CROSSER

from .deal import deal_attacker, lay_ball, place

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


@kernel
def deal_waiting(world, i, line, behind, ys, p):
    """An attacker who stands somewhere in this range of metres behind a line and of y, looking at the taker."""
    seed = world.seed
    gap, y = between(seed, DEAL, i, 1, behind[0], behind[1]), between(seed, DEAL, i, 2, ys[0], ys[1])
    deal_attacker(world, i, line, gap, y, p)
    me = world.players[i]
    me.vx = 0.0
    me.fx, me.fy = 0.0, -1.0
