"""The presser: closes the crosser down between ball and goal, then runs back."""

import math

from backpost.envs.world.compile import kernel
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import CROSS, CROSSER, LOOSE, SWING

from .steer import face, run_through, run_to


@kernel
def decide_presser(world, i, p):
    """Stand in the lane at his distance, closing in as the strike comes."""
    me = world.players[i]
    if world.phase <= SWING:
        crosser = world.players[CROSSER]
        x, y = crosser.x + 0.3 * crosser.vx, crosser.y + 0.3 * crosser.vy
        gx, gy = HALF_LENGTH - 8.0 - x, -y
        distance = math.sqrt(gx * gx + gy * gy) + 1e-9
        run_to(me, x + me.gap * gx / distance, y + me.gap * gy / distance, 1.0)
        face(me, world.ball.x, world.ball.y)
        return
    if (world.phase == CROSS or world.phase == LOOSE) and me.attacks != 0:
        run_through(me, me.meet_x, me.meet_y, me.arrives)
        return
    run_to(me, 42.0, -8.0, 0.8)
