"""Corner: in- or out-swinging, from the quadrant, against man, zonal or mixed marking.

Ranges of the deal are below; after it nothing knows that this was a corner but the record's `set_piece`, because nobody
is offside from a corner kick and the ball lies still.
"""

import numpy as np

from backpost.envs.world.chance import DEAL, between
from backpost.envs.world.compile import kernel
from backpost.envs.world.pitch import HALF_LENGTH, HALF_WIDTH, SIX_YARD_DEPTH
from backpost.envs.world.record import CORNER_KICK, KEEPER, RUNNER

from .deal import deal_defenders, deal_keeper, draw_pattern, open_cross, set_run
from .set_piece import deal_taker, deal_waiting

MEN = np.array([3, RUNNER, 2, 4, 7, 6])
"""The attackers whom markers take, the first ones first."""
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
"""Near post, the six-yard line, the far zone, before the near post, the spot, ...: metres goal-side of it, and y."""


@kernel
def deal_corner(world, p):
    """Fill the record: attackers waiting around the spot, one on the keeper, one at the edge of the box."""
    seed = world.seed
    draw_pattern(world, SIX_YARD_DEPTH, SIX_YARD_DEPTH, 6, 7, p)
    deal_taker(world, CORNER_KICK, HALF_LENGTH - 0.4, 0.4 - HALF_WIDTH, p.share_inswing_corner, p)
    deal_waiting(world, RUNNER, HALF_LENGTH, (7.5, 11.5), (2.0, 7.0), p)
    deal_waiting(world, 2, HALF_LENGTH, (7.5, 10.5), (-6.0, -2.0), p)
    deal_waiting(world, 3, HALF_LENGTH, (8.5, 12.5), (-2.0, 3.0), p)
    deal_waiting(world, 4, HALF_LENGTH, (9.5, 13.0), (0.0, 5.0), p)
    deal_waiting(world, 5, HALF_LENGTH, (1.5, 2.5), (-0.5, 1.5), p)
    deal_waiting(world, 6, HALF_LENGTH, (14.5, 18.5), (-6.0, 4.0), p)
    deal_waiting(world, 7, HALF_LENGTH, (8.5, 12.0), (-4.0, 1.0), p)
    set_run(world, RUNNER, 47.0, 6.5, between(seed, DEAL, 1, 3, -1.3, -0.2))
    set_run(world, 2, 48.5, -4.0, between(seed, DEAL, 2, 3, -1.3, -0.3))
    set_run(world, 3, 46.0, -0.5, between(seed, DEAL, 3, 3, -1.3, -0.2))
    set_run(world, 4, 46.0, 3.0, between(seed, DEAL, 4, 3, -1.3, -0.1))
    set_run(world, 5, 50.5, 0.5, -3.0)
    set_run(world, 6, 38.0, -2.0, 0.0)
    set_run(world, 7, 47.3, -2.2, between(seed, DEAL, 7, 3, -1.3, -0.2))
    deal_keeper(world, p)
    deal_defenders(world, KEEPER + 1, MEN, HALF_LENGTH - world.pattern.line_height, ZONES, p)
    open_cross(world, p)
