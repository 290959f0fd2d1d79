"""Two runs on the same cross, side by side and synchronised on the strike: for films and stills."""

import numpy as np

from backpost.renders.scene import captions
from backpost.renders.scene.moments import as_history
from backpost.renders.scene.scene import Scene, build_scene

from .canvas import Canvas
from .frame import Over, Pixels, check, ground, page
from .key import draw_key
from .layout import ACROSS, BEHIND, STRIP_HEIGHT, Panel, Rect, panel, visible_depth
from .palette import KINDS, PANEL, TEXT, TEXT_QUIET
from .panel import draw_close_up, draw_panel
from .timeline import draw_timeline, lane

WIDTH, HEIGHT = 1440, 960
LETTERS = 14.0
PLAYER = 9.6
MARGIN, BETWEEN = 18.0, 18.0
LEAST_DEPTH = 28.0
"""Minimum depth of pitch shown, m; the close-ups get the rest."""


def draw_pair(
    history: np.recarray,
    other: np.recarray,
    *,
    time: float | None = None,
    size: tuple[int, int] = (1920, 1280),
    title: str = captions.LEARNED,
    kind: str = "learner",
    other_title: str = captions.RULE,
    other_kind: str = "rule",
    note: str = "",
    over: Over | None = None,
) -> Pixels:
    """One moment of two runs as a picture, uint8 (height, width, 3): the first on the left, the second on the right.

    Args:
        history: records of the first run stacked in time, shape (t,).
        other: those of the second run on the same cross, drawn at the same time from the strike.
        time: seconds from the start of the first run, beyond its end if the other goes on; None means its last record.
        size: width and height in pixels.
        title: name of the first run.
        kind: how its runner is drawn, "learner" or "rule".
        other_title: name of the second run.
        other_kind: how its runner is drawn.
        note: small text beside the clock, "1/4 speed".
        over: draws over the picture.

    Raises:
        InvalidValue: for a size that cannot be drawn, an unknown kind or an empty history.
    """
    check(history, size, kind)
    check(other, size, other_kind)
    history, other = as_history(history), as_history(other)
    first = build_scene(history, time, kind=kind, other=other, other_kind=other_kind)
    now = first.time if time is None else time
    second = build_scene(other, same_moment(first, now), kind=other_kind, other=history, other_kind=kind)
    points, scale = page(size, (WIDTH, HEIGHT))
    depth = max(visible_depth(history, LEAST_DEPTH), visible_depth(other, LEAST_DEPTH))
    areas = tuple(_area(points, column, depth) for column in (0, 1))
    canvas = Canvas(ground(points, areas, scale, LETTERS), scale)
    for area, scene, name in zip(areas, (first, second), (title, other_title), strict=True):
        _draw_run(canvas, area, scene, name, points[1])
    canvas.text(captions.setting(history), (MARGIN + 2, 64), 18, TEXT_QUIET)
    _header(canvas, points[0], captions.comparison(history, other), captions.clock(first.when, now), note)
    lanes = [
        lane(first.when, float(history.time[0]), title, kind),
        lane(second.when, float(other.time[0]), other_title, other_kind),
    ]
    ended = first.when.over and second.when.over
    draw_timeline(canvas, bar(points), lanes, now - first.when.expected, ended, LETTERS)
    draw_key(canvas, Rect(MARGIN + 4, points[1] - 30, points[0] - 2 * MARGIN, 20), kind, LETTERS, captions.OTHER_RUN)
    if over is not None:
        over(canvas, Rect(0.0, 0.0, *points), areas[0])
    return canvas.finish(size)


def bar(points: tuple[float, float]) -> Rect:
    """The rectangle of the timeline on a page of this size in points."""
    return Rect(MARGIN, points[1] - 102, points[0] - 2 * MARGIN, 66)


def same_moment(scene: Scene, now: float) -> float:
    """The time in the other run that is as far from its strike as `now` is from the scene's."""
    if scene.other is None or scene.when.struck is None or scene.other.struck is None:
        return now
    return now + scene.other.struck - scene.when.struck


def _area(points: tuple[float, float], column: int, depth: float) -> Panel:
    width = (points[0] - 2 * MARGIN - BETWEEN) / 2
    height = min(points[1] * 0.43, width / ACROSS * (STRIP_HEIGHT + BEHIND + depth))
    return panel(Rect(MARGIN + column * (width + BETWEEN), 136, width, height), depth)


def _draw_run(canvas: Canvas, area: Panel, scene: Scene, title: str, height: float) -> None:
    rect = area.rect
    canvas.text(title, (rect.x + 2, rect.y - 46), 23, KINDS[scene.runner.kind], bold=True)
    canvas.text(captions.situation(scene), (rect.x + 2, rect.y - 18), 17, TEXT)
    draw_panel(canvas, area, scene, PLAYER, LETTERS, close=False)
    box = Rect(rect.x, rect.bottom + 30, rect.width * 0.56, height - 122 - rect.bottom - 30)
    draw_close_up(canvas, area.plan, box, scene, PLAYER, LETTERS)
    card = Rect(box.right + 14, box.y, rect.right - box.right - 14, box.height)
    canvas.rectangle(card, PANEL, radius=4)
    for row, (name, value) in enumerate(captions.facts(scene.when, scene.time)):
        y = card.y + 26 + row * 56
        canvas.text(name, (card.x + 16, y), 15, TEXT_QUIET)
        canvas.text(value, (card.x + 16, y + 23), 20, TEXT, bold=True)


def _header(canvas: Canvas, width: float, words: str, clock: tuple[str, str], note: str) -> None:
    number, after = clock
    canvas.text(words, (MARGIN + 2, 36), 27, TEXT, bold=True)
    aside = canvas.text_width(after, 19)
    canvas.text(after, (width - MARGIN - 2, 38), 19, TEXT_QUIET, anchor="right")
    canvas.text(number, (width - MARGIN - 12 - aside, 36), 32, TEXT, anchor="right", bold=True)
    if note:
        canvas.text(note, (width - MARGIN - 2, 72), 18, TEXT_QUIET, anchor="right")
