"""The board's page: one HTML file with its script, style, fonts, words and presets inside; nothing else is loaded."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from markupsafe import Markup

from backpost.agents.base.view import STRIKE_AFTER
from backpost.agents.rules.registry import RULES
from backpost.envs.common.errors import InvalidValue
from backpost.envs.interface.options import Options
from backpost.envs.scenarios.board import BUILD_UP, KINDS, zone_aim
from backpost.envs.scenarios.board_file import MY_RUN, ZONES, Board, read_board
from backpost.envs.world.parameters import parameters
from backpost.renders.page.page import build_page as build_coach_page
from backpost.renders.page.page import embedded, fonts, security, template
from backpost.renders.page.played import Amounts, play_page
from backpost.renders.page.words import Words

from .question import ENV, MOST, USUAL

ASSETS = Path(__file__).with_name("assets")
SCRIPTS = ("words", "state", "pitch", "hands", "panel", "answer", "film", "files", "start")
"""Scripts in the order in which they are joined."""
PRESETS = ("wing", "byline", "deep", "break", "corner", "free_kick", "liverpool")
"""Boards that are shipped, in the order in which they are offered."""
AMOUNTS = Amounts(shown=12, measured=1000, paired=400, timed=0)
"""Crosses of a page for an e-mail: fewer than a report's, so that it is written within half a minute."""


class BoardWords(Words):
    """The strings of the board."""

    def __init__(self) -> None:
        super().__init__(ASSETS / "board_en.json")


@dataclass(frozen=True)
class Page:
    """The text of the page, and the content security policy with which it is served."""

    text: str
    policy: str


def preset(name: str) -> Board:
    """A shipped board by name."""
    return read_board(ASSETS / f"board_{name}.json")


def build_page(words: Words, opened: Board | None = None) -> Page:
    """The whole page; `opened` is the board that it shows first."""
    script = '(() => {\n"use strict";\n' + "\n".join(_asset(f"board_{name}.js") for name in SCRIPTS) + "\n})();\n"
    style = _asset("board.css") + fonts()
    text = template("board.html", ASSETS).render(
        say=words, data=Markup(embedded(_data(words, opened))), script=Markup(script), style=Markup(style)
    )
    policy = security(script, style) + "; connect-src 'self'; frame-ancestors 'none'"
    return Page(text, policy)


def _data(words: Words, opened: Board | None) -> dict[str, Any]:
    p = parameters()[0]
    return {
        "words": words.tree,
        "presets": [[name, plain(preset(name))] for name in PRESETS],
        "opened": None if opened is None else plain(opened),
        "rules": RULES,
        "my_run": MY_RUN,
        "crosses": [USUAL, 5 * USUAL, MOST],
        "cues": {"head-up": -STRIKE_AFTER["look"], "plant": -STRIKE_AFTER["plant"], "strike": 0.0},
        "build_up": BUILD_UP,
        "zones": {
            kind: {zone: [52.5 + zone_aim(kind, zone, p)[0], zone_aim(kind, zone, p)[1]] for zone in ZONES}
            for kind in KINDS
        },
        "keeper_range": float(p.keeper_range),
    }


def plain(board: Board) -> dict[str, Any]:
    """A board as JSON values."""
    content: dict[str, Any] = json.loads(msgspec.json.encode(board))
    return content


def coach_page(options: Options, board: Board) -> str:
    """The self-contained page for an e-mail, about the first two runners of a board.

    Raises:
        InvalidValue: if the board has only one runner.
    """
    if len(board.runners) < 2:
        raise InvalidValue("a page compares two runs: choose a second runner")
    agents = [str(options.file) if name == MY_RUN else name for name in board.runners[:2]]
    return build_coach_page(play_page(ENV, agents, amounts=AMOUNTS, options=options))


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")
