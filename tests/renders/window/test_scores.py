"""A file of scores is read whole or refused in one sentence."""

from pathlib import Path

import pytest

from backpost.envs.common.errors import InvalidFile
from backpost.renders.window import scores

HUGE = f'{{"seeds": [{10**30}], "crosses": 1, "xg": {{"you": 0, "learned": 0, "rule": 0}}}}'
VAST = f'{{"seeds": [1], "crosses": 1, "xg": {{"you": {10**400}, "learned": 0, "rule": 0}}}}'


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        *(f'{{"backpost_scores": 1, "environments": {{"OpenPlay": {score}}}}}' for score in ('{"xg": 1}', HUGE, VAST)),
    ],
)
def test_a_broken_file_of_scores_gets_one_sentence(content: str, tmp_path: Path) -> None:
    path = tmp_path / "scores.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidFile, match=r"scores\.json"):
        scores.read(path)
    assert scores.read(tmp_path / "none.json") == {}
