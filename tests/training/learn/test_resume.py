"""A run that is killed goes on to the bits of the run that was not."""

import errno
import json
import os
import random
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import selected_here
import torch
from torch.utils.tensorboard import SummaryWriter

from backpost.agents.base.play import play
from backpost.agents.registry import agent
from backpost.agents.rules.registry import RULES, rule
from backpost.envs.common.errors import InvalidFile, InvalidValue
from backpost.training.learn import train
from backpost.training.learn.checkpoint import checkpoints
from backpost.training.learn.configuration import ALGORITHMS, OFF_POLICY, configuration
from backpost.training.learn.corrections import Corrections
from backpost.training.learn.crossing_sb3 import CrossingVecEnv
from backpost.training.learn.learner import Updates
from backpost.training.learn.run import Clock
from backpost.training.learn.run_folder import RunFolder
from backpost.training.learn.selection import Selection

torch.set_num_threads(1)

KILLS = 4
"""Times that a run is killed, at moments drawn between its first and its last."""


@pytest.fixture(autouse=True, scope="module")
def no_process_beside() -> Iterator[None]:
    """The process beside a run is that of the killed runs of PPO."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Selection, "_play", selected_here.played_here)
        yield


def tiny(algo: str) -> dict[str, Any]:
    """A run of some eight updates and as many checkpoints, with everything switched on that has a state."""
    small = {"envs": 32, "rollout": 16, "batch": 256, "steps": 4096, "hidden": [16], "noise_hold": 8}
    often = {"select_every": 2, "select_crosses": 40, "checkpoint_every": 0, "progress": False}
    start = {"rule": "hold-then-back-post", "warm_up": 40, "curriculum": {"DrillShadow": 0.3}}
    own: dict[str, Any] = {"memory": 8} if algo == "recurrent_ppo" else {}
    if algo in OFF_POLICY:
        own |= {"steps": 8192, "replay": 3000, "gradient_steps": 3}
    return {"algo": algo, **small, **often, **start, **own}


@pytest.mark.parametrize("algo", ALGORITHMS)
def test_killed_runs_go_on_to_the_bits_of_the_whole_ones(tmp_path: Path, start: Any, algo: str) -> None:
    ours = {"PYTHONWARNINGS": "error", "PYTHONPATH": str(Path(selected_here.__file__).parent)}
    process = start([sys.executable, __file__, str(tmp_path), algo], env=os.environ | ours)
    assert process.wait(180) == 0
    whole, killed = tmp_path / "whole", tmp_path / "killed"
    files = {name: _policies(folder) for name, folder in (("whole", whole), ("killed", killed))}
    assert len(files["whole"]) >= 6
    assert files["whole"] == files["killed"]
    said = [json.loads((folder / "progress.json").read_text()) for folder in (whole, killed)]
    assert min(report.pop("seconds") for report in said) > 0
    assert said[0] == said[1]
    assert not (killed / "resume").exists()


def _policies(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*.safetensors")}


def _failing(folder: Path, algo: str = "ppo", updates: int = 5, overrides: dict[str, Any] | None = None) -> None:
    """A run that ends with an error in the update after so many."""
    done, update = 0, Updates.train

    def train_or_fail(self: Updates, *args: Any, **kwargs: Any) -> None:
        nonlocal done
        if done == updates:
            raise SystemError("the lights went out")
        done += 1
        update(self, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Updates, "train", train_or_fail)
        with pytest.raises(SystemError):
            train.train(configuration(overrides=overrides or tiny(algo)), folder)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The policies of a run that nothing disturbed."""
    return _policies(train.train(configuration(overrides=tiny("ppo")), tmp_path_factory.mktemp("whole") / "run").path)


