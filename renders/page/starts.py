"""When and where the runs of an agent start, over crosses in free play.

A start is what the film shows as one (`moments.starts`). A run that is on from
the first moment of the simulated attack began before all others; when is not known.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backpost.envs.interface.outcome import metrics
from backpost.renders.scene.moments import at_once, leads_to_the_ball, starts

Floats = npt.NDArray[np.float64]

MOST = 50.0
"""Of 100 runs: if so many are on from the first moment, no typical start is told."""
SCATTERED = 1.0
"""s between the quarters of the starts from which on no typical one is told, but how many start when."""
FEW = 1.0
"""Of 100 runs: if fewer are, they are not spoken of."""


@dataclass(frozen=True)
class Starts:
    """The runs of one agent in n crosses.

    Attributes:
        crosses: n.
        times: when his runs start that are not on from the first moment, s from the strike, (j,).
        places: where his runs start, x and y in m, (k, 2).
        meetings: where he meets the ball, x and y in m, (m, 2).
        elsewhere: in how many the ball goes elsewhere: he neither meets it nor does it pass him.
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
        """In how many of 100 crosses he runs."""
        return 100.0 * len(self.places) / self.crosses

    @property
    def why_not(self) -> tuple[float, float]:
        """Of 100 crosses without a run: in how many the ball goes elsewhere, and in how many it does not."""
        without = self.crosses - len(self.places)
        elsewhere = 100.0 * self.elsewhere / max(without, 1)
        return elsewhere, 100.0 - elsewhere

    @property
    def at_once(self) -> float:
        """Of 100 of his runs, how many are on from the first moment of the simulated attack."""
        return 100.0 * (1.0 - len(self.times) / len(self.places)) if len(self.places) else 0.0

    @property
    def typical(self) -> float | None:
        """The middle one of all starts, None if he never runs, mostly from the first moment, or at scattered times.

        When those from the first moment began is not known, only that it was before all others.
        """
        if self.from_the_first_moment or self.scattered or not len(self.times):
            return None
        all_starts = np.concatenate([np.full(len(self.places) - len(self.times), -np.inf), self.times])
        middle = float(np.median(all_starts))
        return middle if np.isfinite(middle) else None

    @property
    def from_the_first_moment(self) -> bool:
        """Whether half of his runs or more are on from the first moment."""
        return self.at_once >= MOST

    @property
    def scattered(self) -> bool:
        """Whether starts lie so far apart that the middle one says little: often two kinds of run, and none between."""
        low, high = self.quartile(25), self.quartile(75)
        return low is not None and high is not None and high - low > SCATTERED

    @property
    def groups(self) -> tuple[float, float, float]:
        """Of 100 of his runs: started more than a second before the strike, in the second before it, after it."""
        close = ((self.times >= -1.0) & (self.times <= 0.0)).sum()
        after = (self.times > 0.0).sum()
        of_100 = 100.0 / max(len(self.places), 1)
        early = len(self.places) - close - after
        return early * of_100, close * of_100, after * of_100

    def quartile(self, percent: float) -> float | None:
        """The time before which so many percent of the others start, None if there are none."""
        return float(np.percentile(self.times, percent)) if len(self.times) else None
