"""The named random draws: no random number of an episode is used twice.

A draw belongs to a purpose, a player (or the cross itself) and a count. Draws that share a purpose use adjacent
numbers; `tests/envs/world/test_draws.py` checks that they do not overlap. Changing these values changes the cross that
a seed produces.
"""

from .chance import Draw
from .record import ATTACKERS, KEEPER, PLAYERS

# Purposes: never reuse one.
(
    DEAL,
    CHECK_BACK,
    DELIVERY_CHOICE,
    STRIKE_ERROR,
    BLOCK,
    HIPS,
    SHOULDER_CHECK,
    READ_ERROR,
    CONTEST,
    CLEAN_TOUCH,
    SHOT_MEMBER,
    LOOSE_TOUCH,
    KEEPER_HANDS,
    STRIKE_JUDGED,
    WING_SHOWN,
    RANDOM_AGENT,
    PATTERN,
    SCENARIO,
    ORDINARY_AGENT,
    REBOUND,
    LATER_READING,
    LOOK,
    JUDGEMENT,
    BODY,
) = range(24)

CONTESTS = 60
"""Largest number of contests of one player in an episode."""
TOUCHES = 20
"""Largest number of touches of the ball."""
CHECKS = 60
"""Largest number of shoulder checks of one player."""
SHOTS = 20
"""Largest number of shots."""
DECISIONS = 200
"""Largest number of decisions."""
OPTIONS = 9
"""Number of deliveries the crosser chooses from."""

_Players = tuple[int, int]
_CROSS = (0, 1)
_EVERYBODY = (0, PLAYERS)
_TEAM = (1, ATTACKERS)
_DEFENCE = (KEEPER, PLAYERS)
_PRESSER = (KEEPER + 1, KEEPER + 2)
_MARKERS = (KEEPER + 1, PLAYERS)


def _even(purpose: int, players: _Players, first: int = 0, every: int = 1, times: int = 1, channel: int = 0) -> Draw:
    """A number between 0 and 1."""
    return Draw(purpose, channel, first, every, 1, *players, times)


def _normal(purpose: int, players: _Players, first: int = 0, every: int = 2, times: int = 1, channel: int = 0) -> Draw:
    """A standard normal number."""
    return Draw(purpose, channel, first, every, 2, *players, times)


# The defensive set-up.
MARKING = _even(PATTERN, _CROSS, 0)
LINE_HEIGHT = _even(PATTERN, _CROSS, 1)
COMPACTNESS = _even(PATTERN, _CROSS, 2)
DEFENDERS = _even(PATTERN, _CROSS, 3)
KEEPER_RANGE = _even(PATTERN, _CROSS, 4)

# The opening of a cross: the crosser ...
KIND_OF_START = _even(DEAL, _CROSS, 0)
STRIKE_X = _even(DEAL, _CROSS, 2)
STRIKE_Y = _even(DEAL, _CROSS, 3)
STRIKE_TIME = _even(DEAL, _CROSS, 4)
PACE = _even(DEAL, _CROSS, 5)
CHECKS_BACK = _even(DEAL, _CROSS, 6)
CHECK_BACK_TIME = _even(DEAL, _CROSS, 7)
START_Y = _even(DEAL, _CROSS, 8)
SWING_OF_CROSS = _even(DEAL, _CROSS, 9)
# ... the other attackers ...
WAITS_BEHIND = _even(DEAL, _TEAM, 1)
WAITS_ACROSS = _even(DEAL, _TEAM, 2)
RUN_START = _even(DEAL, _TEAM, 3)
RUN_ACROSS = _even(DEAL, _TEAM, 4)
# ... the defence: each player index has one role only ...
GOAL_SIDE = _even(DEAL, _MARKERS, 1)
ACROSS = _even(DEAL, _MARKERS, 2)
FIRST_CHECK = _even(DEAL, _DEFENCE, 5)
PRESSER_GAP = _even(DEAL, _PRESSER, 1)
PRESSER_ACROSS = _even(DEAL, _PRESSER, 2)
# ... of a fast break ...
BREAK_PRESSER_BEHIND = _even(DEAL, _PRESSER, 1)
BREAK_PRESSER_GAP = _even(DEAL, _PRESSER, 2)
BREAK_LINE = _even(DEAL, _PRESSER, 3)
# ... and the players' speeds.
SKILL = _normal(DEAL, _EVERYBODY, 20)
JUMP = _normal(BODY, _EVERYBODY)

# Scenario of a mixture, set of a drill, wing shown.
MIXTURE = _even(SCENARIO, _CROSS, 0)
SET_OF_DRILL = _even(SCENARIO, _CROSS, 1)
WING = _even(WING_SHOWN, _CROSS)

