"""A situation file: tracking data of one real cross, checked and turned into the world's frame.

The page `docs/start/situations.md` describes the format.
"""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from msgspec import Meta

from backpost.envs.common.checks import LARGEST_WHOLE, Record, checked
from backpost.envs.common.errors import InvalidFile, InvalidValue, quoted
from backpost.envs.common.reading import read_record, shown
from backpost.envs.world.record import ATTACKERS, DECISION_TIME

from .situation_flight import flight_end, flown_to
from .situation_pitch import Pitch
from .situation_tracks import check_keeper, check_tracks, resampled

SHIPPED = Path(__file__).parent / "assets" / "liverpool-chelsea-2019-cutback.json"
"""Liverpool 2-1 Chelsea, UEFA Super Cup 2019: data by Last Row (Ricardo Tavares), free for any purpose with credit."""

MOST_BYTES = 4_000_000
MOST_FRAMES = 600
SHORTEST_BUILD_UP = 0.3
"""Seconds before the strike that a file must cover."""
Array = npt.NDArray[np.float64]
Ball = Literal["recorded", "simulated"]
Id = Annotated[int, Meta(ge=0, lt=LARGEST_WHOLE)] | Annotated[str, Meta(min_length=1, max_length=40)]
# A player may be up to 6 m off the pitch, the largest of which is 120 x 90 m; the pitch of the file is checked later.
_X = Annotated[float, Meta(ge=-6, le=126, description="(m from the left goal line)")]
_Y = Annotated[float, Meta(ge=-6, le=96, description="(m from the lower touchline)")]
_Z = Annotated[float, Meta(ge=-1, le=60, description="(m above the grass)")]
_Speed = Annotated[float, Meta(ge=-60, le=60, description="(m/s)")]
_Seconds = Annotated[float, Meta(ge=-60, le=60, description="(s from the strike)")]
_Length = Annotated[float, Meta(ge=90, le=120, description="(m)")]
_Width = Annotated[float, Meta(ge=45, le=90, description="(m)")]
_Text = Annotated[str, Meta(max_length=10_000)]
_FLAT, _HIGH = tuple[_X, _Y, _Speed, _Speed], tuple[_X, _Y, _Z, _Speed, _Speed, _Speed]
"""The ball without and with its height."""
_STATSBOMB = (120.0, 80.0)
"""The units of a provider, easily mistaken for metres."""


class _Player(Record, frozen=True, forbid_unknown_fields=False):
    id: Id
    team: Literal["att", "def"]
    x: _X
    y: _Y
    vx: _Speed
    vy: _Speed


class _Frame(Record, frozen=True, forbid_unknown_fields=False):
    t: _Seconds
    ball: list[float]
    players: list[_Player]


