"""Wait at the back post: get there early and let the ball come.

Trigger: at once. Target: the back post, where the runner waits onside until the strike. Adjustment: once he has read
the flight, he attacks the ball where he can meet it. Source: the habit that coaching guides warn against (hold the run:
a runner who arrives early gives defenders time to mark him); it is the reference for what waiting costs.
"""

from dataclasses import dataclass

import numpy as np

from backpost.agents.base.view import Array, Mask, View, at

from .numbers import Numbers, number
from .rule import Rule


@dataclass(frozen=True)
class WaitAtBackPostNumbers(Numbers):
    """Where the runner waits once the ball has been struck."""

    depth: float = number(5.0, 2.0, 10.0, "m", "target: distance from the goal line")
    width: float = number(5.0, 3.0, 10.0, "m", "target: distance beyond the centre, on the far side")


class WaitAtBackPost(Rule):
    """Go to the back post at once and wait."""

    name = "wait-at-back-post"
    description = "goes to the back post at once and waits there"
    source = "the habit that coaching guides to the back-post run warn against"
    numbers_type = WaitAtBackPostNumbers
    numbers: WaitAtBackPostNumbers

    def trigger(self, view: View) -> Mask:
        """At once."""
        return np.ones(len(view.place), bool)

    def target(self, view: View) -> Array:
        """The back post."""
        return at(self.numbers.depth, self.numbers.width, len(view.place))

    def hold(self, view: View) -> Array:
        """The target itself: the runner waits nowhere else."""
        return self.target(view)
