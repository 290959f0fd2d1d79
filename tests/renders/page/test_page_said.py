"""Promises of the page: every number and every word on it is that of the data."""

import dataclasses
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from a_page import EXPLAINED, HOSTILE, PAIR, RULE, WORDS, Read, a_break, a_page, gain, its_text, starting, swept
from hypothesis import given, settings
from hypothesis import strategies as st

from backpost.agents.base.play import play
from backpost.agents.policies.policy import Policy
from backpost.agents.policies.policy_file import Description
from backpost.agents.registry import agent
from backpost.envs.common.errors import InvalidFile, UnknownName
from backpost.envs.interface.outcome import metrics
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import NOBODY, RUNNER
from backpost.renders.page import content as page_content
from backpost.renders.page import page
from backpost.renders.page.finding import Card, Names, cards, finding, headline, lead_by_cause, sureness
from backpost.renders.page.played import PageResult, play_page
from backpost.renders.page.starts import Starts
from backpost.renders.page.tracks import encode_run, facts
from backpost.renders.page.words import ASSETS
from backpost.renders.scene import captions
from backpost.renders.scene.moments import as_history, moments
from backpost.training.bench.compare import compare
from backpost.training.bench.result_file import read_result, write_result
from backpost.training.bench.statistics import Interval, Quartiles, bonferroni


def test_facts_are_those_of_the_captions() -> None:
    for run in [run for pair in a_page().runs for run in pair]:
        named = moments(as_history(run))
        said = dict(captions.facts(named, named.end))
        shown = {name: value for _, name, value in facts(named, WORDS)}
        assert {name: value for name, value in said.items() if name != captions.ENDS} == {
            name: value.replace("as the cross is struck", "at the strike").replace("the cross is struck", "the strike")
            for name, value in shown.items()
            if name in said and name != captions.ENDS
        }
        assert shown[captions.ENDS] == said[captions.ENDS]


def test_every_count_on_the_page_is_that_of_the_comparison() -> None:
    played, said = a_page(), Read(its_text()).said()
    rows = played.comparison.agents
    for row in rows:
        assert WORDS.number(row.xg.mean, 2) in said
        for value in (row.meets, row.shoots, row.goals.mean):
            assert f" {WORDS.per_hundred(value)} " in said
        for value in row.outcomes.values():
            assert WORDS.number(value) in said
    gain = played.comparison.against_first.rivals[0].xg_gain
    low, high = (WORDS.number(end, 2) for end in (gain.low, gain.high))
    assert f"lies between {low} and {high}; a range made in this way is right in 97.5 of 100" in said
    assert f"In {WORDS.per_hundred(100 - rows[0].meets)} of 100 crosses he does not get to the ball" in said
    assert f"{WORDS.number(400, 0)} simulated crosses" in said


def test_a_lead_is_taken_apart_without_a_rest() -> None:
    first, second = a_page().comparison.agents
    parts = lead_by_cause(first, second)
    assert sum(parts.values()) == pytest.approx(first.xg.mean - second.xg.mean)
    never = dataclasses.replace(second, meets=0.0, own_xg=0.0, xg=gain(1.5))
    assert sum(lead_by_cause(first, never).values()) == pytest.approx(first.xg.mean - 1.5)


@pytest.mark.parametrize(
    ("low", "high", "begins"),
    [
        (0.1, 0.3, "“flight reader” beats “early back post”: he "),
        (-0.1, 0.3, "No clear winner"),
        (-0.3, -0.1, "“flight reader” loses to “early back post”"),
    ],
)
def test_the_headline_claims_no_more_than_the_interval(low: float, high: float, begins: str) -> None:
    summary = finding(a_page().comparison, "OpenPlay", PAIR)
    summary = dataclasses.replace(summary, gain=Interval((low + high) / 2, low, high))
    names = page_content.called(a_page().runners, WORDS)
    assert headline(summary, names, WORDS).startswith(begins)


