"""No file from outside ends in a traceback: damaged ones are read, or refused in one typed sentence.

`make fuzz` tries 20,000 files a loader; here it is a few hundred. A failure names the case, and the case alone decides
the damage.
"""

import json
import math
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fuzzing import ODD, damaged, damaged_tree
from some_results import A_CEILING, A_GUIDE, AN_EXPLANATION

from backpost.agents import recorded
from backpost.agents.policies.policy import Policy
from backpost.agents.policies.policy_file import Description
from backpost.agents.recorded import Plays, Recorded
from backpost.agents.tuning.tuning import Budget, tune_all
from backpost.envs import BackpostError, Crosses, InvalidFile, Options
from backpost.envs.interface import observation
from backpost.envs.interface.outcome import ZONES
from backpost.envs.scenarios import situation
from backpost.envs.scenarios.situation_file import SHIPPED
from backpost.envs.world.parameters import parameters
from backpost.renders.window import scores
from backpost.training.bench import ceiling_result, comparison
from backpost.training.bench.ceiling_result import Ceiling
from backpost.training.bench.comparison import ENDINGS, AgainstFirst, AgentSummary, Comparison, Rival
from backpost.training.bench.kept import SUFFIX, Kept
from backpost.training.bench.result_file import Result, plain_options, read_result, write_result
from backpost.training.bench.statistics import Interval, Quartiles
from backpost.training.calibration.content import Finishing, Share
from backpost.training.calibration.content import read as read_calibration
from backpost.training.calibration.report import calibration_table
from backpost.training.calibration.round_file import RoundFile
from backpost.training.explain.explanation import Explanation
from backpost.training.guide.content import Guide
from backpost.training.learn.checkpoint import load_checkpoint, save_checkpoint
from backpost.training.learn.configuration import configuration
from backpost.training.learn.progress import Candidate, RunProgress
from backpost.training.learn.run_folder import RunFolder, learned_from, made_in, versions
from backpost.training.realism.measure import Figure

CASES = int(os.environ.get("FUZZ_CASES", "200"))
LONGEST_SENTENCE = 1500
"""Characters, with the path: the list of all settings is the longest."""
MOST_SECONDS = 5.0
"""Of a processor that a file may take, however it is damaged."""


@dataclass(frozen=True)
class Loader:
    """A way into the program: valid files, where such a file lies in a folder, and what reads it."""

    files: Callable[[], list[bytes]]
    place: str
    load: Callable[[Path], object]
    is_json: bool = True


