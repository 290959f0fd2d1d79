"""The static background of a picture: grass, lines, goal and the air above it."""

from itertools import pairwise

import numpy as np

from backpost.envs.world.pitch import (
    BOX_DEPTH,
    BOX_HALF_WIDTH,
    GOAL_HALF_WIDTH,
    GOAL_HEIGHT,
    HALF_LENGTH,
    HALF_WIDTH,
    SIX_YARD_DEPTH,
    SIX_YARD_HALF_WIDTH,
    SPOT_DEPTH,
)
from backpost.renders.scene import captions

from .canvas import Canvas
from .layout import Panel, Plan, Rect, Strip
from .palette import GRASS, GRASS_BEHIND, GRASS_LIGHT, LINE, NET, PANEL, RULING, TEXT_QUIET, WHITE, mix

BAND = 5.5
"""Width of a mown band, m: the edge of the six-yard box is also the edge of a band."""
CIRCLE = 9.15
NET_DEPTH = 2.0


def draw_ground(canvas: Canvas, panel: Panel, letters: float) -> None:
    """Strip and plan without players; `letters` is the size of small text in points."""
    draw_plan_ground(canvas, panel.plan)
    _draw_air(canvas, panel.strip, letters)


def draw_plan_ground(canvas: Canvas, plan: Plan) -> None:
    """Grass and lines of the plan, clipped to its rectangle."""
    canvas.clip(plan.rect)
    canvas.rectangle(plan.rect, GRASS)
    line = min(max(1.3, 0.13 * plan.scale), 2.4)
    bands = int(plan.rect.height / plan.scale / BAND) + 12
    for i in range(0, bands, 2):
        top = plan.goal_y + i * BAND * plan.scale
        canvas.rectangle(Rect(plan.rect.x, top, plan.rect.width, BAND * plan.scale), GRASS_LIGHT)
    if plan.goal_y > plan.rect.y:
        canvas.rectangle(Rect(plan.rect.x, plan.rect.y, plan.rect.width, plan.goal_y - plan.rect.y), GRASS_BEHIND)
        _draw_net(canvas, plan)
    for depth, half_width in ((BOX_DEPTH, BOX_HALF_WIDTH), (SIX_YARD_DEPTH, SIX_YARD_HALF_WIDTH)):
        _draw_path(canvas, plan, _box(depth, half_width), line)
    for side in (-HALF_WIDTH, HALF_WIDTH):
        _draw_path(canvas, plan, [(HALF_LENGTH, side), (-HALF_LENGTH, side)], line)
        _draw_path(canvas, plan, _arc(HALF_LENGTH, side, 1.0, np.linspace(0, 2 * np.pi, 60), HALF_LENGTH), line)
    spot = HALF_LENGTH - SPOT_DEPTH
    _draw_path(canvas, plan, _arc(spot, 0.0, CIRCLE, np.linspace(np.pi / 2, 3 * np.pi / 2, 80)), line)
    canvas.circle(plan.point(spot, 0.0), max(1.6, 0.16 * plan.scale), LINE)
    for x in (HALF_LENGTH, 0.0):
        _draw_path(canvas, plan, [(x, -HALF_WIDTH), (x, HALF_WIDTH)], line)
    _draw_path(canvas, plan, [(HALF_LENGTH, -GOAL_HALF_WIDTH), (HALF_LENGTH, GOAL_HALF_WIDTH)], line * 2.4)
    canvas.clip(None)


def _box(depth: float, half_width: float) -> list[tuple[float, float]]:
    inner = HALF_LENGTH - depth
    return [(HALF_LENGTH, half_width), (inner, half_width), (inner, -half_width), (HALF_LENGTH, -half_width)]


def _arc(x: float, y: float, radius: float, turns: np.ndarray, front: float | None = None) -> list[tuple[float, float]]:
    """Points of a circle on the pitch side of the penalty area (the D) or of the goal line (corners)."""
    limit = HALF_LENGTH - BOX_DEPTH if front is None else front
    points = np.stack([x + radius * np.cos(turns), y + radius * np.sin(turns)], -1)
    kept = points[(points[:, 0] <= limit) & (np.abs(points[:, 1]) <= HALF_WIDTH)]
    return [(float(px), float(py)) for px, py in kept]


def _draw_path(canvas: Canvas, plan: Plan, places: list[tuple[float, float]], width: float) -> None:
    points = plan.points(np.array(places))
    if len(points) > 5:
        canvas.ribbon(points, LINE, width)
        return
    for first, second in pairwise(points):
        along = (second - first) / np.linalg.norm(second - first) * width / 2
        canvas.line(tuple(first - along), tuple(second + along), LINE, width)


def _draw_net(canvas: Canvas, plan: Plan) -> None:
    faint, mesh = mix(NET, GRASS_BEHIND, 0.75), 0.6
    left, top = plan.point(HALF_LENGTH + NET_DEPTH, GOAL_HALF_WIDTH)
    right, bottom = plan.point(HALF_LENGTH, -GOAL_HALF_WIDTH)
    for x in np.arange(left, right, mesh * plan.scale):
        canvas.line((x, top), (x, bottom), faint, 0.7)
    for y in np.arange(top, bottom, mesh * plan.scale):
        canvas.line((left, y), (right, y), faint, 0.7)
    canvas.rectangle(Rect(left, top, right - left, bottom - top), LINE, outline=1.2)


def _draw_air(canvas: Canvas, strip: Strip, letters: float) -> None:
    rect = strip.rect
    canvas.rectangle(rect, PANEL)
    for metres in (2, 4, 6):
        y = strip.ground - metres * strip.scale
        canvas.line((rect.x, y), (rect.right, y), RULING, 0.9)
        canvas.text(f"{metres} m", (rect.x + 6, y - letters * 0.55), letters, TEXT_QUIET)
    canvas.text(captions.STRIP, (rect.right - 8, rect.y + letters * 0.8), letters, TEXT_QUIET, anchor="right")
    left, top = strip.points((0.0, GOAL_HALF_WIDTH, GOAL_HEIGHT))
    right, bottom = strip.points((0.0, -GOAL_HALF_WIDTH, 0.0))
    mesh = 0.61 * strip.scale
    net = mix(NET, PANEL, 0.45)
    for x in np.arange(left + mesh, right - 1, mesh):
        canvas.line((x, top), (x, bottom), net, 0.7)
    for y in np.arange(top + mesh, bottom - 1, mesh):
        canvas.line((left, y), (right, y), net, 0.7)
    frame = max(1.8, 0.16 * strip.scale)
    for first, second in (((left, bottom), (left, top)), ((left, top), (right, top)), ((right, top), (right, bottom))):
        canvas.line(first, second, WHITE, frame)
    canvas.circle((left, top), frame / 2, WHITE)
    canvas.circle((right, top), frame / 2, WHITE)
    canvas.line((rect.x, strip.ground), (rect.right, strip.ground), mix(LINE, PANEL, 0.55), 1.0)


def draw_posts(canvas: Canvas, panel: Panel, letters: float) -> None:
    """The labels "far post" and "near post", left and right of the net."""
    y = (panel.strip.ground + panel.plan.goal_y) / 2
    left = panel.plan.point(HALF_LENGTH, GOAL_HALF_WIDTH)[0]
    right = panel.plan.point(HALF_LENGTH, -GOAL_HALF_WIDTH)[0]
    canvas.text(captions.FAR_POST, (left - 7, y), letters, TEXT_QUIET, anchor="right", halo=True)
    canvas.text(captions.NEAR_POST, (right + 7, y), letters, TEXT_QUIET, halo=True)
