"""Corner: in- or out-swinging, from the quadrant, against man, zonal or mixed marking.

The ranges of the deal below are chosen by hand; after the deal, only the record's `set_piece` marks a corner, because
there is no offside from a corner kick and the ball is dead.
"""

import numpy as np

from backpost.envs.world.compile import kernel
from backpost.envs.world.pitch import HALF_LENGTH, HALF_WIDTH, SIX_YARD_DEPTH
from backpost.envs.world.record import CORNER_KICK, KEEPER, RUNNER

from .deal import Attacker, deal_defenders, deal_keeper, draw_pattern, open_cross
from .set_piece import deal_taker, deal_waiting

FEWEST, MOST = 8, 9
"""Outfield defenders."""
BALL = (HALF_LENGTH - 0.4, 0.4 - HALF_WIDTH)
"""Position of the ball in the quadrant, m."""
MEN = np.array([3, RUNNER, 2, 4, 7, 6])
"""The attackers to mark, in order of priority."""
ZONES = np.array(
    [
        (2.0, -3.6),
        (0.5, -2.5),
        (0.5, 0.5),
        (0.5, 3.5),
        (0.0, 7.0),
        (-1.0, -6.5),
        (-4.5, 0.0),
        (-8.0, -2.0),
        (-4.5, -4.0),
    ]
)
"""Near post, six-yard line, far zone, in front of the near post, spot, ...: metres goal-side of the line, and y."""
TEAM = (
    # Metres from the goal line: around the spot, one on the keeper, one towards the far edge of the box.
    Attacker(RUNNER, (7.5, 11.5), (2.0, 7.0), 47.0, (6.5, 6.5), (-1.3, -0.2)),
    Attacker(2, (7.5, 10.5), (-6.0, -2.0), 48.5, (-4.0, -4.0), (-1.3, -0.3)),
    Attacker(3, (8.5, 12.5), (-2.0, 3.0), 46.0, (-0.5, -0.5), (-1.3, -0.2)),
    Attacker(4, (9.5, 13.0), (0.0, 5.0), 46.0, (3.0, 3.0), (-1.3, -0.1)),
    Attacker(5, (1.5, 2.5), (-0.5, 1.5), 50.5, (0.5, 0.5), (-3.0, -3.0)),
    Attacker(6, (13.0, 18.0), (-2.0, 10.0), 40.0, (5.0, 9.0), (-0.5, 0.5)),
    Attacker(7, (8.5, 12.0), (-4.0, 1.0), 47.3, (-2.2, -2.2), (-1.3, -0.2)),
)


@kernel
def deal_corner(world, p):
    """Fill the record: attackers waiting around the spot, one on the keeper, one at the edge of the box."""
    deal_taker(world, CORNER_KICK, BALL[0], BALL[1], p.share_inswing_corner, p)
    draw_pattern(world, SIX_YARD_DEPTH, SIX_YARD_DEPTH, FEWEST, MOST, p)
    for attacker in TEAM:
        deal_waiting(world, HALF_LENGTH, attacker, p)
    deal_keeper(world, p)
    deal_defenders(world, KEEPER + 1, MEN, HALF_LENGTH - world.pattern.line_height, ZONES, p)
    open_cross(world, p)
