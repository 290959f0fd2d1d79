"""Near post, then spin away: take the marker to the near post and leave him there.

Trigger: the crosser lifts his head. Target: in front of the near post; around the strike the runner spins away to the
back post. Adjustment: once he has read the flight, he attacks the ball where he can meet it. Source: coaching practice
for strikers: the first run is for the marker, the second for yourself.
"""

from dataclasses import dataclass

import numpy as np

from backpost.agents.base.view import Array, Mask, View, at

from .numbers import BackPostNumbers, number
from .rule import Rule


@dataclass(frozen=True)
class NearPostThenSpinNumbers(BackPostNumbers):
    """When the runner goes, how far towards the near post, and when he spins; he holds where both runs begin."""

    read_after: float = number(0.3, 0.0, 0.8, "s", "how long he watches the flight before he goes for the ball itself")
    hold_width: float = number(2.0, -2.0, 6.0, "m", "where he waits: distance beyond the centre, far side positive")
    start: float = number(-0.9, -0.9, -0.5, "s", "start of the run to the near post, relative to the strike")
    near_depth: float = number(9.0, 4.0, 12.0, "m", "near-post target: distance from the goal line")
    near_width: float = number(-3.0, -7.0, -1.0, "m", "near-post target: distance beyond the centre (near: negative)")
    spin: float = number(
        -0.1, -0.4, 0.3, "s", "when he spins away, relative to the strike; before the strike, judged by the cues"
    )


class NearPostThenSpin(Rule):
    """Run to the near post, then spin away to the back post."""

    name = "near-post-then-spin"
    description = "runs to the near post as the crosser lifts his head, then spins away to the back post"
    source = "coaching practice: the first run is for the marker, the second for yourself"
    numbers_type = NearPostThenSpinNumbers
    numbers: NearPostThenSpinNumbers

    def trigger(self, view: View) -> Mask:
        """When the cues show that the strike is near enough."""
        return view.clock >= self.numbers.start

    def target(self, view: View) -> Array:
        """The near post, then the back post from the spin on."""
        near = at(self.numbers.near_depth, self.numbers.near_width, len(view.place))
        back = at(self.numbers.depth, self.numbers.width, len(view.place))
        return np.where((view.clock < self.numbers.spin)[:, None], near, back)
