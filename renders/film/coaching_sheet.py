"""One cross on one sheet of paper, as a PDF: pictures of its named moments, what they show in words, its numbers."""

import re
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import numpy as np

from backpost.renders.figures.figures import INK, Target, sheet
from backpost.renders.frame.frame import draw_frame
from backpost.renders.frame.pair import same_moment
from backpost.renders.scene import captions
from backpost.renders.scene.moments import as_history, moments
from backpost.renders.scene.scene import build_scene
from backpost.renders.scene.storyboard import named_moments
from backpost.renders.scene.watched import Watched

from .film import caption

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 8.27, 11.69
"""Size of an A4 sheet in inches."""
LEFT, RIGHT = 0.6, 7.67
PICTURE = (1440, 960)
"""Size of a picture in pixels, printed `WIDE` inches wide."""
WIDE, ROW = 4.05, 2.88
"""Inches: the width of a picture, and the distance from one moment to the next."""
FIRST_ROW, NUMBERS = 10.5, 1.72
"""Inches from the lower edge: the top of the first picture, and the first row of numbers below the column heads."""
QUIET = "#5c6a6e"
LETTERS = 42
"""Characters per line beside a picture."""


def write_sheet(path: Target, shown: Watched) -> None:
    """Write the sheet of a cross watched with one or two agents.

    Raises:
        InvalidFile: if the file cannot be written.
    """
    history = as_history(shown.runs[0])
    with sheet(path, WIDTH, HEIGHT) as figure:
        figure.set_layout_engine("none")
        _write(figure, LEFT, 11.15, shown.name, 25, bold=True)
        two = len(shown.runs) > 1
        line = captions.comparison(history, shown.runs[1]) if two else captions.setting(history) or captions.ALONE
        _write(figure, LEFT, 10.78, line, 12.5, colour=QUIET)
        for row, (name, time) in enumerate(named_moments(moments(history))):
            _moment(figure, FIRST_ROW - row * ROW, shown, name, time)
        _numbers(figure, shown)
        _write(figure, LEFT, 0.36, captions.ONE_CROSS, 8.5, colour=QUIET)


def seen(shown: Watched, time: float) -> list[tuple[str, str]]:
    """For each run its name and its situation at the same moment; `time` is that of the first run."""
    first = build_scene(shown.runs[0], time, other=shown.runs[1] if len(shown.runs) > 1 else None)
    scenes = [first, *(build_scene(run, same_moment(first, time)) for run in shown.runs[1:])]
    return list(zip(_names(shown), map(captions.situation, scenes), strict=True))


def numbers(shown: Watched) -> list[tuple[str, list[str]]]:
    """The numbers of the cross: a name, and its value for each run."""
    runs = [moments(as_history(run)) for run in shown.runs]
    facts = [dict(captions.facts(row, np.inf)) | {captions.WORTH: captions.worth(row)} for row in runs]
    return [(name, [row.get(name, captions.NOTHING) for row in facts]) for name in captions.SHEET_ROWS]


def _names(shown: Watched) -> list[str]:
    return [shown.drawing[key] for key, _ in zip(("title", "other_title"), shown.runs, strict=False)]


def _moment(figure: "Figure", top: float, shown: Watched, name: str, time: float) -> None:
    """A picture of the first run with the other as a ghost, and beside it the situation in both."""
    history = as_history(shown.runs[0])
    high = WIDE * PICTURE[1] / PICTURE[0]
    panel = figure.add_axes((LEFT / WIDTH, (top - high) / HEIGHT, WIDE / WIDTH, high / HEIGHT))
    pixels = draw_frame(history, time=time, size=PICTURE, close=True, **shown.drawing)
    panel.imshow(pixels, interpolation="none")
    panel.axis("off")
    x, y = LEFT + WIDE + 0.25, top - 0.16
    _write(figure, x, y, captions.sentence(name), 16, bold=True)
    y = _lines(figure, x, y - 0.3, captions.sentence(caption(history, name, time).words), QUIET) - 0.1
    for who, words in seen(shown, time):
        _write(figure, x, y, who, 11, bold=True)
        y = _lines(figure, x, y - 0.21, words, INK) - 0.1


def _lines(figure: "Figure", x: float, y: float, words: str, colour: str) -> float:
    """Wrapped text that keeps each number with its unit; returns where the next line would stand."""
    for line in wrap(re.sub(r"(?<=\d) (?=[ms]\b)", "\u00a0", words), LETTERS):
        _write(figure, x, y, line, 11, colour=colour)
        y -= 0.2
    return y


def _numbers(figure: "Figure", shown: Watched) -> None:
    """The table: one column per run."""
    places = np.linspace(LEFT + 1.7, RIGHT, len(shown.runs) + 1)[:-1]
    for x, who in zip(places, _names(shown), strict=True):
        _write(figure, float(x), NUMBERS, who, 11, bold=True)
    for row, (name, values) in enumerate(numbers(shown), 1):
        y = NUMBERS - 0.21 * row
        _write(figure, LEFT, y, name, 11, colour=QUIET)
        for x, value in zip(places, values, strict=True):
            _write(figure, float(x), y, value, 11)


def _write(
    figure: "Figure", x: float, y: float, words: str, size: float, *, bold: bool = False, colour: str = INK
) -> None:
    """Text at inches from the left and lower edges, drawn literally: a name is never read as a formula."""
    letters: dict[str, Any] = {"family": "Barlow Semi Condensed", "weight": "bold"} if bold else {}
    figure.text(x / WIDTH, y / HEIGHT, words, size=size, color=colour, va="center", parse_math=False, **letters)
