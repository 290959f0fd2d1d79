"""One cross as the page plays it: places on the board every tenth of a second, and what happened in words."""

from typing import Any

import numpy as np

from backpost.envs.scenarios.board import Frame, line_up
from backpost.envs.scenarios.board_file import Board
from backpost.envs.scenarios.board_range import called
from backpost.renders.page.tracks import facts
from backpost.renders.page.words import Words
from backpost.renders.scene.moments import Moments, moments

AFTER = 1.2
"""s shown after the runner met the ball or the cross ended."""


def film(board: Board, history: np.recarray) -> dict[str, Any]:
    """A cross as JSON values.

    Returns:
        `times` (t,) s from the strike; `ids` (k,) of the players; `places` (t, 2k) and `ball` (t, 3), m on the board;
        `start`, `meets` and `end` of the run, s from the strike or None; `facts`, pairs of a name and a value.
    """
    named = moments(history)
    frame = Frame(board)
    attackers, defenders = line_up(board)
    slots = {slot: player.id for slot, player in enumerate(attackers)} | {s: p.id for s, p in defenders.items()}
    kept = history[history.time <= min(named.end, named.until + AFTER) + 1e-9]
    here = list(slots)
    xy = np.stack(frame.board(kept.players["x"][:, here], kept.players["y"][:, here]), -1).reshape(len(kept), -1)
    ball = np.stack([*frame.board(kept.ball["x"], kept.ball["y"]), kept.ball["z"]], -1)
    return {
        "times": np.round(kept.time - named.expected, 3).tolist(),
        "ids": list(slots.values()),
        "places": np.round(xy, 2).tolist(),
        "ball": np.round(ball, 2).tolist(),
        "start": _since(named.start, named.expected),
        "meets": _since(named.meets, named.expected),
        "passes": _since(named.passes, named.expected),
        "end": _since(named.end, named.expected),
        "facts": _facts(named, {slot: called(board.player(who)) for slot, who in slots.items()}),
    }


def _facts(named: Moments, names: dict[int, str]) -> list[list[str]]:
    """The facts of the page about a run, with the scorer as the coach calls him."""
    words, rows = Words(), []
    for _, name, value in facts(named, words):
        if name == words("facts.worth"):  # the answer counts chances; one cross shows how, not how often
            continue
        if name == words("facts.ends") and named.scorer > 1:
            ended = words(f"outcomes.{int(named.row['outcome'])}")
            value = f"{ended}: {names[named.scorer]}"
        rows.append([name, value])
    return rows


def _since(time: float | None, strike: float) -> float | None:
    return None if time is None else round(time - strike, 3)
