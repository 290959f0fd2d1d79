"""The keeper: stands on the line from ball to goal, comes for balls reached first, sets for the shot."""

from backpost.envs.world.compile import kernel
from backpost.envs.world.geometry import TINY, clip, length
from backpost.envs.world.pitch import GOAL_HALF_WIDTH, GOAL_HEIGHT, HALF_LENGTH
from backpost.envs.world.record import (
    ATTACKERS,
    CROSS,
    KEEPER,
    LOOSE,
    NEVER,
    NOBODY,
    PATH_LENGTH,
    PATH_STEP,
    SHOT,
)

from .sight import reading_error
from .steer import face, run_through, run_to


@kernel
def decide_keeper(world, i, p):
    """Claim the ball if first to it and within range, otherwise guard the goal facing the ball."""
    me = world.players[i]
    if (world.phase == CROSS or world.phase == LOOSE) and comes(world, p):
        me.attacks = 1
        run_through(me, me.meet_x, me.meet_y, me.arrives)
        return
    x, y = guard_place(world, p)
    if world.phase == CROSS or world.phase == LOOSE:
        x, y = threatened_place(world, x, y, p)
    run_to(me, x, y, p.keeper_shot_pace if world.phase == SHOT else p.keeper_pace)
    # Stranded: turn and run back.
    if abs(x - me.x) + abs(y - me.y) < p.turn_distance:
        face(me, world.ball.x, world.ball.y)


@kernel
def comes(world, p):
    """Whether the keeper expects to reach the ball before any attacker, within the keeper's range."""
    me = world.players[KEEPER]
    if me.arrives > p.keeper_wait or abs(me.meet_y) > p.keeper_widest:
        return False
    dx, dy = HALF_LENGTH - me.meet_x, max(abs(me.meet_y) - GOAL_HALF_WIDTH, 0.0)
    if length(dx, dy) > world.pattern.keeper_range:
        return False
    earliest = NEVER
    for i in range(ATTACKERS):
        if world.players[i].present != 0:
            earliest = min(earliest, world.players[i].arrives)
    return me.arrives < earliest + p.keeper_courage


@kernel
def guard_place(world, p):
    """Position on the line from the threat to the centre of the goal; deeper the nearer it is.

    The threat is the ball, and once a cross is in the air also the place where an attacker is expected to meet it.
    """
    from_x, from_y = world.ball.x, world.ball.y
    if world.phase == CROSS:
        x, y = threat(world, p)
        from_x += p.keeper_anticipation * (x - from_x)
        from_y += p.keeper_anticipation * (y - from_y)
    dx, dy = from_x - HALF_LENGTH, from_y
    distance = length(dx, dy) + TINY
    out = min(p.keeper_depth, p.keeper_depth_share * distance)
    # For a wide ball, stay near the middle of the goal, ready for the cross.
    across = p.keeper_follows_on * p.keeper_shift * out * dy / distance
    x = HALF_LENGTH - p.keeper_line_gap + out * dx / distance
    return x, clip(across, -p.keeper_across_most, p.keeper_across_most)


@kernel
def threat(world, p):
    """Where the keeper expects the first attacker to meet the ball, by the keeper's own reading; else the ball."""
    first, earliest = NOBODY, NEVER
    for i in range(1, ATTACKERS):
        other = world.players[i]
        if other.present != 0 and other.arrives < earliest:
            first, earliest = i, other.arrives
    if first == NOBODY or earliest > PATH_LENGTH * PATH_STEP:
        return world.ball.x, world.ball.y
    k = min(max(int(earliest / PATH_STEP + 0.5), 1), PATH_LENGTH) - 1
    miss_x, miss_y = reading_error(world, KEEPER, p)
    return world.path[0, k] + earliest * miss_x, world.path[1, k] + earliest * miss_y


@kernel
def threatened_place(world, x, y, p):
    """Where a ball heading into the goal will cross the line; (x, y) if it is not on target."""
    margin = p.keeper_goal_margin
    for k in range(world.path_length):
        if world.path[0, k] > HALF_LENGTH:
            if abs(world.path[1, k]) < GOAL_HALF_WIDTH + margin and world.path[2, k] < GOAL_HEIGHT + margin:
                return HALF_LENGTH - p.keeper_set_depth, world.path[1, k]
            return x, y
    return x, y
