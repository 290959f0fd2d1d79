"""One moment of a run as SVG, shown on the page with scripts off, and in print.

The same shapes as in window and film (`scene.py`), drawn with a few hundred elements that need no script.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from markupsafe import Markup, escape

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
from backpost.envs.world.record import RUNNER
from backpost.renders.frame.layout import Panel, Rect, panel
from backpost.renders.frame.palette import (
    DEFENCE,
    GRASS,
    GRASS_BEHIND,
    INK,
    KINDS,
    LINE,
    PANEL,
    RULING,
    WHITE,
    Colour,
    mix,
)
from backpost.renders.scene.scene import PLAYER_HEIGHT, Figure, Run, Scene, reachable

Floats = npt.NDArray[np.float64]

ACROSS, TALL = 900.0, 440.0
"""Width of the whole pitch and height of a still, in points."""
LEAST, MARGIN = 22.0, 3.0
"""Minimum extent to each side of the goal's centre, and margin around runner and ball, m."""
SIZE = 10.0
"""Radius of a player."""
DEPTH = 24.0
"""Depth of pitch shown before the goal line, m."""


@dataclass(frozen=True)
class Extent:
    """Extent of a still: metres to the far side and the crosser's side of the goal's centre, and from the goal line."""

    left: float = LEAST
    right: float = LEAST
    deep: float = DEPTH

    @classmethod
    def around(cls, places: Floats) -> "Extent":
        """An extent that shows all these positions (k, 2) of x and y with a margin, and at least the usual area."""
        deep, far = HALF_LENGTH - places[:, 0].min(), places[:, 1].max()
        near = -places[:, 1].min()
        return cls(*(max(float(end) + MARGIN, least) for end, least in ((far, LEAST), (near, LEAST), (deep, DEPTH))))


def draw_still(scene: Scene, label: str, extent: Extent) -> Markup:
    """Strip and plan of one moment; `label` is read by screen readers."""
    area = panel(Rect(0.0, 0.0, ACROSS, TALL), extent.deep)
    left, end = (area.plan.middle + metres * area.plan.scale for metres in (-extent.left, extent.right))
    parts = [_ground(area)]
    parts += [_cone(area, scene)]
    parts += [_way(area, scene.ghost, faint=True)] if scene.ghost is not None else []
    parts += [_way(area, scene.run, faint=False), _flight(area, scene)]
    order = sorted(scene.figures, key=lambda figure: (figure.index == RUNNER, -figure.x))
    parts += [_player(area, figure) for figure in order]
    parts += [_bars(area, scene), _ball(area, scene)]
    return Markup(
        f'<svg class="still" viewBox="{left:.0f} 0 {end - left:.0f} {TALL:g}" role="img" aria-label="{escape(label)}">'
        f"{''.join(parts)}</svg>"
    )


def hexed(colour: Colour) -> str:
    """A colour in hexadecimal web notation."""
    return "#" + "".join(f"{part:02x}" for part in colour)


def _d(points: npt.ArrayLike) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in np.asarray(points).tolist())


def _path(points: npt.ArrayLike, colour: Colour, width: float, more: str = "") -> str:
    if len(np.asarray(points)) < 2:
        return ""
    return f'<path d="{_d(points)}" fill="none" stroke="{hexed(colour)}" stroke-width="{width:g}" {more}/>'


def _ground(area: Panel) -> str:
    plan, strip = area.plan, area.strip
    grass, behind, air = hexed(GRASS), hexed(GRASS_BEHIND), hexed(PANEL)
    drawn = [
        f'<rect width="{ACROSS:g}" height="{TALL:g}" fill="{grass}"/>',
        f'<rect width="{ACROSS:g}" height="{plan.goal_y:.1f}" fill="{behind}"/>',
        f'<rect width="{ACROSS:g}" height="{strip.ground:.1f}" fill="{air}"/>',
    ]
    for metres in (2.0, 4.0, 6.0):
        y = strip.ground - metres * strip.scale
        drawn.append(_path([(0.0, y), (ACROSS, y)], RULING, 1))
    for box, half in ((BOX_DEPTH, BOX_HALF_WIDTH), (SIX_YARD_DEPTH, SIX_YARD_HALF_WIDTH)):
        inner = HALF_LENGTH - box
        corners = [(HALF_LENGTH, half), (inner, half), (inner, -half), (HALF_LENGTH, -half)]
        drawn.append(_path(plan.points(np.array(corners)), LINE, 1.3))
    turns = np.linspace(np.pi / 2, 3 * np.pi / 2, 40)
    circle = np.stack([HALF_LENGTH - SPOT_DEPTH + 9.15 * np.cos(turns), 9.15 * np.sin(turns)], -1)
    drawn.append(_path(plan.points(circle[circle[:, 0] <= HALF_LENGTH - BOX_DEPTH]), LINE, 1.3))
    edge = np.array([(0.0, HALF_WIDTH), (HALF_LENGTH, HALF_WIDTH), (HALF_LENGTH, -HALF_WIDTH), (0.0, -HALF_WIDTH)])
    drawn.append(_path(plan.points(edge), LINE, 1.3))
    mouth = np.array([(HALF_LENGTH, GOAL_HALF_WIDTH), (HALF_LENGTH, -GOAL_HALF_WIDTH)])
    drawn.append(_path(plan.points(mouth), WHITE, 3.5))
    posts = [(0, GOAL_HALF_WIDTH, 0), (0, GOAL_HALF_WIDTH, GOAL_HEIGHT), (0, -GOAL_HALF_WIDTH, GOAL_HEIGHT)]
    drawn.append(_path(strip.points(np.array([*posts, (0, -GOAL_HALF_WIDTH, 0)], float)), WHITE, 2))
    return "".join(drawn)


