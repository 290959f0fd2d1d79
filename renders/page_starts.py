"""When and where the runs of an agent start, over crosses in free play.

A start is what the film shows as one (`moments.py`): there is none where the ball goes elsewhere. A run that is on from
the first moment of the simulated attack is counted, but its time is left out: it says nothing about a decision.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backpost.envs.outcome import metrics

from .moments import at_once, leads_to_the_ball

Floats = npt.NDArray[np.float64]

MOST = 50.0
"""Of 100 runs: if more are on from the first moment, no typical start is told."""
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
    """

    crosses: int
    times: Floats
    places: Floats
    meetings: Floats

    @classmethod
    def of(cls, final: np.recarray) -> "Starts":
        """From final records (n,)."""
        table = metrics(final)
        runs = leads_to_the_ball(final) & np.isfinite(table["start"])
        started = table["start"][runs] + final.delivery["struck_at"][runs]
        met = table["meets"] == 1
        return cls(
            len(final),
            table["start"][runs][~at_once(started)],
            np.stack([table["start_x"], table["start_y"]], -1)[runs],
            np.stack([table["place_x"], table["place_y"]], -1)[met],
        )

    @property
    def ran(self) -> float:
        """In how many of 100 crosses he runs."""
        return 100.0 * len(self.places) / self.crosses

    @property
    def at_once(self) -> float:
        """Of 100 of his runs, how many are on from the first moment of the simulated attack."""
        return 100.0 * (1.0 - len(self.times) / len(self.places)) if len(self.places) else 0.0

    @property
    def typical(self) -> float | None:
        """The typical start, None if he never runs, or mostly from the first moment."""
        return None if self.from_the_first_moment else self.quartile(50)

    @property
    def from_the_first_moment(self) -> bool:
        """Whether most of his runs are on from the first moment."""
        return self.at_once > MOST

    def quartile(self, percent: float) -> float | None:
        """The time before which so many percent of those start that have one, None if none has."""
        return float(np.percentile(self.times, percent)) if len(self.times) else None
