"""The ball and the air: physical constants that calibration does not change.

Drag, bounce and friction are fitted, so they are parameters.
"""

RADIUS = 0.11
"""m (Law 2: circumference .68 to .70 m)."""
MASS = 0.43
"""kg (Law 2: .410 to .450 kg)."""
GRAVITY = 9.81
"""m/s2."""
AIR = 0.5 * 1.2 * 0.0375 / MASS
"""Half of air density (1.2 kg/m3) times cross-section (m2) over mass, 1/m; times C * speed**2 gives acceleration."""
DRAG_SPEED, DRAG_SPEEDS = 10.0, 15.0
"""Speed at which the drag coefficient starts to fall, and the range over which it falls, m/s."""
SPIN_1, SPIN_2, SPIN_3 = 0.04, 0.1, 0.2
"""Breakpoints of the measured curve of the Magnus coefficient against the spin parameter r*w/v."""
LIFT_1, LIFT_2, LIFT_3, LIFT_MOST = 0.10, 0.16, 0.23, 0.33
"""Magnus coefficients at the breakpoints and at the end of the curve."""
SLOPE_0, SLOPE_1, SLOPE_2, SLOPE_3 = 2.5, 1.0, 0.7, 0.5
"""Slopes of the curve before, between and after the breakpoints."""
