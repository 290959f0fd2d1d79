"""Promises of renders/page*.py: every number is that of the data, text stays text, the file is small and alone."""

import base64
import dataclasses
import hashlib
import json
import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backpost.agents.play import play
from backpost.agents.policy import Policy
from backpost.agents.policy_file import Description
from backpost.agents.registry import agent
from backpost.envs.chance import episode_seeds
from backpost.envs.errors import InvalidFile, InvalidValue, UnknownName
from backpost.envs.options import Options
from backpost.envs.outcome import metrics
from backpost.envs.pitch import HALF_LENGTH
from backpost.envs.world import CROSS, DECISION_TIME, RUNNER
from backpost.renders import captions, page, page_content
from backpost.renders.figures import framed
from backpost.renders.interpolate import ball_path
from backpost.renders.moments import as_history, moments
from backpost.renders.page_choice import KINDS, MATTERS, choose, shared_out
from backpost.renders.page_finding import Names, cards, finding, headline, lead_by_cause, sureness
from backpost.renders.page_played import Amounts, Played, play_page
from backpost.renders.page_starts import Starts
from backpost.renders.page_timing import equals, timing
from backpost.renders.page_tracks import encode_run, facts
from backpost.renders.page_what_if import SHIFTS
from backpost.renders.page_words import ASSETS, Words
from backpost.renders.scene import build_scene
from backpost.training.compare import compare
from backpost.training.reporting import read_json
from backpost.training.statistics import bonferroni

PAIR = ("flight-reader", "early-back-post")
WORDS = Words()
HOSTILE = '</script><img src=x onerror=alert(1)>{0}"&\u2028\u202e'


def _gain(mean: float) -> dict[str, float]:
    return {"mean": mean, "low": mean - 0.4, "high": mean + 0.4}


EXPLAINED: dict[str, Any] = {
    "environment": "OpenPlay",
    "options": dataclasses.asdict(Options()),
    "label": "evaluate",
    "agent": PAIR[0],
    "best_rule": PAIR[1],
    "rule": {
        "leaves": [
            {"moment": "before the strike", "sentence": HOSTILE},
            {"moment": "after the strike", "sentence": "If the ball is low: be 8 m from goal."},
        ],
        "share": {"mean": 0.74, "low": 0.55, "high": 0.95},
        "crosses": 2000,
    },
    "cues": {"cues": {"the hips": {"lost": _gain(0.1)}, "the flight": {"lost": _gain(1.06)}}},
    "shift": {
        PAIR[0]: {
            "with_a_run": 240,
            "points": [{"shift": s, "gain": _gain(g)} for s, g in ((-0.3, -0.5), (0.0, 0.0), (0.3, 0.2))],
        }
    },
}


@cache
def a_page() -> Played:
    return play_page("OpenPlay", PAIR, 3, Amounts(shown=8, measured=400, paired=300, timed=20))


@cache
def its_text() -> str:
    return page.build_page(a_page())


