"""A real situation: one cross from tracking data as the opening record of an environment.

Runner, crosser, start and ball are set by the file or by options. Until the strike, the recorded ball and crosser are
replayed. From the strike on, the ball moves as recorded or as the simulated crosser chooses ("simulated"). As recorded
means: launched from the recorded place such that it is at the recorded place, and height if known, when it is met,
under the world's own flight; it rolls where no height is known. All other players except the runner are scripted from
the start: team-mates run to their recorded positions at the contact, defenders mark the nearest attacker or hold their
recorded positions. Players not seen at the start are absent. That includes the keeper, whom the file names; no other
player replaces him. The seed decides only luck.
"""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.envs.common.checks import number, one_of
from backpost.envs.common.errors import InvalidValue, UnknownName, quoted
from backpost.envs.interface.options import BALLS, Options
from backpost.envs.world.ball import GRAVITY, RADIUS
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import (
    ATTACKERS,
    CROSSER,
    CUTBACK,
    DECISION_TIME,
    HIGH,
    KEEPER,
    LOW,
    NOBODY,
    PLAYERS,
    PRESSER,
    ROLE_CROSSER,
    ROLE_KEEPER,
    ROLE_MARKER,
    ROLE_PRESSER,
    ROLE_ZONAL,
    RUNNER,
    SCRIPT_LENGTH,
    new_worlds,
)

from .deal import give_zone, place, place_attacker, place_defender
from .situation_file import SHIPPED, SHORTEST_BUILD_UP, Situation, read_situation
from .situation_flight import flying_launch, rolling_speed

START = -1.5
"""Start of the environment, seconds from the strike, if neither file nor options set it."""
LONG_AGO = -99.0
LONGEST_BUILD_UP = (SCRIPT_LENGTH - 1) * DECISION_TIME
"""s of recorded build-up that a record can replay."""
LATEST_START = -SHORTEST_BUILD_UP
AT_THE_BALL = 3.0
"""Largest distance of the crosser from the ball at the strike, m."""
MARKING_DISTANCE = 8.0
"""Largest distance, m, at which a defender picks up an attacker."""
GOAL_SIDE = 1.5
"""m goal-side of an attacker: the marker's target, from which the distance of defenders is measured."""

NO_DIRECTION = 1e-3
"""Distance, m, below which two positions define no direction."""

Place = npt.NDArray[np.float64]


def opening(options: Options, parameters: np.recarray) -> np.recarray:
    """The opening record of a situation, (1,); a deal copies it and the seed decides luck.

    Raises:
        InvalidFile: for a malformed file.
        UnknownName: for a runner or crosser who is not an attacker seen at the start.
        InvalidValue: for a start outside the recording, an unknown ball, a crosser who is not at the ball, or a runner
            or crosser named neither by the file nor by the options.
    """
    situation = read_situation(SHIPPED if options.file is None else options.file)
    start = _start(situation, options)
    first = situation.frame(start)
    attackers, defenders = _line_up(situation, options, first)
    worlds = new_worlds(1)
    world = worlds[0]
    world.difficulty = options.difficulty
    world.pattern.keeper_range = parameters["keeper_range"][0]
    average = parameters.copy()
    average["speed_spread"] = 0.0
    _give_attackers(world, situation, attackers, average[0])
    _give_defenders(world, situation, defenders, average[0])
    world.pattern.defenders = len(defenders) - (KEEPER in defenders)
    _place(world, situation, dict(enumerate(attackers)) | defenders, first)
    _script(world, situation, attackers[CROSSER], first)
    for slot, man in men_of(world).items():
        world.players[slot].role, world.players[slot].man = ROLE_MARKER, man
    _prepare_delivery(world, situation, attackers, average[0])
    ball = options.ball or situation.ball_choice or BALLS[0]
    one_of("ball", ball, BALLS)
    world.delivery.given = 1 if ball == BALLS[0] else 0
    return worlds


def recorded_run(options: Options | None = None) -> Place:
    """The recorded run of the chosen runner from the start of the environment on: x, y (frames, 2), every 0.1 s.

    In the world's frame; NaN where the player is not seen. Raises the same errors as `opening`.
    """
    options = options or Options()
    situation = read_situation(SHIPPED if options.file is None else options.file)
    first = situation.frame(_start(situation, options))
    attackers, _ = _line_up(situation, options, first)
    return situation.players[first:, attackers[RUNNER], :2].copy()


