"""A zonal defender: keeps his place in a block that moves with the ball; goes for it when he expects to be first."""

from backpost.envs.world.compile import entry, kernel
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import CROSS, LOOSE

from .steer import face, run_through, run_to

TURN_DISTANCE = 5.0
"""m from his place beyond which he turns and runs there instead of backing off with the ball in sight."""


@kernel
def drop(world, p):
    """Metres by which the block has dropped towards the goal: the nearer the ball to the byline, the further."""
    return p.collapse * max(world.ball.x - 30.0, 0.0)


@entry
def zone_place(world, me, p):
    """His place in the block, which drops and shifts with the ball."""
    return min(me.home_x + drop(world, p), HALF_LENGTH - 3.0), me.home_y + p.shift * (world.ball.y - me.home_y)


@kernel
def decide_zonal(world, i, p):
    """Hold the zone facing the ball, or run back to it; attack the ball if first."""
    me = world.players[i]
    if (world.phase == CROSS or world.phase == LOOSE) and me.attacks != 0:
        run_through(me, me.meet_x, me.meet_y, me.arrives)
        return
    x, y = zone_place(world, me, p)
    run_to(me, x, y, 0.9)
    if abs(x - me.x) + abs(y - me.y) < TURN_DISTANCE:
        face(me, world.ball.x, world.ball.y)
