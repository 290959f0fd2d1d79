"""Flight reader: wait until it is clear where the ball is going, then back post or near post.

Trigger: a moment after the strike. Target: the back post. Adjustment: a ball that drops short of the far side makes it
a near-post run; once the runner has read the flight, he attacks the ball where he can meet it. Source: coaching guides
to the back-post run ("wait until it is clear that the ball reaches the far side"; "a back-post run becomes a
front-post run if the ball does not make it over").
"""

from dataclasses import dataclass

import numpy as np

from backpost.agents.base.view import Array, Mask, View, at

from .numbers import HoldingNumbers, number
from .rule import Rule


@dataclass(frozen=True)
class FlightReaderNumbers(HoldingNumbers):
    """When the runner goes, and the two targets that the flight decides between."""

    start: float = number(0.2, 0.0, 0.7, "s", "start of the run after the strike")
    depth: float = number(5.0, 2.0, 10.0, "m", "back-post target: distance from the goal line")
    width: float = number(5.0, 3.0, 10.0, "m", "back-post target: distance beyond the centre, on the far side")
    near_depth: float = number(5.0, 2.0, 10.0, "m", "near-post target: distance from the goal line")
    near_width: float = number(-3.0, -8.0, -2.0, "m", "near-post target: distance beyond the centre (near: negative)")
    short: float = number(-1.0, -8.0, 6.0, "m", "a flight that lands short of this width counts as short")


class FlightReader(Rule):
    """Watch the flight, then run to the post that the ball reaches."""

    name = "flight-reader"
    description = "waits until the flight is clear, then runs to the back post, or to the near post when it is short"
    source = "coaching guides to the back-post run: wait until the ball is sure to reach the far side; stay light"
    numbers_type = FlightReaderNumbers
    numbers: FlightReaderNumbers

    def trigger(self, view: View) -> Mask:
        """After the strike, once the flight has been watched."""
        return view.after_strike & (view.clock >= self.numbers.start)

    def target(self, view: View) -> Array:
        """The back post."""
        return at(self.numbers.depth, self.numbers.width, len(view.place))

    def adjust(self, view: View, target: Array) -> Array:
        """The near post while the untouched ball is dropping short."""
        short = view.is_on("cross") & (view.carries_past < self.numbers.short)
        near = at(self.numbers.near_depth, self.numbers.near_width, len(view.place))
        return np.where(short[:, None], near, target)
