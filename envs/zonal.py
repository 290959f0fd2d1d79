"""A zonal defender: keeps his place in a block that moves with the ball; goes for it when he expects to be first."""

from .compile import entry, kernel
from .pitch import HALF_LENGTH
from .steer import face, run_through, run_to
from .world import CROSS, LOOSE


@entry
def zone_place(world, me, p):
    """His place in the block: it drops towards the goal as the ball nears the byline, and shifts with it."""
    drop = p.collapse * max(world.ball.x - 30.0, 0.0)
    return min(me.home_x + drop, HALF_LENGTH - 3.0), me.home_y + p.shift * (world.ball.y - me.home_y)


@kernel
def decide_zonal(world, i, p):
    """Hold the zone facing the ball; attack the ball if first."""
    me = world.players[i]
    if (world.phase == CROSS or world.phase == LOOSE) and me.attacks != 0:
        run_through(me, me.meet_x, me.meet_y, me.arrives)
        return
    x, y = zone_place(world, me, p)
    run_to(me, x, y, 0.9)
    face(me, world.ball.x, world.ball.y)
