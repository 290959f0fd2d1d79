"""The set-up of a drill as SVG in metres: servers, cones, run and balls, with the distances a coach paces out.

Frame of reference: x across from the middle of the goal, positive on the crosser's side; y from the goal line. Goal at
the top.
"""

from collections.abc import Iterable

from markupsafe import Markup, escape

from backpost.envs.world.pitch import (
    BOX_DEPTH,
    BOX_HALF_WIDTH,
    GOAL_HALF_WIDTH,
    HALF_WIDTH,
    SIX_YARD_DEPTH,
    SIX_YARD_HALF_WIDTH,
    SPOT_DEPTH,
)
from backpost.renders.frame.palette import ATTACK, DEFENCE, GRASS, GRASS_BEHIND, INK, KEEPER, LEARNER, LINE, WHITE
from backpost.renders.page.still import hexed
from backpost.renders.scene.scene import SHIRTS
from backpost.training.session.content import DrillPlan, OtherPlayer
from backpost.training.session.run import Place

from .words import SessionWords

LEFT, BEHIND = -24.0, 5.0
"""Edges of the drawing, m: x on the far-post side, and the depth behind the goal line."""
ROW = -2.8
"""y behind the goal line for the distance across of the second cone, m."""
ROOM = 4.0
"""Margin below the deepest mark, m."""
SHALLOWEST = 22.0
NEAR = 0.75
"""Distances below this are not drawn as a separate line, m."""
BESIDE = 2.0
"""Distance from the first cone, m, at which a mark would hide it."""
COLOURS = {"attack": ATTACK, "defence": DEFENCE, "keeper": KEEPER}

Point = tuple[float, float]


def diagram(drill: DrillPlan, label: str, words: SessionWords) -> Markup:
    """The set-up of a drill as it was measured; `label` is read by screen readers."""
    start, target = at(drill.cones.start), at(drill.cones.target)
    served = [at(server.place.middle) for server in drill.servers if server.place]
    carried = [at(server.sets_off.middle) for server in drill.servers]
    deep = max([SHALLOWEST, start[1], *[y for _, y in served], *[y for _, y in carried]]) + ROOM
    drawn = [_pitch(deep), _meeting(drill), *_balls(drill), *_others(drill)]
    drawn += [*_servers(drill, words), _run(start, target)]
    drawn += [*_distances(start, words, "A"), *_distances(target, words, "B")]
    drawn += [_cone(start, "A"), _cone(target, "B")]
    wide = HALF_WIDTH + 2.5 - LEFT
    return Markup(
        f'<svg class="plan" viewBox="{LEFT:g} {-BEHIND:g} {wide:g} {deep + BEHIND:.1f}" role="img" '
        f'aria-label="{escape(label)}">{"".join(drawn)}</svg>'
    )


def at(place: Place) -> Point:
    """A position as a point in the drawing."""
    return place.across, place.depth


def _pitch(deep: float) -> str:
    def box(depth: float, half: float) -> str:
        return f"M{-half:g} 0V{depth:g}H{half:g}V0"

    reach = (9.15**2 - (BOX_DEPTH - SPOT_DEPTH) ** 2) ** 0.5
    lines = box(BOX_DEPTH, BOX_HALF_WIDTH) + box(SIX_YARD_DEPTH, SIX_YARD_HALF_WIDTH)
    lines += f"M{-reach:.2f} {BOX_DEPTH}A9.15 9.15 0 0 0 {reach:.2f} {BOX_DEPTH}"
    lines += f"M{LEFT:g} 0H{HALF_WIDTH:g}V{deep:.1f}M{HALF_WIDTH - 1:g} 0A1 1 0 0 0 {HALF_WIDTH:g} 1"
    wide = HALF_WIDTH + 2.5 - LEFT
    return (
        f'<rect x="{LEFT:g}" y="{-BEHIND:g}" width="{wide:g}" height="{deep + BEHIND:.1f}" '
        f'fill="{hexed(GRASS_BEHIND)}"/>'
        f'<rect x="{LEFT:g}" y="0" width="{HALF_WIDTH - LEFT:g}" height="{deep:.1f}" fill="{hexed(GRASS)}"/>'
        f'<path d="{lines}" fill="none" stroke="{hexed(LINE)}" stroke-width=".14"/>'
        f'<circle cx="0" cy="{SPOT_DEPTH:g}" r=".2" fill="{hexed(LINE)}"/>'
        f'<path d="M{-GOAL_HALF_WIDTH} -.1V-1.8H{GOAL_HALF_WIDTH}V-.1" fill="none" stroke="{hexed(WHITE)}" '
        'stroke-width=".35"/>'
    )


def _meeting(drill: DrillPlan) -> str:
    """The middle half of the positions where the runner meets the ball, across and in depth."""
    met = drill.watch.met
    if met is None:
        return ""
    across, depth = met.across, met.depth
    return (
        f'<rect class="meeting" x="{across.low:.2f}" y="{depth.low:.2f}" '
        f'width="{across.high - across.low:.2f}" height="{depth.high - depth.low:.2f}" rx="1" '
        f'fill="{hexed(LEARNER)}" fill-opacity=".28"/>'
    )


def _balls(drill: DrillPlan) -> Iterable[str]:
    """Arrows from each server to the typical meeting point of the balls from there."""
    for server in drill.servers:
        if server.place and server.met:
            yield _arrow(at(server.place.middle), at(server.met.middle), hexed(WHITE), 0.2, "", 1.2)


