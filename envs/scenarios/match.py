"""Match: open play, fast breaks, corners and free kicks in the proportions of real matches."""

from backpost.envs.world.chance import WORLD, uniform
from backpost.envs.world.compile import kernel
from backpost.envs.world.draws import MIXTURE

from .corner import deal_corner
from .free_kick import deal_free_kick
from .open_play import deal_open_play
from .transition import deal_transition

CORNERS, FREE_KICKS = 0.21, 0.10
"""Shares of crosses: of about 90,000 in 1,941 matches (Pappalardo et al. 2019), 62,333 came from open play and 8,599
unblocked ones from wide free kicks; the rest were corners, ten per match."""
COUNTER_ATTACKS = 0.08
"""Share of crosses that end a fast break: an assumption."""


@kernel
def deal_match(world, p):
    """Fill the record with one of the four deals."""
    u = uniform(world.seed, MIXTURE, WORLD, 0)
    if u < CORNERS:
        deal_corner(world, p)
    elif u < CORNERS + FREE_KICKS:
        deal_free_kick(world, p)
    elif u < CORNERS + FREE_KICKS + COUNTER_ATTACKS:
        deal_transition(world, p)
    else:
        deal_open_play(world, p)