def test_the_headline_says_what_is_better_at_the_ball_and_nothing_else() -> None:
    """How free he is and how high he takes the ball, where that differs and his chances there are what he gains by."""
    summary = dataclasses.replace(finding(a_page().comparison, "OpenPlay", PAIR), gain=gain(0.5))
    names = page_content.called(a_page().runners, WORDS)

    def said_of(cause: str, mine: tuple[float, float], other: tuple[float, float]) -> str:
        rows = [
            dataclasses.replace(summary.first, separation=Quartiles(*[gap] * 3), height=Quartiles(*[height] * 3))
            for gap, height in (mine, other)
        ]
        parts = {"often": 0.0, "better": 0.0, "mates": 0.0, cause: 0.5}
        return headline(dataclasses.replace(summary, first=rows[0], second=rows[1], parts=parts), names, WORDS)

    lead = "“flight reader” beats “early back post”: he "
    freer = "freer (2.4 m from the nearest defender instead of 1.1 m)"
    assert (
        said_of("better", (2.4, 0.3), (1.1, 1.2))
        == f"{lead}meets the ball {freer} and lower (0.3 m up instead of 1.2 m)"
    )
    assert said_of("better", (2.4, 0.3), (1.1, 0.4)) == f"{lead}meets the ball {freer}"
    assert said_of("better", (1.1, 1.2), (1.1, 0.3)) == f"{lead}meets the ball higher (1.2 m up instead of 0.3 m)"
    assert said_of("better", (1.1, 0.3), (2.4, 1.2)) == f"{lead}has the better chance when he gets there"
    assert said_of("better", (1.1, 0.3), (2.4, 0.3)) == f"{lead}has the better chance when he gets there"
    assert said_of("often", (2.4, 0.3), (1.1, 1.2)) == f"{lead}gets to the ball more often"


def test_a_cause_is_named_if_it_makes_a_good_share_of_the_lead() -> None:
    """Two that are nearly as large are both named; those that cancel are not called little."""
    summary = dataclasses.replace(finding(a_page().comparison, "OpenPlay", PAIR), gain=gain(0.6))
    names = page_content.called(a_page().runners, WORDS)

    def card(often: float, better: float, mates: float, lead: float) -> str:
        parts = {"often": often, "better": better, "mates": mates}
        changed = dataclasses.replace(summary, parts=parts, gain=gain(lead))
        return str(cards(changed, a_page().starts, a_page().tally, a_page().sizes, names, WORDS)[2].big)

    both = "He gets to the ball more often. His chances are better when he gets there."
    assert card(0.31, 0.27, 0.02, 0.6) == both
    assert card(0.05, 0.53, 0.02, 0.6) == "His chances are better when he gets there."
    assert card(0.51, -0.35, -0.19, -0.03) == "What he gains in one way he loses in another."
    assert card(0.02, 0.01, 0.0, 0.03) == "How often he gets to the ball, a little."


def test_the_causes_of_a_lead_are_told_in_goals_that_add_up_to_it() -> None:
    """What a cause costs is said to cost; an older page said that "-0.30 comes from how often he gets there"."""
    summary = dataclasses.replace(finding(a_page().comparison, "OpenPlay", PAIR), gain=gain(0.43))
    names = page_content.called(a_page().runners, WORDS)
    parts = {"often": -0.301, "better": 0.632, "mates": 0.099}
    shown = cards(
        dataclasses.replace(summary, parts=parts), a_page().starts, a_page().tally, a_page().sizes, names, WORDS
    )
    goals = re.findall(r"(bring|cost)s? (\d+\.\d+)", " ".join(shown[2].more))
    assert goals == [("cost", "0.30"), ("bring", "0.63"), ("bring", "0.10")]
    assert shown[2].more[-1] == "Together that makes 0.43."


def test_crosses_without_a_run_are_those_whose_ball_goes_elsewhere_and_those_he_leaves() -> None:
    runner = agent("early-back-post", "OpenPlay")
    final = as_history(play(runner, "OpenPlay", episode_seeds("evaluate", 0, 0, 300)))
    starts = Starts.of(final)
    without = [run for run in (moments(as_history(final[i : i + 1])) for i in range(300)) if run.start is None]
    elsewhere = [run for run in without if run.contact is None]
    assert 20 < len(elsewhere) < len(without)
    assert starts.why_not == pytest.approx(
        (100 * len(elsewhere) / len(without), 100 - 100 * len(elsewhere) / len(without))
    )


def test_the_typical_start_is_the_middle_one_of_all_runs() -> None:
    """Those that are on from the first moment began before all others: left out, they once moved it by two seconds."""
    assert starting(-1.0, -0.9, -0.8, -0.1, 0.0, 0.1).typical == pytest.approx(-0.45)
    assert starting(-1.0, -0.9, -0.8, -0.1, 0.0, 0.1, at_once=3).typical == pytest.approx(-0.9)
    assert starting(-2.0, -1.9, -1.8, 0.1, 0.2, 0.3).typical is None, "two kinds of run, and none in the middle"
    assert starting(0.1, at_once=1).typical is None
    assert starting().typical is None


