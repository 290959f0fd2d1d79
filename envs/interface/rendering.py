"""How an environment finds what draws it.

The drawing lies above the environments and is imported at the first picture only, so headless use never loads it. No
module here names it: whoever draws announces itself as an entry point of the group `backpost.rendering` (for this
package in pyproject.toml), under these names:

| name | what it is |
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
    """What is installed to draw under this name.

    Raises:
        UnknownName: if nothing is.
    """
    announced = {point.name: point for point in entry_points(group=GROUP)}
    if name not in announced:
        raise UnknownName("renderer", name, sorted(announced) or ["none: install backpost with its entry points"])
    return announced[name].load()
