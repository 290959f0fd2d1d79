"""Promises of training/calibration: stages that stay apart, ranges that hold, bits that repeat."""

import json
import math
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backpost.envs.common.errors import InvalidFile, InvalidValue, UnknownName
from backpost.envs.common.lock import Lock
from backpost.envs.world import parameter_table
from backpost.training.calibration import loss as losses
from backpost.training.calibration.calibrate import FILE, Budget, Problem, calibrate, play_rows
from backpost.training.calibration.loss import Band, Statistic
from backpost.training.calibration.report import apply, calibration_table
from backpost.training.calibration.search import MARGIN, Search
from backpost.training.calibration.stages import SECOND_BALL, STAGES, WITHIN_10_S, Stage
from backpost.training.calibration.workers import Block
from backpost.training.realism.published import published
from backpost.training.sensitivity.played import claims_of, crosses_to_play, played_sensitivity
from backpost.training.sensitivity.sensitivity import ClaimEffect, sensitivity, settings
from backpost.training.sensitivity.sensitivity import table as sensitivity_table

RANGES = {parameter.name: (parameter.low, parameter.high) for parameter in parameter_table.TABLE}
DEFAULTS = {parameter.name: parameter.default for parameter in parameter_table.TABLE}
BANDS = {
    "clean_row": Band(0.5, 0.45, 0.55),
    "error_row": Band(0.12, 0.11, 0.13),
    "tackle_row": Band(0.7, 0.63, 0.77),
    "share": Band(0.5, 0.3, 0.6),
}
FIRST = Stage("first", ("clean", "header_error"), {"clean_row": 1.0, "error_row": 1.0}, 100, 12, 1.0, ("share",))
SECOND = Stage("second", ("tackle",), {"tackle_row": 1.0}, 100, 12, 1.0)
BUDGET = Budget(workers=1)


def measured(values: Mapping[str, float], block: Block) -> dict[str, Statistic]:
    """A small world: each row is a parameter, and all rows share the luck of the block."""
    now = DEFAULTS | dict(values)
    luck = 0.01 * np.random.default_rng(block[:2]).standard_normal()
    return {
        "clean_row": Statistic(now["clean"] + luck, block[2]),
        "error_row": Statistic(now["header_error"] * now["clean"] / 0.5 + luck, block[2]),
        "tackle_row": Statistic(now["tackle"] + luck, block[2]),
        "share": Statistic(now["clean"], block[2]),
    }


PROBLEM = Problem((FIRST, SECOND), BANDS, measured)


def without_seconds(content: Any) -> Any:
    """A calibration without how long it took."""
    text = json.dumps(content)
    return json.loads(text, object_hook=lambda entry: {key: entry[key] for key in entry if key != "seconds"})


def interrupt_after(lines: int, folder: Path) -> None:
    """Begin a calibration and leave it by a Ctrl-C."""
    heard: list[str] = []

    def interrupt(line: str) -> None:
        heard.append(line)
        if len(heard) == lines:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        calibrate(folder, budget=BUDGET, problem=PROBLEM, progress=interrupt)


def test_rows_are_brought_into_their_bands_and_the_file_is_what_was_returned(tmp_path: Path) -> None:
    result = calibrate(tmp_path, budget=BUDGET, problem=PROBLEM)
    assert json.loads((tmp_path / FILE).read_text()) == result
    rows = result["stages"]["second"]["rows"]
    assert not any(BANDS[name].holds(result["stages"]["first"]["rows"][name]["before"]["value"]) for name in rows)
    assert all(BANDS[name].holds(rows[name]["after"]["value"]) for name in rows)
    page = calibration_table(result, BANDS)
    assert "| tackle_row | 0.7 | 0.63 to 0.77 |" in page
    assert f"| tackle | {DEFAULTS['tackle']:g} |" in page


def test_a_stage_never_touches_parameters_of_another(tmp_path: Path) -> None:
    asked: list[tuple[int, dict[str, float]]] = []

    def watched(values: Mapping[str, float], block: Block) -> dict[str, Statistic]:
        asked.append((block[0] % 100, dict(values)))
        return measured(values, block)

    result = calibrate(tmp_path, budget=BUDGET, problem=replace(PROBLEM, measure=watched))
    first = result["stages"]["first"]["chosen"]
    assert all(values.keys() == {"clean", "header_error"} for stage, values in asked if stage == 0)
    later = [values for stage, values in asked if stage == 1]
    assert all({name: values[name] for name in first} == first for values in later)
    assert len({values["tackle"] for values in later}) > 10


def test_candidates_of_a_generation_meet_the_same_crosses_and_the_next_meets_others(tmp_path: Path) -> None:
    blocks: list[Block] = []

    def watched(values: Mapping[str, float], block: Block) -> dict[str, Statistic]:
        blocks.append(block)
        return measured(values, block)

    calibrate(tmp_path, ["first"], BUDGET, replace(PROBLEM, measure=watched))
    size = Search({name: DEFAULTS[name] for name in FIRST.parameters}, (0,)).size
    assert blocks == [(0, 100 * n, 100) for n in range(12) for _ in range(size)] + [(100, 0, 400)] * 2


