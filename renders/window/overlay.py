"""Temporary overlays on a finished picture: the keys, a message, a player highlight, the result."""

from collections.abc import Sequence

import numpy as np
import pygame

from backpost.renders.frame.canvas import Canvas
from backpost.renders.frame.frame import Pixels
from backpost.renders.frame.layout import Rect
from backpost.renders.frame.palette import BACKGROUND, INK, LEARNER, PANEL, RAIL, TEXT, TEXT_QUIET, WHITE, Colour, mix

LETTERS = 17.0
ROW = 27.0
GAP = 26.0
"""Points between the columns of a card."""
LIGHT = 0.45
"""Fraction of the picture's brightness that remains behind a card."""

Row = tuple[str, ...]


class Overlay:
    """Shapes over a picture, in the points of a single frame.

    Args:
        pixels: the picture (height, width, 3), uint8; it is not modified.
        scale: pixels per point.
    """

    def __init__(self, pixels: Pixels, scale: float) -> None:
        height, width = pixels.shape[:2]
        image = pygame.image.frombytes(pixels.tobytes(), (width, height), "RGB")
        self._canvas = Canvas(image, scale)
        self.width, self.height = width / scale, height / scale

    def pixels(self) -> Pixels:
        """The picture with all overlays."""
        surface = self._canvas.surface
        flat = np.frombuffer(pygame.image.tobytes(surface, "RGB"), np.uint8)
        return flat.reshape(surface.get_height(), surface.get_width(), 3)

    def card(self, title: str, rows: Sequence[Row], foot: Sequence[str] = (), colours: Sequence[Colour] = ()) -> None:
        """A table on a dark plate in the middle: the first column in bold, coloured by `colours` if given."""
        canvas = self._canvas
        widths = [
            max(canvas.text_width(row[i], LETTERS, bold=i == 0) for row in rows) + GAP for i in range(len(rows[0]))
        ]
        lines = [canvas.text_width(line, LETTERS * 0.86) for line in foot]
        width = max(sum(widths) - GAP, canvas.text_width(title, LETTERS * 1.3, bold=True), *lines) + 56
        height = 66 + ROW * len(rows) + (14 + ROW * 0.85 * len(foot) if foot else 0)
        canvas.dim(Rect(0.0, 0.0, self.width, self.height), LIGHT)
        box = Rect((self.width - width) / 2, (self.height - height) / 2, width, height)
        canvas.rectangle(box, mix(PANEL, BACKGROUND, 0.8), radius=6)
        canvas.rectangle(box, RAIL, radius=6, outline=1.4)
        canvas.text(title, (box.x + 28, box.y + 30), LETTERS * 1.3, TEXT, bold=True)
        y = box.y + 68
        for i, row in enumerate(rows):
            x = box.x + 28
            for column, (text, wide) in enumerate(zip(row, widths, strict=True)):
                colour = (colours[i] if colours else WHITE) if column == 0 else TEXT_QUIET if not colours else TEXT
                canvas.text(text, (x, y), LETTERS, colour, bold=column == 0)
                x += wide
            y += ROW
        for line in foot:
            canvas.text(line, (box.x + 28, y + 8), LETTERS * 0.86, TEXT_QUIET)
            y += ROW * 0.85

    def message(self, text: str) -> None:
        """A line on a plate above the timeline."""
        canvas = self._canvas
        width = canvas.text_width(text, LETTERS) + 32
        box = Rect((self.width - width) / 2, self.height - 140, width, 34)
        canvas.rectangle(box, INK, radius=6)
        canvas.rectangle(box, RAIL, radius=6, outline=1.4)
        canvas.text(text, (self.width / 2, box.y + 17), LETTERS, TEXT, anchor="centre")

    def pointer(self, place: tuple[float, float], name: str, swell: float) -> None:
        """A ring around a player with a label; `swell` enlarges the ring by that many points."""
        canvas = self._canvas
        canvas.circle(place, 17.0 + swell, INK, outline=4.6)
        canvas.circle(place, 16.2 + swell, LEARNER, outline=2.6)
        canvas.text(name, (place[0], place[1] + 34.0), LETTERS * 1.4, LEARNER, anchor="centre", bold=True, halo=True)
