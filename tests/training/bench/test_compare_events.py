"""Events of a comparison: one row per cross and agent, which says what the cross says when it is played again."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backpost.agents.base.play import record
from backpost.agents.registry import agent
from backpost.envs.common.errors import InvalidFile
from backpost.envs.interface.outcome import metrics
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import (
    CROSS,
    CROSSER,
    DELIVERIES,
    FATE_BLOCKED,
    FATE_HELD,
    FATES,
    FLICK,
    HEADER,
    KEEPER,
    RUNNER,
    SIDE_FOOT,
    TECHNIQUES,
    new_worlds,
)
from backpost.training.bench import compare, cores
from backpost.training.bench.events import CSV_COLUMNS, FirstShots, events, write_events

COLUMNS = (
    "agent, seed, kind, direct, first_time, technique, shot_outcome, height, speed, separation, place_x, place_y, "
    "covered, goal, own_xg, xg"
)
OF_THE_SHOT = CSV_COLUMNS[3:13]
AGENTS = ("flight-reader", "stand-still")
CROSSES, FIRST = 250, 30
IN_MATCH_DATA = {"held": "saved", "parried": "saved", "mishit": "wide"}
"""Fates that have another word in match data."""


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("events") / "events.csv"
    compare.compare("Corner", AGENTS, CROSSES, FIRST, events_path=path)
    return path


def test_the_file_has_the_promised_columns_and_a_row_for_every_cross_and_agent(file: Path) -> None:
    assert file.read_text(encoding="utf-8").splitlines()[0] == COLUMNS.replace(", ", ",")
    rows = rows_of(file)
    assert [row["agent"] for row in rows] == [name for name in AGENTS for _ in range(CROSSES)]
    seeds = episode_seeds("evaluate", 0, FIRST, CROSSES).tolist()
    assert [int(row["seed"]) for row in rows] == seeds * len(AGENTS)


def test_a_cross_without_a_shot_of_the_runner_has_empty_cells_and_one_with_a_shot_none(file: Path) -> None:
    rows = rows_of(file)
    shot = [row["technique"] != "" for row in rows]
    assert 10 < sum(shot) < len(rows) - 10
    for row, shoots in zip(rows, shot, strict=True):
        assert all((row[name] != "") == shoots for name in OF_THE_SHOT), row
        assert all(row[name] != "" for name in ("kind", "goal", "own_xg", "xg")), row


def test_every_row_says_what_the_cross_says_when_it_is_played_again_alone(file: Path) -> None:
    """Computed from the whole history of each cross, not from the notes that the file is made from."""
    runner = agent("flight-reader", "Corner")
    rows = [row for row in rows_of(file) if row["agent"] == runner.name]
    shot = [row for row in rows if row["technique"]]
    for row in rows[:10]:
        (measured,) = metrics(record(runner, "Corner", np.uint64(row["seed"]))[-1:].view(np.recarray))
        assert bool(measured["shoots"]) == (row in shot)
    for row in shot:
        moments = record(runner, "Corner", np.uint64(row["seed"]))
        (measured,) = metrics(moments[-1:].view(np.recarray))
        assert [float(row[name]) for name in ("xg", "own_xg", "goal")] == pytest.approx(
            [measured[name] for name in ("xg", "own_xg", "goal")], abs=1e-6
        )
        k = int(np.argmax(moments.own_shots > 0))
        now, before = moments[k], moments[k - 1]
        touched = moments[:k][moments.phase[:k] >= CROSS].ball.last_touch.tolist()
        alone = set(touched) <= {CROSSER, RUNNER} and now.first_contact.by == RUNNER
        fate = FATES[now.shot.fate]
        assert {name: row[name] for name in ("kind", "direct", "first_time", "technique", "shot_outcome")} == {
            "kind": DELIVERIES[now.delivery.kind],
            "direct": str(int(alone)),
            "first_time": str(int(before.meeting.by != RUNNER)),
            "technique": TECHNIQUES[now.shot.technique],
            "shot_outcome": IN_MATCH_DATA.get(fate, fate),
        }
        # The contact is up to .1 s before the moment after the decision.
        me = now.players[RUNNER]
        assert np.hypot(float(row["place_x"]) - me.x, float(row["place_y"]) - me.y) < 1.5
        assert float(row["covered"]) == pytest.approx(np.hypot(me.x - me.strike_x, me.y - me.strike_y), abs=0.8)
        # Two bodies that collide in this decision stop each other.
        speeds = [np.hypot(moment.players[RUNNER].vx, moment.players[RUNNER].vy) for moment in (before, now)]
        assert min(speeds) - 1.5 < float(row["speed"]) < max(speeds) + 1.5


def noted(worlds: np.recarray, note: str, by: int, time: float, **how: Any) -> None:
    worlds[note]["by"], worlds[note]["time"] = by, time
    for name, value in how.items():
        worlds[note][name] = value


def test_the_row_tells_of_the_first_of_his_shots_whatever_happened_before_and_after(tmp_path: Path) -> None:
    """He flicks on, a team-mate's header is blocked, he shoots, and heads once more: no final record has his shot."""
    worlds, shots, number = new_worlds(1), FirstShots(1), np.zeros(1, np.int64)
    worlds.delivery.struck_at, worlds.seed = 2.0, 5
    for note in ("first_contact", "meeting"):
        noted(worlds, note, RUNNER, 3.0, technique=FLICK)
    worlds.ball.last_touch = RUNNER
    shots(number, worlds)
    for note in ("first_shot", "last_shot"):
        noted(worlds, note, 4, 3.4, technique=HEADER, xg=0.1, fate=FATE_BLOCKED)
    worlds.ball.last_touch = KEEPER + 2
    shots(number, worlds)
    noted(worlds, "last_shot", RUNNER, 4.1, technique=SIDE_FOOT, xg=0.3, fate=FATE_HELD, z=0.4, gap=99.0, covered=5.0)
    worlds.own_shots, worlds.ball.last_touch = 1, RUNNER
    shots(number, worlds)
    noted(worlds, "last_shot", RUNNER, 4.9, technique=HEADER, xg=0.2, z=2.0)
    worlds.own_shots = 2
    shots(number, worlds)
    write_events(tmp_path / "one.csv", ["a, b"], [events(worlds, shots)])
    (row,) = rows_of(tmp_path / "one.csv")
    assert {name: row[name] for name in ("agent", "direct", "first_time", "technique", "shot_outcome", "height")} == {
        "agent": "a, b",
        "direct": "0",
        "first_time": "0",
        "technique": "side_foot",
        "shot_outcome": "saved",
        "height": "0.4",
    }
    assert (row["separation"], row["covered"], row["goal"]) == ("", "5", "0")