@pytest.mark.parametrize("after", [1, 11, 12, 13, 15])
def test_an_interrupted_calibration_goes_on_to_the_same_bits(tmp_path: Path, after: int) -> None:
    whole = calibrate(tmp_path / "whole", budget=BUDGET, problem=PROBLEM)

    interrupt_after(after, tmp_path / "parts")
    parts = calibrate(tmp_path / "parts", budget=BUDGET, problem=PROBLEM)
    assert without_seconds(parts) == without_seconds(whole)


def test_a_search_is_not_continued_on_another_world(tmp_path: Path) -> None:
    interrupt_after(2, tmp_path)
    content = json.loads((tmp_path / FILE).read_text())
    stage = content["stages"]["first"]
    for changed, what in (
        ({"world": 0}, "another world"),
        ({"generations": [stage["generations"][0] | {"place": [0.0, 0.0]}]}, "another generation 1"),
    ):
        (tmp_path / FILE).write_text(json.dumps(content | {"stages": {"first": stage | changed}}))
        with pytest.raises(InvalidFile, match=what):
            calibrate(tmp_path, budget=BUDGET, problem=PROBLEM)


def test_no_parameter_comes_nearer_to_a_bound_than_the_margin() -> None:
    names = FIRST.parameters + SECOND.parameters
    for sign in (-1.0, 1.0):
        search = Search({name: RANGES[name][0 if sign < 0 else 1] for name in names}, (0,))
        for _ in range(60):
            candidates = search.ask()
            for values in (*candidates, search.mean()):
                for name, value in values.items():
                    low, high = RANGES[name]
                    margin = (MARGIN - 1e-9) * (high - low)
                    assert low + margin <= value <= high - margin
            search.tell([-sign * 100.0 * sum(values.values()) for values in candidates])


def test_a_candidate_outside_a_hard_constraint_loses_to_every_other() -> None:
    weights = {"clean_row": 1.0}
    rows = {"clean_row": Statistic(0.5, 100), "share": Statistic(0.61, 100)}
    worst = {"clean_row": Statistic(1e-9, 100), "share": Statistic(0.59, 100)}
    farther = rows | {"share": Statistic(0.9, 100)}
    losing = [losses.loss(candidate, BANDS, weights, ("share",)) for candidate in (worst, rows, farther)]
    assert losing == sorted(losing)
    assert losing[0] < losses.REJECTED < losing[1] < losing[2]
    unknown = losses.loss(worst | {"share": Statistic(math.nan, 0)}, BANDS, weights, ("share",))
    assert losses.REJECTED < unknown < math.inf, "what cannot be told is outside too"


def test_the_loss_of_a_row_is_small_in_the_central_half_of_its_band_and_grows_without_end() -> None:
    row = Band(0.2, 0.1, 0.3)
    values = [0.2, 0.2 * 0.5**0.5, 0.101, 0.07, 0.03, 0.01]
    growing = [losses.row_loss(row, Statistic(value, 100)) for value in values]
    assert growing[0] == 0.0
    assert growing[1] == pytest.approx(losses.INSIDE_PULL)
    assert growing[2] == pytest.approx(1.0, abs=0.1)
    assert growing == sorted(growing)


def test_a_row_with_too_few_events_does_not_count_whatever_its_value() -> None:
    row = Band(0.2, 0.1, 0.3)
    few = [losses.row_loss(row, Statistic(value, losses.ENOUGH - 1)) for value in (0.2, 0.9, math.nan)]
    assert few == [losses.UNCOUNTED] * 3


def test_direct_contacts_are_never_fitted_to_numbers_that_count_ten_seconds() -> None:
    late = {row.id for row in published() if row.stage == WITHIN_10_S}
    *direct, whole = STAGES
    assert not any(late & stage.rows.keys() for stage in direct)
    assert all(name.startswith(SECOND_BALL) for name in whole.parameters)
    assert not any(name.startswith(SECOND_BALL) for stage in direct for name in stage.parameters)


def test_stages_share_no_parameter_and_name_only_what_exists() -> None:
    names = [name for stage in STAGES for name in stage.parameters]
    assert len(names) == len(set(names))
    assert set(names) <= RANGES.keys()
    assert {row for stage in STAGES for row in (*stage.rows, *stage.constraints)} <= losses.bands().keys()


def test_chosen_values_become_the_defaults_of_the_source_file(tmp_path: Path) -> None:
    source = tmp_path / "parameter_table.py"
    source.write_text(Path(parameter_table.__file__).read_text())
    result = {"stages": {"first": {"chosen": {"clean": 0.511, "cue_class_early": 0.45}}, "second": {}}}
    assert apply(result, source) == 2
    changed: dict[str, Any] = {"__name__": "backpost.envs.world.changed", "__package__": "backpost.envs.world"}
    exec(source.read_text(), changed)
    defaults = {parameter.name: parameter.default for parameter in changed["TABLE"]}
    assert defaults == DEFAULTS | {"clean": 0.511, "cue_class_early": 0.45}
    with pytest.raises(InvalidFile, match="exactly once"):
        apply({"stages": {"first": {"chosen": {"clan": 0.5}}}}, source)


