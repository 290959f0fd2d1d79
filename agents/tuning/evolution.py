"""Maximise a noisy function over the unit cube: an evolution strategy made of duels.

In every generation, pairs of candidates on opposite sides of the current mean meet in duels. The mean then moves to
the mean of the winners, weighted by the rank of their margins. So two candidates are compared on equal terms, and the
luck of a single one counts little: picking the best of many, as a tournament does, would pick the luckiest.
The weights are those of CMA-ES (Hansen & Ostermeier 2001), the opposite sides are Brockhoff et al.'s (2010) mirrored
sampling; the spread shrinks on a fixed schedule.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

FIRST_SPREAD, LAST_SPREAD = 0.25, 0.1
"""Standard deviation of the candidates around the mean, as a share of each range: in the first generation, the last."""


def evolve(
    start: Array, generations: int, pairs: int, margin: Callable[[int, Array, Array], float], seed: int = 0
) -> Array:
    """Search from `start` (d,) and return the final mean (d,); both lie in the unit cube.

    Args:
        start: the first mean.
        generations: number of steps.
        pairs: duels per generation.
        margin: (number of the duel, first candidate (d,), second candidate (d,)) -> by how much the first is better;
            may be noisy.
        seed: seed of the search directions.
    """
    mean = start.copy()
    weights = np.log(pairs + 0.5) - np.log(np.arange(1, pairs + 1))
    weights /= weights.sum()
    for generation in range(generations):
        spread = FIRST_SPREAD + (LAST_SPREAD - FIRST_SPREAD) * generation / max(generations - 1, 1)
        steps = spread * np.random.default_rng((seed, generation)).standard_normal((pairs, len(start)))
        first, second = np.clip(mean + steps, 0.0, 1.0), np.clip(mean - steps, 0.0, 1.0)
        margins = np.array([margin(generation * pairs + k, first[k], second[k]) for k in range(pairs)])
        winners = np.where(margins[:, None] > 0.0, first, second)
        mean = weights @ winners[np.argsort(-np.abs(margins), kind="stable")]
    return mean
