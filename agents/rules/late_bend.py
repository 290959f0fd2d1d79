"""Late bend behind the marker: around his far shoulder, then in towards the back post.

Trigger: just before the strike. Target: first off the marker's shoulder on the side away from the ball, where he cannot
watch both ball and runner; from there the back post. So the run is bent, and late. Adjustment: once the runner has read
the flight, he attacks the ball where he can meet it. Source: coaching practice ("bend your run"): a straight run
crosses the marker's line of sight, a bent one goes behind his back and arrives facing the ball.
"""

from dataclasses import dataclass

import numpy as np

from backpost.agents.base.movement import direction, length
from backpost.agents.base.view import Array, Mask, View, at

from .numbers import BackPostNumbers, number
from .rule import Rule

BENDING = 0.8
"""Time after which the runner stops bending around a marker who follows him, s."""
BESIDE = 5.0
"""Distance within which the nearest opponent is in the way, m."""


@dataclass(frozen=True)
class LateBendNumbers(BackPostNumbers):
    """When the runner goes and how wide he bends."""

    read_after: float = number(0.3, 0.0, 0.8, "s", "how long he watches the flight before he goes for the ball itself")
    start: float = number(
        -0.3, -0.6, 0.2, "s", "start of the run relative to the strike; before the strike, judged by the cues"
    )
    clearance: float = number(1.5, 0.5, 4.0, "m", "how far behind the marker's shoulder he runs past him")


class LateBend(Rule):
    """Bend late behind the marker to the back post."""

    name = "late-bend"
    description = "bends round his marker's far shoulder just before the strike, then in to the back post"
    source = "coaching practice: bend the run, so that it goes round the marker's back and arrives facing the ball"
    numbers_type = LateBendNumbers
    numbers: LateBendNumbers

    def trigger(self, view: View) -> Mask:
        """Just before the strike."""
        return view.clock >= self.numbers.start

    def target(self, view: View) -> Array:
        """Off the marker's far shoulder until the runner is there, then the back post."""
        away = direction(view.marker - view.ball)
        past = -(view.marker * away).sum(axis=1) >= self.numbers.clearance
        bends = ~past & (length(view.marker) < BESIDE) & (view.clock < self.numbers.start + BENDING)
        shoulder = view.place + view.marker + self.numbers.clearance * away
        back = at(self.numbers.depth, self.numbers.width, len(view.place))
        return np.where(bends[:, None], shoulder, back)