class _File(Record, frozen=True):
    description: _Text
    source: _Text
    pitch: tuple[_Length, _Width]
    frame: _Text
    frames: Annotated[list[_Frame], Meta(min_length=2, max_length=MOST_FRAMES)]
    t_contact: _Seconds | None = None
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

    Ids are text: 12 in a file is the player "12".

    Attributes:
        times: s from the strike, (frames,), every 0.1 s.
        ball: x, y, vx, vy, (frames, 4).
        height: of the ball's centre above the grass, m, (frames,); NaN where the file does not give it.
        ids: ids of the players, (players,); `attack` (players,) is true for the attacking team.
        players: x, y, vx, vy, (frames, players, 4); NaN where a player is not seen.
        contact: when the flight of the cross ends, s from the strike: somebody meets it, or the recording shows no
            more of it.
        flown_to: the frame to which the cross flies, the contact or where it drops to the grass before; None if it
            rolls or no height is known.
        mirrored: whether y was mirrored.
        crosser, scorer, keeper, runner: ids; None if not given in the file.
        start, ball_choice: s from the strike, and which ball; None if not given in the file.
    """

    description: str
    source: str
    crosser: str | None
    scorer: str | None
    keeper: str | None
    contact: float
    flown_to: int | None
    times: Array
    ball: Array
    height: Array
    ids: tuple[str, ...]
    attack: npt.NDArray[np.bool_]
    players: Array
    mirrored: bool
    runner: str | None
    start: float | None
    ball_choice: Ball | None

    def frame(self, time: float) -> int:
        """Index of the frame at this time, s from the strike."""
        return int(np.abs(self.times - time).argmin())

    def player(self, who: str) -> int:
        """Index of the player with this id."""
        return self.ids.index(who)


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
    pitch = Pitch(*content.pitch)
    if content.pitch == _STATSBOMB:
        raise InvalidValue("its pitch must be in metres, and [120, 80] are the units of a provider")
    words = ("bottom-left", f"x={pitch.length:g}")
    if not all(word in content.frame for word in words):
        raise InvalidValue(f"its frame must be: origin = bottom-left corner, attack towards {words[1]}")
    teams = _teams(content.frames)
    ids = tuple(sorted(teams, key=_order))
    roles = _roles(content, teams)
    raw_times, raw_ball, raw_players = _tracks(content.frames, ids)
    pitch.check_places(raw_times, raw_ball, ids, raw_players)
    times, ball, players = resampled(raw_times, raw_ball, raw_players)
    if times[0] > -SHORTEST_BUILD_UP or np.abs(times).min() > 0.02:
        raise InvalidValue(f"its frames must begin {SHORTEST_BUILD_UP} s before the strike or earlier and show t = 0")
    check_tracks(times, ball, ids, players, pitch)
    keeper = roles["keeper_id"]
    if keeper is not None and keeper in ids:
        check_keeper(times, ball, players[:, ids.index(keeper)], pitch)
    strike = int(np.abs(times).argmin())
    contact = _contact(content, times)
    if contact is None:
        contact = float(times[flight_end(ball, strike, pitch)])
    height, ball = ball[:, 4], ball[:, :4].copy()
    mirrored = bool(ball[strike, 1] > 0.5 * pitch.width)
    pitch.turn_into_world_frame(mirrored, ball, players)
    return Situation(
        description=content.description[:500],
        source=content.source[:500],
        crosser=roles["crosser_id"],
        scorer=roles["scorer_id"],
        keeper=roles["keeper_id"],
        contact=contact,
        flown_to=flown_to(height, strike, int(np.abs(times - contact).argmin())),
        times=times,
        ball=ball,
        height=height,
        ids=ids,
        attack=np.array([teams[who] == "att" for who in ids]),
        players=players,
        mirrored=mirrored,
        runner=roles["runner_id"],
        start=content.start,
        ball_choice=content.ball,
    )


def _order(who: str) -> tuple[bool, int, str]:
    """Order of ids: numbers by their value, then names."""
    numbered = who.isascii() and who.isdigit()
    return not numbered, int(who) if numbered else 0, who


def _tracks(frames: list[_Frame], ids: tuple[str, ...]) -> tuple[Array, Array, Array]:
    """Times (n,), the ball x, y, vx, vy, z, vz (n, 6), and players x, y, vx, vy (n, players, 4); NaN if unknown."""
    times = np.array([frame.t for frame in frames])
    ball = np.full((len(times), 6), np.nan)
    players = np.full((len(times), len(ids), 4), np.nan)
    for k, frame in enumerate(frames):
        ball[k] = _ball(frame.ball, f"frames[{k}].ball")
        for player in frame.players:
            players[k, ids.index(str(player.id))] = player.x, player.y, player.vx, player.vy
    return times, ball, players


def _ball(given: list[float], name: str) -> tuple[float, ...]:
    """The ball in one frame: x, y, vx, vy, z, vz; NaN for an unknown height."""
    if len(given) == 4:
        return *checked(given, _FLAT, name), np.nan, np.nan
    if len(given) != 6:
        raise InvalidValue(
            f"{name} must be a list of 4 (x, y, vx, vy) or 6 numbers (x, y, z, vx, vy, vz), got {len(given)}"
        )
    x, y, z, vx, vy, vz = checked(given, _HIGH, name)
    return x, y, vx, vy, z, vz


def _contact(content: _File, times: Array) -> float | None:
    """When the ball is met, if the file says so."""
    if content.t_contact is None:
        return None
    if not 0.5 * DECISION_TIME < content.t_contact <= times[-1] + 1e-6:
        raise InvalidValue(
            f"t_contact {content.t_contact} lies outside its frames after the strike, which end at {times[-1]:.1f} s"
        )
    return content.t_contact


def _teams(frames: list[_Frame]) -> dict[str, str]:
    """Team of every player seen, by id."""
    teams: dict[str, str] = {}
    for k, frame in enumerate(frames):
        if len({str(player.id) for player in frame.players}) < len(frame.players):
            raise InvalidValue(f"frames[{k}] must show every id once")
        for player in frame.players:
            who = str(player.id)
            if not who.isprintable():
                raise InvalidValue(f"frames[{k}]: ids must be printable, got {quoted(who)}")
            if teams.setdefault(who, player.team) != player.team:
                raise InvalidValue(f"frames[{k}]: player {who} changes teams")
    for team in ("att", "def"):
        size = sum(side == team for side in teams.values())
        if not 1 <= size <= ATTACKERS:
            raise InvalidValue(f'it shows {size} players of team "{team}", but 1 to {ATTACKERS} are valid')
    return teams


def _roles(content: _File, teams: dict[str, str]) -> dict[str, str | None]:
    """The players named by the file, who must be on the right team; a keeper who is never seen is absent."""
    sides = {"crosser_id": "att", "scorer_id": "att", "runner_id": "att", "keeper_id": "def"}
    roles: dict[str, str | None] = {}
    for key, side in sides.items():
        given = getattr(content, key)
        who = None if given is None else str(given)
        if who is not None and teams.get(who, "def" if key == "keeper_id" else None) != side:
            valid = ", ".join(other for other in sorted(teams, key=_order) if teams[other] == side)
            raise InvalidValue(f'{key} {quoted(given)} is not in team "{side}" of its frames; valid are {valid}')
        roles[key] = who
    return roles
