"""Promises of agents/tuning/tuning.py: one budget for every rule, deterministic, judged on fresh crosses, resumed."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from backpost.agents.rules.registry import RULES, rule
from backpost.agents.tuning import tuning
from backpost.agents.tuning.evolution import evolve
from backpost.envs.common.errors import InvalidFile, UnknownName

TINY = tuning.Budget(generations=2, pairs=2, crosses=4, check=16, evidence=12)
TWO = ("flight-reader", "blind-side")


def test_tuning_is_deterministic_and_its_stream_matters() -> None:
    first = tuning.tune("early-back-post", "OpenPlay", TINY)
    assert tuning.tune("early-back-post", "OpenPlay", TINY) == first
    assert tuning.tune("early-back-post", "OpenPlay", TINY, seed_stream=1)["evidence"] != first["evidence"]


def test_the_search_climbs_a_hill_that_is_lower_than_its_noise() -> None:
    luck, start, top = np.random.default_rng(0), np.full(10, 0.3), np.full(10, 0.7)

    def margin(duel: int, first: np.ndarray, second: np.ndarray) -> float:
        return float(((second - top) ** 2).sum() - ((first - top) ** 2).sum() + luck.normal(0.0, 0.6))

    ends = [evolve(start, 10, 12, margin, seed) for seed in range(10)]
    assert all((end >= 0.0).all() and (end <= 1.0).all() for end in ends)
    assert np.mean([np.linalg.norm(end - top) for end in ends]) < 0.5 * np.linalg.norm(start - top)


def test_every_rule_spends_the_common_budget_and_the_evidence_comes_from_fresh_crosses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    blocks: list[tuple[int, int, int]] = []

    def values(
        name: str, numbers: object, scenario: str, block: tuple[int, int, int], options: object = None
    ) -> np.ndarray:
        blocks.append(block)
        return np.zeros(block[2])

    monkeypatch.setattr(tuning, "xg", values)
    for name in TWO:
        blocks.clear()
        tuned = tuning.tune(name, "OpenPlay", TINY)
        assert asdict(rule(name, tuned["numbers"]).numbers) == tuned["numbers"]
        assert sum(count for _, _, count in blocks) == TINY.total == 88
        played = [range(first, first + count) for _, first, count in blocks]
        assert played[::2] == played[1::2], "both sides of a comparison meet the same crosses"
        assert len(set().union(*played)) == TINY.total / 2, "no two comparisons share a cross"


def test_a_winner_by_luck_gives_way_to_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    default = rule("flight-reader", {}).numbers

    def values(
        name: str, numbers: object, scenario: str, block: tuple[int, int, int], options: object = None
    ) -> np.ndarray:
        return np.full(block[2], float((numbers != default) == (block[2] in better))) + np.linspace(0, 1, block[2])

    monkeypatch.setattr(tuning, "xg", values)
    better = {TINY.crosses, TINY.evidence}
    tuned = tuning.tune("flight-reader", "OpenPlay", TINY)
    assert rule("flight-reader", tuned["numbers"]).numbers == default
    assert tuned["evidence"]["gain_over_untuned"] == 0.0
    better = {TINY.crosses, TINY.check}
    tuned = tuning.tune("flight-reader", "OpenPlay", TINY)
    assert rule("flight-reader", tuned["numbers"]).numbers != default
    assert tuned["evidence"]["gain_over_untuned"] == -100.0, "the evidence decides nothing and hides nothing"


def test_the_file_is_the_same_from_any_number_of_workers_and_says_what_was_tuned_how(tmp_path: Path) -> None:
    paths = [tmp_path / f"{workers}.json" for workers in (1, 2)]
    for path, workers in zip(paths, (1, 2), strict=True):
        content = tuning.tune_all(["OpenPlay", "Corner-v0"], TINY, path, rules=TWO, workers=workers)
        assert json.loads(path.read_text()) == content
    assert paths[0].read_bytes() == paths[1].read_bytes()
    assert list(content["scenarios"]) == ["OpenPlay", "Corner"]
    assert content["scenarios"]["Corner"]["budget"] == asdict(TINY)
    assert list(content["scenarios"]["Corner"]["rules"]) == [name for name in RULES if name in TWO]


def test_a_stopped_tuning_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, real, asked = tmp_path / "tuned.json", tuning.tune, []

    def stopped(name: str, *arguments: object) -> dict[str, object]:
        asked.append(name)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return real(name, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(tuning, "tune", stopped)
    with pytest.raises(KeyboardInterrupt):
        tuning.tune_all(["OpenPlay"], TINY, path, rules=TWO, workers=1)
    half = json.loads(path.read_text())
    played: list[int] = []
    content = tuning.tune_all(["OpenPlay"], TINY, path, rules=TWO, workers=1, progress=played.append)
    assert asked == [TWO[0], TWO[1], TWO[1]]
    assert sum(played) == 2 * TINY.total
    assert content["scenarios"]["OpenPlay"]["rules"].items() >= half["scenarios"]["OpenPlay"]["rules"].items()
    tuning.tune_all(["OpenPlay"], tuning.Budget(2, 2, 4, 16, 13), path, rules=TWO, workers=1)
    assert len(asked) == 5, "another budget begins anew"


def test_what_cannot_be_tuned_or_written_gets_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="valid choices are wait-at-back-post"):
        tuning.tune("random", "OpenPlay", TINY)
    with pytest.raises(UnknownName, match="valid choices are wait-at-back-post"):
        tuning.tune_all(["OpenPlay"], TINY, tmp_path / "tuned.json", rules=["random"])
    with pytest.raises(InvalidFile, match="cannot write"):
        tuning.tune_all(["OpenPlay"], TINY, tmp_path / "nowhere" / "tuned.json")
    other = tmp_path / "other.json"
    for text in ("[]", "{", '{"format": 99, "scenarios": {}}'):
        other.write_text(text)
        with pytest.raises(InvalidFile, match=r"^tuned rules .*(malformed|not JSON)"):
            tuning.tune_all(["OpenPlay"], TINY, other)
        assert other.read_text() == text
