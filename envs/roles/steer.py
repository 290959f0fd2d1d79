"""Steering: functions with which every role turns a target position into an intent.

The constants are controller gains. They define how a target position becomes a desired velocity, not how fast players
can run.
"""

from backpost.envs.world.compile import kernel
from backpost.envs.world.geometry import TINY, clip, length, unit

APPROACH, DAMPING = 7.5, 3.5
"""Gains of the desired velocity: on distance (1/s), and against the current velocity. With the body's own inertia
(1.2 1/s) they give a quick approach without overshoot."""
SOONEST = 0.05
"""Least time allowed to reach a position, s."""
HURRY = 1.3
"""Desired speed when running through a position, relative to the average speed needed: bodies must accelerate first."""
LEAST_PACE = 0.15
"""Least desired speed when running through a position, as a fraction of top speed."""


@kernel
def run_to(me, x, y, pace):
    """Run to a position at no more than this fraction of top speed, and stop there."""
    wx = (APPROACH * (x - me.x) - DAMPING * me.vx) / me.top_speed
    wy = (APPROACH * (y - me.y) - DAMPING * me.vy) / me.top_speed
    share = min(pace / (length(wx, wy) + TINY), 1.0)
    me.intent.vx, me.intent.vy = share * wx, share * wy
    me.intent.fx = me.intent.fy = 0.0


@kernel
def run_through(me, x, y, seconds):
    """Run to meet the ball at a position in the given time, at full speed or just fast enough, without braking."""
    dx, dy = x - me.x, y - me.y
    distance = length(dx, dy)
    wanted = distance / (max(seconds, SOONEST) * me.top_speed)
    share = clip(HURRY * wanted, LEAST_PACE, 1.0) / (distance + TINY)
    me.intent.vx, me.intent.vy = share * dx, share * dy
    me.intent.fx = me.intent.fy = 0.0


@kernel
def face(me, x, y):
    """Face a position while moving as already intended."""
    me.intent.fx, me.intent.fy = unit(x - me.x, y - me.y)
