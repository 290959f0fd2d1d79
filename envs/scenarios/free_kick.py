"""Wide free kick: a line that holds until the strike and then drops, attackers who run at it, one man in the wall.

Ranges of the deal are below; after it nothing knows that this was a free kick but the record's `set_piece`, because the
ball lies still.
"""

import math

import numpy as np

from backpost.envs.world.chance import DEAL, between
from backpost.envs.world.compile import kernel
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import FREE_KICK, PRESSER, RUNNER

from .deal import deal_defenders, deal_keeper, deal_zonal, draw_pattern, open_cross, set_run
from .set_piece import deal_taker, deal_waiting

MEN = np.array([3, RUNNER, 2, 4, 5])
"""The attackers whom markers take, the first ones first."""
ZONES = np.array([(0.0, -2.0), (0.0, 2.5), (0.0, -6.0), (0.0, 6.5), (0.0, 0.0), (0.0, 10.0), (-3.0, 1.0), (0.0, -10.0)])
"""The line across the box: metres goal-side of it, and y."""
WALL_DISTANCE = 9.15
"""m (Law 13)."""


@kernel
def deal_free_kick(world, p):
    """Fill the record: the ball wide, the line across the box, attackers behind it."""
    seed = world.seed
    draw_pattern(world, 12.0, 16.5, 7, 9, p)
    x, y = between(seed, DEAL, 0, 2, 24.0, 42.0), -between(seed, DEAL, 0, 3, 17.0, 31.0)
    deal_taker(world, FREE_KICK, x, y, p.share_inswing_free_kick, p)
    # Never in front of the ball: who is level with it cannot be offside.
    line = max(HALF_LENGTH - world.pattern.line_height, x + 1.0)
    deal_waiting(world, RUNNER, line, (0.0, 1.0), (4.0, 10.0), p)
    deal_waiting(world, 2, line, (0.0, 1.0), (-8.0, -3.0), p)
    deal_waiting(world, 3, line, (0.0, 1.0), (-3.0, 2.0), p)
    deal_waiting(world, 4, line, (0.0, 1.0), (1.0, 6.0), p)
    deal_waiting(world, 5, line, (5.0, 8.0), (-4.0, 4.0), p)
    set_run(world, RUNNER, 47.0, 5.5, between(seed, DEAL, 1, 3, -1.2, -0.3))
    set_run(world, 2, 48.0, -3.5, between(seed, DEAL, 2, 3, -1.2, -0.3))
    set_run(world, 3, 46.5, 0.0, between(seed, DEAL, 3, 3, -1.2, -0.3))
    set_run(world, 4, 46.0, 3.0, between(seed, DEAL, 4, 3, -1.2, -0.3))
    set_run(world, 5, 41.0, -1.0, between(seed, DEAL, 5, 3, -0.8, 0.2))
    deal_keeper(world, p)
    dx, dy = HALF_LENGTH - x, -y
    share = WALL_DISTANCE / math.sqrt(dx * dx + dy * dy)
    deal_zonal(world, PRESSER, x + share * dx, y + share * dy, p)
    deal_defenders(world, PRESSER + 1, MEN, line, ZONES, p)
    open_cross(world, p)
