"""Cells: every published cell is counted as it was published, on crosses that are made by hand."""

import numpy as np
import pytest
from made_events import blank

from backpost.agents.base.play import play
from backpost.agents.ordinary import Ordinary
from backpost.envs.interface.outcome import SHOT_OUTCOMES, ZONES
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import CUTBACK, LOW
from backpost.training.realism.cells import KINDS, SUBSETS, cells, measured_cells
from backpost.training.realism.events import BY, SCENARIOS, SHOT_TYPES, Events, events
from backpost.training.realism.measure import measure
from backpost.training.realism.published import published
from backpost.training.realism.sample import Measured, Sample


def met(table: Events, which: slice, by: str, zone: str = "central", depth: float = 8.0) -> None:
    """Let these crosses be met first by this kind of player."""
    table["first_contact_by"][which], table["zone"][which] = BY.index(by), ZONES.index(zone)
    table["depth"][which], table["flight_time"][which] = depth, 1.5


def shot(table: Events, which: slice, kind: str, outcome: str, gap: float = 1.2) -> None:
    """Let these crosses be met by a shot of an attacker at the penalty spot."""
    met(table, which, "attacker")
    table["first_contact_is_shot"][which], table["any_shot"][which] = 1, 1
    table["shot_type"][which], table["shot_outcome"][which] = SHOT_TYPES.index(kind), SHOT_OUTCOMES.index(outcome)
    table["on_target"][which] = outcome in ("goal", "saved")
    table["direct_goal"][which] = table["any_goal"][which] = outcome == "goal"
    table["shot_distance"][which], table["nearest_opponent"][which] = 8.0, gap


def counted(table: Events) -> dict[str, Measured]:
    return measured_cells(Sample(table))


def test_every_published_cell_is_there_with_target_band_and_credit() -> None:
    assert len(cells()) == len({cell.id for cell in cells()}) == 200
    assert {cell.statistic for cell in cells()} == set(KINDS)
    assert {cell.subset for cell in cells()} == set(SUBSETS)
    assert all(cell.low <= cell.target <= cell.high and cell.size > 0 for cell in cells())
    assert all(cell.source.startswith(("Wyscout", "StatsBomb")) for cell in cells())


def test_places_count_the_first_contacts_of_outfield_players_there() -> None:
    table = blank(100)
    met(table, slice(0, 10), "attacker", depth=12.0)
    met(table, slice(10, 30), "defender", depth=12.0)
    met(table, slice(30, 40), "keeper", depth=12.0)
    met(table, slice(40, 60), "defender", "near", 5.0)
    met(table, slice(60, 70), "attacker", "outside", 20.0)
    here = counted(table)
    first = here["open_high-central-11-16.5 m-attacker first"]
    assert first.value == pytest.approx(10 / 30)
    assert first.count == 30
    share = here["open_high-central-11-16.5 m-share of first contacts in the box"]
    assert share.value == pytest.approx(30 / 50)
    assert share.count == 50
    assert here["open_high-near-0-5.5 m-share of first contacts in the box"].value == pytest.approx(20 / 50)
    assert (here["open_high-keeper first"].value, here["open_high-keeper first"].count) == (0.1, 100)
    assert here["open_high-central-attacker first"].count == 30


def test_out_of_play_is_what_nobody_touches_without_a_flag() -> None:
    table = blank(50)
    table["scenario"] = SCENARIOS.index("free kick")
    met(table, slice(0, 20), "defender")
    table["offside"][20:25], table["blocked"][25:30] = 1, 1
    here = counted(table)
    assert here["fk_cross-out of play"].value == 20 / 50
    assert here["fk_cross-offside"].value == 5 / 50
    assert here["fk_cross-out of play"].count == 50


def test_subsets_are_told_apart_by_kind_origin_block_and_swing() -> None:
    table = blank(80)
    table["kind"][:10], table["kind"][10:15] = LOW, CUTBACK
    table["blocked"][15:20], table["counter_attack"][20:23] = 1, 1
    table["origin_y"][30:40], table["origin_x"][40:50] = -15.0, 30.0
    table["scenario"][60:], table["swing"][60:68], table["swing"][68:] = SCENARIOS.index("corner"), -1, 1
    here = counted(table)
    sizes = {cell.subset: here[cell.id].count for cell in cells() if cell.statistic in ("offside", "out of play")}
    assert sizes["open_high"] == 60 - 15 - 5
    assert sizes["open_low"] == 10
    assert sizes["open_from_inside_box"] == 10
    assert sizes["open_beside_box"] == 60 - 5 - 5 - 10 - 10
    assert sizes["open_deep_wide"] == 10
    assert (sizes["corner_high"], sizes["corner_high_inswing"], sizes["corner_high_outswing"]) == (20, 8, 12)
    assert here["open_counter_tag-first contact is a shot"].count == 3


def test_shots_are_told_apart_by_how_they_end() -> None:
    table = blank(200)
    for first, outcome, count in ((0, "goal", 10), (10, "saved", 20), (30, "blocked", 15), (45, "wide", 50)):
        shot(table, slice(first, first + count), "foot", outcome)
    shot(table, slice(95, 100), "foot", "woodwork")
    here = counted(table)
    assert here["open_high-direct foot: on target"].value == 30 / 100
    assert here["open_high-direct foot: goal if on target"].value == pytest.approx(10 / 30)
    assert here["open_high-direct foot: goal if on target"].count == 30
    assert here["open_high-direct foot: blocked"].value == 15 / 100
    assert here["open_high-direct foot: conversion"].value == 10 / 100
    assert here["open_beside_box-first contact is a shot"].value == 100 / 200
    assert here["open_beside_box-shot within 10 s"].value == 100 / 200
    assert here["open_high-central-conversion of direct shots"].value == 10 / 100


def test_expected_goals_replace_goals_in_the_shots_on_target_too() -> None:
    table = blank(100)
    shot(table, slice(0, 40), "header", "wide")
    shot(table, slice(40, 100), "header", "saved")
    table["first_xg"][:40] = 0.5
    here = measured_cells(Sample(table, expected=True))["open_high-direct header: goal if on target"]
    assert here.value == pytest.approx(20 / (20 + 60))


def test_gaps_are_those_of_shots_in_every_scenario() -> None:
    table = blank(90)
    table["scenario"] = np.tile([SCENARIOS.index(name) for name in ("open play", "corner", "free kick")], 30)
    shot(table, slice(0, 30), "header", "goal", gap=0.5)
    shot(table, slice(30, 40), "header", "wide", gap=0.5)
    shot(table, slice(40, 90), "header", "wide", gap=1.2)
    here = counted(table)
    assert here["all direct headers-0.0-0.75 m-conversion by nearest opponent"].value == 30 / 40
    assert here["all direct headers-1.0-1.5 m-share of shots by nearest opponent"].value == pytest.approx(50 / 90)


def test_measure_gives_every_judged_row_and_cell_once_with_its_error() -> None:
    table = events(play(Ordinary(), "Match", episode_seeds("verify", 0, 0, 1500)))
    figures = {figure.id: figure for figure in measure(table)}
    assert list(figures) == [row.id for row in published() if not row.input] + [cell.id for cell in cells()]
    first = figures["open_high_first_att"]
    assert first.se == pytest.approx(np.sqrt(first.value * (1 - first.value) / first.events), rel=0.02)
    low, target, high = first.low, first.target, first.high
    assert (low, target, high) == (0.21, 0.254, 0.3)
