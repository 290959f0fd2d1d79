"""A checkpoint is read whole or not at all, and nothing in it runs."""

import hashlib
import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from backpost.envs.common.errors import InvalidFile
from backpost.training.learn.checkpoint import checkpoints, load_checkpoint, save_checkpoint


class _Trap:
    """Pickled, it makes a file when it is read by a reader that runs what it reads."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.path,)


@pytest.mark.parametrize("harm", ["cut", "flip", "no manifest", "no state", "other digest", "code"])
def test_only_what_the_manifest_vouches_for_is_read_and_nothing_in_it_runs(tmp_path: Path, harm: str) -> None:
    for steps in (10, 20, 30):
        save_checkpoint(tmp_path, steps, {"steps": steps, "array": np.arange(steps)}, {"torch": "1"})
    newest, before = checkpoints(tmp_path)
    assert (int(newest.name), int(before.name)) == (30, 20)
    state, manifest = newest / "state.pt", newest / "manifest.json"
    if harm in ("cut", "flip"):
        data = bytearray(state.read_bytes())
        data[len(data) // 2] ^= 1
        state.write_bytes(data if harm == "flip" else data[:-1])
    elif harm == "other digest":
        manifest.write_text(manifest.read_text().replace('"sha256": "', '"sha256": "0'))
    elif harm == "code":
        trap = tmp_path / "sprung"
        torch.save(_Trap(trap), state)
        digest = hashlib.sha256(state.read_bytes()).hexdigest()
        content = json.loads(manifest.read_text())
        content["files"]["state.pt"] = {"size": state.stat().st_size, "sha256": digest}
        manifest.write_text(json.dumps(content))
    else:
        (manifest if harm == "no manifest" else state).unlink()
    said: list[str] = []
    loaded = load_checkpoint(tmp_path, {"torch": "1"}, said.append)
    assert loaded is not None
    assert loaded["steps"] == 20
    assert np.array_equal(loaded["array"].numpy(), np.arange(20))
    assert len(said) == 1
    assert "is damaged" in said[0]
    assert not (tmp_path / "sprung").exists()
    assert checkpoints(tmp_path) == [before]


def test_a_whole_checkpoint_that_cannot_be_read_now_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_checkpoint(tmp_path, 10, {"steps": 10}, {})

    def no_memory(*_: Any, **__: Any) -> None:
        raise RuntimeError("can't allocate memory")

    with monkeypatch.context() as patch:
        patch.setattr(torch, "load", no_memory)
        with pytest.raises(InvalidFile, match="is whole but cannot be read now: can't allocate"):
            load_checkpoint(tmp_path, {}, print)
    assert load_checkpoint(tmp_path, {}, print) == {"steps": 10}


def test_another_version_is_told(tmp_path: Path) -> None:
    save_checkpoint(tmp_path, 10, {"steps": 10}, {"torch": "1", "numpy": "1"})
    said: list[str] = []
    assert load_checkpoint(tmp_path, {"torch": "2", "numpy": "1"}, said.append) == {"steps": 10}
    assert said == [
        f"checkpoint {tmp_path / '000000000010'} was made with another torch: bit-identical results are not guaranteed"
    ]


def test_a_checkpoint_that_the_disk_does_not_take_leaves_nothing_behind_and_says_what_to_do(
    tmp_path: Path, small_disk: Callable[[int], AbstractContextManager[None]]
) -> None:
    folder = tmp_path / "resume"
    save_checkpoint(folder, 10, {"steps": 10}, {})
    says = pytest.raises(InvalidFile, match=r"cannot write a checkpoint into .*resume: .*--resume")
    with says as refusal, small_disk(50_000):
        save_checkpoint(folder, 20, {"steps": 20, "large": np.zeros(10**6)}, {})
    assert str(tmp_path) in str(refusal.value)
    assert [path.name for path in folder.iterdir()] == ["000000000010"]
    assert load_checkpoint(folder, {}, print) == {"steps": 10}
