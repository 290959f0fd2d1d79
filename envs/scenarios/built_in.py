"""The built-in scenarios, registered like any other."""

from . import board, open_play, set_piece, situation
from .corner import deal_corner
from .deal import open_cross
from .drills import SETS, deal_drill_crossing, deal_drill_set_piece, deal_drill_shadow
from .free_kick import deal_free_kick
from .match import deal_match
from .open_play import STARTS, deal_open_play
from .registry import register_scenario
from .scenario import PATTERN_OPTIONS
from .transition import deal_transition

_SET_PATTERN = ("marking", "compactness", "defenders", "keeper_range")

register_scenario(
    "backpost/OpenPlay-v0",
    deal_open_play,
    description="a crosser wide, at the byline or deep, four attackers, six to eight defenders and the keeper",
    starts=STARTS,
    options=PATTERN_OPTIONS,
    latest_strike=open_play.STRIKE[1],
)
register_scenario(
    "backpost/Transition-v0",
    deal_transition,
    description="a fast break: three attackers arriving, two to four defenders running back",
    options=PATTERN_OPTIONS,
    latest_strike=open_play.STRIKE[1],
)
register_scenario(
    "backpost/Corner-v0",
    deal_corner,
    description="a corner, inswinging or outswinging: seven attackers, six or seven defenders near the goal",
    options=_SET_PATTERN,
    latest_strike=set_piece.STRIKE[1],
)
register_scenario(
    "backpost/FreeKick-v0",
    deal_free_kick,
    description="a wide free kick: a line that drops at the strike, five attackers who run at it, one man in the wall",
    options=PATTERN_OPTIONS,
    latest_strike=set_piece.STRIKE[1],
)
register_scenario(
    "backpost/Match-v0",
    deal_match,
    description="the mixture of open play, corners, free kicks and fast breaks of real matches",
    options=("marking", "compactness", "keeper_range"),
    latest_strike=open_play.STRIKE[1],
)
register_scenario(
    "backpost/DrillCrossing-v0",
    deal_drill_crossing,
    description="a drill: crosser and runner without opponents, from many angles",
    starts=STARTS,
    reward="own_xg",
    latest_strike=open_play.STRIKE[1],
)
register_scenario(
    "backpost/DrillShadow-v0",
    deal_drill_shadow,
    description="a drill: crosser and runner against one defender who shadows the runner, and the keeper",
    starts=STARTS,
    options=("keeper_range",),
    reward="own_xg",
    latest_strike=open_play.STRIKE[1],
)
register_scenario(
    "backpost/DrillSetPiece-v0",
    deal_drill_set_piece,
    description="a drill: twelve corners, each always dealt the same; only luck differs",
    sets=SETS,
    options=_SET_PATTERN,
    latest_strike=set_piece.STRIKE[1],
)
register_scenario(
    "backpost/Situation-v0",
    open_cross,
    description="a real attack from tracking data, or a board that a coach drew",
    options=("file", "runner", "crosser", "start", "ball"),
    opening=board.opening,
    latest_strike=situation.LONGEST_BUILD_UP,
)
