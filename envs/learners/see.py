"""Writes what a learner sees of a record, in the order of `view.VIEW`."""

from typing import Any

from backpost.envs.interface.mirroring import side_of
from backpost.envs.interface.observe import put
from backpost.envs.roles.sight import notices, reading_error
from backpost.envs.roles.zonal import zone_place
from backpost.envs.world.compile import entry, kernel
from backpost.envs.world.geometry import clip
from backpost.envs.world.record import (
    ATTACKERS,
    CARRY,
    CROSS,
    CROSSER,
    KEEPER,
    LOOSE,
    NEVER,
    NO_SET_PIECE,
    NOBODY,
    PLAYERS,
    ROLE_KEEPER,
    ROLE_TEAMMATE,
    SWING,
)

from .view import NEAREST_MATES, NEAREST_RIVALS, VIEW_HIGHS, VIEW_LOWS, VIEW_SCALES, VIEW_SIZE

FARTHEST = 1e18
"""Larger than any distance, in squared metres."""


@entry
def see_batch(worlds: Any, parameters: Any, which: Any, player: int, rows: Any, wing: int) -> None:
    """Write what `player` sees in the crosses `which` (m,) into `rows` (m, VIEW_SIZE); zeros where absent."""
    for row in range(len(which)):
        world = worlds[which[row]]
        if world.players[player].present == 0:
            rows[row] = 0.0
        else:
            see(world, parameters[0], player, rows[row], side_of(world.seed, wing))


@kernel
def see(world, p, i, row, mirror):
    """Fill `row` (float32, VIEW_SIZE) with what player i sees; `mirror` is -1 on the left wing."""
    me = world.players[i]
    at = put(row, 0, me.x, me.y, mirror)
    at = put(row, at, me.vx, me.vy, mirror)
    at = put(row, at, me.fx, me.fy, mirror)
    for role in range(ROLE_TEAMMATE, ROLE_KEEPER + 1):
        row[at] = 1.0 if me.role == role else 0.0
        at += 1
    at = see_ball(world, p, i, row, at, mirror)
    at = see_task(world, p, i, row, at, mirror)
    for other in (CROSSER, KEEPER):
        at = see_player(world, p, i, other, other != i, row, at, mirror)
    attacks = i < ATTACKERS
    at = see_nearest(world, p, i, attacks, NEAREST_MATES, row, at, mirror)
    at = see_nearest(world, p, i, not attacks, NEAREST_RIVALS, row, at, mirror)
    row[at] = world.line_x - me.x
    row[at + 1] = mirror
    row[at + 2] = 1.0 if world.set_piece != NO_SET_PIECE else 0.0
    row[at + 3] = world.difficulty
    for k in range(VIEW_SIZE):
        row[k] = clip(row[k], VIEW_LOWS[k], VIEW_HIGHS[k]) / VIEW_SCALES[k]


@kernel
def see_ball(world, p, i, row, at, mirror):
    """The ball with this player's error of reading, the phase, the clock, and where the player expects to meet it."""
    me, ball = world.players[i], world.ball
    seen = 1.0 if notices(world, i, ball.x, ball.y, p) else 0.0
    vx, vy = ball.vx, ball.vy
    if world.phase == CROSS or world.phase == LOOSE:
        miss_x, miss_y = reading_error(world, i, p)
        vx, vy = vx + miss_x, vy + miss_y
    at = put(row, at, seen * (ball.x - me.x), seen * (ball.y - me.y), mirror)
    row[at] = seen * ball.z
    at = put(row, at + 1, seen * vx, seen * vy, mirror)
    row[at], row[at + 1] = seen * ball.vz, seen
    at += 2
    for k in range(5):
        row[at + k] = 1.0 if world.phase == CARRY + k else 0.0
    row[at + 5] = 1.0 if world.phase >= LOOSE else 0.0
    row[at + 6] = world.time - world.phase_since
    row[at + 7] = max(world.limit - world.time, 0.0) if world.phase > SWING else p.limit_after_strike
    at += 8
    meets = 1.0 if me.arrives < NEVER else 0.0
    row[at] = meets
    at = put(row, at + 1, meets * (me.meet_x - me.x), meets * (me.meet_y - me.y), mirror)
    row[at] = me.arrives
    row[at + 1], row[at + 2] = me.mates_arrive, me.rivals_arrive
    return at + 3


@kernel
def see_task(world, p, i, row, at, mirror):
    """The man as the player believes him, and the planned run or the zone as it is now."""
    me = world.players[i]
    has = 1.0 if me.man != NOBODY else 0.0
    row[at] = has
    at = put(row, at + 1, has * (me.belief_x - me.x), has * (me.belief_y - me.y), mirror)
    at = put(row, at, has * me.belief_vx, has * me.belief_vy, mirror)
    x, y = me.home_x, me.home_y
    if i > KEEPER:
        x, y = zone_place(world, me, p)
    elif i == KEEPER:
        x, y = me.x, me.y
    return put(row, at, x - me.x, y - me.y, mirror)


@kernel
def see_player(world, p, i, j, counts, row, at, mirror):
    """Another player: whether seen, place and velocity; zeros unless present, seen, and one who counts."""
    me, other = world.players[i], world.players[j]
    seen = 0.0
    if counts and other.present != 0 and notices(world, i, other.x, other.y, p):
        seen = 1.0
    row[at] = seen
    at = put(row, at + 1, seen * (other.x - me.x), seen * (other.y - me.y), mirror)
    return put(row, at, seen * other.vx, seen * other.vy, mirror)


@kernel
def see_nearest(world, p, i, attackers, count, row, at, mirror):
    """The nearest others of a team, crosser and keeper aside, nearest first."""
    me = world.players[i]
    first, last = (CROSSER + 1, ATTACKERS) if attackers else (KEEPER + 1, PLAYERS)
    nearer, before = -1.0, -1
    for _ in range(count):
        best, nearest = -1, FARTHEST
        for j in range(first, last):
            other = world.players[j]
            if j == i or other.present == 0:
                continue
            dx, dy = other.x - me.x, other.y - me.y
            away = dx * dx + dy * dy
            if (away > nearer or (away == nearer and j > before)) and away < nearest:
                best, nearest = j, away
        nearer, before = nearest, best
        at = see_player(world, p, i, max(best, 0), best >= 0, row, at, mirror)
    return at
