"""The page of the coaching rules: what each does, where it comes from, and its free numbers."""

import inspect
import sys
from pathlib import Path

from backpost.agents.rules.registry import RULE_TYPES

from . import markdown

ABOUT = """\
Fifteen runs that coaches teach, as agents. Each has a trigger (when to go), a target (where to), and an adjustment
(what changes once the flight is read). From there on all of them move alike, so no rule loses for want of legs. Their
free numbers are tuned for each match scenario, with one budget for all.

`backpost watch OpenPlay --agent NAME` shows one."""


def write(folder: Path) -> None:
    """Write `coaching-rules.md`."""
    parts = []
    for name, rule in RULE_TYPES.items():
        about = inspect.getdoc(sys.modules[rule.__module__]) or ""
        first, _, rest = about.partition("\n\n")
        numbers = [
            (
                f"`{entry.name}`",
                f"{entry.metadata['low']:g} to {entry.metadata['high']:g} {entry.metadata['unit']}",
                entry.metadata["meaning"],
            )
            for entry in rule.numbers_type.entries()
        ]
        parts += [
            f"## {name.replace('-', ' ')}",
            first,
            rest,
            markdown.table((f"free number of `{name}`", "range", "meaning"), numbers),
        ]
    markdown.page(folder / "coaching-rules.md", "# Coaching rules", ABOUT, *parts)
