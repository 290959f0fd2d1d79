"""A page, what is read of it, and what an explanation may say: shared by the tests of the page."""

import json
import re
from functools import cache
from html.parser import HTMLParser
from typing import Any

import numpy as np

from backpost.agents.base.identity import identity_of
from backpost.agents.registry import agent
from backpost.renders.page import page
from backpost.renders.page.played import Amounts, Played, play_page
from backpost.renders.page.starts import Starts
from backpost.renders.page.words import Words
from backpost.training.bench.result_file import plain_options
from backpost.training.bench.statistics import Interval
from backpost.training.distil.distil import ExplainedRule, Tried
from backpost.training.distil.rule import LeafInWords
from backpost.training.distil.words import Brief
from backpost.training.explain.cues import Cue, Cues
from backpost.training.explain.explanation import Explanation
from backpost.training.explain.shift import ShiftedRuns, Sweep

PAIR = ("flight-reader", "early-back-post")


WORDS = Words()


HOSTILE = '</script><img src=x onerror=alert(1)>{0}"&\u2028\u202e'


def gain(mean: float) -> Interval:
    return Interval(mean, mean - 0.4, mean + 0.4)


def swept(gains: dict[float, float]) -> Sweep:
    """What runs gain by how much later they start."""
    points = tuple(ShiftedRuns(s, 3.0, gain(worth), 50.0, 20.0, 0.0, None) for s, worth in gains.items())
    return Sweep(crosses=300, with_a_run=240, ball="same ball", points=points)


def leaf(moment: str, sentence: str) -> LeafInWords:
    return LeafInWords(moment, (), {}, sentence)


RULE = ExplainedRule(
    always={},
    leaves=(leaf("before the strike", HOSTILE), leaf("after the strike", "If the ball is low: be 8 m from goal.")),
    brief=(
        Brief("before the strike", HOSTILE, []),
        Brief("after the strike", "", [HOSTILE, "If the ball is low: wait."]),
    ),
    crosses=2000,
    xg={},
    policy_gain=gain(1.0),
    gain=gain(0.74),
    share=Interval(0.74, 0.55, 0.95),
    tried=Tried(2000, "train", {}),
)
EXPLAINED = Explanation(
    environment="OpenPlay",
    agent=PAIR[0],
    source=PAIR[0],
    best_rule=PAIR[1],
    options=plain_options(None),
    crosses=2000,
    first_seed=0,
    label="evaluate",
    level=0.99,
    who=identity_of(agent(PAIR[0], "OpenPlay")),
    beside=identity_of(agent(PAIR[1], "OpenPlay")),
    files={},
    format=1,
    rule=RULE,
    cues=Cues(
        crosses=1000,
        ball="free",
        xg=3.0,
        cues={"the hips": Cue(gain(0.1), 50.0, gain(0.0)), "the flight": Cue(gain(1.06), 50.0, gain(0.0))},
    ),
    shift={PAIR[0]: swept({-0.3: -0.5, 0.0: 0.0, 0.3: 0.6}), PAIR[1]: swept({-0.3: 0.0, 0.0: 0.0, 0.3: 0.0})},
)


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
