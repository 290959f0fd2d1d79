"""Promises of a whole calibration: it finds what is there, resumes to the same bits, and keeps to its folder."""

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import a_linear_world as world
import numpy as np
import pytest
from a_linear_world import FINISHING, FINISHING_TRUTH, NAMES, PROBLEM, TRUTH, free, shares

from backpost.envs.common.errors import InvalidFile, InvalidValue
from backpost.envs.common.lock import Lock
from backpost.envs.world import parameter_table
from backpost.training.calibration.calibrate import COMPARED_STREAM, FILE, FINISHING_STREAM, SAVED, Settings, calibrate
from backpost.training.calibration.content import Calibration, read
from backpost.training.calibration.figures import Block, kinds, play_figures
from backpost.training.calibration.free_parameters import NARROWER, finishing_parameters, free_parameters
from backpost.training.calibration.report import apply, calibration_table
from backpost.training.realism.measure import Figure

SETTINGS = Settings(rounds=4, points=40, crosses=400, centre_crosses=20_000, finishing_crosses=5_000, workers=1)
SHORT = replace(SETTINGS, rounds=2, points=8)
EVALUATIONS = 2 * (1 + 8) + 2
"""Of a short calibration: two centres with their points, and the comparison."""

Measure = Callable[[Mapping[str, float], Block], list[Figure]]


def without_seconds(content: Calibration) -> Any:
    """A calibration without how long it took."""
    text = json.dumps(asdict(content))
    return json.loads(text, object_hook=lambda entry: {key: entry[key] for key in entry if key != "seconds"})


def stopping_at(evaluation: int) -> Measure:
    """The linear world, which is left by a Ctrl-C in one of its evaluations."""
    done: list[Block] = []

    def measure(values: Mapping[str, float], block: Block) -> list[Figure]:
        done.append(block)
        if len(done) > evaluation:
            raise KeyboardInterrupt
        return world.measure(values, block)

    return measure


def stop_at(evaluation: int, folder: Path) -> None:
    """Begin a short calibration and leave it."""
    with pytest.raises(KeyboardInterrupt):
        calibrate(folder, SHORT, replace(PROBLEM, measure=stopping_at(evaluation)))


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Calibration]:
    """A finished short calibration and its folder, which is only read."""
    folder = tmp_path_factory.mktemp("finished")
    return folder, calibrate(folder, SHORT, PROBLEM)


def test_the_parameters_of_a_linear_world_are_found_within_the_luck(tmp_path: Path) -> None:
    result = calibrate(tmp_path, SETTINGS, PROBLEM)
    assert result.outcome is not None
    assert np.abs(shares(result.start) - TRUTH).max() > 0.1, "they were found at the start"
    assert shares(result.outcome.chosen) == pytest.approx(TRUTH, abs=0.02)
    assert result.outcome.loss_end < 0.1 * result.outcome.loss_start
    assert [figure.after.in_band(figure.low, figure.high) for figure in result.outcome.figures] == [True] * 7
    page = calibration_table(result)
    assert "| **all rows** | 0 of 2 (0%) | 2 of 2 (100%) |" in page
    assert "| 1 | 0, then 0 of 0 | 0, then 2 of 2 | 0 of 2 | " in page
    assert f"| clean | {result.start['clean']:g} | {result.outcome.chosen['clean']:g} | 0.2 to 1 |" in page


def test_finishing_is_fitted_before_a_round_measures_and_no_point_of_its_design_moves_it(tmp_path: Path) -> None:
    asked: list[Mapping[str, float]] = []

    def watched(values: Mapping[str, float], block: Block) -> list[Figure]:
        asked.append(values)
        return world.measure(values, block)

    result = calibrate(tmp_path, SHORT, replace(PROBLEM, measure=watched))
    first = result.rounds[0].finishing
    assert shares(first.centre, FINISHING) == pytest.approx(FINISHING_TRUTH, abs=0.05)
    assert first.loss_after < 0.01 * first.loss_before
    assert {name: first.centre[name] for name in NAMES} == {name: result.start[name] for name in NAMES}
    assert asked[0] == first.centre
    assert {tuple(values[name] for name in FINISHING) for values in asked[:9]} == {
        tuple(first.centre[name] for name in FINISHING)
    }