@pytest.mark.parametrize(("blocked", "direct"), [(0, "1"), (1, "0")])
def test_a_shot_is_direct_though_a_defender_stops_it_but_not_from_a_blocked_cross(
    blocked: int, direct: str, tmp_path: Path
) -> None:
    worlds, shots = new_worlds(1), FirstShots(1)
    worlds.delivery.struck_at, worlds.delivery.blocked = 2.0, blocked
    for note in ("first_contact", "meeting", "first_shot", "last_shot"):
        noted(worlds, note, RUNNER, 3.0, technique=HEADER, xg=0.2, fate=FATE_BLOCKED)
    worlds.own_shots, worlds.ball.last_touch = 1, KEEPER + 1  # blocked within the same decision
    shots(np.zeros(1, np.int64), worlds)
    write_events(tmp_path / "one.csv", ["he"], [events(worlds, shots)])
    (row,) = rows_of(tmp_path / "one.csv")
    assert (row["direct"], row["first_time"], row["shot_outcome"]) == (direct, "1", "blocked")


def test_a_cross_that_was_never_struck_is_of_no_kind(tmp_path: Path) -> None:
    write_events(tmp_path / "one.csv", ["he"], [events(new_worlds(1), FirstShots(1))])
    (row,) = rows_of(tmp_path / "one.csv")
    assert (row["kind"], row["technique"], row["xg"]) == ("", "", "0")


def test_the_file_is_the_same_when_work_is_cut_otherwise_stopped_and_resumed(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare, "CHUNK", 70)
    monkeypatch.setattr(cores, "cores", lambda: 1)
    played: list[int] = []

    def stop(crosses: int) -> None:
        played.append(crosses)
        if sum(played) > 200:
            raise KeyboardInterrupt

    keep, path = tmp_path / "kept", tmp_path / "events.csv"
    with pytest.raises(KeyboardInterrupt):
        compare.compare("Corner", AGENTS, CROSSES, FIRST, keep=keep, events_path=path, progress=stop)
    assert not path.exists()
    assert len(list(keep.iterdir())) == 2
    for _ in ("resumed", "kept"):
        compare.compare("Corner", AGENTS, CROSSES, FIRST, keep=keep, events_path=path)
        assert path.read_bytes() == file.read_bytes()
        path.unlink()
    monkeypatch.undo()
    compare.compare("Corner", AGENTS, CROSSES, FIRST, events_path=path)
    assert path.read_bytes() == file.read_bytes()


def test_a_file_that_cannot_be_written_is_refused_and_the_old_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InvalidFile, match="cannot write"):
        compare.compare("Corner", ["stand-still"], 2, events_path=tmp_path / "nowhere" / "events.csv")
    path = tmp_path / "events.csv"
    path.write_text("old", encoding="utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.replace", full)
    with pytest.raises(InvalidFile, match="cannot write"):
        compare.compare("Corner", ["stand-still"], 2, events_path=path)
    assert path.read_text(encoding="utf-8") == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["events.csv"]
