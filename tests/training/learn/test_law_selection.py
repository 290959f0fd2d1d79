"""Which candidate becomes a run's policy: the best on crosses that nobody learned from and nobody reports."""

import io
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from backpost.envs.interface.options import Options
from backpost.envs.world.chance import LABELS, episode_seeds
from backpost.training.learn import selection_worker
from backpost.training.learn.run_folder import RunFolder
from backpost.training.learn.selection import Selection


def test_the_best_candidate_is_the_one_with_the_most_expected_goals_and_of_equals_the_first(tmp_path: Path) -> None:
    selection = Selection(RunFolder(tmp_path), "OpenPlay", Options(), 10)
    assert selection.best is None
    selection.results = {100: 0.02, 200: 0.05, 300: 0.05, 400: 0.01}
    assert selection.best == (200, 0.05)
    selection.stop()


def test_candidates_play_crosses_for_selecting_and_none_that_chose_the_best_rule(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """What was chosen on the crosses on which it is reported would look better than it is."""
    asked: list[np.ndarray] = []

    def play(policy: Any, env: str, seeds: np.ndarray, **how: Any) -> Any:
        asked.append(seeds)
        return SimpleNamespace(xg=np.full(len(seeds), 0.25))

    said: list[bytes] = []
    monkeypatch.setattr(selection_worker, "play", play)
    monkeypatch.setattr(f"{selection_worker.__name__}.Policy.load", lambda path: None)
    job = {"path": "p", "env": "OpenPlay", "options": {}, "crosses": 30, "extensions": []}
    monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(job) + "\n"))
    monkeypatch.setattr("os.write", lambda stream, line: said.append(line))
    monkeypatch.setattr("sys.stdout", SimpleNamespace(fileno=lambda: 1))
    selection_worker.work()
    assert [LABELS[int(label)] for label in np.unique(asked[0] >> np.uint64(61))] == ["select"]
    assert not np.isin(asked[0], episode_seeds("select", 0, 0, 10_000)).any()
    assert len(asked[0]) == 30
    assert json.loads(said[0]) == 0.25
