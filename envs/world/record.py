"""The record: the whole world of one cross is one NumPy record; a batch is an array of them.

No other state exists anywhere, so snapshot, restore, compare, hash and replay are array operations
(`worlds.copy()`, `worlds[i] = saved`, `worlds.tobytes()`), and a trajectory is the record stacked in time.

Frame: `pitch.py`. Units: metres, seconds, m/s, radians. Times are counted from the start of the episode unless a
field says otherwise. Attackers are players 0-10, defenders 11-21; a scenario uses as many as it needs.
"""

import numpy as np

ATTACKERS = 11
PLAYERS = 22
CROSSER = 0
RUNNER = 1
KEEPER = 11
PRESSER = 12
NOBODY = -1
PAIRS = PLAYERS * (PLAYERS - 1) // 2 + 1
"""Room for every two players, and one more: a record without gaps can be compared as bytes."""

DECISION_TIME = 0.1
"""Seconds between two decisions of every player."""
DECISION_RATE = 10.0
"""Decisions in a second: a recorded track has one place for each."""
SUBSTEPS = 4
"""Movements of all bodies within a decision (25 ms each)."""
TRACK_LENGTH = 90
"""Decisions of the runner that the record remembers (9 s: build-up and flight)."""
TIME_TOLERANCE = 1e-9
"""s by which a time may be missed for rounding."""
NEVER = 99.0
"""Seconds or metres that stand for "never" and "nowhere"."""
SCRIPT_LENGTH = 40
"""Decisions of a recorded build-up that the record can replay (4 s)."""
PATH_LENGTH = 44
"""Samples of the expected flight of the ball."""
PATH_STEP = 0.05
"""Seconds between two of them."""

# Roles: which file writes a player's intent.
ROLES = ("crosser", "teammate", "presser", "marker", "zonal", "keeper")
ROLE_CROSSER, ROLE_TEAMMATE, ROLE_PRESSER, ROLE_MARKER, ROLE_ZONAL, ROLE_KEEPER = range(6)

# Phases of a cross, in their order.
PHASES = ("carry", "look", "plant", "swing", "cross", "loose", "held", "shot", "over")
CARRY, LOOK, PLANT, SWING, CROSS, LOOSE, HELD, SHOT, OVER = range(9)

DELIVERIES = ("high", "low", "cutback")
HIGH, LOW, CUTBACK = range(3)

TECHNIQUES = ("none", "header", "volley", "side_foot", "control", "flick", "leave")
NO_TECHNIQUE, HEADER, VOLLEY, SIDE_FOOT, CONTROL, FLICK, LEAVE = range(7)

# What becomes of a shot: the fates of `finish.py`.
FATES = ("none", "goal", "held", "parried", "blocked", "wide", "woodwork", "mishit")
NO_FATE, FATE_GOAL, FATE_HELD, FATE_PARRIED, FATE_BLOCKED, FATE_WIDE, FATE_WOODWORK, FATE_MISHIT = range(8)

SET_PIECES = ("none", "corner", "free_kick")
NO_SET_PIECE, CORNER_KICK, FREE_KICK = range(3)

MARKINGS = ("man", "zonal", "mixed")
MAN, ZONAL, MIXED = range(3)

# How a cross ends.
OUTCOMES = ("playing", "goal", "saved", "claimed", "cleared", "out", "offside", "time")
PLAYING, GOAL, SAVED, CLAIMED, CLEARED, OUT, OFFSIDE, TIME = range(8)

intent_type = np.dtype(
    [
        ("vx", "f8"),  # wanted velocity as a share of top speed, length at most 1
        ("vy", "f8"),
        ("fx", "f8"),  # wanted facing; near zero means: face where you run
        ("fy", "f8"),
        ("call", "f8"),  # 1 while he calls for the ball
    ],
    align=True,
)

