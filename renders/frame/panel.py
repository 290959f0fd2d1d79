"""The action drawn over the ground: fields of view, trails, runs, flight, players, ball and the few labels that fit."""

import numpy as np
import numpy.typing as npt

from backpost.envs.world.record import RUNNER
from backpost.renders.scene import captions
from backpost.renders.scene.scene import NEAR, PLAYER_HEIGHT, Run, Scene, reachable

from . import markers
from .canvas import Canvas
from .ground import draw_plan_ground, draw_posts
from .labels import Label, place_labels
from .layout import Panel, Plan, Rect, Strip, close_up
from .palette import DEFENCE, GRASS, INK, KINDS, PANEL, TEXT, WHITE, mix

Floats = npt.NDArray[np.float64]
Point = tuple[float, float]

THICK, THIN = 3.4, 1.3


def draw_panel(
    canvas: Canvas, area: Panel, scene: Scene, size: float, letters: float, *, close: bool | None = None
) -> None:
    """One run: strip, plan and the close-up in the emptier lower corner, around the contact (or always, or never)."""
    draw_strip(canvas, area.strip, scene)
    draw_plan(canvas, area.plan, scene, size, letters)
    draw_drop(canvas, area, scene, letters)
    if scene.at_contact if close is None else close:
        rect = area.plan.rect
        wide, high = 19.0 * size, 13.5 * size
        corners = [Rect(x, rect.bottom - high - 9, wide, high) for x in (rect.x + 9, rect.right - wide - 9)]
        draw_close_up(
            canvas, area.plan, min(corners, key=lambda box: _crowd(area.plan, box, scene)), scene, size, letters
        )


def draw_close_up(canvas: Canvas, plan: Plan, rect: Rect, scene: Scene, size: float, letters: float) -> None:
    """The area around the runner, three times as large, in its own box; a dotted frame marks its position."""
    view = close_up(plan, rect, *_focus(scene))
    x, y = plan.point(*_focus(scene))
    half = rect.width / 6, rect.height / 6
    corners = [
        (x - half[0], y - half[1]),
        (x + half[0], y - half[1]),
        (x + half[0], y + half[1]),
        (x - half[0], y + half[1]),
    ]
    canvas.dashes(np.array([*corners, corners[0]]), mix(WHITE, GRASS, 0.55), 0.9, 2.5, 3.0)
    draw_plan_ground(canvas, view)
    draw_plan(canvas, view, scene, size * 1.6, letters, close=True)
    canvas.text(captions.CLOSE_UP, (rect.x + 2, rect.y - letters * 0.75), letters, TEXT, halo=True)
    canvas.rectangle(rect, WHITE, radius=3, outline=1.5)


def _focus(scene: Scene) -> tuple[float, float]:
    """Midway between runner and ball while the ball is near, else the runner."""
    shift = np.array(scene.ball[:2]) - (scene.runner.x, scene.runner.y)
    far = float(np.linalg.norm(shift))
    shift = shift * (0.5 if far < NEAR else 0.0)
    return scene.runner.x + float(shift[0]), scene.runner.y + float(shift[1])


def _crowd(plan: Plan, box: Rect, scene: Scene) -> int:
    """How many players a box would hide; the ball counts as three."""
    places = [plan.point(figure.x, figure.y) for figure in scene.figures]
    places += [plan.point(scene.ball[0], scene.ball[1])] * 3
    return sum(box.overlaps(_around(place, 8.0)) for place in places)


def draw_strip(canvas: Canvas, strip: Strip, scene: Scene) -> None:
    """Players' positions across the pitch, and the height of the ball."""
    for figure in scene.figures:
        if figure.index != RUNNER:
            _bar(canvas, strip, figure.y, 3.0, mix(KINDS[figure.kind], PANEL, 0.72))
    _bar(canvas, strip, scene.runner.y, 5.0, KINDS[scene.runner.kind])
    _flight(canvas, strip.points(scene.flight), reachable(scene.flight))
    canvas.ribbon(strip.points(scene.rebound), WHITE, THIN)
    x, y = strip.points(scene.ball)
    canvas.stamp(markers.ball(canvas.px(4.6)), (x, y))


