"""Building blocks of all deals: placing players, drawing the defensive set-up, opening a cross."""

import math
from typing import NamedTuple

from backpost.envs.dynamics.move import pair_up, separate
from backpost.envs.dynamics.perceive import perceive
from backpost.envs.dynamics.read_flight import new_readings
from backpost.envs.roles.zonal import zone_place
from backpost.envs.world.ball import RADIUS
from backpost.envs.world.chance import WORLD, between, normal, uniform
from backpost.envs.world.compile import entry, kernel
from backpost.envs.world.draws import (
    ACROSS,
    COMPACTNESS,
    DEFENDERS,
    FIRST_CHECK,
    GOAL_SIDE,
    JUMP,
    KEEPER_RANGE,
    LINE_HEIGHT,
    MARKING,
    RUN_ACROSS,
    RUN_START,
    SKILL,
    WAITS_ACROSS,
    WAITS_BEHIND,
)
from backpost.envs.world.geometry import clip
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import (
    ATTACKERS,
    CARRY,
    CORNER_KICK,
    CROSSER,
    FREE_KICK,
    KEEPER,
    MAN,
    MIXED,
    NOBODY,
    PLAYERS,
    ROLE_KEEPER,
    ROLE_MARKER,
    ROLE_TEAMMATE,
    ROLE_ZONAL,
    RUNNER,
    ZONAL,
)

Range = tuple[float, float]
"""Bounds of a uniform draw; equal bounds fix the value."""

SKILL_LIMIT = 2.0
"""Largest deviation of a top speed from the usual one, in standard deviations."""
KEEPER_START = (HALF_LENGTH - 1.7, -0.5)
"""Starting position of the keeper, m."""
MARKER_GOAL_SIDE = (0.3, 1.2)
"""Distance of a marker goal-side of the marked attacker, m."""
MARKER_INSIDE = 0.9
"""y of a marker divided by y of the marked attacker, who is nearer to the touchline."""
SPREAD = (-1.0, 1.0)
"""Lateral deviation of defenders from their ideal position, m."""
SECOND_LINE = 5.0
"""Distance between the zones and a second line in front of them, m."""
ROUNDS = 20
"""Number of rounds in which overlapping bodies are pushed apart at the opening."""
OWN_RANGE = -1
"""Marks an unset range in the record's pattern: the scenario's own range applies."""


class Attacker(NamedTuple):
    """How a scenario deals one attacker.

    Attributes:
        player: index in the record.
        behind: waiting position, m behind the line of defence (or another line).
        across: y of the waiting position, m.
        run_x: x where the run ends, m.
        run_y: y where the run ends, m.
        start: start of the run, s from the strike.
    """

    player: int
    behind: Range
    across: Range
    run_x: float
    run_y: Range
    start: Range


@kernel
def drawn(world, draw, who, bounds):
    """A number of the opening, drawn uniformly between the two bounds."""
    return between(world.seed, draw, who, 0, bounds[0], bounds[1])


@kernel
def draw_pattern(world, line_low, line_high, few, many, p):
    """Draw the defensive set-up from the chosen ranges, or from the scenario's own (m; players)."""
    seed, pattern, low, high = world.seed, world.pattern, world.pattern_low, world.pattern_high
    pattern.marking = low.marking
    if low.marking == OWN_RANGE:
        u = uniform(seed, MARKING, WORLD, 0)
        man, zonal = p.share_man, p.share_zonal
        if world.set_piece == CORNER_KICK:
            man, zonal = p.corner_share_man, p.corner_share_zonal
        pattern.marking = MAN if u < man else ZONAL if u < man + zonal else MIXED
    if low.line_height != OWN_RANGE:
        line_low, line_high = low.line_height, high.line_height
    pattern.line_height = between(seed, LINE_HEIGHT, WORLD, 0, line_low, line_high)
    narrow, wide = 1.0 - p.compactness_spread, 1.0 + p.compactness_spread
    if low.compactness != OWN_RANGE:
        narrow, wide = low.compactness, high.compactness
    pattern.compactness = between(seed, COMPACTNESS, WORLD, 0, narrow, wide)
    if low.defenders != OWN_RANGE:
        few, many = low.defenders, high.defenders
    pattern.defenders = min(few + int(uniform(seed, DEFENDERS, WORLD, 0) * (many + 1 - few)), many)
    near, far = p.keeper_range - p.keeper_range_spread, p.keeper_range + p.keeper_range_spread
    if low.keeper_range != OWN_RANGE:
        near, far = low.keeper_range, high.keeper_range
    pattern.keeper_range = between(seed, KEEPER_RANGE, WORLD, 0, near, far)


