"""Realism: every published row is computed from events alone, with its interval, and judged honestly."""

import json
from dataclasses import asdict

import numpy as np
import pytest
from made_events import blank

from backpost.agents.base.play import play
from backpost.agents.ordinary import Ordinary
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import CUTBACK, LOW, SIDE_FOOT, VOLLEY
from backpost.training.realism import realism
from backpost.training.realism.events import BY, SCENARIOS, SHOT_TYPES, events
from backpost.training.realism.published import COUNTED, published, rows
from backpost.training.realism.sample import Measured
from backpost.training.realism.target import Target


def test_every_published_row_is_there_with_target_band_and_credit() -> None:
    assert len(published()) == 49
    assert {row.id for row in published()} == set(COUNTED)
    assert {row.stage for row in published()} == set(realism.ASKED)
    for row in published():
        assert row.low <= row.target <= row.high, row.id
        assert min(len(row.source), len(row.definition)) > 8, row.id
    wyscout = [row for row in published() if row.source.startswith("Wyscout")]
    assert all("Pappalardo et al. 2019, CC BY 4.0" in row.source for row in wyscout)
    assert len(wyscout) == 32
    assert [row.id for row in published() if row.input] == ["scan_rate"]


def test_a_cutback_is_counted_beside_the_crosses() -> None:
    table = blank(100)
    table["kind"][:20], table["kind"][20:24] = LOW, CUTBACK
    table["first_contact_by"][:24] = BY.index("attacker")
    here = rows(table)
    assert (here["open_low_first_att"].count, here["open_low_first_att"].value) == (20, 1.0)
    assert (here["cutback_first_att"].count, here["cutback_first_att"].value) == (4, 1.0)
    assert here["open_high_share"].value == pytest.approx(76 / 96)
    assert here["cutback_share"].value == pytest.approx(4 / 96)
    assert here["open_blocked_share"].count == 96


def test_each_row_counts_its_own_scenario() -> None:
    table = blank(40)
    table["scenario"][10:20], table["scenario"][20:30] = SCENARIOS.index("corner"), SCENARIOS.index("free kick")
    table["scenario"][30:], table["counter_attack"][30:] = SCENARIOS.index("transition"), 1
    table["offside"][20:25], table["any_shot"][30:33], table["blocked"][:5] = 1, 1, 1
    table["swing"][10:14], table["first_contact_by"][10:12] = -1, BY.index("keeper")
    here = rows(table)
    assert (here["fk_offside"].value, here["open_offside"].value) == (0.5, 0.0)
    assert (here["wc2018_attempt_counter"].value, here["open_shot10"].value) == (0.3, 0.15)
    assert (here["corner_in_gk"].value, here["corner_in_gk"].count) == (0.5, 4)
    assert (here["open_blocked_share"].value, here["open_high_first_gk"].value) == (0.25, 0.0)
    assert here["shots_from_crosses_conv_wc"].count == 0


def test_shots_are_sorted_by_technique_distance_and_pressure() -> None:
    table = blank(400)
    table["first_contact_is_shot"], table["first_contact_by"] = 1, BY.index("attacker")
    table["shot_type"] = SHOT_TYPES.index("header")
    table["shot_distance"], table["nearest_opponent"] = np.repeat([6.0, 12.0], 200), np.tile([0.5, 2.5], 200)
    table["direct_goal"][:60:2], table["direct_goal"][1:200:2] = 1, 1
    table["any_goal"], table["shots"], table["zone"] = table["direct_goal"], 1, np.tile([1, 1, 2, 2], 100)
    table["shooter_covered"], table["shooter_speed"] = np.repeat([5.0, 1.0], 200), 6.0
    here = rows(table)
    assert (here["header_conv_5_7m"].value, here["header_conv_11_13m"].value) == (130 / 200, 0.0)
    assert here["header_conv_free_vs_tight"].value == pytest.approx(100 / 30)
    assert here["goalshare_central_open_high"].value == 65 / 130
    assert here["shots_from_crosses_conv_wc"].value == pytest.approx(130 / 400)
    assert (here["scorer_distance_during_flight"].value, here["scorer_distance_during_flight"].count) == (5.0, 130)
    assert here["foot_conv_high"].count == 0


