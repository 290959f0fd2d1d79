"""The named moments of a run: it starts, the cross is struck, he meets the ball or the ball passes him.

Numbers only; `captions.py` says them in words. What `outcome.metrics` defines is taken from there.
"""

from dataclasses import dataclass

import numpy as np

from backpost.envs.outcome import metrics
from backpost.envs.world import NOBODY, PLAYING, PRESSER

NEVER = 99.0
"""What the record holds for times that have not come."""


@dataclass(frozen=True)
class Moments:
    """When the named moments were, in seconds from the start of the episode; None: not, or not yet."""

    start: float | None
    struck: float | None
    meets: float | None
    passes: float | None
    expected: float
    """When the cross is struck, or is meant to be while it is not."""
    end: float
    over: bool
    first_touch: float | None
    """When anybody first touched the cross; a block is a touch at the strike itself."""
    first_by: int
    """Who that was, NOBODY if nobody did."""
    blocked: bool
    miss: float
    """How near the ball came to him in flight, m."""
    row: np.void
    """The row of `outcome.metrics` of the last record."""

    @property
    def contact(self) -> float | None:
        """When he meets the ball, or when it passes him."""
        return self.meets if self.meets is not None else self.passes

    def from_strike(self, time: float) -> float | None:
        """A time as seconds after the strike (negative: before)."""
        return None if self.struck is None else time - self.struck


def as_history(records: np.ndarray) -> np.recarray:
    """Records stacked in time with fields that can be read as attributes, whatever array they came in."""
    return np.atleast_1d(np.asarray(records)).view(np.recarray)


def moments(history: np.recarray) -> Moments:
    """The moments of the run recorded in `history`, shape (t,), as far as the last record knows them.

    Before the ball is met or the cross is over nobody can say where the run leads, so it has no start yet.
    """
    last = history[-1]
    row = metrics(as_history(history[-1:]))[0]
    struck = float(last.delivery.struck_at)
    over = bool(last.outcome != PLAYING)
    if struck >= NEVER:
        return Moments(
            None,
            None,
            None,
            None,
            float(last.delivery.strike_at),
            float(last.time),
            over,
            None,
            NOBODY,
            False,
            NEVER,
            row,
        )
    arrival = float(row["arrival"]) + struck
    meets = arrival if row["meets"] else None
    passes = arrival if meets is None and over and np.isfinite(arrival) else None
    known = (meets is not None or over) and bool(np.isfinite(row["start"]))
    start = float(row["start"]) + struck if known else None
    first = last.first_contact
    blocked = bool(last.delivery.blocked)
    touched = struck if blocked else float(first.time) if first.by != NOBODY else None
    miss = float(last.pass_distance)
    by = PRESSER if blocked else int(first.by)
    return Moments(start, struck, meets, passes, struck, float(last.time), over, touched, by, blocked, miss, row)
