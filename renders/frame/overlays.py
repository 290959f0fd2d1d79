"""What a film draws over its pictures: the opening card and the caption of a frozen moment."""

from dataclasses import dataclass

from backpost.renders.scene import captions

from . import markers
from .canvas import Canvas
from .layout import Panel, Rect
from .palette import INK, KINDS, PANEL, TEXT, TEXT_QUIET, WHITE

DIM = 0.42
"""Fraction of the picture's brightness that remains behind the card."""


@dataclass(frozen=True)
class Card:
    """The opening card: a title, a line below it, and the runners as (kind, name)."""

    title: str
    line: str
    runners: tuple[tuple[str, str], ...]

    def __call__(self, canvas: Canvas, page: Rect, area: Panel) -> None:
        """Draw it in the middle of the page, with the legend below the title."""
        size = page.width / 960
        rows = [(kind, 9, captions.runner(name, kind)) for kind, name in self.runners]
        rows += [(kind, 0, words) for kind, words in captions.WHO.items()]
        wide, high = 560.0 * size, (118.0 + 36.0 * len(rows)) * size
        box = Rect((page.width - wide) / 2, (page.height - high) / 2, wide, high)
        canvas.dim(page, DIM)
        canvas.rectangle(box, PANEL, radius=8 * size)
        left, y = box.x + 34 * size, box.y + 40 * size
        canvas.text(self.title, (left, y), 31 * size, TEXT, bold=True)
        canvas.text(self.line, (left, y + 33 * size), 17 * size, TEXT_QUIET)
        y += 75 * size
        for kind, number, words in rows:
            canvas.stamp(markers.marker(kind, number, canvas.px(11.5 * size)), (left + 12 * size, y))
            runs = kind in ("learner", "rule")
            canvas.text(words, (left + 38 * size, y), 18 * size, KINDS[kind] if runs else TEXT, bold=runs)
            y += 36 * size


@dataclass(frozen=True)
class Caption:
    """The name of a moment and a line about it."""

    name: str
    words: str

    def __call__(self, canvas: Canvas, page: Rect, area: Panel) -> None:
        """Draw it at the lower edge of the plan, between the two positions of the close-up."""
        rect, name = area.plan.rect, captions.sentence(self.name)
        first, second = canvas.text_width(name, 22, bold=True), canvas.text_width(self.words, 16)
        wide = max(first, second) + 36
        box = Rect(rect.x + (rect.width - wide) / 2, rect.bottom - 68, wide, 58)
        canvas.rectangle(box, INK, radius=6)
        canvas.rectangle(box, WHITE, radius=6, outline=1.2)
        middle = box.x + wide / 2
        canvas.text(name, (middle, box.y + 20), 22, TEXT, anchor="centre", bold=True)
        canvas.text(self.words, (middle, box.y + 43), 16, TEXT, anchor="centre")
