"""Stay onside, then burst: on the shoulder of the last defender until the ball is struck, then past him.

Trigger: the strike itself. Target: before it, level with the last line, just onside; then the space behind it at the
back post. Adjustment: once the runner has read the flight, he attacks the ball where he can meet it. Source: coaching
practice for the striker on the last defender's shoulder; the early run risks the flag, this one has further to go.
"""

from dataclasses import dataclass

import numpy as np

from backpost.agents.base.view import Array, Mask, View, at

from .numbers import HoldingNumbers, number
from .rule import Rule


@dataclass(frozen=True)
class OnsideThenBurstNumbers(HoldingNumbers):
    """Where along the line the runner waits, how soon he sees the strike, and where he bursts to."""

    margin: float = number(0.8, 0.3, 2.0, "m", "distance he keeps from the offside line before the strike")
    hold_depth: float = number(
        7.0, 5.0, 12.0, "m", "closest to the goal that he follows the defensive line: distance from the goal line"
    )
    start: float = number(0.0, 0.0, 0.3, "s", "start of the burst after the strike")
    depth: float = number(5.0, 2.0, 10.0, "m", "target: distance from the goal line")
    width: float = number(5.0, 0.0, 10.0, "m", "target: distance beyond the centre, on the far side")


class OnsideThenBurst(Rule):
    """Wait on the last line, then burst behind it."""

    name = "onside-then-burst"
    description = "stays level with the last line until the strike, then bursts behind it"
    source = "coaching practice: on the shoulder of the last defender, and past him when the ball is on its way"
    numbers_type = OnsideThenBurstNumbers
    numbers: OnsideThenBurstNumbers

    def trigger(self, view: View) -> Mask:
        """After the strike."""
        return view.after_strike & (view.clock >= self.numbers.start)

    def target(self, view: View) -> Array:
        """The space behind the line at the back post."""
        return at(self.numbers.depth, self.numbers.width, len(view.place))

    def hold(self, view: View) -> Array:
        """Level with the line."""
        depth = np.maximum(self.numbers.hold_depth, view.line_depth + self.numbers.margin)
        return at(depth, self.numbers.hold_width, len(view.place))
