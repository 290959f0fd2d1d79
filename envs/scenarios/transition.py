"""Transition: a fast break. The winger carries at speed, attackers arrive, two to four defenders run back.

Ranges of the deal are below; after it nothing knows that this was a fast break.
"""

import numpy as np

from backpost.envs.world.chance import DEAL, between
from backpost.envs.world.compile import kernel
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import CROSSER, KEEPER, PLAYERS, PRESSER, ROLE_PRESSER, RUNNER

from .deal import deal_attacker, deal_defenders, deal_keeper, draw_pattern, open_cross, place_defender, set_run
from .open_play import DEEP, WIDE, deal_winger

MEN = np.array([RUNNER, 2])
"""The attackers whom markers take, the first ones first."""
ZONES = np.array([(1.0, -2.0), (-2.0, 4.0), (-5.0, 0.0), (-8.0, 8.0)])
"""Metres goal-side of the last line, and y."""
RUNNING = 5.5
"""m/s at which everybody comes."""


@kernel
def deal_transition(world, p):
    """Fill the record: everybody on the run towards goal, the defenders just ahead of the attackers."""
    seed = world.seed
    world.counter_attack = 1
    draw_pattern(world, 9.0, 13.0, 2, 4, p)
    kind = WIDE if between(seed, DEAL, 0, 0, 0.0, 1.0) < 0.6 else DEEP
    deal_winger(world, kind, between(seed, DEAL, 0, 5, 5.0, 7.0), p)
    crosser = world.players[CROSSER]
    deal_attacker(
        world, RUNNER, crosser.x, between(seed, DEAL, 1, 1, 2.0, 10.0), between(seed, DEAL, 1, 2, 0.0, 14.0), p
    )
    deal_attacker(world, 2, crosser.x, between(seed, DEAL, 2, 1, 1.0, 9.0), between(seed, DEAL, 2, 2, -10.0, 0.0), p)
    deal_attacker(world, 3, crosser.x, between(seed, DEAL, 3, 1, 4.0, 12.0), between(seed, DEAL, 3, 2, -6.0, 6.0), p)
    set_run(world, RUNNER, 47.0, 5.0, -3.0)
    set_run(world, 2, 47.5, -2.5, -3.0)
    set_run(world, 3, 41.0, 0.0, -3.0)
    deal_keeper(world, p)
    place_defender(
        world, PRESSER, ROLE_PRESSER, crosser.x - between(seed, DEAL, PRESSER, 1, -2.0, 3.0), crosser.y + 3.0, p
    )
    world.players[PRESSER].gap = between(seed, DEAL, PRESSER, 2, p.press_near, p.press_far)
    deal_defenders(world, PRESSER + 1, MEN, crosser.x + between(seed, DEAL, PRESSER, 3, 1.0, 9.0), ZONES, p)
    run_back(world)
    open_cross(world, p)


@kernel
def run_back(world):
    """Everybody but the keeper is already running; the defenders' zones are in front of their goal."""
    for i in range(PLAYERS):
        me = world.players[i]
        if me.present != 0 and i != CROSSER and i != KEEPER:
            me.vx, me.fx = RUNNING, 1.0
            if i > PRESSER:
                me.home_x = HALF_LENGTH - world.pattern.line_height
