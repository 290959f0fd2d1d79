"""The three drills of the guide: crossing and finishing alone, one shadow defender, the same corner again and again."""

from backpost.envs.roles.crosser import HEAD_HEIGHT, HIGH_OPTIONS, option
from backpost.envs.world.chance import DEAL, SCENARIO, between, uniform
from backpost.envs.world.compile import kernel
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import KEEPER, NOBODY, RUNNER

from .corner import deal_corner
from .deal import deal_attacker, deal_keeper, deal_marker, draw_pattern, open_cross, set_run
from .open_play import deal_winger

SETS = 12
"""Corners in the repertoire of the set-piece drill."""


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
    """A crosser at any of the three places, and the runner on the far side of the box; so many outfield defenders."""
    seed = world.seed
    draw_pattern(world, 10.0, 10.0, defenders, defenders, p)
    kind = world.variant
    if kind == NOBODY:
        kind = int(3.0 * uniform(seed, DEAL, 0, 0))
    deal_winger(world, kind, between(seed, DEAL, 0, 5, 2.0, 5.5), p)
    depth, y = between(seed, DEAL, 1, 1, 11.0, 20.0), between(seed, DEAL, 1, 2, 0.0, 9.0)
    deal_attacker(world, RUNNER, HALF_LENGTH, depth, y, p)
    set_run(world, RUNNER, 47.0, 5.5, between(seed, DEAL, 1, 3, -1.0, 0.2))


@kernel
def deal_drill_set_piece(world, p):
    """One of twelve corners, by the set or drawn: everybody stands as every time; what happens then is luck."""
    seed = world.seed
    number = world.variant
    if number == NOBODY:
        number = int(SETS * uniform(seed, SCENARIO, 0, 1))
    world.seed = number
    deal_corner(world, p)
    world.seed = seed
    delivery = world.delivery
    delivery.kind, delivery.aim_x, delivery.aim_y, _ = option(world, number % HIGH_OPTIONS, p)
    delivery.aim_z = HEAD_HEIGHT
    delivery.chosen = 1
    open_cross(world, p)