def test_starts_that_lie_far_apart_are_counted_and_none_of_them_is_called_typical() -> None:
    """The middle one of two kinds of run is a moment at which nobody starts."""
    summary = dataclasses.replace(finding(a_page().comparison, "OpenPlay", PAIR), gain=gain(0.6))
    names = page_content.called(a_page().runners, WORDS)

    def card(*starts: Starts) -> Card:
        return cards(summary, (starts[0], starts[1]), a_page().tally, a_page().sizes, names, WORDS)[0]

    apart, together = starting(-2.5, -2.4, -0.4, 0.0, at_once=2), starting(-0.4, -0.3, 0.1)
    assert apart.groups == pytest.approx((200 / 3, 100 / 3, 0.0))
    said = card(apart, together)
    assert said.big == "Of 100 runs 67 start early, 33 in the last second before the strike, 0.0 after it"
    assert said.small == (
        "He makes a run in 6.0 of 100 crosses. Early is more than a second before the cross is struck. "
        "With “early back post”: 0.0 early, 67 in the last second, 33 after the strike."
    )
    assert card(together, apart).big == "0.3 s before the cross is struck"
    assert (
        "With “early back post”: 67 early, 33 in the last second, 0.0 after the strike." in card(together, apart).small
    )


def test_an_attack_is_worth_what_its_chances_are_and_may_be_worth_more_than_one_goal() -> None:
    """Both runs of a cross carry it; no probability: two great chances make more than one goal."""
    for pair in a_page().runs:
        for run in pair:
            xg = float(metrics(as_history(run[-1:]))["xg"][0])
            assert encode_run(run, WORDS)["facts"][-1][1:] == ["Worth", f"{WORDS.per_hundred(100 * xg)} goals in 100"]
    text = WORDS("live.what_if.told", when="As he ran", told="header", worth="103.9")
    assert text == "As he ran: header. Worth 103.9 goals in 100 such attacks."


def test_a_run_for_the_second_ball_is_no_run_to_the_cross() -> None:
    """A learned run once was said to start 2.5 s after the strike: for a rebound, by a man who had gone at once."""
    runner, count = agent("early-back-post", "Corner"), 400
    final = play(runner, "Corner", episode_seeds("evaluate", 0, 0, count))
    seconds = [
        i
        for i, run in enumerate(metrics(final)["start"] + final.delivery["struck_at"])
        if final.first_contact["by"][i] not in (NOBODY, RUNNER) and run >= final.first_contact["time"][i]
    ]
    assert len(seconds) > 3
    for i in seconds:
        assert moments(as_history(final[i : i + 1])).start is None
    assert len(Starts.of(as_history(final[seconds])).places) == 0


def test_the_page_opens_with_a_run_like_most() -> None:
    """First to the ball, and started when half of his runs start, as long as one that is shown is so."""
    played = a_page()
    low, high = np.percentile(played.starts[0].times, (25, 75))
    wins = [
        moments(as_history(run[0])) for run, kind in zip(played.runs, played.choice.kinds, strict=True) if kind == 0
    ]
    like = [run for run in wins if run.meets is not None and run.meets < (run.first_touch or 0.0) + 1e-6]
    like = [run for run in like if run.start is not None and low <= run.start - run.expected <= high] or like
    opened = moments(as_history(played.runs[page_content.printed(played)[0]][0]))
    assert not like or opened == like[0]


def test_an_explanation_is_told_as_it_is() -> None:
    text = page.build_page(dataclasses.replace(a_page(), explained=EXPLAINED))
    said = Read(text).said()
    assert "If the ball is low: wait." in said
    assert "If the ball is low: be 8 m from goal." in said
    assert "keeps 74 % of the lead over “early back post” (between 55 and 95 %" in said
    assert "the flight 1.06" in said
    assert "the hips" not in said
    assert "0.3 s later would have been worth 0.60 goals more per 100 runs" in said
    assert HOSTILE in "".join(Read(text).words)
    assert "onerror" not in "".join(str(its) for _, its in Read(text).tags)
    little = dataclasses.replace(EXPLAINED, rule=dataclasses.replace(RULE, share=Interval(0.2, 0.0, 0.4)))
    text = page.build_page(dataclasses.replace(a_page(), explained=little))
    assert "If the ball is low: be 8 m from goal." not in text, "a rule that keeps little of the lead explains nothing"
    assert "the flight" in text
    behind = dataclasses.replace(RULE, share=None, gain=gain(-0.4))
    text = page.build_page(dataclasses.replace(a_page(), explained=dataclasses.replace(EXPLAINED, rule=behind)))
    assert "If the ball is low: be 8 m from goal." not in text, "nor does one that is behind the best rule"
    its = swept({0.0: 0.0, 0.3: 0.2})
    unclear = dataclasses.replace(EXPLAINED, shift=dict.fromkeys(PAIR, its))
    text = page.build_page(dataclasses.replace(a_page(), explained=unclear))
    assert "no other moment is worth more beyond luck" in text
    for wrong in (
        dataclasses.replace(EXPLAINED, environment="Corner"),
        dataclasses.replace(EXPLAINED, agent="random", shift=None),
        dataclasses.replace(EXPLAINED, who={**(EXPLAINED.who or {}), "numbers": "others"}),
    ):
        with pytest.raises(InvalidFile):
            play_page("OpenPlay", PAIR, explained=wrong)