player_type = np.dtype(
    [
        ("present", "i8"),
        ("role", "i8"),  # index into ROLES
        ("outside", "i8"),  # 1: his intent is written from outside (policy, rule, keyboard, planner)
        ("x", "f8"),
        ("y", "f8"),
        ("vx", "f8"),
        ("vy", "f8"),
        ("fx", "f8"),  # facing, unit vector
        ("fy", "f8"),
        ("intent", intent_type),
        ("turn_x", "f8"),  # where he turns in this decision, unit vector; (0, 0): he keeps his facing
        ("turn_y", "f8"),
        ("top_speed", "f8"),  # m/s
        ("reaction", "f8"),  # s before he answers what he sees
        ("read_error", "f8"),  # m per second of horizon in his reading of a flight (sd)
        ("check_rate", "f8"),  # shoulder checks per second
        ("man", "i8"),  # attacker whom he marks, NOBODY for none
        ("gap", "f8"),  # m that he keeps: a presser from the crosser, a waiting attacker behind the offside line
        ("home_x", "f8"),  # attackers: where his run ends; defenders: his zone
        ("home_y", "f8"),
        ("start", "f8"),  # attackers: start of the run, s from the strike he expects (negative: before it)
        ("belief_x", "f8"),  # defenders: where he believes his man to be
        ("belief_y", "f8"),
        ("belief_vx", "f8"),
        ("belief_vy", "f8"),
        ("sees_man", "i8"),  # 1 while his man is in his gaze
        ("gaze_x", "f8"),  # unit vector
        ("gaze_y", "f8"),
        ("check_wait", "f8"),  # s until his next shoulder check; negative while he looks
        ("checks", "i8"),  # shoulder checks so far
        ("read_x", "f8"),  # his reading error of this flight, in units of read_error
        ("read_y", "f8"),
        ("arrives", "f8"),  # s from now until he expects to touch the ball; 99 = never
        ("meet_x", "f8"),  # where he expects to
        ("meet_y", "f8"),
        ("meet_z", "f8"),
        ("attacks", "i8"),  # 1 while he goes for the ball
        ("contests", "i8"),  # contests that he has been in
        ("locked", "f8"),  # s until he may try to touch the ball again
        ("offside", "i8"),  # 1 if he stood offside at the last touch of a team-mate
        ("strike_x", "f8"),  # where he was when the cross was struck
        ("strike_y", "f8"),
    ],
    align=True,
)

ball_type = np.dtype(
    [
        ("x", "f8"),
        ("y", "f8"),
        ("z", "f8"),  # height of its centre: 0.11 at rest on the grass
        ("vx", "f8"),
        ("vy", "f8"),
        ("vz", "f8"),
        ("wx", "f8"),  # spin, rad/s
        ("wy", "f8"),
        ("wz", "f8"),
        ("owner", "i8"),  # player at whose feet it is, NOBODY in flight
        ("last_touch", "i8"),  # player who touched it last
        ("touches", "i8"),  # touches so far, the strike of the cross is the first
    ],
    align=True,
)

delivery_type = np.dtype(
    [
        ("strike_at", "f8"),  # when the crosser means to strike
        ("struck_at", "f8"),  # when he struck; 99 before
        ("check_back_at", "f8"),  # when he checks back; 99 = never
        ("checked_back", "i8"),  # 1 once he has
        ("chosen", "i8"),  # 1 once kind and aim are chosen
        ("given", "i8"),  # 1: strike exactly the recorded delivery below ("same ball")
        ("kind", "i8"),  # index into DELIVERIES
        ("target", "i8"),  # the attacker for whom it is meant, NOBODY for a zone
        ("aim_x", "f8"),
        ("aim_y", "f8"),
        ("aim_z", "f8"),
        ("vx", "f8"),  # launch as struck (or to be struck, when given)
        ("vy", "f8"),
        ("vz", "f8"),
        ("wx", "f8"),
        ("wy", "f8"),
        ("wz", "f8"),
        ("blocked", "i8"),
        ("hips_shown", "f8"),  # how clearly his body shows his choice: .5 to 1 at the strike; 0: not (yet, or any more)
        ("hips_x", "f8"),  # where it suggests that the ball will come down
        ("hips_y", "f8"),
        ("hips_low", "f8"),  # 1: it suggests a low ball, -1: a high one
        ("swing", "f8"),  # spin about the vertical: 1 bends away from the goal, -1 towards it
        ("origin_x", "f8"),  # where it was struck
        ("origin_y", "f8"),
    ],
    align=True,
)

shot_type = np.dtype(
    [
        ("by", "i8"),  # player of the shot under way
        ("technique", "i8"),
        ("fate", "i8"),  # index into FATES: decided at the strike as a member of the error set
        ("time_left", "f8"),  # s until the fate happens
        ("stopped_by", "i8"),  # who parries or blocks it, NOBODY if nobody does
        ("out_vx", "f8"),  # velocity of the ball after it (parry, block, woodwork, mishit)
        ("out_vy", "f8"),
        ("out_vz", "f8"),
        ("count", "i8"),  # shots so far
    ],
    align=True,
)

