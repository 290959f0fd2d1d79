"""How the tutorials are run: in which order, and with every warning an error."""

import warnings
from contextlib import ExitStack
from typing import Any

ORDER = (
    "quickstart.py",
    "training.py",
    "own_agent.py",
    "own_scenario.py",
    "own_reward.py",
    "own_defender.py",
    "many_learners.py",
    "compare_honestly.py",
    "read_a_result.py",
)

_strictly = ExitStack()


class Order:
    """Sphinx-Gallery's sort key: from the first episode to the reading of a result."""

    def __init__(self, source: str) -> None:
        self.source = source

    def __call__(self, file: str) -> int:
        """The place of a tutorial.

        Raises:
            ValueError: for a script that has none yet.
        """
        return ORDER.index(file)


def strict(_configuration: dict[str, Any], _file: str, when: str) -> None:
    """Sphinx-Gallery calls this before and after a tutorial: a warning in between fails it."""
    if when == "before":
        _strictly.enter_context(warnings.catch_warnings(action="error"))
    else:
        _strictly.close()
