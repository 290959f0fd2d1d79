"""When and where an agent's runs start, over crosses in free play.

A start is defined as in the film (`moments.starts`). A run already under way in
the first moment of the simulated attack began before all others, at an unknown time.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backpost.envs.interface.outcome import metrics
from backpost.renders.scene.moments import at_once, leads_to_the_ball, starts

Floats = npt.NDArray[np.float64]

MOST = 50.0
"""Percentage of runs under way from the first moment at which no typical start is given."""
SCATTERED = 1.0
"""Interquartile range of the starts, s, above which their distribution is given instead of a typical start."""
FEW = 1.0
"""Percentage of runs below which they are not mentioned."""


@dataclass(frozen=True)
class Starts:
    """The runs of one agent in n crosses.

    Attributes:
        crosses: n.
        times: start times of runs not under way from the first moment, s from the strike, (j,).
        places: positions where the runs start, x and y in m, (k, 2).
        meetings: positions where the runner meets the ball, x and y in m, (m, 2).
        elsewhere: number of crosses with the ball elsewhere: the runner does not meet it and it does not pass him.
    """

    crosses: int
    times: Floats
    places: Floats
    meetings: Floats
    elsewhere: int

    @classmethod
    def of(cls, final: np.recarray) -> "Starts":
        """From final records (n,)."""
        table = metrics(final)
        runs, started = starts(final)
        met = table["meets"] == 1
        return cls(
            len(final),
            table["start"][runs & ~at_once(started)],
            np.stack([table["start_x"], table["start_y"]], -1)[runs],
            np.stack([table["place_x"], table["place_y"]], -1)[met],
            int((~leads_to_the_ball(final)).sum()),
        )

    @property
    def ran(self) -> float:
        """Percentage of crosses in which the agent makes a run."""
        return 100.0 * len(self.places) / self.crosses

    @property
    def why_not(self) -> tuple[float, float]:
        """Percentages of the crosses without a run in which the ball goes elsewhere, and in which it does not."""
        without = self.crosses - len(self.places)
        elsewhere = 100.0 * self.elsewhere / max(without, 1)
        return elsewhere, 100.0 - elsewhere

    @property
    def at_once(self) -> float:
        """Percentage of the runs that are under way from the first moment of the simulated attack."""
        return 100.0 * (1.0 - len(self.times) / len(self.places)) if len(self.places) else 0.0

    @property
    def typical(self) -> float | None:
        """The median start; None without runs, if they are mostly from the first moment, or if starts are scattered.

        The start times of runs from the first moment are unknown, but earlier than all others.
        """
        if self.from_the_first_moment or self.scattered or not len(self.times):
            return None
        all_starts = np.concatenate([np.full(len(self.places) - len(self.times), -np.inf), self.times])
        middle = float(np.median(all_starts))
        return middle if np.isfinite(middle) else None

    @property
    def from_the_first_moment(self) -> bool:
        """Whether at least half of the runs are under way from the first moment."""
        return self.at_once >= MOST

    @property
    def scattered(self) -> bool:
        """Whether starts are so spread out that the median says little: often two kinds of run, with none between."""
        low, high = self.quartile(25), self.quartile(75)
        return low is not None and high is not None and high - low > SCATTERED

    @property
    def groups(self) -> tuple[float, float, float]:
        """Percentages of runs started over a second before the strike, within the second before it, and after it."""
        close = ((self.times >= -1.0) & (self.times <= 0.0)).sum()
        after = (self.times > 0.0).sum()
        of_100 = 100.0 / max(len(self.places), 1)
        early = len(self.places) - close - after
        return early * of_100, close * of_100, after * of_100

    def quartile(self, percent: float) -> float | None:
        """This percentile of the known start times; None if there are none."""
        return float(np.percentile(self.times, percent)) if len(self.times) else None
