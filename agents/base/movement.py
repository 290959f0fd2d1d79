"""How a coaching rule moves: pure functions from a wanted movement to an action, one row per cross.

They use what a player knows about his own body: his velocity follows the wanted one with dv/dt = k (top speed u - v)
(Fujimura & Sugihara 2005), so the wanted velocity that takes him to a place at a given time has a closed form.
All vectors are in the pitch frame, shape (n, 2), metres and m/s; a wanted velocity u is a fraction of top speed.
"""

import numpy as np
import numpy.typing as npt

from backpost.envs.world.parameters import parameters
from backpost.envs.world.record import DECISION_TIME

from .view import OUT_WIDE, View

Array = npt.NDArray[np.float64]

_usual = parameters()[0]
TOP_SPEED = float(_usual.attacker_speed)
"""m/s, the top speed that a runner assumes for himself: the average of attackers."""
RESPONSE = float(_usual.acceleration_rate)
"""1/s, the k in the law of motion."""
BRAKING = 5.0
"""Planned deceleration, m/s2, below the 6-8 that a body can manage."""
TRACKING = 0.25
"""s in which a wanted change of velocity is completed."""
BACKWARDS = float(_usual.speed_backwards)
"""Share of top speed that a body reaches whichever way it faces."""
VIEW = float(np.arccos(_usual.attacker_view_cosine)) - np.radians(5.0)
"""Angle from the facing at which a runner still keeps the ball in view, rad: the body turns late."""


def length(vectors: Array) -> Array:
    """Lengths, shape (n,)."""
    return np.sqrt(vectors[:, 0] ** 2 + vectors[:, 1] ** 2)


def direction(vectors: Array) -> Array:
    """Unit vectors; zero stays zero."""
    return vectors / np.maximum(length(vectors), 1e-9)[:, None]


def look_wide(view: View) -> Array:
    """Turn on the spot to the wing from which the cross comes, (n, 4): for runners who have not seen the ball yet."""
    actions = np.zeros((len(view.place), 4))
    actions[:, 2:] = direction(OUT_WIDE - view.place)
    actions[:, 3] *= view.side
    return actions


def at_most_one(wanted: Array) -> Array:
    """The vectors, shortened to length 1 where they are longer."""
    return wanted / np.maximum(length(wanted), 1.0)[:, None]


def meet(offset: Array, velocity: Array, time: Array) -> Array:
    """Be at `offset` after `time` (n,) and run through it: the constant wanted velocity that leads there.

    Where the place is out of reach in that time, the runner sprints.
    """
    time = np.maximum(time, DECISION_TIME)
    coast = (1.0 - np.exp(-RESPONSE * time)) / RESPONSE
    return at_most_one((offset - velocity * coast[:, None]) / (TOP_SPEED * (time - coast))[:, None])


def settle(offset: Array, velocity: Array, share: float = 1.0) -> Array:
    """Go to `offset` at no more than this share of top speed and stop there."""
    distance = length(offset)
    speed = np.minimum(share * TOP_SPEED, np.sqrt(2.0 * BRAKING * distance))
    # Close to the target the square root is too steep for decisions every 0.1 s: cover the rest in three decisions.
    speed = np.minimum(speed, distance / (3.0 * DECISION_TIME))
    return follow(direction(offset) * speed[:, None], velocity)


def follow(aim: Array, velocity: Array) -> Array:
    """Bring the velocity to `aim` (m/s)."""
    return at_most_one((velocity + (aim - velocity) / (RESPONSE * TRACKING)) / TOP_SPEED)


def stay_onside(wanted: Array, velocity: Array, gap: Array) -> Array:
    """The same movement without crossing a line `gap` (n,) metres ahead of the runner; if negative, he steps back.

    Sideways movement is unchanged, so a run that would cross the line bends along it.
    """
    speed = np.sign(gap) * np.minimum(np.sqrt(2.0 * BRAKING * np.abs(gap)), np.abs(gap) / (3.0 * DECISION_TIME))
    limit = (velocity[:, 0] + (speed - velocity[:, 0]) / (RESPONSE * TRACKING)) / TOP_SPEED
    bent = wanted.copy()
    bent[:, 0] = np.minimum(wanted[:, 0], np.maximum(limit, -1.0))
    return bent


def keep_in_view(facing: Array, ball: Array) -> Array:
    """The directions nearest to `facing` (unit vectors, or zero for none) from which the ball is in view.

    `ball` (n, 2) is its place relative to the runner. A body that is turned away from its run is slower: 2 % at 15
    degrees, 16 % at 50.
    """
    to_ball = direction(ball)
    along = (facing * to_ball).sum(axis=1)
    left = np.column_stack([-to_ball[:, 1], to_ball[:, 0]])
    side = np.where((facing * left).sum(axis=1) < 0.0, -1.0, 1.0)
    turned = np.cos(VIEW) * to_ball + np.sin(VIEW) * side[:, None] * left
    return np.where((along < np.cos(VIEW))[:, None], turned, facing)
