"""A situation opens with everybody where he was recorded, replays what was recorded, and lets the rest be chosen."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from a_situation import (
    DATA,
    KEEPER_ID,
    PASSER,
    SCORER,
    change,
    everybody,
    mapped,
    opened,
    play_to_the_end,
    recorded,
    seen,
    without,
    written,
)

from backpost.envs import BackpostError, Crosses, InvalidValue, Options, UnknownName
from backpost.envs.scenarios.situation import recorded_run
from backpost.envs.scenarios.situation_file import read_situation
from backpost.envs.world.pitch import HALF_LENGTH, HALF_WIDTH
from backpost.envs.world.record import ATTACKERS, CROSSER, KEEPER, PRESSER, ROLE_MARKER, ROLES, RUNNER


def test_the_shipped_situation_names_its_source() -> None:
    situation = read_situation()
    assert "Last Row (Ricardo Tavares)" in situation.source
    assert "Liverpool" in situation.description


@pytest.mark.parametrize("start", [-2.9, -1.5, -0.5])
def test_everybody_stands_where_he_was_recorded_and_nobody_is_invented(start: float) -> None:
    everyone = everybody(opened(start=start))
    frame = min(DATA["frames"], key=lambda entry: abs(entry["t"] - start))
    players = everyone[everyone.present != 0]
    for slot, who in ((CROSSER, PASSER), (RUNNER, SCORER)):
        me = everyone[slot]
        assert (me.x, me.y, me.vx, me.vy) == pytest.approx(recorded(start, who))
    dealt = sorted((round(p.x, 6), round(p.y, 6), round(p.vx, 6), round(p.vy, 6)) for p in players)
    shown = sorted(
        (round(p["x"] - HALF_LENGTH, 6), round(p["y"] - HALF_WIDTH, 6), p["vx"], p["vy"]) for p in frame["players"]
    )
    np.testing.assert_allclose(dealt, shown, atol=1e-9)
    attackers = sum(p["team"] == "att" for p in frame["players"])
    assert int((everyone.present[:ATTACKERS] != 0).sum()) == attackers
    np.testing.assert_allclose(np.hypot(players.fx, players.fy), 1.0)


def test_the_defence_has_its_roles() -> None:
    everyone = everybody(opened())
    there = everyone.present != 0
    assert ROLES[everyone[KEEPER].role] == "keeper"
    assert everyone[KEEPER].x == everyone.x[there].max()
    assert ROLES[everyone[PRESSER].role] == "presser"
    crosser = everyone[CROSSER]
    distance = np.hypot(everyone.x - crosser.x, everyone.y - crosser.y)
    outfield = [i for i in range(KEEPER + 1, len(distance)) if there[i]]
    assert min(outfield, key=lambda i: float(distance[i])) == PRESSER
    marked = [int(p.man) for p in everyone if p.present and p.role == ROLE_MARKER]
    assert RUNNER in marked
    assert len(set(marked)) == len(marked)


def among(*keep: int) -> Callable[[Any, Any], bool]:
    """Whether a player is one of these."""
    return lambda _, player: player["id"] in keep


def test_the_recorded_build_up_and_ball_are_replayed(tmp_path: Path) -> None:
    crosses = opened(ball="recorded", start=-2.0, file=written(tmp_path, seen(among(SCORER, PASSER, KEEPER_ID))))
    for decision in range(31):
        world, time = crosses.worlds[0], round(0.1 * decision - 2.0, 3)
        frame = min(DATA["frames"], key=lambda entry: abs(entry["t"] - time))
        where = float(world.ball.x) + HALF_LENGTH, float(world.ball.y) + HALF_WIDTH
        if time <= 0.0 or time == DATA["t_contact"]:
            assert where == pytest.approx(frame["ball"][:2], abs=0.02)
        if time <= 0.0:
            crosser = everybody(crosses)[CROSSER]
            assert (crosser.x, crosser.y) == pytest.approx(recorded(time, PASSER)[:2], abs=0.3)
        crosses.step(np.array([[-1.0, 0.0, 0.0, 0.0]]))


def test_a_simulated_ball_is_chosen_by_the_crosser() -> None:
    crosses = opened(32, ball="simulated")
    for _ in range(16):
        crosses.step(np.zeros((32, 4)))
    kinds = crosses.worlds["delivery"]["vx"], crosses.worlds["delivery"]["vy"]
    assert len(set(zip(*(kind.round(6).tolist() for kind in kinds), strict=True))) > 16
    again = opened(32, ball="recorded")
    for _ in range(16):
        again.step(np.zeros((32, 4)))
    assert len(np.unique(again.worlds["delivery"]["vx"])) == 1


def test_the_seed_decides_luck_and_nothing_else() -> None:
    worlds = opened(16).worlds
    for field in ("x", "y", "vx", "vy", "fx", "fy", "top_speed", "role", "man", "home_x", "home_y"):
        values = worlds["players"][field]
        assert (values == values[0]).all(), field
    assert len({row.tobytes() for row in worlds["players"]["read_depth"]}) == 16


def test_what_the_scorer_ran_is_given_for_drawing() -> None:
    run = recorded_run()
    assert run[0].tolist() == pytest.approx(recorded(-1.5, SCORER)[:2])
    assert run[15].tolist() == pytest.approx(recorded(0.0, SCORER)[:2])
    assert recorded_run(Options(runner=1622))[0].tolist() == pytest.approx(recorded(-1.5, 1622)[:2])


def test_the_other_wing_is_brought_to_the_worlds_wing(tmp_path: Path) -> None:
    file = written(tmp_path, mapped(lambda x, y, vx, vy: (x, 68 - y, vx, -vy)))
    right, left = opened(4), opened(4, file=file)
    for _ in range(40):
        right.step(np.ones((4, 4)))
        left.step(np.ones((4, 4)))
    for field in ("x", "y"):
        np.testing.assert_allclose(left.worlds["players"][field], right.worlds["players"][field], atol=1e-6)


def test_the_file_may_name_runner_start_and_ball_and_options_override_it(tmp_path: Path) -> None:
    path = written(tmp_path, change(runner_id=1622, start=-1.0, ball="simulated"))
    world = opened(file=path).worlds[0]
    assert (world.players[RUNNER].x, world.players[RUNNER].y) == pytest.approx(recorded(-1.0, 1622)[:2])
    assert world.delivery.given == 0
    world = opened(file=path, runner=SCORER, start=-1.2, ball="recorded").worlds[0]
    assert (world.players[RUNNER].x, world.players[RUNNER].y) == pytest.approx(recorded(-1.2, SCORER)[:2])
    assert world.delivery.given == 1


def test_players_who_are_not_seen_are_absent(tmp_path: Path) -> None:
    keep = (SCORER, PASSER, 1622, 3343, KEEPER_ID)
    crosses = opened(8, file=written(tmp_path, seen(among(*keep))))
    assert (crosses.worlds["players"]["present"].sum(axis=1) == len(keep)).all()
    assert play_to_the_end(crosses)


def kept(crosses: Crosses) -> tuple[int, int]:
    """Whether somebody keeps goal, and how many outfield defenders there are."""
    return int(everybody(crosses)[KEEPER].present), int(crosses.worlds["pattern"]["defenders"][0])


def test_nobody_but_the_named_keeper_keeps_goal(tmp_path: Path) -> None:
    assert kept(opened()) == (1, 9)
    for name, content, expected in (
        ("nobody", change(keeper_id=None), (0, 10)),
        ("absent", without("keeper_id"), (0, 10)),
        ("never", seen(lambda _, player: player["id"] != KEEPER_ID), (0, 9)),
        ("later", seen(lambda frame, player: frame["t"] >= -1.0 or player["id"] != KEEPER_ID), (0, 9)),
        ("another", change(keeper_id=3346), (1, 9)),
    ):
        file = written(tmp_path, content, name)
        assert kept(opened(file=file)) == expected, name
        assert play_to_the_end(opened(4, file=file)), name
    keeper = everybody(opened(file=file))[KEEPER]
    assert (keeper.x, keeper.y) == pytest.approx(recorded(-1.5, 3346)[:2])


def test_a_cross_that_nobody_finished_is_played_with_a_chosen_runner(tmp_path: Path) -> None:
    for content in (change(scorer_id=None), without("scorer_id"), without("scorer_id", "t_contact", "keeper_id")):
        file = written(tmp_path, content)
        with pytest.raises(InvalidValue, match="name a runner: choose one of 12, 1622"):
            opened(file=file)
        assert play_to_the_end(opened(2, file=file, runner=SCORER))
        assert play_to_the_end(opened(2, file=written(tmp_path, content | {"runner_id": 1622})))
    file = written(tmp_path, without("crosser_id"))
    with pytest.raises(InvalidValue, match="name a crosser: choose one of 12, 1214"):
        opened(file=file)
    assert play_to_the_end(opened(2, file=file, crosser=PASSER))


def test_a_crosser_who_stands_exactly_at_the_ball_still_faces_somewhere(tmp_path: Path) -> None:
    data = change()
    for frame in data["frames"]:
        frame["ball"] = [100.0, 10.0, 0.0, 0.0]
        for player in frame["players"]:
            if player["id"] == PASSER:
                player.update(x=100.0, y=10.0, vx=0.0, vy=0.0)
    file = written(tmp_path, data)
    for ball in ("recorded", "simulated"):
        crosses = opened(4, file=file, ball=ball)
        crosser = everybody(crosses)[CROSSER]
        assert math.hypot(crosser.fx, crosser.fy) == pytest.approx(1.0)
        assert play_to_the_end(crosses), ball


def renamed(way: Callable[[int], int | str]) -> dict[str, Any]:
    """The shipped situation with other ids."""
    data = change()
    for frame in data["frames"]:
        for player in frame["players"]:
            player["id"] = way(player["id"])
    return data | {key: way(data[key]) for key in ("crosser_id", "scorer_id", "keeper_id")}


def test_a_player_may_be_called_by_a_number_or_by_text(tmp_path: Path) -> None:
    """A number and the text that reads the same are one player."""
    expected = opened(4).worlds.tobytes()
    assert opened(4, file=written(tmp_path, renamed(str))).worlds.tobytes() == expected
    named = written(tmp_path, renamed(lambda who: f"Nr. {who} \u00e9"))
    assert opened(4, file=named).worlds.tobytes() == expected
    for file, runner in ((None, 1622), (None, "1622"), (named, "Nr. 1622 \u00e9")):
        me = everybody(opened(file=file, runner=runner))[RUNNER]
        assert (me.x, me.y) == pytest.approx(recorded(-1.5, 1622)[:2])
    with pytest.raises(UnknownName, match="unknown runner 1622; valid choices are Nr"):
        opened(file=named, runner=1622)


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"runner": True}, InvalidValue, "runner must be a whole number"),
        ({"runner": ""}, InvalidValue, "or text of 1 to 40 characters"),
        ({"runner": "Mane"}, UnknownName, "unknown runner 'Mane'"),
        ({"runner": 77}, UnknownName, "valid choices are 12, 1622"),
        ({"runner": PASSER}, UnknownName, "unknown runner 1214"),
        ({"runner": 3343}, UnknownName, "unknown runner 3343"),
        ({"crosser": 77}, UnknownName, "unknown crosser 77"),
        ({"crosser": 24938}, InvalidValue, "the file's crosser is 1214"),
        ({"start": 0.5}, InvalidValue, "-3 to -0.3"),
        ({"start": -3.5}, InvalidValue, "-3 to -0.3"),
        ({"start": "deep"}, InvalidValue, "-3 to -0.3"),
        ({"ball": "imagined"}, InvalidValue, "recorded, simulated"),
    ],
)
def test_choices_that_the_recording_does_not_have_are_refused(
    options: dict[str, Any], error: type[BackpostError], says: str
) -> None:
    with pytest.raises(error) as refused:
        gym.make("backpost/Situation-v0", **options)
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
