"""Luck belongs to events, and streams of seeds never meet."""

import numpy as np
import pytest
from scipy.stats import kstest

from backpost.envs.world.chance import LABELS, Draw, episode_seeds, normal, number, uniform


def test_labels_never_share_an_episode() -> None:
    """The label fills the top bits of every seed, so disjointness holds for all streams, not only for these."""
    tops = {label: set((episode_seeds(label, s, 0, 500) >> np.uint64(61)).tolist()) for label in LABELS for s in (0, 9)}
    assert [tops[label] for label in LABELS] == [{i} for i in range(len(LABELS))]


def test_streams_of_one_label_are_disjoint() -> None:
    """2 streams of 200,000 episodes have no seed twice (the chance of one collision in 61 bits is 1e-8)."""
    seeds = np.concatenate([episode_seeds("train", s, 0, 200_000) for s in (0, 1)])
    assert len(np.unique(seeds)) == len(seeds)


def test_episodes_do_not_depend_on_how_they_are_asked_for() -> None:
    """Ten at once are ten one by one."""
    at_once = episode_seeds("evaluate", 3, 5, 10)
    assert at_once.tolist() == [episode_seeds("evaluate", 3, 5 + k, 1)[0] for k in range(10)]


def test_draws_are_uniform_and_normal_along_every_index() -> None:
    """Along seeds, players and times alike (Kolmogorov-Smirnov at p > .001 on fixed seeds)."""
    seeds = episode_seeds("verify", 1, 0, 4_000)
    along = {
        "seed": [(s, 3, 1, 0) for s in seeds],
        "who": [(seeds[k // 20], 3, k % 20, 0) for k in range(4_000)],
        "time": [(seeds[k // 100], 3, 1, k % 100) for k in range(4_000)],
        "purpose": [(seeds[k // 15], k % 15, 1, 0) for k in range(4_000)],
    }
    for events in along.values():
        assert kstest([number(*event) for event in events], "uniform").pvalue > 1e-3
        normals = [normal(seed, Draw(purpose, 0, 0, 2, 2, 0, 20, 100), *rest) for seed, purpose, *rest in events]
        assert kstest(normals, "norm").pvalue > 1e-3


def test_a_draw_takes_the_numbers_that_it_names() -> None:
    """The n-th time of a draw is its first number and `every` more for each time before; channels are other players."""
    draw = Draw(3, 2, 5, 8, 1, 0, 22, 10)
    assert [uniform(7, draw, 4, n) for n in range(3)] == [number(7, 3, 6, 5 + 8 * n) for n in range(3)]


def test_neighbouring_events_are_independent() -> None:
    """No correlation between an event and the next, of any index, beyond 4 standard errors."""
    seeds = episode_seeds("verify", 2, 0, 4_000)
    base = np.array([number(s, 3, 1, 0) for s in seeds])
    for purpose, who, nth in ((4, 1, 0), (3, 2, 0), (3, 1, 1)):
        other = np.array([number(s, purpose, who, nth) for s in seeds])
        assert abs(np.corrcoef(base, other)[0, 1]) < 4 / np.sqrt(len(seeds))


def test_an_unknown_label_names_the_valid_ones() -> None:
    """One sentence that lists the labels."""
    with pytest.raises(ValueError, match="reset, train, tune, select, evaluate"):
        episode_seeds("test", 0, 0, 1)
