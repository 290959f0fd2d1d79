"""The crosser: carries the ball, looks up, plants, swings and strikes; may check back once.

Shortly before the strike, the crosser chooses delivery and target from what is visible then: predicted positions, open
team-mates and calls (`delivery.py`).
"""

from backpost.envs.world.compile import kernel
from backpost.envs.world.geometry import length
from backpost.envs.world.pitch import HALF_LENGTH, SPOT_DEPTH
from backpost.envs.world.record import CARRY, CROSSER, DECISION_TIME, LOOK, NEVER, NO_SET_PIECE, PLANT, SWING

from .delivery import choose_delivery
from .steer import face, run_to


@kernel
def prepare_cross(world, p):
    """Stages of the strike, from the time left; the choice is made after looking up."""
    delivery = world.delivery
    if delivery.check_back_at <= world.time:
        delivery.check_back_at = NEVER
        delivery.checked_back = 1
        delivery.strike_at += p.check_back_time
        world.players[CROSSER].locked = p.check_back_time
    left = delivery.strike_at - world.time
    stage = CARRY
    if left < p.look_time:
        stage = LOOK
    if left < p.plant_time:
        stage = PLANT
    if left < p.swing_time:
        stage = SWING
    if stage != world.phase:
        world.phase = stage
        world.phase_since = world.time
    if left < p.choice_time:
        choose_delivery(world, p)


@kernel
def decide_crosser(world, i, p):
    """Carry the ball to the strike, or wait and run up to it; follow in afterwards."""
    me, delivery = world.players[i], world.delivery
    if world.phase > SWING:
        if me.attacks != 0:
            run_to(me, me.meet_x, me.meet_y, 1.0)
        else:
            run_to(me, me.home_x, me.home_y, p.follow_in_pace)
        return
    left = delivery.strike_at - world.time
    if world.set_piece != NO_SET_PIECE and left > p.run_up_time:
        run_to(me, me.x, me.y, 0.0)
        face(me, HALF_LENGTH - SPOT_DEPTH, 0.0)
        return
    if me.locked > 0.0 and left > p.check_back_until:
        # Check-back: ball and body turn back.
        run_to(me, me.x - p.check_back_run, me.y, p.check_back_pace)
        return
    left = max(left, DECISION_TIME)
    away = length(delivery.origin_x - me.x, delivery.origin_y - me.y)
    pace = min(away / (left * me.top_speed), p.carry_pace)
    run_to(me, delivery.origin_x, delivery.origin_y, pace)
    if world.phase >= PLANT:
        face(me, delivery.aim_x, delivery.aim_y)
