"""A training configuration is frozen and validated, and its file says everything."""

import dataclasses
from pathlib import Path

import pytest

from backpost.envs.errors import InvalidFile, InvalidValue, UnknownName
from backpost.training.configuration import SETTINGS, Configuration, configuration


def test_the_resolved_file_gives_the_same_configuration_back(tmp_path: Path) -> None:
    resolved = configuration(overrides={"seed": 7, "hidden": [32, 16], "learning_rate": 1e-4, "progress": False})
    path = tmp_path / "config.yml"
    path.write_text(resolved.to_yaml())
    assert configuration(path) == resolved
    assert all(name in path.read_text() for name in SETTINGS)


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
        {"steps": 0},
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
        {"progress": "maybe"},
        {"batch": 10_000_000},
    ],
)
def test_impossible_values_are_refused_by_name(bad: dict[str, object]) -> None:
    with pytest.raises(InvalidValue, match=next(iter(bad))):
        configuration(overrides=bad)


@pytest.mark.parametrize("text", ["- 1\n- 2\n", "seed: [1\n", "!!python/object/apply:os.getcwd []\n", "x: \x00\n"])
def test_a_file_that_is_no_mapping_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "config.yml"
    path.write_text(text)
    with pytest.raises(InvalidFile, match=r"config\.yml"):
        configuration(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="no such file"):
        configuration(tmp_path / "none.yml")
