"""Golden actions: with the same numbers and weights an agent does the same. `make golden` writes them anew.

Every agent is asked about the same observations, which do not depend on what it answers. The command refuses changed
actions without a new `AGENTS_VERSION` (or `WORLD_VERSION`), and a new version without changed actions.
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import asdict
from functools import cache
from inspect import isabstract
from pathlib import Path
from typing import Any

import golden_versions
import numpy as np
import pytest

import backpost.agents
import backpost.training
from backpost.agents.base.agent import Agent
from backpost.agents.base.identity import Identified, identity_of
from backpost.agents.base.play import attend
from backpost.agents.base.version import AGENTS_VERSION
from backpost.agents.drawn_run import DrawnRun
from backpost.agents.handicaps.delayed import Delayed
from backpost.agents.handicaps.noise import Noisy
from backpost.agents.ordinary import Ordinary
from backpost.agents.planners.clairvoyant import recorded
from backpost.agents.planners.planner import Budget, Planner
from backpost.agents.policies.policy import Description, Policy
from backpost.agents.random_run import RandomRun
from backpost.agents.recorded import Plays, Recorded
from backpost.agents.rules.registry import RULES, rule
from backpost.agents.stand_still import StandStill
from backpost.agents.tuning.tuning import Budget as TuningBudget
from backpost.agents.tuning.tuning import tune
from backpost.envs import WORLD_VERSION, Crosses, Options
from backpost.envs.scenarios.board_file import Board, BoardPlayer, DrawnPath
from backpost.envs.world.chance import episode_seeds
from backpost.training.bench.ceiling_pieces import Piece, Task

GOLDEN = Path(__file__).with_name("golden_agents.json")
VERSION = {"world": WORLD_VERSION, "agents": AGENTS_VERSION}
EPISODES = 10
SCENARIOS = ("OpenPlay", "Transition", "Corner", "FreeKick")
QUICK = Budget(rounds=((6, 2), (3, 4)))
WINGS = Options(wing="random")


def policy(kind: str, activation: str = "tanh", base: str | None = None) -> Policy:
    """A policy of this kind with weights that nobody trained."""
    numbers = None if base is None else {"name": base, "numbers": asdict(rule(base, {}).numbers)}
    memory = 8 if kind == "lstm" else 0
    description = Description("backpost/OpenPlay-v0", kind, (8, 8), activation, memory=memory, base_rule=numbers)
    random = np.random.default_rng(3)
    weights = {name: random.normal(0.0, 0.2, shape).astype(np.float32) for name, shape in description.shapes().items()}
    return Policy(description, weights)


def plays() -> Recorded:
    """What somebody did in the first crosses."""
    random = np.random.default_rng(5)
    runs = {n: random.uniform(-1.0, 1.0, (30, 4)).astype(np.float32) for n in range(EPISODES)}
    return Recorded(Plays("OpenPlay", WINGS, runs))


def drawn() -> DrawnRun:
    """A run that somebody drew."""
    players = [BoardPlayer("7", "att", 90.0, 9.0), BoardPlayer("9", "att", 88.0, 40.0)]
    run = DrawnPath([(88.0, 40.0), (92.0, 43.0), (99.0, 38.0)], cue="plant", delay=0.1, pace=0.9)
    return DrawnRun(Board(1, "", "open", players, "7", "9", run=run))


AGENTS: dict[str, Callable[[], Agent]] = {
    **{name: lambda name=name: rule(name, {}) for name in RULES},  # type: ignore[misc]
    "random": RandomRun,
    "stand-still": StandStill,
    "ordinary": Ordinary,
    "my-run": drawn,
    "planner": lambda: Planner(QUICK, 7),
    "mlp": lambda: policy("mlp"),
    "squashed": lambda: policy("squashed", "relu"),
    "lstm": lambda: policy("lstm", base="early-back-post"),
    "delayed": lambda: Delayed(rule("early-back-post", {}), 2),
    "noisy": lambda: Noisy(rule("early-back-post", {}), 0.5),
}


@cache
def observations(env: str) -> list[np.ndarray]:
    """What is seen at every decision of some crosses, (n, SIZE) each, while somebody runs about."""
    return _asked(env, None)[0]


def _asked(env: str, agent: Agent | None, label: str = "verify") -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Observations and answers at every decision; the answers change nothing."""
    seeds = episode_seeds(label, 0, 0, EPISODES)
    crosses = Crosses(env, EPISODES, options=WINGS)
    crosses.deal(seeds)
    if agent is not None:
        attend(agent, crosses)
        agent.reset(seeds)
    luck, done = np.random.default_rng(1), np.zeros(EPISODES, bool)
    wanted = luck.uniform(-1.0, 1.0, (EPISODES, 4))
    seen: list[np.ndarray] = []
    answers: list[np.ndarray] = []
    while not done.all():
        turns = luck.uniform(size=EPISODES) < 0.1
        wanted[turns] = luck.uniform(-1.0, 1.0, (int(turns.sum()), 4))
        seen.append(crosses.observe())
        if agent is not None:
            answers.append(agent.act(seen[-1].copy()))
        done = crosses.step(wanted)[1]
    return seen, answers


