"""Deals with one fault each, chosen by `variant`: the sentences that refuse them are tested one by one."""

from typing import Any

import numpy as np
from an_extension import SHADOW, deal_duel

from backpost.envs import Options, kernel
from backpost.envs.world.record import CROSSER, NOBODY, RUNNER, new_worlds

FAULTS = {
    "players.x must be finite": 0,
    "the ball must lie on the pitch": 1,
    "must be present as the crosser": 2,
    "the runner, must be present": 3,
    "every player must stand on the pitch": 4,
    "players.man must be an attacker who is present": 5,
    "players.fx, fy must be a unit vector": 6,
    "players.top_speed must be above 0": 7,
    "delivery.strike_at must be between": 8,
    "end the deal with deal.open_cross": 9,
    "the record's seed must stay": 10,
    "must stay controlled from outside": 11,
    "players.role must be an index": 12,
    "set_piece must be from 0 to 2": 13,
    "players.check_rate of a marker": 14,
    "script_length must be from 0 to 40": 15,
    "players.reaction must not be negative": 16,
    "pattern.marking must be an index": 17,
    "delivery.target must be an attacker": 18,
}
"""What the sentence says, and the variant that has the fault."""


@kernel
def deal_faulty(world: Any, p: Any) -> None:
    """A sound deal, then one fault."""
    fault = world.variant
    world.variant = NOBODY
    deal_duel(world, p)
    shadow = world.players[SHADOW]
    if fault == 0:
        shadow.x = np.nan
    elif fault == 1:
        world.ball.y = 60.0
    elif fault == 2:
        world.players[CROSSER].present = 0
    elif fault == 3:
        world.players[RUNNER].present = 0
    elif fault == 4:
        shadow.x = -99.0
    elif fault == 5:
        shadow.man = 7
    elif fault == 6:
        shadow.fx = 3.0
    elif fault == 7:
        shadow.top_speed = 0.0
    elif fault == 8:
        world.delivery.strike_at = 99.0
    elif fault == 9:
        world.ball.owner = NOBODY
    elif fault == 10:
        world.seed = 7
    elif fault == 11:
        world.players[RUNNER].outside = 0
    elif fault == 12:
        shadow.role = 9
    elif fault == 13:
        world.set_piece = 4
    elif fault == 14:
        shadow.check_rate = 0.0
    elif fault == 15:
        world.script_length = 400
    elif fault == 16:
        shadow.reaction = -1.0
    elif fault == 17:
        world.pattern.marking = 8
    elif fault == 18:
        world.delivery.target = 15


def opening_of(fault: int) -> Any:
    """The opening from which this fault is dealt."""

    def opening(options: Options, parameters: np.recarray) -> np.recarray:
        worlds = new_worlds(1)
        worlds["variant"] = fault
        return worlds

    return opening
