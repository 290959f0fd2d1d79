"""Promises of renders/scene/captions.py: every word and number comes from the trajectory that is drawn."""

import re
from typing import Any

import numpy as np
import pytest

from backpost.agents.base.play import record
from backpost.agents.registry import agent
from backpost.envs.interface.outcome import RUN_SPEED, metrics
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import ATTACKERS, FATE_GOAL, GOAL, KEEPER, NOBODY, OUTCOMES, RUNNER, TECHNIQUES
from backpost.renders.frame.timeline import lane
from backpost.renders.scene import captions
from backpost.renders.scene.moments import as_history, moments
from backpost.renders.scene.scene import SHIRTS, build_scene

Runs = dict[str, Any]


def _moments(history: np.recarray) -> Any:
    """The moments of a run of which the test knows that they exist."""
    return moments(as_history(history))


def _played(name: str, count: int) -> list[Any]:
    """Recorded crosses of a scenario."""
    rule = agent("early-back-post", name)
    return [as_history(record(rule, name, seed)) for seed in episode_seeds("verify", 0, 0, count)]


def _all_words(history: np.recarray) -> list[str]:
    """What is said at every decision: line and facts."""
    when = _moments(history)
    scenes = [build_scene(history, float(time)) for time in history.time]
    facts = [value for _, value in captions.facts(when, when.end)]
    return [captions.setting(history), *facts, *[captions.situation(scene) for scene in scenes]]


def _numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"\d+\.\d+", text)]


def test_moments_are_those_of_the_reported_metrics(runs: Runs) -> None:
    for name in ("meets", "passes"):
        when = _moments(runs[name])
        row = metrics(as_history(runs[name][-1:]))[0]
        assert when.contact - when.struck == pytest.approx(row["arrival"])
        assert (when.meets is not None) == bool(row["meets"])
        if np.isfinite(row["start"]):
            assert when.start - when.struck == pytest.approx(row["start"])


def test_every_caption_says_the_numbers_of_the_trajectory(runs: Runs) -> None:
    history = as_history(runs["meets"])
    when = _moments(history)
    row = metrics(as_history(history[-1:]))[0]
    held = build_scene(history, max(when.start - 0.35, 0.0))
    assert held.gap is not None
    assert _numbers(captions.situation(held))[0] == round(held.gap.distance, 1)
    scene = build_scene(history, (when.start + when.contact) / 2)
    assert round(float(np.hypot(*scene.runner.velocity)), 1) in _numbers(captions.situation(scene))
    met = captions.situation(build_scene(history, when.contact))
    assert _numbers(met) == [round(row["arrival"], 1), round(row["separation"], 1)]
    assert met.lower().startswith(captions.TECHNIQUES[row["technique"]].lower())
    assert captions.situation(build_scene(history)).endswith(captions.OUTCOMES[history[-1].outcome])


def test_nobody_who_sprints_is_said_to_hold() -> None:
    """A run to the near post before that to the far one is on the move, whatever the run to the ball is."""
    runner, seen = agent("near-post-then-spin", "OpenPlay"), 0
    for seed in episode_seeds("evaluate", 0, 0, 6):
        run = as_history(record(runner, "OpenPlay", seed))
        for time in np.arange(0.0, (_moments(run).start or 0.0) - 1e-6, 0.1):
            scene = build_scene(run, time)
            fast = np.hypot(*scene.runner.velocity) > RUN_SPEED
            seen += fast
            assert captions.situation(scene).startswith("On the move at" if fast else "Holds his run")
    assert seen


def test_a_ball_that_passes_is_not_called_met(runs: Runs) -> None:
    history = as_history(runs["passes"])
    when = _moments(history)
    words = captions.situation(build_scene(history, when.contact))
    assert "passes" in words
    assert _numbers(words)[0] == round(float(history[-1].pass_distance), 1)


def test_a_ball_that_goes_elsewhere_does_not_pass_him(runs: Runs) -> None:
    history = as_history(runs["passes"]).copy()
    history.pass_distance[-1] = 30.8
    when = _moments(history)
    assert (when.contact, when.start) == (None, None)
    assert lane(when, 0.0, "", "rule").contact is None
    assert when.until == (when.first_touch if when.first_touch is not None else when.end)
    assert not any("passes" in words for words in _all_words(history))
    assert dict(captions.facts(when, when.end))[captions.MEETS] == "no"


def test_a_goal_names_its_scorer_unless_it_is_the_runner(runs: Runs) -> None:
    history = as_history(runs["meets"]).copy()
    history.outcome[-1], history.last_shot.fate[-1] = GOAL, FATE_GOAL
    for scorer, words in ((RUNNER, "Goal"), (2, f"Goal by team-mate {SHIRTS[2]}")):
        history.last_shot.by[-1] = scorer
        assert captions.situation(build_scene(history)).endswith(f". {words}")


