"""Stand still: the runner stays where the cross finds him and looks at the ball.

Trigger: none. Target: none. Adjustment: none. Source: the zero point of the bench; an agent that scores lower harms
its team by moving.
"""

from typing import Any

import numpy as np

from backpost.agents.base.agent import Actions, Observations, Seeds
from backpost.agents.base.movement import direction, look_wide
from backpost.agents.base.view import Mask, View, wing


class StandStill:
    """Zero wanted velocity, facing the ball."""

    name = "stand-still"
    description = "stays where he is and looks at the ball"

    def identity(self) -> dict[str, Any]:
        """Its name; it has no parameters."""
        return {"agent": self.name}

    def reset(self, seeds: Seeds) -> None:
        """Nothing to remember."""

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Nothing to remember."""

    def act(self, observations: Observations) -> Actions:
        """Actions (n, 4) for observations (n, SIZE)."""
        view = View(observations, wing(observations))
        actions = np.zeros((len(observations), 4))
        actions[:, 2:] = direction(view.ball)
        actions[:, 3] *= view.side
        unseen = ~view.is_on("ball_seen")
        actions[unseen] = look_wide(view)[unseen]
        return actions.astype(np.float32)
