"""Events: each row says what its record says, in the words in which match data are published."""

from pathlib import Path

import numpy as np
import pytest

from backpost.agents.base.play import play
from backpost.agents.ordinary import Ordinary
from backpost.envs.common.errors import InvalidFile
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import (
    CLEARED,
    CORNER_KICK,
    FATE_BLOCKED,
    FATE_GOAL,
    FATE_HELD,
    FATE_MISHIT,
    FATE_PARRIED,
    FATE_WIDE,
    FATE_WOODWORK,
    GOAL,
    HEADER,
    HIGH,
    KEEPER,
    OFFSIDE,
    OUT,
    VOLLEY,
    new_worlds,
)
from backpost.training.realism.events import CSV_COLUMNS, WORDS, csv_text, events, write_events

COLUMNS = (
    "seed, scenario, side, kind, swing, origin_x, origin_y, counter_attack, blocked, offside, flight_time, "
    "flight_distance, mean_horizontal_speed, first_contact_by, first_contact_x, first_contact_y, first_contact_z, "
    "zone, depth, first_contact_is_shot, shot_type, shot_distance, on_target, shot_outcome, nearest_opponent, "
    "direct_goal, any_shot, any_goal, scorer_speed, attackers_in_box, defenders_in_box"
)


def finished(outcome: int) -> np.recarray:
    """One record (1,) of an in-swinging corner, struck 2 s after the opening and not touched yet."""
    worlds = new_worlds(1)
    worlds.seed, worlds.outcome, worlds.set_piece = 7, outcome, CORNER_KICK
    delivery = worlds["delivery"]
    delivery["struck_at"], delivery["kind"], delivery["swing"] = 2.0, HIGH, -1.0
    delivery["origin_x"], delivery["origin_y"] = 52.5, -34.0
    worlds.phase_since = 4.5
    return worlds


def touched(worlds: np.recarray, by: int, note: str = "first_contact", **how: float) -> None:
    """Write a contact 1.6 s after the strike at the far post, 4 m from the goal line."""
    worlds[note]["by"], worlds[note]["time"] = by, 3.6
    worlds[note]["x"], worlds[note]["y"], worlds[note]["z"] = 48.5, 4.0, 2.0
    worlds[note]["teammates"], worlds[note]["opponents"] = 5, 8
    for name, value in how.items():
        worlds[note][name] = value


def line(worlds: np.recarray) -> dict[str, str]:
    """The row of one record in the file."""
    header, values = csv_text(events(worlds)).splitlines()
    return dict(zip(header.split(","), values.split(","), strict=True))


def test_a_headed_goal_at_the_far_post_is_told_in_full() -> None:
    worlds = finished(GOAL)
    for note in ("first_contact", "first_shot", "last_shot"):
        touched(worlds, 3, note, technique=HEADER, xg=0.25, fate=FATE_GOAL, gap=1.5, speed=5.5)
    worlds["shot"]["count"], worlds["ball"]["last_touch"] = 1, 3
    delivery = "7,corner,right,high,in,52.5,-34,0,0,0,1.6,38.21,23.881"
    contact = "attacker,48.5,4,2,far,4,1,header,5.657,1,goal,1.5,1,1,1,5.5,5,8"
    assert csv_text(events(worlds)).splitlines()[1] == f"{delivery},{contact}"


def test_what_did_not_happen_is_empty_in_the_file() -> None:
    cells = line(finished(OUT))
    assert (cells["first_contact_by"], cells["shot_type"], cells["any_goal"]) == ("none", "none", "0")
    for name in (
        "flight_time",
        "first_contact_x",
        "zone",
        "depth",
        "shot_distance",
        "on_target",
        "shot_outcome",
        "scorer_speed",
    ):
        assert cells[name] == "", name


def test_the_clearance_of_a_defender_counts_his_team_as_the_defence() -> None:
    worlds = finished(CLEARED)
    touched(worlds, KEEPER + 3)
    cells = line(worlds)
    assert (cells["first_contact_by"], cells["attackers_in_box"], cells["defenders_in_box"]) == ("defender", "8", "5")