@pytest.mark.parametrize(
    ("name", "word"), [("Corner", "Corner"), ("FreeKick", "Free kick"), ("DrillSetPiece", "Corner")]
)
def test_a_set_piece_is_called_what_it_is(name: str, word: str) -> None:
    settings = set()
    for history in _played(name, 6):
        called, swing, marking = captions.setting(history).split(", ")
        flight = build_scene(history, _moments(history).struck + 0.7).flight
        chord = flight[-1, :2] - flight[0, :2]
        middle = flight[len(flight) // 2, :2] - flight[0, :2]
        bulge = chord[0] * middle[1] - chord[1] * middle[0]
        assert called == word
        assert swing == ("in-swinging" if bulge > 0 else "out-swinging")
        assert (marking == "zonal marking") == bool((history[0].players["man"][ATTACKERS:] == NOBODY).all())
        settings.add(swing)
        for words in _all_words(history):
            assert "winger" not in words.lower()
    assert len(settings) == 2


def test_numbers_on_the_pitch_are_said_as_they_are() -> None:
    for history in _played("Transition", 3):
        here = history[0].players["present"]
        assert captions.setting(history) == f"Fast break, {here[:ATTACKERS].sum()} against {here[KEEPER + 1 :].sum()}"
    for name, setting in (("DrillCrossing", "No opponents"), ("DrillShadow", "One defender"), ("OpenPlay", "")):
        for history in _played(name, 3):
            assert captions.setting(history) == setting
            assert not any(number > 50 for words in _all_words(history) for number in _numbers(words))


def test_sight_is_that_of_his_marker_only_if_he_has_one() -> None:
    marked = set()
    for history in _played("Corner", 6):
        scene = build_scene(history, 1.0)
        followed = bool((history[0].players["man"] == RUNNER).any())
        assert ("his marker\u2019s sight" in captions.situation(scene)) == followed
        assert (f"no. {scene.cones[0].number}\u2019s sight" in captions.situation(scene)) != followed
        marked.add(followed)
    assert marked == {True, False}


def test_nobody_is_first_to_the_ball_before_he_is_there() -> None:
    for history in _played("FreeKick", 4):
        when = _moments(history)
        touched = when.end if when.first_touch is None else when.first_touch
        for time in history.time[history.time < touched - 1e-6]:
            assert "first to the ball" not in captions.situation(build_scene(history, float(time))).lower()


def test_facts_come_one_by_one_and_say_the_metrics(runs: Runs) -> None:
    history = as_history(runs["meets"])
    when = _moments(history)
    row = metrics(as_history(history[-1:]))[0]
    counts = [len(captions.facts(when, float(time))) for time in history.time]
    assert counts[0] == 0
    assert counts == sorted(counts)
    facts = dict(captions.facts(when, when.end))
    assert _numbers(facts[captions.STARTS])[0] == abs(round(row["start"], 1))
    assert ("before" if row["start"] < 0 else "after") in facts[captions.STARTS]
    assert _numbers(facts[captions.MEETS]) == [round(row["speed"], 1)]
    assert _numbers(facts[captions.SPACE]) == [round(row["separation"], 1)]


def test_before_the_strike_nobody_knows_when_it_comes(runs: Runs) -> None:
    history = as_history(runs["meets"])
    struck = _moments(history).struck
    alive = history[history.time < struck - 0.05]
    when = _moments(alive)
    assert (when.start, when.struck, when.contact) == (None, None, None)
    assert captions.clock(when, 0.5) == ("0.50 s", captions.TO_COME)


def test_the_clock_counts_from_the_strike(runs: Runs) -> None:
    when = _moments(runs["meets"])
    assert captions.clock(when, when.struck - 0.4) == ("0.40 s", captions.BEFORE)
    assert captions.clock(when, when.struck + 0.92) == ("0.92 s", captions.AFTER)


def test_same_ball_is_said_only_of_the_same_ball(runs: Runs) -> None:
    assert captions.comparison(runs["meets"], runs["other"]) == captions.SAME_BALL
    assert captions.comparison(runs["meets"], runs["high"]) == captions.FREE_BALL


def test_every_outcome_and_technique_has_words() -> None:
    assert set(captions.OUTCOMES) == set(range(len(OUTCOMES)))
    assert set(captions.TECHNIQUES) == set(range(len(TECHNIQUES)))


def test_nobody_of_a_team_wears_anothers_number() -> None:
    assert len(set(SHIRTS[:KEEPER])) == KEEPER
    assert len(set(SHIRTS[KEEPER:])) == len(SHIRTS) - KEEPER
