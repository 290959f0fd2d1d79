"""Writes the runner's observation of a record, in the order of `observation.LAYOUT`."""

from backpost.envs.dynamics.read_flight import HORIZON
from backpost.envs.roles.sight import notices
from backpost.envs.world.compile import kernel
from backpost.envs.world.geometry import clip, cosine
from backpost.envs.world.laws import defence_line
from backpost.envs.world.record import (
    ATTACKERS,
    CARRY,
    CROSS,
    CROSSER,
    KEEPER,
    LOOSE,
    NO_SET_PIECE,
    NOBODY,
    PLAYERS,
    RUNNER,
    SWING,
)

from .observation import HIGHS, LOWS, NEAREST_OPPONENTS, NEAREST_TEAMMATES, SCALES, SIZE

FARTHEST = 1e18
"""Larger than any distance, in squared metres."""


@kernel
def observe(world, p, row, cone, mirror):
    """Fill `row` (float32, SIZE); `cone` hides what is behind the runner, `mirror` is -1 on the left wing.

    Phase, clock, wing, offside line and the number of players are always known.
    """
    at = observe_self_and_ball(world, p, row, cone, mirror)
    at = observe_cues(world, p, row, at, cone, mirror)
    at = observe_players(world, p, row, at, cone, mirror)
    # The line follows the ball only as it is shown: before the strike it is where the crosser is.
    line = defence_line(world)
    if world.phase <= SWING:
        line = max(line, world.players[CROSSER].x)
    row[at] = line - world.players[RUNNER].x
    row[at + 1] = world.difficulty
    row[at + 2] = 1.0 if world.set_piece != NO_SET_PIECE else 0.0
    row[at + 3] = mirror
    attackers, defenders = 0, 0
    for i in range(PLAYERS):
        if world.players[i].present != 0:
            if i < ATTACKERS:
                attackers += 1
            else:
                defenders += 1
    row[at + 4] = attackers
    row[at + 5] = defenders
    for k in range(SIZE):
        row[k] = clip(row[k], LOWS[k], HIGHS[k]) / SCALES[k]


@kernel
def put(row, at, x, y, mirror):
    """Write a vector; returns the next index."""
    row[at] = x
    row[at + 1] = mirror * y
    return at + 2


@kernel
def sees(me, x, y, cone, p):
    """Whether a player sees this position."""
    return cone == 0 or cosine(me.fx, me.fy, x - me.x, y - me.y) > p.attacker_view_cosine


@kernel
def observe_self_and_ball(world, p, row, cone, mirror):
    """The runner, the ball, the phase of the cross and the clock.

    A ball at somebody's feet is where that player is; in flight, it is where the runner sees it.
    """
    me, ball, sight = world.players[RUNNER], world.ball, world.sight
    x, y, vx, vy = ball.x, ball.y, ball.vx, ball.vy
    if ball.owner != NOBODY:
        owner = world.players[ball.owner]
        x, y, vx, vy = owner.x, owner.y, owner.vx, owner.vy
    elif world.phase == CROSS or world.phase == LOOSE:
        x, y, vx, vy = sight.x, sight.y, sight.vx, sight.vy
    at = put(row, 0, me.x, me.y, mirror)
    at = put(row, at, me.vx, me.vy, mirror)
    at = put(row, at, me.fx, me.fy, mirror)
    seen = 1.0 if sees(me, ball.x, ball.y, cone, p) else 0.0
    at = put(row, at, seen * (x - me.x), seen * (y - me.y), mirror)
    row[at] = seen * ball.z
    at = put(row, at + 1, seen * vx, seen * vy, mirror)
    row[at] = seen * ball.vz
    row[at + 1] = seen
    at += 2
    for k in range(5):
        row[at + k] = 1.0 if world.phase == CARRY + k else 0.0
    row[at + 5] = 1.0 if world.phase >= LOOSE else 0.0
    row[at + 6] = world.time - world.phase_since
    # The runner does not know when the ball will be struck: until then the clock stands still.
    row[at + 7] = max(world.limit - world.time, 0.0) if world.phase > SWING else p.limit_after_strike
    return at + 8


@kernel
def observe_cues(world, p, row, at, cone, mirror):
    """If seen: cues of the crosser's body before the strike; after it where the ball can be met, and who is near it."""
    me, delivery, sight = world.players[RUNNER], world.delivery, world.sight
    crosser, ball = world.players[CROSSER], world.ball
    for k in range(4):
        row[at + k] = 0.0
    if delivery.hips_shown > 0.0 and sees(me, crosser.x, crosser.y, cone, p):
        row[at] = delivery.hips_shown
        put(row, at + 1, delivery.hips_x - me.x, delivery.hips_y - me.y, mirror)
        row[at + 3] = delivery.hips_low
    at += 4
    for k in range(10):
        row[at + k] = 0.0
    if sees(me, ball.x, ball.y, cone, p):
        if me.arrives <= HORIZON:
            row[at] = 1.0
            put(row, at + 1, me.meet_x - me.x, me.meet_y - me.y, mirror)
            row[at + 3] = me.arrives
        if sight.drop_time <= HORIZON:
            row[at + 4] = 1.0
            put(row, at + 5, sight.drop_x - me.x, sight.drop_y - me.y, mirror)
            row[at + 7] = sight.drop_time
        if world.phase == CROSS or world.phase == LOOSE:
            row[at + 8] = me.mates_arrive
            row[at + 9] = me.rivals_arrive
    return at + 10


@kernel
def observe_players(world, p, row, at, cone, mirror):
    """Crosser and keeper, then the nearest players of each team."""
    me = world.players[RUNNER]
    for i in (CROSSER, KEEPER):
        other = world.players[i]
        seen = 1.0 if other.present != 0 and sees(me, other.x, other.y, cone, p) else 0.0
        at = put(row, at, seen * (other.x - me.x), seen * (other.y - me.y), mirror)
        at = put(row, at, seen * other.vx, seen * other.vy, mirror)
    at = observe_nearest(world, p, row, at, 2, ATTACKERS, NEAREST_TEAMMATES, False, cone, mirror)
    return observe_nearest(world, p, row, at, ATTACKERS + 1, PLAYERS, NEAREST_OPPONENTS, True, cone, mirror)


@kernel
def observe_nearest(world, p, row, at, first, last, count, gaze, cone, mirror):
    """The nearest players of an index range, nearest first; zeros for players that are absent or out of sight."""
    me = world.players[RUNNER]
    width = 6 if gaze else 5
    for k in range(count * width):
        row[at + k] = 0.0
    nearer = -1.0
    before = -1
    for n in range(count):
        best, nearest = -1, FARTHEST
        for i in range(first, last):
            other = world.players[i]
            if other.present == 0:
                continue
            dx, dy = other.x - me.x, other.y - me.y
            away = dx * dx + dy * dy
            if (away > nearer or (away == nearer and i > before)) and away < nearest:
                best, nearest = i, away
        if best < 0:
            break
        nearer, before = nearest, best
        other = world.players[best]
        if not sees(me, other.x, other.y, cone, p):
            continue
        row[at + n * width] = 1.0
        place = put(row, at + n * width + 1, other.x - me.x, other.y - me.y, mirror)
        place = put(row, place, other.vx, other.vy, mirror)
        if gaze:
            row[place] = 1.0 if notices(world, best, me.x, me.y, p) else 0.0
    return at + count * width
