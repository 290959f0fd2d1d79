"""A board: the set-up that a coach draws before a cross, and the run he draws into it; one JSON file.

Places are metres from the bottom-left corner of a pitch of 105 x 68 m, and the attack goes towards x = 105, as in a
recorded situation. The page `docs/start/board.md` describes the format.
"""

import os
from typing import Annotated, Any, Literal

from msgspec import Meta

from backpost.envs.common.checks import Record
from backpost.envs.common.errors import InvalidFile, InvalidValue, quoted
from backpost.envs.common.reading import parse_json, read_bytes, shown, typed
from backpost.envs.world.pitch import HALF_LENGTH, HALF_WIDTH
from backpost.envs.world.record import ATTACKERS

KEY = "backpost_board"
"""The key that identifies such a file; its value is the format."""
FORMAT = 1
MOST_BYTES = 64_000
MY_RUN = "my-run"
"""The name under which the run drawn on a board takes part."""
PLAYS = ("open", "break", "corner", "free-kick")
KINDS = ("any", "high", "low", "cutback")
ZONES = ("near", "middle", "far", "spot")
CUES = ("at-once", "head-up", "plant", "strike")
"""When a drawn run may start: from the opening on, as the crosser looks up, as he plants his foot, as he strikes."""

_X = Annotated[float, Meta(ge=0, le=2 * HALF_LENGTH, description="(m from the left goal line)")]
_Y = Annotated[float, Meta(ge=0, le=2 * HALF_WIDTH, description="(m from the lower touchline)")]
_Id = Annotated[str, Meta(min_length=1, max_length=40)]
_Text = Annotated[str, Meta(max_length=400)]
_Agent = Annotated[str, Meta(min_length=1, max_length=200)]
Point = tuple[_X, _Y]
# Beside a text of limited length msgspec 0.23 reads a tuple's length from the wrong place, and crashes.
_Pair = Annotated[list[_X], Meta(min_length=2, max_length=2)]


class BoardPlayer(Record, frozen=True):
    """A player where he is when the scene begins.

    Attributes:
        id: unique on the board.
        team: "att" or "def".
        x, y: place.
        number: on his shirt.
        name: what the coach calls him.
        run: where an attacker runs, and for the crosser where he strikes the ball; None: he stays.
        vx, vy: velocity, m/s.
    """

    id: _Id
    team: Literal["att", "def"]
    x: _X
    y: _Y
    number: Annotated[int, Meta(ge=0, le=99)] | None = None
    name: _Id | None = None
    run: Point | None = None
    vx: Annotated[float, Meta(ge=-9, le=9, description="(m/s)")] = 0.0
    vy: Annotated[float, Meta(ge=-9, le=9, description="(m/s)")] = 0.0


class BoardBall(Record, frozen=True):
    """The cross: its kind, where to, and how it bends.

    Attributes:
        kind: "high", "low" (driven), "cutback", or "any": the crosser chooses from what he sees.
        to: "near", "middle", "far" or "spot", a point, or the id of the attacker whose run it meets; None with "any".
        swing: "out" bends away from the goal, "in" towards it.
    """

    kind: Literal["any", "high", "low", "cutback"] = "any"
    to: _Id | _Pair | None = None
    swing: Literal["in", "out"] = "out"


class DrawnPath(Record, frozen=True):
    """A run as it was drawn.

    Attributes:
        path: the points that he passes, the place where he waits first.
        cue: one of `CUES`.
        delay: s from the cue until he starts.
        pace: share of top speed.
    """

    path: Annotated[list[Point], Meta(min_length=2, max_length=60)]
    cue: Literal["at-once", "head-up", "plant", "strike"] = "head-up"
    delay: Annotated[float, Meta(ge=0, le=2, description="(s)")] = 0.0
    pace: Annotated[float, Meta(ge=0.3, le=1)] = 1.0


