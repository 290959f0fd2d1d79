"""Hold, then back-post run at the strike: the run that coaching guides teach.

Trigger: around the strike, read from plant and swing. Target: the back post. Adjustment: once the runner has read the
flight, he attacks the ball where he can meet it. Source: coaching guides to the back-post run ("hold your run, start
as the ball is about to be crossed").
"""

from dataclasses import dataclass

from backpost.agents.base.view import Array, Mask, View, at

from .numbers import BackPostNumbers, number
from .rule import Rule


@dataclass(frozen=True)
class HoldThenBackPostNumbers(BackPostNumbers):
    """When the runner goes."""

    start: float = number(
        0.0, -0.3, 0.5, "s", "start of the run relative to the strike; before the strike, judged by the cues"
    )


class HoldThenBackPost(Rule):
    """Hold, then run to the back post as the ball is struck."""

    name = "hold-then-back-post"
    description = "holds, then runs to the back post as the ball is struck"
    source = "coaching guides to the back-post run: hold, and go as the ball is about to be crossed"
    numbers_type = HoldThenBackPostNumbers
    numbers: HoldThenBackPostNumbers

    def trigger(self, view: View) -> Mask:
        """Around the strike."""
        return view.clock >= self.numbers.start

    def target(self, view: View) -> Array:
        """The back post."""
        return at(self.numbers.depth, self.numbers.width, len(view.place))
