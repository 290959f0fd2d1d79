"""The ordinary runner: a mixture of the tuned rules that depends on the cross alone."""

import numpy as np
import pytest

from backpost.agents.base.play import play
from backpost.agents.ordinary import Ordinary, drawn
from backpost.envs.interface import observation
from backpost.envs.world.chance import episode_seeds

CALIBRATED = [-11.0406, 16.1943, -66.0143, 39.6204, -19.1864, 29.8629]
"""Sums of his actions with random weights, as they were when the simulator was last calibrated."""


def test_every_rule_gets_an_equal_share_by_the_seed_alone() -> None:
    seeds = episode_seeds("verify", 0, 0, 60_000)
    shares = np.bincount(drawn(seeds, 6), minlength=6) / len(seeds)
    assert np.abs(shares - 1 / 6).max() < 0.006
    assert np.array_equal(drawn(seeds[5:9], 6), drawn(seeds, 6)[5:9])


def test_a_cross_is_played_as_its_rule_alone_would_play_it_in_any_batch() -> None:
    seeds = episode_seeds("verify", 0, 0, 240)
    mixed = play(Ordinary(), "OpenPlay", seeds)
    assert play(Ordinary(), "OpenPlay", seeds, batch=37).tobytes() == mixed.tobytes()
    rules = Ordinary().rules
    for k in (0, 3):
        rows = drawn(seeds, len(rules)) == k
        assert play(rules[k], "OpenPlay", seeds[rows]).tobytes() == mixed[rows].tobytes()


def test_he_runs_as_he_ran_when_the_simulator_was_calibrated() -> None:
    runner, looks = Ordinary(), np.random.default_rng(7)
    runner.reset(episode_seeds("verify", 0, 0, 600))
    lows, highs = observation.LOWS / observation.SCALES, observation.HIGHS / observation.SCALES
    flags = [observation.index(name) for name in ("carry", "look", "plant", "swing", "cross", "loose", "read_valid")]
    made = []
    for _ in range(6):
        seen = looks.uniform(lows, highs, (600, observation.SIZE)).astype(np.float32)
        seen[:, flags] = np.round(seen[:, flags])
        made.append(float((runner.act(seen) * looks.normal(size=(600, 4))).sum()))
    assert made == pytest.approx(CALIBRATED, abs=1e-3), "new rules and new tuned numbers must leave him as he is"
