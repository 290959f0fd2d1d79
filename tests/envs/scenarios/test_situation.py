import copy
import json
import math
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from backpost.envs import BackpostError, Crosses, InvalidFile, InvalidValue, Options, UnknownName
from backpost.envs.scenarios.situation import recorded_run
from backpost.envs.scenarios.situation_file import SHIPPED, read_situation
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.pitch import HALF_LENGTH, HALF_WIDTH
from backpost.envs.world.record import ATTACKERS, CROSSER, KEEPER, PRESSER, ROLE_MARKER, ROLES, RUNNER

SCORER, PASSER, KEEPER_ID = 12, 1214, 14238
DATA: dict[str, Any] = json.loads(SHIPPED.read_text(encoding="utf-8"))
SEEDS = episode_seeds("verify", 9, 0, 64)


def opened(count: int = 1, **options: Any) -> Crosses:
    crosses = Crosses("Situation", count, options=Options(**options))
    crosses.deal(SEEDS[:count])
    return crosses


def everybody(crosses: Crosses) -> Any:
    """All places for players of the first cross, as a record array."""
    return crosses.worlds["players"][0].view(np.recarray)


def only(folder: Path, *keep: int) -> str:
    """A situation file in which only these players are seen."""
    data: dict[str, Any] = copy.deepcopy(DATA)
    for frame in data["frames"]:
        frame["players"] = [player for player in frame["players"] if player["id"] in keep]
    path = folder / "few.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return str(path)


def recorded(time: float, who: int) -> tuple[float, float, float, float]:
    frame = min(DATA["frames"], key=lambda one: abs(one["t"] - time))
    player = next(one for one in frame["players"] if one["id"] == who)
    return player["x"] - HALF_LENGTH, player["y"] - HALF_WIDTH, player["vx"], player["vy"]


def test_the_shipped_situation_names_its_source() -> None:
    situation = read_situation()
    assert "Last Row (Ricardo Tavares)" in situation.source
    assert "Liverpool" in situation.description


@pytest.mark.parametrize("start", [-2.9, -1.5, -0.5])
def test_everybody_stands_where_he_was_recorded_and_nobody_is_invented(start: float) -> None:
    everyone = everybody(opened(start=start))
    frame = min(DATA["frames"], key=lambda one: abs(one["t"] - start))
    players = everyone[everyone.present != 0]
    for slot, who in ((CROSSER, PASSER), (RUNNER, SCORER)):
        me = everyone[slot]
        assert (me.x, me.y, me.vx, me.vy) == pytest.approx(recorded(start, who))
    dealt = sorted((round(p.x, 6), round(p.y, 6), round(p.vx, 6), round(p.vy, 6)) for p in players)
    seen = sorted(
        (round(p["x"] - HALF_LENGTH, 6), round(p["y"] - HALF_WIDTH, 6), p["vx"], p["vy"]) for p in frame["players"]
    )
    np.testing.assert_allclose(dealt, seen, atol=1e-9)
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


def test_the_recorded_build_up_and_ball_are_replayed(tmp_path: Path) -> None:
    crosses = opened(ball="recorded", start=-2.0, file=only(tmp_path, SCORER, PASSER, KEEPER_ID))
    for decision in range(31):
        world, time = crosses.worlds[0], round(0.1 * decision - 2.0, 3)
        frame = min(DATA["frames"], key=lambda one: abs(one["t"] - time))
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
    assert len({row.tobytes() for row in worlds["players"]["read_x"]}) == 16


def test_what_the_scorer_ran_is_given_for_drawing() -> None:
    run = recorded_run()
    assert run[0].tolist() == pytest.approx(recorded(-1.5, SCORER)[:2])
    assert run[15].tolist() == pytest.approx(recorded(0.0, SCORER)[:2])
    assert recorded_run(Options(runner=1622))[0].tolist() == pytest.approx(recorded(-1.5, 1622)[:2])


def test_the_other_wing_is_brought_to_the_worlds_wing(tmp_path: Path) -> None:
    data: dict[str, Any] = copy.deepcopy(DATA)
    for frame in data["frames"]:
        frame["ball"][1], frame["ball"][3] = 68 - frame["ball"][1], -frame["ball"][3]
        for player in frame["players"]:
            player["y"], player["vy"] = 68 - player["y"], -player["vy"]
    path = tmp_path / "mirrored.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    one, other = opened(4), opened(4, file=str(path))
    for _ in range(40):
        one.step(np.ones((4, 4)))
        other.step(np.ones((4, 4)))
    for field in ("x", "y"):
        np.testing.assert_allclose(other.worlds["players"][field], one.worlds["players"][field], atol=1e-6)


