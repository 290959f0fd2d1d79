"""Transition: a fast break. The winger carries at speed, attackers arrive, three to five defenders run back.

The ranges of the deal below are chosen by hand; after the deal, nothing depends on the scenario.
"""

import numpy as np

from backpost.envs.world.chance import WORLD, between, uniform
from backpost.envs.world.compile import kernel
from backpost.envs.world.draws import BREAK_LINE, BREAK_PRESSER_BEHIND, BREAK_PRESSER_GAP, KIND_OF_START, PACE
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import CROSSER, KEEPER, PLAYERS, PRESSER, ROLE_PRESSER, RUNNER

from .deal import (
    Attacker,
    deal_attacker,
    deal_defenders,
    deal_keeper,
    draw_pattern,
    drawn,
    open_cross,
    place_defender,
)
from .open_play import DEEP, WIDE, deal_winger

LINE_HEIGHTS = (9.0, 13.0)
"""Line to which the defence runs back, m from the goal line."""
FEWEST, MOST = 3, 5
"""Outfield defenders."""
WIDE_SHARE = 0.6
"""Share of breaks that end wide of the box; the others end deep."""
BREAK_PACE = (5.0, 7.0)
"""Speed of the crosser along the wing, m/s."""
MEN = np.array([RUNNER, 2])
"""The attackers to mark, in order of priority."""
ZONES = np.array([(1.0, -2.0), (-2.0, 4.0), (-5.0, 0.0), (-8.0, 8.0)])
"""Metres goal-side of the last line, and y."""
TEAM = (
    # Behind the ball; all are on their runs from the start.
    Attacker(RUNNER, (2.0, 10.0), (0.0, 14.0), 47.0, (5.0, 5.0), (-3.0, -3.0)),
    Attacker(2, (1.0, 9.0), (-10.0, 0.0), 47.5, (-2.5, -2.5), (-3.0, -3.0)),
    Attacker(3, (4.0, 12.0), (-6.0, 6.0), 41.0, (0.0, 0.0), (-3.0, -3.0)),
)
PRESSER_BEHIND = (-2.0, 3.0)
"""Starting position of the presser, m behind the crosser."""
PRESSER_INSIDE = 3.0
"""Presser's position towards the middle from the crosser, m."""
LINE_AHEAD = (1.0, 9.0)
"""Distance of the last line in front of the crosser, m."""
RUNNING = 5.5
"""Initial speed of all players but the crosser and the keeper, m/s."""


@kernel
def deal_transition(world, p):
    """Fill the record: all players running towards goal, the defenders just ahead of the attackers."""
    seed = world.seed
    world.counter_attack = 1
    draw_pattern(world, LINE_HEIGHTS[0], LINE_HEIGHTS[1], FEWEST, MOST, p)
    kind = WIDE if uniform(seed, KIND_OF_START, WORLD, 0) < WIDE_SHARE else DEEP
    deal_winger(world, kind, drawn(world, PACE, WORLD, BREAK_PACE), p)
    crosser = world.players[CROSSER]
    for attacker in TEAM:
        deal_attacker(world, crosser.x, attacker, p)
    deal_keeper(world, p)
    x = crosser.x - drawn(world, BREAK_PRESSER_BEHIND, PRESSER, PRESSER_BEHIND)
    place_defender(world, PRESSER, ROLE_PRESSER, x, crosser.y + PRESSER_INSIDE, p)
    world.players[PRESSER].gap = between(seed, BREAK_PRESSER_GAP, PRESSER, 0, p.press_near, p.press_far)
    line = crosser.x + drawn(world, BREAK_LINE, PRESSER, LINE_AHEAD)
    deal_defenders(world, PRESSER + 1, MEN, line, ZONES, p)
    run_back(world)
    open_cross(world, p)


@kernel
def run_back(world):
    """Set all players but crosser and keeper running; put the defenders' zones in front of their goal."""
    for i in range(PLAYERS):
        me = world.players[i]
        if me.present != 0 and i != CROSSER and i != KEEPER:
            me.vx, me.fx = RUNNING, 1.0
            if i > PRESSER:
                me.home_x = HALF_LENGTH - world.pattern.line_height
