"""Pull-back to the spot: go in with the last line, then stop and drop off to the penalty spot.

Trigger: around the strike. Target: before it, as deep as the offside line allows, so that the line drops too; then the
spot, the space that the line leaves (until the strike, in front of the line if that is higher up). Adjustment: once the
runner has read the flight, he attacks the ball where he can meet it. Source: coaching practice for the pull-back from
the byline: defenders run towards their own goal, and the space is behind those who stop.
"""

from dataclasses import dataclass

import numpy as np

from backpost.agents.base.view import Array, Mask, View, at

from .numbers import HoldingNumbers, number
from .rule import Rule

DROP = 2.0
"""Least distance in front of the line to which the runner drops off before the strike, m."""


@dataclass(frozen=True)
class PullBackToSpotNumbers(HoldingNumbers):
    """How deep the runner goes, when he stops, and where he drops off to."""

    read_after: float = number(0.3, 0.0, 0.8, "s", "how long he watches the flight before he goes for the ball itself")
    hold_depth: float = number(
        6.5, 4.0, 9.0, "m", "how deep he follows the defensive line: distance from the goal line"
    )
    hold_width: float = number(
        0.0, -5.0, 6.0, "m", "where he follows it: distance beyond the centre, far side positive"
    )
    start: float = number(
        -0.5, -0.9, 0.2, "s", "when he pulls back, relative to the strike; before the strike, judged by the cues"
    )
    depth: float = number(11.0, 9.5, 13.0, "m", "target: distance from the goal line")
    width: float = number(0.0, -5.0, 5.0, "m", "target: distance beyond the centre, far side positive")


class PullBackToSpot(Rule):
    """Go in with the line, then pull back to the penalty spot."""

    name = "pull-back-to-spot"
    description = "goes in with the last line, then pulls back to the penalty spot"
    source = "coaching practice: the pull-back finds space in front of defenders who keep running to their goal"
    numbers_type = PullBackToSpotNumbers
    numbers: PullBackToSpotNumbers

    def trigger(self, view: View) -> Mask:
        """Around the strike."""
        return view.clock >= self.numbers.start

    def target(self, view: View) -> Array:
        """The penalty spot; before the strike, in front of the line if that is higher up."""
        before_line = np.where(view.after_strike, 0.0, view.line_depth + DROP)
        return at(np.maximum(self.numbers.depth, before_line), self.numbers.width, len(view.place))
