"""The three drills of the guide: crossing and finishing unopposed, one shadow defender, a repeated corner."""

from backpost.envs.roles.delivery import HIGH_OPTIONS, option
from backpost.envs.world.chance import WORLD, uniform
from backpost.envs.world.compile import kernel
from backpost.envs.world.draws import KIND_OF_START, PACE, SET_OF_DRILL
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import KEEPER, NOBODY, RUNNER

from .corner import deal_corner
from .deal import Attacker, deal_attacker, deal_keeper, deal_marker, draw_pattern, drawn, open_cross
from .open_play import JOGS, WINGS, deal_winger

SETS = 12
"""Corners in the repertoire of the set-piece drill."""
LINE_HEIGHT = 10.0
"""m from the goal line to the last line of defence."""
ALONE = Attacker(RUNNER, (11.0, 20.0), (0.0, 9.0), 47.0, (5.5, 5.5), (-1.0, 0.2))
"""The runner on the far side of the box, metres from the goal line."""


@kernel
def deal_drill_crossing(world, p):
    """Crosser and runner, no opponents: deliveries from many angles."""
    deal_two(world, 0, p)
    open_cross(world, p)


@kernel
def deal_drill_shadow(world, p):
    """Crosser and runner against one defender who shadows the runner, and the keeper."""
    deal_two(world, 1, p)
    deal_keeper(world, p)
    deal_marker(world, KEEPER + 2, RUNNER, p)
    open_cross(world, p)


@kernel
def deal_two(world, defenders, p):
    """Deal a crosser in one of the three areas and the runner; `defenders` is the number in the pattern."""
    draw_pattern(world, LINE_HEIGHT, LINE_HEIGHT, defenders, defenders, p)
    kind = world.variant
    if kind == NOBODY:
        kind = int(len(WINGS) * uniform(world.seed, KIND_OF_START, WORLD, 0))
    deal_winger(world, kind, drawn(world, PACE, WORLD, JOGS), p)
    deal_attacker(world, HALF_LENGTH, ALONE, p)


@kernel
def deal_drill_set_piece(world, p):
    """One of twelve corners, chosen by `set` or drawn: the positions are always the same, the rest is luck."""
    seed = world.seed
    number = world.variant
    if number == NOBODY:
        number = int(SETS * uniform(seed, SET_OF_DRILL, WORLD, 0))
    world.seed = number
    deal_corner(world, p)
    world.seed = seed
    delivery = world.delivery
    delivery.kind, delivery.aim_x, delivery.aim_y, _ = option(world, number % HIGH_OPTIONS, p)
    delivery.aim_z = p.cross_height
    delivery.chosen = 1
    open_cross(world, p)
