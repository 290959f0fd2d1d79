"""A training configuration is frozen and validated, and its file says everything."""

import dataclasses
from pathlib import Path

import pytest
import yaml

from backpost.envs.common.errors import InvalidFile, InvalidValue, UnknownName
from backpost.training.learn.configuration import ALGORITHMS, SETTINGS, Configuration, configuration


@pytest.mark.parametrize("algo", ALGORITHMS)
def test_the_resolved_file_gives_the_same_configuration_back(tmp_path: Path, algo: str) -> None:
    chosen = {"algo": algo, "hidden": [32, 16], "learning_rate": 1e-4, "curriculum": {"DrillShadow": 0.1}}
    resolved = configuration(overrides=chosen)
    path = tmp_path / "config.yml"
    path.write_text(resolved.to_yaml())
    assert configuration(path) == resolved
    assert set(yaml.safe_load(path.read_text())) == {name for name in SETTINGS if getattr(resolved, name) is not None}


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        ({"algo": "sac", "clip": 0.2}, "clip is a setting for algo ppo or recurrent_ppo, not sac"),
        ({"algo": "ppo", "replay": 1000}, "replay is a setting for algo sac or tqc, not ppo"),
        ({"algo": "recurrent_ppo", "hindsight": True}, "hindsight is a setting for algo ppo, not recurrent_ppo"),
        ({"start": "scratch", "rule": "flight-reader"}, "rule is a setting for start rule or teachers, not scratch"),
        ({"start": "scratch", "meet": 1.0}, "meet is a setting for start rule, not scratch"),
        ({"noise": "white", "noise_hold": 8}, "noise_hold is a setting for noise gsde, not white"),
        ({"algo": "tqc", "start": "policy"}, "start must be one of rule, scratch with algo tqc"),
    ],
)
def test_a_setting_that_would_do_nothing_is_refused(chosen: dict[str, object], says: str) -> None:
    with pytest.raises(InvalidValue, match=says):
        configuration(overrides=chosen)


def test_flags_win_over_the_file(tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    path.write_text("seed: 3\nlearning_rate: 3e-5\n")
    resolved = configuration(path, {"seed": 4})
    assert (resolved.seed, resolved.learning_rate) == (4, 3e-5)


def test_it_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Configuration().seed = 1  # type: ignore[misc]


def test_an_unknown_key_lists_the_valid_ones(tmp_path: Path) -> None:
    path = tmp_path / "config.yml"
    path.write_text("sede: 3\n")
    with pytest.raises(UnknownName, match=r"'sede'.*seed.*learning_rate"):
        configuration(path)


@pytest.mark.parametrize(
    "bad",
    [
        {"steps": -1},
        {"meet": 1.1},
        {"teachers": [], "start": "teachers"},
        {"teachers": ["Nowhere"], "start": "teachers"},
        {"teachers": ["Corner", "Corner"], "start": "teachers"},
        {"teachers": [["Corner"]], "start": "teachers"},
        {"envs": 10**400},
        {"steps": 1.5},
        {"steps": "many"},
        {"steps": True},
        {"seed": -1},
        {"seed": float("nan")},
        {"gamma": float("inf")},
        {"gamma": None},
        {"algo": "dqn"},
        {"reward": ["xg"]},
        {"hidden": []},
        {"hidden": [64, 0]},
        {"curriculum": {"Nowhere": 0.5}},
        {"curriculum": {"DrillShadow": 1}},
        {"curriculum": {"DrillShadow": 0.5, "DrillCrossing": 0.5}},
        {"curriculum": "DrillShadow"},
        {"progress": "maybe"},
        {"batch": 10_000_000},
    ],
)
def test_impossible_values_are_refused_by_name(bad: dict[str, object]) -> None:
    with pytest.raises((InvalidValue, UnknownName), match=next(iter(bad))):
        configuration(overrides=bad)


@pytest.mark.parametrize(
    "text",
    [
        "- 1\n- 2\n",
        "seed: [1\n",
        "!!python/object/apply:os.getcwd []\n",
        "x: \x00\n",
        "seed: !!bool x\n",
        "seed: 1\nsteps: 1000\nseed: 2\n",
        "curriculum: {DrillShadow: 0.1, DrillShadow: 0.2}\n",
        "a: &a [1]\nb: *a\n",
        "gamma: 1e400\n",
        "seed: " + "1" * 5000 + "\n",
        "[" * 30_000,
        "steps: " + "x" * 200_000,
    ],
)
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.yml"
    path.write_text(text)
    with pytest.raises(InvalidFile, match=r"config\.yml"):
        configuration(path)


@pytest.mark.parametrize(
    "text", ["seed: 2001-13-45", "seed: 0x_", "seed: 1:30", "progress: no", "steps: " + "x" * 50_000]
)
def test_what_another_yaml_would_read_otherwise_is_text_and_refused_briefly(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.yml"
    path.write_text(text)
    with pytest.raises(InvalidValue, match=text.partition(":")[0]) as refused:
        configuration(path)
    assert len(str(refused.value)) < 200


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="no such file"):
        configuration(tmp_path / "none.yml")
