"""What another module registers is known to everything that takes a name: faces, bench, command line, training."""

import copy
import itertools
import json
import os
import pickle
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest

import backpost.cli as cli
from backpost.agents.base.play import play
from backpost.agents.planners.clairvoyant import replayed
from backpost.agents.policies.policy import Policy
from backpost.agents.policies.policy_file import Description, write
from backpost.agents.registry import agent
from backpost.agents.tuning.tuning import Budget, tune_all
from backpost.envs import (
    SCENARIOS,
    Crosses,
    InvalidFile,
    InvalidValue,
    Options,
    UnknownName,
    UnknownOption,
    register_scenario,
)
from backpost.envs.common import extensions
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import OVER, RUNNER
from backpost.training.bench.compare import compare
from backpost.training.bench.kept import key
from backpost.training.calibration.workers import workers
from backpost.training.learn.configuration import configuration
from backpost.training.learn.crossing_sb3 import CrossingVecEnv
from backpost.training.learn.learner import Updates
from backpost.training.learn.train import train

HERE = Path(__file__).parent / "shared"
FILE = HERE / "an_extension.py"
SEEDS = episode_seeds("verify", 7, 0, 24)


@pytest.fixture
def extension(unregistered: None) -> Any:
    """The module of `an_extension.py`, imported anew."""
    extensions.import_modules(["an_extension"])
    return sys.modules["an_extension"]


def ran(scenario: str, name: str = "straight", **options: Any) -> np.recarray:
    return play(agent(name, scenario), scenario, SEEDS, Options.of(**options))


def test_every_face_plays_a_registered_scenario(extension: Any) -> None:
    for name in ("Duel", "Duel-v3", "mylab/Duel", "mylab/Duel-v3"):
        assert Crosses(name).scenario is SCENARIOS["Duel"]
    crosses = Crosses("Duel", 2)
    crosses.deal(episode_seeds("evaluate", 0, 5, 2))
    single = gym.make("mylab/Duel-v3")
    vector = gym.make_vec("mylab/Duel-v3", num_envs=2)
    looks = [single.reset(options={"cross": 5})[0], vector.reset(options={"cross": 5})[0][0]]
    for _ in range(30):
        crosses.step(np.tile([1.0, 0.0, 0.0, 0.0], (2, 1)))
        looks = [single.step(np.array([1.0, 0.0, 0.0, 0.0], np.float32))[0]]
        looks += [vector.step(np.tile(np.array([1.0, 0.0, 0.0, 0.0], np.float32), (2, 1)))[0][0]]
        assert all(np.array_equal(look, crosses.observe()[0]) for look in looks)
    baselines = CrossingVecEnv("Duel", 2, seed=3)
    dealt = Crosses("Duel", 2)
    seen = baselines.reset()
    dealt.deal(baselines.crosses.worlds["seed"])
    assert np.array_equal(seen, dealt.observe())


def test_a_registered_scenario_has_its_own_starts_and_options(extension: Any) -> None:
    where = {}
    for start in ("wide", "deep", None):
        crosses = Crosses("Duel", len(SEEDS), options=Options(start=start, line_height=12.0))
        crosses.deal(SEEDS)
        assert (crosses.worlds["pattern"]["line_height"] == 12.0).all()
        where[start] = crosses.worlds["delivery"]["origin_x"]
    assert where["deep"].max() <= 36.0 <= where["wide"].min()
    assert 0 < np.isin(where[None], where["deep"]).sum() < len(SEEDS)
    with pytest.raises(InvalidValue, match="any, wide, deep"):
        Crosses("Duel", options=Options(start="byline"))
    with pytest.raises(UnknownOption, match="got an unexpected keyword argument 'set'"):
        Crosses("Duel", options=Options(set=1))
    with pytest.raises(UnknownName, match="mylab/Duel-v3"):
        Crosses("mylab/Duel-v2")


def test_copies_and_pickles_go_on_alike(extension: Any) -> None:
    crosses = Crosses("Duel", len(SEEDS), options=Options(reward="drawn-to-the-post"))
    crosses.deal(SEEDS)
    actions = np.tile([0.8, 0.3, 0.0, 0.0], (len(SEEDS), 1))
    others = [copy.deepcopy(crosses), pickle.loads(pickle.dumps(crosses))]
    for _ in range(20):
        rewards, _ = crosses.step(actions)
        for other in others:
            assert np.array_equal(other.step(actions)[0], rewards)


