"""One picture of one run: header, height strip, plan, timeline, key.

Headless: needs no display and opens none. This is what a Gymnasium environment returns in "rgb_array" mode.
"""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pygame

from backpost.envs.common.errors import InvalidValue
from backpost.renders.scene import captions
from backpost.renders.scene.moments import as_history
from backpost.renders.scene.scene import Scene, build_scene

from .canvas import Canvas
from .ground import draw_ground
from .key import draw_key
from .layout import Panel, Rect, panel, visible_depth
from .palette import BACKGROUND, KINDS, TEXT, TEXT_QUIET
from .panel import draw_panel
from .timeline import draw_timeline, lane

Pixels = npt.NDArray[np.uint8]
Over = Callable[[Canvas, Rect, Panel], None]
"""Draws over a picture, given the canvas, the whole page and the panel of the first run."""
WIDTH, HEIGHT = 960, 640
LETTERS = 13.0
"""Size of small text in points."""
PLAYER = 10.5
"""Radius of a player in points."""
LEAST, MOST = 200, 4096
LARGE = 1280
"""Width in pixels from which drawing at twice the size is not worth its cost."""


def draw_frame(
    history: np.recarray,
    *,
    time: float | None = None,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    title: str = captions.TITLE,
    kind: str = "learner",
    other: np.recarray | npt.NDArray[np.float64] | None = None,
    other_title: str = captions.OTHER_RUN,
    other_kind: str = "rule",
    note: str = "",
    close: bool | None = None,
    over: Over | None = None,
) -> Pixels:
    """One moment of one run as a picture, uint8 (height, width, 3).

    Args:
        history: records of one cross stacked in time, shape (t,).
        time: seconds from the start of the episode, also between records; None means the last record.
        size: width and height in pixels; any shape from 3:2 to 16:9 is filled well.
        title: name of the run.
        kind: how the runner is drawn, "learner" or "rule".
        other: another run on the same cross, drawn as a ghost and in the timeline: records (t,), or positions
            (frames, 2) of a recorded player, one per decision.
        other_title: its name.
        other_kind: how it is drawn.
        note: small text beside the clock, "1/4 speed".
        close: whether to draw the close-up at the ball; None shows it around the contact.
        over: draws over the picture.

    Raises:
        InvalidValue: for a size that cannot be drawn, an unknown kind or an empty history.
    """
    check(history, size, kind)
    check(history, size, other_kind)
    history = as_history(history)
    points, scale = page(size, (WIDTH, HEIGHT))
    area = area_of(points, history)
    canvas = Canvas(ground(points, (area,), scale, LETTERS), scale)
    scene = build_scene(history, time, kind=kind, other=other, other_kind=other_kind)
    draw_panel(canvas, area, scene, PLAYER, LETTERS, close=close)
    _header(canvas, points[0], title, captions.setting(history), scene, note)
    lanes = [lane(scene.when, float(history.time[0]), title, kind)]
    if scene.other is not None and other is not None:
        opening = float(as_history(other).time[0])
        lanes.append(lane(scene.other, opening, other_title, other_kind))
    draw_timeline(canvas, bar(points), lanes, scene.time - scene.when.expected, scene.when.over, LETTERS)
    draw_key(
        canvas,
        Rect(20, points[1] - 25, points[0] - 40, 18),
        kind,
        LETTERS,
        None if scene.ghost is None else other_title,
    )
    if over is not None:
        over(canvas, Rect(0.0, 0.0, *points), area)
    return canvas.finish(size)


def area_of(points: tuple[float, float], history: np.recarray) -> Panel:
    """The strip and plan on a page of this size in points."""
    return panel(Rect(18, 70, points[0] - 36, points[1] - 70 - 94), visible_depth(history))


def bar(points: tuple[float, float]) -> Rect:
    """The rectangle of the timeline on a page of this size in points."""
    return Rect(18, points[1] - 92, points[0] - 36, 62)


def check(history: np.recarray, size: tuple[int, int], kind: str) -> None:
    """Reject input that cannot be drawn.

    Raises:
        InvalidValue: for a size that cannot be drawn, an unknown kind or an empty history.
    """
    if len(history) == 0:
        raise InvalidValue("an empty history has no moment to draw; give at least one record")
    if kind not in ("learner", "rule"):
        raise InvalidValue(f"unknown kind of run {kind!r}; valid choices are learner, rule")
    if not all(LEAST <= side <= MOST for side in size):
        raise InvalidValue(f"cannot draw a picture of {size[0]} x {size[1]} pixels; each side is {LEAST} to {MOST}")


def page(size: tuple[int, int], least: tuple[int, int]) -> tuple[tuple[float, float], float]:
    """Page size in points, at least `least` each way, and canvas pixels per point."""
    factor = min(size[0] / least[0], size[1] / least[1])
    oversampling = 2.0 if size[0] <= LARGE else 1.5
    return (size[0] / factor, size[1] / factor), factor * oversampling


@lru_cache(maxsize=4)
def ground(points: tuple[float, float], areas: tuple[Panel, ...], scale: float, letters: float) -> pygame.Surface:
    """The static part: the page with its empty panels."""
    sheet = pygame.Surface((round(points[0] * scale), round(points[1] * scale)), 0, 32)
    sheet.fill(BACKGROUND)
    canvas = Canvas(sheet, scale)
    for area in areas:
        draw_ground(canvas, area, letters)
    return canvas.surface


def _header(canvas: Canvas, width: float, title: str, setting: str, scene: Scene, note: str) -> None:
    number, words = captions.clock(scene.when, scene.time)
    canvas.text(title, (20, 25), 27, KINDS[scene.runner.kind], bold=True)
    canvas.text(setting, (34 + canvas.text_width(title, 27, bold=True), 27), 16, TEXT_QUIET)
    canvas.text(captions.situation(scene), (20, 53), 17.5, TEXT)
    aside = canvas.text_width(words, 16)
    canvas.text(words, (width - 20, 27), 16, TEXT_QUIET, anchor="right")
    canvas.text(number, (width - 20 - aside - 9, 25), 27, TEXT, anchor="right", bold=True)
    if note:
        canvas.text(note, (width - 20, 53), 16, TEXT_QUIET, anchor="right")
