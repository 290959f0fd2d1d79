"""The shipped situation as data to be changed, and a situation opened and played."""

import copy
import json
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from backpost.envs import Crosses, Options
from backpost.envs.scenarios.situation_file import SHIPPED
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.pitch import HALF_LENGTH, HALF_WIDTH

SCORER, PASSER, KEEPER_ID = 12, 1214, 14238
DATA: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
SEEDS = episode_seeds("verify", 9, 0, 64)


def opened(count: int = 1, **options: Any) -> Crosses:
    """Crosses of a situation, dealt."""
    crosses = Crosses("Situation", count, options=Options(**options))
    crosses.deal(SEEDS[:count])
    return crosses


def everybody(crosses: Crosses) -> Any:
    """All places for players of the first cross, as a record array."""
    return crosses.worlds["players"][0].view(np.recarray)


def written(folder: Path, content: Any, name: str = "situation") -> str:
    """The path of a file with this content, JSON unless it is text or bytes."""
    path = folder / f"{name}.json"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return str(path)


def recorded(time: float, who: int) -> tuple[float, float, float, float]:
    """Place and velocity of a player in the shipped situation, in the world's frame."""
    frame = min(DATA["frames"], key=lambda entry: abs(entry["t"] - time))
    player = next(entry for entry in frame["players"] if entry["id"] == who)
    return player["x"] - HALF_LENGTH, player["y"] - HALF_WIDTH, player["vx"], player["vy"]


def play_to_the_end(crosses: Crosses) -> bool:
    """Whether all crosses end, with finite observations and places all the way."""
    count = len(crosses.worlds)
    done = np.zeros(count, bool)
    for _ in range(200):
        done = crosses.step(np.zeros((count, 4)))[1]
        players = crosses.worlds["players"]
        for field in ("x", "y", "vx", "vy", "fx", "fy"):
            assert np.isfinite(players[field]).all(), field
    return bool(done.all())


def change(**keys: Any) -> dict[str, Any]:
    """The shipped situation with other keys."""
    return copy.deepcopy(DATA) | keys


def without(*keys: str) -> dict[str, Any]:
    """The shipped situation without these keys."""
    return {name: value for name, value in copy.deepcopy(DATA).items() if name not in keys}


def seen(which: Callable[[dict[str, Any], dict[str, Any]], bool]) -> dict[str, Any]:
    """The shipped situation with the players for whom `which(frame, player)` holds."""
    data = change()
    for frame in data["frames"]:
        frame["players"] = [player for player in frame["players"] if which(frame, player)]
    return data


def with_player(**keys: Any) -> dict[str, Any]:
    """The shipped situation with one player changed in one frame."""
    data = change()
    data["frames"][3]["players"][2].update(keys)
    return data


def with_frame(**keys: Any) -> dict[str, Any]:
    """The shipped situation with one frame changed."""
    data = change()
    data["frames"][3].update(keys)
    return data


def mapped(way: Callable[[float, float, float, float], Sequence[float]]) -> dict[str, Any]:
    """The shipped situation with every place and velocity mapped."""
    data = change()
    for frame in data["frames"]:
        frame["ball"] = list(way(*frame["ball"]))
        for p in frame["players"]:
            p["x"], p["y"], p["vx"], p["vy"] = way(p["x"], p["y"], p["vx"], p["vy"])
    return data


def attack_at(step: float) -> dict[str, Any]:
    """The shipped situation as another frame rate shows it, `step` in s."""
    data, frames = change(), DATA["frames"]
    times = np.array([frame["t"] for frame in frames])
    data["frames"] = []
    for k in range(math.ceil(times[0] / step), math.floor(times[-1] / step)):
        before = int(np.clip(np.searchsorted(times, k * step) - 1, 0, len(times) - 2))
        share = (k * step - times[before]) / (times[before + 1] - times[before])
        earlier, later = frames[before], frames[before + 1]
        after = {player["id"]: player for player in later["players"]}
        players = [
            player
            | {key: player[key] + share * (after[player["id"]][key] - player[key]) for key in ("x", "y", "vx", "vy")}
            for player in earlier["players"]
            if player["id"] in after
        ]
        ball = [a + share * (b - a) for a, b in zip(earlier["ball"], later["ball"], strict=True)]
        data["frames"].append({"t": k * step, "ball": ball, "players": players})
    return data
