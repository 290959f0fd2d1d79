"""Blind side: wait where the marker cannot see both runner and ball, go when he looks at the ball.

Trigger: near the strike, as soon as the marker looks away; after a short wait, whether seen or not. Target: before the
trigger, off the marker's shoulder on the side away from the ball (the holding place if no opponent is near); after it,
the back post. Adjustment: once the runner has read the flight, he attacks the ball where he can meet it. Source:
coaching practice, and guides to the back-post run: defenders are drawn to the ball.
"""

from dataclasses import dataclass

import numpy as np

from backpost.agents.base.movement import direction, length
from backpost.agents.base.view import Array, Mask, View, at

from .numbers import BackPostNumbers, number
from .rule import Rule

LEASH = 5.0
"""How far from his holding place the runner follows a marker's shoulder, m."""


@dataclass(frozen=True)
class BlindSideNumbers(BackPostNumbers):
    """Where the runner waits behind the marker, when he goes, and how long he waits for the marker to look away."""

    start: float = number(-0.3, -0.6, 0.2, "s", "earliest start of the run, relative to the strike")
    patience: float = number(0.2, 0.0, 0.6, "s", "how long a watching marker delays the run")
    behind: float = number(2.0, 1.0, 4.0, "m", "distance from the marker, away from the ball, at which he waits")


class BlindSide(Rule):
    """Wait behind the marker's shoulder, then run to the back post unseen."""

    name = "blind-side"
    description = "waits behind his marker's back and goes to the back post when the marker looks at the ball"
    source = "coaching practice: stand where the marker has to choose between the ball and you"
    numbers_type = BlindSideNumbers
    numbers: BlindSideNumbers

    def trigger(self, view: View) -> Mask:
        """Near the strike if the marker looks elsewhere, otherwise a little later."""
        return view.clock >= self.numbers.start + np.where(view.marker_watches, self.numbers.patience, 0.0)

    def target(self, view: View) -> Array:
        """The back post."""
        return at(self.numbers.depth, self.numbers.width, len(view.place))

    def hold(self, view: View) -> Array:
        """Off the marker's shoulder where that is near the holding place, otherwise the holding place."""
        hold = super().hold(view)
        shoulder = view.place + view.marker + self.numbers.behind * direction(view.marker - view.ball)
        near = length(shoulder - hold) < LEASH
        return np.where(near[:, None], shoulder, hold)
