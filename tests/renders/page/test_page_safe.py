"""Promises of the page: it is one file that asks for nothing, text stays text, and what is wrong is refused."""

import base64
import dataclasses
import hashlib
import json
import re
from pathlib import Path

import pytest
from a_page import EXPLAINED, HOSTILE, PAIR, Read, a_page, its_text

from backpost.agents.registry import agent
from backpost.envs.common.errors import InvalidFile, InvalidValue, UnknownName
from backpost.envs.interface.options import Options
from backpost.renders.page import page
from backpost.renders.page.finding import finding
from backpost.renders.page.played import Amounts, play_page
from backpost.renders.page.words import Words
from backpost.training.bench.reporting import read_json


def test_the_page_is_one_file_that_asks_for_nothing() -> None:
    text = its_text()
    assert set(re.findall(r"\w+://[^\s\"'`)]*", text)) <= {"http://www.w3.org/2000/svg"}
    for tag, attributes in Read(text).tags:
        assert tag not in ("link", "img", "iframe", "object", "embed", "base", "form")
        assert not {"src", "href", "style", "action"} & set(attributes), tag
        assert not [name for name in attributes if name.startswith("on")], tag
    assert re.findall(r"url\((?!data:)", text) == []


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
    for lost in ("outcomes", "shoots", "zones_met", "height", "own_xg"):
        rows = [{name: value for name, value in row.items() if name != lost} for row in played.comparison["agents"]]
        with pytest.raises(InvalidFile, match="compare --json"):
            finding({**played.comparison, "agents": rows}, "OpenPlay", PAIR)
    with pytest.raises(InvalidFile, match="begin with cross 0, got 3"):
        play_page("OpenPlay", PAIR, 0, comparison=played.comparison)
    with pytest.raises(InvalidValue, match="planner is shown the crosses"):
        play_page("OpenPlay", ("planner", PAIR[0]))
    with pytest.raises(UnknownName, match="valid choices are en"):
        Words("xx")


def test_what_was_played_otherwise_is_refused() -> None:
    options = Options(difficulty=0.5)
    comparison = dict(a_page().comparison)
    who = comparison["who"] | {PAIR[1]: {**comparison["who"][PAIR[1]], "numbers": {}}}
    with pytest.raises(InvalidFile, match=f"of another {PAIR[1]} than there is now"):
        play_page("OpenPlay", PAIR, 3, comparison={**comparison, "who": who})
    with pytest.raises(InvalidFile, match="another difficulty"):
        play_page("OpenPlay", PAIR, 3, comparison=comparison, options=options)
    with pytest.raises(InvalidFile, match="of the label evaluate, got select"):
        play_page("OpenPlay", PAIR, comparison={**comparison, "label": "select"})
    with pytest.raises(InvalidFile, match="the explanation must be of the options asked for here, got another"):
        play_page("OpenPlay", PAIR, comparison=comparison, explained={**EXPLAINED, "options": {}})
    steps: list[int] = []
    amounts = Amounts(2, 30, 20, 5)
    played = play_page("OpenPlay", PAIR, 0, amounts, options=options, progress=steps.append)
    assert played.timing is None, "the curve is of the usual options"
    assert sum(steps) == amounts.crosses(compared=False)
