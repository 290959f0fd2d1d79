"""What is calibrated in which order: the stages, their free parameters and the published rows they are fitted to.

Each stage is frozen before the next begins, and no parameter belongs to two stages. Rows of earlier stages are kept in
later ones with a small weight, so that later stages do not undo earlier ones. Rows that count up to 10 s after the
strike are left to the last stage, which moves no parameter that affects the first contact.
"""

from collections.abc import Mapping
from dataclasses import dataclass

SHARES = ("open_high_share", "cutback_share")
"""Hard constraints of the stages that affect the crosser's choices: an optimiser removes the delivery it cannot match.
The flight is calibrated before them, and what happens after the strike affects no choice. They are also rows, which
keeps a search away from the edges of their bands."""
WITHIN_10_S = "whole attack"
"""Stage of the published rows that include second balls; no parameter of the first contact may be fitted to them."""


@dataclass(frozen=True)
class Stage:
    """One stage of the calibration.

    Attributes:
        name: its name on the command line.
        parameters: names of its free parameters.
        rows: ids of the published rows it is fitted to, with their weights.
        crosses: number of crosses that each candidate plays.
        generations: number of generations, unless the time is limited.
        share: share of the wall time, if that is limited.
        constraints: ids of the rows that must stay inside their bands; a candidate that violates one is rejected.
    """

    name: str
    parameters: tuple[str, ...]
    rows: Mapping[str, float]
    crosses: int
    generations: int
    share: float
    constraints: tuple[str, ...] = ()


FLIGHT_ROWS = {
    "corner_flight_median": 1.0,
    "open_high_flight_median": 1.0,
    "open_low_flight_median": 1.0,
    "mean_hspeed_high": 1.0,
}
DIRECT_SHOTS = {"open_high_direct_shot": 1.0, "open_low_direct_shot": 1.0}
# The share of headers is listed under the finish, but it depends on which contacts are clean.
FIRST_CONTACT_ROWS = {
    "open_blocked_share": 1.0,
    "open_high_first_att": 1.0,
    "open_high_first_def": 1.0,
    "open_high_first_gk": 1.0,
    "open_high_out": 1.0,
    "open_low_first_att": 1.0,
    "open_low_first_def": 1.0,
    "open_offside": 0.3,
    "fk_offside": 0.3,
    "cutback_first_att": 1.0,
    **DIRECT_SHOTS,
    "zone_first_contact_open_high_far": 1.0,
    "zone_first_contact_open_high_near": 1.0,
    "far_att_first_open_high": 1.0,
    "central_att_first_open_high": 1.0,
    "open_high_direct_header_share": 1.0,
    "corner_high_first_att": 1.0,
    "corner_in_gk": 1.0,
    **dict.fromkeys(SHARES, 1.0),
}
FINISH_ROWS = {
    "header_conv_open": 1.0,
    "foot_conv_low": 1.0,
    "foot_conv_high": 1.0,
    "header_conv_5_7m": 1.0,
    "header_conv_11_13m": 1.0,
    "header_conv_free_vs_tight": 0.5,
    "goalshare_central_open_high": 0.5,
}
MOVEMENT_ROWS = {
    "ft_foot_nearest_opp": 1.0,
    "scorer_distance_during_flight": 0.5,
    "scorer_speed_contact": 0.5,
    "box_occupancy_open": 1.0,
}
WHOLE_ATTACK_ROWS = {
    "open_shot10": 1.0,
    "open_goal10": 1.0,
    "open_high_goal10": 1.0,
    "cutback_goal10": 0.5,
    "corner_high_goal10": 1.0,
    "shots_from_crosses_conv_wc": 0.5,
    "wc2018_goal_per_open_cross": 0.3,
    "wc2018_attempt_counter": 0.3,
    "big5_conv_5s": 0.5,
}


def _kept(rows: Mapping[str, float], weight: float) -> dict[str, float]:
    """Rows of earlier stages with reduced weight, for a stage that could undo them."""
    return {name: weight * own for name, own in rows.items()}


STAGES = (
    Stage(
        name="flight",
        parameters=(
            *("high_elevation", "elevation_variety", "corner_elevation", "backspin"),
            *("low_speed", "low_elevation", "cutback_speed"),
        ),
        rows=FLIGHT_ROWS,
        crosses=2_000,
        generations=15,
        share=0.08,
    ),
    Stage(
        name="first_contact",
        parameters=(
            # The crosser: what he chooses and how well he strikes the ball.
            *("choice_noise", "choice_openness", "choice_arrival", "choice_near", "choice_centre", "choice_far"),
            *("choice_low_near", "choice_low_centre", "choice_cutback", "choice_lane"),
            *("far_aim", "aim_ahead", "aim_at_man", "swing_aim", "pass_gap", "aim_spread_x", "aim_spread_y"),
            *("speed_error", "elevation_error", "azimuth_error", "cutback_error"),
            # His opponent, the line and the zones.
            *("press_near", "press_far", "block_chance", "block_low"),
            *("line_margin", "timing_error", "man_weight", "line_height", "collapse", "shift"),
            # Who wins the contest, and what comes of his touch.
            *("contest_distance", "contest_defender_high", "contest_defender_low", "contest_keeper"),
            *("touch_attacker", "touch_defender_high", "touch_defender_low", "deflection"),
            *("keeper_range", "keeper_courage"),
            *("clean", "clean_pressure", "clean_height", "clean_foot", "clean_speed", "clean_volley"),
            *("control", "control_pressure", "shot_threshold"),
        ),
        rows={**FIRST_CONTACT_ROWS, **_kept(FLIGHT_ROWS, 0.3)},
        crosses=4_000,
        generations=60,
        share=0.42,
        constraints=SHARES,
    ),
    Stage(
        name="finish",
        parameters=(
            *("header_error", "foot_error", "vertical_error", "header_pressure_error", "foot_pressure_error"),
            *("running_error", "ball_speed_error"),
            *("header_height_error", "volley_height_error", "falling_error", "header_speed", "foot_speed"),
            *("aim_height", "block_half_width"),
            *("keeper_depth", "keeper_body", "keeper_dive_speed", "keeper_full_reach"),
        ),
        rows={**FINISH_ROWS, **_kept(DIRECT_SHOTS, 0.5)},
        crosses=8_000,
        generations=40,
        share=0.22,
    ),
    Stage(
        name="movement",
        parameters=("marker_gap", "marker_lead", "turn_and_run_speed", "attack_margin"),
        rows={**MOVEMENT_ROWS, **_kept(FIRST_CONTACT_ROWS, 0.3), **_kept(FINISH_ROWS, 0.3)},
        crosses=5_000,
        generations=15,
        share=0.1,
        constraints=SHARES,
    ),
    Stage(
        name="whole_attack",
        parameters=(
            *("keep_speed", "keep_gap", "clear_error", "clear_speed_low", "clear_speed_high", "tackle", "flick_value"),
            *("settled_error", "settled_shot_threshold", "keeper_catch", "keeper_catch_pressure"),
            *("keeper_hold_margin", "parry_speed"),
        ),
        rows={**WHOLE_ATTACK_ROWS, **_kept(FIRST_CONTACT_ROWS, 0.1)},
        crosses=5_000,
        generations=30,
        share=0.18,
    ),
)
SECOND_BALL = ("keep_", "clear_", "tackle", "flick_", "settled_", "keeper_catch", "keeper_hold_margin", "parry_speed")
"""Prefixes of the parameters that affect only what happens after the first touch, or whether play continues."""
