"""What every coaching rule keeps to: each cross begins anew, whatever the last one was."""

import numpy as np

from backpost.agents.rules.registry import rule
from backpost.envs.interface import observation

PLACE = {"runner_x": 39.5, "crosser_y": -28.0, "line": 5.0}
HOLDS = {"start": -0.3, "hold_depth": 13.0, "hold_width": 0.0}


def view(**entries: float) -> np.ndarray:
    """One observation (1, SIZE) with these entries in physical units, the others zero."""
    row = np.zeros((1, observation.SIZE), np.float32)
    for name, value in (PLACE | entries).items():
        at = observation.index(name)
        row[0, at] = value / observation.SCALES[at]
    return row


def pace(actions: np.ndarray) -> np.ndarray:
    """Share of top speed that is asked for, (n,)."""
    return np.asarray(np.hypot(actions[:, 0], actions[:, 1]))


def test_a_rule_that_ran_in_one_cross_waits_in_the_next() -> None:
    """In the row that is restarted, and in no other: a cross may open with the crosser looking up already."""
    player = rule("hold-then-back-post", HOLDS)
    player.reset(np.zeros(2, np.uint64))
    swing, look = view(swing=1.0), view(look=1.0)
    assert (pace(player.act(np.repeat(swing, 2, axis=0))) > 0.9).all()
    player.restart(np.array([True, False]), np.ones(2, np.uint64))
    paces = pace(player.act(np.repeat(look, 2, axis=0)))
    assert paces[0] < 0.1
    assert paces[1] > 0.9


def test_a_rule_in_a_restarted_row_takes_the_wing_of_its_new_cross() -> None:
    """The far post is the far one of this cross: he runs to the other side when the ball comes from the other wing."""
    player = rule("hold-then-back-post", HOLDS)
    player.reset(np.zeros(1, np.uint64))
    right = player.act(view(swing=1.0))[0, 1]
    player.restart(np.array([True]), np.ones(1, np.uint64))
    left = player.act(view(swing=1.0, crosser_y=28.0))[0, 1]
    assert right > 0.1
    assert left == -right
