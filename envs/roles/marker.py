"""The marker: stays goal-side of the believed position of the marked man, anticipates, turns and runs along.

A marker goes for a ball that is won clearly before any opponent; otherwise the marker keeps contact and contests it
with the man. A defender without a man holds a zone and covers like a zonal defender.
"""

from backpost.envs.world.compile import kernel
from backpost.envs.world.geometry import length
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import CORNER_KICK, CROSS, LOOSE, NOBODY, SWING

from .steer import face, run_through, run_to
from .zonal import decide_zonal, goal_side, zone_place


@kernel
def decide_marker(world, i, p):
    """Pursue the predicted position of the man, blended with the zone; attack the ball if first."""
    me = world.players[i]
    if (world.phase == CROSS or world.phase == LOOSE) and me.attacks != 0:
        run_through(me, me.meet_x, me.meet_y, me.arrives)
        return
    if me.man == NOBODY:
        decide_zonal(world, i, p)
        return
    zone_x, zone_y = zone_place(world, me, p)
    in_flight = world.phase == CROSS
    # Goal-side of where the man will be.
    x = me.belief_x + p.marker_lead * me.belief_vx
    y = me.belief_y + p.marker_lead * me.belief_vy
    x, y = goal_side(x, y, p.contact_gap if in_flight else p.marker_gap)
    weight = max(p.man_weight, p.flight_man_weight) if in_flight else p.man_weight
    x = weight * x + (1.0 - weight) * zone_x
    y = weight * y + (1.0 - weight) * zone_y
    if world.phase <= SWING and world.set_piece != CORNER_KICK:
        # Leave a man who runs through the line before the strike offside.
        x = min(x, zone_x + p.marker_gap)
    run_to(me, min(x, HALF_LENGTH - p.marker_deepest), y, 1.0)
    if length(me.belief_vx, me.belief_vy) < p.turn_and_run_speed:
        # Open body shape: ball in front, man to the side. When the man runs, turn and run too.
        face(me, world.ball.x, world.ball.y)
