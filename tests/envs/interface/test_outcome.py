"""What is reported of a cross is what happened in it."""

from functools import cache

import numpy as np

from backpost.agents.base.play import play, record
from backpost.agents.registry import agent
from backpost.envs import Crosses
from backpost.envs.interface.outcome import metrics
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import NOBODY, OFFSIDE, RUNNER, SHOT, SWING

SEEDS = episode_seeds("verify", 22, 0, 1500)


@cache
def final() -> np.recarray:
    """Crosses of a fast break, where the runner often comes to the ball more than once."""
    return play(agent("early-back-post"), "Transition", SEEDS)


def test_every_shot_of_the_runner_counts_and_the_first_touch_apart() -> None:
    """One shot in seven comes after a first touch that is none; it was not counted."""
    table = metrics(final())
    first, shoots = table["first_time"] != 0, table["shoots"] != 0
    assert not (first & ~shoots).any()
    assert (shoots & ~first).sum() > 10
    assert (table["meets"][shoots] == 1).all()
    for row in np.flatnonzero(shoots & ~first)[:5]:
        moments = record(agent("early-back-post"), "Transition", SEEDS[row])
        struck = moments.shot.by[moments.phase == SHOT]
        later = moments.own_shots[-1] > 0
        assert later
        # A shot that is over within one decision leaves its mark in the record alone.
        assert RUNNER in (*struck, int(moments.last_shot.by[-1]), int(moments.shot.by[-1]))


def test_offside_is_the_runners_own() -> None:
    """A flag for a team-mate counted too, if the runner stood offside as well."""
    crosses = Crosses("OpenPlay", 600)
    crosses.deal(SEEDS[:600])
    players, done = crosses.worlds.players, np.zeros(600, bool)
    for who in (RUNNER, 2):
        players.outside[:, who] = 1
    while not done.all():
        waits = crosses.worlds.phase <= SWING
        for who in (RUNNER, 2):
            players.x[waits, who] = crosses.worlds.line_x[waits] + 1.0
        _, done = crosses.step(np.zeros((600, 4)))
    flagged, table = crosses.worlds.offender, metrics(crosses.worlds)
    assert ((flagged != NOBODY) == (crosses.worlds.outcome == OFFSIDE)).all()
    assert (table["offside"] == (flagged == RUNNER)).all()
    others = (crosses.worlds.outcome == OFFSIDE) & (flagged != RUNNER)
    assert others.sum() > 5
    assert (players.offside[others, RUNNER] != 0).any()
