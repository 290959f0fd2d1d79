"""Training improves, exports what it learned, and leaves a usable folder whatever happens."""

import json
import os
import signal
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from selected_here import played_here
from stable_baselines3.common.logger import Logger

from backpost.agents.base.agent import Agent
from backpost.agents.base.play import play
from backpost.agents.policies.correction import SCALE
from backpost.agents.policies.policy import Description, Policy, corrected
from backpost.agents.registry import agent
from backpost.agents.rules.registry import RULE_TYPES, rule
from backpost.envs.common.errors import InvalidFile, InvalidValue, UnknownName
from backpost.envs.crosses import Crosses
from backpost.envs.interface import observation
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import PLAYING
from backpost.training.learn.configuration import ALGORITHMS, AS_TUNED, OFF_POLICY, Configuration, configuration
from backpost.training.learn.corrections import Corrections
from backpost.training.learn.crossing_sb3 import CrossingVecEnv
from backpost.training.learn.export import exported
from backpost.training.learn.hindsight import MOST, Hindsight
from backpost.training.learn.imitation import imitate
from backpost.training.learn.learner_ppo import PPOLearner
from backpost.training.learn.learner_soft import WIDEST
from backpost.training.learn.run import LEARNERS
from backpost.training.learn.run_folder import RunFolder, learned_from
from backpost.training.learn.selection import Selection
from backpost.training.learn.train import train
from backpost.training.learn.warm_up import discounted, explore, warm_up

torch.set_num_threads(1)

SMALL = {
    "rule": "flight-reader",
    "steps": 8192,
    "envs": 64,
    "rollout": 32,
    "batch": 1024,
    "warm_up": 200,
    "select_every": 1,
    "select_crosses": 100,
    "progress": False,
}
BARE = SMALL | {"steps": 0, "warm_up": 64, "select_crosses": 20}
"""A run that ends where it begins."""
SCRATCH = {name: SMALL[name] for name in SMALL if name != "rule"} | {"start": "scratch"}


