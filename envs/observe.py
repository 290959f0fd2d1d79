"""Observe: the runner's view of the record, written in the order of `observation.LAYOUT`."""

import math

from .compile import kernel
from .observation import NEAREST_OPPONENTS, NEAREST_TEAMMATES, SCALES, SIZE
from .perceive import HORIZON
from .world import (
    ATTACKERS,
    CARRY,
    CROSSER,
    CUTBACK,
    KEEPER,
    LOOSE,
    LOW,
    NO_SET_PIECE,
    PLAYERS,
    RUNNER,
    SWING,
)

CONE_COSINE = math.cos(math.radians(100.0))
"""With `vision="cone"` the runner sees 100 degrees to either side of his facing."""


@kernel
def observe(world, p, row, cone, mirror):
    """Fill `row` (float32, SIZE); `cone` hides what is behind him, `mirror` is -1 on the left wing, else 1.

    Phase, clock, offside line and how many are on the scene are known without looking.
    """
    at = observe_self_and_ball(world, row, cone, mirror)
    at = observe_cues(world, p, row, at, cone, mirror)
    at = observe_players(world, row, at, cone, mirror)
    row[at] = world.line_x - world.players[RUNNER].x
    row[at + 1] = world.difficulty
    row[at + 2] = 1.0 if world.set_piece != NO_SET_PIECE else 0.0
    attackers, defenders = 0, 0
    for i in range(PLAYERS):
        if world.players[i].present != 0:
            if i < ATTACKERS:
                attackers += 1
            else:
                defenders += 1
    row[at + 3] = attackers
    row[at + 4] = defenders
    for k in range(SIZE):
        row[k] = min(max(row[k] / SCALES[k], -1.0), 1.0)


@kernel
def put(row, at, x, y, mirror):
    """Write a vector."""
    row[at] = x
    row[at + 1] = mirror * y
    return at + 2


@kernel
def sees(me, x, y, cone):
    """True if the place is in his sight."""
    if cone == 0:
        return True
    dx, dy = x - me.x, y - me.y
    distance = math.sqrt(dx * dx + dy * dy) + 1e-9
    return (dx * me.fx + dy * me.fy) / distance > CONE_COSINE


@kernel
def observe_self_and_ball(world, row, cone, mirror):
    """The runner, the ball, the phase of the cross and the clock."""
    me, ball = world.players[RUNNER], world.ball
    at = put(row, 0, me.x, me.y, mirror)
    at = put(row, at, me.vx, me.vy, mirror)
    at = put(row, at, me.fx, me.fy, mirror)
    seen = 1.0 if sees(me, ball.x, ball.y, cone) else 0.0
    at = put(row, at, seen * (ball.x - me.x), seen * (ball.y - me.y), mirror)
    row[at] = seen * ball.z
    at = put(row, at + 1, seen * ball.vx, seen * ball.vy, mirror)
    row[at] = seen * ball.vz
    row[at + 1] = seen
    at += 2
    for k in range(5):
        row[at + k] = 1.0 if world.phase == CARRY + k else 0.0
    row[at + 5] = 1.0 if world.phase >= LOOSE else 0.0
    row[at + 6] = world.time - world.phase_since
    row[at + 7] = max(world.limit - world.time, 0.0)
    return at + 8


@kernel
def cue_strength(world, p):
    """0 before the hips show anything, rising to 1 at the strike."""
    left = world.delivery.strike_at - world.time
    return min(max(1.0 - left / p.cue_time, 0.0), 1.0) if left <= p.cue_time else -1.0


@kernel
def observe_cues(world, p, row, at, cone, mirror):
    """What the crosser's body suggests before the strike, and what the flight tells after it, to who sees them."""
    me, delivery = world.players[RUNNER], world.delivery
    crosser, ball = world.players[CROSSER], world.ball
    strength = cue_strength(world, p)
    shown = strength >= 0.0 and delivery.chosen != 0 and world.phase <= SWING and p.cues_on != 0.0
    shown = shown and sees(me, crosser.x, crosser.y, cone)
    for k in range(4):
        row[at + k] = 0.0
    if shown:
        miss = p.cue_error_early + strength * (p.cue_error_late - p.cue_error_early)
        accuracy = p.cue_class_early + strength * (p.cue_class_late - p.cue_class_early)
        low = 1.0 if delivery.kind == LOW or delivery.kind == CUTBACK else -1.0
        row[at] = 0.5 + 0.5 * strength
        put(
            row,
            at + 1,
            delivery.aim_x + miss * delivery.hips_x - me.x,
            delivery.aim_y + miss * delivery.hips_y - me.y,
            mirror,
        )
        row[at + 3] = low if delivery.hips_kind < accuracy else -low
    at += 4
    for k in range(4):
        row[at + k] = 0.0
    if me.arrives <= HORIZON and sees(me, ball.x, ball.y, cone):
        row[at] = 1.0
        put(row, at + 1, me.meet_x - me.x, me.meet_y - me.y, mirror)
        row[at + 3] = me.arrives
    return at + 4


@kernel
def observe_players(world, row, at, cone, mirror):
    """Crosser and keeper, then the nearest of each team."""
    me = world.players[RUNNER]
    for i in (CROSSER, KEEPER):
        other = world.players[i]
        seen = 1.0 if other.present != 0 and sees(me, other.x, other.y, cone) else 0.0
        at = put(row, at, seen * (other.x - me.x), seen * (other.y - me.y), mirror)
        at = put(row, at, seen * other.vx, seen * other.vy, mirror)
    at = observe_nearest(world, row, at, 2, ATTACKERS, NEAREST_TEAMMATES, False, cone, mirror)
    return observe_nearest(world, row, at, ATTACKERS + 1, PLAYERS, NEAREST_OPPONENTS, True, cone, mirror)


@kernel
def observe_nearest(world, row, at, first, last, count, gaze, cone, mirror):
    """The nearest players of a range, nearest first; zeros where there is none in sight."""
    me = world.players[RUNNER]
    width = 7 if gaze else 5
    for k in range(count * width):
        row[at + k] = 0.0
    nearer = -1.0
    before = -1
    for n in range(count):
        best, nearest = -1, 1e18
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
        if not sees(me, other.x, other.y, cone):
            continue
        row[at + n * width] = 1.0
        place = put(row, at + n * width + 1, other.x - me.x, other.y - me.y, mirror)
        place = put(row, place, other.vx, other.vy, mirror)
        if gaze:
            put(row, place, other.gaze_x, other.gaze_y, mirror)
    return at + count * width
