"""The sources that decide how a cross goes: what was made with others was made in another world."""

from pathlib import Path

FACES = ("__init__", "crossing", "crossing_vector", "errors", "files", "sources")
"""Modules that only show a world to somebody or write files; no cross goes otherwise because of them."""


def sources() -> list[Path]:
    """The modules of this folder but for its faces, sorted."""
    return sorted(file for file in Path(__file__).resolve().parents[1].rglob("*.py") if file.stem not in FACES)
