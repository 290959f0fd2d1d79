"""A board is played as it was drawn, whichever wing it is drawn on, and a malformed one is refused in one sentence."""

import copy
import json
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from a_board import PRESETS, changed, drawn, written

from backpost.envs import Crosses, InvalidFile, InvalidValue, Options
from backpost.envs.scenarios.board import BUILD_UP
from backpost.envs.scenarios.board_file import board_of, is_board, read_board
from backpost.envs.scenarios.board_range import outside
from backpost.envs.world.record import (
    CROSSER,
    CUTBACK,
    HIGH,
    KEEPER,
    NOBODY,
    PRESSER,
    ROLE_MARKER,
    ROLE_PRESSER,
    RUNNER,
)

Board = dict[str, Any]


def _dealt(path: Path, count: int = 1) -> Crosses:
    crosses = Crosses("Situation", count, options=Options(file=str(path)))
    crosses.deal(np.arange(1, count + 1, dtype=np.uint64))
    return crosses


def _struck(crosses: Crosses) -> np.recarray:
    while (crosses.worlds.delivery["struck_at"] > BUILD_UP + 0.5).any():
        crosses.step(np.zeros((crosses.count, 4), np.float32))
    return crosses.worlds


def test_everybody_stands_where_he_was_drawn(tmp_path: Path) -> None:
    board = drawn("wing")
    world = _dealt(written(tmp_path, board)).worlds[0]
    places = {(round(p["x"] + 52.5, 1), round(p["y"] + 34.0, 1)) for p in world.players if p["present"]}
    assert len(places) == len(board["players"])
    for player in board["players"]:
        if player["id"] != board["crosser"]:  # who is behind his ball
            assert (player["x"], player["y"]) in places
    assert world.players[KEEPER].present == 1
    assert world.players[PRESSER].role == ROLE_PRESSER


def test_the_crosser_strikes_where_and_when_it_was_drawn(tmp_path: Path) -> None:
    board = drawn("wing")
    delivery = _struck(_dealt(written(tmp_path, board))).delivery
    strike = next(player["run"] for player in board["players"] if player["id"] == board["crosser"])
    assert delivery["struck_at"][0] == pytest.approx(BUILD_UP, abs=0.11)
    assert np.hypot(delivery["origin_x"][0] + 52.5 - strike[0], delivery["origin_y"][0] + 34.0 - strike[1]) < 0.6


def test_the_ball_that_was_drawn_is_aimed_there_with_a_crossers_errors(tmp_path: Path) -> None:
    board = drawn("deep") | {"ball": {"kind": "high", "to": [97.0, 38.0]}}
    worlds = _struck(_dealt(written(tmp_path, board), 40))
    assert (worlds.delivery["kind"] == HIGH).all()
    assert np.allclose(worlds.delivery["aim_x"], 44.5)
    assert np.allclose(worlds.delivery["aim_y"], 4.0)
    assert np.std(worlds.delivery["vx"]) > 0.2
    board["ball"] = {"kind": "cutback", "to": "a10"}
    delivery = _struck(_dealt(written(tmp_path, board))).delivery[0]
    run = next(player["run"] for player in board["players"] if player["id"] == "a10")
    assert (delivery.kind, delivery.aim_x, delivery.aim_y) == (CUTBACK, run[0] - 52.5, run[1] - 34.0)


@pytest.mark.parametrize(("marking", "men"), [("zonal", 0), ("man", 4), ("mixed", 2)])
def test_defenders_mark_as_the_board_says(tmp_path: Path, marking: str, men: int) -> None:
    world = _dealt(written(tmp_path, drawn("wing") | {"marking": marking})).worlds[0]
    assert int((world.players["man"] != NOBODY).sum()) == men
    assert int((world.players["role"] == ROLE_MARKER).sum()) == men


def test_a_board_on_the_other_wing_is_the_same_cross(tmp_path: Path) -> None:
    board = drawn("wing")
    other = copy.deepcopy(board)
    for player in other["players"]:
        player["y"] = round(68 - player["y"], 3)
        if player.get("run"):
            player["run"][1] = round(68 - player["run"][1], 3)
    first, second = (
        _struck(_dealt(written(tmp_path, each, f"{name}.json"), 4)) for name, each in (("a", board), ("b", other))
    )
    for name in ("x", "y"):
        assert np.allclose(first.players[name], second.players[name], atol=1e-6)
    assert np.allclose(first.delivery["vy"], second.delivery["vy"], atol=1e-6)