@kernel
def varied_speed(seed, i, usual, p):
    """Top speed of player i (m/s): the usual one of the role plus the deviation of this episode."""
    return usual + p.speed_spread * clip(normal(seed, SKILL, i, 0), -SKILL_LIMIT, SKILL_LIMIT)


@kernel
def varied_jump(seed, i, p):
    """Height that player i's head reaches from a standing jump (m): the usual one plus the player's own deviation."""
    return p.head_reach_height + p.jump_spread * clip(normal(seed, JUMP, i, 0), -SKILL_LIMIT, SKILL_LIMIT)


@kernel
def defender_speed(i, difficulty, p):
    """Usual top speed of defender i (m/s); lower below full difficulty."""
    return (p.keeper_speed if i == KEEPER else p.defender_speed) - p.easy_slower * (1.0 - difficulty)


@entry
def place(world, i, role, x, y, speed, p):
    """Put a player on the pitch with the skills common to attackers and defenders at full difficulty."""
    me = world.players[i]
    me.present, me.role = 1, role
    me.x, me.y = x, y
    me.top_speed = varied_speed(world.seed, i, speed, p)
    me.reaction, me.read_error, me.check_rate = p.reaction, p.read_error, p.check_rate
    me.jump = varied_jump(world.seed, i, p)


@entry
def place_attacker(world, i, line, behind, y, p):
    """Place an attacker who waits for the cross `behind` metres behind the line of defence, jogging with it."""
    place(world, i, ROLE_TEAMMATE, line - behind, y, p.attacker_speed, p)
    me = world.players[i]
    me.gap = behind
    me.vx, me.fx = p.jog_speed, 1.0
    me.read_error = p.runner_read_error


@kernel
def deal_attacker(world, line, dealt, p):
    """Deal an attacker waiting behind this line (its x, m), and the run to make if scripted."""
    i = dealt.player
    behind, across = drawn(world, WAITS_BEHIND, i, dealt.behind), drawn(world, WAITS_ACROSS, i, dealt.across)
    place_attacker(world, i, line, behind, across, p)
    me = world.players[i]
    deeper, wider, later = usual_runs(world, p)
    me.home_x, me.home_y = dealt.run_x + deeper, wider * drawn(world, RUN_ACROSS, i, dealt.run_y)
    me.start = drawn(world, RUN_START, i, dealt.start) + later


@kernel
def usual_runs(world, p):
    """How the runs of this scenario differ from those of its table: metres deeper, times as wide, seconds later."""
    if world.set_piece == CORNER_KICK:
        return p.corner_run_depth, p.corner_run_width, p.corner_run_later
    if world.set_piece == FREE_KICK:
        return p.free_kick_run_depth, p.free_kick_run_width, p.free_kick_run_later
    return p.run_depth, p.run_width, p.run_later


@entry
def place_defender(world, i, role, x, y, p):
    """Place a defender; below full difficulty slower, with a later reaction, worse reading and fewer checks."""
    place(world, i, role, x, y, defender_speed(i, world.difficulty, p), p)
    me = world.players[i]
    easy = 1.0 - world.difficulty
    me.reaction = (p.keeper_reaction if i == KEEPER else p.reaction) + p.easy_later * easy
    me.read_error *= 1.0 + easy
    me.check_rate *= 1.0 - p.easy_checks * easy
    me.fx = -1.0


