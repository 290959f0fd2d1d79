"""Hold for the cut-back: stop 9 to 12 m from goal while the defence drops towards it.

Trigger: the strike of a high ball. Target: before it, the holding place at 9-12 m, where a pass along the ground finds
the runner; after it, the goal, for balls that drop there. Adjustment: a low ball finds him in position, and he attacks
it where he can meet it. Source: coaching practice against a defence that collapses onto its goal as the ball nears the
byline.
"""

from dataclasses import dataclass

from backpost.agents.base.view import Array, Mask, View, at

from .numbers import HoldingNumbers, number
from .rule import Rule

HIGH = 3.0
"""Upward speed above which a struck ball is not a cut-back, m/s."""


@dataclass(frozen=True)
class HoldForCutbackNumbers(HoldingNumbers):
    """Where the runner holds, and where he goes when the ball is high."""

    hold_depth: float = number(10.5, 9.0, 12.0, "m", "where he waits: distance from the goal line")
    hold_width: float = number(0.0, -8.0, 8.0, "m", "where he waits: distance beyond the centre, far side positive")
    start: float = number(0.1, 0.0, 0.6, "s", "how long after the strike he sees that the ball is high")
    depth: float = number(5.0, 2.0, 12.0, "m", "high ball: distance of his target from the goal line")
    width: float = number(2.0, -6.0, 10.0, "m", "high ball: target's distance beyond the centre, far side positive")


class HoldForCutback(Rule):
    """Hold at 9-12 m for a ball along the ground."""

    name = "hold-for-cutback"
    description = "holds 9-12 m from the goal for a ball along the ground"
    source = "coaching practice against a defence that runs back to its own goal"
    numbers_type = HoldForCutbackNumbers
    numbers: HoldForCutbackNumbers

    def trigger(self, view: View) -> Mask:
        """When the struck ball turns out to be high."""
        high = view.is_on("cross") & (view["ball_vz"] > HIGH)
        return high & (view.clock >= self.numbers.start)

    def target(self, view: View) -> Array:
        """Towards the goal."""
        return at(self.numbers.depth, self.numbers.width, len(view.place))
