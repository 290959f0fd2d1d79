"""Rows of the parameter table: how balls and bodies move, whoever plays."""

from .parameter import ASSUMPTION, FUJIMURA, GOFF, LAST_ROW
from .parameter import Parameter as _p

PHYSICS = (
    # Ball
    _p("bounce_flat", 0.73, 0.6, 0.8, "-", GOFF),
    _p("bounce_steep", 0.56, 0.5, 0.65, "-", GOFF),
    _p("bounce_grip", 0.77, 0.7, 0.85, "-", GOFF),
    _p("rolling_deceleration", 0.8, 0.4, 1.3, "m/s2", GOFF),
    _p("bounce_end", 0.6, 0.2, 1.0, "m/s upwards, below which the ball stays on the grass", ASSUMPTION),
    _p("drag_slow", 0.25, 0.2, 0.3, "drag coefficient up to 10 m/s", GOFF),
    _p("drag_fall", 0.11, 0.05, 0.16, "by which it falls until 25 m/s", GOFF),
    _p("ball_ahead", 0.5, 0.3, 0.8, "m in front of a body at which it has the ball at its feet", ASSUMPTION),
    _p("settling_speed", 5.0, 3.0, 8.0, "m/s at which a controlled ball is brought there", ASSUMPTION),
    _p("cleared_x", 20.0, 10.0, 30.0, "m from the halfway line, short of which a loose ball is cleared", ASSUMPTION),
    # Running
    _p("acceleration_rate", 1.2, 1.0, 1.3, "1/s", FUJIMURA),
    _p("braking", 7.0, 6.0, 8.0, "m/s2", FUJIMURA),
    _p("speed_sideways", 0.55, 0.45, 0.65, "share of top speed", ASSUMPTION),
    _p("speed_backwards", 0.5, 0.4, 0.6, "share of top speed", ASSUMPTION),
    _p("turn_rate", 7.0, 4.0, 10.0, "rad/s", ASSUMPTION),
    _p("turn_slowing", 0.45, 0.0, 0.8, "rad/m", ASSUMPTION),
    _p("turn_least", 1.0, 0.5, 2.0, "rad/s, at any speed", ASSUMPTION),
    _p("body_distance", 0.7, 0.5, 0.9, "m between the centres of two bodies that touch", ASSUMPTION),
    _p("goal_clearance", 0.3, 0.1, 0.5, "m that bodies keep from the goal", ASSUMPTION),
    _p("attacker_speed", 8.3, 7.8, 9.0, "m/s", LAST_ROW),
    _p("defender_speed", 8.0, 7.6, 8.8, "m/s", LAST_ROW),
    _p("keeper_speed", 7.0, 5.5, 7.5, "m/s", ASSUMPTION),
    _p("speed_spread", 0.35, 0.0, 0.6, "m/s (sd)", LAST_ROW),
)
