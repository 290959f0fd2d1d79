"""Promises of agents/tuning.py: one budget for every rule, deterministic, judged on crosses it has not seen."""

import json
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from backpost.agents import tuning
from backpost.agents.rules import RULE_TYPES, RULES, rule
from backpost.envs.errors import InvalidFile, UnknownName

TINY = tuning.Budget(rounds=((5, 12), (3, 20)), evidence=16)


@pytest.mark.parametrize("name", ["flight-reader", "wait-at-back-post"])
def test_every_rule_spends_exactly_the_common_budget(name: str) -> None:
    played: list[int] = []
    found = tuning.tune(name, "OpenPlay", TINY, progress=played.append)
    assert sum(played) == TINY.crosses
    assert list(found["numbers"]) == [entry.name for entry in fields(RULE_TYPES[name].numbers_type)]
    assert rule(name, found["numbers"]).numbers is not None


def test_tuning_is_deterministic_and_its_stream_matters() -> None:
    first = tuning.tune("early-back-post", "OpenPlay", TINY)
    assert tuning.tune("early-back-post", "OpenPlay", TINY) == first
    assert tuning.tune("early-back-post", "OpenPlay", TINY, seed_stream=1)["evidence"] != first["evidence"]


def test_the_evidence_comes_from_fresh_crosses(monkeypatch: pytest.MonkeyPatch) -> None:
    blocks: list[tuple[int, int, int]] = []

    def values(name: str, numbers: object, scenario: str, block: tuple[int, int, int], progress: object) -> np.ndarray:
        blocks.append(block)
        return np.zeros(block[2])

    monkeypatch.setattr(tuning, "xg", values)
    tuning.tune("flight-reader", "OpenPlay", TINY)
    used = {episode for _, first, count in blocks[:-2] for episode in range(first, first + count)}
    assert blocks[-1] == blocks[-2]
    assert used.isdisjoint(range(blocks[-1][1], blocks[-1][1] + blocks[-1][2]))


def test_a_winner_by_luck_gives_way_to_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    default = rule("flight-reader", {}).numbers

    def values(name: str, numbers: object, scenario: str, block: tuple[int, int, int], progress: object) -> np.ndarray:
        lucky = block[2] != TINY.evidence
        return np.full(block[2], float((numbers != default) == lucky))

    monkeypatch.setattr(tuning, "xg", values)
    found = tuning.tune("flight-reader", "OpenPlay", TINY)
    assert rule("flight-reader", found["numbers"]).numbers == default
    assert found["evidence"]["gain_over_untuned"] == 0.0


def test_candidates_fill_the_ranges() -> None:
    points = np.array(list(tuning.quasi_random(6, 0, 256)))
    assert points.shape == (256, 6)
    assert (points >= 0.0).all()
    assert (points < 1.0).all()
    assert np.abs(points.mean(axis=0) - 0.5).max() < 0.02
    assert np.histogram(points[:, 0], 8, (0, 1))[0].min() >= 28


def test_the_file_keeps_what_was_not_tuned_again(tmp_path: Path) -> None:
    content = tuning.tune_all("OpenPlay", TINY, rules=("flight-reader",))
    assert set(content["scenarios"]["OpenPlay"]["rules"]) == set(RULES)
    path = tmp_path / "tuned.json"
    tuning.write_tuned(content, path)
    assert json.loads(path.read_text()) == content
    with pytest.raises(InvalidFile, match="cannot write"):
        tuning.write_tuned(content, tmp_path / "nowhere" / "tuned.json")


def test_unknown_rules_are_named() -> None:
    with pytest.raises(UnknownName, match="valid choices are wait-at-back-post"):
        tuning.tune("random", "OpenPlay", TINY)