def _start(situation: Situation, options: Options) -> float:
    """Start of the environment, s from the strike."""
    chosen = next((start for start in (options.start, situation.start) if start is not None), START)
    earliest = max(float(situation.times[0]), -LONGEST_BUILD_UP)
    if options.start is None and situation.start is None:
        chosen = max(START, earliest)
    if not number(chosen) or not earliest - 1e-6 <= float(chosen) <= LATEST_START + 1e-6:
        raise InvalidValue(
            f"start must be a number of seconds from the strike, {earliest:g} to {LATEST_START:g}, got {quoted(chosen)}"
        )
    return float(chosen)


def _line_up(situation: Situation, options: Options, first: int) -> tuple[list[int], dict[int, int]]:
    """The players seen at the start, as columns of the recording.

    Returns:
        The attackers (crosser, runner, then by distance to the goal), and the defenders by their index in the record:
        the keeper if seen, the presser (nearest to the crosser), then the others by distance to the goal.
    """
    seen = ~np.isnan(situation.players[first, :, 0])
    free = {int(column) for column in np.flatnonzero(seen & situation.attack)}
    ids = [situation.ids[column] for column in sorted(free)]
    crosser = _named("crosser", (options.crosser, situation.crosser), ids)
    others = [who for who in ids if who != crosser]
    runner = _named("runner", (options.runner, situation.runner, situation.scorer), others)
    _check_crosser(situation, crosser)
    place = situation.players[first, :, :2]
    to_goal = np.hypot(place[:, 0] - HALF_LENGTH, place[:, 1])
    leading = [situation.player(crosser), situation.player(runner)]
    attackers = leading + sorted(free - set(leading), key=lambda column: float(to_goal[column]))

    keeps = seen & np.array([who == situation.keeper for who in situation.ids])
    outfield = [int(column) for column in np.flatnonzero(seen & ~situation.attack & ~keeps)]
    outfield.sort(key=lambda column: float(to_goal[column]))
    if outfield:
        presser = min(outfield, key=lambda column: _apart(place[column], place[attackers[CROSSER]]))
        outfield = [presser, *(column for column in outfield if column != presser)]
    defenders = dict(zip(range(PRESSER, PLAYERS), outfield, strict=False))
    if keeps.any():
        defenders = {KEEPER: int(keeps.argmax())} | defenders
    return attackers, defenders


def _named(role: str, choices: tuple[int | str | None, ...], seen: list[str]) -> str:
    """The first id given for a role; options take precedence over the file."""
    chosen = next((who for who in choices if who is not None), None)
    if chosen is None:
        raise InvalidValue(f"neither this situation nor the options name a {role}: choose one of {', '.join(seen)}")
    if str(chosen) not in seen:
        raise UnknownName(role, chosen, seen)
    return str(chosen)


def _check_crosser(situation: Situation, crosser: str) -> None:
    """Check that the crosser is seen at the ball at the strike."""
    strike = situation.frame(0.0)
    away = _apart(situation.players[strike, situation.player(crosser), :2], situation.ball[strike, :2])
    if not away <= AT_THE_BALL:
        raise InvalidValue(
            f"crosser {crosser} is {away:.1f} m from the ball at the strike, at most {AT_THE_BALL:g} m are valid: "
            f"the file's crosser is {situation.crosser}"
        )


def _apart(a: Place, b: Place) -> float:
    return math.hypot(a[0] - b[0], a[1] - b[1])


def _place(world: Any, situation: Situation, columns: dict[int, int], first: int) -> None:
    """Put all players at their recorded positions; `columns` are columns of the recording by index in the record."""
    ball = situation.ball[first]
    for slot, column in columns.items():
        player = world.players[slot]
        player.x, player.y, player.vx, player.vy = situation.players[first, column]
        face_way_or_ball(player, ball[0], ball[1])


def face_way_or_ball(player: Any, ball_x: float, ball_y: float) -> None:
    """Face the direction of the run, or the ball if barely moving; a player exactly at the ball faces the goal."""
    fx, fy = player.vx, player.vy
    if math.hypot(fx, fy) < 1.0:
        fx, fy = ball_x - player.x, ball_y - player.y
    if math.hypot(fx, fy) < NO_DIRECTION:
        fx, fy = HALF_LENGTH - player.x, -player.y
    size = math.hypot(fx, fy) + 1e-9
    player.fx, player.fy = fx / size, fy / size


