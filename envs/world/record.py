"""The record: the complete world of one cross is one NumPy record; a batch is an array of records.

There is no other state, so snapshot, restore, compare, hash and replay are array operations (`worlds.copy()`,
`worlds[i] = saved`, `worlds.tobytes()`), and a trajectory is the record stacked over time.

Frame: `pitch.py`. Units: metres, seconds, m/s, radians. Times are relative to the start of the episode unless a
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
"""One slot per pair of players, plus one: a record without padding can be compared as bytes."""

DECISION_TIME = 0.1
"""Seconds between two decisions of every player."""
DECISION_RATE = 10.0
"""Decisions per second: a recorded track has one position for each."""
SUBSTEPS = 4
"""Movement substeps within a decision (25 ms each)."""
TRACK_LENGTH = 90
"""Decisions whose runner positions the record stores (9 s: build-up and flight)."""
TIME_TOLERANCE = 1e-9
"""Tolerance for rounding when comparing times, s."""
NEVER = 99.0
"""Seconds or metres that stand for "never" and "nowhere"."""
SCRIPT_LENGTH = 40
"""Decisions of a recorded build-up that the record can replay (4 s)."""
PATH_LENGTH = 44
"""Samples of the predicted flight of the ball."""
PATH_STEP = 0.05
"""Seconds between two samples."""

# Roles: the module that sets a player's intent.
ROLES = ("crosser", "teammate", "presser", "marker", "zonal", "keeper")
ROLE_CROSSER, ROLE_TEAMMATE, ROLE_PRESSER, ROLE_MARKER, ROLE_ZONAL, ROLE_KEEPER = range(6)

# Phases of a cross, in order.
PHASES = ("carry", "look", "plant", "swing", "cross", "loose", "held", "shot", "over")
CARRY, LOOK, PLANT, SWING, CROSS, LOOSE, HELD, SHOT, OVER = range(9)

DELIVERIES = ("high", "low", "cutback")
HIGH, LOW, CUTBACK = range(3)

TECHNIQUES = ("none", "header", "volley", "side_foot", "control", "flick", "leave")
NO_TECHNIQUE, HEADER, VOLLEY, SIDE_FOOT, CONTROL, FLICK, LEAVE = range(7)

# Fates of a shot, decided in `finish.py`.
FATES = ("none", "goal", "held", "parried", "blocked", "wide", "woodwork", "mishit")
NO_FATE, FATE_GOAL, FATE_HELD, FATE_PARRIED, FATE_BLOCKED, FATE_WIDE, FATE_WOODWORK, FATE_MISHIT = range(8)

SET_PIECES = ("none", "corner", "free_kick")
NO_SET_PIECE, CORNER_KICK, FREE_KICK = range(3)

MARKINGS = ("man", "zonal", "mixed")
MAN, ZONAL, MIXED = range(3)

# Outcomes of a cross.
OUTCOMES = ("playing", "goal", "saved", "claimed", "cleared", "out", "offside", "time")
PLAYING, GOAL, SAVED, CLAIMED, CLEARED, OUT, OFFSIDE, TIME = range(8)

intent_type = np.dtype(
    [
        ("vx", "f8"),  # desired velocity as a fraction of top speed, length at most 1
        ("vy", "f8"),
        ("fx", "f8"),  # desired facing; near zero: face the direction of the run
        ("fy", "f8"),
        ("call", "f8"),  # 1 while the player calls for the ball
    ],
    align=True,
)

player_type = np.dtype(
    [
        ("present", "i8"),
        ("role", "i8"),  # index into ROLES
        (
            "outside",
            "i8",
        ),  # 1: the intent is set externally (policy, rule, keyboard, planner); 2: it corrects the script
        ("x", "f8"),
        ("y", "f8"),
        ("vx", "f8"),
        ("vy", "f8"),
        ("fx", "f8"),  # facing, unit vector
        ("fy", "f8"),
        ("intent", intent_type),
        ("turn_x", "f8"),  # direction to turn to in this decision, unit vector; (0, 0): keep the facing
        ("turn_y", "f8"),
        ("top_speed", "f8"),  # m/s
        ("reaction", "f8"),  # reaction time, s
        ("read_error", "f8"),  # error in reading a flight (sd), m per second of horizon
        ("check_rate", "f8"),  # shoulder checks per second
        ("man", "i8"),  # attacker the player marks, NOBODY for none
        ("gap", "f8"),  # m: a presser's distance to the crosser, a waiting attacker's to the offside line
        ("home_x", "f8"),  # attackers: where the run ends; defenders: the zone
        ("home_y", "f8"),
        ("start", "f8"),  # attackers: start of the run, s from the expected strike (negative: before it)
        ("belief_x", "f8"),  # defenders: believed position of the marked man
        ("belief_y", "f8"),
        ("belief_vx", "f8"),
        ("belief_vy", "f8"),
        ("sees_man", "i8"),  # 1 while the marked man is in view
        ("gaze_x", "f8"),  # unit vector
        ("gaze_y", "f8"),
        ("check_wait", "f8"),  # s until the next shoulder check; negative during one
        ("checks", "i8"),  # shoulder checks so far
        ("read_depth", "f8"),  # error of the latest reading of the flight along the line of sight, in units of sd
        ("read_across", "f8"),  # ... and across it
        ("read_doubt", "f8"),  # variance of both, as a share of that of the first reading of this flight
        ("judge_mates", "f8"),  # error in judging when team-mates reach this ball, in units of sd
        ("judge_rivals", "f8"),  # ... and opponents
        ("volleys", "i8"),  # 1 if a scripted attacker lets this ball drop below the shoulder
        ("jump", "f8"),  # m: height that the head reaches from a standing jump
        ("arrives", "f8"),  # s from now until the expected touch of the ball; 99 = never
        ("meet_x", "f8"),  # where it is expected
        ("meet_y", "f8"),
        ("meet_z", "f8"),
        ("mates_arrive", "f8"),  # s until the first team-mate reaches the ball, as this player judges it; 99 = never
        ("rivals_arrive", "f8"),  # ... and the first outfield opponent
        ("attacks", "i8"),  # 1 while going for the ball
        ("contests", "i8"),  # contests so far
        ("locked", "f8"),  # s until the next attempt to touch the ball is allowed
        ("offside", "i8"),  # 1 if in an offside position at a team-mate's last touch
        ("strike_x", "f8"),  # position when the cross was struck
        ("strike_y", "f8"),
    ],
    align=True,
)

ball_type = np.dtype(
    [
        ("x", "f8"),
        ("y", "f8"),
        ("z", "f8"),  # height of the centre: 0.11 at rest on the grass
        ("vx", "f8"),
        ("vy", "f8"),
        ("vz", "f8"),
        ("wx", "f8"),  # spin, rad/s
        ("wy", "f8"),
        ("wz", "f8"),
        ("owner", "i8"),  # player with the ball at their feet, NOBODY in flight
        ("last_touch", "i8"),  # last player to touch it
        ("touches", "i8"),  # touches so far; the strike of the cross is the first
    ],
    align=True,
)

delivery_type = np.dtype(
    [
        ("strike_at", "f8"),  # planned time of the strike
        ("struck_at", "f8"),  # time of the strike; 99 before
        ("check_back_at", "f8"),  # when the crosser checks back; 99 = never
        ("checked_back", "i8"),  # 1 once that has happened
        ("chosen", "i8"),  # 1 once kind and aim are chosen
        ("given", "i8"),  # 1: strike exactly the recorded delivery below ("same ball")
        ("kind", "i8"),  # index into DELIVERIES
        ("target", "i8"),  # intended receiver, NOBODY for a zone
        ("aim_x", "f8"),
        ("aim_y", "f8"),
        ("aim_z", "f8"),
        ("vx", "f8"),  # launch velocity as struck (or to be struck, if given)
        ("vy", "f8"),
        ("vz", "f8"),
        ("wx", "f8"),
        ("wy", "f8"),
        ("wz", "f8"),
        ("blocked", "i8"),
        ("hips_shown", "f8"),  # how clearly the hips show the choice: .5 to 1 at the strike; 0: not (yet, or any more)
        ("hips_x", "f8"),  # landing point they suggest
        ("hips_y", "f8"),
        ("hips_low", "f8"),  # 1: they suggest a low ball, -1: a high one
        ("swing", "f8"),  # spin about the vertical axis: 1 out-swinging, -1 in-swinging
        ("origin_x", "f8"),  # where it was struck
        ("origin_y", "f8"),
    ],
    align=True,
)

shot_type = np.dtype(
    [
        ("by", "i8"),  # player who took the current shot
        ("technique", "i8"),
        ("fate", "i8"),  # index into FATES, decided at the strike by drawing a member of the error set
        ("time_left", "f8"),  # s until the fate takes effect
        ("stopped_by", "i8"),  # player who parries or blocks it, NOBODY for none
        ("out_vx", "f8"),  # velocity of the ball afterwards (parry, block, woodwork, mishit)
        ("out_vy", "f8"),
        ("out_vz", "f8"),
        ("count", "i8"),  # shots so far
    ],
    align=True,
)

first_type = np.dtype(
    [
        ("by", "i8"),  # player involved, NOBODY if the event never happened
        ("time", "f8"),
        ("x", "f8"),  # the ball
        ("y", "f8"),
        ("z", "f8"),
        ("technique", "i8"),
        ("speed", "f8"),  # of the player
        ("gap", "f8"),  # m to the nearest opponent (outfield or keeper)
        ("body_angle", "f8"),  # rad between the player's facing and the direction to the goal
        ("covered", "f8"),  # m from the player's position when the cross was struck
        ("teammates", "i8"),  # outfield team-mates in the penalty area, the player included
        ("opponents", "i8"),  # outfield opponents in the penalty area
        ("xg", "f8"),  # P(goal) of the shot alone, 0 without a shot
        ("fate", "i8"),
    ],
    align=True,
)

pattern_type = np.dtype(
    [
        ("marking", "i8"),  # index into MARKINGS
        ("line_height", "f8"),  # m from the goal line to the last line of defence with the ball far from the byline
        ("compactness", "f8"),  # factor on the usual distances between defenders of a line: below 1 is narrower
        ("defenders", "i8"),  # outfield defenders
        ("keeper_range", "f8"),  # how far from goal, in m, the keeper comes for a cross
    ],
    align=True,
)
"""The defensive set-up."""

sight_type = np.dtype(
    [
        ("x", "f8"),  # the ball as the runner sees it
        ("y", "f8"),
        ("vx", "f8"),
        ("vy", "f8"),
        ("depth", "f8"),  # error of its place along the line of sight, in units of sd
        ("across", "f8"),  # ... and across it
        ("bend", "f8"),  # error in reading the bend of this flight, in units of sd
        ("distance", "f8"),  # m from the ball at the latest look; 99 before
        ("path", "f8", (3, PATH_LENGTH)),  # x, y, z of the flight that the runner expects, every PATH_STEP
        ("drop_time", "f8"),  # s until the ball can first be met at the feet, as the runner expects; 99 = never
        ("drop_x", "f8"),
        ("drop_y", "f8"),
    ],
    align=True,
)
"""What the runner sees of the ball."""

world_type = np.dtype(
    [
        ("seed", "u8"),
        ("time", "f8"),
        ("decisions", "i8"),
        ("phase", "i8"),  # index into PHASES
        ("phase_since", "f8"),  # when the phase began
        ("limit", "f8"),  # latest end of the episode; 99 before the strike
        ("difficulty", "f8"),  # 0 (easy) to 1 (calibrated to published football)
        ("variant", "i8"),  # variant to deal; NOBODY: any
        ("set_piece", "i8"),  # index into SET_PIECES
        ("counter_attack", "i8"),  # 1 if the defence is still running back
        ("pattern", pattern_type),
        ("pattern_low", pattern_type),  # range from which the deal draws the pattern
        ("pattern_high", pattern_type),
        ("outcome", "i8"),  # index into OUTCOMES
        ("offender", "i8"),  # player flagged offside, NOBODY for none
        ("line_x", "f8"),  # offside line: second-last opponent or ball
        ("players", player_type, (PLAYERS,)),
        ("ball", ball_type),
        ("delivery", delivery_type),
        ("shot", shot_type),
        ("path", "f8", (4, PATH_LENGTH)),  # predicted x, y, z of the ball and the remaining drift, every PATH_STEP
        ("path_length", "i8"),
        ("drop", "i8"),  # first sample at which the predicted ball is at foot height; PATH_LENGTH if never
        ("sight", sight_type),
        ("pairs", "i2", (PAIRS,)),  # pairs that may collide in this decision: 32 times the first, plus the second
        ("pair_count", "i8"),
        ("xg_now", "f8"),  # expected goals of the team in this decision
        ("own_xg_now", "f8"),  # ... from the runner's own touches
        ("goals_now", "f8"),
        ("xg", "f8"),  # the same, summed over the cross
        ("own_xg", "f8"),
        ("goals", "f8"),
        ("first_contact", first_type),  # by any player after the strike
        ("first_shot", first_type),  # by any attacker
        ("meeting", first_type),  # the runner's first touch of the ball
        ("last_shot", first_type),  # the latest shot of an attacker
        ("own_shots", "i8"),  # shots of the runner
        ("pass_time", "f8"),  # when the ball in flight was nearest to the runner
        ("pass_x", "f8"),
        ("pass_y", "f8"),
        ("pass_distance", "f8"),  # m; 99 before the strike
        ("unseen_time", "f8"),  # s of the runner's run (faster than 2 m/s) outside the marker's sight
        ("run_time", "f8"),  # total duration of the run, s
        ("belief_error", "f8"),  # m: the marker's error at the strike
        ("track", "f8", (TRACK_LENGTH, 2)),  # the runner's x, y at each decision: row k is at k * 0.1 s
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
    worlds.players.arrives = worlds.players.mates_arrive = worlds.players.rivals_arrive = NEVER
    worlds.sight.distance = worlds.sight.drop_time = NEVER
    return worlds