first_type = np.dtype(
    [
        ("by", "i8"),  # player of the event, NOBODY if it never happened
        ("time", "f8"),
        ("x", "f8"),  # the ball
        ("y", "f8"),
        ("z", "f8"),
        ("technique", "i8"),
        ("speed", "f8"),  # of the player
        ("gap", "f8"),  # m to the nearest opponent (outfield or keeper)
        ("body_angle", "f8"),  # rad between his facing and the direction to the goal
        ("covered", "f8"),  # m from where he was when the cross was struck
        ("teammates", "i8"),  # outfield players of his team in the penalty area, himself included
        ("opponents", "i8"),  # outfield opponents in it
        ("xg", "f8"),  # P(goal) of the shot alone, 0 if none
        ("fate", "i8"),
    ],
    align=True,
)

pattern_type = np.dtype(
    [
        ("marking", "i8"),  # index into MARKINGS
        ("line_height", "f8"),  # m from the goal line to the last line of defence, the ball being far from the byline
        ("compactness", "f8"),  # times the usual distances between defenders of a line: below 1 is narrower
        ("defenders", "i8"),  # outfield defenders
        ("keeper_range", "f8"),  # m from the goal to which the keeper comes for a cross
    ],
    align=True,
)
"""How the defence plays."""

world_type = np.dtype(
    [
        ("seed", "u8"),
        ("time", "f8"),
        ("decisions", "i8"),
        ("phase", "i8"),  # index into PHASES
        ("phase_since", "f8"),  # when it began
        ("limit", "f8"),  # the episode ends at this time at the latest; 99 before the strike
        ("difficulty", "f8"),  # 0 (easy) to 1 (calibrated to published football)
        ("variant", "i8"),  # which variant the scenario deals; NOBODY: any
        ("set_piece", "i8"),  # index into SET_PIECES
        ("counter_attack", "i8"),  # 1 if the defence is still running back
        ("pattern", pattern_type),
        ("pattern_low", pattern_type),  # the range from which the deal draws it
        ("pattern_high", pattern_type),
        ("outcome", "i8"),  # index into OUTCOMES
        ("offender", "i8"),  # who was flagged offside, NOBODY if nobody was
        ("line_x", "f8"),  # offside line: second-last opponent or ball
        ("players", player_type, (PLAYERS,)),
        ("ball", ball_type),
        ("delivery", delivery_type),
        ("shot", shot_type),
        ("path", "f8", (4, PATH_LENGTH)),  # expected x, y, z of the ball and what is left of a drift, every PATH_STEP
        ("path_length", "i8"),
        ("pairs", "i2", (PAIRS,)),  # players who may collide in this decision: 32 times the first, plus the second
        ("pair_count", "i8"),
        ("xg_now", "f8"),  # expected goals of the team in this decision
        ("own_xg_now", "f8"),  # ... of the runner's own contacts
        ("goals_now", "f8"),
        ("xg", "f8"),  # the same, summed over the cross
        ("own_xg", "f8"),
        ("goals", "f8"),
        ("first_contact", first_type),  # by anybody after the strike
        ("first_shot", first_type),  # by any attacker
        ("meeting", first_type),  # the runner's first touch of the ball
        ("last_shot", first_type),  # the latest shot of an attacker
        ("own_shots", "i8"),  # shots of the runner
        ("pass_time", "f8"),  # when the ball in flight was nearest to the runner
        ("pass_x", "f8"),
        ("pass_y", "f8"),
        ("pass_distance", "f8"),  # m; 99 before the strike
        ("unseen_time", "f8"),  # s of the runner's run (faster than 2 m/s) outside his marker's sight
        ("run_time", "f8"),  # s of it in all
        ("belief_error", "f8"),  # m: his marker's error at the strike
        ("track", "f8", (TRACK_LENGTH, 2)),  # the runner's x, y as he takes each decision: row k is at k * 0.1 s
        ("script", "f8", (SCRIPT_LENGTH, 4)),  # recorded ball x, y and crosser x, y of the build-up, every decision
        ("script_length", "i8"),
    ],
    align=True,
)


def new_worlds(count: int) -> np.recarray:
    """`count` blank records, shape (count,), dtype `world_type`, to be dealt by a scenario."""
    worlds = np.zeros(count, world_type).view(np.recarray)
    worlds.variant = NOBODY
    for end in ("pattern_low", "pattern_high"):
        for name in pattern_type.names or ():
            worlds[end][name] = NOBODY
    worlds.difficulty = 1.0
    worlds.pass_distance = worlds.limit = NEVER
    for note in ("first_contact", "first_shot", "meeting", "last_shot"):
        worlds[note]["by"] = NOBODY
    worlds.ball.owner = worlds.ball.last_touch = worlds.shot.by = worlds.shot.stopped_by = NOBODY
    worlds.offender = NOBODY
    worlds.delivery.struck_at = worlds.delivery.check_back_at = NEVER
    worlds.delivery.target = NOBODY
    worlds.players.man = NOBODY
    worlds.players.arrives = NEVER
    return worlds
