"""Promises of the page: every number and every word on it is that of the data."""

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from a_page import EXPLAINED, HOSTILE, PAIR, WORDS, Read, a_break, a_page, gain, its_text, starting
from hypothesis import given, settings
from hypothesis import strategies as st

from backpost.agents.play import play
from backpost.agents.policy import Policy
from backpost.agents.policy_file import Description
from backpost.agents.registry import agent
from backpost.envs.chance import episode_seeds
from backpost.envs.errors import InvalidFile, UnknownName
from backpost.renders import captions, page, page_content
from backpost.renders.moments import as_history, moments
from backpost.renders.page_finding import Names, cards, finding, headline, lead_by_cause, sureness
from backpost.renders.page_played import play_page
from backpost.renders.page_tracks import facts
from backpost.renders.page_words import ASSETS
from backpost.training.compare import compare
from backpost.training.reporting import read_json
from backpost.training.statistics import bonferroni


def test_facts_are_those_of_the_captions() -> None:
    for run in [run for pair in a_page().runs for run in pair]:
        known = moments(as_history(run))
        said = dict(captions.facts(known, known.end))
        told = {name: value for _, name, value in facts(known, WORDS)}
        assert {name: value for name, value in said.items() if name != captions.ENDS} == {
            name: value.replace("as the cross is struck", "at the strike").replace("the cross is struck", "the strike")
            for name, value in told.items()
            if name in said and name != captions.ENDS
        }
        assert told[captions.ENDS] == said[captions.ENDS]


def test_every_count_on_the_page_is_that_of_the_comparison() -> None:
    played, said = a_page(), Read(its_text()).said()
    rows = played.comparison["agents"]
    for row in rows:
        assert WORDS.number(row["xg"]["mean"], 2) in said
        for value in (row["meets"], row["shoots"], row["goals"]["mean"]):
            assert f" {WORDS.per_hundred(value)} " in said
        for value in row["outcomes"].values():
            assert WORDS.number(value) in said
    gain = played.comparison["against_first"]["rivals"][0]["xg_gain"]
    low, high = (WORDS.number(gain[end], 2) for end in ("low", "high"))
    assert f"lies between {low} and {high}; a range made in this way is right in 97.5 of 100" in said
    assert f"In {WORDS.per_hundred(100 - rows[0]['meets'])} of 100 crosses he does not get to the ball" in said
    assert f"{WORDS.number(400, 0)} simulated crosses" in said


def test_a_lead_is_taken_apart_without_a_rest() -> None:
    first, second = a_page().comparison["agents"]
    parts = lead_by_cause(first, second)
    assert sum(parts.values()) == pytest.approx(first["xg"]["mean"] - second["xg"]["mean"])
    never = {"meets": 0.0, "own_xg": 0.0, "xg": {"mean": 1.5}}
    assert sum(lead_by_cause(first, never).values()) == pytest.approx(first["xg"]["mean"] - 1.5)


@pytest.mark.parametrize(
    ("low", "high", "begins"),
    [
        (0.1, 0.3, "“flight reader” beats “early back post”: he "),
        (-0.1, 0.3, "No clear winner"),
        (-0.3, -0.1, "“flight reader” loses to “early back post”"),
    ],
)
def test_the_headline_claims_no_more_than_the_interval(low: float, high: float, begins: str) -> None:
    found = finding(a_page().comparison, "OpenPlay", PAIR)
    found = dataclasses.replace(found, gain={"mean": (low + high) / 2, "low": low, "high": high})
    names = page_content.called(a_page().runners, WORDS)
    assert headline(found, a_page().starts, names, WORDS).startswith(begins)