@pytest.fixture(scope="module")
def failed_late(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that failed after five updates, with two checkpoints."""
    folder = tmp_path_factory.mktemp("late") / "run"
    _failing(folder)
    return folder


@pytest.fixture(scope="module")
def failed_early(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that failed after two updates."""
    folder = tmp_path_factory.mktemp("early") / "run"
    _failing(folder, updates=2)
    return folder


@pytest.fixture
def late(failed_late: Path, tmp_path: Path) -> Path:
    """A copy of its own for a test."""
    return shutil.copytree(failed_late, tmp_path / "run")


@pytest.fixture
def early(failed_early: Path, tmp_path: Path) -> Path:
    """A copy of its own for a test."""
    return shutil.copytree(failed_early, tmp_path / "run")


def test_a_damaged_checkpoint_is_told_and_the_one_before_goes_on_to_the_same_bits(
    late: Path, whole: dict[str, bytes]
) -> None:
    newest, before = checkpoints(late / "resume")
    with (newest / "state.pt").open("r+b") as file:
        file.seek(-1000, os.SEEK_END)
        byte = file.read(1)
        file.seek(-1000, os.SEEK_END)
        file.write(bytes([byte[0] ^ 1]))
    said: list[str] = []
    train.resume(late, say=said.append)
    assert len(said) == 1
    assert f"{newest} is damaged" in said[0]
    assert "the one before" in said[0]
    assert int(before.name) > 0
    assert _policies(late) == whole


def test_a_resume_that_fails_leaves_the_run_as_it_was(late: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, progress = _policies(late), json.loads((late / "progress.json").read_text())
    for part in ("__init__", "restore"):
        with monkeypatch.context() as patch:
            patch.setattr(CrossingVecEnv, part, lambda *_, **__: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                train.resume(late)
        assert json.loads((late / "progress.json").read_text()) == progress
        assert _policies(late) == before
    for place in checkpoints(late / "resume"):
        (place / "manifest.json").unlink()
    with pytest.raises(InvalidFile, match="has no intact checkpoint to resume from; the best policy is"):
        train.resume(late, say=lambda _: None)
    assert _policies(late) == before


def test_a_run_that_began_with_a_policy_goes_on_when_that_policy_is_gone(tmp_path: Path) -> None:
    first = train.train(configuration(overrides=tiny("ppo") | {"steps": 512}), tmp_path / "first")
    begun = {name: value for name, value in tiny("ppo").items() if name != "rule"}
    begun |= {"start": "policy", "policy": str(first.policy), "steps": 2048}
    whole = train.train(configuration(overrides=begun), tmp_path / "whole")
    _failing(tmp_path / "killed", updates=2, overrides=begun)
    first.policy.unlink()
    train.resume(tmp_path / "killed")
    assert _policies(tmp_path / "killed") == _policies(whole.path)


def test_a_run_that_cannot_be_resumed_says_why(tmp_path: Path, early: Path) -> None:
    with pytest.raises(InvalidFile, match="holds no run to resume"):
        train.resume(tmp_path)
    holder = RunFolder(early).reopen()
    with pytest.raises(InvalidFile, match="another process is training"):
        train.resume(early)
    holder.release()
    with pytest.raises(InvalidValue, match="trains in OpenPlay, not in Corner"):
        train.resume(early, "Corner")
    _edited(early, steps="1536")
    train.resume(early)
    with pytest.raises(InvalidFile, match="has finished"):
        train.resume(early)


def _edited(folder: Path, **settings: str) -> None:
    file = folder / "config.yml"
    lines = file.read_text(encoding="utf-8").splitlines()
    for name, value in settings.items():
        lines = [f"{name}: {value}" if line.startswith(f"{name}: ") else line for line in lines]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("edits", "says"),
    [
        ({"env": "Corner"}, r'env \("OpenPlay" then, "Corner" now\)'),
        ({"hidden": "[32, 32]"}, r"hidden \(\[16\] then, \[32, 32\] now\)"),
        ({"learning_rate": "0.01", "seed": "5"}, r"learning_rate \(0\.0003 then, 0\.01 now\), seed \(0 then, 5 now\)"),
        ({"steps": "9000", "gamma": "0.9"}, r"started: gamma \(0\.999 then, 0\.9 now\);"),
    ],
)
def test_a_run_does_not_go_on_with_other_settings_than_it_was_begun_with(
    early: Path, edits: dict[str, str], says: str
) -> None:
    before = {path: path.read_bytes() for path in early.rglob("*") if path.is_file() and path.name != "config.yml"}
    _edited(early, **edits)
    for _ in range(2):  # the second time too: the refusal lets go of the folder
        with pytest.raises(InvalidFile, match=says):
            train.resume(early)
    assert {path: path.read_bytes() for path in before} == before


def test_neither_an_emptied_nor_a_missing_configuration_is_gone_on_with(early: Path) -> None:
    for has_checkpoint in (True, False):
        if not has_checkpoint:  # killed before the first one: it would begin anew
            shutil.rmtree(early / "resume")
            RunFolder(early).report("running", steps=0)
        (early / "config.yml").write_text("", encoding="utf-8")
        with pytest.raises(InvalidFile, match="has been edited since its run was started: batch"):
            train.resume(early)
    (early / "versions.json").unlink()
    with pytest.raises(InvalidFile, match="does not record the settings"):
        train.resume(early)
    (early / "config.yml").unlink()
    with pytest.raises(InvalidFile):
        train.resume(early)


def test_limits_may_change_when_a_run_goes_on(early: Path) -> None:
    _edited(early, steps="1536", checkpoint_every="5.0")
    assert json.loads((train.resume(early).path / "progress.json").read_text())["steps"] == 1536


def test_the_threads_of_torch_are_what_they_were_after_a_training(early: Path, tmp_path: Path) -> None:
    _edited(early, steps="1536")
    torch.set_num_threads(2)
    try:
        train.resume(early)
        assert torch.get_num_threads() == 2
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(CrossingVecEnv, "__init__", lambda *_, **__: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                train.train(configuration(overrides=tiny("ppo")), tmp_path / "other")
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(1)


def test_without_tensorboard_no_run_folder_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    with pytest.raises(ModuleNotFoundError, match="tensorboard"):
        train.train(configuration(overrides=tiny("ppo")), tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_ends_a_run_in_a_sentence_and_it_goes_on_to_the_same_bits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever writer the disk fails: a checkpoint, a candidate, or the curves, which name no file."""
    small = tiny("ppo") | {"steps": 2048}
    whole = train.train(configuration(overrides=small), tmp_path / "whole")
    for n, (place, name) in enumerate(((torch, "save"), (SummaryWriter, "add_scalar"))):
        calls, write = 0, getattr(place, name)

        def full(*args: Any, write: Any = write, **kwargs: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls >= 3:
                raise OSError(errno.ENOSPC, "No space left on device")
            return write(*args, **kwargs)

        run = tmp_path / str(n)
        with monkeypatch.context() as patch:
            patch.setattr(place, name, full)
            with pytest.raises(InvalidFile, match=r"no space left on device; fix that .*train --resume"):
                train.train(configuration(overrides=small), run)
        assert json.loads((run / "progress.json").read_text())["status"] == "failed"
        assert not list((run / "resume").glob(".unfinished*"))
        train.resume(run)
        assert _policies(run) == _policies(whole.path)


def test_what_a_killed_process_was_writing_is_gone_when_its_run_goes_on(late: Path) -> None:
    left = [late / name for name in (".progress-x1.json", "checkpoints/.policy-000000000000-x2.safetensors")]
    mine = late / ".gitignore"
    for file in (*left, mine):
        file.write_bytes(b"half")
    RunFolder(late).reopen().release()
    assert not any(file.exists() for file in left)
    assert mine.exists()


def test_a_resumed_run_has_the_rest_of_its_minutes(tmp_path: Path) -> None:
    clock = Clock(2.0)
    clock.begin()
    later = Clock(2.0)
    later.restore({"spent": 90.0, "begun": 60.0})
    assert clock.remaining() == pytest.approx(1.0, abs=0.01)
    assert later.remaining() == pytest.approx(0.5, abs=0.01)
    assert not later.is_over()
    later.restore({"spent": 120.0, "begun": 60.0})
    assert later.is_over()
    assert Clock(0.0).remaining() == 1.0


@pytest.mark.parametrize("name", RULES)
def test_a_rule_remembers_only_what_a_checkpoint_holds(name: str) -> None:
    def crosses() -> Corrections:
        return Corrections(CrossingVecEnv("OpenPlay", 24, second_balls=False), rule(name, {}))

    def observations(env: Corrections, decisions: int) -> list[Any]:
        seen = []
        for _ in range(decisions):
            env.step_async(np.zeros((24, 4), np.float32))
            seen.append(env.step_wait()[0])
        return seen

    env, other = crosses(), crosses()
    env.reset()
    observations(env, 30)
    other.restore(env.state())
    assert all(np.array_equal(a, b) for a, b in zip(observations(env, 60), observations(other, 60), strict=True))


def _one_run(algo: str, folder: Path, last: int | None) -> None:
    """In a process of its own: begin or go on, and be killed at the moment number `last`."""
    moments = 0

    def counted(call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args: Any, **kwargs: Any) -> Any:
            nonlocal moments
            moments += 1
            if moments == last:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*args, **kwargs)

        return wrapped

    if algo != "ppo":
        Selection._play = selected_here.played_here  # type: ignore[method-assign]
    for place, name in ((CrossingVecEnv, "step_wait"), (Updates, "train"), (torch, "save"), (shutil, "rmtree")):
        setattr(place, name, counted(getattr(place, name)))
    for name in ("fsync", "replace"):
        setattr(os, name, counted(getattr(os, name)))
    if (folder / "progress.json").exists():
        train.resume(folder)
    else:
        train.train(configuration(overrides=tiny(algo)), folder)
    (folder.parent / "moments").write_text(str(moments))


def _forked(work: Callable[[], None]) -> int:
    """What became of a copy of this process that did the work."""
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _whole_and_killed(algo: str, folder: Path) -> None:
    """Train in `whole` undisturbed, and in `killed` with kills at random moments."""
    assert _forked(lambda: _one_run(algo, folder / "whole", None)) == 0
    moments, draw = int((folder / "moments").read_text()), random.Random(algo)
    killed = folder / "killed"
    for _ in range(KILLS):
        last = draw.randrange(1, moments // 2)
        if _forked(lambda last=last: _one_run(algo, killed, last)) == 0:  # type: ignore[misc]
            return
    assert _forked(lambda: _one_run(algo, killed, None)) == 0


if __name__ == "__main__":
    for scenario in ("OpenPlay", "DrillShadow"):  # so that no copy of this process has to load what they need
        play(agent("stand-still"), scenario, np.zeros(1, np.uint64))
    torch.optim.Adam([torch.zeros(1)])
    _whole_and_killed(sys.argv[2], Path(sys.argv[1]))
