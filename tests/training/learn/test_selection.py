"""The policy of a run is always a whole candidate, the best that has been measured."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from backpost.agents.policies.policy import Description, Policy
from backpost.envs.common.errors import InvalidFile
from backpost.envs.interface.options import Options
from backpost.training.learn.configuration import configuration
from backpost.training.learn.run_folder import RunFolder
from backpost.training.learn.selection import Selection

WORTH = {100: 0.01, 200: 0.03, 300: 0.02}


def policy(push: float) -> Policy:
    description = Description("backpost/OpenPlay-v0", hidden=(4,))
    weights = {name: np.full(shape, push, np.float32) for name, shape in description.shapes().items()}
    return Policy(description, weights)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path / "run").create(configuration(overrides={"rule": "late-bend"}))


def selection(folder: RunFolder, monkeypatch: pytest.MonkeyPatch, said: list[str] | None = None) -> Selection:
    """A selection that knows what its candidates are worth without playing them."""

    def play(self: Selection, path: Path) -> float:
        return WORTH[int(path.stem.removeprefix("policy-"))]

    monkeypatch.setattr(Selection, "_play", play)
    return Selection(folder, "OpenPlay", Options(), 10, (said if said is not None else []).append)


def measured(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The state after three candidates, the second of which is the best."""
    selecting = selection(folder, monkeypatch)
    for steps in WORTH:
        selecting.consider(policy(steps / 1000.0), steps)
        selecting.wait()
        selecting.collect(steps, 1.0)
    assert selecting.best == (200, 0.03)
    selecting.stop()
    return selecting.state()


def harm(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def test_a_truncated_candidate_never_becomes_the_policy(folder: RunFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    state, good = measured(folder, monkeypatch), folder.policy.read_bytes()
    harm(folder.checkpoint(200))
    said: list[str] = []
    selecting = selection(folder, monkeypatch, said)
    selecting.restore(state)
    selecting.stop()
    assert folder.policy.read_bytes() == good
    assert folder.checkpoint(200).read_bytes() == good  # the policy was the same file
    assert said == []
    assert selecting.best == (200, 0.03)


def test_where_the_best_is_lost_the_next_takes_its_place_and_it_is_said(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = measured(folder, monkeypatch)
    next_best = folder.checkpoint(300).read_bytes()
    harm(folder.checkpoint(200))
    folder.policy.write_bytes(b"something else")
    said: list[str] = []
    selecting = selection(folder, monkeypatch, said)
    selecting.restore(state)
    selecting.stop()
    assert folder.policy.read_bytes() == next_best
    assert selecting.best == (300, 0.02)
    assert len(said) == 1
    assert str(folder.checkpoint(200)) in said[0]
    assert not folder.checkpoint(200).exists()
    assert Policy.load(folder.policy)


def test_without_a_whole_candidate_the_policy_stays_what_it_was(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = measured(folder, monkeypatch)
    for path in folder.candidates():
        path.write_bytes(b"")
    folder.policy.write_bytes(b"whatever it was")
    selecting = selection(folder, monkeypatch)
    selecting.restore(state)
    assert folder.policy.read_bytes() == b"whatever it was"
    assert selecting.best is None
    selecting.consider(policy(0.5), 300)
    selecting.wait()
    selecting.collect(300, 1.0)
    selecting.stop()
    assert Policy.load(folder.policy)
    assert selecting.best == (300, 0.02)


def test_a_candidate_that_is_damaged_before_it_is_kept_is_not_kept(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    selecting = selection(folder, monkeypatch, said)
    selecting.consider(policy(0.1), 100)
    selecting.wait()
    selecting.collect(100, 1.0)
    good = folder.policy.read_bytes()
    selecting.consider(policy(0.2), 200)
    selecting.wait()
    harm(folder.checkpoint(200))
    selecting.collect(200, 1.0)
    selecting.stop()
    assert folder.policy.read_bytes() == good
    assert selecting.best == (100, 0.01)
    assert len(said) == 1


def test_a_run_needs_a_folder_of_its_own() -> None:
    with pytest.raises(InvalidFile, match="a run needs a folder of its own, got ''"):
        RunFolder("")