def test_an_explanation_is_told_as_it_is() -> None:
    text = page.build_page(dataclasses.replace(a_page(), explained=EXPLAINED))
    said = Read(text).said()
    assert "If the ball is low: be 8 m from goal." in said
    assert "keeps 74 % of the lead over “early back post” (between 55 and 95 %" in said
    assert "the flight 1.06" in said
    assert "the hips" not in said
    assert "0.3 s later would have been worth 0.20 goals more per 100 runs" in said
    assert HOSTILE in "".join(Read(text).words)
    assert "onerror" not in "".join(str(its) for _, its in Read(text).tags)
    little = {**EXPLAINED, "rule": {**EXPLAINED["rule"], "share": {"mean": 0.2, "low": 0.0, "high": 0.4}}}
    told = page.build_page(dataclasses.replace(a_page(), explained=little))
    assert "If the ball is low: be 8 m from goal." not in told, "a rule that keeps little of the lead explains nothing"
    assert "the flight" in told
    for wrong in ({**EXPLAINED, "environment": "Corner"}, {**EXPLAINED, "agent": "random"}, {"rule": 3}, {}):
        with pytest.raises(InvalidFile):
            play_page("OpenPlay", PAIR, explained=wrong)


def test_every_string_that_the_scripts_ask_for_exists() -> None:
    live = WORDS.tree["live"]
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in ASSETS.glob("page_*.js"))
    asked = re.findall(r"say\(\"([\w.]+)\"", scripts)
    assert len(asked) > 10
    for key in asked:
        found: Any = live
        for part in key.split("."):
            found = found[part]
        assert isinstance(found, str)
    with pytest.raises(UnknownName, match="headline"):
        WORDS("headline.of.another.page")


def test_the_english_of_the_page_is_that_of_the_pictures() -> None:
    assert {int(key): text for key, text in WORDS.tree["outcomes"].items()} == captions.OUTCOMES
    techniques = {key: text.lower() for key, text in captions.TECHNIQUES.items()}
    assert {int(key): text for key, text in WORDS.tree["techniques"].items()} == techniques


def test_a_terminal_is_told_the_same(tmp_path: Path) -> None:
    lines = page.table(a_page()).splitlines()
    said = Read(its_text()).said()
    assert lines[0] in said
    for line in lines[2:]:
        assert line.rstrip(".").rpartition("? ")[2] in said
    result = tmp_path / "result.json"
    result.write_text(json.dumps(a_page().result()), encoding="utf-8")
    assert read_json(str(result))["same_ball"]["crosses"] == 300


def test_a_run_from_the_first_moment_is_not_told_as_a_decision() -> None:
    for of, name in zip(a_break().starts, a_break().agents, strict=True):
        final = play(agent(name, "Transition"), "Transition", episode_seeds("evaluate", 0, 0, 60))
        known = [moments(as_history(final[i : i + 1])) for i in range(60)]
        assert of.ran == pytest.approx(100 * np.mean([one.start is not None for one in known]))
        later = [one.start - one.expected for one in known if one.start is not None and not one.runs_at_once]
        assert of.times == pytest.approx(later)
    found, names = finding(a_page().comparison, "OpenPlay", PAIR), page_content.called(a_page().runners, WORDS)
    found = dataclasses.replace(found, gain=gain(0.5))
    late, early, off = starting(0.4, 0.5, 0.6), starting(-0.2, -0.1, 0.0), starting(-0.2, at_once=2)
    assert "he starts 0.6 s later and" in headline(found, (late, early), names, WORDS)
    assert "he starts 0.6 s earlier and" in headline(found, (early, late), names, WORDS)
    for starts in ((late, off), (off, late), (off, off)):
        assert "start" not in headline(found, starts, names, WORDS)
    card = cards(found, (off, late), (50, 30, 20), names, WORDS)[0]
    assert card["big"] == "He is already running when the simulated attack begins"
    assert "in 67 of 100 of his runs" in card["small"]