def saved(write: Callable[[Path], object], name: str = "file") -> bytes:
    """What a writer writes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write(path)
        return path.read_bytes()


def policies() -> list[bytes]:
    kinds: list[dict[str, Any]] = [
        {},
        {"activation": "relu", "base_rule": {"name": "hold-then-back-post", "numbers": {"start": 0.1}}},
        {"kind": "squashed"},
        {"kind": "lstm", "memory": 4},
    ]
    files = []
    for kind in kinds:
        description = Description("backpost/OpenPlay-v0", hidden=(6, 5), provenance={"steps": 10}, **kind)
        random = np.random.default_rng(0)
        weights = {name: random.normal(size=shape).astype(np.float32) for name, shape in description.shapes().items()}
        files.append(saved(Policy(description, weights).save))
    return files


def load_policy(path: Path) -> None:
    policy = Policy.load(path)
    policy.reset(np.zeros(3, np.uint64))
    looks = np.random.default_rng(0).uniform(-1.0, 1.0, (3, observation.SIZE)).astype(np.float32)
    for look in (looks, -looks):
        assert np.isfinite(policy.act(look)).all(), "an accepted policy must give finite actions"


def situations() -> list[bytes]:
    content = json.loads(SHIPPED.read_bytes())
    content["frames"] = [frame for frame in content["frames"] if -0.55 < frame["t"] < 1.05]
    shorter = content | {"runner_id": 1622, "start": -0.4, "ball": "simulated", "keeper_id": None}
    high = json.loads(json.dumps(content)) | {"pitch": [105, 70], "runner_id": "12", "t_contact": None}
    for frame in high["frames"]:
        x, y, vx, vy = frame["ball"]
        frame["ball"] = [x, y, 1.0 if frame["t"] > 0.05 else 0.1, vx, vy, 0.0]
    return [json.dumps(some).encode() for some in (content, shorter, high)]


def load_situation(path: Path) -> None:
    world = situation.opening(Options(file=path), parameters())[0]
    players = world["players"]
    for field in ("x", "y", "vx", "vy", "fx", "fy", "home_x", "home_y"):
        assert np.isfinite(players[field]).all(), "an accepted situation must have finite places"
    launch = [world["delivery"][field] for field in ("vx", "vy", "vz", "aim_x", "aim_y", "aim_z")]
    assert np.isfinite(launch).all(), "an accepted situation must have a finite launch"


def configurations() -> list[bytes]:
    chosen: list[dict[str, Any]] = [
        {},
        {"algo": "sac", "hidden": [32, 16]},
        {"curriculum": {"DrillShadow": 0.1, "DrillCrossing": 0.2}, "start": "teachers", "teachers": ["Corner"]},
    ]
    return [configuration(overrides=values).to_yaml().encode() for values in chosen]


def plays() -> list[bytes]:
    runs = {7: np.zeros((3, 4), np.float32), 9: np.ones((2, 4), np.float32)}
    options = Options(wing="left", defenders=(6, 8), parameters={"reaction": 0.3})
    played = (Plays("OpenPlay", Options(), runs), Plays("OpenPlay", options, runs))
    return [saved(partial(recorded.write, plays=each)) for each in played]


def some_scores() -> list[bytes]:
    score = scores.Score([7, 9], {"you": 0.5, "learned": 0.25, "rule": 1.0})
    return [saved(lambda path: scores.write(path, {"OpenPlay": score}))]


def calibrations() -> list[bytes]:
    shares = {"rows": {"in_band": 1, "counted": 2}, "cells": {"in_band": 0, "counted": 0}}
    fitted = {"loss_before": 0.5, "loss_after": 0.4, "in_band_before": shares, "in_band_after": shares}
    fitted |= {"centre": {"clean": 0.55}}
    first = {"finishing": fitted, "loss": 0.5, "predicted": 0.25, "in_band": shares}
    first |= {"next": {"clean": 0.6}, "seconds": 1.5}
    begun = {
        "label": "calibrate",
        "seed": 0,
        "versions": {"python": "3", "world": 1},
        "points": 4,
        "crosses": 100,
        "centre_crosses": 800,
        "finishing_crosses": 800,
        "start": {"clean": 0.5},
        "rounds": [first],
        "outcome": None,
    }
    values = {"before": {"value": 0.5, "se": 0.1, "events": 90}, "after": {"value": None, "se": None, "events": 0}}
    figure = {"id": "open_high_out", "table": "rows", "kind": "first contact", "low": 0.4, "high": 0.6, **values}
    outcome = {
        "chosen": {"clean": 0.6},
        "loss_start": 0.5,
        "loss_end": 0.25,
        "stream": 100,
        "crosses": 800,
        "figures": [figure],
    }
    return [json.dumps(content).encode() for content in (begun | {"outcome": outcome}, begun)]


def calibration_rounds() -> list[bytes]:
    figures = [Figure("open_high_out", 0.5, 0.1, 90, 0.5, 0.4, 0.6), Figure("x", math.nan, math.nan, 0, 0.5, 0.4, 0.6)]

    def write(path: Path) -> None:
        file = RoundFile(path, {"clean": 0.5})
        file.begin(Finishing(0.5, 0.4, {"cells": Share(0, 1)}, {"cells": Share(1, 1)}, {"clean": 0.55}), 1.0)
        file.add(figures, 1.0)
        file.add(figures, 1.0)
        file.write()

    return [saved(write, "round-1.json")]


def load_calibration_round(path: Path) -> None:
    file = RoundFile(path, {"clean": 0.5})
    measured, bands = file.measured(), file.bands()
    assert measured.value.shape == (len(file), len(bands.ids)) or not len(file)


@cache
def checkpoint() -> dict[str, bytes]:
    """The files of a checkpoint."""
    with tempfile.TemporaryDirectory() as folder:
        save_checkpoint(Path(folder), 10, {"steps": 10}, {"python": "3"})
        return {path.name: path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}


def load_manifest(path: Path) -> None:
    (path.parent / "state.pt").write_bytes(checkpoint()["state.pt"])
    load_checkpoint(path.parents[1], {"python": "3"}, lambda sentence: None)


def kept_pieces() -> list[bytes]:
    def write(path: Path) -> None:
        Kept(path.parent).write(path.stem, metrics=np.arange(5.0))

    return [saved(write, f"piece{SUFFIX}")]


def load_kept(path: Path) -> None:
    held = Kept(path.parent).read(path.stem, "metrics")
    assert held is None or held["metrics"].tolist() == [0.0, 1.0, 2.0, 3.0, 4.0], "other numbers than were written"


def progresses() -> list[bytes]:
    candidate = Candidate(1000, 2.5)
    run = RunProgress("interrupted", 2000, 1.5, candidate, (candidate, Candidate(2000, 2.25)))
    return [json.dumps(asdict(run)).encode()]


def load_progress(path: Path) -> None:
    folder = RunFolder(path.parent)
    folder.has_learned()
    folder.mark("running")
    folder.reopen().release()


def run_versions() -> list[bytes]:
    return [json.dumps({**versions(), "teachers": {"Corner": "0123456789abcdef"}}).encode()]


def load_versions(path: Path) -> None:
    made_in(path.parent)
    learned_from(path.parent)


def results_of_now(result: Result) -> list[bytes]:
    return [saved(partial(write_result, result=result))]


def comparisons() -> list[bytes]:
    few, usual = Interval(1.0, 0.5, 1.5), Quartiles(0.5, 1.0, 1.5)
    quartiles = dict.fromkeys(("start", "arrival", "place_x", "place_y", "speed", "separation", "height"), usual)
    outcomes, zones = dict.fromkeys(ENDINGS, 5.0), dict.fromkeys(ZONES, 20.0)
    agents = tuple(
        AgentSummary(
            name,
            name,
            "an agent",
            few,
            0.5,
            few,
            50.0,
            20.0,
            None,
            outcomes,
            zones,
            **quartiles,
            unseen=None,
            offside=1.0,
        )
        for name in ("one", "other")
    )
    rival = Rival("other", few, 0.1, 0.01, few, 0.2, None, 0.01, 0.2)
    tests, options, who = AgainstFirst((rival,), True, 0.95), plain_options(None), {"one": {"a": 1}, "other": None}
    return results_of_now(Comparison("OpenPlay", options, {}, 40, 0, "evaluate", "free", 0.95, who, agents, tests))


def tuned_rules() -> list[bytes]:
    rules = {"late-bend": {"numbers": {"start": 0.1}, "made_by": "x", "evidence": {"crosses": 10}}}
    return [json.dumps({"format": 1, "scenarios": {"OpenPlay": {"rules": rules}}}).encode()]


def load_tuned(path: Path) -> None:
    tune_all([], Budget(2, 2, 4, 16, 13), path, rules=[], workers=1)


LOADERS = {
    "policy": Loader(policies, "p.safetensors", load_policy, is_json=False),
    "situation": Loader(situations, "s.json", load_situation),
    "configuration": Loader(configurations, "config.yml", configuration, is_json=False),
    "plays": Loader(plays, "plays.json", Recorded.load),
    "scores": Loader(some_scores, "scores.json", scores.read),
    "calibration": Loader(calibrations, "calibration.json", lambda path: calibration_table(read_calibration(path))),
    "calibration round": Loader(calibration_rounds, "round-1.json", load_calibration_round),
    "manifest": Loader(lambda: [checkpoint()["manifest.json"]], "000000000010/manifest.json", load_manifest),
    "kept piece": Loader(kept_pieces, f"piece{SUFFIX}", load_kept, is_json=False),
    "progress": Loader(progresses, "progress.json", load_progress),
    "versions": Loader(run_versions, "versions.json", load_versions),
    "comparison": Loader(comparisons, "r.json", lambda path: comparison.table(read_result(path, Comparison))),
    "ceiling": Loader(
        partial(results_of_now, A_CEILING), "r.json", lambda path: ceiling_result.table(read_result(path, Ceiling))
    ),
    "explanation": Loader(
        partial(results_of_now, AN_EXPLANATION), "r.json", lambda path: read_result(path, Explanation)
    ),
    "guide": Loader(partial(results_of_now, A_GUIDE), "r.json", lambda path: read_result(path, Guide)),
    "tuned rules": Loader(tuned_rules, "tuned.json", load_tuned),
}


def check_sentence(error: BackpostError, where: str = "") -> None:
    sentence = str(error)
    assert "\n" not in sentence, where
    assert len(sentence) <= LONGEST_SENTENCE, f"{where}: {sentence[:200]}"


@pytest.mark.parametrize("name", LOADERS)
def test_valid_files_are_read(name: str, tmp_path: Path) -> None:
    loader = LOADERS[name]
    path = tmp_path / loader.place
    path.parent.mkdir(exist_ok=True)
    files = loader.files()
    assert files, "nothing was read"
    for data in files:
        path.write_bytes(data)
        loader.load(path)


@pytest.mark.parametrize("name", LOADERS)
def test_a_damaged_file_is_read_or_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    loader = LOADERS[name]
    files = loader.files()
    path = tmp_path / loader.place
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(files[0])
    loader.load(path)  # what is compiled at first use is not counted below
    refused = 0
    for case in range(CASES):
        random = np.random.default_rng([case, sum(name.encode())])
        whole = files[case % len(files)]
        data = damaged_tree(whole, random) if loader.is_json and case % 2 else damaged(whole, random)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        began = time.process_time()
        try:
            loader.load(path)
        except BackpostError as error:
            refused += 1
            check_sentence(error, f"case {case}")
        except Exception as error:
            raise AssertionError(f"case {case} of {name} ends in {type(error).__name__}: {str(error)[:200]}") from error
        assert time.process_time() - began < MOST_SECONDS, f"case {case}"
    assert name in ("manifest", "kept piece") or refused > CASES // 5  # these two are made anew without a word


@pytest.mark.parametrize("name", ["policy", "situation", "configuration", "plays", "scores", "calibration"])
def test_what_is_no_regular_file_is_refused_at_once(name: str, tmp_path: Path) -> None:
    loader = LOADERS[name]
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (Path("/dev/zero"), pipe, tmp_path):
        with pytest.raises(InvalidFile, match="cannot read"):
            loader.load(path)
    if name != "scores":  # which need not be there yet
        for path in (Path("nul\0.json"), Path("n" * 5000), tmp_path / "nothing"):
            with pytest.raises(InvalidFile, match="cannot read"):
                loader.load(path)


@pytest.mark.parametrize("name", [option.name for option in fields(Options)])
def test_an_odd_option_is_taken_or_refused_in_one_sentence(name: str) -> None:
    loop: list[Any] = []
    loop.append(loop)
    arrays = (np.float64(0.5), np.int64(3), np.array([1.0, 2.0]), np.array("x"))
    odd = (*ODD, *arrays, b"x", object(), loop, 10**5000, {1: 2}, {(1, 2): 3})
    refused = 0
    for scenario in ("OpenPlay", "Situation", "DrillSetPiece"):
        for value in odd:
            try:
                Crosses(scenario, options=Options.of(**{name: value})).deal(np.zeros(1, np.uint64))
            except BackpostError as error:
                refused += 1
                check_sentence(error)
    assert refused, "nothing odd was refused"


def test_numbers_of_numpy_are_kept_as_plain_ones() -> None:
    given = {"difficulty": np.float32(0.5), "defenders": np.array([6, 8]), "set": np.int64(3), "gamma": np.int64(1)}
    options = Options.of(**given)
    assert json.dumps(asdict(options))
    assert options == Options(difficulty=0.5, defenders=(6, 8), set=3, gamma=1.0)