def test_the_file_is_what_was_returned_and_nothing_else_is_left(finished: tuple[Path, Calibration]) -> None:
    folder, result = finished
    assert read(folder / FILE) == result
    assert sorted(path.name for path in folder.iterdir()) == [FILE, "round-1.json", "round-2.json"]


def test_a_stop_in_any_evaluation_is_gone_on_from_to_the_same_bits(
    tmp_path: Path, finished: tuple[Path, Calibration]
) -> None:
    whole = without_seconds(finished[1])
    for evaluation in range(EVALUATIONS):
        folder = tmp_path / str(evaluation)
        stop_at(evaluation, folder)
        assert without_seconds(calibrate(folder, SHORT, PROBLEM)) == whole, f"stopped in evaluation {evaluation}"


def test_a_stop_before_finishing_is_fitted_is_gone_on_from_and_a_fit_is_not_made_again(
    tmp_path: Path, finished: tuple[Path, Calibration]
) -> None:
    blocks: list[Block] = []

    def contacts(values: Mapping[str, float], block: Block) -> Block:
        blocks.append(block)
        if len(blocks) == 2:
            raise KeyboardInterrupt
        return world.contacts(values, block)

    with pytest.raises(KeyboardInterrupt):
        calibrate(tmp_path, SHORT, replace(PROBLEM, contacts=contacts))
    stop_at(1 + SAVED, tmp_path)
    done = len(blocks)
    assert without_seconds(calibrate(tmp_path, SHORT, replace(PROBLEM, contacts=contacts))) == without_seconds(
        finished[1]
    )
    assert {stream for stream, _, _ in blocks[done:]} == {FINISHING_STREAM + 2, FINISHING_STREAM + 3}
    assert sum(crosses for _, _, crosses in blocks[done:]) == 2 * SHORT.finishing_crosses


def test_what_was_measured_before_a_stop_is_not_measured_again(tmp_path: Path) -> None:
    stop_at(1 + SAVED, tmp_path)
    asked: list[Block] = []

    def watched(values: Mapping[str, float], block: Block) -> list[Figure]:
        asked.append(block)
        return world.measure(values, block)

    calibrate(tmp_path, SHORT, replace(PROBLEM, measure=watched))
    assert len(asked) == EVALUATIONS - (1 + SAVED)


def test_the_number_of_workers_does_not_matter(tmp_path: Path, finished: tuple[Path, Calibration]) -> None:
    result = calibrate(tmp_path, replace(SHORT, workers=2), PROBLEM)
    assert without_seconds(result) == without_seconds(finished[1])


def test_every_evaluation_has_crosses_of_its_own_and_start_and_end_are_compared_on_others(tmp_path: Path) -> None:
    blocks: list[Block] = []

    def watched(values: Mapping[str, float], block: Block) -> list[Figure]:
        blocks.append(block)
        return world.measure(values, block)

    calibrate(tmp_path, SHORT, replace(PROBLEM, measure=watched))
    *search, start, end = blocks
    assert start == end == (COMPARED_STREAM, 0, SHORT.centre_crosses)
    assert {stream for stream, _, _ in search} == {1, 2}
    for (stream, first, count), (following, after, _) in pairwise(search):
        assert (following, after) == (stream, first + count) or (following, after) == (stream + 1, 0)


