"""Which crosses are played: the labels of their seeds."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest

from backpost.envs.crosses import Crosses
from backpost.envs.world.chance import LABELS


@contextmanager
def labels_dealt() -> Iterator[set[str]]:
    """The labels of all crosses that are dealt in this process meanwhile."""
    labels: set[str] = set()
    deal = Crosses.deal

    def spy(self: Crosses, seeds: Any, which: Any = None) -> None:
        deal(self, seeds, which)
        labels.update(LABELS[label] for label in np.unique(self.worlds.seed[self.opened] >> np.uint64(61)))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Crosses, "deal", spy)
        yield labels
