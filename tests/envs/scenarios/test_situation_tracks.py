"""Recordings of other frame rates and pitches become the world's, and tracks that cannot be are refused."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from a_situation import attack_at, change, mapped, opened, play_to_the_end, with_player, written

from backpost.envs import InvalidFile
from backpost.envs.scenarios.situation_file import read_situation
from backpost.envs.scenarios.situation_pitch import Pitch
from backpost.envs.scenarios.situation_tracks import resampled


def labelled_at_ten(data: dict[str, Any]) -> dict[str, Any]:
    """The same frames with the times of ten frames a second, around the same strike."""
    strike = min(range(len(data["frames"])), key=lambda k: abs(data["frames"][k]["t"]))
    frames = [frame | {"t": (k - strike) / 10} for k, frame in enumerate(data["frames"])]
    return data | {"frames": frames, "t_contact": min(data["t_contact"], frames[-1]["t"])}


def ball_lost_in_one_frame() -> dict[str, Any]:
    data = change()
    data["frames"][20]["ball"] = [0, 0, 0, 0]
    return data


def jump_across_a_gap() -> dict[str, Any]:
    """A defender who is not seen for two frames and then is 20 m farther."""
    data = change()
    for frame in data["frames"][10:12]:
        frame["players"] = [player for player in frame["players"] if player["id"] != 3346]
    for frame in data["frames"][12:]:
        next(player for player in frame["players"] if player["id"] == 3346)["y"] += 20.0
    return data


def thinned(data: dict[str, Any], *left_out: int) -> dict[str, Any]:
    return data | {"frames": [frame for k, frame in enumerate(data["frames"]) if k not in left_out]}


def with_height(z: float) -> dict[str, Any]:
    """The ball's height in one frame that its vertical velocity does not lead to."""
    data = change()
    for k, frame in enumerate(data["frames"]):
        x, y, vx, vy = frame["ball"]
        frame["ball"] = [x, y, z if k == 20 else 0.1, vx, vy, 0.0]
    return data


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (labelled_at_ten(attack_at(1 / 8)), "m off what the velocities say"),
        (labelled_at_ten(attack_at(1 / 13)), "m off what the velocities say"),
        (attack_at(1 / 4), "5 to 60 a second"),
        (attack_at(1 / 70), "5 to 60 a second"),
        (change(frames=change()["frames"][::-1]), "in order"),
        (thinned(attack_at(1 / 25), 30), "at equal times, every"),
        (ball_lost_in_one_frame(), "at -1 s the ball is 96.9 m from the place before"),
        (jump_across_a_gap(), "at -1.8 s player 3346 is"),
        (with_player(vx=14.0), "more than 13 m/s"),
        (with_height(9.0), "the height of the ball is 8.9 m off what the velocities say"),
        (mapped(lambda x, y, vx, vy: (105 - x, 68 - y, -vx, -vy)), "wrong half"),
        (mapped(lambda x, y, vx, vy: (x / 105, y / 68, vx / 105, vy / 68)), "wrong half"),
        (mapped(lambda x, y, vx, vy: (x / 1.05, y / 0.68, vx / 1.05, vy / 0.68)), "metres, not in percent"),
        (mapped(lambda x, y, vx, vy: (x, y, vx / 10, vy / 10)), "m off what the velocities say"),
        (mapped(lambda x, y, vx, vy: (x, y, -vx, -vy)), "m off what the velocities say"),
    ],
)
def test_tracks_that_cannot_be_are_refused(content: dict[str, Any], says: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidFile) as refused:
        read_situation(written(tmp_path, content))
    assert says in str(refused.value)


def with_keeper_at(across: float) -> dict[str, Any]:
    """The shipped attack with its keeper standing still there, m from the lower touchline; the ball is struck at 15."""
    data = change()
    for frame in data["frames"]:
        for player in frame["players"]:
            if player["id"] == data["keeper_id"]:
                player.update(x=103.0, y=across, vx=0.0, vy=0.0)
    return data


@pytest.mark.parametrize("across", [22.0, 34.0, 41.9])
def test_a_keeper_may_stand_anywhere_near_his_goal_or_on_the_balls_side_of_it(across: float, tmp_path: Path) -> None:
    keeper = read_situation(written(tmp_path, with_keeper_at(across))).keeper
    assert keeper == str(change()["keeper_id"])


