"""What is shown of the past is the past: histories do not change while the cross goes on."""

from typing import Any

import numpy as np
import pytest

from backpost.agents.base.play import record
from backpost.agents.stand_still import StandStill
from backpost.envs import Crosses, CrossingEnv
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import CROSSER

STEPS = 4


def moments_of(records: np.recarray) -> list[int]:
    """How many decisions lie behind each record."""
    return [int(decisions) for decisions in records["decisions"]]


def test_a_picture_is_drawn_from_what_was_and_not_from_what_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """The trails of a rendered frame are the records of every decision so far, each as it was then."""
    drawn: list[np.recarray] = []

    def draw(history: np.recarray, **how: Any) -> np.ndarray:
        drawn.append(history)
        return np.zeros((2, 2, 3), np.uint8)

    monkeypatch.setattr("backpost.envs.interface.rendering.renderer", lambda name: draw)
    env = CrossingEnv(render_mode="rgb_array")
    env.reset(seed=3)
    for _ in range(STEPS):
        env.step(np.zeros(4))
    env.render()
    assert moments_of(drawn[0]) == list(range(STEPS + 1))
    assert len(set(drawn[0]["players"]["x"][:, CROSSER])) == STEPS + 1


def test_a_recorded_cross_holds_every_moment_as_it_was() -> None:
    records = record(StandStill(), "DrillCrossing", episode_seeds("verify", 41, 0, 1)[0])
    assert moments_of(records) == list(range(len(records)))
    assert (records["outcome"][:-1] == 0).all()
    assert records["outcome"][-1] != 0


def test_a_snapshot_stays_as_it_was_while_the_cross_goes_on_and_gives_it_back() -> None:
    crosses = Crosses("DrillCrossing", 2)
    crosses.deal(episode_seeds("verify", 41, 0, 2))
    saved = crosses.snapshot()
    crosses.step(np.ones((2, 4)))
    assert moments_of(saved) == [0, 0]
    crosses.restore(saved)
    assert moments_of(crosses.worlds) == [0, 0]
    crosses.step(np.ones((2, 4)))
    assert moments_of(saved) == [0, 0]
