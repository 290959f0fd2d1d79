"""The guide's player: read, hold, adjust, open the body, one touch.

Trigger: as the ball is about to be crossed. Target: the back post, or the near post when the crosser's hips suggest a
short ball. Adjustment: the flight decides between the two posts again; then the runner attacks the ball where he can
meet it, opens his body and finishes first time, as soon as he can reach it. Source: coaching guides to the back-post
run, all of their advice in one player (read the crosser's body and the flight, hold the run, stay light on your feet,
open the body to the crosser, finish with one touch).
"""

from dataclasses import dataclass

import numpy as np

from backpost.agents.base.view import Array, Mask, View, at

from .numbers import BackPostNumbers, number
from .rule import Rule


@dataclass(frozen=True)
class GuidesPlayerNumbers(BackPostNumbers):
    """When the runner goes, and the two targets that hips and flight decide between."""

    later: float = number(0.0, 0.0, 0.15, "s", "how much longer than that he lets the ball come")
    start: float = number(-0.1, -0.35, 0.3, "s", "start of the run, from the strike; before it by the cues")
    near_depth: float = number(5.0, 2.0, 10.0, "m", "near-post target: distance from the goal line")
    near_width: float = number(-3.0, -8.0, -1.0, "m", "near-post target: distance beyond the centre (near: negative)")
    short: float = number(-3.0, -8.0, 4.0, "m", "a ball that lands short of this width counts as short")


class GuidesPlayer(Rule):
    """All the advice of the guides to the back-post run in one rule."""

    name = "guides-player"
    description = "reads hips and flight, holds, adjusts between the posts, opens his body, plays with one touch"
    source = "coaching guides to the back-post run: read, hold, adjust, open the body, one touch"
    numbers_type = GuidesPlayerNumbers
    numbers: GuidesPlayerNumbers

    def trigger(self, view: View) -> Mask:
        """As the ball is about to be crossed."""
        return view.clock >= self.numbers.start

    def target(self, view: View) -> Array:
        """The back post, unless the hips suggest a short ball."""
        suggested = view.place[:, 1] + view.hips[:, 1]
        return self._post((view["hips_shown"] > 0.0) & (suggested < self.numbers.short), view)

    def adjust(self, view: View, target: Array) -> Array:
        """The post that the untouched ball reaches."""
        return self._post(view.is_on("cross") & (view.carries_past < self.numbers.short), view)

    def _post(self, near: Mask, view: View) -> Array:
        """The near-post target where `near` (n,) is true, otherwise the back-post target."""
        far = at(self.numbers.depth, self.numbers.width, len(near))
        return np.where(near[:, None], at(self.numbers.near_depth, self.numbers.near_width, len(near)), far)
