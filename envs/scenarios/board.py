"""A drawn board as the opening record of `Situation`: everybody where the coach put him, 2.5 s before the strike.

The crosser carries the ball, or runs up to it, as drawn. If the board says which ball comes, he aims there and strikes
with the errors of any crosser; otherwise he chooses from what he sees. Everybody else is scripted as in every other
scenario, with average skills; the seed decides only luck.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from backpost.envs.common.errors import InvalidValue
from backpost.envs.interface.options import Options
from backpost.envs.world.ball import RADIUS
from backpost.envs.world.pitch import BOX_DEPTH, GOAL_HALF_WIDTH, HALF_LENGTH, HALF_WIDTH, SPOT_DEPTH
from backpost.envs.world.record import (
    CORNER_KICK,
    CROSSER,
    CUTBACK,
    DECISION_TIME,
    FREE_KICK,
    HIGH,
    KEEPER,
    LOW,
    MARKINGS,
    NO_SET_PIECE,
    NOBODY,
    PLAYERS,
    PRESSER,
    ROLE_CROSSER,
    ROLE_KEEPER,
    ROLE_MARKER,
    ROLE_PRESSER,
    ROLE_ZONAL,
    RUNNER,
    new_worlds,
)

from . import situation
from .board_file import Board, BoardPlayer, is_board, read_board
from .deal import give_zone, place, place_attacker, place_defender

BUILD_UP = 2.5
"""s from the opening to the strike."""
RUN_START = -0.8
"""Start of a team-mate's run, s from the strike: the middle of what open play deals."""
AT_ONCE = -3.0
"""The same on a fast break, on which everybody is running."""
BREAK_PACE = 5.5
"""Speed at the opening of a fast break, m/s."""
RUN_UP = 2.0
"""Distance of the taker of a set piece from the ball, m."""
PRESSING = 9.0
"""m within which the defender nearest to the crosser presses him."""
FOR_HIM = 6.0
"""m from the aim within which a run ends that the ball is for."""
FOLLOW_X, FOLLOW_IN = 44.0, 0.6
"""After the strike the crosser follows in, up to this x and to this fraction of the distance from the middle."""
SET_PIECES = {"corner": CORNER_KICK, "free-kick": FREE_KICK}
KINDS = {"high": HIGH, "low": LOW, "cutback": CUTBACK}
CUTBACK_AIMS = {
    "near": (HALF_LENGTH - 9.0, -GOAL_HALF_WIDTH),
    "middle": (HALF_LENGTH - 9.0, 0.0),
    "far": (HALF_LENGTH - 9.0, GOAL_HALF_WIDTH),
    "spot": (HALF_LENGTH - BOX_DEPTH + 1.0, 0.0),
}
"""Where a cut-back goes, m in the world's frame."""
_ZONES = {"near": "near_aim", "middle": "centre_aim", "far": "far_aim", "spot": "spot_aim"}

Place = tuple[float, float]


def opening(options: Options, parameters: np.recarray) -> np.recarray:
    """The opening record of `Situation`, (1,): from a board, or from a recorded situation.

    Raises:
        InvalidFile, UnknownName, InvalidValue: see `situation.opening`; an option that a board does not have.
    """
    if not is_board(options.file):
        return situation.opening(options, parameters)
    for name in ("runner", "crosser", "start", "ball"):
        if getattr(options, name) is not None:
            raise InvalidValue(f"a board has no option {name}: it is drawn on it")
    return drawn_opening(read_board(str(options.file)), options, parameters)


def drawn_opening(board: Board, options: Options, parameters: np.recarray) -> np.recarray:
    """The opening record of a board, (1,)."""
    worlds = new_worlds(1)
    world = worlds[0]
    average = parameters.copy()
    average["speed_spread"] = 0.0
    p = average[0]
    world.difficulty = options.difficulty
    world.set_piece = SET_PIECES.get(board.play, NO_SET_PIECE)
    world.counter_attack = int(board.play == "break")
    world.pattern.marking = MARKINGS.index(board.marking)
    world.pattern.keeper_range = p.keeper_range if board.keeper_range is None else board.keeper_range
    frame = Frame(board)
    attackers, defenders = line_up(board)
    _give_crosser(world, board, frame, p)
    _give_attackers(world, board, frame, attackers, p)
    _give_defenders(world, board, frame, defenders, p)
    for slot in [*range(len(attackers)), *defenders]:
        situation.face_way_or_ball(world.players[slot], world.ball.x, world.ball.y)
    _mark(world, board)
    _prepare_delivery(world, board, frame, attackers, p)
    return worlds