def draw_drop(canvas: Canvas, panel: Panel, scene: Scene, letters: float) -> None:
    """The dotted line from the ball in the strip to the ball in the plan, below the names of the posts."""
    x, top = panel.strip.points(scene.ball)
    bottom = panel.plan.point(scene.ball[0], scene.ball[1])[1]
    canvas.clip(panel.rect)
    canvas.dashes(np.array([(x, top + 6), (x, bottom - 7)]), mix(WHITE, GRASS, 0.62), 1.0, 3.0, 3.5)
    canvas.clip(None)
    draw_posts(canvas, panel, letters)


def draw_plan(canvas: Canvas, plan: Plan, scene: Scene, size: float, letters: float, *, close: bool = False) -> None:
    """Everything that moves in the plan; `size` is a player's radius in points."""
    canvas.clip(plan.rect)
    for cone in scene.cones:
        image = markers.cone(
            canvas.px(cone.length * plan.scale), _on_screen(cone.direction), cone.half_angle, DEFENCE, 115
        )
        canvas.stamp(image, plan.point(cone.x, cone.y))
    for trail in scene.trails:
        _trail(canvas, plan.points(trail.points), trail.kind, size)
    if scene.ghost is not None:
        _ghost(canvas, plan, scene.ghost, size)
    _run(canvas, plan, scene, size)
    _shadow(canvas, plan, scene, size)
    _flight(canvas, plan.points(scene.flight), reachable(scene.flight))
    canvas.ribbon(plan.points(scene.rebound), WHITE, THIN)
    if close and scene.gap is not None:
        canvas.line(plan.point(*scene.gap.runner), plan.point(*scene.gap.opponent), WHITE, 1.6)
    for figure in sorted(scene.figures, key=lambda figure: (figure.index == RUNNER, -figure.x)):
        radius = size * (1.12 if figure.index == RUNNER else 1.0)
        canvas.stamp(markers.marker(figure.kind, figure.number, canvas.px(radius)), plan.point(figure.x, figure.y))
    canvas.stamp(markers.ball(canvas.px(ball_radius(scene, size))), plan.point(scene.ball[0], scene.ball[1]))
    for label, box in plan_labels(canvas, plan, scene, size, letters):
        middle = (box.x + box.width / 2, box.y + box.height / 2)
        canvas.text(label.text, middle, letters, TEXT, anchor="centre", bold=True, halo=True)
    canvas.clip(None)


def ball_radius(scene: Scene, size: float) -> float:
    """Radius of the ball's disc, which grows as the ball rises towards the viewer."""
    return size * (0.5 + 0.045 * min(scene.ball[2], 8.0))


def plan_labels(canvas: Canvas, plan: Plan, scene: Scene, size: float, letters: float) -> list[tuple[Label, Rect]]:
    """Height of the ball and distance to the nearest opponent, where there is space for them."""
    ball = plan.point(scene.ball[0], scene.ball[1])
    runner = plan.point(scene.runner.x, scene.runner.y)
    places = [plan.point(figure.x, figure.y) for figure in scene.figures]
    taken = [_around(place, size * 1.1) for place in places]
    taken.append(_around(runner, size * 1.5))
    taken.append(_around(ball, ball_radius(scene, size) + 1))
    taken += [_around((x, y), 5.0) for x, y in plan.points(scene.run.done)[::2].tolist()]
    taken += [_around((x, y), 4.0) for x, y in plan.points(scene.flight)[::2].tolist()]
    others = [place for figure, place in zip(scene.figures, places, strict=True) if figure.index != RUNNER]
    wanted = []
    if len(scene.flight) and scene.ball[2] > 0.5:
        height = captions.height(scene.ball[2])
        wanted.append(_label(canvas, height, ball, letters, size * 1.05, (_nearest(ball, places),)))
    if scene.gap is not None:
        text = captions.gap(scene.gap.distance, scene.gap.number)
        wanted.append(_label(canvas, text, runner, letters, size * 2.0, (ball, _nearest(runner, others))))
    top = max(plan.goal_y, plan.rect.y) + 2
    frame = Rect(plan.rect.x + 2, top, plan.rect.width - 4, plan.rect.bottom - 2 - top)
    return place_labels(wanted, taken, frame)


def _label(
    canvas: Canvas,
    text: str,
    place: tuple[float, float],
    letters: float,
    distance: float,
    away: tuple[tuple[float, float], ...],
) -> Label:
    return Label(text, place, canvas.text_width(text, letters, bold=True) + 4, letters * 1.15, distance, away)


