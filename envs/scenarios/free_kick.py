"""Wide free kick: a line that holds until the strike and then drops, attackers attacking it, a one-man wall.

The ranges of the deal below are chosen by hand; after the deal, only the record's `set_piece` marks a free kick,
because it is a dead ball.
"""

import numpy as np

from backpost.envs.world.chance import WORLD
from backpost.envs.world.compile import kernel
from backpost.envs.world.draws import STRIKE_X, STRIKE_Y
from backpost.envs.world.geometry import length
from backpost.envs.world.pitch import FREE_KICK_DISTANCE, HALF_LENGTH
from backpost.envs.world.record import FREE_KICK, PRESSER, RUNNER

from .deal import Attacker, deal_defenders, deal_keeper, deal_zonal, draw_pattern, drawn, open_cross
from .set_piece import deal_taker, deal_waiting

LINE_SPREAD = 2.25
"""m by which the line of defence is higher or deeper than usual."""
FEWEST, MOST = 7, 9
"""Outfield defenders."""
BALL_X, BALL_OUT = (24.0, 42.0), (17.0, 31.0)
"""Position of the ball: x, and distance from the middle of the pitch, m."""
BEHIND_BALL = 1.0
"""Least distance of the line goal-side of the ball, m: a player level with the ball cannot be offside."""
MEN = np.array([3, RUNNER, 2, 4, 5])
"""The attackers to mark, in order of priority."""
ZONES = np.array([(0.0, -2.0), (0.0, 2.5), (0.0, -6.0), (0.0, 6.5), (0.0, 0.0), (0.0, 10.0), (-3.0, 1.0), (0.0, -10.0)])
"""The line across the box: metres goal-side of the line, and y."""
TEAM = (
    # Along the line, with the runner at its far end and two attackers at the edge of the box.
    Attacker(RUNNER, (0.0, 1.0), (4.0, 10.0), 47.0, (5.5, 5.5), (-1.2, -0.3)),
    Attacker(2, (0.0, 1.0), (-8.0, -3.0), 48.0, (-3.5, -3.5), (-1.2, -0.3)),
    Attacker(3, (0.0, 1.0), (-3.0, 2.0), 46.5, (0.0, 0.0), (-1.2, -0.3)),
    Attacker(4, (0.0, 1.0), (1.0, 6.0), 46.0, (3.0, 3.0), (-1.2, -0.3)),
    Attacker(5, (5.0, 8.0), (-4.0, 4.0), 41.0, (-1.0, -1.0), (-0.8, 0.2)),
    Attacker(6, (3.0, 7.0), (5.0, 11.0), 42.0, (6.0, 9.0), (-0.8, 0.2)),
)


@kernel
def deal_free_kick(world, p):
    """Fill the record: the ball wide, the line across the box, attackers behind the line."""
    usual = p.free_kick_line_height
    draw_pattern(world, usual - LINE_SPREAD, usual + LINE_SPREAD, FEWEST, MOST, p)
    x, y = drawn(world, STRIKE_X, WORLD, BALL_X), -drawn(world, STRIKE_Y, WORLD, BALL_OUT)
    deal_taker(world, FREE_KICK, x, y, p.share_inswing_free_kick, p)
    line = max(HALF_LENGTH - world.pattern.line_height, x + BEHIND_BALL)
    for attacker in TEAM:
        deal_waiting(world, line, attacker, p)
    deal_keeper(world, p)
    dx, dy = HALF_LENGTH - x, -y
    share = FREE_KICK_DISTANCE / length(dx, dy)
    deal_zonal(world, PRESSER, x + share * dx, y + share * dy, p)
    deal_defenders(world, PRESSER + 1, MEN, line, ZONES, p)
    open_cross(world, p)
