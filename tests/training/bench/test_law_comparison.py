"""What a comparison claims: who scores more, on whose crosses, and that no two questions share an answer."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backpost.agents.registry import agent
from backpost.agents.rules.registry import RULES
from backpost.envs.interface.options import PERMISSIONS, Options
from backpost.envs.interface.outcome import metrics_type
from backpost.envs.world.chance import LABELS, episode_seeds
from backpost.training.bench import compare as compare
from backpost.training.bench import kept

COUNT = 40


def scoring(goals: int, xg: float = 0.1) -> np.ndarray:
    """Crosses of which the first so many are goals, each worth so much and a little more or less."""
    table = np.zeros(COUNT, metrics_type)
    table["goal"][:goals] = 1
    table["xg"] = xg + 0.01 * np.sin(np.arange(COUNT))
    return table


def test_who_scores_more_gains_goals_and_who_creates_more_gains_expected_ones() -> None:
    """Seen from the first of the two, per 100 crosses; the other way round with the other sign."""
    for first, second, sign in ((8, 2, 1.0), (2, 8, -1.0)):
        row = compare.against(scoring(first, first / 100.0), [scoring(second, second / 100.0)], ["rival"]).rivals[0]
        assert row.goals_gain.mean == pytest.approx(sign * 100.0 * 6 / COUNT)
        assert row.xg_gain.mean == pytest.approx(sign * 6.0)
        assert (row.xg_lower_bound > 0.0) == (sign > 0.0)
        assert row.goals_gain.low < row.goals_gain.mean < row.goals_gain.high


def test_an_agent_that_beats_all_rivals_but_one_beats_not_every_rival() -> None:
    rivals = [scoring(2, 0.05), scoring(2, 0.2)]
    assert compare.against(scoring(2, 0.1), rivals[:1], ["weak"]).beats_every is True
    assert compare.against(scoring(2, 0.1), rivals, ["weak", "strong"]).beats_every is False


def test_the_more_comparisons_are_announced_the_wider_each_interval() -> None:
    """Also of those that are not shown."""
    rivals = [scoring(3, 0.09)[::-1]]
    alone, many = (compare.against(scoring(5, 0.1), rivals, ["rival"], family) for family in (None, 20))
    for gain in ("xg_gain", "goals_gain"):
        narrow, wide = (getattr(tested.rivals[0], gain) for tested in (alone, many))
        assert wide.low < narrow.low < narrow.high < wide.high
    assert alone.level is not None
    assert many.level is not None
    assert alone.level < many.level < 1.0


def test_the_best_rule_is_chosen_on_crosses_that_are_never_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the label that is for choosing; of whoever is best there."""
    asked: list[np.ndarray] = []

    def played_by(env: str, agents: Any, seeds: np.ndarray, *others: Any, **how: Any) -> list[np.ndarray]:
        asked.append(seeds)
        return [scoring(0, 0.2 if name == RULES[3] else 0.1) for name in agents]

    monkeypatch.setattr(compare, "played_by", played_by)
    assert compare.best_rule("DrillShadow", COUNT) == RULES[3]
    assert {LABELS[int(label)] for label in asked[0] >> np.uint64(61)} == {"select"}
    assert len(asked[0]) == COUNT
    evaluated = episode_seeds("evaluate", 0, 0, 20_000)
    assert not np.isin(asked[0], evaluated).any()


OTHERWISE: dict[str, Any] = {
    "action_type": "call",
    "vision": "full",
    "reward": "goal",
    "wing": "left",
    "difficulty": 0.5,
    "gamma": 0.9,
    "parameters": {"tackle": 0.5},
    "marking": "man",
    "line_height": 9.0,
    "compactness": 0.8,
    "defenders": 7,
    "keeper_range": 3.0,
    "start": "wide",
    "set": 3,
    "runner": 5,
    "crosser": 6,
    "ball": "recorded",
}
"""Of every option another value than usual."""


def test_whatever_is_chosen_otherwise_is_kept_under_another_name(tmp_path: Path) -> None:
    """Every option of an environment, its scenario and its crosses: else old numbers are told of a new question."""
    situation = tmp_path / "situation.json"
    situation.write_text("{}")
    chosen = OTHERWISE | {"file": str(situation)}
    assert set(chosen) == {option.name for option in fields(Options)} - {*PERMISSIONS}, "an option is missing here"
    seeds = episode_seeds("evaluate", 0, 0, 3)
    rule = agent("late-bend", "OpenPlay")
    usual = Options()
    names = {kept.key(rule, "OpenPlay", usual, seeds)}
    for name, value in chosen.items():
        names.add(kept.key(rule, "OpenPlay", replace(usual, **{name: value}), seeds))
    assert len(names) == 1 + len(chosen)
    names |= {kept.key(rule, "Corner", usual, seeds), kept.key(rule, "OpenPlay", usual, seeds[::-1].copy())}
    names |= {kept.key(agent("flight-reader", "OpenPlay"), "OpenPlay", usual, seeds)}
    assert len(names) == 4 + len(chosen)
    assert kept.key(agent("late-bend", "OpenPlay"), "OpenPlay", None, seeds.copy()) in names


def test_crosses_of_a_file_are_kept_under_another_name_once_its_content_is_another(tmp_path: Path) -> None:
    """And under the same one wherever it lies."""
    names = []
    for folder, content in (("here", "1"), ("there", "1"), ("here", "2")):
        file = tmp_path / folder / "situation.json"
        file.parent.mkdir(exist_ok=True)
        file.write_text(content)
        seeds = episode_seeds("evaluate", 0, 0, 3)
        names.append(kept.key(agent("late-bend", "OpenPlay"), "Situation", Options(file=file), seeds))
    assert names[0] == names[1] != names[2]
