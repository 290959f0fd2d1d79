"""Where a board lies outside the set-ups that the simulator was calibrated and its policies were trained on.

The ranges are those that the scenarios deal. Outside them the simulator still plays, but nobody has compared it with
real football there.
"""

import math
from dataclasses import dataclass

from backpost.envs.world.pitch import HALF_LENGTH, HALF_WIDTH

from . import corner, free_kick, open_play, transition
from .board import offside_line, strike_place
from .board_file import Board, BoardPlayer

SLACK = 1.5
"""m beyond a range that still count as inside it: nobody draws to the metre."""
CROWDED = 0.8
"""m between two players below which their bodies would overlap."""
OUTFIELD = {
    "open": (open_play.FEWEST, open_play.MOST),
    "break": (transition.FEWEST, transition.MOST),
    "corner": (corner.FEWEST, corner.MOST),
    "free-kick": (free_kick.FEWEST, free_kick.MOST),
}
"""Fewest and most outfield defenders by play."""
TEAMS = {
    "open": len(open_play.TEAM),
    "break": len(transition.TEAM),
    "corner": len(corner.TEAM),
    "free-kick": len(free_kick.TEAM),
}
"""Attackers besides the crosser by play."""
OFF_BY_ONE = 1
"""Attackers more or fewer than that which still count as inside."""


@dataclass(frozen=True)
class Outside:
    """One way in which a board lies outside.

    Attributes:
        what: "crosser", "defenders", "attackers", "keeper", "line", "offside" or "crowded".
        values: numbers and names for the sentence about it.
    """

    what: str
    values: dict[str, float | str]


def outside(board: Board) -> tuple[Outside, ...]:
    """Every way in which a board lies outside what was calibrated; empty if it lies inside."""
    ways = []
    x, y = strike_place(board)
    depth, out = 2 * HALF_LENGTH - x, abs(y - HALF_WIDTH)
    if not _struck_inside(board.play, x - HALF_LENGTH, out):
        ways.append(Outside("crosser", {"depth": depth, "out": out}))
    counts = {team: sum(player.team == team for player in board.players) for team in ("att", "def")}
    few, many = OUTFIELD[board.play]
    outfield = counts["def"] - (board.keeper is not None)
    if not few <= outfield <= many:
        ways.append(Outside("defenders", {"count": outfield, "few": few, "many": many}))
    if abs(counts["att"] - 1 - TEAMS[board.play]) > OFF_BY_ONE:
        ways.append(Outside("attackers", {"count": counts["att"], "usual": TEAMS[board.play] + 1}))
    if board.keeper is None:
        ways.append(Outside("keeper", {}))
    ways += _line(board)
    ways += _offside(board)
    ways += _crowded(board)
    return tuple(ways)


def _struck_inside(play: str, x: float, out: float) -> bool:
    """Whether a scenario strikes such a cross; x in the world's frame and metres from the middle of the pitch."""
    if play == "corner":
        return math.hypot(x - corner.BALL[0], out + corner.BALL[1]) <= SLACK
    areas = [(wing.x, wing.out) for wing in open_play.WINGS]
    if play == "break":
        areas = [areas[open_play.WIDE], areas[open_play.DEEP]]
    if play == "free-kick":
        areas = [(free_kick.BALL_X, free_kick.BALL_OUT)]
    return any(
        low - SLACK <= x <= high + SLACK and near - SLACK <= out <= far + SLACK for (low, high), (near, far) in areas
    )


def _line(board: Board) -> list[Outside]:
    """The last line of defence against `line_height`, which open play deals and options may set."""
    outfield = [player for player in board.players if player.team == "def" and player.id != board.keeper]
    if board.play in ("corner", "break") or not outfield:
        return []
    depth = 2 * HALF_LENGTH - max(player.x for player in outfield)
    return [] if depth <= 20.0 + SLACK else [Outside("line", {"depth": depth})]


def _offside(board: Board) -> list[Outside]:
    """Attackers who begin beyond the offside line."""
    if board.play == "corner":
        return []
    line = offside_line(board)
    beyond = [p for p in board.players if p.team == "att" and p.id != board.crosser and p.x > line + 0.3]
    return [Outside("offside", {"who": called(player), "metres": player.x - line}) for player in beyond[:1]]


def _crowded(board: Board) -> list[Outside]:
    """Two players in one place, who will be pushed apart."""
    for i, player in enumerate(board.players):
        for other in board.players[i + 1 :]:
            if math.hypot(player.x - other.x, player.y - other.y) < CROWDED:
                return [Outside("crowded", {"who": called(player), "other": called(other)})]
    return []


def called(player: BoardPlayer) -> str:
    """What a player is called: his name, else the number on his shirt, else his id."""
    return player.name or (player.id if player.number is None else str(player.number))
