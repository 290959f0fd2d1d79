"""The named moments of a run: it starts, the cross is struck, the runner meets the ball or it passes him.

Numbers only; `captions.py` puts them into words. Definitions in `outcome.metrics` are used from there.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backpost.envs.interface.outcome import metrics
from backpost.envs.world.record import DECISION_TIME, FATE_GOAL, GOAL, NOBODY, PLAYING, PRESSER

Floats = npt.NDArray[np.float64]

NEVER = 99.0
"""Recorded value of a time that has not come."""
IN_REACH = 1.0
"""m: a ball passing this close was the runner's to play; another player was quicker, or he missed it."""
PASSING = 12.0
"""m: a ball that comes no closer to the runner in flight goes elsewhere and does not pass him."""


@dataclass(frozen=True)
class Moments:
    """Times of the named moments, in seconds from the start of the episode; None: never, or not yet."""

    start: float | None
    struck: float | None
    meets: float | None
    passes: float | None
    expected: float
    """When the cross is struck or, until then, when it is due."""
    end: float
    over: bool
    first_touch: float | None
    """When any player first touched the cross; a block is a touch at the strike itself."""
    first_by: int
    """The player who did, or NOBODY."""
    blocked: bool
    miss: float
    """Closest distance between ball and runner in flight, m."""
    scorer: int
    """The attacker who scored, or NOBODY."""
    row: np.void
    """The row of `outcome.metrics` of the last record."""

    @property
    def runs_at_once(self) -> bool:
        """Whether the run is already under way when the simulated attack begins; its start is then not a decision."""
        return self.start is not None and bool(at_once(self.start))

    @property
    def contact(self) -> float | None:
        """When the runner meets the ball, or when it passes him."""
        return self.meets if self.meets is not None else self.passes

    @property
    def until(self) -> float:
        """When the run ends: at the ball, else when another player touches the cross, else when the cross ends."""
        if self.contact is not None:
            return self.contact
        return self.first_touch if self.first_touch is not None else self.end

    def from_strike(self, time: float) -> float | None:
        """A time in seconds after the strike (negative: before)."""
        return None if self.struck is None else time - self.struck


def as_history(records: np.ndarray) -> np.recarray:
    """Records stacked in time with fields readable as attributes, whatever array they came in."""
    return np.atleast_1d(np.asarray(records)).view(np.recarray)


def at_once(started: Floats | float) -> npt.NDArray[np.bool_]:
    """Which runs, given their start in seconds after the simulated attack began, were under way from the outset."""
    return np.asarray(started) < DECISION_TIME / 2


def leads_to_the_ball(final: np.recarray) -> npt.NDArray[np.bool_]:
    """Crosses in which the runner meets the ball or it passes him, from last records (n,): only these have a start."""
    return np.asarray((final.meeting.by != NOBODY) | (final.pass_distance <= PASSING))


def touched_at(final: np.recarray) -> Floats:
    """When any player first touched the cross, s from the start of the episode, (n,); `NEVER` if none did.

    A block is a touch at the strike itself.
    """
    first = np.where(final.first_contact["by"] != NOBODY, final.first_contact["time"], NEVER)
    return np.where(final.delivery["blocked"] != 0, final.delivery["struck_at"], first)


def starts(final: np.recarray) -> tuple[npt.NDArray[np.bool_], Floats]:
    """Which last records (n,) have a run to the cross, and when it starts, s from the start of the episode.

    There is no run if the ball goes elsewhere; a run that starts after the first touch is for a second ball.
    """
    started = metrics(final)["start"] + final.delivery["struck_at"]
    return leads_to_the_ball(final) & (started < touched_at(final)), started


def moments(history: np.recarray) -> Moments:
    """The moments of the run recorded in `history`, shape (t,), as far as they are known at the last record.

    Until the ball is met or the cross is over, where the run leads is unknown, so it has no start yet (`starts`).
    """
    last, final = history[-1], as_history(history[-1:])
    row = metrics(final)[0]
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
            NOBODY,
            row,
        )
    arrival = float(row["arrival"]) + struck
    meets = arrival if row["meets"] else None
    miss = float(last.pass_distance)
    passes = arrival if meets is None and over and leads_to_the_ball(final)[0] else None
    runs, started = starts(final)
    starts_here = (meets is not None or passes is not None) and bool(runs[0])
    start = float(started[0]) if starts_here else None
    first = float(touched_at(final)[0])
    touched = first if first < NEVER else None
    blocked = bool(last.delivery.blocked)
    by = PRESSER if blocked else int(last.first_contact.by)
    shot = last.last_shot
    scorer = int(shot.by) if last.outcome == GOAL and shot.fate == FATE_GOAL else NOBODY
    return Moments(
        start, struck, meets, passes, struck, float(last.time), over, touched, by, blocked, miss, scorer, row
    )
