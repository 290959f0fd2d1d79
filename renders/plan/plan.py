"""The session plan: three drills on one self-contained HTML page, built from the page's player, words and styles.

Its content comes from `training/session/session.py`, its crosses from `played.py`. The page's own rules hold: text is
escaped, a content security policy names script and style by their hashes, and it is readable with scripts off.
"""

from collections.abc import Sequence
from os import PathLike

from markupsafe import Markup

from backpost.envs.common.files import check_writable, write_atomically
from backpost.renders.page.content import player_data
from backpost.renders.page.page import SCRIPTS, STYLES, embedded, joined_script, security, stylesheet, template
from backpost.training.session.content import SessionPlan

from . import content as content
from .played import Example
from .words import SessionWords


def write_session(path: str | PathLike[str], plan: SessionPlan, examples: Sequence[Example]) -> None:
    """Write the plan.

    Raises:
        InvalidFile: if the file cannot be written.
    """
    check_writable(path)
    write_atomically(path, build_session(plan, examples))


def build_session(plan: SessionPlan, examples: Sequence[Example]) -> str:
    """The whole page as text.

    Args:
        plan: the measurements.
        examples: its drills' examples, from `play_examples`.
    """
    words = SessionWords()
    script, style = joined_script((*SCRIPTS, "session")), stylesheet((*STYLES, "session.css"))
    titles = [words("session.example.first"), words("session.example.second")]
    drills = [
        content.drill_content(n, drill, plan, example, words)
        for n, (drill, example) in enumerate(zip(plan.drills, examples, strict=True), 1)
    ]
    return template("session.html").render(
        say=words,
        policy=security(script, style),
        script=Markup(script),
        style=Markup(style),
        data=Markup(embedded(player_data(titles, content.crosses(plan, examples, words), words))),
        titles=titles,
        shown={"first": 0},
        shifts=len(plan.starts) - 1,
        moved_note=words("session.example.moved"),
        headline=content.headline(plan, words),
        sublines=content.sublines(plan, words),
        drills=drills,
        limits=words.tree["session"]["limits"]["list"],
    )