def test_the_level_of_the_interval_is_the_one_that_was_used() -> None:
    agents = [*PAIR, "stand-still", "random"]
    for count in (2, 4):
        comparison = compare("OpenPlay", agents[:count], 40)
        level = comparison["against_first"]["level"]
        assert level == bonferroni(comparison["level"], 2 * (count - 1))
        assert finding(comparison, "OpenPlay", PAIR).level == level
        told = WORDS.number(100 * level, 1)
        said = " ".join(sureness(finding(comparison, "OpenPlay", PAIR), Names(PAIR, PAIR), WORDS))
        assert f"right in {told} of 100" in said


@settings(max_examples=80, deadline=None)
@given(st.lists(st.floats(-50, 50), min_size=2, max_size=5))
def test_numbers_that_are_told_add_up(values: list[float]) -> None:
    plain = [float(part.replace("\u2212", "-")) for part in WORDS.parts(values, 2)]
    assert sum(plain) == pytest.approx(round(sum(values), 2), abs=1e-9)
    assert np.abs(np.subtract(plain, values)).max() < 0.0101
    assert WORDS.number(-0.004, 2) == "0.00"
    assert sum(float(share) for share in WORDS.shares([23.7, 11.5, 64.8])) == 100


def test_a_picture_names_no_start_that_there_is_not() -> None:
    seen = set()
    for played in (a_page(), a_break()):
        for pair in played.runs:
            rows = page_content.moment_stills(pair, ("One", "Other"), WORDS)
            for run, row in zip(pair, rows, strict=True):
                known, caption = moments(as_history(run)), row["pictures"][0]["caption"]
                kind = "none" if known.start is None else "at once" if known.runs_at_once else "start"
                begins = "Run starts: " if kind == "start" else ""
                assert re.fullmatch(
                    f"{begins}([\\d.]+ s (before|after)|as) the cross is struck", caption, re.IGNORECASE
                )
                assert row["pictures"][1]["caption"] == "Cross struck"
                seen.add(kind)
    assert seen == {"none", "at once", "start"}


def test_paper_shows_a_loss_beside_a_win() -> None:
    played = a_page()
    kinds = [int(played.choice.kinds[i]) for i in page_content.printed(played)]
    assert kinds == [kind for kind in (0, 1) if kind in played.choice.kinds]
    said = Read(its_text()).said()
    for kind, word in ((0, "better"), (1, "worse")):
        told = f"is {word} off than “early back post”, as in {WORDS.shares(played.tally)[kind]} of 100 crosses"
        assert (told in said) == (kind in kinds)


def test_two_learned_runs_are_called_by_their_names() -> None:
    description = Description("backpost/OpenPlay-v0", hidden=(4,))
    weights = {name: np.zeros(shape, np.float32) for name, shape in description.shapes().items()}
    one, other, same = (Policy(description, weights, name) for name in ("learned", "generalist", "learned"))
    rule = agent(PAIR[0], "OpenPlay")
    assert page_content.called((one, rule), WORDS).subjects == ("the learned runner", "“flight reader”")
    assert page_content.called((rule, one), WORDS).titles == ("Flight reader", "Learned run")
    assert page_content.called((one, other), WORDS).titles == ("Learned", "Generalist")
    assert len(set(page_content.called((one, same), WORDS).subjects)) == 2
    found = finding(a_page().comparison, "OpenPlay", PAIR)
    for runners in ((rule, one), (one, other)):
        its = page_content.called(runners, WORDS)
        told = [headline(found, a_page().starts, its, WORDS)]
        told += [card["small"] for card in cards(found, a_page().starts, a_page().tally, its, WORDS)]
        assert "the rule" not in " ".join(told)


def test_every_label_on_the_page_points_somewhere() -> None:
    for text in (
        its_text(),
        page.build_page(a_break()),
        page.build_page(dataclasses.replace(a_page(), explained=EXPLAINED)),
    ):
        tags = Read(text).tags
        ids = {its["id"] for _, its in tags if "id" in its}
        for _, its in tags:
            for name in ("aria-labelledby", "for"):
                assert its.get(name, next(iter(ids))) in ids
        assert sum(tag == "caption" for tag, _ in tags) == sum(tag == "table" for tag, _ in tags)
