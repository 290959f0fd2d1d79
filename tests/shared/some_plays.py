"""Recorded plays, made by hand."""

import numpy as np

from backpost.agents.base.play import record
from backpost.agents.recorded import Plays
from backpost.agents.registry import agent
from backpost.envs.world.chance import episode_seeds


def stood_still(*crosses: int) -> Plays:
    """Plays of somebody who never moved."""
    plays = Plays("OpenPlay")
    for cross in crosses:
        run = record(agent("stand-still"), "OpenPlay", episode_seeds("evaluate", 0, cross, 1)[0])
        plays = plays.added(cross, np.zeros((len(run) - 1, 4), np.float32))
    return plays