class Board(Record, frozen=True):
    """A board; `read_board` has checked that its parts fit together.

    Attributes:
        backpost_board: the format.
        title: the coach's question.
        play: "open", "break" (both teams are running), "corner" or "free-kick".
        players: everybody on the pitch.
        crosser, runner: ids of attackers.
        keeper: id of a defender; None: nobody keeps goal.
        ball: the cross.
        marking: how the defence marks.
        keeper_range: how far from goal the keeper comes for a cross, m; None: as usual.
        run: the run that the coach drew for the runner.
        runners: the agents that he compares, "my-run" for his own.
        source: where the set-up comes from.
    """

    backpost_board: Literal[1]
    title: Annotated[str, Meta(max_length=120)]
    play: Literal["open", "break", "corner", "free-kick"]
    players: Annotated[list[BoardPlayer], Meta(min_length=2, max_length=2 * ATTACKERS)]
    crosser: _Id
    runner: _Id
    keeper: _Id | None = None
    ball: BoardBall = BoardBall()
    marking: Literal["man", "zonal", "mixed"] = "man"
    keeper_range: Annotated[float, Meta(ge=0, le=12, description="(m)")] | None = None
    run: DrawnPath | None = None
    runners: Annotated[tuple[_Agent, ...], Meta(min_length=1, max_length=6)] = ("learned",)
    source: _Text = ""

    def player(self, who: str) -> BoardPlayer:
        """The player with this id."""
        return next(player for player in self.players if player.id == who)


def is_board(path: str | os.PathLike[str] | None) -> bool:
    """Whether a file is a board, of whatever format; None is not, nor is a file that cannot be read."""
    if path is None:
        return False
    try:
        content = parse_json(read_bytes(path, "board", MOST_BYTES), "the board")
    except InvalidFile:
        return False
    return isinstance(content, dict) and KEY in content


def read_board(path: str | os.PathLike[str]) -> Board:
    """Read and check a board.

    Raises:
        InvalidFile: if it is missing, too large, not JSON, of another format, or holds impossible values.
    """
    name = f"board {shown(path)}"
    return board_of(parse_json(read_bytes(path, "board", MOST_BYTES), name), name)


def board_of(content: Any, name: str = "the board") -> Board:
    """A board from the content of its file.

    Raises:
        InvalidFile: if it is of another format, or holds impossible values.
    """
    if not isinstance(content, dict) or KEY not in content:
        raise InvalidFile(f"{name} is malformed: it has no {KEY!r}")
    if content[KEY] != FORMAT or isinstance(content[KEY], bool):
        raise InvalidFile(f"{name} has format {quoted(content[KEY])}; this version reads {FORMAT}")
    board = typed(content, Board, name)
    try:
        _check(board)
    except InvalidValue as error:
        raise InvalidFile(f"{name} is malformed: {error}") from None
    return board


def _check(board: Board) -> None:
    """Check what the types cannot say."""
    ids = [player.id for player in board.players]
    if len(set(ids)) < len(ids):
        twice = next(who for who in ids if ids.count(who) > 1)
        raise InvalidValue(f"every player needs an id of his own, got {quoted(twice)} twice")
    if not all(text.isprintable() for player in board.players for text in (player.id, player.name or "")):
        raise InvalidValue("ids and names must be printable")
    teams = {team: [player.id for player in board.players if player.team == team] for team in ("att", "def")}
    for team, members in teams.items():
        if len(members) > ATTACKERS:
            raise InvalidValue(f'it has {len(members)} players of team "{team}", but at most {ATTACKERS} are valid')
    for role, who, team in (
        ("crosser", board.crosser, "att"),
        ("runner", board.runner, "att"),
        ("keeper", board.keeper, "def"),
    ):
        if who is not None and who not in teams[team]:
            raise InvalidValue(f'{role} {quoted(who)} must be one of team "{team}": {", ".join(teams[team])}')
    if board.crosser == board.runner:
        raise InvalidValue("crosser and runner must be two players")
    to = board.ball.to
    if isinstance(to, str) and to not in ZONES and (to not in teams["att"] or to == board.crosser):
        others = [who for who in teams["att"] if who != board.crosser]
        raise InvalidValue(f"ball.to must be one of {', '.join([*ZONES, *others])}, or a point, got {quoted(to)}")
    if isinstance(to, list) and to[1] > 2 * HALF_WIDTH:
        raise InvalidValue(f"ball.to must lie on the pitch of 105 x 68 m, got {quoted(to)}")
    if board.ball.kind != "any" and to is None:
        raise InvalidValue(f'a ball of kind "{board.ball.kind}" needs ball.to')
    if MY_RUN in board.runners and board.run is None:
        raise InvalidValue(f"{MY_RUN} is among its runners, but no run is drawn")
    if len(set(board.runners)) < len(board.runners):
        raise InvalidValue("its runners must be named once each")