def test_every_string_that_the_scripts_ask_for_exists() -> None:
    live = WORDS.tree["live"]
    scripts = "\n".join(path.read_text(encoding="utf-8") for path in ASSETS.glob("page_*.js"))
    asked = re.findall(r"say\(\"([\w.]+)\"", scripts)
    assert len(asked) > 10
    for key in asked:
        node: Any = live
        for part in key.split("."):
            node = node[part]
        assert isinstance(node, str)
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
    write_result(result, a_page().result())
    assert read_result(result, PageResult) == a_page().result()
    assert a_page().result().same_ball.crosses == 300


def test_a_run_from_the_first_moment_is_not_told_as_a_decision() -> None:
    for of, name in zip(a_break().starts, a_break().agents, strict=True):
        final = play(agent(name, "Transition"), "Transition", episode_seeds("evaluate", 0, 0, 60))
        runs = [moments(as_history(final[i : i + 1])) for i in range(60)]
        assert of.ran == pytest.approx(100 * np.mean([run.start is not None for run in runs]))
        later = [run.start - run.expected for run in runs if run.start is not None and not run.runs_at_once]
        assert of.times == pytest.approx(later)
    summary, names = finding(a_page().comparison, "OpenPlay", PAIR), page_content.called(a_page().runners, WORDS)
    summary = dataclasses.replace(summary, gain=gain(0.5))
    late, off = starting(0.4, 0.5, 0.6), starting(-0.2, at_once=2)
    card = cards(summary, (off, late), (50, 30, 20), (9, -8, 0), names, WORDS)[0]
    assert card.big == "He is already running when the simulated attack begins"
    assert "in 67 of 100 of his runs" in card.small


def test_the_level_of_the_interval_is_the_one_that_was_used() -> None:
    agents = [*PAIR, "stand-still", "random"]
    for count in (2, 4):
        comparison = compare("OpenPlay", agents[:count], 40)
        level = comparison.against_first.level
        assert level == bonferroni(comparison.level, 2 * (count - 1))
        assert finding(comparison, "OpenPlay", PAIR).level == level
        label = WORDS.number(100 * level, 1)
        said = " ".join(sureness(finding(comparison, "OpenPlay", PAIR), Names(PAIR, PAIR), WORDS))
        assert f"right in {label} of 100" in said


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
                named, caption = moments(as_history(run)), row["pictures"][0]["caption"]
                kind = "none" if named.start is None else "at once" if named.runs_at_once else "start"
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
        phrase = f"is {word} off than “early back post”, as in {WORDS.shares(played.tally)[kind]} of 100 crosses"
        assert (phrase in said) == (kind in kinds)


def test_two_learned_runs_are_called_by_their_names() -> None:
    description = Description("backpost/OpenPlay-v0", hidden=(4,))
    weights = {name: np.zeros(shape, np.float32) for name, shape in description.shapes().items()}
    first, second, same = (Policy(description, weights, name) for name in ("learned", "generalist", "learned"))
    rule = agent(PAIR[0], "OpenPlay")
    assert page_content.called((first, rule), WORDS).subjects == ("the learned runner", "“flight reader”")
    assert page_content.called((rule, first), WORDS).titles == ("Flight reader", "Learned run")
    assert page_content.called((first, second), WORDS).titles == ("Learned", "Generalist")
    assert len(set(page_content.called((first, same), WORDS).subjects)) == 2
    summary = finding(a_page().comparison, "OpenPlay", PAIR)
    for runners in ((rule, first), (first, second)):
        its = page_content.called(runners, WORDS)
        texts = [headline(summary, its, WORDS)]
        texts += [card.small for card in cards(summary, a_page().starts, a_page().tally, a_page().sizes, its, WORDS)]
        assert "the rule" not in " ".join(texts)


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