def test_a_registered_reward_is_paid_by_every_face(extension: Any) -> None:
    crosses = Crosses("Duel", 3, options=Options(reward="economical"))
    crosses.deal(SEEDS[:3])
    single = gym.make("mylab/Duel-v3", reward="economical", max_episode_steps=None)
    single.reset(seed=0)
    single.unwrapped.crosses.deal(SEEDS[:1])  # type: ignore[attr-defined]
    total = np.zeros(3)
    for _ in range(300):
        playing = crosses.worlds["phase"] != OVER
        if not playing[0]:
            break
        rewards, _ = crosses.step(np.tile([1.0, 0.0, 0.0, 0.0], (3, 1)))
        assert np.array_equal(rewards, np.where(playing, extension.economical(crosses.worlds), 0.0))
        assert np.array_equal(crosses.terms()["economical"], rewards)
        _, reward, *_, info = single.step(np.array([1.0, 0.0, 0.0, 0.0], np.float32))
        assert reward == rewards[0] == info["reward_economical"]
        assert info["reward_xg"] == crosses.terms()["xg"][0]
        total += rewards
    assert (total < 0.0).any(), "who runs pays"


def test_a_registered_potential_shifts_the_return_by_exactly_its_first_value(extension: Any) -> None:
    plain, shaped = (Crosses("Duel", 24, options=Options(reward=r)) for r in ("economical", "drawn-to-the-post"))
    for crosses in (plain, shaped):
        crosses.deal(SEEDS)
    first = extension.nearness(shaped.worlds)
    difference, discount = np.zeros(24), 1.0
    while not (shaped.worlds["phase"] == OVER).all():
        actions = np.tile([1.0, 0.2, 0.0, 0.0], (24, 1))
        difference += discount * (shaped.step(actions)[0] - plain.step(actions)[0])
        discount *= shaped.options.gamma
    assert first.min() > 0.0
    assert np.allclose(difference, -first, atol=1e-12)


def test_a_parameter_set_means_its_values(extension: Any) -> None:
    values = {"defender_speed": 8.6, "reaction": 0.21, "marker_gap": 0.5}
    named, mixed = Options.of(parameters="quick-markers"), Options.of(parameters=["quick-markers", {"reaction": 0.3}])
    assert named == Options(parameters=values)
    assert mixed == Options(parameters=values | {"reaction": 0.3})
    assert ran("Duel", parameters="quick-markers").tobytes() == ran("Duel", parameters=values).tobytes()
    assert ran("Duel", parameters="quick-markers").tobytes() != ran("Duel").tobytes()
    with pytest.raises(UnknownName, match="valid choices are quick-markers"):
        Options.of(parameters="slow-markers")


def test_a_script_moves_its_player_and_nobody_else_decides_for_him(extension: Any) -> None:
    away = {}
    for name in ("Guarded", "Duel"):
        crosses = Crosses(name, len(SEEDS))
        crosses.deal(SEEDS)
        for _ in range(22):
            crosses.step(np.zeros((len(SEEDS), 4)))
        shadow = crosses.worlds["players"][:, extension.SHADOW]
        away[name] = np.hypot(shadow["x"] - extension.GUARDED_X, shadow["y"] - extension.GUARDED_Y)
    assert (away["Guarded"] < away["Duel"]).mean() > 0.9
    assert np.median(away["Guarded"]) < 3.0, "the script runs to the back post, a marker stays with his man"
    alone = ran("Guarded")
    for i in (0, 7):
        assert play(agent("straight"), "Guarded", SEEDS[i : i + 1]).tobytes() == alone[i : i + 1].tobytes()
    with pytest.raises(InvalidValue, match="scripts"):
        replayed(np.zeros((len(SEEDS), 1, 4), np.float32), "Guarded", SEEDS)


def test_registered_agents_and_rules_are_compared_by_name(extension: Any, tmp_path: Path) -> None:
    names = ["straight", "spot-at-the-strike", "flight-reader"]
    quick = {"parameters": "quick-markers"}
    first = compare("Duel", names, 30, options=quick)
    assert [row.name for row in first.agents] == names
    kept = [compare("mylab/Duel-v3", ["straight", "random"], 30, options=quick, keep=tmp_path) for _ in range(2)]
    assert kept[0].agents == kept[1].agents
    assert kept[0].agents[0] == first.agents[0]


