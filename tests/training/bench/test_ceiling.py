"""Promises of the ceiling: paired, resumable, never below an agent, and silent where there is no gap."""

import json
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from a_policy import a_policy
from some_results import A_CEILING

from backpost.agents.base.identity import identity_of
from backpost.agents.base.play import play
from backpost.agents.planners.planner import Budget, Planner
from backpost.agents.registry import agent
from backpost.envs.common.errors import InvalidFile, InvalidValue, UnknownName
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.training.bench import ceiling as ceilings
from backpost.training.bench.ceiling import Effort, ceiling, summary
from backpost.training.bench.ceiling_result import table
from backpost.training.bench.made_with import made_with
from backpost.training.bench.result_file import plain_options, write_result
from backpost.training.results import table as results_table

EFFORT = Effort(Budget(every=10, rounds=((3, 2),)), tries=128)
AGENTS = ("flight-reader", "stand-still")


@pytest.fixture(autouse=True)
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ceilings, "PIECE", 8)


def test_a_stopped_ceiling_goes_on_to_the_same_result(tmp_path: Path) -> None:
    whole = ceiling("OpenPlay", AGENTS, 24, effort=EFFORT, rule="early-back-post")

    class Stop(Exception):
        pass

    for stop in (20, 90, 130):
        played = 0

        def progress(count: int, stop: int = stop) -> None:
            nonlocal played
            played += count
            if played >= stop:
                raise Stop

        with pytest.raises(Stop):
            ceiling("OpenPlay", AGENTS, 24, out=tmp_path, effort=EFFORT, rule="early-back-post", progress=progress)
    resumed = ceiling("OpenPlay", AGENTS, 24, out=tmp_path, effort=EFFORT, rule="early-back-post")
    assert resumed == whole
    pieces, agents = 3, len(AGENTS) + 2
    assert len(list(tmp_path.glob("found-*"))) == pieces
    assert len(list(tmp_path.glob("played-*"))) == pieces * agents
    assert whole.clairvoyant.below_an_agent == 0
    worth = [point.xg for point in whole.clairvoyant.curve]
    assert worth == sorted(worth)
    assert worth[0] >= max(row.xg.mean for row in whole.agents)
    assert "not certified" in table(whole)


def test_another_agent_does_not_make_the_planner_think_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ceiling("OpenPlay", AGENTS, 8, out=tmp_path, effort=EFFORT, rule="early-back-post")
    monkeypatch.setattr(Planner, "act", None)
    after = ceiling("OpenPlay", [*AGENTS, "late-bend"], 8, out=tmp_path, effort=EFFORT, rule="early-back-post")
    assert after.planner == before.planner
    assert after.clairvoyant.curve != before.clairvoyant.curve


def test_agents_are_measured_on_more_crosses_than_the_references_can_play(tmp_path: Path) -> None:
    """They are the same on those that both play, and what they do on the others moves the references' means."""
    play_both = partial(ceiling, "OpenPlay", AGENTS, 13, effort=EFFORT, rule="early-back-post", out=tmp_path)
    few = play_both()
    played: list[int] = []
    many = play_both(measured=60, progress=played.append)
    assert (few.crosses, few.measured, many.crosses, many.measured) == (13, 13, 13, 60)
    assert sum(played) <= ceilings.crosses_to_play(len(AGENTS), 13, EFFORT, 60)
    for row in many.agents:
        final = play(agent(row.name, "OpenPlay"), "OpenPlay", episode_seeds("evaluate", 0, 0, 60))
        assert row.xg.mean == pytest.approx(100 * final["xg"].mean())
    assert many.clairvoyant.curve == few.clairvoyant.curve
    assert many.clairvoyant.below_an_agent == 0
    assert many.planner.xg.mean != few.planner.xg.mean
    assert "agents on 60 crosses, planner and best run found on the first 13" in table(many)


