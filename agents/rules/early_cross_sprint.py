"""Early-cross trigger: on a break, sprint in behind for the cross that comes before the defensive line is set.

Trigger: the crosser lifts his head while there is space between the line and the goal; without that space, the strike.
Target: before the trigger, as deep as the line goes; then the back post, for the tap-in. Adjustment: once the runner
has read the flight, he attacks the ball where he can meet it. Source: guides to the back-post run (on a fast break,
sprint to the back post); coaching practice reads the early cross from a raised head and a defence that faces its own
goal.
"""

from dataclasses import dataclass

import numpy as np

from backpost.agents.base.view import Array, Mask, View, at

from .numbers import HoldingNumbers, number
from .rule import Rule


@dataclass(frozen=True)
class EarlyCrossSprintNumbers(HoldingNumbers):
    """How deep the runner goes with the line, how much space is enough, and where the tap-in is."""

    hold_depth: float = number(
        9.0, 5.0, 14.0, "m", "how deep he follows the defensive line: distance from the goal line"
    )
    start: float = number(
        -0.8, -0.9, -0.3, "s", "start of the run into space, relative to the strike that the cues announce"
    )
    space: float = number(
        10.0, 6.0, 18.0, "m", "distance of the defensive line from the goal line that leaves enough space"
    )
    depth: float = number(5.0, 2.0, 10.0, "m", "target: distance from the goal line")
    width: float = number(4.0, 1.0, 8.0, "m", "target: distance beyond the centre, on the far side")


class EarlyCrossSprint(Rule):
    """Sprint in behind a high line to the back post when the crosser lifts his head."""

    name = "early-cross-sprint"
    description = "sprints to the back post when the crosser looks up and there is space behind the line"
    source = "coaching guides to the back-post run: on a fast break, sprint to the back post for the tap-in"
    numbers_type = EarlyCrossSprintNumbers
    numbers: EarlyCrossSprintNumbers

    def trigger(self, view: View) -> Mask:
        """When the crosser looks up and the line is high, otherwise at the strike."""
        return view.clock >= np.where(view.line_depth >= self.numbers.space, self.numbers.start, 0.0)

    def target(self, view: View) -> Array:
        """The back post."""
        return at(self.numbers.depth, self.numbers.width, len(view.place))
