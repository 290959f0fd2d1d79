"""What is reported on, nothing has learned, been tuned, selected or calibrated on: who draws from which seeds."""

import io
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from backpost.agents.tuning import tuning
from backpost.envs.crosses import Crosses
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import LABELS
from backpost.training.bench import compare, timing
from backpost.training.calibration import contacts, figures
from backpost.training.explain import explain
from backpost.training.guide import guide
from backpost.training.learn import selection_worker
from backpost.training.learn.configuration import configuration
from backpost.training.learn.train import train
from backpost.training.realism import realism

torch.set_num_threads(1)
RUN = {
    "rule": "flight-reader",
    "steps": 4096,
    "envs": 64,
    "rollout": 32,
    "batch": 1024,
    "warm_up": 100,
    "select_every": 1,
    "select_crosses": 40,
    "progress": False,
}
EASY = Options(difficulty=0.5)
BUDGET = tuning.Budget(generations=1, pairs=1, crosses=4, check=8, evidence=8)

Work = Callable[[Path], Any]
WORK: dict[str, tuple[Work, set[str]]] = {
    "training": (lambda folder: train(configuration(overrides=RUN), folder / "run"), {"train"}),
    "tuning": (lambda folder: tuning.tune("late-bend", "OpenPlay", BUDGET), {"tune"}),
    "choosing the best rule": (lambda folder: compare.best_rule("OpenPlay", 20, EASY), {"select"}),
    "calibrating": (lambda folder: figures.play_figures({}, (1, 0, 40)), {"calibrate"}),
    "calibrating finishing": (lambda folder: contacts.play_contacts({}, (301, 0, 40)), {"calibrate"}),
    "realism": (lambda folder: realism.realism(40), {"verify"}),
    "comparing": (lambda folder: compare.compare("OpenPlay", ["late-bend", "random"], 20), {"evaluate"}),
    "timing": (lambda folder: timing.timing_curve("OpenPlay", 10, starts=(-0.5, 0.0)), {"evaluate"}),
    "the guide": (lambda folder: guide.guide(40), {"evaluate"}),
    # What is usual, and is shown instead of a cue that is hidden, comes from other crosses than those reported.
    "explaining": (
        lambda folder: explain.explain("OpenPlay", "late-bend", 40, parts=("cues",)),
        {"select", "evaluate"},
    ),
}


@pytest.fixture
def dealt(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The labels of all crosses that are dealt in this process."""
    labels: set[str] = set()
    deal = Crosses.deal

    def spy(self: Crosses, seeds: Any, which: Any = None) -> None:
        deal(self, seeds, which)
        labels.update(LABELS[label] for label in np.unique(self.worlds.seed[self.opened] >> np.uint64(61)))

    monkeypatch.setattr(Crosses, "deal", spy)
    return labels


@pytest.mark.parametrize("what", WORK)
def test_each_draws_from_its_own_crosses(what: str, dealt: set[str], tmp_path: Path) -> None:
    work, labels = WORK[what]
    work(tmp_path)
    assert dealt == labels


def test_candidates_are_selected_on_crosses_of_their_own(
    dealt: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = train(configuration(overrides=RUN), tmp_path / "run")
    dealt.clear()
    job = {"path": str(folder.policy), "env": "OpenPlay", "options": {}, "crosses": 40, "extensions": []}
    monkeypatch.setattr(sys, "stdin", io.StringIO(json.dumps(job) + "\n"))
    monkeypatch.setattr(os, "write", lambda *said: None)
    with (tmp_path / "said").open("w") as stream:
        monkeypatch.setattr(sys, "stdout", stream)
        selection_worker.work()
    assert dealt == {"select"}
    assert selection_worker.STREAM != 0, "the best rule is chosen on that one"
