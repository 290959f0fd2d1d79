"""The key, always drawn because conventions differ between football associations."""

import numpy as np

from backpost.renders.scene import captions

from . import markers
from .canvas import Canvas
from .layout import Rect
from .palette import BACKGROUND, DEFENCE, KINDS, RULE, TEXT_QUIET, WHITE, mix


def draw_key(canvas: Canvas, rect: Rect, kind: str, letters: float, other: str | None) -> None:
    """One row: player shapes, the learner's or rule's run, the other run by name if any, ball, field of view."""
    y = rect.y + rect.height / 2
    items = ["attack", "defence", "keeper", "run", *(["other"] if other else []), "ball", "sight"]
    words = captions.KEY | {"other": other or ""}
    widths = [_symbol_width(item) + canvas.text_width(words[item], letters) for item in items]
    spare = max(8.0, (rect.width - sum(widths)) / max(len(items) - 1, 1))
    x = rect.x
    for item, width in zip(items, widths, strict=True):
        _symbol(canvas, item, x, y, kind, letters)
        canvas.text(words[item], (x + _symbol_width(item), y), letters, TEXT_QUIET)
        x += width + min(spare, 34.0)


def _symbol_width(item: str) -> float:
    return {"run": 40.0, "other": 40.0, "ball": 48.0, "sight": 28.0}.get(item, 20.0)


def _symbol(canvas: Canvas, item: str, x: float, y: float, kind: str, letters: float) -> None:
    if item in ("attack", "defence", "keeper"):
        canvas.stamp(markers.marker(item, 0, canvas.px(letters * 0.55)), (x + 8, y))
    elif item == "run":
        canvas.dashes(np.array([(x, y), (x + 32, y)]), KINDS[kind], 2.9, 9.0, 5.0)
    elif item == "other":
        canvas.dashes(np.array([(x, y), (x + 20, y)]), RULE, 1.9, 3.2, 3.6)
        canvas.circle((x + 27, y), 6.5, RULE, outline=1.8)
    elif item == "ball":
        canvas.line((x, y), (x + 22, y), WHITE, 3.4)
        canvas.line((x + 22, y), (x + 40, y), WHITE, 1.3)
    else:
        turns = np.linspace(-0.6, 0.6, 12)
        rim = np.stack([x + 20 * np.cos(turns), y + 20 * np.sin(turns)], -1)
        canvas.polygon([(x, y), *rim.tolist()], mix(DEFENCE, BACKGROUND, 0.5))
