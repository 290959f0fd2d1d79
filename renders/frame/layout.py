"""The layout of a picture: from metres to points on the page.

Screen x = -y of the pitch (the crosser is on the right); screen y grows from the goal line towards halfway.
Lengths are logical points: a single picture is 960 x 640 points, whatever its size in pixels.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backpost.envs.world.pitch import HALF_LENGTH, HALF_WIDTH
from backpost.envs.world.record import ATTACKERS, CROSSER, RUNNER

Floats = npt.NDArray[np.float64]

GOAL_LINE = HALF_LENGTH
BEHIND = 2.6
"""Metres of grass shown behind the goal line."""
ACROSS = 2 * (HALF_WIDTH + 2.7)
"""Minimum width shown, m: the pitch and, beside each touchline, space for a corner taker."""
FOLLOWING = 12.0
"""Metres behind crosser and runner within which a team-mate is still joining the attack for the cross."""
STRIP_HEIGHT = 7.2
"""Metres of air in the height strip."""


@dataclass(frozen=True)
class Rect:
    """A rectangle in points."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.height

    def overlaps(self, other: "Rect", margin: float = 0.0) -> bool:
        """Whether two rectangles are closer than the margin."""
        return (
            self.x < other.right + margin
            and other.x < self.right + margin
            and self.y < other.bottom + margin
            and other.y < self.bottom + margin
        )


@dataclass(frozen=True)
class Plan:
    """The pitch from above: `scale` points per metre, with the pitch point (goal_x, 0) at (middle, goal_y)."""

    rect: Rect
    scale: float
    middle: float
    goal_y: float

    def points(self, places: npt.ArrayLike) -> Floats:
        """Positions (..., 2 or more) in metres to points (..., 2)."""
        metres = np.asarray(places, dtype=float)
        return np.stack(
            [self.middle - metres[..., 1] * self.scale, self.goal_y + (GOAL_LINE - metres[..., 0]) * self.scale], -1
        )

    def point(self, x: float, y: float) -> tuple[float, float]:
        """One position in metres to a point."""
        return self.middle - y * self.scale, self.goal_y + (GOAL_LINE - x) * self.scale


@dataclass(frozen=True)
class Strip:
    """The view from behind the attack, with the plan's x scale."""

    rect: Rect
    scale: float
    middle: float
    ground: float

    def points(self, places: npt.ArrayLike) -> Floats:
        """Positions (..., 3) in metres to points (..., 2); a ball above the strip stays at its upper edge."""
        metres = np.asarray(places, dtype=float)
        height = np.minimum(metres[..., 2], STRIP_HEIGHT)
        return np.stack([self.middle - metres[..., 1] * self.scale, self.ground - height * self.scale], -1)


@dataclass(frozen=True)
class Panel:
    """Height strip and plan of one run, one above the other."""

    rect: Rect
    strip: Strip
    plan: Plan


def panel(rect: Rect, depth: float) -> Panel:
    """Fit strip and plan into a rectangle, with `depth` metres of pitch before the goal line, both at one scale."""
    down = STRIP_HEIGHT + BEHIND + depth
    scale = min(rect.width / ACROSS, rect.height / down)
    middle = rect.x + rect.width / 2
    ground = rect.y + STRIP_HEIGHT * scale
    goal_y = ground + BEHIND * scale
    strip = Strip(Rect(rect.x, rect.y, rect.width, ground - rect.y), scale, middle, ground)
    plan = Plan(Rect(rect.x, ground, rect.width, rect.bottom - ground), scale, middle, goal_y)
    return Panel(rect, strip, plan)


def close_up(plan: Plan, rect: Rect, x: float, y: float, times: float = 3.0) -> Plan:
    """A plan of the area around a position, magnified `times`, in its own rectangle."""
    scale = plan.scale * times
    return Plan(
        rect,
        scale,
        rect.x + rect.width / 2 + y * scale,
        rect.y + rect.height / 2 - (GOAL_LINE - x) * scale,
    )


def visible_depth(history: np.recarray, least: float = 29.0, most: float = 64.0) -> float:
    """Metres before the goal line that show crosser, runner and the players joining them from the opening on.

    Whole metres, taken from the opening, so it is stable; a team-mate who stays far behind does not shrink the picture.
    """
    attackers = history[0].players[:ATTACKERS]
    depths = GOAL_LINE - attackers["x"][attackers["present"] != 0]
    leaders = GOAL_LINE - min(attackers["x"][i] for i in (CROSSER, RUNNER) if attackers["present"][i])
    deepest = float(depths[depths <= leaders + FOLLOWING].max())
    return float(np.ceil(min(max(deepest + 2.5, least), most)))
