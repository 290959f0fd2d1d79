"""Comparison is paired, honest about luck, and says everything as data."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from backpost.agents.rules.numbers import read_tuned
from backpost.agents.rules.registry import RULES
from backpost.agents.stand_still import StandStill
from backpost.envs.common.errors import InvalidFile, InvalidValue, UnknownName
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import RUNNER
from backpost.training.bench import aa, compare, cores, timing
from backpost.training.bench.comparison import Comparison, table
from backpost.training.bench.result_file import plain_options
from backpost.training.bench.scripted import play_scripted
from backpost.training.bench.statistics import Interval

AGENTS = ("flight-reader", "near-post-sprint", "stand-still")


@pytest.fixture(scope="module")
def result() -> Comparison:
    return compare.compare("OpenPlay", AGENTS, 600, 40)


def test_it_is_the_same_every_time_and_json(result: Comparison) -> None:
    assert compare.compare("OpenPlay", AGENTS, 600, 40) == result
    assert json.dumps(asdict(result), allow_nan=False)


def test_an_agent_does_not_depend_on_who_else_is_compared_or_how_work_is_cut(
    result: Comparison, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare, "CHUNK", 77)
    alone = compare.compare("OpenPlay", AGENTS[1:2], 600, 40)
    assert alone.agents[0] == result.agents[1]


def test_a_copy_of_an_agent_differs_by_nothing_on_the_same_luck() -> None:
    seeds = episode_seeds("evaluate", 0, 0, 400)
    first, second = compare.played_by("OpenPlay", ["flight-reader"], seeds) * 2
    row = compare.against(first, [second], ["copy"])
    assert row.rivals[0].xg_gain == Interval(0.0, 0.0, 0.0)
    assert row.rivals[0].xg_p_holm == row.rivals[0].goals_p_holm == 1.0
    assert row.beats_every is False


def test_two_copies_on_different_luck_are_told_apart_no_more_often_than_the_level() -> None:
    result = aa.aa_check("OpenPlay", "hold-then-back-post", 100, 40)
    assert result.passes
    assert result.correlation is not None
    assert result.correlation < 0.5
    assert result.difference.xg != 0.0
    assert aa.allowed(1000) == (3, 19)
    assert "passes" in aa.table(result)
    assert "xG of pairs always the same" in aa.table(aa.aa_check("OpenPlay", "stand-still", 2, 1))


def test_different_luck_leaves_the_opening_as_it_is() -> None:
    openings, luck = (episode_seeds("evaluate", stream, 0, 60) for stream in (0, 1))
    same = aa.played_with_luck("OpenPlay", "flight-reader", openings, openings)
    assert same.tobytes() == compare.played_by("OpenPlay", ["flight-reader"], openings)[0].tobytes()
    other = aa.played_with_luck("OpenPlay", "flight-reader", openings, luck)
    assert not np.array_equal(other["xg"], same["xg"])


def test_a_stopped_comparison_goes_on_to_what_it_would_have_been(
    result: Comparison, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare, "CHUNK", 150)
    monkeypatch.setattr(cores, "cores", lambda: 1)
    played = 0

    def stop(crosses: int) -> None:
        nonlocal played
        played += crosses
        if played > 700:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare.compare("OpenPlay", AGENTS, 600, 40, keep=tmp_path, progress=stop)
    before = {file: file.stat().st_mtime_ns for file in tmp_path.iterdir()}
    assert len(before) == 4
    whole = compare.compare("OpenPlay", AGENTS, 600, 40, keep=tmp_path)
    assert whole == result
    assert all(file.stat().st_mtime_ns == written for file, written in before.items())
    assert len(list(tmp_path.iterdir())) == 12


def test_what_is_no_agent_is_named_and_options_may_be_given_by_their_names() -> None:
    class Nameless:
        def act(self, observations: np.ndarray) -> np.ndarray:
            return np.zeros((len(observations), 4), np.float32)

    with pytest.raises(InvalidValue, match="this Nameless lacks name, description, reset, restart"):
        compare.compare("OpenPlay", [Nameless()], 10)  # type: ignore[list-item]
    with pytest.raises(InvalidValue, match="the class StandStill must be made first"):
        compare.compare("OpenPlay", [StandStill], 10)  # type: ignore[list-item]
    result = compare.compare("OpenPlay", ["stand-still"], 10, options={"difficulty": 0.5})
    assert result.options == plain_options(Options(difficulty=0.5))


def test_outcomes_are_shares_of_all_crosses(result: Comparison) -> None:
    for row in result.agents:
        assert sum(row.outcomes.values()) == pytest.approx(100.0)
        assert row.outcomes["goal"] == pytest.approx(row.goals.mean)
        assert row.xg.low <= row.xg.mean <= row.xg.high


def test_the_table_names_every_agent_and_the_verdict(result: Comparison) -> None:
    text = table(result)
    assert all(name in text for name in AGENTS)
    assert "every other in xG per cross" in text


def test_bad_input_is_one_typed_sentence() -> None:
    for error, arguments in (
        (UnknownName, ("Nowhere", ["stand-still"], 10)),
        (UnknownName, ("OpenPlay", ["nobody"], 10)),
        (InvalidFile, ("OpenPlay", ["missing.safetensors"], 10)),
        (InvalidValue, ("OpenPlay", [], 10)),
        (InvalidValue, ("OpenPlay", ["random", "random"], 10)),
        (InvalidValue, ("OpenPlay", ["random"], 1)),
    ):
        with pytest.raises(error):
            compare.compare(*arguments)


def test_scripted_play_lets_openings_be_changed_and_keeps_their_order() -> None:
    seeds = episode_seeds("evaluate", 0, 0, 50)

    def prepare(worlds: np.recarray, rows: np.ndarray) -> None:
        worlds["players"]["start"][:, RUNNER] = rows / 100.0

    final = play_scripted("OpenPlay", seeds, prepare=prepare)
    assert np.array_equal(final["seed"], seeds)
    assert np.array_equal(final["players"]["start"][:, RUNNER], np.arange(50) / 100.0)


def test_the_timing_curve_replays_one_ball_for_every_start() -> None:
    played = []

    def count(crosses: int) -> None:
        played.append(crosses)

    result = timing.timing_curve("OpenPlay", 60, starts=(-1.0, 0.0), settings=timing.SETTINGS[:1], progress=count)
    assert sum(played) == 60 * (len(timing.BALLS) * 2 + 1)
    free, same = result.curves
    assert free.points[1].xg == same.points[1].xg
    assert "offside on" in timing.table(result)
    with pytest.raises(InvalidValue):
        timing.timing_curve("OpenPlay", 1)


def test_the_best_rule_is_told_by_fresh_crosses_of_the_tuning_and_played_where_there_are_none() -> None:
    for env, tuned in read_tuned()["scenarios"].items():
        worth = {name: entry["evidence"]["xg_per_100"] for name, entry in tuned["rules"].items()}
        assert worth[compare.best_rule(env)] == max(worth.values())
    played: list[int] = []
    assert compare.best_rule("OpenPlay", 20, Options(difficulty=0.5), progress=played.append) in RULES
    assert compare.best_rule("DrillShadow", 20, progress=played.append) in RULES
    assert sum(played) == 2 * 20 * len(RULES)
