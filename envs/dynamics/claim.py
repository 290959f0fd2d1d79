"""Claim: who goes for the ball, each by what that player sees and judges."""

from backpost.envs.roles.sight import notices
from backpost.envs.world.compile import kernel
from backpost.envs.world.record import (
    ATTACKERS,
    CROSS,
    CROSSER,
    CUTBACK,
    KEEPER,
    LOOSE,
    NEVER,
    NOBODY,
    PLAYERS,
    ROLE_MARKER,
)


@kernel
def judge_arrivals(world, i, p):
    """Judge when the first team-mate and the first opponent will be at the ball; keepers call, so they are left out."""
    me = world.players[i]
    mates, rivals = NEVER, NEVER
    for j in range(PLAYERS):
        other = world.players[j]
        is_mate = (j < ATTACKERS) == (i < ATTACKERS)
        # Whoever is later than another changes nothing, and is not looked for.
        if other.arrives >= (mates if is_mate else rivals) or other.present == 0 or j == i or j == KEEPER:
            continue
        if (j == CROSSER and world.phase == CROSS) or not notices(world, i, other.x, other.y, p):
            continue
        if is_mate:
            mates = other.arrives
        else:
            rivals = other.arrives
    me.mates_arrive = mates if mates >= NEVER else mates * max(1.0 + p.judge_error * me.judge_mates, 0.0)
    me.rivals_arrive = rivals if rivals >= NEVER else rivals * max(1.0 + p.judge_error * me.judge_rivals, 0.0)


@kernel
def is_passed_to(world, i):
    """Whether this player is the target of a cut-back under way."""
    return world.phase == CROSS and world.delivery.kind == CUTBACK and world.delivery.target == i


@kernel
def choose_who_attacks(world, p):
    """Set who goes for the ball: those who judge that they will be first, or nearly; once it is loose, the first only.

    A marker leaves the man only for a ball that is won clearly before any opponent.
    """
    loose = world.phase == LOOSE
    for i in range(PLAYERS):
        me = world.players[i]
        if me.present == 0 or i == KEEPER:
            continue
        judge_arrivals(world, i, p)
        if me.arrives >= NEVER:
            continue
        mine = me.mates_arrive
        if loose:
            goes = me.arrives <= mine
        elif me.role == ROLE_MARKER and me.man != NOBODY:
            goes = me.arrives < mine + p.attack_margin and me.arrives < me.rivals_arrive - p.leave_margin
        else:
            goes = me.arrives < mine + p.attack_margin
        me.attacks = 1 if goes or is_passed_to(world, i) else 0
