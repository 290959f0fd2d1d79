"""The coach's page: one self-contained HTML file that works as an e-mail attachment and is readable without scripts.

Its crosses come from `played.py`, its words from `assets/page_en.json`, its drawing code from the scripts
`assets/page_*.js`, which are joined and embedded together with styles and fonts. A content security policy names
them by their hashes, so nothing else can run; all text is escaped.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from os import PathLike
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from backpost.envs.common.files import check_writable, write_atomically
from backpost.envs.scenarios.board_file import is_board

from . import content as content
from .explained import explanation
from .finding import cards, endings, finding, headline, subline, sureness
from .played import Played
from .timing import timing
from .what_if import SHIFTS
from .words import ASSETS, Words

SCRIPTS = ("words", "tracks", "ground", "marks", "labels", "view", "times", "what_if", "player", "start")
"""Scripts in the order in which they are joined."""
STYLES = ("page.css",)
FONTS = {"500": "page_medium.woff2", "700": "page_bold.woff2"}


def write_page(path: str | PathLike[str], played: Played) -> None:
    """Write the page.

    Raises:
        InvalidFile: if the file cannot be written, or the comparison is not about these agents.
    """
    check_writable(path)
    write_atomically(path, build_page(played))


def build_page(played: Played) -> str:
    """The whole page as text.

    Args:
        played: the crosses played for it.

    Raises:
        InvalidFile: if the comparison is not about these agents.
    """
    words = Words()
    summary = finding(played.comparison, played.env, played.agents, played.options)
    names = content.called(played.runners, words)
    described = content.described(played.runners, names, words)
    script, style = joined_script(), stylesheet()
    return template("page.html").render(
        say=words,
        policy=security(script, style),
        script=Markup(script),
        style=Markup(style),
        data=Markup(embedded(content.page_data(played, names, words))),
        titles=names.titles,
        subjects=names.subjects,
        environment=words(f"environments.{'Board' if is_board(played.options.file) else played.env}"),
        headline=headline(summary, names, words),
        subline=subline(summary, names, words),
        described=described,
        cards=cards(summary, played.starts, played.tally, played.sizes, names, words),
        shown=content.shown(played, words),
        hundred=content.hundred_dots(summary, names, words),
        endings=endings(summary, words),
        widest=max(max(row.values) for row in endings(summary, words)),
        maps=content.maps(played, names, words),
        when=content.when(played, names, words),
        timing=timing(played.timing, played.starts, names, words),
        sure=sureness(summary, names, words),
        limits=words.tree["limits"]["list"],
        explained=None if played.explained is None else explanation(played.explained, words),
        shifts=len(SHIFTS),
        stills=content.stills(played, names, words),
        agents=[Path(agent).name for agent in played.agents],
        crosses=words.number(summary.crosses, 0),
    )


def table(played: Played) -> str:
    """The finding as text: the headline, its value, the four answers."""
    words = Words()
    summary = finding(played.comparison, played.env, played.agents, played.options)
    names = content.called(played.runners, words)
    lines = [headline(summary, names, words), subline(summary, names, words)]
    for card in cards(summary, played.starts, played.tally, played.sizes, names, words):
        lines += ["", f"{card.title} {card.big.rstrip('.')}.", card.small]
    return "\n".join(lines)


def embedded(held: object) -> str:
    """JSON that is safe inside a script element: nothing in it can end the element or a line of JavaScript."""
    text = json.dumps(held, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign in ("<", ">", "&", "\u2028", "\u2029"):
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return text


def joined_script(names: Sequence[str] = SCRIPTS) -> str:
    """All scripts as one, in its own scope."""
    return '(() => {\n"use strict";\n' + "\n".join(_asset(f"page_{name}.js") for name in names) + "\n})();\n"


def stylesheet(names: Sequence[str] = STYLES) -> str:
    """All styles as one, with the fonts."""
    return "".join(_asset(name) for name in names) + fonts()


def template(name: str, folder: Path = ASSETS) -> Template:
    """A page template from a folder of assets that escapes inserted values."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def security(script: str, style: str) -> str:
    """The page's content security policy: only this script, this style, and images and fonts from the file itself."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            "img-src data:",
            "font-src data:",
            "base-uri 'none'",
            "form-action 'none'",
        ]
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


def fonts() -> str:
    """The faces of the page's font as a style, embedded."""
    faces = []
    for weight, name in FONTS.items():
        packed = base64.b64encode((ASSETS / name).read_bytes()).decode()
        source = f"url(data:font/woff2;base64,{packed}) format('woff2')"
        faces.append(f"@font-face{{font-family:Barlow;font-weight:{weight};font-display:swap;src:{source}}}")
    return "\n".join(faces)