def test_the_progress_comes_to_what_was_announced() -> None:
    played: list[int] = []
    result = ceiling("OpenPlay", AGENTS, 10, effort=EFFORT, rule="stand-still", progress=played.append)
    budgets = len(result.clairvoyant.curve) - 1
    assert sum(played) <= ceilings.crosses_to_play(len(AGENTS), 10, EFFORT)
    assert sum(played) == (len(AGENTS) + 1 + budgets) * 10


def test_no_share_is_given_where_the_gap_may_be_nothing() -> None:
    random = np.random.default_rng(0)
    rule, policy = random.normal(3.0, 1.0, 400), random.normal(3.5, 1.0, 400)
    no_gap = rule + random.normal(0.0, 1.0, 400)
    no_gap += rule.mean() - no_gap.mean()
    best = np.maximum(np.maximum(rule, policy), no_gap) + 2.0
    (_, row), planner, clairvoyant = summary(
        ("rule", "policy"), 0, np.array([rule, policy]), no_gap, np.array([best - 1.0, best])
    )
    assert row.share_of_planner is None
    share = row.share_of_clairvoyant
    assert share is not None
    assert share.low < share.mean < share.high
    assert np.isclose(share.mean, (policy - rule).mean() / (best - rule).mean())
    (_, wide), _, _ = summary(("rule", "policy"), 0, np.array([rule, policy]), rule + 1.0, np.array([best - 1.0, best]))
    assert wide.share_of_planner is not None
    assert np.isclose(wide.share_of_planner.mean, (policy - rule).mean())
    result = replace(A_CEILING, agents=(replace(row, name="learned"),), planner=planner, clairvoyant=clairvoyant)
    assert "no share (the gap may be zero) / " in table(result)


def test_bad_calls_get_one_sentence() -> None:
    with pytest.raises(InvalidValue, match="at least 2 crosses"):
        ceiling("OpenPlay", AGENTS, 1)
    with pytest.raises(InvalidValue, match="at least 5 crosses"):
        ceiling("OpenPlay", AGENTS, 4, measured=20)
    with pytest.raises(InvalidValue, match="named once"):
        ceiling("OpenPlay", ["stand-still", "stand-still"], 4)
    with pytest.raises(InvalidValue, match="64 tries or more"):
        Effort(tries=3)
    with pytest.raises(UnknownName, match="unknown agent"):
        ceiling("OpenPlay", ["nobody"], 4, rule="flight-reader")


def test_only_a_ceiling_of_this_policy_in_this_simulator_is_told(tmp_path: Path) -> None:
    a_policy("Match").save(tmp_path / "Match.safetensors")
    ceiling = replace(A_CEILING, who={"learned": identity_of(a_policy("Match"))})
    file = tmp_path / "ceiling.json"
    write_result(file, ceiling)
    assert results_table.read_ceilings([str(file)], tmp_path) == [ceiling]
    content = json.loads(file.read_text())
    for wrong, says in (
        ({"planner": 3.2}, "planner must be an object with the keys xg, over_best_rule, got 3.2"),
        ({"crosses": "many"}, "crosses must be a whole number, got 'many'"),
        ({"agents": [{"name": "learned", "share_of_planner": {}}]}, r"agents\[0\]"),
        ({"agents": []}, "a ceiling has agents"),
        ({"command": "compare"}, "is not what `backpost ceiling --json` writes"),
        ({"made_with": made_with() | {"world": "of old"}}, "another version of the world"),
        ({"made_with": made_with() | {"rules": "of old"}}, "another version of the world"),
        ({"made_with": None}, "another version of the world"),
        ({"options": plain_options(Options(vision="full"))}, "options asked for here, got another vision"),
        ({"who": {"learned": identity_of(a_policy("Match", seed=1))}}, "is of another policy"),
    ):
        file.write_text(json.dumps({**content, **wrong}))
        with pytest.raises(InvalidFile, match=says):
            results_table.read_ceilings([str(file)], tmp_path)
