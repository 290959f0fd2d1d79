"""The quantities that a distilled rule may ask about: what a coach on the touchline, and a player, can see.

Each is read once in a cross: positions as the cross opens, the ball's path once it has been struck.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backpost.agents.base.movement import length
from backpost.agents.base.view import Array, View, at
from backpost.envs.interface import observation
from backpost.envs.world.ball import GRAVITY
from backpost.envs.world.pitch import GOAL_HALF_WIDTH, HALF_LENGTH

from .tree import Condition

BEFORE, AFTER = "before the strike", "after the strike"
ZONE = 6.0
"""m around a place that count as its zone."""
BACK_POST = (5.0, 5.0)
"""Depth and width of the middle of the back post's zone, m."""
NOWHERE = 30.0
"""m, the distance given to a ball that the runner cannot read."""


class Look(View):
    """A view with the keeper in it, relative to the runner.

    A keeper out of sight is taken to be on the line, and a crosser to be at the ball.
    """

    def __init__(self, observations: npt.NDArray[np.float32], side: Array) -> None:
        super().__init__(observations, side)
        self.keeper = np.column_stack([observation.read(observations, f"keeper_{axis}") for axis in "xy"])
        self.keeper[:, 1] *= side
        unseen = ~self.keeper.any(axis=1)
        self.keeper[unseen] = (at(0.0, 0.0, len(self.keeper)) - self.place)[unseen]
        self.crosser = np.where(self.crosser.any(axis=1)[:, None], self.crosser, self.ball)


@dataclass(frozen=True)
class Quantity:
    """One quantity.

    Attributes:
        moment: BEFORE: as the cross opens; AFTER: at the first look after the strike.
        read: from n looks to its values, (n,).
        step: thresholds are multiples of it, so that they are round numbers.
        below: the clause for values below a threshold, with a place for the threshold.
        above: the clause for the others.
        threshold_words: a threshold in words, for the condition above or below it.
    """

    moment: str
    read: Callable[[Look], Array]
    step: float
    below: str
    above: str
    threshold_words: Callable[[float, bool], str] = lambda threshold, above: f"{threshold:g}"


def _across(width: float, above: bool) -> str:
    """On which side of a width, in words; the ball comes from the near side."""
    past, middle = width > 0 or (width == 0 and above), "the middle of the goal"
    side = f"past {middle}" if past else f"short of {middle}"
    if width == 0.0:
        return side
    return f"{abs(width):g} m or more {side}" if above == past else f"less than {abs(width):g} m {side}"


def _climb(speed: float, above: bool) -> str:
    """Roughly how high above the foot a ball climbs that leaves it with this vertical speed in m/s; drag is ignored."""
    return f"{speed**2 / (2 * GRAVITY):.1f} m{' or more' if above else ''}"


def _depth(places: Array) -> Array:
    """Distances from the goal line, (n,)."""
    depth: Array = HALF_LENGTH - places[:, 0]
    return depth


def _from_post(look: Look, width: float) -> Array:
    return length(at(0.0, width, len(look.place)) - look.place)


def _goal_side(look: Look) -> Array:
    to_goal = at(0.0, 0.0, len(look.place)) - look.place
    nearer: Array = length(to_goal) - length(to_goal - look.marker)
    return nearer


def _at_back_post(look: Look) -> Array:
    offsets = (at(*BACK_POST, len(look.place)) - look.place)[:, None] - look.opponents
    count: Array = ((offsets**2).sum(axis=2) < ZONE**2).sum(axis=1).astype(np.float64)
    return count


def _read(look: Look, values: Array) -> Array:
    return np.where(look.is_on("read_valid"), values, NOWHERE)


def _metres(what: str, far: str, near: str) -> tuple[float, str, str]:
    return 1.0, f"{what} less than {{}} m {near}", f"{what} {{}} m or more {far}"


