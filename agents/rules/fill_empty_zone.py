"""Fill the empty zone: find the zone with the most space, and go there.

Trigger: around the strike. Target: of five zones in front of goal, the one with the most space around it, less the cost
of the distance; it is chosen as the run starts and kept, because a runner who changes his mind arrives nowhere.
Adjustment: once the runner has read the flight, he attacks the ball where he can meet it. Source: coaching practice for
filling the box (near post, centre, back post, spot, far side: never two in one) and for knowing where a defence leaves
gaps.
"""

from dataclasses import dataclass

import numpy as np

from backpost.agents.base.view import Array, Mask, View, at

from .numbers import HoldingNumbers, number
from .rule import Rule

ZONES = ((5.0, -4.0), (5.5, 0.0), (5.0, 4.5), (11.0, 0.0), (10.0, 8.0))
"""Near post, six-yard centre, back post, spot, far side: distance from the goal line and beyond the centre, m."""
ROOM = 6.0
"""Distance from a zone within which other players matter, m."""


@dataclass(frozen=True)
class FillEmptyZoneNumbers(HoldingNumbers):
    """When the runner goes, the weight of team-mates, and the cost of distance."""

    start: float = number(
        -0.3, -0.9, 0.4, "s", "start of the run relative to the strike; before the strike, judged by the cues"
    )
    mates: float = number(1.0, 0.0, 1.0, "-", "weight of a team-mate in a zone, where an opponent counts 1")
    way: float = number(0.2, 0.0, 1.0, "m/m", "room a zone must offer for every metre of the run to it")


class FillEmptyZone(Rule):
    """Run to the zone with the most space."""

    name = "fill-empty-zone"
    description = "runs to the emptiest zone in front of the goal"
    source = "coaching practice: fill the box, never two in one zone, and know where the defence leaves gaps"
    numbers_type = FillEmptyZoneNumbers
    numbers: FillEmptyZoneNumbers
    commits = True

    def trigger(self, view: View) -> Mask:
        """Around the strike."""
        return view.clock >= self.numbers.start

    def target(self, view: View) -> Array:
        """The emptiest zone, given the distance to it."""
        count = len(view.place)
        places = np.stack([at(depth, width, count) for depth, width in ZONES], axis=1)
        offsets = places - view.place[:, None]
        crowd = _crowd(offsets, view.opponents) + self.numbers.mates * _crowd(offsets, view.teammates)
        worth = -crowd - self.numbers.way * _distance(offsets)
        emptiest: Array = places[np.arange(count), worth.argmax(axis=1)]
        return emptiest


def _crowd(offsets: Array, others: Array) -> Array:
    """Metres of space that players (n, players, 2) take from each zone (n, zones, 2): 0 to `ROOM` each, (n, zones)."""
    taken = np.zeros(offsets.shape[:2])
    for player in range(others.shape[1]):
        taken += np.maximum(ROOM - _distance(offsets - others[:, player : player + 1]), 0.0)
    return taken


def _distance(offsets: Array) -> Array:
    """Lengths (n, zones) of vectors (n, zones, 2)."""
    distance: Array = np.sqrt(offsets[:, :, 0] ** 2 + offsets[:, :, 1] ** 2)
    return distance
