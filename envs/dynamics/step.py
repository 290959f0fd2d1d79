"""The step: one record by one decision of 0.1 s.

Perceive, decide, move, fly, touch, judge. The step starts at "decide", because what players perceive at its end belongs
to the next decision: an external controller (a policy, a rule, a person) sees exactly what the scripted players know.
"""

from backpost.envs.roles.crosser import decide_crosser, prepare_cross
from backpost.envs.roles.keeper import decide_keeper
from backpost.envs.roles.marker import decide_marker
from backpost.envs.roles.presser import decide_presser
from backpost.envs.roles.teammate import decide_teammate
from backpost.envs.roles.zonal import decide_zonal
from backpost.envs.world.compile import kernel
from backpost.envs.world.record import (
    DECISION_TIME,
    HELD,
    OVER,
    PLAYERS,
    ROLE_CROSSER,
    ROLE_KEEPER,
    ROLE_MARKER,
    ROLE_PRESSER,
    ROLE_TEAMMATE,
    SUBSTEPS,
    SWING,
)

from .fly import fly
from .judge import judge
from .move import get_ready, move, separate
from .perceive import perceive
from .touch import touch

SUBSTEP = DECISION_TIME / SUBSTEPS


@kernel
def step(world, p):
    """Play one decision: intents of external players are already set; does nothing once the cross is over."""
    if world.phase == OVER:
        return
    world.xg_now = world.own_xg_now = world.goals_now = 0.0
    decide(world, p)
    get_ready(world, p)
    for k in range(SUBSTEPS):
        # Computed from the count, so that the clock accumulates no rounding error.
        world.time = world.decisions * DECISION_TIME + (k + 1) * SUBSTEP
        move(world, p, SUBSTEP)
        if k % 2 == 1:
            separate(world, p)
        fly(world, p, SUBSTEP)
        touch(world, p)
        if world.phase == OVER:
            break
    judge(world, p)
    world.decisions += 1
    perceive(world, p)


@kernel
def decide(world, p):
    """Set the intent of every scripted player; a player holding the ball stands over it."""
    if world.phase <= SWING:
        prepare_cross(world, p)
    for i in range(PLAYERS):
        player = world.players[i]
        if player.present == 0:
            continue
        if player.outside == 0:
            decide_role(world, i, p)
        if world.phase == HELD and world.ball.owner == i:
            player.intent.vx = player.intent.vy = 0.0


@kernel
def decide_role(world, i, p):
    """Call the function of the player's role."""
    role = world.players[i].role
    if role == ROLE_CROSSER:
        decide_crosser(world, i, p)
    elif role == ROLE_TEAMMATE:
        decide_teammate(world, i, p)
    elif role == ROLE_PRESSER:
        decide_presser(world, i, p)
    elif role == ROLE_MARKER:
        decide_marker(world, i, p)
    elif role == ROLE_KEEPER:
        decide_keeper(world, i, p)
    else:
        decide_zonal(world, i, p)
