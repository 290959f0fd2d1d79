"""Near-post sprint: across the first defender, to be first at the ball.

Trigger: a moment around the strike, read from the cues. Target: a place before the near post. Adjustment: once the
flight is read he goes for the ball where he can meet it. Source: coaching practice for the striker's run across the
front of his marker; the alternative with which a back-post run is compared.
"""

from dataclasses import dataclass

from backpost.agents.base.view import Array, Mask, View, at

from .numbers import HoldingNumbers, number
from .rule import Rule


@dataclass(frozen=True)
class NearPostSprintNumbers(HoldingNumbers):
    """When he goes and where to; he holds in the middle, where the run across his marker begins."""

    hold_width: float = number(1.0, -4.0, 4.0, "m", "where he waits: distance beyond the centre, far side positive")
    start: float = number(-0.2, -0.9, 0.2, "s", "start of the run, from the strike; before it by the cues")
    depth: float = number(5.0, 2.0, 10.0, "m", "target: distance from the goal line")
    width: float = number(-3.0, -8.0, -2.0, "m", "target: distance beyond the centre (near side negative)")


class NearPostSprint(Rule):
    """Sprint to the near post."""

    name = "near-post-sprint"
    description = "sprints to the near post around the strike"
    source = "coaching practice: the striker's run across the front of his marker"
    numbers_type = NearPostSprintNumbers
    numbers: NearPostSprintNumbers

    def trigger(self, view: View) -> Mask:
        """When the cues say that the strike is near enough."""
        return view.clock >= self.numbers.start

    def target(self, view: View) -> Array:
        """The near post."""
        return at(self.numbers.depth, self.numbers.width, len(view.place))
