"""The keeper: stands on the line from ball to goal, comes for what he reaches first, sets himself for the shot."""

import math

from backpost.envs.world.compile import kernel
from backpost.envs.world.pitch import GOAL_HALF_WIDTH, GOAL_HEIGHT, HALF_LENGTH
from backpost.envs.world.record import ATTACKERS, CROSS, KEEPER, LOOSE, SHOT

from .steer import face, run_through, run_to
from .zonal import TURN_DISTANCE


@kernel
def decide_keeper(world, i, p):
    """Claim the ball if he is first to it and it is not too far, else guard the goal facing the ball."""
    me = world.players[i]
    if (world.phase == CROSS or world.phase == LOOSE) and comes(world, p):
        me.attacks = 1
        run_through(me, me.meet_x, me.meet_y, me.arrives)
        return
    x, y = guard_place(world, p)
    if world.phase == CROSS or world.phase == LOOSE:
        x, y = threatened_place(world, x, y)
    run_to(me, x, y, 0.25 if world.phase == SHOT else 0.8)
    # Stranded, he turns and runs back.
    if abs(x - me.x) + abs(y - me.y) < TURN_DISTANCE:
        face(me, world.ball.x, world.ball.y)


@kernel
def comes(world, p):
    """He comes when he expects to have the ball before any attacker, within his range."""
    me = world.players[KEEPER]
    if me.arrives > 3.0 or abs(me.meet_y) > 12.0:
        return False
    dx, dy = HALF_LENGTH - me.meet_x, max(abs(me.meet_y) - 3.66, 0.0)
    if math.sqrt(dx * dx + dy * dy) > world.pattern.keeper_range:
        return False
    earliest = 99.0
    for i in range(ATTACKERS):
        if world.players[i].present != 0:
            earliest = min(earliest, world.players[i].arrives)
    return me.arrives < earliest + p.keeper_courage


@kernel
def guard_place(world, p):
    """On the line from the ball to the goal's centre; nearer to the line when the ball is wide or in the air."""
    ball = world.ball
    dx, dy = ball.x - HALF_LENGTH, ball.y
    distance = math.sqrt(dx * dx + dy * dy) + 1e-9
    out = min(p.keeper_depth, 0.12 * distance)
    # A wide ball leaves him near the middle of the goal, ready for the cross.
    across = p.keeper_follows_on * p.keeper_shift * out * dy / distance
    return HALF_LENGTH - 0.6 + out * dx / distance, min(max(across, -2.8), 2.8)


@kernel
def threatened_place(world, x, y):
    """Where a ball that flies at the goal itself will cross the line; (x, y) if it does not."""
    for k in range(world.path_length):
        if world.path[0, k] > HALF_LENGTH:
            if abs(world.path[1, k]) < GOAL_HALF_WIDTH + 0.3 and world.path[2, k] < GOAL_HEIGHT + 0.3:
                return HALF_LENGTH - 0.5, world.path[1, k]
            return x, y
    return x, y