QUANTITIES: dict[str, Quantity] = {
    "crosser_depth": Quantity(
        BEFORE,
        lambda look: _depth(look.place + look.crosser),
        *(2.0, "the crosser is less than {} m from the byline", "the crosser is {} m or more from the byline"),
    ),
    "crosser_width": Quantity(
        BEFORE,
        lambda look: np.abs(look.place[:, 1] + look.crosser[:, 1]),
        *(2.0, "the crosser is less than {} m off the middle", "the crosser is {} m or more off the middle"),
    ),
    "depth": Quantity(
        BEFORE,
        lambda look: _depth(look.place),
        *_metres("you are", "from the goal line", "from the goal line"),
    ),
    "width": Quantity(
        BEFORE,
        lambda look: look.place[:, 1].copy(),
        *(1.0, "you are {}", "you are {}", _across),
    ),
    "line_depth": Quantity(
        BEFORE,
        lambda look: look.line_depth,
        *(1.0, "the offside line is less than {} m from goal", "the offside line is {} m or more from goal"),
    ),
    "to_line": Quantity(
        BEFORE,
        lambda look: look["line"],
        *(1.0, "you are less than {} m behind the offside line", "you are {} m or more behind the offside line"),
    ),
    "to_marker": Quantity(
        BEFORE,
        lambda look: length(look.marker),
        *(1.0, "your marker is less than {} m from you", "your marker is {} m or more from you"),
    ),
    "goal_side": Quantity(
        BEFORE,
        _goal_side,
        *(1.0, "your marker is not {} m nearer to goal than you", "your marker is {} m nearer to goal than you"),
    ),
    "at_back_post": Quantity(
        BEFORE,
        _at_back_post,
        *(1.0, "fewer than {} defenders are at the back post", "{} defenders or more are at the back post"),
    ),
    "keeper_out": Quantity(
        BEFORE,
        lambda look: _depth(look.place + look.keeper),
        *(0.5, "the keeper is less than {} m off his line", "the keeper is {} m or more off his line"),
    ),
    "lands": Quantity(
        AFTER,
        lambda look: look.carries_past,
        *(2.0, "the ball comes down {}", "the ball comes down {}", _across),
    ),
    "rises": Quantity(
        AFTER,
        lambda look: look["ball_vz"],
        *(1.0, "the ball climbs less than {}", "the ball climbs {}", _climb),
    ),
    "read_depth": Quantity(
        AFTER,
        lambda look: _read(look, _depth(look.place + look.read)),
        *_metres("you can meet the ball", "from the goal line", "from the goal line"),
    ),
    "way": Quantity(
        AFTER,
        lambda look: _read(look, length(look.read)),
        *(1.0, "the ball comes within {} m of you", "the ball comes {} m or more away from you"),
    ),
    "from_far_post": Quantity(
        AFTER,
        lambda look: _from_post(look, GOAL_HALF_WIDTH),
        *(1.0, "you are less than {} m from the far post", "you are {} m or more from the far post"),
    ),
    "marker_at_strike": Quantity(
        AFTER,
        lambda look: length(look.marker),
        *(1.0, "your marker is less than {} m from you", "your marker is {} m or more from you"),
    ),
    "ball_side": Quantity(
        AFTER,
        lambda look: length(look.ball) - length(look.ball - look.marker),
        *(
            1.0,
            "your marker is not {} m nearer to the ball than you",
            "your marker is {} m nearer to the ball than you",
        ),
    ),
}
"""By name. Widths are from the goal's centre, far side positive; a post is at 3.66 m."""


def see(look: Look, moment: str) -> dict[str, Array]:
    """The values (n,) of all quantities of a moment."""
    return {name: quantity.read(look) for name, quantity in QUANTITIES.items() if quantity.moment == moment}


def clause(name: str, threshold: float, above: bool) -> str:
    """The condition in words: whether a quantity is below a threshold, or not."""
    quantity = QUANTITIES[name]
    return (quantity.above if above else quantity.below).format(quantity.threshold_words(threshold, above))


def clauses(way: Sequence[Condition]) -> list[str]:
    """The conditions on the way to a leaf in words, one clause for each quantity."""
    phrases = []
    for name in dict.fromkeys(condition.quantity for condition in way):
        above = [condition.threshold for condition in way if condition.quantity == name and condition.above]
        below = [condition.threshold for condition in way if condition.quantity == name and not condition.above]
        ends = [clause(name, max(above), True)] if above else []
        ends += [clause(name, min(below), False)] if below else []
        phrases.append(_between(*ends) if len(ends) > 1 else ends[0])
    return phrases


def _between(above: str, below: str) -> str:
    """Join two clauses about one quantity, saying their common opening words once."""
    first, second = above.split(), below.split()
    common = next((k for k, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), 0)
    return f"{above} but {' '.join(second[common:])}"
