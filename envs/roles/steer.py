"""Steering: the few ways in which every role turns a place into an intent.

Its constants are the gains of a controller. They say how the wish to be somewhere is written down as a velocity, not
how fast anybody can run.
"""

from backpost.envs.world.compile import kernel
from backpost.envs.world.geometry import TINY, clip, length, unit

APPROACH, DAMPING = 7.5, 3.5
"""Wanted velocity per metre of distance (1/s) and against the present velocity: with a body's own inertia
(1.2 1/s) a quick approach that does not overshoot."""
SOONEST = 0.05
"""s in which a place is to be reached, at least."""
HURRY = 1.3
"""Wanted speed when running through a place, times the average speed that is needed: bodies must speed up first."""
LEAST_PACE = 0.15
"""Share of top speed that is wanted at least when running through a place."""


@kernel
def run_to(me, x, y, pace):
    """Run to a place at most at this share of top speed, and stop there."""
    wx = (APPROACH * (x - me.x) - DAMPING * me.vx) / me.top_speed
    wy = (APPROACH * (y - me.y) - DAMPING * me.vy) / me.top_speed
    share = min(pace / (length(wx, wy) + TINY), 1.0)
    me.intent.vx, me.intent.vy = share * wx, share * wy
    me.intent.fx = me.intent.fy = 0.0


@kernel
def run_through(me, x, y, seconds):
    """Run to meet the ball there in so many seconds, at full speed or just fast enough, without braking."""
    dx, dy = x - me.x, y - me.y
    distance = length(dx, dy)
    wanted = distance / (max(seconds, SOONEST) * me.top_speed)
    share = clip(HURRY * wanted, LEAST_PACE, 1.0) / (distance + TINY)
    me.intent.vx, me.intent.vy = share * dx, share * dy
    me.intent.fx = me.intent.fy = 0.0


@kernel
def face(me, x, y):
    """Turn the body to a place while moving as already wanted."""
    me.intent.fx, me.intent.fy = unit(x - me.x, y - me.y)
