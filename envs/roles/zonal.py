"""A zonal defender: holds a zone in a block that moves with the ball; goes for the ball when expecting to be first.

While a cross is in the air, a defender without a man and without the ball to win covers: the place behind the contest
where the ball will drop, if nobody who is free is nearer to it, otherwise the nearest attacker who waits in the zone.
"""

from backpost.envs.world.compile import entry, kernel
from backpost.envs.world.geometry import TINY, length
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import (
    ATTACKERS,
    CROSS,
    KEEPER,
    LOOSE,
    NOBODY,
    PATH_LENGTH,
    PATH_STEP,
    PLAYERS,
    PRESSER,
)

from .sight import notices, reading_error
from .steer import face, run_through, run_to


@kernel
def drop(world, p):
    """Metres by which the block has dropped towards goal: further the nearer the ball is to the byline."""
    return p.collapse * max(world.ball.x - p.collapse_from, 0.0)


@entry
def zone_place(world, me, p):
    """A defender's position in the block, which drops and shifts with the ball."""
    x = min(me.home_x + drop(world, p), HALF_LENGTH - p.zone_deepest)
    return x, me.home_y + p.shift * (world.ball.y - me.home_y)


@kernel
def decide_zonal(world, i, p):
    """Hold the zone facing the ball, or run back to it; attack the ball if first, cover if not."""
    me = world.players[i]
    if (world.phase == CROSS or world.phase == LOOSE) and me.attacks != 0:
        run_through(me, me.meet_x, me.meet_y, me.arrives)
        return
    x, y = zone_place(world, me, p)
    pace = p.zone_pace
    if world.phase == CROSS and i != PRESSER:
        cover_x, cover_y, covers = cover_place(world, i, x, y, p)
        x, y = x + covers * (cover_x - x), y + covers * (cover_y - y)
        pace = max(pace, covers)
    run_to(me, x, y, pace)
    if abs(x - me.x) + abs(y - me.y) < p.turn_distance:
        face(me, world.ball.x, world.ball.y)


@kernel
def cover_place(world, i, x, y, p):
    """Where a free defender covers, and how firmly (0 to 1): the drop of the ball, or goal-side of a waiting man."""
    me = world.players[i]
    if world.drop < PATH_LENGTH:
        drop_x, drop_y = expected_drop(world, i, p)
        if length(drop_x - me.x, drop_y - me.y) < p.cover_reach and nearest_free(world, i, drop_x, drop_y, p):
            x, y = goal_side(drop_x, drop_y, p.marker_gap)
            return x, y, p.cover
    man = waiting_man(world, i, p)
    if man == NOBODY:
        return x, y, 0.0
    them = world.players[man]
    x, y = goal_side(them.x + p.marker_lead * them.vx, them.y + p.marker_lead * them.vy, p.marker_gap)
    return x, y, p.close_down


@kernel
def expected_drop(world, i, p):
    """Where a defender expects that the ball drops to the feet."""
    seconds = (world.drop + 1) * PATH_STEP
    miss_x, miss_y = reading_error(world, i, p)
    return world.path[0, world.drop] + seconds * miss_x, world.path[1, world.drop] + seconds * miss_y


@kernel
def nearest_free(world, i, x, y, p):
    """Whether this defender sees no other who is free to cover and nearer to this place."""
    me = world.players[i]
    mine = length(me.x - x, me.y - y)
    for j in range(KEEPER + 1, PLAYERS):
        other = world.players[j]
        if j == i or j == PRESSER or other.present == 0 or other.man != NOBODY or other.attacks != 0:
            continue
        if length(other.x - x, other.y - y) < mine and notices(world, i, other.x, other.y, p):
            return False
    return True


@kernel
def waiting_man(world, i, p):
    """The nearest attacker whom a free defender sees within reach, NOBODY for none."""
    me = world.players[i]
    man, nearest = NOBODY, p.close_down_reach
    for j in range(1, ATTACKERS):
        other = world.players[j]
        if other.present != 0:
            away = length(other.x - me.x, other.y - me.y)
            if away < nearest and notices(world, i, other.x, other.y, p):
                man, nearest = j, away
    return man


@kernel
def goal_side(x, y, gap):
    """The place this far goal-side of (x, y)."""
    gx, gy = HALF_LENGTH - x, -y
    distance = length(gx, gy) + TINY
    return x + gap * gx / distance, y + gap * gy / distance
