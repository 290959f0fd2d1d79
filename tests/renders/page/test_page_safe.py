"""Promises of the page: it is one file that asks for nothing, text stays text, and what is wrong is refused."""

import base64
import dataclasses
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from a_page import EXPLAINED, HOSTILE, PAIR, Read, a_page, its_text

from backpost.agents.registry import agent
from backpost.envs.common.errors import InvalidFile, InvalidValue, UnknownName
from backpost.envs.interface.options import Options
from backpost.renders.page import page
from backpost.renders.page.finding import finding
from backpost.renders.page.played import Amounts, play_page
from backpost.renders.page.words import Words
from backpost.training.bench.comparison import Comparison
from backpost.training.bench.result_file import read_result, write_result


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
    home = "/".join(("", "home", "coach"))
    path = f"{home}/{HOSTILE.replace('/', '')}"
    first, second = played.comparison.agents
    comparison = dataclasses.replace(played.comparison, agents=(dataclasses.replace(first, agent=path), second))
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
            read_result(tmp_path / name, Comparison)
    with pytest.raises(InvalidFile, match="comparison must be of"):
        play_page("Corner", PAIR, comparison=played.comparison)
    with pytest.raises(InvalidValue, match="two different agents"):
        play_page("OpenPlay", ["flight-reader", "flight-reader"])
    with pytest.raises(InvalidValue, match="shows 1 to 200 crosses"):
        Amounts(shown=0)
    with pytest.raises(InvalidFile, match="got flight-reader, early-back-post in OpenPlay"):
        finding(played.comparison, "Corner", PAIR)
    with pytest.raises(InvalidFile, match="begin with cross 0, got 3"):
        play_page("OpenPlay", PAIR, 0, comparison=played.comparison)
    with pytest.raises(InvalidValue, match="planner is shown the crosses"):
        play_page("OpenPlay", ("planner", PAIR[0]))
    with pytest.raises(UnknownName, match="string of the page"):
        Words()("no.such.string")


def test_a_comparison_that_does_not_fit_is_refused_when_it_is_read(tmp_path: Path) -> None:
    file, comparison = tmp_path / "comparison.json", a_page().comparison
    write_result(file, comparison)
    assert read_result(file, Comparison) == comparison
    content = json.loads(file.read_text())
    rows = content["agents"]
    lacking = [
        [{name: value for name, value in row.items() if name != lost} for row in rows]
        for lost in ("outcomes", "shoots", "zones_met", "height", "own_xg")
    ]
    of_no_goal = {name: share for name, share in rows[0]["outcomes"].items() if name != "goal"}
    cases: list[tuple[dict[str, Any], str]] = [({"agents": agents}, r"agents\[0\] lacks") for agents in lacking]
    cases += [
        ({"agents": []}, "tests its first agent"),
        ({"agents": rows[::-1]}, "tests its first agent"),
        ({"agents": [{**rows[0], "outcomes": of_no_goal}, rows[1]]}, "a summary covers goal, saved"),
        ({"agents": [{**rows[0], "xg": {"mean": 3.0, "low": 4.0, "high": 5.0}}, rows[1]]}, "around its estimate"),
        ({"agents": [{**rows[0], "meets": None}, rows[1]]}, r"agents\[0\].meets must be a number, got None"),
        ({"against_first": {**content["against_first"], "level": None}}, "has a level"),
        ({"command": "explain"}, "is not what `backpost compare --json` writes"),
        ({"made_with": {}}, "another version of the world"),
    ]
    for wrong, says in cases:
        file.write_text(json.dumps({**content, **wrong}))
        with pytest.raises(InvalidFile, match=says):
            read_result(file, Comparison)


def test_what_was_played_otherwise_is_refused() -> None:
    options = Options(difficulty=0.5)
    comparison = a_page().comparison
    who = comparison.who | {PAIR[1]: {**(comparison.who[PAIR[1]] or {}), "numbers": {}}}
    with pytest.raises(InvalidFile, match=f"of another {PAIR[1]} than there is now"):
        play_page("OpenPlay", PAIR, 3, comparison=dataclasses.replace(comparison, who=who))
    with pytest.raises(InvalidFile, match="another difficulty"):
        play_page("OpenPlay", PAIR, 3, comparison=comparison, options=options)
    with pytest.raises(InvalidFile, match="of the label evaluate, got select"):
        play_page("OpenPlay", PAIR, comparison=dataclasses.replace(comparison, label="select"))
    with pytest.raises(InvalidFile, match="the explanation must be of the options asked for here, got another"):
        play_page("OpenPlay", PAIR, comparison=comparison, explained=dataclasses.replace(EXPLAINED, options={}))
    steps: list[int] = []
    amounts = Amounts(2, 30, 20, 5)
    played = play_page("OpenPlay", PAIR, 0, amounts, options=options, progress=steps.append)
    assert played.timing is None, "the curve is of the usual options"
    assert sum(steps) == amounts.crosses(compared=False)