def test_a_keeper_far_outside_the_other_post_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match=r"the keeper is 8\.1 m from the middle of the goal at the strike"):
        read_situation(written(tmp_path, with_keeper_at(42.1)))


@pytest.mark.parametrize("rate", [5, 8, 12, 20, 25, 50])
def test_the_same_attack_at_another_frame_rate_opens_as_the_same(rate: int, tmp_path: Path) -> None:
    shipped, other = read_situation(), read_situation(written(tmp_path, attack_at(1 / rate)))
    assert np.allclose(np.diff(other.times), 0.1)
    assert 0.0 in other.times
    rows = [shipped.frame(time) for time in other.times]
    # Between its own frames a slow recording is a straight line.
    away = 0.1 if rate >= 20 else 0.35
    assert np.nanmax(np.abs(other.players[..., :2] - shipped.players[rows][..., :2])) < away
    crosses = opened(2, file=written(tmp_path, attack_at(1 / rate)))
    assert np.allclose(crosses.worlds["players"]["x"][0], opened().worlds["players"]["x"][0], atol=away)
    assert play_to_the_end(crosses)


def test_a_player_is_seen_between_frames_that_both_show_him() -> None:
    times = np.arange(-10, 11) / 25
    player = np.tile(times[:, None, None], (1, 1, 4))
    player[7] = np.nan  # at -.12 s
    new, _, tracks = resampled(times, player[:, 0], player)
    assert new.tolist() == pytest.approx([-0.4, -0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3, 0.4])
    unseen = np.isnan(tracks[:, 0, 0])
    assert unseen.tolist() == [False, False, False, True, False, False, False, False, False]
    np.testing.assert_allclose(tracks[~unseen, 0, 0], new[~unseen], atol=1e-9)


def test_another_pitch_keeps_the_penalty_area_and_puts_lines_on_lines() -> None:
    """x, y, vx, vy on a pitch of 110 x 72 m, and where the Laws' markings say that this is in the world."""
    places = {
        (110.0, 36.0, 3.0, 4.0): (52.5, 0.0, 3.0, 4.0),  # the goal
        (99.0, 36.0, 3.0, 4.0): (41.5, 0.0, 3.0, 4.0),  # the spot
        (93.5, 36.0 - 20.16, 3.0, 4.0): (36.0, -20.16, 3.0, 4.0),  # the corner of the area
        (55.0, 72.0, 3.0, 4.0): (0.0, 34.0, 3.0 * 36.0 / 38.5, 4.0 * 13.84 / 15.84),  # halfway line and touchline
        (110.0, 0.0, 3.0, 4.0): (52.5, -34.0, 3.0, 4.0 * 13.84 / 15.84),  # the corner
    }
    track = np.array(list(places))
    Pitch(110.0, 72.0).turn_into_world_frame(False, track)
    np.testing.assert_allclose(track, list(places.values()), atol=1e-9)
    mirrored = np.array(list(places))
    Pitch(110.0, 72.0).turn_into_world_frame(True, mirrored)
    np.testing.assert_allclose(mirrored, track * (1.0, -1.0, 1.0, -1.0), atol=1e-9)


@pytest.mark.parametrize("size", [(110.0, 72.0), (100.0, 64.0)])
def test_an_attack_on_another_pitch_opens_at_the_same_distances_from_goal(
    size: tuple[float, float], tmp_path: Path
) -> None:
    length, width = size
    moved = mapped(lambda x, y, vx, vy: (x + length - 105, y + 0.5 * (width - 68), vx, vy))
    moved |= {"pitch": list(size), "frame": f"origin = bottom-left corner, attack towards x={length:g}"}
    file = written(tmp_path, moved)
    there, here = read_situation(file), read_situation()
    inside = (here.players[..., 0] > 36.0) & (np.abs(here.players[..., 1]) < 20.16)
    assert inside.sum() > 100
    np.testing.assert_allclose(there.players[inside], here.players[inside], atol=1e-9)
    assert np.nanmax(np.abs(there.players[~inside] - here.players[~inside])) > 1.0
    assert play_to_the_end(opened(2, file=file))
