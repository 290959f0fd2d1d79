"""The ordinary runner: a mixture of the tuned rules that depends on the cross alone."""

import numpy as np

from backpost.agents.ordinary import Ordinary, drawn
from backpost.agents.play import play
from backpost.envs.chance import episode_seeds


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
