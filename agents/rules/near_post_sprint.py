"""Near-post sprint: across the first defender, to be first to the ball.

Trigger: around the strike, read from the cues. Target: in front of the near post. Adjustment: once the runner has read
the flight, he attacks the ball where he can meet it. Source: coaching practice for the striker's run across the front
of his marker; the alternative that a back-post run is compared with.
"""

from dataclasses import dataclass

from backpost.agents.base.view import Array, Mask, View, at

from .numbers import HoldingNumbers, number
from .rule import Rule


@dataclass(frozen=True)
class NearPostSprintNumbers(HoldingNumbers):
    """When and where the runner goes; he holds in the middle, where the run across his marker begins."""

    hold_width: float = number(1.0, -4.0, 4.0, "m", "where he waits: distance beyond the centre, far side positive")
    start: float = number(
        -0.2, -0.9, 0.2, "s", "start of the run relative to the strike; before the strike, judged by the cues"
    )
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
        """When the cues show that the strike is near enough."""
        return view.clock >= self.numbers.start

    def target(self, view: View) -> Array:
        """The near post."""
        return at(self.numbers.depth, self.numbers.width, len(view.place))