def _cone(area: Panel, scene: Scene) -> str:
    drawn = []
    for cone in scene.cones:
        turns = np.linspace(-cone.half_angle, cone.half_angle, 9) + cone.direction
        rim = np.stack([cone.x + cone.length * np.cos(turns), cone.y + cone.length * np.sin(turns)], -1)
        points = np.concatenate([[(cone.x, cone.y)], rim])
        drawn.append(f'<path d="{_d(area.plan.points(points))}Z" fill="{hexed(DEFENCE)}" opacity=".22"/>')
    return "".join(drawn)


def _way(area: Panel, run: Run, *, faint: bool) -> str:
    """The run dashed, with an arrow at its end; the other run thinner and paler."""
    colour = KINDS[run.kind] if not faint else mix(KINDS[run.kind], GRASS, 0.75)
    way = area.plan.points(np.concatenate([run.done, run.ahead[1:]]))
    if len(way) < 2:
        return ""
    dashes = 'stroke-dasharray="3 3"' if faint else 'stroke-dasharray="8 4"'
    drawn = "" if faint else _path(way, INK, 4.4, dashes)
    drawn += _path(way, colour, 1.6 if faint else 2.6, dashes)
    along = way[-1] - way[max(0, len(way) - 5)]
    length = float(np.hypot(*along))
    if length > 3.0:
        along = along / length
        across = np.array([-along[1], along[0]])
        head = [way[-1] + 5 * along, way[-1] - 4 * along + 4 * across, way[-1] - 4 * along - 4 * across]
        drawn += f'<path d="{_d(head)}Z" fill="{hexed(colour)}"/>'
    return drawn


def _flight(area: Panel, scene: Scene) -> str:
    """The ball's path in plan and strip: thick where a player can head it."""
    low = reachable(scene.flight)
    changes = np.flatnonzero(np.diff(low)) + 1
    drawn = []
    for points in (area.plan.points(scene.flight), area.strip.points(scene.flight)):
        for part in np.split(np.arange(len(points)), changes):
            if len(part):
                drawn.append(_path(points[part[0] : part[-1] + 2], WHITE, 3.4 if low[part[0]] else 1.4))
    return "".join(drawn)


def _player(area: Panel, figure: Figure) -> str:
    x, y = area.plan.point(figure.x, figure.y)
    fill, ink, size = hexed(KINDS[figure.kind]), hexed(INK), SIZE
    if figure.kind == "defence":
        corners = [(x - 1.12 * size, y - 0.8 * size), (x + 1.12 * size, y - 0.8 * size), (x, y + 1.15 * size)]
        shape = f'<path d="{_d(corners)}Z" fill="{fill}" stroke="{ink}"/>'
    elif figure.kind == "keeper":
        shape = (
            f'<rect x="{x - size:.1f}" y="{y - size:.1f}" width="{2 * size:g}" height="{2 * size:g}" '
            f'fill="{fill}" stroke="{ink}"/>'
        )
    else:
        shape = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:g}" fill="{fill}" stroke="{ink}"/>'
    if figure.index == RUNNER:
        shape = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size * 1.4:.1f}" fill="{hexed(WHITE)}"/>' + shape
    rise = 2.4 if figure.kind == "defence" else 4.6
    return (
        f'{shape}<text x="{x:.1f}" y="{y + rise:.1f}" font-size="13" font-weight="700" text-anchor="middle" '
        f'fill="{ink}">{figure.number}</text>'
    )


def _bars(area: Panel, scene: Scene) -> str:
    drawn = []
    for figure in scene.figures:
        x, top = area.strip.points((0.0, figure.y, PLAYER_HEIGHT))
        wide = 4.5 if figure.index == RUNNER else 2.4
        colour = KINDS[figure.kind] if figure.index == RUNNER else mix(KINDS[figure.kind], PANEL, 0.72)
        drawn.append(
            f'<rect x="{x - wide / 2:.1f}" y="{top:.1f}" width="{wide:g}" height="{area.strip.ground - top:.1f}" '
            f'fill="{hexed(colour)}"/>'
        )
    return "".join(drawn)


def _ball(area: Panel, scene: Scene) -> str:
    x, y = area.plan.point(scene.ball[0], scene.ball[1])
    high_x, high_y = area.strip.points(scene.ball)
    size = SIZE * (0.5 + 0.045 * min(scene.ball[2], 8.0))
    drop = _path([(high_x, high_y), (x, y)], mix(WHITE, GRASS, 0.62), 1, 'stroke-dasharray="3 4"')
    mark = f'fill="{hexed(WHITE)}" stroke="{hexed(INK)}"'
    return (
        f'{drop}<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" {mark}/>'
        f'<circle cx="{high_x:.1f}" cy="{high_y:.1f}" r="3.6" {mark}/>'
    )
