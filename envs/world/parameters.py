"""Every number of the simulation that could have been another: one frozen, validated place.

A kernel never reads a module global that could be tuned; it gets this table as one record. `input` sources are
published measurements; `calibrated` values were chosen inside the range to match published frequencies; `assumption`
means that no published number identifies the value (the sensitivity of the guide's claims to it is reported).
"""

from dataclasses import dataclass

import numpy as np

from backpost.envs.common.checks import number
from backpost.envs.common.errors import InvalidValue, UnknownName

FUJIMURA = "Fujimura & Sugihara 2005"
LAST_ROW = "Last Row tracking data"
WYSCOUT = "calibrated: Wyscout public data set, Pappalardo et al. 2019"
JORDET = "Jordet et al. 2020"
GOFF = "range fitted to real flights and bounces"
ASSUMPTION = "assumption"


@dataclass(frozen=True)
class Parameter:
    """One number: its name, default, the range of its plausible values, unit and source."""

    name: str
    default: float
    low: float
    high: float
    unit: str
    source: str


def _p(name: str, default: float, low: float, high: float, unit: str, source: str) -> Parameter:
    return Parameter(name, default, low, high, unit, source)


TABLE = (
    # Ball
    _p("bounce_flat", 0.73, 0.6, 0.8, "-", GOFF),
    _p("bounce_steep", 0.56, 0.5, 0.65, "-", GOFF),
    _p("bounce_grip", 0.77, 0.7, 0.85, "-", GOFF),
    _p("rolling_deceleration", 0.8, 0.4, 1.3, "m/s2", GOFF),
    # Running
    _p("acceleration_rate", 1.2, 1.0, 1.3, "1/s", FUJIMURA),
    _p("braking", 7.0, 6.0, 8.0, "m/s2", FUJIMURA),
    _p("speed_sideways", 0.55, 0.45, 0.65, "share of top speed", ASSUMPTION),
    _p("speed_backwards", 0.5, 0.4, 0.6, "share of top speed", ASSUMPTION),
    _p("turn_rate", 7.0, 4.0, 10.0, "rad/s", ASSUMPTION),
    _p("turn_slowing", 0.45, 0.0, 0.8, "rad/m", ASSUMPTION),
    _p("attacker_speed", 8.3, 7.8, 9.0, "m/s", LAST_ROW),
    _p("defender_speed", 8.0, 7.6, 8.8, "m/s", LAST_ROW),
    _p("keeper_speed", 7.0, 5.5, 7.5, "m/s", ASSUMPTION),
    _p("speed_spread", 0.35, 0.0, 0.6, "m/s (sd)", LAST_ROW),
    # Sight
    _p("belief_limits_on", 1.0, 0.0, 1.0, "switch", "0: defenders always know where their man is"),
    _p("gaze_cosine", 0.5, 0.0, 0.9, "-", ASSUMPTION),
    _p("felt_distance", 1.0, 0.0, 2.0, "m", ASSUMPTION),
    _p("check_rate", 0.58, 0.2, 1.0, "1/s", JORDET),
    _p("belief_memory", 1.2, 0.3, 4.0, "s", ASSUMPTION),
    _p("reaction", 0.2452, 0.2, 0.45, "s", "simple and choice reactions, .2-.45 s"),
    _p("bend_foreseen", 0.6008, 0.0, 1.0, "share of the sidespin", "Craig et al. 2006: bends are underestimated"),
    _p("read_error", 1.239, 0.4, 2.0, "m per s", "interception studies: centimetres near, metres far"),
    _p("runner_read_error", 1.045, 0.4, 2.0, "m per s", "interception studies: centimetres near, metres far"),
    _p("cues_on", 1.0, 0.0, 1.0, "switch", "0: the crosser's body shows nothing"),
    _p("timing_error", 0.4, 0.0, 1.0, "s (sd) in judging the moment of the strike", WYSCOUT),
    # Openings
    _p("share_man", 0.25, 0.0, 1.0, "share of man marking", ASSUMPTION),
    _p("share_zonal", 0.15, 0.0, 1.0, "share of zonal marking; the rest is mixed", ASSUMPTION),
    _p("compactness_spread", 0.15, 0.0, 0.4, "-", ASSUMPTION),
    _p("share_inswing", 0.25, 0.0, 1.0, "share of open crosses", ASSUMPTION),
    _p("share_inswing_corner", 0.5, 0.0, 1.0, "share of corners", "Wyscout: 7,565 of 15,045 lofted corners"),
    _p("share_inswing_free_kick", 0.6, 0.0, 1.0, "share of free kicks", ASSUMPTION),
    _p("share_wide", 0.5, 0.0, 1.0, "share of open play", WYSCOUT),
    _p("share_byline", 0.25, 0.0, 1.0, "share of open play", WYSCOUT),
    _p("press_near", 1.52, 0.5, 3.0, "m", WYSCOUT),
    _p("press_far", 2.12, 1.0, 6.0, "m", WYSCOUT),
    # Crosser
    _p("look_time", 0.9, 0.5, 1.5, "s before the strike", ASSUMPTION),
    _p("plant_time", 0.35, 0.2, 0.5, "s before the strike", ASSUMPTION),
    _p("swing_time", 0.15, 0.1, 0.2, "s before the strike", ASSUMPTION),
    _p("choice_time", 0.45, 0.3, 0.9, "s before the strike", ASSUMPTION),
    _p("check_back_chance", 0.15, 0.0, 0.5, "share of crosses", ASSUMPTION),
    _p("choice_noise", 2.58, 0.1, 3.0, "-", WYSCOUT),
    _p("choice_openness", 1.38, 0.0, 4.0, "-", WYSCOUT),
    _p("choice_arrival", 1.47, 0.0, 4.0, "-", WYSCOUT),
    _p("choice_near", -0.918, -4.0, 4.0, "-", WYSCOUT),
    _p("choice_centre", -1.12, -4.0, 4.0, "-", WYSCOUT),
    _p("choice_far", 2.33, -4.0, 4.0, "-", WYSCOUT),
    _p("choice_low_near", 0.345, -4.0, 4.0, "-", WYSCOUT),
    _p("choice_low_centre", 0.471, -4.0, 4.0, "-", WYSCOUT),
    _p("choice_cutback", 6.58, -4.0, 10.0, "-", WYSCOUT),
    _p("choice_lane", 0.783, 0.0, 4.0, "-", WYSCOUT),
    _p("choice_call", 1.0, 0.0, 3.0, "-", ASSUMPTION),
    _p("view_cosine", 0.3, -1.0, 0.9, "of what the crosser sees around the middle of the box", ASSUMPTION),
    _p("aim_ahead", 4.09, 3.0, 12.0, "m behind the line of defence", WYSCOUT),
    _p("far_aim", 6.75, 4.0, 10.0, "m beyond the centre", WYSCOUT),
    _p("pass_gap", 1.35, 0.5, 4.0, "m between a cut-back or the man it is for and an opponent", WYSCOUT),
    _p("swing_aim", 1.66, 0.0, 3.0, "m by which an in-swinger is aimed nearer to the goal", WYSCOUT),
    _p("aim_spread", 1.66, 0.0, 3.0, "m (sd)", WYSCOUT),
    _p("aim_at_man", 0.168, 0.0, 0.8, "share of the way from the zone to the man", WYSCOUT),
    _p("aim_reach", 9.0, 2.0, 15.0, "m", ASSUMPTION),
    _p("speed_error", 0.00856, 0.0, 0.08, "share (sd)", WYSCOUT),
    _p("elevation_error", 0.0443, 0.0, 0.12, "rad (sd)", WYSCOUT),
    _p("azimuth_error", 0.0471, 0.0, 0.12, "rad (sd)", WYSCOUT),
    _p("cutback_error", 0.057, 0.0, 0.12, "rad (sd)", WYSCOUT),
    _p("corner_elevation", 0.34, 0.28, 0.4, "rad", "published corners: 18 degrees"),
    _p("high_elevation", 0.4146, 0.28, 0.5, "rad", "published deliveries: 18-20 degrees"),
    _p("elevation_variety", 0.1899, 0.0, 0.3, "share (sd)", WYSCOUT),
    _p("high_hspeed", 18.0, 16.0, 20.0, "m/s", "StatsBomb, Metrica, Wyscout: mean horizontal speed"),
    _p("low_hspeed", 17.0, 15.0, 21.0, "m/s", "as the crosser expects it"),
    _p("cutback_hspeed", 11.5, 10.0, 14.0, "m/s", "as the crosser expects it"),
    _p("low_speed", 22.43, 18.0, 24.0, "m/s", "published deliveries: driven low 20 m in 1.0 s"),
    _p("low_elevation", 0.03509, 0.0, 0.15, "rad", WYSCOUT),
    _p("cutback_speed", 12.97, 11.0, 15.0, "m/s", "published deliveries: 11-13 m in 1.0-1.1 s"),
    _p("backspin", 5, 0.0, 15.0, "rad/s", "lifts a corner of 26 m/s and 18 degrees to its published 3.8 m"),
    _p("sidespin_low", 5.0, 0.0, 30.0, "rad/s", "measured spins of crosses"),
    _p("sidespin_high", 20.0, 10.0, 60.0, "rad/s", "measured spins of crosses"),
    _p("block_chance", 0.51, 0.0, 1.0, "-", WYSCOUT),
    _p("block_low", 1.5, 0.5, 2.0, "-", WYSCOUT),
    # Team-mates
    _p("hearing_on", 1.0, 0.0, 1.0, "switch", "0: defenders do not hear calls"),
    _p("hearing", 15.0, 5.0, 30.0, "m within which a call is heard", ASSUMPTION),
    _p("line_margin", 0.124, 0.0, 2.0, "m onside while running", WYSCOUT),
    _p("attack_margin", 0.3742, 0.0, 1.0, "s", WYSCOUT),
    # Defenders
    _p("man_weight", 0.897, 0.0, 1.0, "-", WYSCOUT),
    _p("marker_gap", 0.7037, 0.3, 2.0, "m", "StatsBomb open data, 334 matches"),
    _p("marker_lead", 0.3886, 0.0, 1.0, "s", WYSCOUT),
    _p("turn_and_run_speed", 3.14, 1.0, 6.0, "m/s", WYSCOUT),
    _p("line_height", 11.3, 6.0, 16.0, "m from the goal line, the ball being far from it", WYSCOUT),
    _p("line_spread", 2.0, 0.0, 4.0, "m either way", ASSUMPTION),
    _p("shift", 0.0588, 0.0, 0.4, "m per m of the ball's width", WYSCOUT),
    _p("collapse", 0.361, 0.0, 1.0, "m per m", WYSCOUT),
    # Contests and touches
    _p("offside_on", 1.0, 0.0, 1.0, "switch", "Law 11; 0: nobody is ever offside"),
    _p("second_balls_on", 1.0, 0.0, 1.0, "switch", "0: the cross ends when the ball is loose"),
    _p("facing_on", 1.0, 0.0, 1.0, "switch", "0: it does not matter where a body faces"),
    _p("head_reach", 0.7714, 0.5, 0.9, "m", WYSCOUT),
    _p("head_reach_height", 2.362, 2.3, 2.6, "m", "jumping headers, 2.3-2.6 m"),
    _p("foot_reach", 1.027, 0.8, 1.3, "m", WYSCOUT),
    _p("contest_distance", 0.325, 0.1, 2.0, "m", WYSCOUT),
    _p("contest_defender_high", 0.901, 0.5, 5.0, "times an attacker's weight", WYSCOUT),
    _p("contest_defender_low", 2.38, 0.5, 5.0, "times an attacker's weight", WYSCOUT),
    _p("contest_keeper", 4.39, 1.0, 20.0, "times an attacker's weight", WYSCOUT),
    _p("touch_attacker", 0.604, 0.4, 1.0, "-", WYSCOUT),
    _p("touch_dropping", 0.3, 0.0, 1.0, "s/m of vertical speed, at the feet", ASSUMPTION),
    _p("touch_defender_high", 0.937, 0.5, 1.0, "-", WYSCOUT),
    _p("touch_defender_low", 0.827, 0.5, 1.0, "-", WYSCOUT),
    _p("deflection", 0.206, 0.0, 1.0, "share of a defender's missed touches", WYSCOUT),
    _p("recover_time", 0.5054, 0.2, 1.0, "s", WYSCOUT),
    _p("clean", 0.62, 0.2, 1.0, "-", WYSCOUT),
    _p("clean_pressure", 0.325, 0.0, 0.6, "-", WYSCOUT),
    _p("clean_height", 0.295, 0.0, 1.0, "1/m", WYSCOUT),
    _p("clean_foot", 0.45, -0.3, 0.6, "-", WYSCOUT),
    _p("clean_speed", 0.0237, 0.0, 0.05, "s/m", WYSCOUT),
    _p("clean_blind", 0.3, 0.0, 0.6, "lost with the back to the ball", ASSUMPTION),
    _p("clean_volley", 0.12, 0.0, 0.8, "1/m", WYSCOUT),
    _p("control", 0.871, 0.5, 1.2, "-", WYSCOUT),
    _p("control_speed", 0.025, 0.0, 0.08, "s/m", ASSUMPTION),
    _p("control_pressure", 0.402, 0.0, 1.0, "-", WYSCOUT),
    _p("flick_value", 0.009, 0.0, 0.1, "xG", WYSCOUT),
    _p("keep_speed", 14.87, 5.0, 25.0, "m/s", WYSCOUT),
    _p("keep_gap", 1.569, 0.5, 5.0, "m", WYSCOUT),
    _p("clear_error", 0.6079, 0.1, 1.5, "rad (sd)", WYSCOUT),
    _p("clear_speed_low", 6.878, 3.0, 12.0, "m/s", WYSCOUT),
    _p("clear_speed_high", 15.91, 12.0, 22.0, "m/s", WYSCOUT),
    _p("tackle", 0.3793, 0.0, 1.0, "-", WYSCOUT),
    # Shots
    _p("header_error", 0.226, 0.08, 0.4, "rad (sd)", WYSCOUT),
    _p("foot_error", 0.158, 0.06, 0.3, "rad (sd)", WYSCOUT),
    _p("settled_error", 1.505, 0.6, 2.0, "times foot_error, for a shot after control", WYSCOUT),
    _p("vertical_error", 0.545, 0.3, 1.0, "share of the sideways error", WYSCOUT),
    _p("pressure_error", 2.91, 0.0, 6.0, "-", "StatsBomb open data: conversion by nearest opponent"),
    _p("facing_error", 0.3, 0.0, 1.0, "-", ASSUMPTION),
    _p("running_error", 0.00861, 0.0, 0.05, "s/m", WYSCOUT),
    _p("header_height_error", 1.73, 0.0, 4.0, "1/m2", WYSCOUT),
    _p("ball_speed_error", 0.0137, 0.0, 0.05, "s/m", WYSCOUT),
    _p("volley_height_error", 1.26, 0.0, 2.0, "1/m", WYSCOUT),
    _p("falling_error", 0.0624, 0.0, 0.2, "s/m", WYSCOUT),
    _p("header_speed", 13.1, 9.0, 15.0, "m/s", "measured headers at goal"),
    _p("foot_speed", 19.9, 15.0, 25.0, "m/s", "measured first-time shots"),
    _p("aim_height", 1.17, 0.2, 1.5, "m", WYSCOUT),
    _p("shot_range", 24.0, 18.0, 30.0, "m", ASSUMPTION),
    _p("shot_threshold", 0.00399, 0.0, 0.05, "xG", WYSCOUT),
    _p("settled_shot_threshold", 0.03912, 0.0, 0.2, "xG", WYSCOUT),
    _p("block_half_width", 0.347, 0.25, 0.5, "m", WYSCOUT),
    # Keeper
    _p("keeper_follows_on", 1.0, 0.0, 1.0, "switch", "0: the keeper stays in the middle of the goal"),
    _p("keeper_depth", 2.21, 0.5, 4.0, "m", WYSCOUT),
    _p("keeper_shift", 0.6, 0.0, 1.0, "-", ASSUMPTION),
    _p("keeper_range", 7.27, 4.0, 9.0, "m from the goal", WYSCOUT),
    _p("keeper_range_spread", 0.7, 0.0, 2.0, "m either way", ASSUMPTION),
    _p("keeper_courage", 0.491, -0.6, 0.6, "s", WYSCOUT),
    _p("keeper_reach", 1.075, 0.7, 1.4, "m", WYSCOUT),
    _p("keeper_dive_reach", 2.2, 1.5, 2.9, "m, for a ball about to cross the line", ASSUMPTION),
    _p("keeper_reach_height", 2.9, 2.6, 3.1, "m", "hands 2.4-2.5 m standing, 2.9-3.1 m jumping"),
    _p("keeper_catch", 0.9478, 0.5, 1.0, "-", WYSCOUT),
    _p("keeper_catch_pressure", 0.3311, 0.0, 0.8, "-", WYSCOUT),
    _p("keeper_reaction", 0.25, 0.2, 0.3, "s", "published reactions, .2-.3 s"),
    _p("keeper_dive_speed", 4.23, 3.5, 4.5, "m/s", "published dives, about 3.9 m/s"),
    _p("keeper_body", 0.58, 0.3, 0.9, "m", WYSCOUT),
    _p("keeper_full_reach", 2.87, 2.4, 3.3, "m", WYSCOUT),
    _p("keeper_chest", 1.0, 0.7, 1.3, "m", ASSUMPTION),
    _p("keeper_hold_margin", 0.8014, 0.2, 1.5, "m", WYSCOUT),
    _p("parry_speed", 5.194, 2.0, 9.0, "m/s", WYSCOUT),
    # Cues
    _p(
        "cue_class_early",
        0.5,
        0.5,
        0.9,
        "P(true class) .3 s before the strike",
        "suggested accuracies of anticipation",
    ),
    _p("cue_class_late", 0.8, 0.5, 1.0, "P(true class) at the strike", "suggested accuracies of anticipation"),
    _p("cue_error_early", 6.0, 2.0, 10.0, "m .3 s before the strike", "suggested accuracies of anticipation"),
    _p("cue_error_late", 3.0, 0.5, 6.0, "m at the strike", "suggested accuracies of anticipation"),
    _p("cue_time", 0.3, 0.1, 0.45, "s before the strike", "suggested accuracies of anticipation"),
    # The clock
    _p("limit_after_strike", 13.0, 4.0, 14.0, "s", "10 s after the first touch at the latest"),
)
_BY_NAME = {parameter.name: parameter for parameter in TABLE}
parameter_type = np.dtype([(parameter.name, "f8") for parameter in TABLE])


def parameters(**overrides: float) -> np.recarray:
    """The parameters as the kernel takes them: shape (1,), one float64 field each; `overrides` replace defaults.

    Raises:
        UnknownName: for a name that is not in the table.
        InvalidValue: for a value outside its range.
    """
    record = np.zeros(1, parameter_type).view(np.recarray)
    for parameter in TABLE:
        record[parameter.name] = parameter.default
    for name, value in overrides.items():
        if name not in _BY_NAME:
            raise UnknownName("parameter", name, _BY_NAME)
        known = _BY_NAME[name]
        if not number(value):
            raise InvalidValue(f"parameter {name} must be a finite number, got {value!r}")
        if not known.low <= value <= known.high:
            raise InvalidValue(
                f"parameter {name} must be between {known.low:g} and {known.high:g} {known.unit}, got {value!r}"
            )
        record[name] = value
    return record
