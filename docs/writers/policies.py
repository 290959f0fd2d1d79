"""The page of the shipped policies: their model cards, one below the other."""

import re
from pathlib import Path

from backpost.agents.registry import POLICIES

from . import markdown

ABOUT = """\
A policy is one `.safetensors` file of weights that NumPy alone reads; nothing in it can run. These are shipped, each
with its model card. `learned` is the policy of the environment that is played, `generalist` that of Match."""


def write(folder: Path) -> None:
    """Write `policies.md`."""
    cards = [re.sub("^#", "##", card.read_text(encoding="utf-8").strip(), flags=re.MULTILINE) for card in _cards()]
    markdown.page(folder / "policies.md", "# Shipped policies", ABOUT, *cards)


def _cards() -> list[Path]:
    return sorted(POLICIES.glob("*.md"))
