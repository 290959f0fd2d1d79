"""Early back-post run: go when the crosser lifts his head.

Trigger: between the look and the plant, .9 to .3 s before the strike by the usual length of the cues. Target: the back
post; the run bends along the offside line until the strike. Adjustment: once the runner has read the flight, he attacks
the ball where he can meet it. Source: the run that beats the marker to the space, at the price of being seen; coaching
guides call it too early.
"""

from dataclasses import dataclass

from backpost.agents.base.view import Array, Mask, View, at

from .numbers import BackPostNumbers, number
from .rule import Rule


@dataclass(frozen=True)
class EarlyBackPostNumbers(BackPostNumbers):
    """When the runner goes."""

    start: float = number(-0.7, -0.9, -0.3, "s", "start of the run, relative to the strike that the cues announce")


class EarlyBackPost(Rule):
    """Run to the back post before the strike."""

    name = "early-back-post"
    description = "runs to the back post when the crosser lifts his head"
    source = "coaching practice: the early run, first to the spot, but seen there"
    numbers_type = EarlyBackPostNumbers
    numbers: EarlyBackPostNumbers

    def trigger(self, view: View) -> Mask:
        """When the cues show that the strike is near enough."""
        return view.clock >= self.numbers.start

    def target(self, view: View) -> Array:
        """The back post."""
        return at(self.numbers.depth, self.numbers.width, len(view.place))