def test_a_folder_keeps_to_its_calibration(tmp_path: Path) -> None:
    calibrate(tmp_path, ["first"], replace(BUDGET, generations=1), PROBLEM)
    with pytest.raises(InvalidFile, match="name a new folder"):
        calibrate(tmp_path, budget=BUDGET, problem=PROBLEM, seed=1)
    with pytest.raises(UnknownName, match="valid choices are first, second"):
        calibrate(tmp_path, ["third"], BUDGET, PROBLEM)
    (tmp_path / FILE).write_text('{"seed": 0, "stages": {"first": {"generations": [{"losses": "x"}]}}}')
    with pytest.raises(InvalidFile, match=r"calibration .* is malformed"):
        calibrate(tmp_path, budget=BUDGET, problem=PROBLEM)


def test_the_result_does_not_depend_on_the_number_of_workers(tmp_path: Path) -> None:
    results = [calibrate(tmp_path / str(n), ["flight"], Budget(generations=1, crosses=20, workers=n)) for n in (1, 2)]
    assert without_seconds(results[0]) == without_seconds(results[1])


@pytest.mark.parametrize("wrong", [{"minutes": 0.0}, {"minutes": math.nan}, {"generations": 0}, {"crosses": -1}])
def test_a_budget_must_be_something(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match=f"{next(iter(wrong))} must be"):
        Budget(**wrong)


def test_every_row_of_the_stages_is_measured_on_crosses_of_the_match() -> None:
    rows = play_rows({"clean": 0.5}, (0, 0, 60))
    assert {row for stage in STAGES for row in (*stage.rows, *stage.constraints)} <= rows.keys()
    again = play_rows({"clean": 0.5}, (0, 0, 60))
    assert repr(rows) == repr(again)


def test_sensitivity_tells_what_leaves_its_band_and_which_effects_change_side() -> None:
    def rows(values: Mapping[str, float]) -> Mapping[str, Statistic]:
        return {"clean_row": Statistic(0.5 + 0.2 * min(values.get("gaze_cosine", 0.5) - 0.5, 0.0), 100)}

    def claims(values: Mapping[str, float]) -> Mapping[str, ClaimEffect]:
        moves = values.get("gaze_cosine", 0.5)
        side = "above" if moves > 0.25 else "below"
        return {
            "G1": ClaimEffect(0.3 if moves > 0.25 else None, "xG per 100 crosses", side),
            "G2": ClaimEffect(moves, "xG per 100 crosses", side),
            "G3": ClaimEffect(9.0 * moves, "xG per 100 direct shots", "above"),
        }

    result = sensitivity(rows, claims, 100, ["gaze_cosine", "turn_rate"], BANDS)
    low, high, *still = result.settings
    assert low.leave == ("clean_row",)
    assert low.turned == dict.fromkeys(("G1", "G2"), ("above", "below"))
    assert low.largest_effect is not None
    assert low.largest_effect.id == "G2"
    assert high.leave == ()
    assert all(moved.largest_row is not None and moved.largest_row.move == 0 and not moved.turned for moved in still)
    assert settings(["gaze_cosine", "turn_rate"]) == 1 + len(result.settings)
    assert "| gaze_cosine | 0.5 | 0 | clean_row |" in sensitivity_table(result)
    with pytest.raises(UnknownName, match="valid choices"):
        sensitivity(rows, claims, 100, ["gaze"], BANDS)


def test_every_setting_of_the_sensitivity_meets_the_same_crosses() -> None:
    played: list[int] = []
    result = played_sensitivity(16, ("cue_time",), played.append)
    assert sum(played) == crosses_to_play(16, ("cue_time",))
    low, high = result.settings
    assert low.claims.keys() == high.claims.keys() >= {"G1", "G4", "G8"}
    assert claims_of(16)({"cue_time": low.value}) == low.claims


def test_two_calibrations_do_not_work_in_one_folder(tmp_path: Path) -> None:
    with (
        Lock(tmp_path / "lock", "busy"),
        pytest.raises(InvalidFile, match=f"another process is calibrating in {tmp_path}"),
    ):
        calibrate(tmp_path, budget=BUDGET, problem=PROBLEM)
    assert not (tmp_path / FILE).exists()
    calibrate(tmp_path, budget=BUDGET, problem=PROBLEM)
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_without_cma_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cma", None)
    with pytest.raises(ModuleNotFoundError, match="cma"):
        calibrate(tmp_path / "folder", budget=BUDGET, problem=PROBLEM)
    assert list(tmp_path.iterdir()) == []
