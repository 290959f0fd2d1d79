"""A situation file: tracking data of one real cross, checked and turned into the world's frame.

JSON with the keys `description`, `source`, `pitch` ([105, 68]), `frame`, `crosser_id`, `scorer_id`, `t_contact` and
`frames`, a list of {"t": s from the strike, "ball": [x, y, vx, vy], "players": [{"id", "team": "att" or "def", "x",
"y", "vx", "vy"}]} ten times a second, in metres and m/s with the origin at the bottom-left corner of the pitch and
the attack towards x = 105. A player who is not seen in a frame is left out of it. Optional keys, which options of
the environment override: `runner_id`, `start` (s from the strike) and `ball` ("recorded" or "simulated").
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

from backpost.envs.common.checks import number
from backpost.envs.common.errors import InvalidFile
from backpost.envs.interface.options import BALLS
from backpost.envs.world.pitch import HALF_LENGTH, HALF_WIDTH
from backpost.envs.world.record import ATTACKERS, DECISION_TIME

SHIPPED = Path(__file__).parent / "assets" / "liverpool-chelsea-2019-cutback.json"
"""Liverpool 2-1 Chelsea, UEFA Super Cup 2019: data of Last Row (Ricardo Tavares), free for any purpose with credit."""

MOST_BYTES = 4_000_000
MOST_FRAMES = 600
SHORTEST_BUILD_UP = 0.3
"""Seconds before the strike that a file must show."""
_MARGIN = 6.0
"""m by which somebody may leave the pitch; farther out the frame is another one."""
_FASTEST = 60.0
_KEYS = ("description", "source", "pitch", "frame", "crosser_id", "scorer_id", "t_contact", "frames")
_OPTIONAL = ("case", "outcome", "runner_id", "start", "ball")
_FRAME = ("bottom-left", "x=105")

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Situation:
    """One real cross, in the world's frame (`pitch.py`): mirrored, if need be, so that it comes from negative y.

    Attributes:
        times: s from the strike, (frames,), every 0.1 s.
        ball: x, y, vx, vy, (frames, 4).
        ids: of the players, (players,); `attack` (players,) is true for the attacking team.
        players: x, y, vx, vy, (frames, players, 4); NaN where a player is not seen.
        mirrored: whether y was mirrored.
        runner, start, ball_choice: what the file says, None where it says nothing.
    """

    description: str
    source: str
    crosser: int
    scorer: int
    contact: float
    times: Array
    ball: Array
    ids: npt.NDArray[np.int64]
    attack: npt.NDArray[np.bool_]
    players: Array
    mirrored: bool
    runner: int | None
    start: float | None
    ball_choice: str | None

    def frame(self, time: float) -> int:
        """Index of the frame at this time, s from the strike."""
        return int(np.abs(self.times - time).argmin())

    def player(self, who: int) -> int:
        """Index of the player with this id."""
        return int(np.flatnonzero(self.ids == who)[0])


def read_situation(path: str | os.PathLike[str] = SHIPPED) -> Situation:
    """Read and check a situation file.

    Raises:
        InvalidFile: if it is missing, too large, not JSON, lacks a key, or holds impossible values; one sentence.
    """
    text = _text(Path(path))
    try:
        data = json.loads(text, parse_constant=_refuse_constant)
        return _situation(data)
    except (ValueError, RecursionError) as error:
        raise InvalidFile(f"{path} is not a situation file: {str(error).splitlines()[0]}") from error


class _Malformed(ValueError):
    """What is wrong with the file, without its name."""


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        # A ValueError is Python's answer to a null byte in a path.
        raise InvalidFile(f"cannot read {path}: {(getattr(error, 'strerror', None) or str(error)).lower()}") from error
    if len(raw) > MOST_BYTES:
        raise InvalidFile(f"{path} is too large for a situation file: at most {MOST_BYTES} bytes are read")
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        raise InvalidFile(f"{path} is not a situation file: it is not UTF-8 text") from error


def _refuse_constant(name: str) -> NoReturn:
    raise _Malformed(f"it holds {name}, but every number must be finite")


def _situation(data: Any) -> Situation:
    _check_head(data)
    times, ball, seen = _frames(data["frames"])
    ids = sorted({who for players in seen for who in players})
    attack = np.array([_one_team(who, seen) == "att" for who in ids])
    for team, size in (("att", attack.sum()), ("def", len(ids) - attack.sum())):
        if not 1 <= size <= ATTACKERS:
            raise _Malformed(f'it shows {size} players of team "{team}", but 1 to {ATTACKERS} are valid')
    attackers = {who for who, attacks in zip(ids, attack, strict=True) if attacks}
    contact = float(data["t_contact"])
    for key in ("crosser_id", "scorer_id", "runner_id"):
        if data.get(key) is not None and data[key] not in attackers:
            raise _Malformed(f"{key} {data[key]!r} is not an attacker in its frames")
    players = np.full((len(times), len(ids), 4), np.nan)
    for k, shown in enumerate(seen):
        for who, (_, state) in shown.items():
            players[k, ids.index(who)] = state
    strike = int(np.abs(times).argmin())
    if not 0.0 < contact <= times[-1] + 1e-6:
        raise _Malformed(f"t_contact {contact} lies outside its frames, which end at {times[-1]:.1f} s")
    return _in_world_frame(
        Situation(
            description=str(data["description"])[:500],
            source=str(data["source"])[:500],
            crosser=data["crosser_id"],
            scorer=data["scorer_id"],
            contact=contact,
            times=times,
            ball=ball,
            ids=np.array(ids, np.int64),
            attack=attack,
            players=players,
            mirrored=bool(players[strike, ids.index(data["crosser_id"]), 1] > HALF_WIDTH),
            runner=data.get("runner_id"),
            start=None if data.get("start") is None else float(data["start"]),
            ball_choice=data.get("ball"),
        )
    )


def _check_head(data: Any) -> None:
    """Everything but the frames."""
    if not isinstance(data, dict):
        raise _Malformed(f"it must be an object with the keys {', '.join(_KEYS)}")
    missing = [key for key in _KEYS if key not in data]
    if missing:
        raise _Malformed(f"it lacks {', '.join(missing)}; the keys are {', '.join(_KEYS)}")
    unknown = [key for key in data if key not in _KEYS + _OPTIONAL]
    if unknown:
        raise _Malformed(f"it has unknown keys {', '.join(map(str, unknown))}; optional are {', '.join(_OPTIONAL)}")
    if data["pitch"] != [105, 68]:
        raise _Malformed(f"its pitch must be [105, 68], got {str(data['pitch'])[:40]}")
    if not all(word in str(data["frame"]) for word in _FRAME):
        raise _Malformed("its frame must be: origin = bottom-left corner, attack towards x=105")
    if not number(data["t_contact"]):
        raise _Malformed(f"t_contact must be a number, got {str(data['t_contact'])[:40]}")
    for key in ("crosser_id", "scorer_id", "runner_id"):
        if data.get(key) is not None and not _whole(data[key]):
            raise _Malformed(f"{key} must be a whole number, got {str(data[key])[:40]}")
    if data.get("start") is not None and not number(data["start"]):
        raise _Malformed(f"start must be a number of seconds from the strike, got {str(data['start'])[:40]}")
    if data.get("ball") is not None and data["ball"] not in BALLS:
        raise _Malformed(f"ball must be one of {', '.join(BALLS)}, got {str(data['ball'])[:40]}")


def _frames(frames: Any) -> tuple[Array, Array, list[dict[int, tuple[str, list[float]]]]]:
    """Times (frames,), ball (frames, 4) and what is seen of each player in every frame."""
    if not isinstance(frames, list) or not 2 <= len(frames) <= MOST_FRAMES:
        raise _Malformed(f"frames must be a list of 2 to {MOST_FRAMES} frames")
    seen = []
    for k, frame in enumerate(frames):
        if not isinstance(frame, dict) or not {"t", "ball", "players"} <= frame.keys():
            raise _Malformed(f"frame {k} must have t, ball and players")
        if not number(frame["t"]):
            raise _Malformed(f"frame {k}: t must be a number")
        if not isinstance(frame["players"], list):
            raise _Malformed(f"frame {k}: players must be a list")
        if not isinstance(frame["ball"], list) or len(frame["ball"]) != 4:
            raise _Malformed(f"frame {k}: ball must be [x, y, vx, vy]")
        _check_state(frame["ball"], k, "the ball")
        seen.append(_seen_players(frame["players"], k))
    times = np.array([float(frame["t"]) for frame in frames])
    if np.abs(np.diff(times) - DECISION_TIME).max() > 0.02:
        raise _Malformed("its frames must follow each other every 0.1 s")
    if times[0] > -SHORTEST_BUILD_UP or np.abs(times).min() > 0.02:
        raise _Malformed(f"its frames must begin {SHORTEST_BUILD_UP} s before the strike or earlier and show t = 0")
    return times, np.array([frame["ball"] for frame in frames], float), seen


def _seen_players(players: list[Any], k: int) -> dict[int, tuple[str, list[float]]]:
    seen: dict[int, tuple[str, list[float]]] = {}
    for player in players:
        if not isinstance(player, dict) or not {"id", "team", "x", "y", "vx", "vy"} <= player.keys():
            raise _Malformed(f"frame {k}: every player must have id, team, x, y, vx and vy")
        who, team = player["id"], player["team"]
        if not _whole(who) or who in seen:
            raise _Malformed(f"frame {k}: ids must be whole numbers, each once, got {str(who)[:40]}")
        if team not in ("att", "def"):
            raise _Malformed(f'frame {k}: team must be "att" or "def", got {str(team)[:40]}')
        state = [player[key] for key in ("x", "y", "vx", "vy")]
        _check_state(state, k, f"player {who}")
        seen[who] = (team, state)
    return seen


def _check_state(state: list[Any], k: int, who: str) -> None:
    if not all(number(value) for value in state):
        raise _Malformed(f"frame {k}: {who} must have finite numbers")
    x, y, vx, vy = state
    inside = -_MARGIN <= x <= 2 * HALF_LENGTH + _MARGIN and -_MARGIN <= y <= 2 * HALF_WIDTH + _MARGIN
    if not inside:
        raise _Malformed(f"frame {k}: {who} at ({x:g}, {y:g}) is far off the pitch of this frame (0-105, 0-68)")
    if max(abs(vx), abs(vy)) > _FASTEST:
        raise _Malformed(f"frame {k}: {who} moves at ({vx:g}, {vy:g}), but m/s are asked for")


def _whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _one_team(who: int, seen: list[dict[int, tuple[str, list[float]]]]) -> str:
    teams = {players[who][0] for players in seen if who in players}
    if len(teams) != 1:
        raise _Malformed(f"player {who} changes his team")
    return teams.pop()


def _in_world_frame(situation: Situation) -> Situation:
    """Origin to the centre of the pitch, the crosser to the side of negative y; in place."""
    sign = -1.0 if situation.mirrored else 1.0
    for states in (situation.ball, situation.players):
        states[..., 0] -= HALF_LENGTH
        states[..., 1] = sign * (states[..., 1] - HALF_WIDTH)
        states[..., 3] *= sign
    return situation
