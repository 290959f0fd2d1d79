"""Boards for tests: the shipped ones as plain values, changed and written."""

import json
from pathlib import Path
from typing import Any

from backpost.renders.board.page import PRESETS, plain, preset

__all__ = ["PRESETS", "changed", "drawn", "written"]


def drawn(name: str) -> dict[str, Any]:
    """A shipped board as plain values, to be changed."""
    return plain(preset(name))


def changed(name: str = "wing", **keys: Any) -> dict[str, Any]:
    """A shipped board with other values of some keys."""
    return drawn(name) | keys


def written(folder: Path, board: dict[str, Any], name: str = "board.json") -> Path:
    """The board as a file."""
    path = folder / name
    path.write_text(json.dumps(board), encoding="utf-8")
    return path