class Frame:
    """The world's frame, in which the cross comes from negative y."""

    def __init__(self, board: Board) -> None:
        self.side = -1.0 if board.player(board.crosser).y > HALF_WIDTH else 1.0

    def place(self, point: Sequence[float]) -> Place:
        """A place on the board in the world's frame, m."""
        return point[0] - HALF_LENGTH, self.side * (point[1] - HALF_WIDTH)

    def of(self, player: BoardPlayer) -> Place:
        """Where a player stands."""
        return self.place((player.x, player.y))

    def end(self, player: BoardPlayer) -> Place:
        """Where his run ends, or where he stands."""
        return self.place(player.run or (player.x, player.y))

    def board(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Places in the world's frame on the board, m: numbers or arrays."""
        return x + HALF_LENGTH, self.side * y + HALF_WIDTH


def line_up(board: Board) -> tuple[list[BoardPlayer], dict[int, BoardPlayer]]:
    """The attackers by index in the record (crosser, runner, the others), and the defenders by theirs.

    In play the defender nearest to the crosser presses him, if he is near.
    """
    crosser = board.player(board.crosser)
    others = [who for who in board.players if who.team == "att" and who.id not in (board.crosser, board.runner)]
    others.sort(key=lambda who: math.hypot(2 * HALF_LENGTH - who.x, HALF_WIDTH - who.y))
    outfield = [who for who in board.players if who.team == "def" and who.id != board.keeper]
    outfield.sort(key=lambda who: math.hypot(2 * HALF_LENGTH - who.x, HALF_WIDTH - who.y))
    defenders: dict[int, BoardPlayer] = {}
    if outfield and board.play not in SET_PIECES:
        nearest = min(outfield, key=lambda who: math.hypot(who.x - crosser.x, who.y - crosser.y))
        if math.hypot(nearest.x - crosser.x, nearest.y - crosser.y) <= PRESSING:
            outfield.remove(nearest)
            defenders[PRESSER] = nearest
    # A tenth outfield defender takes the presser's place in the record, without his role.
    places = [*range(PRESSER + 1, PLAYERS), *([PRESSER] if PRESSER not in defenders else [])]
    defenders |= dict(zip(places, outfield, strict=False))
    if board.keeper is not None:
        defenders[KEEPER] = board.player(board.keeper)
    return [crosser, board.player(board.runner), *others], defenders


def strike_place(board: Board) -> Place:
    """Where the ball is struck, m on the board: at a set piece where it lies."""
    crosser = board.player(board.crosser)
    if board.play in SET_PIECES or crosser.run is None:
        return crosser.x, crosser.y
    return crosser.run


def aim(board: Board) -> Place | None:
    """Where the ball is aimed, m on the board; None if the crosser chooses."""
    to = board.ball.to
    if board.ball.kind == "any" or to is None:
        return None
    if not isinstance(to, str):
        return to[0], to[1]
    ids = [player.id for player in board.players]
    if to not in ids:
        return None
    if to == board.runner and board.run is not None:
        return board.run.path[-1]
    player = board.player(to)
    return player.run or (player.x, player.y)


def _give_crosser(world: Any, board: Board, frame: Frame, p: Any) -> None:
    """The crosser with the ball: he carries it to the strike, or runs up to where it lies."""
    begin, strike = np.array(frame.of(board.player(board.crosser))), np.array(frame.place(strike_place(board)))
    way = strike - begin
    if np.hypot(*way) < situation.NO_DIRECTION:
        way = np.array([HALF_LENGTH - SPOT_DEPTH, 0.0]) - strike
    way /= np.hypot(*way)
    count = round(BUILD_UP / DECISION_TIME) + 1
    left = np.linspace(1.0, 0.0, count)[:, None]
    ball = strike - left * (strike - begin)
    track = ball - p.ball_ahead * way
    if board.play in SET_PIECES:
        left = np.clip(BUILD_UP * left / p.run_up_time, 0.0, 1.0)
        track = strike - (p.ball_ahead + RUN_UP * left) * way
    place(world, CROSSER, ROLE_CROSSER, float(track[0, 0]), float(track[0, 1]), p.attacker_speed, p)
    me = world.players[CROSSER]
    me.vx, me.vy = (track[1] - track[0]) / DECISION_TIME
    me.home_x, me.home_y = min(strike[0], FOLLOW_X), FOLLOW_IN * strike[1]
    world.script_length = count
    world.script[:count] = np.concatenate([ball, track], axis=1)
    world.ball.x, world.ball.y, world.ball.z = ball[0, 0], ball[0, 1], RADIUS
    world.delivery.origin_x, world.delivery.origin_y = strike


def _give_attackers(world: Any, board: Board, frame: Frame, attackers: list[BoardPlayer], p: Any) -> None:
    """Runner and team-mates, waiting as far from the line of defence as drawn."""
    line = offside_line(board)
    for slot, player in enumerate(attackers):
        if slot == CROSSER:
            continue
        x, y = frame.of(player)
        place_attacker(world, slot, x, 0.0, y, p)
        me = world.players[slot]
        me.gap = line - HALF_LENGTH - x
        me.vx, me.vy = _velocity(board, frame, player)
        me.home_x, me.home_y = frame.end(player)
        me.start = AT_ONCE if board.play == "break" else RUN_START
        if player.run is None:
            me.start = 0.0


def _velocity(board: Board, frame: Frame, player: BoardPlayer) -> Place:
    """A player's velocity at the opening, m/s: as drawn, and forwards on a fast break."""
    if player.vx == player.vy == 0.0 and board.play == "break" and player.id != board.keeper:
        return BREAK_PACE, 0.0
    return player.vx, frame.side * player.vy


def offside_line(board: Board) -> float:
    """x of the offside line as the scene begins, m on the board: second-last opponent, ball or halfway line."""
    depths = sorted((player.x for player in board.players if player.team == "def"), reverse=True)
    return max(depths[1] if len(depths) > 1 else 0.0, board.player(board.crosser).x, HALF_LENGTH)


def _give_defenders(world: Any, board: Board, frame: Frame, defenders: dict[int, BoardPlayer], p: Any) -> None:
    """Keeper, presser and the others, whose zones are where they stand."""
    for slot, player in defenders.items():
        role = ROLE_KEEPER if slot == KEEPER else ROLE_ZONAL
        if slot == PRESSER and board.play not in SET_PIECES and _presses(board, player):
            role = ROLE_PRESSER
        x, y = frame.of(player)
        place_defender(world, slot, role, x, y, p)
        me = world.players[slot]
        me.vx, me.vy = _velocity(board, frame, player)
        give_zone(world, me, x, y, p)
        me.gap = 0.5 * (p.press_near + p.press_far)
    world.pattern.defenders = len(defenders) - (KEEPER in defenders)


def _presses(board: Board, player: BoardPlayer) -> bool:
    crosser = board.player(board.crosser)
    return math.hypot(player.x - crosser.x, player.y - crosser.y) <= PRESSING


def _mark(world: Any, board: Board) -> None:
    """Who marks whom: everybody with man marking, every second pair with mixed, nobody with zonal."""
    men = situation.men_of(world)
    if board.marking == "zonal":
        men = {}
    elif board.marking == "mixed":
        men = dict(list(men.items())[: (len(men) + 1) // 2])
    for slot, man in men.items():
        world.players[slot].role, world.players[slot].man = ROLE_MARKER, man


def _prepare_delivery(world: Any, board: Board, frame: Frame, attackers: list[BoardPlayer], p: Any) -> None:
    """When the ball is struck and, if the board says so, which ball it is."""
    delivery = world.delivery
    delivery.strike_at = BUILD_UP
    delivery.swing = 1.0 if board.ball.swing == "out" else -1.0
    if board.ball.kind == "any":
        return
    delivery.chosen, delivery.kind = 1, KINDS[board.ball.kind]
    where = aim(board)
    kind, to = board.ball.kind, str(board.ball.to)
    delivery.aim_x, delivery.aim_y = zone_aim(kind, to, p) if where is None else frame.place(where)
    delivery.aim_x = min(delivery.aim_x, p.deepest_aim)
    delivery.aim_z = p.cross_height if delivery.kind == HIGH else RADIUS
    ends = {slot: frame.end(player) for slot, player in enumerate(attackers) if slot != CROSSER}
    if board.run is not None:
        ends[RUNNER] = frame.place(board.run.path[-1])
    away = {slot: math.hypot(x - delivery.aim_x, y - delivery.aim_y) for slot, (x, y) in ends.items()}
    nearest = min(away, key=lambda slot: away[slot])
    delivery.target = nearest if away[nearest] <= FOR_HIM else NOBODY


def zone_aim(kind: str, zone: str, p: Any) -> Place:
    """The aim of a ball to a zone, m in the world's frame: where crossers aim such a ball."""
    if kind == "cutback":
        return CUTBACK_AIMS[zone]
    name = _ZONES[zone]
    if kind == "low":
        return float(p[f"low_{name}_x"]), float(p[f"low_{name}_y"])
    across = {"middle": 0.0, "far": float(p.far_aim)}.get(zone)
    return float(p[f"{name}_x"]), float(p[f"{name}_y"]) if across is None else across
