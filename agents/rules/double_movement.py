"""Double movement: check a few steps away from the target, then go there.

Trigger: the crosser lifts his head. Target: a few metres away from the back post, to drag the marker along or to stop
him; around the strike, the back post itself. Adjustment: once the runner has read the flight, he attacks the ball where
he can meet it. Source: coaching practice ("check away, then go"): a defender who reacts to the first movement is late
for the second.
"""

from dataclasses import dataclass

import numpy as np

from backpost.agents.base.movement import direction
from backpost.agents.base.view import Array, Mask, View, at

from .numbers import BackPostNumbers, number
from .rule import Rule


@dataclass(frozen=True)
class DoubleMovementNumbers(BackPostNumbers):
    """How far the runner checks away, and when he comes back."""

    hold_depth: float = number(11.5, 9.0, 18.0, "m", "where he waits: distance from the goal line")
    start: float = number(-0.9, -0.9, -0.6, "s", "start of the first movement, relative to the strike")
    check: float = number(1.5, 1.0, 4.0, "m", "how far the first movement leads away from the back post")
    burst: float = number(
        -0.35,
        -0.5,
        0.2,
        "s",
        "start of the second movement relative to the strike; before the strike, judged by the cues",
    )


class DoubleMovement(Rule):
    """Check away from the back post, then run there."""

    name = "double-movement"
    description = "checks a few metres away from the back post, then bursts there"
    source = "coaching practice: check away, then go; a marker who follows the first movement is late for the second"
    numbers_type = DoubleMovementNumbers
    numbers: DoubleMovementNumbers

    def trigger(self, view: View) -> Mask:
        """When the cues show that the strike is near enough for two movements."""
        return view.clock >= self.numbers.start

    def target(self, view: View) -> Array:
        """Away from the back post, then the back post from the burst on."""
        back = at(self.numbers.depth, self.numbers.width, len(view.place))
        hold = self.hold(view)
        away = hold + self.numbers.check * direction(hold - back)
        return np.where((view.clock < self.numbers.burst)[:, None], away, back)