def _around(place: tuple[float, float], reach: float) -> Rect:
    return Rect(place[0] - reach, place[1] - reach, 2 * reach, 2 * reach)


def _nearest(place: tuple[float, float], others: list[tuple[float, float]]) -> tuple[float, float]:
    return min(others, key=lambda other: np.hypot(other[0] - place[0], other[1] - place[1]))


def _on_screen(direction: float) -> float:
    """A direction on the pitch (x up, y left) as an angle on the screen (x right, y down)."""
    return float(np.arctan2(-np.cos(direction), -np.sin(direction)))


def _bar(canvas: Canvas, strip: Strip, y: float, width: float, colour: tuple[int, int, int]) -> None:
    left, top = strip.points((0.0, y, PLAYER_HEIGHT))
    canvas.rectangle(Rect(left - width / 2, top, width, strip.ground - top), colour)


def _flight(canvas: Canvas, points: Floats, low: npt.NDArray[np.bool_]) -> None:
    """The ball's path: thick where a player can head it, thin above."""
    if len(points) < 2:
        return
    changes = np.flatnonzero(np.diff(low)) + 1
    for part in np.split(np.arange(len(points)), changes):
        joined = points[part[0] : part[-1] + 2]
        canvas.ribbon(joined, WHITE, THICK if low[part[0]] else THIN)


def _trail(canvas: Canvas, points: Floats, kind: str, size: float) -> None:
    """A trail that narrows and fades into the grass, in four pieces."""
    if len(points) < 2:
        return
    widths = size * np.linspace(0.1, 0.42, len(points))
    pieces = min(4, len(points) - 1)
    cuts = np.linspace(0, len(points) - 1, pieces + 1).round().astype(int)
    for i in range(pieces):
        part = slice(cuts[i], cuts[i + 1] + 1)
        canvas.ribbon(points[part], mix(KINDS[kind], GRASS, 0.12 + 0.5 * (i + 0.5) / pieces), widths[part])


def _run(canvas: Canvas, plan: Plan, scene: Scene, size: float) -> None:
    colour = KINDS[scene.runner.kind]
    way = plan.points(np.concatenate([scene.run.done, scene.run.ahead[1:]]))
    if len(way) < 2:
        return
    _arrow(canvas, plan.points(scene.run.ahead), mix(colour, GRASS, 0.75), size)
    canvas.dashes(way, INK, 4.6, 9.0, 5.0)
    canvas.dashes(way, mix(colour, GRASS, 0.75), 2.6, 9.0, 5.0)
    canvas.dashes(plan.points(scene.run.done), colour, 2.9, 9.0, 5.0)
    canvas.circle(tuple(way[0]), size * 0.34, INK)
    canvas.circle(tuple(way[0]), size * 0.26, colour)


def _arrow(canvas: Canvas, ahead: Floats, colour: tuple[int, int, int], size: float) -> None:
    if len(ahead) < 2 or np.linalg.norm(ahead[-1] - ahead[0]) < size * 1.6:
        return
    direction = ahead[-1] - ahead[max(0, len(ahead) - 4)]
    canvas.arrow_head(tuple(ahead[-1]), tuple(direction), size * 1.35, INK)
    canvas.arrow_head(tuple(ahead[-1]), tuple(direction), size * 1.15, colour)


def _ghost(canvas: Canvas, plan: Plan, ghost: Run, size: float) -> None:
    colour = mix(KINDS[ghost.kind], GRASS, 0.75)
    way = plan.points(np.concatenate([ghost.done, ghost.ahead[1:]]))
    canvas.dashes(way, colour, 1.9, 3.2, 3.6)
    _arrow(canvas, plan.points(ghost.ahead), colour, size * 0.85)
    canvas.circle(plan.point(*ghost.now), size * 0.95, INK, outline=3.4)
    canvas.circle(plan.point(*ghost.now), size * 0.85, KINDS[ghost.kind], outline=1.8)


def _shadow(canvas: Canvas, plan: Plan, scene: Scene, size: float) -> None:
    """The ball's shadow, to its lower right, further away and softer the higher the ball is."""
    height = scene.ball[2]
    x, y = plan.point(scene.ball[0], scene.ball[1])
    image = markers.shadow(canvas.px(size * 0.55), round(min(height, 5.0) * 2))
    drift = 0.5 + min(height, 8.0) * size * 0.17
    canvas.stamp(image, (x + drift, y + drift))
