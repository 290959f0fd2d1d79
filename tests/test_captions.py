"""Promises of renders/captions.py: every word and number comes from the trajectory that is drawn."""

import re
from typing import Any

import numpy as np
import pytest

from backpost.envs.outcome import metrics
from backpost.envs.world import KEEPER, OUTCOMES, TECHNIQUES
from backpost.renders import captions
from backpost.renders.moments import as_history, moments
from backpost.renders.scene import SHIRTS, build_scene

Runs = dict[str, Any]


def _known(history: np.recarray) -> Any:
    """The moments of a run of which the test knows that they exist."""
    return moments(as_history(history))


def _numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"\d+\.\d+", text)]


def test_moments_are_those_of_the_reported_metrics(runs: Runs) -> None:
    for history in runs.values():
        known = _known(history)
        row = metrics(as_history(history[-1:]))[0]
        assert known.contact - known.struck == pytest.approx(row["arrival"])
        assert (known.meets is not None) == bool(row["meets"])
        if np.isfinite(row["start"]):
            assert known.start - known.struck == pytest.approx(row["start"])


def test_every_caption_says_the_numbers_of_the_trajectory(runs: Runs) -> None:
    history = as_history(runs["meets"])
    known = _known(history)
    row = metrics(as_history(history[-1:]))[0]
    held = build_scene(history, max(known.start - 0.35, 0.0))
    assert held.gap is not None
    assert _numbers(captions.situation(held))[0] == round(held.gap.distance, 1)
    scene = build_scene(history, (known.start + known.contact) / 2)
    assert round(float(np.hypot(*scene.runner.velocity)), 1) in _numbers(captions.situation(scene))
    met = captions.situation(build_scene(history, known.contact))
    assert _numbers(met) == [round(row["arrival"], 1), round(row["separation"], 1)]
    assert met.lower().startswith(captions.TECHNIQUES[row["technique"]].lower())
    assert captions.situation(build_scene(history)).endswith(captions.OUTCOMES[history[-1].outcome])


def test_a_ball_that_passes_is_not_called_met(runs: Runs) -> None:
    history = as_history(runs["passes"])
    known = _known(history)
    words = captions.situation(build_scene(history, known.contact))
    assert "passes" in words
    assert _numbers(words)[0] == round(float(history[-1].pass_distance), 1)


def test_facts_come_one_by_one_and_say_the_metrics(runs: Runs) -> None:
    history = as_history(runs["meets"])
    known = _known(history)
    row = metrics(as_history(history[-1:]))[0]
    counts = [len(captions.facts(known, float(time))) for time in history.time]
    assert counts[0] == 0
    assert counts == sorted(counts)
    facts = dict(captions.facts(known, known.end))
    assert _numbers(facts[captions.STARTS])[0] == abs(round(row["start"], 1))
    assert ("before" if row["start"] < 0 else "after") in facts[captions.STARTS]
    assert _numbers(facts[captions.MEETS]) == [round(row["speed"], 1)]
    assert _numbers(facts[captions.SPACE]) == [round(row["separation"], 1)]


def test_before_the_strike_nobody_knows_when_it_comes(runs: Runs) -> None:
    history = as_history(runs["meets"])
    struck = _known(history).struck
    alive = history[history.time < struck - 0.05]
    known = _known(alive)
    assert (known.start, known.struck, known.contact) == (None, None, None)
    assert captions.clock(known, 0.5) == ("0.50 s", captions.TO_COME)


def test_the_clock_counts_from_the_strike(runs: Runs) -> None:
    known = _known(runs["meets"])
    assert captions.clock(known, known.struck - 0.4) == ("0.40 s", captions.BEFORE)
    assert captions.clock(known, known.struck + 0.92) == ("0.92 s", captions.AFTER)


def test_same_ball_is_said_only_of_the_same_ball(runs: Runs) -> None:
    assert captions.comparison(runs["meets"], runs["other"]) == captions.SAME_BALL
    assert captions.comparison(runs["meets"], runs["high"]) == captions.FREE_BALL


def test_every_outcome_and_technique_has_words() -> None:
    assert set(captions.OUTCOMES) == set(range(len(OUTCOMES)))
    assert set(captions.TECHNIQUES) == set(range(len(TECHNIQUES)))


def test_nobody_of_a_team_wears_anothers_number() -> None:
    assert len(set(SHIRTS[:KEEPER])) == KEEPER
    assert len(set(SHIRTS[KEEPER:])) == len(SHIRTS) - KEEPER