def test_the_file_may_name_runner_start_and_ball_and_options_override_it(tmp_path: Path) -> None:
    path = tmp_path / "named.json"
    path.write_text(json.dumps(DATA | {"runner_id": 1622, "start": -1.0, "ball": "simulated"}), encoding="utf-8")
    world = opened(file=str(path)).worlds[0]
    assert (world.players[RUNNER].x, world.players[RUNNER].y) == pytest.approx(recorded(-1.0, 1622)[:2])
    assert world.delivery.given == 0
    world = opened(file=str(path), runner=SCORER, start=-1.2, ball="recorded").worlds[0]
    assert (world.players[RUNNER].x, world.players[RUNNER].y) == pytest.approx(recorded(-1.2, SCORER)[:2])
    assert world.delivery.given == 1


def test_players_who_are_not_seen_are_absent(tmp_path: Path) -> None:
    keep = (SCORER, PASSER, 1622, 3343, KEEPER_ID)
    crosses = opened(8, file=only(tmp_path, *keep))
    assert (crosses.worlds["players"]["present"].sum(axis=1) == len(keep)).all()
    done = np.zeros(8, bool)
    for _ in range(200):
        done = crosses.step(np.zeros((8, 4)))[1]
    assert done.all()


def change(**keys: Any) -> dict[str, Any]:
    return copy.deepcopy(DATA) | keys


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in DATA.items() if name != key}


def with_player(**keys: Any) -> dict[str, Any]:
    data: dict[str, Any] = copy.deepcopy(DATA)
    data["frames"][3]["players"][2].update(keys)
    return data


def with_frame(**keys: Any) -> dict[str, Any]:
    data: dict[str, Any] = copy.deepcopy(DATA)
    data["frames"][3].update(keys)
    return data


def centred() -> dict[str, Any]:
    data: dict[str, Any] = copy.deepcopy(DATA)
    for frame in data["frames"]:
        for player in frame["players"]:
            player["x"], player["y"] = player["x"] - 52.5, player["y"] - 34
    return data


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "not a situation file"),
        ("[1, 2", "not a situation file"),
        ("[]", "must be an object"),
        ("[" * 100_000, "not a situation file"),
        (json.dumps(DATA)[:4000], "not a situation file"),
        (b"\xff\xfe\x00", "UTF-8"),
        ("1" * 4_100_000, "too large"),
        (without("frames"), "it lacks frames"),
        (without("crosser_id"), "it lacks crosser_id"),
        (change(wings=2), "unknown keys wings"),
        (change(pitch=[120, 80]), "pitch must be [105, 68]"),
        (change(frame="origin = centre"), "origin = bottom-left"),
        (change(frames=[]), "2 to 600 frames"),
        (change(frames=DATA["frames"][::2]), "every 0.1 s"),
        (change(frames=DATA["frames"][:20]), "show t = 0"),
        (change(frames=DATA["frames"][29:]), "0.3 s before the strike"),
        (change(crosser_id=999), "crosser_id 999 is not an attacker"),
        (change(scorer_id=3343), "scorer_id 3343 is not an attacker"),
        (change(scorer_id="Mane"), "scorer_id must be a whole number"),
        (change(t_contact=9.0), "t_contact 9.0 lies outside"),
        (change(t_contact=None), "t_contact must be a number"),
        (change(ball="bouncing"), "recorded, simulated"),
        (change(start="early"), "start must be a number"),
        (with_player(x=math.nan), "NaN"),
        (with_player(vx=1e400), "Infinity"),
        (with_player(y=10**400), "finite numbers"),
        (with_player(x="far"), "finite numbers"),
        (with_player(vx=800.0), "m/s"),
        (with_player(team="red"), 'team must be "att" or "def"'),
        (with_player(team="def"), "changes his team"),
        (with_player(id=12), "each once"),
        (with_frame(ball=[1.0, 2.0]), "ball must be [x, y, vx, vy]"),
        (with_frame(players={}), "players must be a list"),
        (with_frame(t="now"), "t must be a number"),
        (centred(), "far off the pitch"),
        (
            change(
                frames=[
                    f | {"players": f["players"] + [f["players"][0] | {"id": 90 + k} for k in range(5)]}
                    for f in DATA["frames"]
                ]
            ),
            'players of team "att"',
        ),
    ],
)
def test_a_malformed_file_is_refused_in_one_sentence(content: Any, says: str, tmp_path: Path) -> None:
    path = tmp_path / "situation.json"
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    with pytest.raises(InvalidFile) as refused:
        Crosses("Situation", options=Options(file=str(path)))
    message = str(refused.value)
    assert says in message
    assert str(path) in message
    assert "\n" not in message
    assert len(message) < 500


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="no such file"):
        Crosses("Situation", options=Options(file=str(tmp_path / "nowhere.json")))
    with pytest.raises(InvalidFile, match="cannot read"):
        Crosses("Situation", options=Options(file=str(tmp_path)))


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
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
