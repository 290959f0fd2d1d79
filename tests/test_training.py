"""Training improves, exports what it learned, and leaves a usable folder whatever happens."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import torch

from backpost.agents.play import play
from backpost.agents.policy import Policy, corrected
from backpost.agents.registry import agent
from backpost.agents.rules import rule
from backpost.envs.chance import episode_seeds
from backpost.envs.crosses import Crosses
from backpost.envs.errors import InvalidFile, UnknownName
from backpost.training.configuration import Configuration, configuration
from backpost.training.crossing_sb3 import CrossingVecEnv
from backpost.training.export import exported
from backpost.training.imitate import demonstrate, imitate
from backpost.training.residual import CorrectedRule
from backpost.training.train import new_model, train

torch.set_num_threads(1)

SMALL = {
    "rule": "flight-reader",
    "steps": 8192,
    "envs": 64,
    "rollout": 32,
    "batch": 1024,
    "clone_crosses": 300,
    "clone_epochs": 2,
    "select_every": 1,
    "select_crosses": 100,
    "progress": False,
}


def _observations(count: int) -> np.ndarray:
    env = CrossingVecEnv("OpenPlay", count)
    env.reset()
    for actions in np.random.default_rng(0).uniform(-1, 1, (25, count, 4)):
        env.step_async(actions)
        observations = env.step_wait()[0]
    return observations


@pytest.mark.parametrize("noise", ["gsde", "white"])
def test_the_exported_policy_acts_like_the_trained_one(noise: str) -> None:
    env = CrossingVecEnv("OpenPlay", 64)
    model = new_model(Configuration(noise=noise, batch=2048, envs=64, hidden=(32, 48)), env)
    policy = exported(model.policy, "backpost/OpenPlay-v0")
    observations = _observations(64)
    assert np.abs(policy.act(observations) - model.predict(observations, deterministic=True)[0]).max() < 1e-5


@pytest.mark.parametrize("start", ["scratch", "clone", "residual"])
def test_a_run_leaves_a_folder_that_says_everything(tmp_path: Path, start: str) -> None:
    folder = train(configuration(overrides={**SMALL, "start": start}), tmp_path / "run")
    progress = json.loads((folder.path / "progress.json").read_text())
    assert progress["status"] == "finished"
    assert progress["steps"] == 8192
    assert len(progress["candidates"]) >= 3
    assert configuration(folder.path / "config.yml") == configuration(overrides={**SMALL, "start": start})
    assert json.loads((folder.path / "versions.json").read_text())["torch"] == str(torch.__version__)
    assert list(folder.tensorboard.iterdir())
    best = Policy.load(folder.checkpoint(progress["best"]["steps"]))
    policy = Policy.load(folder.policy)
    for name, weights in policy.weights.items():
        assert np.array_equal(weights, best.weights[name])
    assert (policy.base is not None) == (start == "residual")
    final = play(agent(folder.policy), "OpenPlay", episode_seeds("select", 1, 0, 100))
    assert 100 * final["xg"].mean() == pytest.approx(progress["best"]["xg_per_100"], abs=1e-3)
    with pytest.raises(InvalidFile, match="holds a run already"):
        train(configuration(overrides=SMALL), tmp_path / "run")


def test_the_same_seed_trains_the_same_policy(tmp_path: Path) -> None:
    one, other = (train(configuration(overrides=SMALL), tmp_path / name) for name in ("one", "other"))
    assert one.policy.read_bytes() == other.policy.read_bytes()


def test_imitation_comes_close_to_its_rule() -> None:
    env = CrossingVecEnv("OpenPlay", 128)
    model = new_model(Configuration(envs=128, batch=1024), env)
    shown = demonstrate(env, rule("flight-reader", {}), 1500, 0.3, 0.999)
    rows = np.random.default_rng(0).permutation(len(shown.actions))[:5000]
    before = exported(model.policy, "backpost/OpenPlay-v0").output(shown.observations[rows])
    imitate(model.policy, shown, 6, 0, lambda: None)
    after = exported(model.policy, "backpost/OpenPlay-v0").output(shown.observations[rows])
    wished = shown.actions[rows]
    assert np.square(after - wished).mean() < 0.35 * np.square(before - wished).mean()


def test_demonstrated_returns_are_those_of_whole_crosses() -> None:
    env = CrossingVecEnv("OpenPlay", 32, reward_scale=1.0)
    shown = demonstrate(env, rule("flight-reader", {}), 200, 0.0, 1.0)
    assert len(shown.observations) == len(shown.actions) == len(shown.returns)
    assert np.isfinite(shown.returns).all()
    assert (shown.returns >= 0).all()
    assert (shown.returns > 0).any()


def test_no_correction_of_a_rule_is_the_rule() -> None:
    flat = CrossingVecEnv("OpenPlay", 16)
    env = CorrectedRule(CrossingVecEnv("OpenPlay", 16), rule("hold-then-back-post", {}))
    twin = rule("hold-then-back-post", {})
    observations = flat.reset()
    assert np.array_equal(env.reset(), observations)
    twin.reset(flat.episode_seeds())
    for _ in range(120):
        flat.step_async(corrected(twin.act(observations), np.zeros((16, 4), np.float32)))
        observations, _, dones, _ = flat.step_wait()
        twin.restart(dones, flat.episode_seeds())
        env.step_async(np.zeros((16, 4), np.float32))
        assert np.array_equal(np.asarray(env.step_wait()[0]), observations)


def test_a_little_training_beats_none_from_scratch(tmp_path: Path) -> None:
    small = {**SMALL, "start": "clone", "steps": 65_536, "clone_crosses": 1500, "clone_epochs": 8}
    folder = train(configuration(overrides={**small, "select_every": 8, "select_crosses": 600}), tmp_path / "run")
    seeds = episode_seeds("evaluate", 0, 0, 2000)
    untrained = exported(
        new_model(Configuration(envs=4, batch=256), CrossingVecEnv("OpenPlay", 4)).policy, "backpost/OpenPlay-v0"
    )
    worth = [play(one, "OpenPlay", seeds)["own_xg"].mean() for one in (agent(folder.policy), untrained)]
    assert worth[0] > 2 * worth[1]


def test_a_ctrl_c_leaves_a_usable_folder(tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from backpost.training.configuration import configuration\n"
        "from backpost.training.train import train\n"
        f"train(configuration(overrides={ {**SMALL, 'steps': 10**9}!r}), sys.argv[1])\n"
    )
    path = tmp_path / "run"
    process = subprocess.Popen([sys.executable, "-c", code, str(path)], env={**os.environ, "PYTHONWARNINGS": "error"})
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not _steps(path):
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    progress = json.loads((path / "progress.json").read_text())
    assert progress["status"] == "interrupted"
    assert progress["steps"] > 0
    assert agent(path / "policy.safetensors").act(Crosses("OpenPlay", 1).observe()).shape == (1, 4)
    assert Policy.load(path / "checkpoints" / f"policy-{progress['steps']:012d}.safetensors").base is None


def test_unknown_names_are_refused_before_anything_is_written(tmp_path: Path) -> None:
    for wrong in ({"env": "Nowhere"}, {"rule": "nobody"}):
        with pytest.raises(UnknownName):
            train(configuration(overrides={**SMALL, **wrong}), tmp_path / "run")
    assert not (tmp_path / "run").exists()
    blocked = tmp_path / "file"
    blocked.write_text("")
    with pytest.raises(InvalidFile):
        train(configuration(overrides=SMALL), blocked / "run")


def _steps(path: Path) -> int:
    try:
        return int(json.loads((path / "progress.json").read_text())["steps"])
    except (OSError, ValueError):
        return 0
