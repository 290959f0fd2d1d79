"""Sight: whom a player sees, and how well a player reads the ball's velocity."""

from backpost.envs.world.compile import kernel
from backpost.envs.world.geometry import TINY, cosine, length, unit
from backpost.envs.world.record import ATTACKERS


@kernel
def notices(world, i, x, y, p):
    """Whether a player sees somebody at this place: in the field of view, or close enough to be felt.

    Defenders look at the ball, or over the shoulder; attackers look where they face.
    """
    me = world.players[i]
    dx, dy = x - me.x, y - me.y
    if p.belief_limits_on == 0.0 or length(dx, dy) + TINY < p.felt_distance:
        return True
    if i < ATTACKERS:
        return cosine(me.fx, me.fy, dx, dy) > p.attacker_view_cosine
    return cosine(me.gaze_x, me.gaze_y, dx, dy) > p.gaze_cosine


@kernel
def reading_error(world, i, p):
    """A player's error in reading the velocity of the ball, m/s: along the line of sight, and less across it."""
    me, ball = world.players[i], world.ball
    ux, uy = unit(ball.x - me.x, ball.y - me.y)
    depth, across = me.read_error * me.read_depth, p.read_error_across * me.read_error * me.read_across
    return depth * ux - across * uy, depth * uy + across * ux