def actions(name: str) -> list[float]:
    """What an agent answers, in a few numbers: sums with weights that are drawn once, for each scenario."""
    agent, sums = AGENTS[name](), []
    for env in SCENARIOS[:1] if name == "planner" else SCENARIOS:
        if hasattr(agent, "attend"):
            answers = _asked(env, agent)[1]
        else:
            agent.reset(episode_seeds("verify", 0, 0, EPISODES))
            answers = [agent.act(seen.copy()) for seen in observations(env)]
        sums.append(_sum(np.stack(answers)))
    return sums


def searched() -> dict[str, list[float]]:
    """What is found by those that search, and what recorded plays do."""
    seeds = episode_seeds("verify", 1, 0, 2)
    piece_of = Task("OpenPlay", ("early-back-post",), WINGS, QUICK, 16)
    return {"clairvoyant": [float(x) for x in _pieces(piece_of, seeds)], "tuning": _tuned(), "recorded": _recorded()}


def _pieces(task: Task, seeds: np.ndarray) -> np.ndarray:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        return 100.0 * Piece(task, seeds, Path(folder)).searched(2)


def _tuned() -> list[float]:
    entry = tune("early-back-post", "OpenPlay", TuningBudget(1, 2, 8, 16, 16))
    return [float(x) for x in (*entry["numbers"].values(), entry["evidence"]["xg_per_100"])]


def _recorded() -> list[float]:
    done, final = recorded(plays(), "OpenPlay", episode_seeds("evaluate", 0, 0, EPISODES), WINGS)
    return [_sum(done), float(100.0 * final["xg"].sum())]


def _sum(values: np.ndarray) -> float:
    return float((np.random.default_rng(2).uniform(0.5, 1.5, values.shape) * values).sum())


@pytest.mark.parametrize("name", list(AGENTS))
def test_an_agent_does_what_it_did(name: str) -> None:
    golden = golden_versions.read(GOLDEN)["history"][-1]["values"]
    assert golden_versions.equal(actions(name), golden[name]), "actions changed: raise AGENTS_VERSION"


def test_searches_find_what_they_found() -> None:
    golden = golden_versions.read(GOLDEN)["history"][-1]["values"]
    for name, result in searched().items():
        assert golden_versions.equal(result, golden[name]), f"{name} changed: raise AGENTS_VERSION"


def test_the_version_of_the_agents_is_raised_with_their_actions_and_never_without() -> None:
    assert golden_versions.fault(golden_versions.read(GOLDEN)["history"], VERSION) is None


def test_actions_may_change_with_the_world_or_with_the_agents_and_numbers_differ_by_more_than_rounding() -> None:
    history = golden_versions.added([], {"world": 1, "agents": 1}, {"a": [1.0, 2.0]})
    assert golden_versions.refusal(history, {"world": 1, "agents": 1}, {"a": [1.0001, 2.0]}) is None
    assert golden_versions.refusal(history, {"world": 1, "agents": 1}, {"a": [1.01, 2.0]})
    assert golden_versions.refusal(history, {"world": 1, "agents": 2}, {"a": [1.0001, 2.0]})
    assert golden_versions.refusal(history, {"world": 1, "agents": 2}, {"a": [1.01, 2.0]}) is None
    assert golden_versions.refusal(history, {"world": 2, "agents": 1}, {"a": [1.01, 2.0]}) is None


def test_every_agent_of_ours_that_says_who_it_is_has_golden_actions() -> None:
    """What `AGENTS_VERSION` vouches for is what is played here."""
    played = {type(make()) for make in AGENTS.values()} | {Recorded}
    kinds = set()
    for package in (backpost.agents, backpost.training):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for value in vars(importlib.import_module(module.name)).values():
                if isinstance(value, type) and value.__module__ == module.name and hasattr(value, "act"):
                    kinds.add(value)
    for kind in kinds - played - {Identified}:
        ours = kind.__module__.startswith("backpost.agents.")
        assert isabstract(kind) or not (hasattr(kind, "identity") if ours else "identity" in vars(kind)), kind
    assert all(identity_of(make()) for make in AGENTS.values())


if __name__ == "__main__":
    now: dict[str, Any] = {name: actions(name) for name in AGENTS} | searched()
    before = golden_versions.read(GOLDEN)["history"]
    golden_versions.write(GOLDEN, {"history": golden_versions.added(before, VERSION, now)})
