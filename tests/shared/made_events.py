"""Rows of the event table that tests fill by hand."""

import numpy as np

from backpost.envs.world.record import HIGH
from backpost.training.realism.events import Events, event_type


def blank(count: int) -> Events:
    """High crosses from open play, struck beside the box, that nobody touches."""
    table = np.zeros(count, event_type)
    for name in event_type.names or ():
        if event_type[name].kind == "f":
            table[name] = np.nan
    table["kind"], table["xg"], table["first_xg"], table["zone"], table["shot_outcome"] = HIGH, 0.0, 0.0, -1, -1
    table["origin_x"], table["origin_y"] = 45.0, -25.0
    return table
