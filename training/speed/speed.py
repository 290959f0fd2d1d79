"""Speed on this machine, in CPU time on one core: the environment, PPO on it, and the first step.

The best of several repeats counts, because other programs can only slow a repeat down; the spread of the repeats is
given with it. Ratios carry over to other machines, absolute numbers do not.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

import gymnasium as gym
import numba
import numpy as np
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.vec_env import DummyVecEnv, VecEnv

from backpost.envs.crosses import Crosses
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import CROSSER, KEEPER, PRESSER, RUNNER
from backpost.training.learn.crossing_sb3 import CrossingVecEnv

from .rates import FirstStep, Machine, PPOSpeed, Rate, SingleSpeed, Speed, ThreadSpeed, Verdict
from .stub import StubVecEnv

REPEATS = 5
SECONDS = 1.0
"""CPU time of one repeat."""
SIZES = (1, 64, 1024, 8192)
TARGETS: dict[str, float] = {"steps_per_s": 185_000, "ppo_per_s": 50_000, "of_stub": 0.65, "of_ordinary": 50}
TARGETS |= {"warm_s": 1.5, "cold_s": 15}
"""Minimum values, except the first step, warm and cold: maximum values."""
AT_MOST = ("warm_s", "cold_s")
NATIVE = {"n_steps": 32, "batch_size": 8192, "n_epochs": 4}
ORDINARY = {"n_steps": 2048, "batch_size": 64, "n_epochs": 10}

Progress = Callable[[str], object]


def bench(env: str = "OpenPlay", progress: Progress | None = None) -> Speed:
    """Run every measurement; takes two to three minutes."""
    say = progress or (lambda _: None)
    torch.set_num_threads(1)
    say("environment, one core")
    steps = {str(count): steps_per_second(env, count) for count in SIZES}
    say("growth with players")
    players = growth_with_players(env)
    say("one environment against CartPole-v1")
    single_env = single(env)
    say("two threads against one")
    threads = two_threads(env)
    say("PPO on it, on a stub, and the ordinary way")
    learning = ppo(env)
    say("first step, warm and cold")
    first = first_step(env)
    return Speed(
        machine=machine(),
        environment=env,
        targets=TARGETS,
        steps=steps,
        players=players,
        single=single_env,
        threads=threads,
        ppo=learning,
        first_step=first,
        verdicts=verdicts(steps["1024"], learning, first),
    )


def machine() -> Machine:
    """This machine."""
    return Machine(_processor(), os.cpu_count(), platform.python_version())


def steps_per_second(env: str, count: int, parallel: bool = False) -> Rate:
    """Environment steps per CPU second with random actions, observations and resets; wall time if parallel."""
    venv = CrossingVecEnv(env, count, parallel=parallel)
    rng = np.random.default_rng(0)
    actions = rng.uniform(-1, 1, (16, count, 4)).astype(np.float32)
    venv.reset()
    place = 0

    def work() -> int:
        nonlocal place
        place = (place + 1) % len(actions)
        venv.step(actions[place])
        return count

    return rate(work, time.perf_counter if parallel else time.thread_time)


def growth_with_players(env: str, count: int = 1024) -> dict[str, Rate]:
    """Steps per CPU second with fewer players: crosser, runner, presser and keeper always stay."""
    venv = CrossingVecEnv(env, count)
    venv.reset()
    present = np.flatnonzero(venv.crosses.worlds["players"]["present"][0]).tolist()
    needed = [i for i in present if i in (CROSSER, RUNNER, KEEPER, PRESSER)]
    rates = {}
    for players in range(len(needed), len(present) + 1, 3):
        keep = needed + [i for i in present if i not in needed][: players - len(needed)]
        rates[str(players)] = _with_players(env, count, keep)
    return rates


def single(env: str) -> SingleSpeed:
    """One environment through gym.make against CartPole-v1, in steps per CPU second."""

    def steps(env: gym.Env[Any, Any]) -> Rate:
        env.action_space.seed(0)
        actions = [env.action_space.sample() for _ in range(64)]
        env.reset(seed=0)
        place = 0

        def work() -> int:
            nonlocal place
            place = (place + 1) % len(actions)
            _, _, terminated, truncated, _ = env.step(actions[place])
            if terminated or truncated:
                env.reset()
            return 1

        return rate(work)

    ours, theirs = steps(gym.make(f"backpost/{env}-v0")), steps(gym.make("CartPole-v1"))
    return SingleSpeed(ours, theirs, ours.best / theirs.best)


def two_threads(env: str, count: int = 1024) -> ThreadSpeed:
    """Steps per second of wall time on two threads against one."""
    before = numba.get_num_threads()
    rates = {}
    try:
        for threads in (1, min(2, before)):
            numba.set_num_threads(threads)
            rates[str(threads)] = steps_per_second(env, count, parallel=True)
    finally:
        numba.set_num_threads(before)
    best = [rate.best for rate in rates.values()]
    return ThreadSpeed(rates, best[-1] / best[0])


def ppo(env: str, count: int = 1024) -> PPOSpeed:
    """Frames of PPO per CPU second, one torch thread: native, on a stub with the same shapes, the ordinary way."""
    ours = _ppo(CrossingVecEnv(env, count), NATIVE)
    crosses = Crosses(env, 1)
    stub = _ppo(StubVecEnv(count, crosses.observation_space, crosses.action_space), NATIVE)
    name = f"backpost/{env}-v0"
    ordinary = _ppo(DummyVecEnv([lambda: gym.make(name) for _ in range(8)]), ORDINARY, repeats=1)
    return PPOSpeed(ours, stub, ordinary, of_stub=ours.best / stub.best, of_ordinary=ours.best / ordinary.best)


def first_step(env: str, repeats: int = 3) -> FirstStep:
    """CPU seconds of a new process from import to the first step, with a cold and a warm kernel cache."""
    code = (
        "import time, numpy as np\n"
        "import backpost, gymnasium as gym\n"
        f"env = gym.make('backpost/{env}-v0')\n"
        "env.reset(seed=0)\nenv.step(np.zeros(4, np.float32))\n"
        "print(time.process_time())\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        cold = _process(code, folder)
        warm = [_process(code, folder) for _ in range(repeats)]
    return FirstStep(cold, min(warm), tuple(warm))


def rate(work: Callable[[], int], clock: Callable[[], float] = time.thread_time) -> Rate:
    """Best and spread of the units per second that `work` does; each call does some units and returns their number."""
    work()
    repeats = []
    for _ in range(REPEATS):
        done, started = 0, clock()
        while (spent := clock() - started) < SECONDS:
            done += work()
        repeats.append(done / spent)
    return _spread(repeats)


def verdicts(steps: Rate, learning: PPOSpeed, first: FirstStep) -> dict[str, Verdict]:
    """Each target with the measured value, and whether it is reached."""
    measured = {
        "steps_per_s": steps.best,
        "ppo_per_s": learning.native.best,
        "of_stub": learning.of_stub,
        "of_ordinary": learning.of_ordinary,
        "warm_s": first.warm_s,
        "cold_s": first.cold_s,
    }
    return {
        name: Verdict(value, TARGETS[name], value <= TARGETS[name] if name in AT_MOST else value >= TARGETS[name])
        for name, value in measured.items()
    }


def table(result: Speed) -> str:
    """The measurements as text."""
    lines = [f"{result.environment} on {result.machine.processor}, CPU time, one core (best of repeats, worst)"]

    def row(name: str, rate: Rate, unit: str = "steps/s") -> None:
        lines.append(f"  {name:<44}{rate.best:>12,.0f}{rate.worst:>12,.0f}  {unit}")

    for count, rate in result.steps.items():
        row(f"{count} environments", rate)
    for count, rate in result.players.items():
        row(f"1024 environments, {count} players", rate)
    row("one environment through gym.make", result.single.backpost)
    row("CartPole-v1 through gym.make", result.single.cartpole)
    for threads, rate in result.threads.threads.items():
        row(f"1024 environments, {threads} threads, wall time", rate)
    row("PPO, 1024 x 32", result.ppo.native, "frames/s")
    row("PPO on a stub of equal shapes", result.ppo.stub, "frames/s")
    row("PPO the ordinary way (8 environments)", result.ppo.ordinary, "frames/s")
    lines.append("targets")
    for name, verdict in result.verdicts.items():
        word = "reached" if verdict.reached else "missed"
        lines.append(f"  {name:<44}{verdict.measured:>12,.2f}  of {verdict.target:,g}: {word}")
    return "\n".join(lines)


def _with_players(env: str, count: int, keep: list[int]) -> Rate:
    """Steps per CPU second over whole crosses in which only these players are present."""
    crosses = Crosses(env, count)
    actions = np.random.default_rng(0).uniform(-1, 1, (count, 4))
    first = 0

    def deal() -> None:
        nonlocal first
        crosses.deal(episode_seeds("evaluate", 0, first, count))
        first += count
        gone = np.setdiff1d(np.arange(crosses.worlds["players"].shape[1]), keep)
        crosses.worlds["players"]["present"][:, gone] = 0

    def work() -> int:
        playing = int((~done).sum())
        done[:] = crosses.step(actions)[1]
        crosses.observe()
        if done.mean() > 0.5:
            deal()
            done[:] = False
        return playing

    done = np.zeros(count, bool)
    deal()
    return rate(work)


def _ppo(venv: VecEnv, settings: dict[str, int], repeats: int = 3) -> Rate:
    """Frames of learning per CPU second, after one warm-up update."""
    model = PPO("MlpPolicy", venv, policy_kwargs={"net_arch": [64, 64]}, device="cpu", seed=0, **settings)  # type: ignore[arg-type]
    frames = venv.num_envs * settings["n_steps"]
    updates = max(1, 100_000 // frames)
    model.learn(frames)
    rates = []
    for _ in range(repeats):
        started = time.thread_time()
        model.learn(frames * updates)
        rates.append(frames * updates / (time.thread_time() - started))
    return _spread(rates)


def _process(code: str, cache: str) -> float:
    """CPU seconds that a new Python process reports."""
    environment = {**os.environ, "NUMBA_CACHE_DIR": cache}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return float(json.loads(done.stdout.strip().splitlines()[-1]))


def _spread(repeats: list[float]) -> Rate:
    return Rate(max(repeats), min(repeats), float(np.median(repeats)))


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:
            names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.processor() or "an unknown processor"
