"""A page, what is read of it, and what an explanation may say: shared by the tests of the page."""

import dataclasses
import json
import re
from functools import cache
from html.parser import HTMLParser
from typing import Any

import numpy as np

from backpost.agents.base.identity import identity_of
from backpost.agents.registry import agent
from backpost.envs.interface.options import Options
from backpost.renders.page import page
from backpost.renders.page.played import Amounts, Played, play_page
from backpost.renders.page.starts import Starts
from backpost.renders.page.words import Words

PAIR = ("flight-reader", "early-back-post")


WORDS = Words()


HOSTILE = '</script><img src=x onerror=alert(1)>{0}"&\u2028\u202e'


def gain(mean: float) -> dict[str, float]:
    return {"mean": mean, "low": mean - 0.4, "high": mean + 0.4}


EXPLAINED: dict[str, Any] = {
    "environment": "OpenPlay",
    "options": dataclasses.asdict(Options()),
    "label": "evaluate",
    "agent": PAIR[0],
    "who": identity_of(agent(PAIR[0], "OpenPlay")),
    "best_rule": PAIR[1],
    "rule": {
        "leaves": [
            {"moment": "before the strike", "sentence": HOSTILE},
            {"moment": "after the strike", "sentence": "If the ball is low: be 8 m from goal."},
        ],
        "brief": [
            {"moment": "before the strike", "always": HOSTILE, "cases": []},
            {"moment": "after the strike", "always": "", "cases": [HOSTILE, "If the ball is low: wait."]},
        ],
        "share": {"mean": 0.74, "low": 0.55, "high": 0.95},
        "crosses": 2000,
    },
    "cues": {"cues": {"the hips": {"lost": gain(0.1)}, "the flight": {"lost": gain(1.06)}}},
    "shift": {
        PAIR[0]: {
            "with_a_run": 240,
            "points": [{"shift": s, "gain": gain(g)} for s, g in ((-0.3, -0.5), (0.0, 0.0), (0.3, 0.6))],
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


@cache
def a_break() -> Played:
    """A page of a scenario in which the runners are on their way from the first moment."""
    return play_page("Transition", ("early-back-post", "wait-at-back-post"), 0, Amounts(10, 60, 60, 0))


def starting(*times: float, at_once: int = 0) -> Starts:
    """Runs that start at these times, and some that are on from the first moment."""
    return Starts(100, np.array(times), np.zeros((len(times) + at_once, 2)), np.zeros((0, 2)), 0)
