"""Steering: the few ways in which every role turns a place into an intent."""

import math

from backpost.envs.world.compile import kernel

APPROACH, DAMPING = 7.5, 3.5
"""Wanted velocity per metre of distance (1/s) and against the present velocity: with the runner's own inertia
(1.2 1/s) a quick approach that does not overshoot."""


@kernel
def run_to(me, x, y, pace):
    """Run to a place at most at this share of top speed, and stop there."""
    wx = (APPROACH * (x - me.x) - DAMPING * me.vx) / me.top_speed
    wy = (APPROACH * (y - me.y) - DAMPING * me.vy) / me.top_speed
    share = min(pace / (math.sqrt(wx * wx + wy * wy) + 1e-9), 1.0)
    me.intent.vx, me.intent.vy = share * wx, share * wy
    me.intent.fx = me.intent.fy = 0.0


@kernel
def run_through(me, x, y, seconds):
    """Run to meet the ball there in so many seconds, at full speed or just fast enough, without braking."""
    dx, dy = x - me.x, y - me.y
    distance = math.sqrt(dx * dx + dy * dy)
    wanted = distance / (max(seconds, 0.05) * me.top_speed)
    share = min(max(1.3 * wanted, 0.15), 1.0) / (distance + 1e-9)
    me.intent.vx, me.intent.vy = share * dx, share * dy
    me.intent.fx = me.intent.fy = 0.0


@kernel
def face(me, x, y):
    """Turn the body to a place while moving as already wanted."""
    dx, dy = x - me.x, y - me.y
    distance = math.sqrt(dx * dx + dy * dy) + 1e-9
    me.intent.fx, me.intent.fy = dx / distance, dy / distance
