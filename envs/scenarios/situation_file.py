"""A situation file: tracking data of one real cross, checked and turned into the world's frame.

JSON with the keys `description`, `source`, `pitch` ([105, 68]), `frame`, `t_contact` and `frames`, a list of {"t": s
from the strike, "ball": [x, y, vx, vy], "players": [{"id", "team": "att" or "def", "x", "y", "vx", "vy"}]} ten times a
second, in metres and m/s with the origin at the bottom-left corner of the pitch and the attack towards x = 105. Players
not seen in a frame are left out of it.

Optional keys, absent or null if unknown: `crosser_id`, `scorer_id`, `keeper_id` (without it there is no keeper),
`runner_id`, `start` (s from the strike) and `ball` ("recorded" or "simulated"); options of the environment override the
crosser, the runner, the start and the ball. `case` and `outcome` are notes.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from msgspec import Meta

from backpost.envs.common.checks import LARGEST_WHOLE, Record
from backpost.envs.common.errors import InvalidFile, InvalidValue
from backpost.envs.common.reading import read_record, shown
from backpost.envs.world.pitch import HALF_LENGTH, HALF_WIDTH
from backpost.envs.world.record import ATTACKERS

from .situation_tracks import check_tracks

SHIPPED = Path(__file__).parent / "assets" / "liverpool-chelsea-2019-cutback.json"
"""Liverpool 2-1 Chelsea, UEFA Super Cup 2019: data by Last Row (Ricardo Tavares), free for any purpose with credit."""

MOST_BYTES = 4_000_000
MOST_FRAMES = 600
SHORTEST_BUILD_UP = 0.3
"""Seconds before the strike that a file must cover."""
_FRAME = ("bottom-left", "x=105")

Array = npt.NDArray[np.float64]
Ball = Literal["recorded", "simulated"]
Id = Annotated[int, Meta(ge=0, lt=LARGEST_WHOLE)]
# A player may be up to 6 m off the pitch; farther out, the frame of reference is wrong.
_X = Annotated[float, Meta(ge=-6, le=111, description="(m from the left goal line)")]
_Y = Annotated[float, Meta(ge=-6, le=74, description="(m from the lower touchline)")]
_Speed = Annotated[float, Meta(ge=-60, le=60, description="(m/s)")]
_Seconds = Annotated[float, Meta(ge=-60, le=60, description="(s from the strike)")]
_Text = Annotated[str, Meta(max_length=10_000)]


class _Player(Record, frozen=True, forbid_unknown_fields=False):
    id: Id
    team: Literal["att", "def"]
    x: _X
    y: _Y
    vx: _Speed
    vy: _Speed


class _Frame(Record, frozen=True, forbid_unknown_fields=False):
    t: _Seconds
    ball: tuple[_X, _Y, _Speed, _Speed]
    players: list[_Player]


class _File(Record, frozen=True):
    description: _Text
    source: _Text
    pitch: tuple[float, float]
    frame: _Text
    t_contact: _Seconds
    frames: Annotated[list[_Frame], Meta(min_length=2, max_length=MOST_FRAMES)]
    crosser_id: Id | None = None
    scorer_id: Id | None = None
    keeper_id: Id | None = None
    runner_id: Id | None = None
    start: _Seconds | None = None
    ball: Ball | None = None
    case: _Text | None = None
    outcome: _Text | None = None


@dataclass(frozen=True)
class Situation:
    """One real cross in the world's frame (`pitch.py`), mirrored if needed so that it comes from negative y.

    Attributes:
        times: s from the strike, (frames,), every 0.1 s.
        ball: x, y, vx, vy, (frames, 4).
        ids: ids of the players, (players,); `attack` (players,) is true for the attacking team.
        players: x, y, vx, vy, (frames, players, 4); NaN where a player is not seen.
        contact: time at which the ball is met, s from the strike.
        mirrored: whether y was mirrored.
        crosser, scorer, keeper, runner: ids; None if not given in the file.
        start, ball_choice: s from the strike, and which ball; None if not given in the file.
    """

    description: str
    source: str
    crosser: int | None
    scorer: int | None
    keeper: int | None
    contact: float
    times: Array
    ball: Array
    ids: npt.NDArray[np.int64]
    attack: npt.NDArray[np.bool_]
    players: Array
    mirrored: bool
    runner: int | None
    start: float | None
    ball_choice: Ball | None

    def frame(self, time: float) -> int:
        """Index of the frame at this time, s from the strike."""
        return int(np.abs(self.times - time).argmin())

    def player(self, who: int) -> int:
        """Index of the player with this id."""
        return int(np.flatnonzero(self.ids == who)[0])


def read_situation(path: str | os.PathLike[str] = SHIPPED) -> Situation:
    """Read and check a situation file.

    Raises:
        InvalidFile: if it is missing, too large, not JSON, lacks a key, or holds impossible values.
    """
    content = read_record(path, _File, "situation", MOST_BYTES)
    try:
        return _situation(content)
    except InvalidValue as error:
        raise InvalidFile(f"situation {shown(path)} is malformed: {error}") from None


def _situation(content: _File) -> Situation:
    if content.pitch != (105.0, 68.0):
        raise InvalidValue(f"its pitch must be [105, 68], got {list(content.pitch)}")
    if not all(word in content.frame for word in _FRAME):
        raise InvalidValue("its frame must be: origin = bottom-left corner, attack towards x=105")
    frames = content.frames
    teams = _teams(frames)
    ids = sorted(teams)
    attack = np.array([teams[who] == "att" for who in ids])
    _check_roles(content, teams)
    times = np.array([frame.t for frame in frames])
    if times[0] > -SHORTEST_BUILD_UP or np.abs(times).min() > 0.02:
        raise InvalidValue(f"its frames must begin {SHORTEST_BUILD_UP} s before the strike or earlier and show t = 0")
    if not 0.0 < content.t_contact <= times[-1] + 1e-6:
        raise InvalidValue(f"t_contact {content.t_contact} lies outside its frames, which end at {times[-1]:.1f} s")
    ball = np.array([frame.ball for frame in frames], float)
    players = np.full((len(times), len(ids), 4), np.nan)
    for k, frame in enumerate(frames):
        for player in frame.players:
            players[k, ids.index(player.id)] = player.x, player.y, player.vx, player.vy
    check_tracks(times, ball, ids, players)
    mirrored = bool(ball[int(np.abs(times).argmin()), 1] > HALF_WIDTH)
    _turn_into_world_frame(mirrored, ball, players)
    return Situation(
        description=content.description[:500],
        source=content.source[:500],
        crosser=content.crosser_id,
        scorer=content.scorer_id,
        keeper=content.keeper_id,
        contact=content.t_contact,
        times=times,
        ball=ball,
        ids=np.array(ids, np.int64),
        attack=attack,
        players=players,
        mirrored=mirrored,
        runner=content.runner_id,
        start=content.start,
        ball_choice=content.ball,
    )


def _teams(frames: list[_Frame]) -> dict[int, str]:
    """Team of every player seen, by id."""
    teams: dict[int, str] = {}
    for k, frame in enumerate(frames):
        if len({player.id for player in frame.players}) < len(frame.players):
            raise InvalidValue(f"frames[{k}] must show every id once")
        for player in frame.players:
            if teams.setdefault(player.id, player.team) != player.team:
                raise InvalidValue(f"frames[{k}]: player {player.id} changes teams")
    for team in ("att", "def"):
        size = sum(side == team for side in teams.values())
        if not 1 <= size <= ATTACKERS:
            raise InvalidValue(f'it shows {size} players of team "{team}", but 1 to {ATTACKERS} are valid')
    return teams


def _check_roles(content: _File, teams: dict[int, str]) -> None:
    """Check that named players are seen and on the right team; a keeper who is never seen is absent."""
    sides = {"crosser_id": "att", "scorer_id": "att", "runner_id": "att", "keeper_id": "def"}
    for key, side in sides.items():
        who = getattr(content, key)
        if who is not None and teams.get(who, "def" if key == "keeper_id" else None) != side:
            valid = ", ".join(str(other) for other in sorted(teams) if teams[other] == side)
            raise InvalidValue(f'{key} {who} is not in team "{side}" of its frames; valid are {valid}')


def _turn_into_world_frame(mirrored: bool, *tracks: Array) -> None:
    """Move the origin to the centre of the pitch and, if mirrored, flip y; in place."""
    sign = -1.0 if mirrored else 1.0
    for states in tracks:
        states[..., 0] -= HALF_LENGTH
        states[..., 1] = sign * (states[..., 1] - HALF_WIDTH)
        states[..., 3] *= sign
