"""What the calibration may move: the free parameters, their bounds and the step of a design."""

from collections.abc import Iterable
from dataclasses import dataclass

from backpost.envs.world.parameter_table import TABLE

STEP = 0.07
"""Step of a design as a share of a parameter's range: wide enough to rise above luck, narrow enough to be linear."""

CROSSER = (
    # what he chooses
    *("choice_noise", "choice_openness", "choice_arrival", "choice_cutback", "choice_lane"),
    *("choice_near", "choice_centre", "choice_far", "choice_spot"),
    *("choice_low_near", "choice_low_centre", "choice_low_far", "choice_low_spot"),
    *("corner_near", "corner_centre", "corner_far", "corner_spot", "share_inswing_free_kick"),
    # where he aims
    *("aim_ahead", "free_kick_aim_ahead", "far_aim", "far_aim_x", "near_aim_x", "near_aim_y"),
    *("centre_aim_x", "spot_aim_x", "low_near_aim_x", "low_centre_aim_x", "low_far_aim_x", "low_far_aim_y"),
    *("low_spot_aim_x", "cross_height", "pass_gap", "swing_aim", "aim_spread_x", "aim_spread_y"),
    *("aim_at_man", "aim_reach"),
    # how well he strikes the ball, and what the first opponent blocks
    *("elevation_error", "azimuth_error", "set_piece_precision", "low_speed", "low_elevation"),
    *("low_elevation_error", "high_elevation", "corner_elevation", "elevation_variety", "block_chance"),
)
TEAM = ("attack_margin", "line_margin", "share_volleying", "read_error", "judge_error")
DEFENDERS = (
    *("man_weight", "marker_gap", "marker_lead", "contact_gap", "leave_margin", "line_height", "shift", "collapse"),
    *("zone_deepest", "zone_pace", "cover", "cover_reach", "close_down", "close_down_reach"),
)
CONTESTS_AND_TOUCHES = (
    # who plays the ball
    *("contest_distance", "contest_defender_high", "contest_defender_low", "contest_keeper", "contest_front"),
    *("contest_run_up", "head_reach", "foot_reach"),
    # whether he touches it
    *("touch_attacker", "touch_fast", "touch_dropping", "touch_defender_high", "touch_defender_low", "deflection"),
)
KEEPER = (
    *("keeper_depth", "keeper_shift", "keeper_range", "keeper_courage", "keeper_catch", "keeper_hold_margin"),
    "keeper_reach",
)
SECOND_BALLS = (
    *("clear_error", "clear_speed_low", "clear_speed_high", "tackle", "keep_speed", "keep_gap", "loose_pace"),
    *("settled_shot_threshold", "settled_error"),
)
FINISHING = (
    # what an attacker makes of a ball that he touches, and how cleanly
    *("clean", "clean_pressure", "clean_height", "clean_height_from", "clean_foot", "clean_speed", "clean_volley"),
    *("control", "control_pressure", "control_worth", "control_room", "flick_value", "flick_back_value", "flick_x"),
    "shot_threshold",
    # where his shot goes
    *("header_error", "foot_error", "vertical_error", "header_pressure_error", "foot_pressure_error", "facing_error"),
    *("running_error", "header_height_error", "header_height_from", "ball_speed_error", "volley_height_error"),
    *("volley_height_from", "falling_error", "header_speed", "header_own_speed", "foot_speed", "own_speed_share"),
    *("aim_height", "aim_side"),
    # who stops it
    *("block_half_width", "shot_block_height", "header_block_height", "keeper_reaction_least"),
    *("keeper_reaction_range", "keeper_unset", "keeper_dive_speed", "keeper_body", "keeper_full_reach"),
    *("keeper_shot_pace", "keeper_chest", "keeper_height_weight"),
)
"""What matters only once an attacker plays the first ball: of how a cross comes to him they change nothing."""

NARROWER = {
    "share_volleying": (0.0, 0.45),  # most attackers head a high ball
    "read_error": (0.8, 1.8),  # a reader neither perfect nor blind: the coaching rules must remain of use
    "contact_gap": (0.3, 1.4),  # a marker neither stands in his man nor leaves him
    "leave_margin": (0.0, 0.6),  # a marker who leaves his man believes that he is first
    "cover": (0.3, 0.9),  # free defenders cover the drop, but not as if they knew it
    "close_down": (0.5, 1.0),  # a waiting attacker is not left alone
    "contest_run_up": (0.3, 1.5),  # a run-up is worth something in the air
    "contest_front": (0.2, 2.0),  # and so is being in front
    "head_reach": (0.55, 0.85),  # a head, not an outstretched arm
    "foot_reach": (0.8, 1.1),  # a stride, not a slide
    "touch_dropping": (0.1, 0.5),  # a dropping ball is harder, not impossible
    "clean_height": (0.0, 0.5),  # a header at full stretch is harder, not hopeless
    "flick_x": (36.0, 40.0),  # balls are flicked on within the box, and before the penalty spot already
    "shot_threshold": (0.003, 0.03),  # nobody shoots at any chance, and nobody leaves one in thirty
    "keeper_dive_speed": (3.5, 4.7),  # published dives are at 3.9 m/s
    "keeper_unset": (0.0, 0.4),  # beyond it a moving keeper saves nothing
}
"""Bounds within the table's range, where its ends would meet the figures by what is not football."""


@dataclass(frozen=True)
class FreeParameter:
    """A parameter that the calibration may move.

    Attributes:
        name, start: its name and its value now.
        low, high: the bounds within which it moves; a start outside them may only come back.
        step: the step of a design, in the parameter's unit.
    """

    name: str
    start: float
    low: float
    high: float
    step: float


def free_parameters() -> tuple[FreeParameter, ...]:
    """The free parameters of the linear models, with their defaults as start."""
    return _free((*CROSSER, *TEAM, *DEFENDERS, *CONTESTS_AND_TOUCHES, *KEEPER, *SECOND_BALLS))


def finishing_parameters() -> tuple[FreeParameter, ...]:
    """The free parameters of finishing, with their defaults as start."""
    return _free(FINISHING)


def _free(names: Iterable[str]) -> tuple[FreeParameter, ...]:
    table = {parameter.name: parameter for parameter in TABLE}
    free = []
    for name in names:
        low, high = NARROWER.get(name, (table[name].low, table[name].high))
        free.append(FreeParameter(name, table[name].default, low, high, STEP * (high - low)))
    return tuple(free)
