"""A drawn run starts with its cue, follows what was drawn, and is an agent by the name of the board's file."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from a_board import changed, written

from backpost.agents.base.identity import identity_of
from backpost.agents.base.movement import TOP_SPEED
from backpost.agents.base.play import record
from backpost.agents.drawn_run import DrawnRun
from backpost.agents.registry import agent
from backpost.envs import InvalidFile, Options
from backpost.envs.scenarios.board import BUILD_UP
from backpost.envs.world.parameters import parameters
from backpost.envs.world.record import RUNNER

PATH = [[76.0, 45.0], [81.0, 48.0], [84.5, 46.5], [86.5, 45.0]]
"""Behind the line of defence, where nothing distracts from the path."""


def _track(tmp_path: Path, **run: Any) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Times from the strike and the runner's places on the board, up to half a second after the strike."""
    board = changed("wing", run={"path": PATH, "cue": "at-once", **run})
    board["ball"] = {"kind": "low", "to": "near"}
    for player in board["players"]:
        if player["id"] == "a9":
            player["x"], player["y"] = PATH[0]
    path = written(tmp_path, board)
    history = record(agent(str(path)), "Situation", 5, Options(file=str(path)))
    times = history.time - BUILD_UP
    places = np.stack([history.players["x"][:, RUNNER] + 52.5, history.players["y"][:, RUNNER] + 34.0], -1)
    return times[times < 0.5], places[times < 0.5]


def _sets_off(times: npt.NDArray[np.float64], places: npt.NDArray[np.float64]) -> float:
    return float(times[np.hypot(*(places - places[0]).T) > 0.5][0])


def test_he_follows_the_path(tmp_path: Path) -> None:
    _, places = _track(tmp_path)
    corners = [np.hypot(*(places - point).T).min() for point in PATH[1:]]
    assert max(corners) < 1.2
    assert np.hypot(*(places[-1] - PATH[-1])) < 1.5


def test_he_sets_off_with_his_cue_and_not_before(tmp_path: Path) -> None:
    p = parameters()[0]
    for cue, delay, at in (
        ("head-up", 0.0, -p.look_time),
        ("head-up", 0.3, 0.3 - p.look_time),
        ("plant", 0.0, -p.plant_time),
        ("strike", 0.0, 0.0),
    ):
        first = _sets_off(*_track(tmp_path, cue=cue, delay=delay))
        assert at + 0.1 < first < at + 0.75


def test_half_a_pace_is_half_the_top_speed(tmp_path: Path) -> None:
    speeds = []
    for pace in (1.0, 0.5):
        times, places = _track(tmp_path, pace=pace)
        speeds.append(float((np.hypot(*np.diff(places, axis=0).T) / np.diff(times)).max()))
    assert speeds[1] == pytest.approx(0.5 * TOP_SPEED, rel=0.1)
    assert speeds[0] > 1.4 * speeds[1]


def test_it_is_named_by_its_file_and_identified_by_what_was_drawn(tmp_path: Path) -> None:
    board = changed("wing")
    named = agent(str(written(tmp_path, board)), "Situation")
    assert isinstance(named, DrawnRun)
    retitled = DrawnRun.load(written(tmp_path, board | {"title": "another"}, "b.json"))
    later = DrawnRun.load(written(tmp_path, board | {"run": board["run"] | {"delay": 0.4}}, "c.json"))
    assert identity_of(named) == identity_of(retitled) != identity_of(later)


def test_a_board_without_a_run_is_no_agent(tmp_path: Path) -> None:
    path = written(tmp_path, changed("wing", run=None, runners=["learned"]))
    with pytest.raises(InvalidFile, match="has no run: draw one, or name another agent"):
        agent(str(path))
