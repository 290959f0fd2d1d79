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

from backpost.envs.common.errors import UnknownName

GROUP = "backpost.rendering"


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
