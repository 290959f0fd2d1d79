"""Compiles what every environment needs, ahead of time: in an image, on a cluster, before many processes start."""

import time
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import numpy as np

import backpost.envs
from backpost.envs import SCENARIOS, CrossingVectorEnv
from backpost.envs.interface.outcome import metrics
from backpost.envs.interface.reward import SHAPED
from backpost.envs.world.compile import cache_folder
from backpost.training.bench.result_file import Result


@dataclass(frozen=True)
class WarmUp(Result):
    """What `backpost warm-up` has compiled.

    Attributes:
        folder: folder of the compiled code; None if no folder can be used, so that every start compiles again.
        environments: ids of the environments, in the order in which they were compiled.
        seconds: wall time; a few if everything had been compiled before.
    """

    command: ClassVar[str] = "warm-up"
    folder: str | None
    environments: tuple[str, ...]
    seconds: float


def warm_up() -> WarmUp:
    """Compile, or load, everything that making, resetting and stepping each environment needs."""
    started = time.perf_counter()
    for scenario in SCENARIOS.values():
        env = CrossingVectorEnv(1, scenario=scenario.name, reward=SHAPED)
        env.reset(seed=0)
        env.step(np.zeros(env.action_space.shape, np.float32))
        metrics(env.crosses.worlds)
        env.close()
    folder = cache_folder(Path(backpost.envs.__file__).parent)
    return WarmUp(folder, tuple(scenario.id for scenario in SCENARIOS.values()), time.perf_counter() - started)


def table(result: WarmUp) -> str:
    """The result in two lines."""
    where = f"kept in {result.folder}" if result.folder else "kept nowhere, so every start compiles again"
    return f"{len(result.environments)} environments in {result.seconds:.1f} s\n{where}"