def test_a_set_piece_is_one(tmp_path: Path) -> None:
    world = _dealt(written(tmp_path, drawn("corner"))).worlds[0]
    assert world.set_piece == 1
    assert (round(world.ball.x + 52.5, 1), round(world.ball.y + 34, 1)) == (104.6, 0.4)
    assert world.players[CROSSER].y < world.ball.y  # he runs up from outside
    assert world.players[RUNNER].present == 1


def test_gym_takes_a_board(tmp_path: Path) -> None:
    env = gym.make("backpost/Situation-v0", file=str(written(tmp_path, drawn("break"))))
    observation, _ = env.reset(seed=3)
    assert env.observation_space.contains(observation)


def test_options_that_are_drawn_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, drawn("wing"))
    with pytest.raises(InvalidValue, match="a board has no option start: it is drawn on it"):
        Crosses("Situation", 1, options=Options(file=str(path), start=-1.0))


@pytest.mark.parametrize("name", PRESETS)
def test_a_shipped_board_is_read_and_lies_where_the_simulator_was_calibrated(name: str) -> None:
    board = board_of(drawn(name))
    if name != "liverpool":  # a real break against more defenders than breaks are dealt
        assert outside(board) == ()


def test_what_lies_outside_is_named() -> None:
    board = drawn("wing")
    for player in board["players"]:
        if player["id"] == "a7":
            player["x"], player["run"] = 55.0, [60.0, 9.0]
    board["players"] = [player for player in board["players"] if player["id"] not in ("d1", "d6", "d8")]
    board["keeper"] = None
    board["players"].append({"id": "a20", "team": "att", "x": 90.2, "y": 40.1})
    assert {way.what for way in outside(board_of(board))} == {"crosser", "defenders", "keeper", "crowded"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"backpost_board": 2}, "has format 2; this version reads 1"),
        ({"backpost_board": True}, "has format True"),
        ({"crosser": "d4"}, "crosser 'd4' must be one of team \"att\""),
        ({"runner": "a7"}, "crosser and runner must be two players"),
        ({"keeper": "a9"}, "keeper 'a9' must be one of team \"def\""),
        ({"play": "penalty"}, "play must be one of break, corner, free-kick, open"),
        ({"marking": "none"}, "marking must be one of man, mixed, zonal"),
        ({"wind": 3}, "unknown key 'wind'"),
        ({"ball": {"kind": "high"}}, 'a ball of kind "high" needs ball.to'),
        ({"ball": {"kind": "high", "to": "moon"}}, "ball.to must be one of near, middle, far, spot"),
        ({"ball": {"kind": "high", "to": [90, 90]}}, "ball.to must lie on the pitch"),
        ({"ball": {"kind": "high", "to": [90]}}, "ball.to must be"),
        ({"run": {"path": [[90, 40]]}}, "run.path must be a list of 2 to 60 items"),
        ({"run": {"path": [[90, 40], [91, 70]]}}, "a number from 0 to 68"),
        ({"run": None, "runners": ["my-run"]}, "my-run is among its runners, but no run is drawn"),
        ({"runners": []}, "runners must be a list of 1 to 6 items"),
        ({"runners": ["learned", "learned"]}, "named once each"),
        ({"players": []}, "players must be a list of 2 to 22 items"),
        ({"keeper_range": 40}, "keeper_range must be a number from 0 to 12 (m)"),
    ],
)
def test_a_malformed_board_is_refused_in_one_sentence(tmp_path: Path, change: Board, says: str) -> None:
    path = written(tmp_path, changed(**change))
    with pytest.raises(InvalidFile) as refused:
        read_board(path)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_two_players_need_two_ids(tmp_path: Path) -> None:
    board = drawn("wing")
    board["players"].append(board["players"][2])
    with pytest.raises(InvalidFile, match="every player needs an id of his own"):
        board_of(board)


def test_a_board_is_told_from_other_files(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text(json.dumps({"description": ""}))
    (tmp_path / "broken.json").write_text("{")
    assert is_board(written(tmp_path, drawn("wing")))
    assert not any(map(is_board, (None, tmp_path / "other.json", tmp_path / "broken.json", tmp_path / "none.json")))
