"""A scripted attacker: holds onside, starts his run at his own moment, attacks the ball where he can meet it."""

from .chance import LINE_MEMORY, normal
from .compile import kernel
from .steer import face, run_through, run_to
from .world import CROSS, LOOSE, SWING


@kernel
def decide_teammate(world, i, p):
    """Hold, run, attack the ball, then look for the second one."""
    me = world.players[i]
    ball = world.ball
    until_start = world.delivery.strike_at + me.start - world.time
    holds = until_start > 0.0 and world.phase <= CROSS
    if not holds and (world.phase == CROSS or world.phase == LOOSE):
        if me.attacks != 0:
            run_through(me, me.meet_x, me.meet_y, me.arrives)
            if me.arrives < 0.4:
                face(me, ball.x, ball.y)
            return
        run_to(me, me.home_x, me.home_y, 1.0 if world.phase == CROSS else 0.5)
        return
    if holds or world.phase > SWING:
        run_to(me, min(me.x, world.line_x - 0.5), me.y, 0.6)
        face(me, ball.x, ball.y)
        return
    # Before the strike he times his run so that he comes to the line with it, as far as he can tell when it will be.
    left = world.delivery.strike_at - world.time + p.timing_error * normal(world.seed, LINE_MEMORY, i, 0)
    x = me.home_x
    if left > 0.0:
        x = min(x, world.line_x - p.line_margin - p.line_pace * left)
    run_to(me, x, me.home_y, 1.0)