def test_what_is_kept_belongs_to_a_version_of_the_scenario(extension: Any, tmp_path: Path) -> None:
    runner = agent("straight")
    first = key(runner, "Duel", None, SEEDS)
    how = {"description": "the same", "options": (), "starts": extension.STARTS, "replace": True}
    register_scenario("mylab/Duel-v3", extension.deal_duel, version="1", **how)
    assert key(runner, "Duel", None, SEEDS) == first
    register_scenario("mylab/Duel-v3", extension.deal_duel, version="2", **how)
    assert key(runner, "Duel", None, SEEDS) != first
    with pytest.raises(InvalidValue, match="Guarded cannot be kept, because it has no version: register it"):
        compare("Guarded", ["straight", "random"], 4, keep=tmp_path / "kept")
    with pytest.raises(InvalidValue, match="spot-at-the-strike cannot be kept"):
        compare("Duel", ["spot-at-the-strike", "random"], 4, keep=tmp_path / "kept")


def test_the_command_takes_what_a_module_registers(
    unregistered: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = ["compare", "Duel", "--agents", "straight", "flight-reader", "--crosses", "20", "--json", "x.json"]
    asked += ["--set", "reward=economical", "--set", "parameters=quick-markers"]
    assert cli.main(asked) == 2
    assert "unknown environment 'Duel'" in capsys.readouterr().err
    assert cli.main([*asked, "--import", str(FILE)]) == 0
    assert json.loads((tmp_path / "x.json").read_text(encoding="utf-8"))["options"]["parameters"]["reaction"] == 0.21
    assert cli.main(["watch", "Duel", "--agent", "straight", "--still", "x.png", "--import", str(FILE)]) == 0
    assert (tmp_path / "x.png").stat().st_size > 0
    capsys.readouterr()
    for wrong in ("nowhere", "nowhere.py"):
        assert cli.main(["agents", "--import", wrong]) == 2
        assert f"backpost: extension {wrong} cannot be imported" in capsys.readouterr().err


def installed(folder: Path, value: str) -> None:
    """What installing a package with an entry point leaves in a folder of packages."""
    about = folder / "mylab-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: mylab\nVersion: 1.0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text(f"[backpost]\nmylab = {value}\n", encoding="utf-8")


def test_an_installed_package_is_found_by_its_entry_point(tmp_path: Path) -> None:
    installed(tmp_path, "an_extension")
    paths = {"PYTHONPATH": os.pathsep.join([str(tmp_path), str(HERE)])}
    command = [sys.executable, "-m", "backpost.cli", "compare", "mylab/Duel-v3", "--agents", "straight", "random"]
    asked = [*command, "--crosses", "4", "--json", str(tmp_path / "x.json")]
    done = subprocess.run(asked, env=os.environ | paths, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "straight" in done.stdout
    listing = [sys.executable, "-m", "backpost.cli", "agents"]
    listed = subprocess.run(listing, env=os.environ | paths, capture_output=True, text=True, check=True)
    assert "sprints straight at the goal line" in listed.stdout
    (tmp_path / "mylab-1.0.dist-info" / "entry_points.txt").write_text("[backpost]\nmylab = not_there\n")
    done = subprocess.run(asked, env=os.environ | paths, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("backpost: extension mylab of mylab cannot be imported (not_there): ModuleNotFound")
    assert done.stderr.count("\n") == 1


def test_a_training_begins_with_a_registered_rule_and_ends_with_a_policy_of_its_scenario(
    extension: Any, tmp_path: Path
) -> None:
    few = {"steps": 512, "envs": 16, "rollout": 16, "batch": 256, "warm_up": 64, "progress": False}
    chosen = {"env": "Duel", "rule": "spot-at-the-strike", "reward": "economical", "select_every": 1, **few}
    folder = train(configuration(overrides=chosen | {"select_crosses": 20}), tmp_path / "run")
    progress = json.loads((folder.path / "progress.json").read_text(encoding="utf-8"))
    assert progress["status"] == "finished"
    assert progress["best"] is not None, "the process that plays candidates knows the scenario"
    policy = Policy.load(folder.policy)
    assert policy.description is not None
    assert play(policy, "Duel", SEEDS).xg.shape == SEEDS.shape
    alone = f"from backpost.agents import agent; agent({str(folder.policy)!r})"
    done = subprocess.run([sys.executable, "-c", alone], capture_output=True, text=True, check=False, cwd=tmp_path)
    assert "is for environment mylab/Duel-v3, which is not registered" in done.stderr


def test_a_resumed_run_asks_for_the_extension_it_was_started_with(
    unregistered: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    few = {"steps": 1024, "envs": 16, "rollout": 16, "batch": 256, "warm_up": 64, "progress": False}
    chosen = {"rule": "flight-reader", "reward": "economical", "select_crosses": 20, "checkpoint_every": 0, **few}
    sets = [word for name, value in chosen.items() for word in ("--set", f"{name}={json.dumps(value).strip(chr(34))}")]
    updates = itertools.count()

    def train_or_stop(self: Updates, *args: Any, **kwargs: Any) -> None:
        if next(updates) == 1:
            raise KeyboardInterrupt
        update(self, *args, **kwargs)

    update = Updates.train
    monkeypatch.setattr(Updates, "train", train_or_stop)
    assert cli.main(["train", "Duel", "--out", "run", "--import", str(FILE), *sets]) == 130
    said = capsys.readouterr().out.splitlines()[-1]
    assert said == f"to resume: backpost train --resume run --import {FILE}"
    resume = [sys.executable, "-m", "backpost.cli", "train", "--resume", "run"]
    done = subprocess.run(resume, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert f"was started with the extension {FILE}" in done.stderr
    assert f"`backpost train --resume run --import {FILE}`" in done.stderr
    moved = shutil.copy(FILE, tmp_path / "an_extension.py")
    done = subprocess.run([*resume, "--import", moved], capture_output=True, text=True, check=False)
    # What another process is compiling may be announced.
    said = [line for line in done.stderr.splitlines() if "compil" not in line]
    assert (done.returncode, said) == (0, [])
    assert done.stdout.startswith("finished after 1,024 decisions")


def test_no_training_starts_with_what_no_other_process_can_import(extension: Any, tmp_path: Path) -> None:
    SCENARIOS._origins["Duel"] = "__main__"
    main = sys.modules["__main__"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(main, "__spec__", None)
        patch.delattr(main, "__file__", raising=False)
        with pytest.raises(InvalidValue, match="Duel was registered in an interactive session"):
            train(configuration(overrides={"env": "Duel"}), tmp_path / "run")
    assert not (tmp_path / "run").exists()


def test_started_processes_know_what_was_registered(extension: Any, tmp_path: Path) -> None:
    names = "list(__import__('backpost.envs', fromlist=['envs']).SCENARIOS)"
    with workers(2) as evaluate:
        scenarios: Any = next(evaluate([(eval, names, {})]))  # type: ignore[list-item]
    assert "Duel" in scenarios
    budget = Budget(generations=1, pairs=1, crosses=8, check=8, evidence=8)
    tuned = tune_all(["Duel"], budget, tmp_path / "tuned.json", rules=["flight-reader"], workers=2)
    assert "flight-reader" in tuned["scenarios"]["Duel"]["rules"]


def test_a_policy_of_another_number_of_the_environment_is_told_so(extension: Any, tmp_path: Path) -> None:
    for id, says in (("mylab/Duel-v2", "was trained for version 2"), ("other/Duel-v3", "is not registered")):
        made = Description("mylab/Duel-v3", hidden=(4,))
        weights = {name: np.zeros(shape, np.float32) for name, shape in made.shapes().items()}
        write(tmp_path / "p.safetensors", made, weights)
        content = (tmp_path / "p.safetensors").read_bytes()
        (tmp_path / "p.safetensors").write_bytes(content.replace(b"mylab/Duel-v3", id.encode()))
        with pytest.raises(InvalidFile, match=says):
            Policy.load(tmp_path / "p.safetensors")


def test_the_runner_alone_is_decided_for_by_agents(extension: Any) -> None:
    crosses = Crosses("Guarded", 1)
    crosses.deal(SEEDS[:1])
    outside = np.flatnonzero(crosses.worlds["players"]["outside"][0])
    assert outside.tolist() == [RUNNER, extension.SHADOW]