def test_no_parameter_leaves_its_bounds_and_one_outside_them_may_only_come_back(tmp_path: Path) -> None:
    asked: list[Mapping[str, float]] = []

    def watched(values: Mapping[str, float], block: Block) -> list[Figure]:
        asked.append(values)
        return world.measure(values, block)

    bounded = free(0.45, 0.55)  # two of the truths lie beyond, and two of the starts
    result = calibrate(tmp_path, SETTINGS, replace(PROBLEM, free=bounded, measure=watched))
    for parameter in bounded:
        low, high = min(parameter.low, parameter.start), max(parameter.high, parameter.start)
        values = [values[parameter.name] for values in asked]
        assert low <= min(values) < max(values) <= high
    assert result.rounds[-1].next["clean"] == pytest.approx(bounded[0].high)
    assert result.rounds[-1].next["control"] == pytest.approx(bounded[2].low)


def test_the_start_is_kept_if_the_end_is_worse_on_fresh_crosses(tmp_path: Path) -> None:
    def measure(values: Mapping[str, float], block: Block) -> list[Figure]:
        now = dict(values)
        if block[0] == COMPARED_STREAM:  # there the start is right
            now |= {name: world.value(name, share) for name, share in zip(NAMES, mirrored(values), strict=True)}
        return world.measure(now, block)

    def mirrored(values: Mapping[str, float]) -> Any:
        return TRUTH + np.abs(shares(values) - world.START)

    result = calibrate(tmp_path, SETTINGS, replace(PROBLEM, measure=measure))
    assert result.outcome is not None
    assert result.outcome.chosen == result.start != result.rounds[-1].next
    assert "The start was kept" in calibration_table(result)


def test_a_finished_calibration_is_left_alone_and_goes_on_if_more_rounds_are_asked_for(
    tmp_path: Path, finished: tuple[Path, Calibration]
) -> None:
    short = calibrate(tmp_path, SHORT, PROBLEM)
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    assert calibrate(tmp_path, SHORT, replace(PROBLEM, measure=stopping_at(0))) == short
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before
    longer = calibrate(tmp_path, replace(SHORT, rounds=3), PROBLEM)
    assert longer.rounds[:2] == short.rounds
    assert len(longer.rounds) == 3


def test_no_round_begins_without_time_for_it(tmp_path: Path) -> None:
    result = calibrate(tmp_path, replace(SHORT, minutes=1e-9), PROBLEM)
    assert len(result.rounds) == 1
    assert result.outcome is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"minutes": 0.0},
        {"minutes": float("nan")},
        {"rounds": 0},
        {"rounds": COMPARED_STREAM},
        {"points": 7},
        {"points": 2},
        {"crosses": 0},
        {"centre_crosses": 0},
        {"finishing_crosses": 0},
        {"workers": 0},
        {"seed": -1},
    ],
)
def test_settings_that_cannot_be_are_refused_in_one_sentence(wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match=f"^{next(iter(wrong))} must be .*, got [^\n]*$"):
        Settings(**wrong)


def test_too_few_crosses_for_any_figure_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match="more crosses are needed"):
        calibrate(tmp_path, replace(SHORT, centre_crosses=20), PROBLEM)


def test_a_folder_keeps_to_its_calibration(tmp_path: Path) -> None:
    stop_at(EVALUATIONS - 1, tmp_path)
    for changed in ({"seed": 1}, {"points": 10}, {"crosses": 300}, {"centre_crosses": 300}, {"finishing_crosses": 300}):
        with pytest.raises(InvalidFile, match=f"another {next(iter(changed))}; name a new folder"):
            calibrate(tmp_path, replace(SHORT, **changed), PROBLEM)
    with pytest.raises(InvalidFile, match="another start"):
        calibrate(tmp_path, SHORT, replace(PROBLEM, free=PROBLEM.free[:3]))
    content = json.loads((tmp_path / FILE).read_text())
    for name in ("world", "agents"):
        (tmp_path / FILE).write_text(json.dumps(content | {"versions": content["versions"] | {name: 0}}))
        with pytest.raises(InvalidFile, match=f"another version of the {name}"):
            calibrate(tmp_path, SHORT, PROBLEM)
    (tmp_path / FILE).unlink()
    with pytest.raises(InvalidFile, match=f"round-1.json is of a calibration whose {FILE} is gone"):
        calibrate(tmp_path, SHORT, PROBLEM)


