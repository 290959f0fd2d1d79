"""Where a label goes: beside its anchor, on the side away from what matters, or nowhere if there is no space."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .layout import Rect

Point = tuple[float, float]
DIRECTIONS = 16


@dataclass(frozen=True)
class Label:
    """A text box of a given size that belongs to a point; it keeps `distance` points away from it."""

    text: str
    place: Point
    width: float
    height: float
    distance: float
    away_from: tuple[Point, ...] = ()


def place_labels(labels: Iterable[Label], taken: Sequence[Rect], inside: Rect) -> list[tuple[Label, Rect]]:
    """The labels that fit, in order of importance, each with its box.

    Args:
        labels: most important first.
        taken: boxes that no label may overlap (ball, players, other text).
        inside: the rectangle in which labels must stay.
    """
    boxes = list(taken)
    placed = []
    for label in labels:
        box = _free_box(label, boxes, inside)
        if box is not None:
            boxes.append(box)
            placed.append((label, box))
    return placed


def _free_box(label: Label, taken: Sequence[Rect], inside: Rect) -> Rect | None:
    for turn in sorted(_turns(), key=lambda turn: -_freedom(label, turn)):
        box = _box(label, turn)
        if _contains(inside, box) and not any(box.overlaps(other, 2.0) for other in taken):
            return box
    return None


def _turns() -> list[float]:
    return [2 * math.pi * i / DIRECTIONS for i in range(DIRECTIONS)]


def _freedom(label: Label, turn: float) -> float:
    """How far a direction leads away from everything that the label should avoid; horizontal directions win ties."""
    x, y = label.place
    away = 0.0
    for other_x, other_y in label.away_from:
        length = math.hypot(x - other_x, y - other_y)
        if length > 0:
            away += ((x - other_x) * math.cos(turn) + (y - other_y) * math.sin(turn)) / length
    return away + 0.3 * abs(math.cos(turn))


def _box(label: Label, turn: float) -> Rect:
    """The box that touches the circle around the point in the given direction."""
    dx, dy = math.cos(turn), math.sin(turn)
    reach = label.distance + abs(dx) * label.width / 2 + abs(dy) * label.height / 2
    x, y = label.place[0] + dx * reach, label.place[1] + dy * reach
    return Rect(x - label.width / 2, y - label.height / 2, label.width, label.height)


def _contains(outer: Rect, inner: Rect) -> bool:
    return inner.x >= outer.x and inner.y >= outer.y and inner.right <= outer.right and inner.bottom <= outer.bottom