# Perception.
NEXT_CHECK = _even(SHOULDER_CHECK, _DEFENCE, times=CHECKS)
READ_DEPTH = _normal(READ_ERROR, _EVERYBODY, 0, 4, TOUCHES)
READ_ACROSS = _normal(READ_ERROR, _EVERYBODY, 2, 4, TOUCHES)
SHARPER_READING = _normal(LATER_READING, _EVERYBODY, times=DECISIONS)
LOOK_AT_BALL = _normal(LOOK, _CROSS, times=DECISIONS, channel=0)
LOOK_BEND = _normal(LOOK, _CROSS, times=TOUCHES, channel=2)
JUDGE_MATES = _normal(JUDGEMENT, _EVERYBODY, 0, 4, TOUCHES)
JUDGE_RIVALS = _normal(JUDGEMENT, _EVERYBODY, 2, 4, TOUCHES)
VOLLEYS = _even(JUDGEMENT, _EVERYBODY, 100, 1, TOUCHES)
HIPS_X = _normal(HIPS, _CROSS, times=DECISIONS, channel=0)
HIPS_Y = _normal(HIPS, _CROSS, times=DECISIONS, channel=1)
HIPS_CLASS = _even(HIPS, _CROSS, times=DECISIONS, channel=2)
JUDGED_STRIKE = _normal(STRIKE_JUDGED, _TEAM, times=2)

# The crosser.
CHOICE = _even(DELIVERY_CHOICE, _CROSS, times=OPTIONS)
AIM_X = _normal(DELIVERY_CHOICE, _CROSS, 0, channel=1)
AIM_Y = _normal(DELIVERY_CHOICE, _CROSS, 2, channel=1)
STRIKE_SPEED = _normal(STRIKE_ERROR, _CROSS, channel=0)
SIDESPIN = _even(STRIKE_ERROR, _CROSS, 9, channel=0)
STRIKE_AZIMUTH = _normal(STRIKE_ERROR, _CROSS, channel=1)
STRIKE_ELEVATION = _normal(STRIKE_ERROR, _CROSS, channel=2)
ELEVATION_VARIETY = _normal(STRIKE_ERROR, _CROSS, channel=3)
BLOCKED = _even(BLOCK, _CROSS)
BLOCK_ANGLE = _normal(LOOSE_TOUCH, _CROSS, 0)
BLOCK_SPEED = _even(LOOSE_TOUCH, _CROSS, 6)
BLOCK_RISE = _even(LOOSE_TOUCH, _CROSS, 7)

# A contest: its winner, whether the ball is touched, and cleanly, and where it goes if not (or if flicked or cleared).
WINS_CONTEST = _even(CONTEST, _EVERYBODY, times=CONTESTS)
TOUCHES_BALL = _even(CLEAN_TOUCH, _EVERYBODY, 0, 2, CONTESTS)
CONTACT_CLEAN = _even(CLEAN_TOUCH, _EVERYBODY, 1, 2, CONTESTS)
LOOSE_ANGLE = _normal(LOOSE_TOUCH, _EVERYBODY, 2, 8, CONTESTS)
LOOSE_SPEED = _even(LOOSE_TOUCH, _EVERYBODY, 4, 8, CONTESTS)
LOOSE_RISE = _even(LOOSE_TOUCH, _EVERYBODY, 5, 8, CONTESTS)
CATCH = _even(KEEPER_HANDS, _CROSS, times=CONTESTS)

# A held ball, by number of touches so far.
LAY_OFF_SPEED = _even(LOOSE_TOUCH, _EVERYBODY, 930, 1, TOUCHES)
TACKLE = _even(LOOSE_TOUCH, _EVERYBODY, 900, 1, TOUCHES)
RECROSS_X = _normal(LOOSE_TOUCH, _EVERYBODY, 1600, 2, TOUCHES)
RECROSS_Y = _normal(LOOSE_TOUCH, _EVERYBODY, 1640, 2, TOUCHES)
RECROSS_SPEED = _normal(LOOSE_TOUCH, _EVERYBODY, 1680, 2, TOUCHES)
RECROSS_ANGLE = _normal(LOOSE_TOUCH, _EVERYBODY, 1720, 2, TOUCHES)
LAY_OFF_ANGLE = _normal(LOOSE_TOUCH, _EVERYBODY, 1760, 2, TOUCHES)

# Shots.
MEMBER = _even(SHOT_MEMBER, _CROSS, times=SHOTS)
REBOUND_X = _normal(REBOUND, _CROSS, times=SHOTS, channel=0)
REBOUND_Y = _normal(REBOUND, _CROSS, times=SHOTS, channel=1)
