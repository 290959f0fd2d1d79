"""Finds the renderer of an environment.

Rendering is a layer above the environments and is imported with the first frame, so headless use never loads it. No
module here refers to it: a renderer is an entry point of the group `backpost.rendering` (for this package in
pyproject.toml) under one of these names:

| name | meaning |
|---|---|
| "frame" | a function: records of one cross stacked in time (t,) and `title` to a picture (height, width, 3), uint8 |
| "window" | a class without arguments: `show(records)` draws the last record in real time, `close()` closes |
"""

from functools import cache
from importlib.metadata import entry_points
from typing import Any

import numpy as np

from backpost.envs.common.errors import InvalidValue, ResetNeeded, UnknownName, quoted

GROUP = "backpost.rendering"
RENDER_MODES = ("human", "rgb_array")


@cache
def renderer(name: str) -> Any:
    """The renderer installed under this name.

    Raises:
        UnknownName: if there is none.
    """
    announced = {point.name: point for point in entry_points(group=GROUP)}
    if name not in announced:
        raise UnknownName("renderer", name, sorted(announced) or ["none: install backpost with its entry points"])
    return announced[name].load()


class Screen:
    """What an environment draws: the present cross, with the trails of what has been played of it.

    Args:
        mode: "human" (a window that every decision is drawn in), "rgb_array" (pictures on request) or None.
        title: the title of its pictures.

    Raises:
        InvalidValue: for another mode.
    """

    def __init__(self, mode: str | None, title: str) -> None:
        if mode is not None and mode not in RENDER_MODES:
            raise InvalidValue(f"render_mode must be one of {', '.join(RENDER_MODES)} or None, got {quoted(mode)}")
        self.mode, self.title = mode, title
        self._history: list[np.recarray] = []
        self._window: Any = None

    def begin(self, records: np.recarray) -> None:
        """Show the opening of a new cross; records (1,)."""
        self._history = []
        self.go_on(records)

    def go_on(self, records: np.recarray) -> None:
        """Show the cross after one more decision; records (1,)."""
        if self.mode is None:
            return
        self._history.append(records.copy())
        if self.mode == "human":
            if self._window is None:
                self._window = renderer("window")()
            self._window.show(np.concatenate(self._history))

    def picture(self) -> Any:
        """The picture (height, width, 3), uint8, in mode "rgb_array", otherwise None.

        Raises:
            ResetNeeded: before the first cross.
        """
        if self.mode != "rgb_array":
            return None
        if not self._history:
            raise ResetNeeded("render")
        return renderer("frame")(np.concatenate(self._history), title=self.title)

    def __getstate__(self) -> dict[str, Any]:
        """The state to copy or pickle, without the window: a copy opens its own."""
        return vars(self) | {"_window": None}

    def close(self) -> None:
        """Close the window, if there is one; may be called more than once."""
        if self._window is not None:
            self._window.close()
            self._window = None
