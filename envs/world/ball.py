"""The ball and the air: constants of physics, which no calibration moves.

Drag, bounce and friction are fitted, so they are parameters.
"""

RADIUS = 0.11
"""m (Law 2: circumference .68 to .70 m)."""
MASS = 0.43
"""kg (Law 2: .410 to .450 kg)."""
GRAVITY = 9.81
"""m/s2."""
AIR = 0.5 * 1.2 * 0.0375 / MASS
"""Half of air density (1.2 kg/m3) times cross-section (m2) over mass, 1/m: times C * speed**2 it is an acceleration."""
DRAG_SPEED, DRAG_SPEEDS = 10.0, 15.0
"""m/s from which on the drag coefficient falls, and over how many it does."""
SPIN_1, SPIN_2, SPIN_3 = 0.04, 0.1, 0.2
"""The measured curve of the Magnus coefficient against the spin parameter r*w/v bends at these spin parameters,"""
LIFT_1, LIFT_2, LIFT_3, LIFT_MOST = 0.10, 0.16, 0.23, 0.33
"""has these coefficients there and at its end,"""
SLOPE_0, SLOPE_1, SLOPE_2, SLOPE_3 = 2.5, 1.0, 0.7, 0.5
"""and these slopes before, between and after them."""
