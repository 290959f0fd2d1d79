"""A zonal defender: holds a zone in a block that moves with the ball; goes for the ball when expecting to be first."""

from backpost.envs.world.compile import entry, kernel
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import CROSS, LOOSE

from .steer import face, run_through, run_to


@kernel
def drop(world, p):
    """Metres by which the block has dropped towards goal: further the nearer the ball is to the byline."""
    return p.collapse * max(world.ball.x - p.collapse_from, 0.0)


@entry
def zone_place(world, me, p):
    """A defender's position in the block, which drops and shifts with the ball."""
    x = min(me.home_x + drop(world, p), HALF_LENGTH - p.zone_deepest)
    return x, me.home_y + p.shift * (world.ball.y - me.home_y)


@kernel
def decide_zonal(world, i, p):
    """Hold the zone facing the ball, or run back to it; attack the ball if first."""
    me = world.players[i]
    if (world.phase == CROSS or world.phase == LOOSE) and me.attacks != 0:
        run_through(me, me.meet_x, me.meet_y, me.arrives)
        return
    x, y = zone_place(world, me, p)
    run_to(me, x, y, p.zone_pace)
    if abs(x - me.x) + abs(y - me.y) < p.turn_distance:
        face(me, world.ball.x, world.ball.y)