class Read(HTMLParser):
    """The words of a page by the class or id of their element, and everything that a browser would run or load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.words: list[str] = []
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        into = {"script": self.scripts, "style": self.styles}.get(self._inside, self.words)
        into.append(data)

    def data(self) -> dict[str, Any]:
        held: dict[str, Any] = json.loads(self.scripts[0])
        return held

    def said(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


def test_the_crosses_shown_are_the_first_of_each_kind_in_their_true_proportion() -> None:
    seeds = episode_seeds("evaluate", 0, 3, 300)
    first = play(agent(PAIR[0], "OpenPlay"), "OpenPlay", seeds)
    second = play(agent(PAIR[1], "OpenPlay"), "OpenPlay", seeds, given=first.delivery)
    lead = metrics(first)["xg"] - metrics(second)["xg"]
    of = [int((lead >= MATTERS).sum()), int((lead <= -MATTERS).sum())]
    of.append(300 - sum(of))
    crosses = Read(its_text()).data()["crosses"]
    kinds = [KINDS[0] if x >= MATTERS else KINDS[1] if x <= -MATTERS else KINDS[2] for x in lead]
    for kind, count in zip(KINDS, of, strict=True):
        shown = [cross["number"] - 3 for cross in crosses if cross["kind"] == kind]
        assert abs(len(shown) - 8 * count / 300) < 1
        assert shown == [i for i, its in enumerate(kinds) if its == kind][: len(shown)]
    told = WORDS.shares([100 * count / 300 for count in of])
    said = Read(its_text()).said()
    assert f"better off in {told[0]} of 100 crosses and worse off in {told[1]}; in {told[2]} it makes" in said


def test_both_runs_of_a_cross_get_the_same_ball() -> None:
    for one, other in a_page().runs:
        assert captions.same_ball(one, other) or one[-1].delivery.struck_at > 98


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 5000), min_size=2, max_size=5), st.integers(1, 200))
def test_shares_are_whole_and_never_one_off(counts: list[int], total: int) -> None:
    counts[0] += 1
    shared = shared_out(counts, total)
    assert shared.sum() == total
    assert (np.abs(shared - np.array(counts) * total / sum(counts)) < 1).all()


def test_all_ties_are_shown_as_ties() -> None:
    choice = choose(np.zeros(50), 7)
    assert (choice.kinds == 2).all()
    assert choice.places.tolist() == list(range(7))


def test_places_are_those_of_the_record_to_a_centimetre() -> None:
    for run in [run for pair in a_page().runs for run in pair][:6]:
        run = as_history(run)
        packed = encode_run(run, WORDS)
        count, who = packed["count"], packed["who"]
        opening = np.frombuffer(base64.b64decode(packed["opening"]), "<i2").astype(int)
        steps = np.frombuffer(base64.b64decode(packed["steps"]), "<i1").reshape(count - 1, -1).astype(int)
        places = np.vstack([opening, opening + np.cumsum(steps, axis=0)]).reshape(count, len(who), 2) / 100
        first = round((packed["first"] + moments(run).expected) / 0.1)
        kept = as_history(run[first : first + count])
        since = kept.time - moments(run).expected
        assert np.allclose(since[:-1], packed["first"] + 0.1 * np.arange(count - 1), atol=2e-3)
        assert since[-1] == pytest.approx(packed["last"], abs=2e-3)
        assert np.abs(places[..., 0] + kept.players.y[:, who]).max() < 0.0101
        assert np.abs(places[..., 1] - HALF_LENGTH + kept.players.x[:, who]).max() < 0.0101
        begins = np.frombuffer(base64.b64decode(packed["ball_opening"]), "<i2").astype(int)
        flies = np.frombuffer(base64.b64decode(packed["ball"]), "<i1").reshape(-1, 3).astype(int)
        ball = np.vstack([begins, begins + np.cumsum(flies, axis=0)]) / 100
        way = ball_path(run, float(kept.time[0]), float(kept.time[-1]))
        assert np.abs(ball - np.stack([-way[:, 1], HALF_LENGTH - way[:, 0], way[:, 2]], -1)).max() < 0.0051


def test_sight_is_that_of_the_scene() -> None:
    run = as_history(a_page().runs[0][0])
    packed = encode_run(run, WORDS)
    looks = np.frombuffer(base64.b64decode(packed["sight"]), "<u1").reshape(packed["count"], -1, 3)
    first = round((packed["first"] + moments(run).expected) / 0.1)
    for k in range(0, packed["count"], 7):
        cones = build_scene(as_history(run[: first + k + 1])).cones
        seen = [look for look in looks[k].tolist() if look[0] != 255]
        assert [bool(look[2] & 2) for look in seen] == [cone.sees for cone in cones]
        for look, cone in zip(seen, cones, strict=True):
            turn = look[1] / 128 * np.pi
            assert np.cos(turn) * -np.sin(cone.direction) + np.sin(turn) * -np.cos(cone.direction) > 0.999


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


def test_the_page_is_one_file_that_asks_for_nothing() -> None:
    text = its_text()
    assert set(re.findall(r"\w+://[^\s\"'`)]*", text)) <= {"http://www.w3.org/2000/svg"}
    for tag, attributes in Read(text).tags:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "form")
        assert not {"src", "href", "style", "action"} & set(attributes), tag
        assert not [name for name in attributes if name.startswith("on")], tag
    assert re.findall(r"url\((?!data:)", text) == []


def apart(one: Any, at: Any, other: Any, then: Any) -> Any:
    """Metres between the runner of one record at some decisions and that of another at others."""
    first, second = one.players[at, RUNNER], other.players[then, RUNNER]
    return np.hypot(first.x - second.x, first.y - second.y)


def test_runs_that_are_moved_are_the_same_path_earlier_or_later() -> None:
    played = a_page()
    ran = [(pair[0], moved) for pair, moved in zip(played.runs, played.moved, strict=True) if moved.runs]
    assert ran
    moved_path, own_path = [], []
    for own, moved in ran:
        begins = moments(as_history(own)).start
        assert begins == moved.start
        running = np.flatnonzero((own.phase <= CROSS) & (own.time >= begins))
        for shift, run in moved.runs.items():
            assert captions.same_ball(own, run)
            later = round(shift / DECISION_TIME)
            then = [n for n in running if 0 <= n + later < len(run) and n < len(run)]
            if not then:
                continue
            moved_path.append(np.median(apart(own, then, run, np.add(then, later))))
            own_path.append(np.median(apart(own, then, run, then)))
    assert np.median(moved_path) < 0.6 * np.median(own_path), "he is where he was so much earlier or later"
    crosses = Read(its_text()).data()["crosses"]
    for cross, pair in zip(crosses, played.runs, strict=True):
        for run, its in zip(pair, cross["runs"], strict=True):
            assert its["worth"] == pytest.approx(100 * run[-1].xg, abs=0.05)


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


def test_the_policy_names_the_only_script_and_style() -> None:
    read = Read(its_text())
    policy = next(str(its["content"]) for _, its in read.tags if its.get("http-equiv") == "Content-Security-Policy")
    assert "default-src 'none'" in policy
    for kind, held in (("script", read.scripts[1:]), ("style", read.styles)):
        digest = base64.b64encode(hashlib.sha256("".join(held).encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in policy
    assert sum(tag == "script" for tag, _ in read.tags) == 2


def test_hostile_names_stay_text() -> None:
    runner = agent(PAIR[0], "OpenPlay")
    runner.name = runner.description = HOSTILE
    played = a_page()
    comparison = json.loads(json.dumps(played.comparison))
    home = "/".join(("", "home", "coach"))
    path = f"{home}/{HOSTILE.replace('/', '')}"
    comparison["agents"][0]["agent"] = path
    hostile = dataclasses.replace(
        played, agents=(path, PAIR[1]), runners=(runner, played.runners[1]), comparison=comparison
    )
    text = page.build_page(hostile)
    read = Read(text)
    assert [tag for tag, _ in read.tags] == [tag for tag, _ in Read(its_text()).tags]
    assert HOSTILE in "".join(read.words)
    assert Path(path).name in "".join(read.words)
    assert home not in text
    assert read.data()["titles"][0].lower() == HOSTILE.replace("-", " ").lower()


def test_forty_crosses_make_less_than_two_megabytes() -> None:
    played = a_page()
    choice = dataclasses.replace(
        played.choice, places=np.tile(played.choice.places, 5), kinds=np.tile(played.choice.kinds, 5)
    )
    ran = [moved for moved in played.moved if moved.runs]
    assert ran, "nobody runs in these crosses"
    moved = tuple(ran[i % len(ran)] for i in range(40))
    text = page.build_page(dataclasses.replace(played, runs=played.runs * 5, moved=moved, choice=choice))
    assert len(Read(text).data()["crosses"]) == 40
    assert len(text.encode()) < 2_000_000


def test_the_same_crosses_make_the_same_bytes(tmp_path: Path) -> None:
    page.write_page(tmp_path / "page.html", a_page())
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == its_text()


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


def test_what_is_wrong_is_said_in_a_sentence(tmp_path: Path) -> None:
    played = a_page()
    for name, held in (("none", None), ("text", "no JSON"), ("list", "[1]")):
        if held is not None:
            (tmp_path / name).write_text(held, encoding="utf-8")
        with pytest.raises(InvalidFile, match=name):
            read_json(str(tmp_path / name))
    with pytest.raises(InvalidFile, match="comparison must be of"):
        play_page("Corner", PAIR, comparison=played.comparison)
    with pytest.raises(InvalidValue, match="two different agents"):
        play_page("OpenPlay", ["flight-reader", "flight-reader"])
    with pytest.raises(InvalidValue, match="shows 1 to 200 crosses"):
        Amounts(shown=0)
    with pytest.raises(InvalidFile, match="got flight-reader, early-back-post in OpenPlay"):
        finding(played.comparison, "Corner", PAIR)
    with pytest.raises(InvalidFile, match="compare --json"):
        finding({"agents": []}, "OpenPlay", PAIR)
    with pytest.raises(UnknownName, match="valid choices are en"):
        Words("xx")


@cache
def a_break() -> Played:
    """A page of a scenario in which the runners are on their way from the first moment."""
    return play_page("Transition", ("early-back-post", "wait-at-back-post"), 0, Amounts(10, 60, 60, 0))


def starting(*times: float, at_once: int = 0) -> Starts:
    """Runs that start at these times, and some that are on from the first moment."""
    return Starts(100, np.array(times), np.zeros((len(times) + at_once, 2)), np.zeros((0, 2)))


def test_a_run_from_the_first_moment_is_not_told_as_a_decision() -> None:
    for of, name in zip(a_break().starts, a_break().agents, strict=True):
        final = play(agent(name, "Transition"), "Transition", episode_seeds("evaluate", 0, 0, 60))
        known = [moments(as_history(final[i : i + 1])) for i in range(60)]
        assert of.ran == pytest.approx(100 * np.mean([one.start is not None for one in known]))
        later = [one.start - one.expected for one in known if one.start is not None and not one.runs_at_once]
        assert of.times == pytest.approx(later)
    found, names = finding(a_page().comparison, "OpenPlay", PAIR), page_content.called(a_page().runners, WORDS)
    found = dataclasses.replace(found, gain=_gain(0.5))
    late, early, off = starting(0.4, 0.5, 0.6), starting(-0.2, -0.1, 0.0), starting(-0.2, at_once=2)
    assert "he starts 0.6 s later and" in headline(found, (late, early), names, WORDS)
    assert "he starts 0.6 s earlier and" in headline(found, (early, late), names, WORDS)
    for starts in ((late, off), (off, late), (off, off)):
        assert "start" not in headline(found, starts, names, WORDS)
    card = cards(found, (off, late), (50, 30, 20), names, WORDS)[0]
    assert card["big"] == "He is already running when the simulated attack begins"
    assert "in 67 of 100 of his runs" in card["small"]


def test_no_start_is_offered_that_would_lie_before_the_attack_begins() -> None:
    left_out = 0
    for played in (a_page(), a_break()):
        crosses = Read(page.build_page(played)).data()["crosses"]
        for (own, _), moved, cross in zip(played.runs, played.moved, crosses, strict=True):
            known = moments(as_history(own))
            assert bool(moved.runs) == (known.start is not None), "the slider has what the fact beside it has"
            assert bool(cross["why_not"]) == (len(moved.runs) < len(SHIFTS))
            if known.start is None:
                continue
            left_out += len(SHIFTS) - len(moved.runs)
            for run in cross["moved"]:
                start = known.start + run["shift"]
                assert start > -1.5 * DECISION_TIME
                since = "already running" if start < 0.05 else WORDS.since_strike(start - known.expected)
                assert {name: value for _, name, value in run["facts"]}["Starts"] == since
    assert left_out, "nobody was on his way from the first moment"


def test_a_map_shows_nearly_all_places_and_says_how_many() -> None:
    rng = np.random.default_rng(3)
    far = np.stack([HALF_LENGTH - rng.uniform(26, 51, 400), rng.uniform(-20, 30, 400)], -1)
    assert framed(far).holds(far).mean() >= 0.95
    assert framed(far[:0]).deep == framed(np.array([[HALF_LENGTH - 9, 4.0]])).deep == 24.0
    drawn = page_content.maps(a_break(), page_content.called(a_break().runners, WORDS), WORDS)
    for row, places in zip(drawn["rows"], ("places", "meetings"), strict=True):
        of = [getattr(one, places) for one in a_break().starts]
        shares = [WORDS.number(100 * framed(np.concatenate(of)).holds(its).mean(), 0) for its in of]
        assert f"The maps show {shares[0]} and {shares[1]} of 100" in row["note"]
        assert min(float(share) for share in shares) >= 90


def test_the_timing_curve_marks_only_what_lies_on_it() -> None:
    names = Names(("One", "Other"), ("one", "other"))
    curve = a_page().timing
    outside, inside = timing(curve, (starting(-2.9), starting(0.25)), names, WORDS), starting(-0.5, 0.0, 0.5)
    assert outside is not None
    assert outside["marked"] == [("rule", "Other")]
    assert str(outside["figure"]).count('class="mark') == 1
    for pair in ((starting(-2.9), starting(2.9)), (starting(0.1, at_once=5), starting())):
        told = timing(curve, pair, names, WORDS)
        assert told is not None
        assert 'class="mark' not in told["figure"]
    both = timing(curve, (inside, inside), names, WORDS)
    assert both is not None
    assert len(both["marked"]) == 2
    points = [
        {"start": start, "xg": {"mean": mean, "low": 1, "high": 2}, "below_best": {"low": low}}
        for start, mean, low in ((-1.5, 1.5, -1), (-1.25, 1.0, 0.5), (-1.0, 2.0, 0), (-0.75, 1.9, -1), (-0.5, 0.1, 1))
    ]
    assert [point["start"] for point in equals(points, 2)] == [-1.0, -0.75]
    told = timing({"crosses": 9, "curves": [{"ball": "free", "points": points}]}, (inside, inside), names, WORDS)
    assert told is not None
    assert "best start is 1.00 s before" in told["told"]
    assert "Any start between 1.00 and 0.75 s before the cross is struck cannot be told" in told["told"]


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


def test_what_was_played_otherwise_is_refused() -> None:
    options = Options(difficulty=0.5)
    comparison = dict(a_page().comparison)
    with pytest.raises(InvalidFile, match="another difficulty"):
        play_page("OpenPlay", PAIR, comparison=comparison, options=options)
    with pytest.raises(InvalidFile, match="of the label evaluate, got select"):
        play_page("OpenPlay", PAIR, comparison={**comparison, "label": "select"})
    with pytest.raises(InvalidFile, match="the explanation must be of the page's own options"):
        play_page("OpenPlay", PAIR, comparison=comparison, explained={**EXPLAINED, "options": {}})
    steps: list[int] = []
    amounts = Amounts(2, 30, 20, 5)
    played = play_page("OpenPlay", PAIR, 0, amounts, options=options, progress=steps.append)
    assert played.timing is None, "the curve is of the usual options"
    assert sum(steps) == amounts.crosses(compared=False)


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
