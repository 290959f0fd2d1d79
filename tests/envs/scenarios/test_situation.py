import copy
import json
import math
from collections.abc import Callable, Sequence
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
    frame = min(DATA["frames"], key=lambda entry: abs(entry["t"] - time))
    player = next(entry for entry in frame["players"] if entry["id"] == who)
    return player["x"] - HALF_LENGTH, player["y"] - HALF_WIDTH, player["vx"], player["vy"]


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
    right, left = opened(4), opened(4, file=str(path))
    for _ in range(40):
        right.step(np.ones((4, 4)))
        left.step(np.ones((4, 4)))
    for field in ("x", "y"):
        np.testing.assert_allclose(left.worlds["players"][field], right.worlds["players"][field], atol=1e-6)


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
        ("", "is not JSON"),
        ("[1, 2", "is not JSON"),
        ("[]", "must be an object"),
        ("[" * 100_000, "deeper than 40"),
        (json.dumps(DATA)[:4000], "is not JSON"),
        (json.dumps(DATA).replace('"t": -2.5,', '"t": -2.5, "t": -2.5,'), "the key 't' twice"),
        (b"\xff\xfe\x00", "UTF-8"),
        ("1" * 4_100_000, "too large"),
        (without("frames"), "it lacks frames"),
        (change(wings=2), "unknown key 'wings'"),
        (change(pitch=[120, 80]), "pitch must be [105, 68]"),
        (change(pitch=None), "pitch must be a list of 2"),
        (change(frame="origin = centre"), "origin = bottom-left"),
        (change(description=7), "description must be text"),
        (change(frames=[]), "2 to 600 items"),
        (change(frames=DATA["frames"][::2]), "every 0.1 s"),
        (change(frames=DATA["frames"][:20]), "show t = 0"),
        (change(frames=DATA["frames"][29:]), "0.3 s before the strike"),
        (change(crosser_id=999), "crosser_id 999 is not in team"),
        (change(scorer_id=3343), "scorer_id 3343 is not in team"),
        (change(keeper_id=12), "keeper_id 12 is not in team"),
        (change(scorer_id="Mane"), "scorer_id must be a whole number"),
        (change(t_contact=9.0), "t_contact 9.0 lies outside"),
        (change(t_contact=None), "t_contact must be a number"),
        (change(ball="bouncing"), "recorded, simulated"),
        (change(start="early"), "start must be a number"),
        (with_player(x=math.nan), "nan"),
        (with_player(vx=1e400), "inf"),
        (with_player(y=10**400), "finite"),
        (with_player(x="far"), "frames[3].players[2].x must be a number from -6 to 111 (m"),
        (with_player(x="far" * 10_000), "frames[3].players[2].x must be a number"),
        (with_player(vx=800.0), "m/s"),
        (with_player(team="red"), "frames[3].players[2].team must be one of att, def"),
        (with_player(team="def"), "changes teams"),
        (with_player(id=12), "every id once"),
        (with_player(id=True), "id must be a whole number"),
        (with_frame(ball=[1.0, 2.0]), "ball must be a list of 4"),
        (with_frame(players={}), "players must be a list"),
        (with_frame(t="now"), "t must be a number"),
        (centred(), "must be a number from -6"),
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


def attack_at(step: float) -> dict[str, Any]:
    """The shipped attack as another frame rate shows it, `step` in s."""
    data, frames = copy.deepcopy(DATA), DATA["frames"]
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


def labelled_at_ten(data: dict[str, Any]) -> dict[str, Any]:
    """The same frames with the times of ten frames a second, around the same strike."""
    strike = min(range(len(data["frames"])), key=lambda k: abs(data["frames"][k]["t"]))
    frames = [frame | {"t": (k - strike) / 10} for k, frame in enumerate(data["frames"])]
    return data | {"frames": frames, "t_contact": min(DATA["t_contact"], frames[-1]["t"])}


def mapped(way: Callable[[float, float, float, float], Sequence[float]]) -> dict[str, Any]:
    data: dict[str, Any] = copy.deepcopy(DATA)
    for frame in data["frames"]:
        frame["ball"] = list(way(*frame["ball"]))
        for p in frame["players"]:
            p["x"], p["y"], p["vx"], p["vy"] = way(p["x"], p["y"], p["vx"], p["vy"])
    return data


def ball_lost_in_one_frame() -> dict[str, Any]:
    data: dict[str, Any] = copy.deepcopy(DATA)
    data["frames"][20]["ball"] = [0, 0, 0, 0]
    return data


