"""Wait at the back post: be there early and let the ball come.

Trigger: at once. Target: the back post, where he waits onside until the strike. Adjustment: once the flight is read he
goes for the ball where he can meet it. Source: the habit that coaching guides warn of (hold the run: whoever arrives
early gives defenders time to mark him); it is the reference for what waiting costs.
"""

from dataclasses import dataclass

import numpy as np

from backpost.agents.base.agent import Rule
from backpost.agents.base.view import Array, Mask, Scene, at

from .numbers import Numbers, number


@dataclass(frozen=True)
class WaitAtBackPostNumbers(Numbers):
    """Where he waits once the ball has been struck."""

    depth: float = number(5.0, 2.0, 10.0, "m", "target: distance from the goal line")
    width: float = number(5.0, 3.0, 10.0, "m", "target: distance beyond the centre, on the far side")


class WaitAtBackPost(Rule):
    """Go to the back post at once and wait."""

    name = "wait-at-back-post"
    description = "goes to the back post at once and waits there"
    source = "the habit that guides to the back-post run warn of"
    numbers_type = WaitAtBackPostNumbers
    numbers: WaitAtBackPostNumbers

    def trigger(self, scene: Scene) -> Mask:
        """At once."""
        return np.ones(len(scene.place), bool)

    def target(self, scene: Scene) -> Array:
        """The back post."""
        return at(self.numbers.depth, self.numbers.width, len(scene.place))

    def hold(self, scene: Scene) -> Array:
        """There is no place before the back post at which he would wait."""
        return self.target(scene)