def test_the_woodwork_is_not_on_target_and_a_ball_that_was_never_struck_is_no_cross() -> None:
    shot, unstruck = finished(OUT), finished(OUT)
    touched(shot, 3, technique=HEADER, xg=0.1, fate=FATE_WOODWORK)
    unstruck["delivery"]["struck_at"] = 99.0
    table = events(np.concatenate([shot, unstruck]).view(np.recarray))
    assert table["on_target"].tolist() == [0.0]


@pytest.mark.parametrize(
    ("fate", "outcome", "on_target"),
    [
        (FATE_GOAL, "goal", "1"),
        (FATE_HELD, "saved", "1"),
        (FATE_PARRIED, "saved", "1"),
        (FATE_BLOCKED, "blocked", "0"),
        (FATE_WIDE, "wide", "0"),
        (FATE_MISHIT, "wide", "0"),
        (FATE_WOODWORK, "woodwork", "0"),
    ],
)
def test_a_shot_ends_in_the_words_of_match_data(fate: int, outcome: str, on_target: str) -> None:
    worlds = finished(OUT)
    touched(worlds, 3, technique=VOLLEY, xg=0.1, fate=fate)
    cells = line(worlds)
    assert (cells["shot_outcome"], cells["on_target"]) == (outcome, on_target)


def test_men_down_are_outfield_defenders_less_receivers_in_the_box_at_the_strike() -> None:
    worlds = finished(OUT)
    players = worlds["players"]
    inside = [0, 1, 2, KEEPER, *range(KEEPER + 1, KEEPER + 5)]
    players["present"][0, inside] = 1
    players["strike_x"][0, inside], players["strike_y"][0, inside] = 45.0, 5.0
    assert events(worlds)["men_down"] == 2
    players["strike_x"][0, 2], players["present"][0, KEEPER + 4] = 35.9, 0
    assert events(worlds)["men_down"] == 2
    players["strike_y"][0, KEEPER + 3] = 20.2
    assert events(worlds)["men_down"] == 1


def test_only_a_flag_before_the_first_touch_is_an_offside_cross() -> None:
    flagged, later = finished(OFFSIDE), finished(OFFSIDE)
    touched(later, 3)
    assert events(flagged)["offside"] == 1
    assert events(later)["offside"] == 0


def test_an_own_goal_is_no_goal_of_the_attack_and_no_expected_one() -> None:
    worlds = finished(GOAL)
    touched(worlds, KEEPER + 3)
    worlds["ball"]["last_touch"], worlds.xg = KEEPER + 3, 1.2
    table = events(worlds)
    assert (table["any_goal"][0], table["xg"][0]) == (0, pytest.approx(0.2))
    worlds["ball"]["last_touch"] = 3
    assert (events(worlds)["any_goal"][0], events(worlds)["goal_time"][0]) == (1, 2.5)


def test_the_file_has_the_promised_columns_and_one_line_a_cross(tmp_path: Path) -> None:
    assert ", ".join(CSV_COLUMNS) == COLUMNS
    table = events(play(Ordinary(), "OpenPlay", episode_seeds("verify", 0, 0, 50)))
    write_events(tmp_path / "events.csv", table)
    lines = (tmp_path / "events.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 51
    cells = [dict(zip(CSV_COLUMNS, line.split(","), strict=True)) for line in lines[1:]]
    assert [int(cell["seed"]) for cell in cells] == table["seed"].tolist()
    assert all(cell[name] in words for cell in cells for name, words in WORDS.items())
    with pytest.raises(InvalidFile, match="cannot write"):
        write_events(tmp_path / "nowhere" / "events.csv", table)


def test_what_is_told_of_played_crosses_hangs_together() -> None:
    table = events(play(Ordinary(), "OpenPlay", episode_seeds("verify", 0, 0, 600)))
    direct, met = table["first_contact_is_shot"] == 1, np.isfinite(table["flight_time"])
    assert direct.sum() > 20
    assert (table["any_shot"][direct] == 1).all()
    assert (table["any_goal"][table["direct_goal"] == 1] == 1).all()
    assert (np.isfinite(table["shot_distance"]) == direct).all()
    assert ((WORDS["first_contact_by"].index("none") == table["first_contact_by"]) == ~met).all()
    speed = table["mean_horizontal_speed"][met]
    assert ((speed > 0.0) & (speed < 40.0)).all()
    assert (np.isfinite(table["goal_time"]) == (table["any_goal"] == 1)).all()