@kernel
def deal_keeper(world, p):
    """Deal the keeper in front of the goal."""
    place_defender(world, KEEPER, ROLE_KEEPER, KEEPER_START[0], KEEPER_START[1], p)


@kernel
def deal_marker(world, i, man, p):
    """Deal a marker goal-side of the attacker `man`, with the zone at that position."""
    them = world.players[man]
    x = min(them.x + drawn(world, GOAL_SIDE, i, MARKER_GOAL_SIDE), HALF_LENGTH - p.marker_deepest)
    y = MARKER_INSIDE * them.y + drawn(world, ACROSS, i, SPREAD)
    place_defender(world, i, ROLE_MARKER, x, y, p)
    world.players[i].man = man
    give_zone(world, world.players[i], x, y, p)


@kernel
def deal_zonal(world, i, x, y, p):
    """Deal a zonal defender whose zone is at this position for the current ball."""
    place_defender(world, i, ROLE_ZONAL, x, y + drawn(world, ACROSS, i, SPREAD), p)
    give_zone(world, world.players[i], x, y, p)


@entry
def give_zone(world, me, x, y, p):
    """Set a defender's home so that the zone, which moves with the ball, is now at this position."""
    me.home_x = me.home_y = 0.0
    from_x, from_y = zone_place(world, me, p)
    me.home_x, me.home_y = x - from_x, (y - from_y) / (1.0 - p.shift)


@kernel
def deal_defenders(world, first, men, line_x, zones, p):
    """Deal the pattern's outfield defenders from index `first` on: markers according to the marking, then zones.

    `men` (k,) are the attackers to mark, the most dangerous first: all of them with man marking, half of them with
    mixed, none with zonal. `zones` (m, 2) are metres goal-side of `line_x` and y for the current ball, the most
    important first; compactness scales y.
    """
    marked = len(men)
    if world.pattern.marking == ZONAL:
        marked = 0
    elif world.pattern.marking == MIXED:
        marked = (len(men) + 1) // 2
    deeper, wider = p.zone_depth, p.zone_width
    if world.set_piece == CORNER_KICK:
        deeper, wider = p.corner_zone_depth, p.corner_zone_width
    elif world.set_piece == FREE_KICK:
        deeper, wider = p.free_kick_zone_depth, p.free_kick_zone_width
    last = min(KEEPER + 1 + world.pattern.defenders, PLAYERS)
    i = first
    for k in range(marked):
        if i < last:
            deal_marker(world, i, men[k], p)
            i += 1
    for k in range(last - i):
        # More defenders than zones: a second line in front of the first.
        row, zone = k // len(zones), zones[k % len(zones)]
        x, y = line_x + deeper + zone[0] - SECOND_LINE * row, wider * world.pattern.compactness * zone[1]
        deal_zonal(world, i + k, x, y, p)


@kernel
def lay_ball(world, x, y):
    """Put the ball on the grass, to be struck from there."""
    world.ball.x, world.ball.y, world.ball.z = x, y, RADIUS
    world.delivery.origin_x, world.delivery.origin_y = x, y


@kernel
def make_room(world, p):
    """Push overlapping players apart; a crowd needs several rounds."""
    pair_up(world, p)
    for _ in range(ROUNDS):
        separate(world, p)


@kernel
def open_cross(world, p):
    """Complete an opening: the crosser has the ball; sets beliefs, first shoulder checks and reading errors."""
    ball = world.ball
    ball.owner = ball.last_touch = CROSSER
    world.phase = CARRY
    make_room(world, p)
    world.track[0, 0], world.track[0, 1] = world.players[RUNNER].x, world.players[RUNNER].y
    for i in range(ATTACKERS, PLAYERS):
        me = world.players[i]
        if me.present != 0 and me.man != NOBODY:
            man = world.players[me.man]
            me.belief_x, me.belief_y, me.belief_vx, me.belief_vy = man.x, man.y, man.vx, man.vy
            me.check_wait = -math.log(uniform(world.seed, FIRST_CHECK, i, 0)) / me.check_rate
    new_readings(world, p)
    perceive(world, p)
