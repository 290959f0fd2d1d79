"""Judge: the clock, and the notes from which all metrics are computed."""

from backpost.envs.world.compile import kernel
from backpost.envs.world.geometry import body_angle, length, nearest_defender
from backpost.envs.world.laws import end_cross
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
    TIME_TOLERANCE,
    TRACK_LENGTH,
)

RUNNING = 2.0
"""Speed above which the runner counts as running in the notes on the marker's sight, m/s."""
PASSING_HEIGHT = 2.5
"""Height below which a falling ball can count as passing the runner, m."""


@kernel
def judge(world, p):
    """End the cross when its time is up; sum the rewards; note the runner's track."""
    if world.phase != OVER:
        first = world.first_contact
        late = first.by != NOBODY and world.time >= first.time + p.second_ball_time
        # A shot under way is played to its end: its xG has already been counted.
        if world.phase != SHOT and (late or world.time >= world.limit - TIME_TOLERANCE):
            end_cross(world, TIME)
    world.xg += world.xg_now
    world.own_xg += world.own_xg_now
    world.goals += world.goals_now
    follow_runner(world)


@kernel
def note_contact(world, i, technique, xg):
    """Note the first contact, the attack's first shot, the runner's first touch, and the last shot."""
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
    """Note all details of one contact."""
    me = world.players[i]
    note.by, note.time, note.technique, note.xg = i, world.time, technique, xg
    note.x, note.y, note.z = world.ball.x, world.ball.y, world.ball.z
    note.speed = length(me.vx, me.vy)
    note.gap = nearest_defender(world, me.x, me.y)
    note.body_angle = body_angle(me)
    note.covered = length(me.x - me.strike_x, me.y - me.strike_y)
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
    """Note the runner's track, the ball's closest pass, and whether the marker saw the run."""
    me = world.players[RUNNER]
    # The decision is counted after this: the clock is at the time of the next one.
    k = world.decisions + 1
    if k < TRACK_LENGTH:
        world.track[k, 0], world.track[k, 1] = me.x, me.y
    # Not while it rises: it would pass every player in its first metre.
    if world.phase == CROSS and world.ball.z < PASSING_HEIGHT and world.ball.vz <= 0.0:
        distance = length(world.ball.x - me.x, world.ball.y - me.y)
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
                world.belief_error = length(marker.belief_x - me.x, marker.belief_y - me.y)
            return
