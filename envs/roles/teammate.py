"""A scripted attacker: stays onside, times a run, attacks the ball at the meeting point."""

from backpost.envs.world.chance import normal
from backpost.envs.world.compile import kernel
from backpost.envs.world.draws import JUDGED_STRIKE
from backpost.envs.world.record import CROSS, LOOSE, NO_SET_PIECE, SWING

from .steer import face, run_through, run_to


@kernel
def judged_strike(world, i, p):
    """This player's estimate of the time of the strike; estimated again after a check-back."""
    delivery = world.delivery
    return delivery.strike_at + p.timing_error * normal(world.seed, JUDGED_STRIKE, i, delivery.checked_back)


@kernel
def decide_teammate(world, i, p):
    """Hold, run, attack the ball, then look for the second ball."""
    me = world.players[i]
    ball = world.ball
    # Once the ball is struck, everybody knows when.
    strike = judged_strike(world, i, p) if world.phase <= SWING else world.delivery.struck_at
    until_strike = strike - world.time
    until_start = until_strike + me.start
    holds = until_start > 0.0 and world.phase <= CROSS
    if not holds and (world.phase == CROSS or world.phase == LOOSE):
        if me.attacks != 0:
            run_through(me, me.meet_x, me.meet_y, me.arrives)
            if me.arrives < p.meet_facing_time:
                face(me, ball.x, ball.y)
            return
        run_to(me, me.home_x, me.home_y, 1.0 if world.phase == CROSS else p.loose_pace)
        return
    if holds or world.phase > SWING:
        # Move with the line until the strike, then stay.
        steps_up = world.phase <= SWING and world.set_piece == NO_SET_PIECE
        run_to(me, world.line_x - me.gap if steps_up else me.x, me.y, p.hold_pace)
        face(me, ball.x, ball.y)
        return
    # Before the strike, by this player's own estimate of it, the run bends along the line.
    x = min(me.home_x, world.line_x - p.line_margin) if until_strike > 0.0 else me.home_x
    run_to(me, x, me.home_y, 1.0)
