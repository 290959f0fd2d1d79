"""The presser: closes the crosser down between ball and goal, then runs back."""

from backpost.envs.world.compile import kernel
from backpost.envs.world.geometry import TINY, length
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import CROSS, CROSSER, LOOSE, SWING

from .steer import face, run_through, run_to


@kernel
def decide_presser(world, i, p):
    """Stay in the lane at the set distance, closing in as the strike approaches."""
    me = world.players[i]
    if world.phase <= SWING:
        crosser = world.players[CROSSER]
        x, y = crosser.x + p.press_lead * crosser.vx, crosser.y + p.press_lead * crosser.vy
        gx, gy = HALF_LENGTH - p.press_goal_depth - x, -y
        distance = length(gx, gy) + TINY
        run_to(me, x + me.gap * gx / distance, y + me.gap * gy / distance, 1.0)
        face(me, world.ball.x, world.ball.y)
        return
    if (world.phase == CROSS or world.phase == LOOSE) and me.attacks != 0:
        run_through(me, me.meet_x, me.meet_y, me.arrives)
        return
    run_to(me, p.press_back_x, p.press_back_y, p.press_back_pace)
