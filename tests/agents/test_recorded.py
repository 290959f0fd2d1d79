"""A file of plays is somebody else's: whatever is wrong with it is said in one sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest
from some_plays import stood_still

from backpost.agents import recorded
from backpost.agents.registry import agent
from backpost.envs.common.errors import InvalidFile


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda text: text[:40], "JSON"),
        (lambda text: "[1]", "backpost_plays"),
        (lambda text: text.replace('"backpost_plays": 1', '"backpost_plays": 9'), "format"),
        (lambda text: text.replace('"version": "', '"version": "9'), "version|played with"),
        (lambda text: text.replace("OpenPlay", "Nope"), "Nope"),
        (lambda text: text.replace('"options": {}', '"options": {"wings": 1}'), "wings"),
        (lambda text: text.replace('"options": {}', '"options": {"action_type": "zones"}'), "continuous"),
        (lambda text: text.replace('"seed": 7', '"seed": -7'), "seed must be a whole number"),
        (lambda text: text.replace("[0.0, 0.0, 0.0, 0.0]", "[0.0, 0.0, 0.0]", 1), r"actions\[0\] must be a list of 4"),
        (lambda text: text.replace("[0.0, 0.0, 0.0, 0.0]", "[0.0, NaN, 0.0, 0.0]", 1), "holds nan"),
        (
            lambda text: text.replace("[0.0, 0.0, 0.0, 0.0]", "[0.0, 2.0, 0.0, 0.0]", 1),
            "a number from -1 to 1, got 2.0",
        ),
        (lambda text: text.replace("[0.0, 0.0, 0.0, 0.0]", "[0.0, true, 0.0, 0.0]", 1), "a number from -1 to 1, got"),
        (lambda text: text.replace('"seed": 7', '"seed": 7, "seed": 7'), "the key 'seed' twice"),
    ],
)
def test_a_broken_file_of_plays_gets_one_sentence(change: Callable[[str], str], says: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    recorded.write(path, stood_still(7))
    text = path.read_text(encoding="utf-8")
    assert change(text) != text
    path.write_text(change(text), encoding="utf-8")
    with pytest.raises(InvalidFile, match=says) as raised:
        agent(path)
    assert "\n" not in str(raised.value)
    assert str(path) in str(raised.value)
