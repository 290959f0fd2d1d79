"""Seed streams: which episode each of n environments plays next."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from backpost.envs.world.chance import stream_seeds


class Streams:
    """n parallel streams of episodes; the seed of the k-th episode of stream s is hash(label, s, k).

    Args:
        label: one of `chance.LABELS`.
        streams: number of each stream, shape (n,).
    """

    def __init__(self, label: str, streams: npt.NDArray[np.uint64] | Sequence[int]) -> None:
        self.label = label
        self.streams = np.asarray(streams, np.uint64).copy()
        self.episodes = np.zeros(len(self.streams), np.uint64)

    def next(self, which: npt.NDArray[np.bool_]) -> npt.NDArray[np.uint64]:
        """Seeds (n,) of the next episodes; only the streams in the mask `which` (n,) advance."""
        seeds = stream_seeds(self.label, self.streams, self.episodes)
        self.episodes += which
        return seeds