@pytest.fixture(autouse=True)
def selected_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process beside a run is that of `trained`, and of those that are stopped from outside."""
    monkeypatch.setattr(Selection, "_play", played_here)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """The folder of a finished run, which is only read."""
    return train(configuration(overrides=SMALL), tmp_path_factory.mktemp("trained") / "run")


@pytest.mark.parametrize("chosen", [SMALL, SCRATCH], ids=["rule", "scratch"])
def test_a_run_leaves_a_folder_that_says_everything(trained: RunFolder, tmp_path: Path, chosen: dict[str, Any]) -> None:
    folder = trained if chosen is SMALL else train(configuration(overrides=chosen), tmp_path / "run")
    progress = json.loads((folder.path / "progress.json").read_text())
    assert progress["status"] == "finished"
    assert progress["steps"] == 8192
    assert len(progress["candidates"]) >= 3
    assert configuration(folder.path / "config.yml") == configuration(overrides=chosen)
    assert json.loads((folder.path / "versions.json").read_text())["torch"] == str(torch.__version__)
    assert list(folder.tensorboard.iterdir())
    best = Policy.load(folder.checkpoint(progress["best"]["steps"]))
    policy = Policy.load(folder.policy)
    for name, weights in policy.weights.items():
        assert np.array_equal(weights, best.weights[name])
    assert (policy.base is not None) == (chosen is SMALL)
    final = play(agent(folder.policy), "OpenPlay", episode_seeds("select", 1, 0, 100))
    assert 100 * final["xg"].mean() == pytest.approx(progress["best"]["xg_per_100"], abs=1e-3)
    with pytest.raises(InvalidFile, match="already holds a run"):
        train(configuration(overrides=SMALL), folder.path)


def test_the_same_seed_trains_the_same_policy(trained: RunFolder, tmp_path: Path) -> None:
    again = train(configuration(overrides=SMALL), tmp_path / "run")
    assert again.policy.read_bytes() == trained.policy.read_bytes()


def test_the_critic_is_fitted_to_returns_of_whole_crosses() -> None:
    env = Corrections(CrossingVecEnv("OpenPlay", 64, reward_scale=50.0), rule("early-back-post", {}))
    learner = PPOLearner(Configuration(envs=64, batch=1024), env)
    observations, _, returns = explore(learner, 1500)
    assert len(observations) == len(returns)
    assert (returns >= 0).all()
    warm_up(learner, 1500)
    with torch.no_grad():
        values = learner.model.policy.predict_values(torch.as_tensor(observations)).flatten().numpy()
    assert np.square(returns - values).mean() < returns.var()


def _with_hindsight(count: int) -> Corrections:
    crosses = CrossingVecEnv("OpenPlay", count, second_balls=False)
    hindsight = Hindsight("OpenPlay", Options(), rule("early-back-post", {}), crosses.streams)
    return Corrections(crosses, rule("early-back-post", {}), hindsight)


def test_the_actor_never_sees_what_only_the_critic_may_know() -> None:
    env = _with_hindsight(32)
    model = PPOLearner(Configuration(envs=32, batch=1024), env).model
    for parameter in model.policy.action_net.parameters():
        torch.nn.init.normal_(parameter)
    seen = torch.as_tensor(env.reset()).requires_grad_()
    mean = model.policy.get_distribution(seen).mode()
    (by_actor,) = torch.autograd.grad(mean.sum(), seen)
    (by_critic,) = torch.autograd.grad(model.policy.predict_values(seen).sum(), seen)
    assert by_actor[:, : observation.SIZE].abs().sum() > 0
    assert by_actor[:, observation.SIZE :].abs().sum() == 0
    assert by_critic[:, observation.SIZE :].abs().sum() > 0


def test_hindsight_is_how_the_rule_alone_fared_in_this_very_cross() -> None:
    env = _with_hindsight(16)
    seen = env.reset()
    hints, ends = seen[:, observation.SIZE :], 0
    for _ in range(150):
        env.step_async(np.zeros((16, 4), np.float32))
        seen, _, dones, infos = env.step_wait()
        for i in np.flatnonzero(dones):
            assert min(infos[i]["episode"]["r"] * 10, MOST) == pytest.approx(hints[i, 1], abs=1e-5)
            ends += 1
        assert np.array_equal(seen[~dones, observation.SIZE :], hints[~dones])
        hints = seen[:, observation.SIZE :]
    assert ends > 16


def test_returns_end_with_their_cross() -> None:
    rewards = np.array([[1.0], [2.0], [4.0], [8.0]], np.float32)
    dones = np.array([[False], [True], [False], [False]])
    returns, whole = discounted(rewards, dones, 0.5)
    assert returns[:2, 0].tolist() == [2.0, 2.0]
    assert whole[:, 0].tolist() == [True, True, False, False]


def test_a_policy_learns_what_another_agent_does_from_the_same_sight() -> None:
    env = _with_hindsight(128)
    learner = PPOLearner(Configuration(envs=128, batch=1024), env)
    learner.normalise(explore(learner, 300)[0])
    teacher = rule("early-back-post", {"meet": 1.0, "rival_margin": -1.0})
    imitate(learner, [(env, teacher)], 8000, lambda: None)
    observations, missed, wished = env.reset(), [], []
    teacher.reset(env.venv.episode_seeds())
    for _ in range(120):
        wish = teacher.act(observations[:, : observation.SIZE])
        correction = learner.model.predict(observations, deterministic=True)[0]
        env.step_async(correction)
        wished.append(wish - env.rule_actions)
        missed.append(wished[-1] - correction * SCALE)
        observations, _, dones, _ = env.step_wait()
        teacher.restart(dones, env.venv.episode_seeds())
    assert np.square(missed).mean() < 0.9 * np.square(wished).mean()


def test_no_correction_of_a_rule_is_the_rule() -> None:
    flat = CrossingVecEnv("OpenPlay", 16)
    env = Corrections(CrossingVecEnv("OpenPlay", 16), rule("hold-then-back-post", {}))
    twin = rule("hold-then-back-post", {})
    observations = flat.reset()
    assert np.array_equal(env.reset(), observations)
    twin.reset(flat.episode_seeds())
    for _ in range(120):
        flat.step_async(corrected(twin.act(observations), np.zeros((16, 4), np.float32), observations))
        observations, _, dones, _ = flat.step_wait()
        twin.restart(dones, flat.episode_seeds())
        env.step_async(np.zeros((16, 4), np.float32))
        assert np.array_equal(np.asarray(env.step_wait()[0]), observations)


@pytest.mark.parametrize("base", [None, "early-back-post"])
@pytest.mark.parametrize("algo", ALGORITHMS)
def test_the_exported_policy_plays_as_in_training(algo: str, base: str | None) -> None:
    env = Corrections(CrossingVecEnv("OpenPlay", 32), None if base is None else rule(base, {}))
    learner = LEARNERS[algo](Configuration(algo=algo, envs=32, batch=1024, seed=3), env)
    for parameter in learner.output().parameters():
        torch.nn.init.normal_(parameter, std=0.1)
    learner.normalise(explore(learner, 50)[0])
    policy = exported(learner, "backpost/OpenPlay-v0", env.rule)
    observations, memory, opened = env.reset(), None, np.ones(32, bool)
    policy.reset(env.venv.episode_seeds())
    for _ in range(60):
        corrections, memory = learner.model.predict(observations, memory, opened, deterministic=True)
        env.step_async(corrections)
        assert np.abs(env.venv._actions - policy.act(observations)).max() < 1e-4
        observations, _, opened, _ = env.step_wait()
        policy.restart(opened, env.venv.episode_seeds())


@pytest.mark.parametrize("algo", ALGORITHMS)
def test_exploration_begins_at_the_chosen_scale_around_the_rule(algo: str) -> None:
    env = Corrections(CrossingVecEnv("OpenPlay", 256), rule("early-back-post", {}), widest=WIDEST)
    learner = LEARNERS[algo](Configuration(algo=algo, envs=256, batch=1024, noise_scale=0.1), env)
    for parameter in learner.output().parameters():
        torch.nn.init.zeros_(parameter)
    seen = explore(learner, 300)[0]
    learner.normalise(seen)
    learner.scale_noise(torch.as_tensor(seen))
    learner.renew_noise()
    corrections = learner.explore(env.reset(), np.ones(256, bool))
    assert 0.05 < corrections[:, :2].std() < 0.2


def test_a_run_can_begin_with_a_rule_that_lets_the_ball_drop(tmp_path: Path) -> None:
    for meet, expected in ((1.0, 1.0), (AS_TUNED, RULE_TYPES["flight-reader"](scenario="OpenPlay").numbers.meet)):
        folder = train(configuration(overrides=BARE | {"meet": meet}), tmp_path / str(meet))
        base = Policy.load(folder.policy).base
        assert base is not None
        assert base.numbers.meet == expected


def test_a_run_can_begin_with_a_policy(trained: RunFolder, tmp_path: Path) -> None:
    chosen = {name: BARE[name] for name in BARE if name != "rule"}
    chosen |= {"start": "policy", "policy": str(trained.policy)}
    second = train(configuration(overrides=chosen), tmp_path / "second")
    first, begun = Policy.load(trained.policy), Policy.load(second.checkpoint(0))
    assert begun.made_of.base_rule == first.made_of.base_rule
    seen = np.random.default_rng(0).uniform(-1, 1, (50, observation.SIZE)).astype(np.float32)
    assert np.abs(first.output(seen) - begun.output(seen)).max() < 1e-4
    with pytest.raises(InvalidValue, match="hidden layers"):
        train(configuration(overrides=chosen | {"hidden": [8]}), tmp_path / "third")


def test_one_policy_learns_from_the_policies_of_several_scenarios(tmp_path: Path) -> None:
    pushes = {"OpenPlay": 0.4, "Corner": -0.4}
    numbers = asdict(RULE_TYPES["late-bend"](scenario="Match").numbers)
    base = {"name": "late-bend", "numbers": numbers}
    for scenario, push in pushes.items():
        made_of = Description(f"backpost/{scenario}-v0", hidden=(4,), base_rule=base)
        weights = {name: np.zeros(shape, np.float32) for name, shape in made_of.shapes().items()}
        weights["output.bias"][0] = push
        Policy(made_of, weights).save(tmp_path / f"{scenario}.safetensors")
    chosen = {name: SMALL[name] for name in SMALL if name != "rule"}
    chosen |= {"env": "Match", "start": "teachers", "rule": "late-bend", "teachers": list(pushes), "steps": 0}
    chosen |= {"taught_by": str(tmp_path), "lessons": 600}
    folder = train(configuration(overrides=chosen), tmp_path / "run")
    assert json.loads((folder.path / "progress.json").read_text())["steps"] == 0
    assert learned_from(folder.path).keys() == pushes.keys()
    for scenario in pushes:
        seeds = episode_seeds("verify", 5, 0, 200)
        crosses, teacher = Crosses(scenario, 200), Policy.load(tmp_path / f"{scenario}.safetensors")
        agents: list[Agent] = [Policy.load(folder.policy), rule("late-bend", numbers), teacher]
        crosses.deal(seeds)
        for runner in agents:
            runner.reset(seeds)
        learned, untaught, wished = (runner.act(crosses.observe()) for runner in agents)
        assert np.abs(learned - wished).mean() < 0.3 * np.abs(untaught - wished).mean()
    with pytest.raises(InvalidFile, match=r"Transition\.safetensors"):
        train(configuration(overrides=chosen | {"teachers": ["Transition"]}), tmp_path / "other")
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize(
    ("chosen", "times"),
    [
        ({"steps": 400_000, "noise_scale": 0.15}, 4.0),
        # After 160,000 decisions four seeds of SAC were worth less than at first, after 320,000 three were worth more.
        pytest.param(
            {"algo": "sac", "steps": 320_000, "rollout": 16, "batch": 512, "gradient_steps": 16},
            1.5,
            marks=pytest.mark.long,
        ),
    ],
    ids=["ppo", "sac"],
)
def test_training_from_scratch_learns_the_first_drill(tmp_path: Path, chosen: dict[str, Any], times: float) -> None:
    # His own goals: without opponents what the crosser makes of his ball alone is worth more than a beginner.
    drill = {"env": "DrillCrossing", "reward": "own_xg", "envs": 128, "learning_rate": 1e-3, "select_every": 1000}
    folder = train(configuration(overrides={**SCRATCH, **drill, **chosen}), tmp_path / "run")
    seeds = episode_seeds("evaluate", 0, 0, 1000)
    first, last = (play(Policy.load(path), "DrillCrossing", seeds) for path in folder.candidates())
    assert last["own_xg"].mean() > times * first["own_xg"].mean()


@pytest.mark.parametrize("algo", OFF_POLICY)
def test_a_soft_learner_finds_the_correction_that_pays(algo: str) -> None:
    """In crosses of one decision, which pay what the first component of the correction was."""
    env = Corrections(CrossingVecEnv("OpenPlay", 64), rule("early-back-post", {}), widest=WIDEST)
    learner = LEARNERS[algo](
        Configuration(algo=algo, envs=64, batch=128, replay=2000, learning_rate=3e-3, hidden=(16,)), env
    )
    learner.model.set_logger(Logger(None, []))
    for parameter in learner.output().parameters():
        torch.nn.init.zeros_(parameter)
    seen, luck = env.reset(), np.random.default_rng(0)
    learner.normalise(seen)
    for _ in range(20):
        corrections = luck.uniform(-1.0, 1.0, (64, 4)).astype(np.float32)
        learner.model.replay_buffer.add(seen, seen, corrections, corrections[:, 0], np.ones(64), [{}] * 64)
    assert not learner.model.predict(seen, deterministic=True)[0].any()
    learner.model.train(200, 128)
    assert learner.model.predict(seen, deterministic=True)[0][:, 0].mean() > 0.5


def test_a_ctrl_c_leaves_a_usable_folder(tmp_path: Path, start: Any) -> None:
    code = (
        "import sys\n"
        "from backpost.training.learn.configuration import configuration\n"
        "from backpost.training.learn.train import train\n"
        f"train(configuration(overrides={ {**SMALL, 'steps': 10**9}!r}), sys.argv[1])\n"
    )
    path = tmp_path / "run"
    process = start([sys.executable, "-c", code, str(path)], env={**os.environ, "PYTHONWARNINGS": "error"})
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and not _steps(path):
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    assert process.wait(60) == 0
    progress = json.loads((path / "progress.json").read_text())
    assert progress["status"] == "interrupted"
    assert progress["steps"] > 0
    final = play(agent(path / "policy.safetensors"), "OpenPlay", episode_seeds("evaluate", 0, 0, 10))
    assert (final["outcome"] != PLAYING).all()
    assert Policy.load(path / "checkpoints" / f"policy-{progress['steps']:012d}.safetensors").base is not None


def test_the_clock_ends_a_run_in_good_order(tmp_path: Path) -> None:
    folder = train(configuration(overrides={**SMALL, "steps": 10**9, "minutes": 0.1}), tmp_path / "run")
    progress = json.loads((folder.path / "progress.json").read_text())
    assert progress["status"] == "finished"
    assert 0 < progress["steps"] < 10**9
    assert progress["best"] is not None


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
