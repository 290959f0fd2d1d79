"""The words of a page, from a file such as `assets/page_en.json`, and how numbers are formatted in them."""

import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from backpost.envs.common.errors import UnknownName

from .choice import whole_parts

ASSETS = Path(__file__).with_name("assets")
MINUS = "\u2212"
MOMENT = 0.05
"""Times within this distance of the strike, s, are called "at the strike"."""


PAGE = ASSETS / "page_en.json"


class Words:
    """The strings of a page by dotted names.

    Args:
        file: JSON file of the strings.
    """

    def __init__(self, file: Path = PAGE) -> None:
        self.tree: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))

    def __call__(self, key: str, **values: object) -> str:
        """The string with this name, with its `{places}` filled in.

        Raises:
            UnknownName: for a name that is not in the file.
        """
        node: Any = self.tree
        for part in key.split("."):
            if not isinstance(node, dict) or part not in node:
                raise UnknownName("string of the page", key, self.tree)
            node = node[part]
        return str(node).format(**values) if values else str(node)

    def number(self, value: float, digits: int = 1) -> str:
        """A number with a decimal mark and a real minus sign."""
        text = f"{round(value, digits) + 0.0:,.{digits}f}".replace(",", "\u202f").replace(".", self("decimal"))
        return text.replace("-", MINUS)

    def per_hundred(self, value: float) -> str:
        """A count per 100 crosses: whole from ten upwards, with one decimal below."""
        return self.number(value, 0 if value >= 9.95 else 1)

    def parts(self, values: Sequence[float], digits: int) -> list[str]:
        """Numbers with `digits` decimals that add up to their sum as it would itself be rounded."""
        size = 10**digits
        whole = whole_parts([size * value for value in values], round(size * round(sum(values), digits)))
        return [self.number(part / size, digits) for part in whole.tolist()]

    def shares(self, values: Sequence[float]) -> list[str]:
        """Shares of 100 that add up: whole if each is displayed whole, else all with one decimal."""
        return self.parts(values, 0 if all(value >= 9.95 or value == 0 for value in values) else 1)

    def since_strike(self, seconds: float | None, digits: int = 1) -> str:
        """A time in words: "0.4 s before the cross is struck", "as the cross is struck"; None: never."""
        if seconds is None or math.isnan(seconds):
            return self("time.never")
        if abs(seconds) < MOMENT:
            return self("time.at")
        return self("time.before" if seconds < 0 else "time.after", s=self.number(abs(seconds), digits))

    def span(self, low: float, high: float, digits: int = 1) -> str:
        """Two times in words: "between 3.2 and 2.5 s before the cross is struck"."""
        sides = ["at" if abs(end) < MOMENT else "before" if end < 0 else "after" for end in (low, high)]
        ends = {name: self.number(abs(end), digits) for name, end in (("low", low), ("high", high))}
        return self(f"time.span.{sides[0]}_{sides[1]}", **ends)

    def place(self, depth: float | None, across: float | None) -> str:
        """A position in words: metres from the goal line and side; `across` is positive on the crosser's side."""
        if depth is None or across is None:
            return self("place.nowhere")
        post = 3.66
        side = "near" if across > 0 else "far"
        beyond = abs(across) - post
        if abs(across) < 1.0:
            where = self("place.middle")
        elif abs(beyond) < 0.75:
            where = self(f"place.level_{side}")
        elif beyond < 0:
            where = self(f"place.inside_{side}")
        else:
            where = self(f"place.beyond_{side}", m=self.number(beyond, 0 if beyond > 1.5 else 1))
        return self("place.words", depth=self.number(depth, 0), where=where)