def test_a_round_is_not_continued_from_another_start_or_with_other_figures(tmp_path: Path) -> None:
    stop_at(1 + SAVED, tmp_path)
    path = tmp_path / "round-1.json"
    content = json.loads(path.read_text())
    other_start = content | {"start": content["start"] | {"clean": 0.9}}
    other_figures = content | {"bands": [content["bands"][0] | {"id": "z"}, *content["bands"][1:]]}
    for changed, what in ((other_start, "another start"), (other_figures, "other figures")):
        path.write_text(json.dumps(changed))
        with pytest.raises(InvalidFile, match=what):
            calibrate(tmp_path, SHORT, PROBLEM)


@pytest.mark.parametrize("name", [FILE, "round-1.json"])
def test_a_malformed_file_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    stop_at(1 + SAVED, tmp_path)
    (tmp_path / name).write_text('{"seed": 0, "rounds": "x"}')
    with pytest.raises(InvalidFile, match=r"(calibration|round) .* is malformed: [^\n]*$"):
        calibrate(tmp_path, SHORT, PROBLEM)


def test_two_calibrations_do_not_work_in_one_folder(tmp_path: Path) -> None:
    with (
        Lock(tmp_path / "lock", "busy"),
        pytest.raises(InvalidFile, match=f"another process is calibrating in {tmp_path}"),
    ):
        calibrate(tmp_path, SHORT, PROBLEM)
    assert list(tmp_path.iterdir()) == []


def test_without_scipy_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(ModuleNotFoundError, match="scipy"):
        calibrate(tmp_path / "folder", SHORT, PROBLEM)
    assert list(tmp_path.iterdir()) == []


def test_chosen_values_become_the_defaults_of_the_source_file(
    tmp_path: Path, finished: tuple[Path, Calibration]
) -> None:
    source = tmp_path / "parameter_table.py"
    source.write_text(Path(parameter_table.__file__).read_text())
    outcome = finished[1].outcome
    assert outcome is not None
    moved = {name: value for name, value in outcome.chosen.items() if value != finished[1].start[name]}
    assert apply(finished[1], source) == len(moved) > 1
    changed: dict[str, Any] = {"__name__": "backpost.envs.world.changed", "__package__": "backpost.envs.world"}
    exec(source.read_text(), changed)
    defaults = {parameter.name: parameter.default for parameter in parameter_table.TABLE}
    assert {parameter.name: parameter.default for parameter in changed["TABLE"]} == defaults | moved
    source.write_text("")
    with pytest.raises(InvalidFile, match="exactly once"):
        apply(finished[1], source)
    with pytest.raises(InvalidFile, match="finish it first"):
        apply(replace(finished[1], outcome=None), source)


def test_free_parameters_are_different_and_move_within_their_ranges() -> None:
    table = {parameter.name: parameter for parameter in parameter_table.TABLE}
    free = (*free_parameters(), *finishing_parameters())
    names = [parameter.name for parameter in free]
    assert len(names) == len(set(names))
    assert NARROWER.keys() <= set(names)
    for parameter in free:
        assert table[parameter.name].low <= parameter.low < parameter.high <= table[parameter.name].high
        assert 0 < parameter.step < 0.1 * (parameter.high - parameter.low)
        assert parameter.start == table[parameter.name].default


def test_every_published_figure_is_measured_alike_twice_and_has_a_kind() -> None:
    figures = play_figures({"clean": 0.5}, (1, 0, 60))
    assert repr(play_figures({"clean": 0.5}, (1, 0, 60))) == repr(figures)
    assert {figure.id for figure in figures} <= kinds().keys()
    assert {kinds()[figure.id].table for figure in figures} == {"rows", "cells"}