def _script(world: Any, situation: Situation, crosser: int, first: int) -> None:
    """Script ball and crosser as recorded, from the start to the strike."""
    rows = slice(first, situation.frame(0.0) + 1)
    script = np.concatenate([situation.ball[rows, :2], situation.players[rows, crosser, :2]], axis=1)
    if not np.isfinite(script).all():
        raise InvalidValue(f"crosser {situation.ids[crosser]} is not seen in every frame from the start to the strike")
    world.script_length = len(script)
    world.script[: len(script)] = script
    world.ball.x, world.ball.y = script[0, :2]


def _give_attackers(world: Any, situation: Situation, attackers: list[int], p: Any) -> None:
    """Crosser, runner and team-mates with average skills; their runs end at the positions recorded at the contact."""
    contact, strike = situation.frame(situation.contact), situation.frame(0.0)
    place(world, CROSSER, ROLE_CROSSER, 0.0, 0.0, p.attacker_speed, p)
    for slot, column in enumerate(attackers):
        player = world.players[slot]
        if slot != CROSSER:
            place_attacker(world, slot, 0.0, 0.0, 0.0, p)
            player.start = LONG_AGO
        player.home_x, player.home_y = _seen_at(situation, column, strike if slot == CROSSER else contact)


def _give_defenders(world: Any, situation: Situation, defenders: dict[int, int], p: Any) -> None:
    """Keeper, presser and the other defenders with average skills, in the zones recorded at the strike."""
    strike = situation.frame(0.0)
    world.ball.x, world.ball.y = situation.ball[strike, :2]
    roles = {KEEPER: ROLE_KEEPER, PRESSER: ROLE_PRESSER}
    for slot, column in defenders.items():
        player = world.players[slot]
        place_defender(world, slot, roles.get(slot, ROLE_ZONAL), 0.0, 0.0, p)
        give_zone(world, player, *_seen_at(situation, column, strike), p)
        player.gap = p.press_near


def men_of(world: Any) -> dict[int, int]:
    """Marked attacker by defender: nearest pairs first, measured to the point goal-side of the attacker."""
    pairs = []
    for man in range(RUNNER, ATTACKERS):
        them = world.players[man]
        dx, dy = HALF_LENGTH - them.x, -them.y
        share = GOAL_SIDE / (math.hypot(dx, dy) + 1e-9)
        for slot in range(PRESSER + 1, PLAYERS):
            me = world.players[slot]
            distance = math.hypot(them.x + share * dx - me.x, them.y + share * dy - me.y)
            if them.present != 0 and me.present != 0 and distance <= MARKING_DISTANCE:
                pairs.append((distance, slot, man))
    men: dict[int, int] = {}
    for _, slot, man in sorted(pairs):
        if slot not in men and man not in men.values():
            men[slot] = man
    return men


def _seen_at(situation: Situation, column: int, frame: int) -> Place:
    """Recorded position of a player in this frame, or in the last frame before it in which the player is seen."""
    track = situation.players[: frame + 1, column, :2]
    last = int(np.flatnonzero(np.isfinite(track[:, 0]))[-1])
    place: Place = track[last]
    return place


def _prepare_delivery(world: Any, situation: Situation, attackers: list[int], p: Any) -> None:
    """Set when and how the ball is struck, as recorded."""
    delivery = world.delivery
    strike, flown = situation.frame(0.0), situation.flown_to
    end = situation.frame(situation.contact) if flown is None else flown
    seconds = float(situation.times[end] - situation.times[strike])
    x, y = world.script[world.script_length - 1, :2]
    delivery.origin_x, delivery.origin_y = x, y
    delivery.swing = 1.0
    dx, dy = situation.ball[end, 0] - x, situation.ball[end, 1] - y
    delivery.strike_at = (world.script_length - 1) * DECISION_TIME
    delivery.aim_x, delivery.aim_y = x + dx, y + dy
    if flown is None:
        distance = math.hypot(dx, dy) + 1e-9
        speed = rolling_speed(distance, seconds, p)
        delivery.kind, delivery.aim_z = CUTBACK, RADIUS
        delivery.vx, delivery.vy = speed * dx / distance, speed * dy / distance
    else:
        delivery.aim_z = max(situation.height[end], RADIUS)
        delivery.vx, delivery.vy, delivery.vz = flying_launch(dx, dy, delivery.aim_z, seconds, p)
        top = RADIUS + 0.5 * delivery.vz * delivery.vz / GRAVITY
        delivery.kind = HIGH if top > p.shoulder_height else LOW
    scorer = None if situation.scorer is None else situation.player(situation.scorer)
    delivery.target = attackers.index(scorer) if scorer in attackers else NOBODY