def jump_across_a_gap() -> dict[str, Any]:
    """A defender who is not seen for two frames and then is 20 m farther."""
    data: dict[str, Any] = copy.deepcopy(DATA)
    for frame in data["frames"][10:12]:
        frame["players"] = [player for player in frame["players"] if player["id"] != 3346]
    for frame in data["frames"][12:]:
        next(player for player in frame["players"] if player["id"] == 3346)["y"] += 20.0
    return data


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (attack_at(1 / 9), "every 0.1 s"),
        (attack_at(1 / 12), "every 0.1 s"),
        (labelled_at_ten(attack_at(1 / 8)), "m off what vx and vy say"),
        (labelled_at_ten(attack_at(1 / 13)), "m off what vx and vy say"),
        (ball_lost_in_one_frame(), "frame 20: the ball is 96.9 m from its place before"),
        (jump_across_a_gap(), "frame 12: player 3346"),
        (with_player(vx=14.0), "more than 13 m/s"),
        (mapped(lambda x, y, vx, vy: (105 - x, 68 - y, -vx, -vy)), "wrong half"),
        (mapped(lambda x, y, vx, vy: (x / 105, y / 68, vx / 105, vy / 68)), "wrong half"),
        (mapped(lambda x, y, vx, vy: (x, y, vx / 10, vy / 10)), "m off what vx and vy say"),
        (mapped(lambda x, y, vx, vy: (x, y, -vx, -vy)), "m off what vx and vy say"),
    ],
)
def test_tracks_that_cannot_be_are_refused(content: dict[str, Any], says: str, tmp_path: Path) -> None:
    path = tmp_path / "track.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InvalidFile) as refused:
        read_situation(path)
    assert says in str(refused.value)


def kept(crosses: Crosses) -> tuple[int, int]:
    """Whether somebody keeps goal, and how many outfield defenders there are."""
    return int(everybody(crosses)[KEEPER].present), int(crosses.worlds["pattern"]["defenders"][0])


def test_nobody_but_the_named_keeper_keeps_goal(tmp_path: Path) -> None:
    assert kept(opened()) == (1, 9)
    unseen: dict[str, Any] = copy.deepcopy(DATA)
    for frame in unseen["frames"]:
        if frame["t"] < -1.0:
            frame["players"] = [player for player in frame["players"] if player["id"] != KEEPER_ID]
    never: dict[str, Any] = copy.deepcopy(DATA)
    for frame in never["frames"]:
        frame["players"] = [player for player in frame["players"] if player["id"] != KEEPER_ID]
    for name, content, expected in (
        ("nobody", DATA | {"keeper_id": None}, (0, 10)),
        ("absent", without("keeper_id"), (0, 10)),
        ("never", never, (0, 9)),
        ("later", unseen, (0, 9)),
        ("another", DATA | {"keeper_id": 3346}, (1, 9)),
    ):
        path = tmp_path / f"{name}.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        assert kept(opened(file=str(path))) == expected, name
        assert play_to_the_end(opened(4, file=str(path))), name
    path = tmp_path / "another.json"
    keeper = everybody(opened(file=str(path)))[KEEPER]
    assert (keeper.x, keeper.y) == pytest.approx(recorded(-1.5, 3346)[:2])


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


def test_a_cross_that_nobody_finished_is_played_with_a_chosen_runner(tmp_path: Path) -> None:
    for content in (DATA | {"scorer_id": None}, without("scorer_id")):
        path = tmp_path / "nobody.json"
        path.write_text(json.dumps(content), encoding="utf-8")
        with pytest.raises(InvalidValue, match="name a runner: choose one of 12, 1622"):
            opened(file=str(path))
        assert play_to_the_end(opened(2, file=str(path), runner=SCORER))
        path.write_text(json.dumps(content | {"runner_id": 1622}), encoding="utf-8")
        assert play_to_the_end(opened(2, file=str(path)))
    path.write_text(json.dumps(without("crosser_id")), encoding="utf-8")
    with pytest.raises(InvalidValue, match="name a crosser: choose one of 12, 1214"):
        opened(file=str(path))
    assert play_to_the_end(opened(2, file=str(path), crosser=PASSER))


def test_a_crosser_who_stands_exactly_at_the_ball_still_faces_somewhere(tmp_path: Path) -> None:
    data: dict[str, Any] = copy.deepcopy(DATA)
    for frame in data["frames"]:
        frame["ball"] = [100.0, 10.0, 0.0, 0.0]
        for player in frame["players"]:
            if player["id"] == PASSER:
                player.update(x=100.0, y=10.0, vx=0.0, vy=0.0)
    path = tmp_path / "still.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    for ball in ("recorded", "simulated"):
        crosses = opened(4, file=str(path), ball=ball)
        crosser = everybody(crosses)[CROSSER]
        assert math.hypot(crosser.fx, crosser.fy) == pytest.approx(1.0)
        assert play_to_the_end(crosses), ball


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
