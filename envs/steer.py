"""Steering: the few ways in which every role turns a place into an intent."""

import math

from .compile import kernel


@kernel
def run_to(me, x, y, pace):
    """Run to a place and stop there; the wanted speed falls over the last metres."""
    dx, dy = x - me.x, y - me.y
    distance = math.sqrt(dx * dx + dy * dy)
    share = min(pace, 0.3 * distance) / (distance + 1e-9)
    me.intent.vx, me.intent.vy = share * dx, share * dy
    me.intent.fx = me.intent.fy = 0.0


@kernel
def run_through(me, x, y, seconds):
    """Run to meet the ball there in so many seconds, at full speed or just fast enough, without braking."""
    dx, dy = x - me.x, y - me.y
    distance = math.sqrt(dx * dx + dy * dy)
    wanted = distance / (max(seconds, 0.05) * me.top_speed)
    share = min(max(1.15 * wanted, 0.15), 1.0) / (distance + 1e-9)
    me.intent.vx, me.intent.vy = share * dx, share * dy
    me.intent.fx = me.intent.fy = 0.0


@kernel
def face(me, x, y):
    """Turn the body to a place while moving as already wanted."""
    dx, dy = x - me.x, y - me.y
    distance = math.sqrt(dx * dx + dy * dy) + 1e-9
    me.intent.fx, me.intent.fy = dx / distance, dy / distance
