"""Judge: offside, the clock, and the notes of what happened that every metric is made from."""

import math

from backpost.envs.world.compile import entry, kernel
from backpost.envs.world.pitch import BOX_DEPTH, BOX_HALF_WIDTH, HALF_LENGTH
from backpost.envs.world.record import (
    ATTACKERS,
    CROSS,
    DECISION_TIME,
    KEEPER,
    NOBODY,
    OVER,
    PLAYERS,
    RUNNER,
    SHOT,
    TIME,
    TRACK_LENGTH,
)

from .finish import body_angle, nearest_opponent
from .fly import finish_cross
from .perceive import offside_line

SECOND_BALL_TIME = 10.0
"""Seconds that the ball stays live after the first touch."""
RUNNING = 2.0
"""m/s above which the runner is said to run."""


@kernel
def judge(world, p):
    """End the cross when its time is up; add up what it paid; note the runner's way."""
    if world.phase != OVER:
        first = world.first_contact
        late = first.by != NOBODY and world.time >= first.time + SECOND_BALL_TIME
        # A shot that is under way is seen to its end: it has been paid for.
        if world.phase != SHOT and (late or world.time >= world.limit - 1e-9):
            finish_cross(world, TIME)
    world.xg += world.xg_now
    world.own_xg += world.own_xg_now
    world.goals += world.goals_now
    follow_runner(world)


@entry
def take_offside(world, by, p):
    """At a touch of the attack: who of the others stands nearer to the goal than ball and second-last opponent."""
    line = offside_line(world)
    # At the goal line when there are not two opponents, as in a drill: then nobody is.
    counts = p.offside_on != 0.0 and line < HALF_LENGTH
    for i in range(ATTACKERS):
        player = world.players[i]
        player.offside = 1 if counts and player.present != 0 and i != by and player.x > line else 0


@kernel
def note_contact(world, i, technique, xg):
    """Write down what is the first of its kind: contact, shot of the attack, touch of the runner; and the last shot."""
    if world.first_contact.by == NOBODY:
        write_note(world, world.first_contact, i, technique, xg)
    if xg > 0.0 and world.first_shot.by == NOBODY:
        write_note(world, world.first_shot, i, technique, xg)
    if xg > 0.0:
        write_note(world, world.last_shot, i, technique, xg)
    if i == RUNNER and xg > 0.0:
        world.own_shots += 1
    if i == RUNNER and world.meeting.by == NOBODY:
        write_note(world, world.meeting, i, technique, xg)


@kernel
def write_note(world, note, i, technique, xg):
    """Everything about one contact."""
    me = world.players[i]
    note.by, note.time, note.technique, note.xg = i, world.time, technique, xg
    note.x, note.y, note.z = world.ball.x, world.ball.y, world.ball.z
    note.speed = math.sqrt(me.vx * me.vx + me.vy * me.vy)
    note.gap = nearest_opponent(world, me.x, me.y)
    note.body_angle = body_angle(me)
    dx, dy = me.x - me.strike_x, me.y - me.strike_y
    note.covered = math.sqrt(dx * dx + dy * dy)
    mine, theirs = 0, 0
    for j in range(PLAYERS):
        other = world.players[j]
        inside = other.x > HALF_LENGTH - BOX_DEPTH and abs(other.y) < BOX_HALF_WIDTH
        if other.present != 0 and inside and j != KEEPER:
            if (j < ATTACKERS) == (i < ATTACKERS):
                mine += 1
            else:
                theirs += 1
    note.teammates, note.opponents = mine, theirs


@kernel
def follow_runner(world):
    """The runner's track, how near the ball in flight passed him, and whether his marker saw him run."""
    me = world.players[RUNNER]
    # The decision is counted after this: the clock stands where the next one is taken.
    k = world.decisions + 1
    if k < TRACK_LENGTH:
        world.track[k, 0], world.track[k, 1] = me.x, me.y
    # Not while it rises: it would pass everybody in its first metre.
    if world.phase == CROSS and world.ball.z < 2.5 and world.ball.vz <= 0.0:
        dx, dy = world.ball.x - me.x, world.ball.y - me.y
        distance = math.sqrt(dx * dx + dy * dy)
        if distance < world.pass_distance:
            world.pass_distance, world.pass_time = distance, world.time
            world.pass_x, world.pass_y = world.ball.x, world.ball.y
    running = me.vx * me.vx + me.vy * me.vy > RUNNING * RUNNING
    for i in range(ATTACKERS, PLAYERS):
        marker = world.players[i]
        if marker.present != 0 and marker.man == RUNNER:
            if running and world.first_contact.by == NOBODY:
                world.run_time += DECISION_TIME
                if marker.sees_man == 0:
                    world.unseen_time += DECISION_TIME
            if world.phase < CROSS:
                dx, dy = marker.belief_x - me.x, marker.belief_y - me.y
                world.belief_error = math.sqrt(dx * dx + dy * dy)
            return