def test_numbers_in_the_box_are_compared_by_crosses() -> None:
    table = blank(500)
    table["men_down"] = np.repeat([0, 1, 2, 4, 3], 100)
    for first, count in ((0, 40), (100, 30), (200, 25), (300, 15), (400, 90)):
        table["first_contact_by"][first : first + count] = BY.index("attacker")
    here = rows(table)
    assert here["attackers_first_parity_two_down"].value == pytest.approx(40 / 25)
    assert here["attackers_first_one_four_down"].value == pytest.approx(30 / 15)


def test_a_volley_is_compared_with_other_kicks_from_the_same_distance() -> None:
    """Volleys are taken from nearer here, so that the plain odds would speak for them."""
    table = blank(400)
    table["first_contact_is_shot"], table["first_contact_by"] = 1, BY.index("attacker")
    table["shot_type"], table["shot_technique"] = SHOT_TYPES.index("foot"), SIDE_FOOT
    table["shot_distance"] = np.repeat([6.5, 12.5], 200)
    table["shot_technique"][:150], table["shot_technique"][200:250] = VOLLEY, VOLLEY
    # Odds of 1/2 and 1 from near, of 1/9 and 2/9 from afar.
    for first, goals in ((0, 50), (150, 25), (200, 5)):
        table["direct_goal"][first : first + goals] = 1
    table["first_xg"][250:] = 2 / 11
    table["first_xg"][:250] = table["direct_goal"][:250]
    assert rows(table, expected=True)["volley_odds"].value == pytest.approx(0.5)


@pytest.mark.parametrize(
    ("here", "expected"),
    [
        (Measured(0.2, 0.19, 0.21, 5000), "in band"),
        (Measured(0.4, 0.39, 0.41, 5000), "outside"),
        (Measured(0.2, 0.1, 0.3, 5000), "too few"),
        (Measured(0.9, 0.7, 1.0, 60), "outside"),
        (Measured(0.2, 0.19, 0.21, 49), "too few"),
        (Measured(np.nan, np.nan, np.nan, 0), "too few"),
    ],
)
def test_a_verdict_needs_enough_events_and_an_interval_that_can_tell(here: Measured, expected: str) -> None:
    number = Target("x", target=0.2, low=0.15, high=0.25, size=1, source="", counts="")
    assert realism.verdict(number, here) == expected


def test_expected_goals_say_what_goals_say_with_less_noise() -> None:
    table = events(play(Ordinary(), "OpenPlay", episode_seeds("verify", 0, 0, 1500)))
    counted, expected = rows(table), rows(table, expected=True)
    for name in ("open_goal10", "header_conv_open", "foot_conv_low"):
        here, there = counted[name], expected[name]
        assert there.high - there.low < here.high - here.low
        assert max(there.low, here.low) < min(there.high, here.high)
    unchanged = [name for name in COUNTED if "first" in name or "flight_median" in name]
    assert all(repr(counted[name]) == repr(expected[name]) for name in unchanged)


def test_events_depend_on_the_seeds_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = episode_seeds("verify", 0, 0, 300)
    whole = realism.play_events("OpenPlay", seeds)
    monkeypatch.setattr(realism, "CHUNK", 70)
    assert realism.play_events("OpenPlay", seeds).tobytes() == whole.tobytes()


def test_the_table_has_every_row_by_stage_and_the_credits() -> None:
    count = 0

    def progress(ended: int) -> None:
        nonlocal count
        count += ended

    result = realism.realism(400, progress=progress)
    text = realism.table(result)
    assert count == result.crosses == sum(result.scenarios.values()) == 400
    assert (len(result.rows), len(result.cells)) == (49, 200)
    assert sum(counts.counted for counts in result.stages.values()) == result.totals["rows"].counted == 48
    assert sum(counts.counted for counts in result.kinds.values()) == result.totals["cells"].counted == 200
    json.dumps(asdict(result), allow_nan=False)
    for group, counts in (result.stages | result.kinds).items():
        assert f"{group}: {counts.in_band} of {counts.counted} in band" in text
    assert f"all cells: {result.totals['cells'].in_band} of 200 in band" in text
    assert "Sci Data 6, 236 (2019), CC BY 4.0" in text
    assert text.count("input") == 2