def drawn_others(drill: DrillPlan) -> list[OtherPlayer]:
    """The other players to draw: no defenders at set pieces, whose positions vary each time, and no defender at A."""
    defenders = [other for other in drill.others if other.who == "defence"]
    x, y = at(drill.cones.start)
    kept = []
    for other in drill.others:
        if other.place is None:
            continue
        across, depth = at(other.place.middle)
        beside = abs(across - x) + abs(depth - y) < BESIDE
        if other.who != "defence" or (len(defenders) == 1 and not beside):
            kept.append(other)
    return kept


def _others(drill: DrillPlan) -> Iterable[str]:
    for other in drawn_others(drill):
        if other.place is not None:
            yield _player(*at(other.place.middle), other.who, str(SHIRTS[other.index]))


def _player(x: float, y: float, who: str, text: str) -> str:
    style = f'fill="{hexed(COLOURS[who])}" stroke="{hexed(INK)}" stroke-width=".12"'
    if who == "defence":
        shape = f'<path d="M{x - 1.1:.2f} {y - 0.8:.2f}H{x + 1.1:.2f}L{x:.2f} {y + 1.2:.2f}Z" {style}/>'
    elif who == "keeper":
        shape = f'<rect x="{x - 0.9:.2f}" y="{y - 0.9:.2f}" width="1.8" height="1.8" {style}/>'
    else:
        shape = f'<circle cx="{x:.2f}" cy="{y:.2f}" r="1" {style}/>'
    drop = 0.25 if who == "defence" else 0.45
    return f'{shape}<text class="shirt" x="{x:.2f}" y="{y + drop:.2f}">{escape(text)}</text>'


def _servers(drill: DrillPlan, words: SessionWords) -> Iterable[str]:
    """Each serving position, with the path along which the ball is brought there."""
    seen: list[Point] = []
    for server in drill.servers:
        if server.place is None or at(server.place.middle) in seen:
            continue
        x, y = at(server.place.middle)
        seen.append((x, y))
        from_x, from_y = at(server.sets_off.middle)
        if abs(from_y - y) > NEAR:
            yield (
                f'<path d="M{from_x:.2f} {from_y:.2f}L{x:.2f} {y:.2f}" fill="none" stroke="{hexed(ATTACK)}" '
                'stroke-width=".25" stroke-dasharray=".25 .5" stroke-linecap="round"/>'
            )
        yield _player(x, y, "attack", words("session.mark.server", n=len(seen)))


def _run(start: Point, target: Point) -> str:
    way = 'stroke-dasharray=".9 .5"'
    return _arrow(start, target, hexed(INK), 0.62, way, 1.1) + _arrow(start, target, hexed(LEARNER), 0.38, way, 1.1)


def _arrow(start: Point, end: Point, colour: str, width: float, more: str, short: float) -> str:
    """A straight arrow that ends `short` metres before `end`."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = max((dx * dx + dy * dy) ** 0.5, 1e-6)
    dx, dy = dx / length, dy / length
    tip = end[0] - short * dx, end[1] - short * dy
    foot = tip[0] - 0.9 * dx, tip[1] - 0.9 * dy
    sides = [(foot[0] + side * 0.45 * dy, foot[1] - side * 0.45 * dx) for side in (1, -1)]
    head = f"M{tip[0]:.2f} {tip[1]:.2f}" + "".join(f"L{x:.2f} {y:.2f}" for x, y in sides) + "Z"
    return (
        f'<path d="M{start[0]:.2f} {start[1]:.2f}L{foot[0]:.2f} {foot[1]:.2f}" fill="none" stroke="{colour}" '
        f'stroke-width="{width:g}" {more}/><path d="{head}" fill="{colour}"/>'
    )


def _distances(place: Point, words: SessionWords, name: str) -> Iterable[str]:
    """Metres from the goal line, and from the line through the middle of the goal; those of B behind the goal line."""
    x, y = place
    row = y if name == "A" else ROW
    thin = f'class="measure-line" fill="none" stroke="{hexed(WHITE)}" stroke-width=".11" stroke-dasharray=".35 .3"'
    yield f'<path {thin} d="M{x:.2f} {y:.2f}V{min(row, 0.0):g}"/>'
    up = y - 2.0 if name == "A" else 0.5 * y
    yield _label(x + (-0.5 if x < 0 else 0.5), up, words.metres(round(y)), x < 0)
    if abs(x) > NEAR:
        yield f'<path {thin} d="M{x:.2f} {row:.2f}H0M0 {row - 0.5:.2f}V{row + 0.5:.2f}"/>'
        yield _label(x / 2, row + (1.6 if name == "A" else -0.4), words.metres(round(abs(x))), None)


def _label(x: float, y: float, text: str, before: bool | None) -> str:
    anchor = "middle" if before is None else "end" if before else "start"
    return f'<text class="metres" x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}">{escape(text)}</text>'


def _cone(place: Point, name: str) -> str:
    x, y = place
    shape = f"M{x - 1.15:.2f} {y + 0.9:.2f}L{x - 0.45:.2f} {y - 1:.2f}H{x + 0.45:.2f}L{x + 1.15:.2f} {y + 0.9:.2f}Z"
    return (
        f'<g class="cone" data-cone="{name}" data-across="{x:.2f}" data-depth="{y:.2f}">'
        f'<path d="{shape}" fill="{hexed(WHITE)}" stroke="{hexed(INK)}" stroke-width=".14"/>'
        f'<text class="shirt" x="{x:.2f}" y="{y + 0.65:.2f}">{name}</text></g>'
    )
