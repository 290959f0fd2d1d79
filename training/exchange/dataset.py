"""Runs of agents as Minari data sets, one for each agent: rules, policies and people, with `info` at every step.

What an agent decided is the lesson: observations and actions of a rule are what a learner imitates before it improves.
The files are Minari's own (HDF5); nothing of this package is needed to read them.
"""

import os
import re
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, ClassVar

import gymnasium as gym
import numpy as np

from backpost.agents.base.agent import Agent
from backpost.agents.base.play import Progress, attend
from backpost.agents.recorded import Recorded, chosen
from backpost.agents.registry import agent
from backpost.envs.common.checks import one_of
from backpost.envs.common.errors import InvalidFile, InvalidValue
from backpost.envs.common.extras import explained
from backpost.envs.common.stopping import check_running
from backpost.envs.interface.options import Options
from backpost.envs.interface.request import EVALUATED
from backpost.envs.scenarios.registry import scenario
from backpost.envs.world.chance import LABELS
from backpost.training.bench.result_file import Result

with explained():
    import minari
    from minari.data_collector import EpisodeBuffer

ROOT = "MINARI_DATASETS_PATH"
"""The environment variable that tells Minari where data sets are."""
PIECE = 1000
"""Crosses that are held before they are written."""
LESSONS = "train"
"""Label of the crosses, unless another is named: those of "evaluate" are for reports."""


@dataclass(frozen=True)
class Collected:
    """One data set.

    Attributes:
        id: as `minari.load_dataset` takes it.
        agent: the agent that ran.
        label: of its crosses.
        first: number of the first cross.
        episodes, steps: how many.
        mean_return: of an episode, in the environment's reward.
    """

    id: str
    agent: str
    label: str
    first: int
    episodes: int
    steps: int
    mean_return: float


@dataclass(frozen=True)
class Datasets(Result):
    """The data sets that `backpost dataset` has written.

    Attributes:
        folder: the value of MINARI_DATASETS_PATH with which they are found.
        environment: name of the environment.
        datasets: one for each agent.
    """

    command: ClassVar[str] = "dataset"
    folder: str
    environment: str
    datasets: tuple[Collected, ...]


def collect(
    env: str,
    agents: Sequence[str],
    crosses: int,
    first: int = 0,
    *,
    out: str | os.PathLike[str],
    label: str = LESSONS,
    options: Options | None = None,
    progress: Progress | None = None,
) -> Datasets:
    """Let every agent (a name or file) run the crosses `first`, `first` + 1, ... of a label, and write its data set.

    Recorded plays bring crosses of their own, the evaluation crosses that the person played; they ignore `crosses`,
    `first` and `label`.

    Raises:
        UnknownName: for an unknown environment or agent.
        InvalidFile: for a file that is no agent, a data set that exists already, or a folder that cannot be written.
        InvalidValue, InvalidAction: for an unknown label, or options that the agents cannot play with.
    """
    one_of("label", label, LABELS)
    played = scenario(env)
    runners = [agent(name, played.name) for name in agents]
    ids = [f"backpost/{played.name}/{re.sub(r'[^A-Za-z0-9_-]', '-', runner.name)}-v0" for runner in runners]
    if len(set(ids)) < len(ids):
        raise InvalidValue(f"agents need distinct names, one for each data set, got {', '.join(ids)}; rename a file")
    with _kept_in(Path(out)):
        for name in ids:
            if (Path(out) / name).exists():
                raise InvalidFile(f"{os.fspath(out)} has a data set {name} already; choose another folder")
        made = gym.make(played.id, **chosen(options or Options()))
        written = []
        for runner, name in zip(runners, ids, strict=True):
            numbers: Sequence[int] = runner.crosses if isinstance(runner, Recorded) else range(first, first + crosses)
            of = EVALUATED if isinstance(runner, Recorded) else label
            written.append(_collected(made, runner, name, numbers, of, progress))
        made.close()
    return Datasets(folder=os.fspath(Path(out).resolve()), environment=played.name, datasets=tuple(written))


def table(result: Datasets) -> str:
    """One row for each data set."""
    widest = max(len(row.id) for row in result.datasets)
    rows = [
        f"{row.id:<{widest}}  {row.episodes:>8,}  {row.steps:>9,}  {row.label} from {row.first}"
        for row in result.datasets
    ]
    head = f"{'data set':<{widest}}  {'episodes':>8}  {'steps':>9}  crosses"
    return "\n".join([head, *rows, f"to load them: {ROOT}={result.folder}"])


@contextmanager
def _kept_in(folder: Path) -> Iterator[None]:
    """Minari reads and writes data sets in this folder."""
    before = os.environ.get(ROOT)
    os.environ[ROOT] = os.fspath(folder.resolve())
    try:
        yield
    finally:
        if before is None:
            del os.environ[ROOT]
        else:
            os.environ[ROOT] = before


def _collected(
    env: gym.Env[Any, Any], runner: Agent, name: str, crosses: Sequence[int], label: str, progress: Progress | None
) -> Collected:
    """Let one agent run these crosses of a label, and write its data set piece by piece."""
    attend(runner, env.unwrapped.crosses)  # type: ignore[attr-defined]
    written, steps, earned = None, 0, 0.0
    for at in range(0, len(crosses), PIECE):
        episodes = []
        for cross in crosses[at : at + PIECE]:
            check_running()
            episodes.append(_episode(env, runner, cross, label))
            if progress is not None:
                progress(1)
        steps += sum(len(episode.rewards) for episode in episodes)
        earned += sum(float(np.sum(episode.rewards)) for episode in episodes)
        if written is None:
            written = _created(env, runner, name, episodes, label)
        else:
            written.storage.update_episodes(episodes)
    return Collected(name, runner.name, label, crosses[0], len(crosses), steps, earned / len(crosses))


def _episode(env: gym.Env[Any, Any], runner: Agent, cross: int, label: str) -> EpisodeBuffer:
    """One cross from reset to end: of t decisions, t + 1 observations and infos."""
    seen, info = env.reset(options={"cross": cross, "label": label})
    runner.reset(np.array([info["seed"]], np.uint64))
    observations, infos, actions, rewards, over = [seen], [info], [], [], False
    while not over:
        actions.append(runner.act(seen[None])[0])
        seen, reward, terminated, truncated, info = env.step(actions[-1])
        observations.append(seen)
        infos.append(info)
        rewards.append(float(reward))
        over = terminated or truncated
    ends = np.zeros((2, len(rewards)), bool)
    ends[:, -1] = terminated, truncated
    return EpisodeBuffer(
        seed=cross,
        options={"cross": cross, "label": label},
        observations=np.stack(observations),
        actions=np.stack(actions),
        rewards=rewards,
        terminations=ends[0],
        truncations=ends[1],
        infos={name: np.array([info[name] for info in infos]) for name in infos[0]},
    )


def _created(
    env: gym.Env[Any, Any], runner: Agent, name: str, episodes: list[EpisodeBuffer], label: str
) -> minari.MinariDataset:
    """A new data set that begins with these episodes."""
    with warnings.catch_warnings(action="ignore", category=UserWarning):  # whoever publishes it adds author and link
        return minari.create_dataset_from_buffers(
            name,
            episodes,
            env=env,
            algorithm_name=runner.name,
            description=f"{runner.description}; crosses of the label {label}",
            requirements=[f"backpost=={version('backpost')}"],
            data_format="hdf5",
        )
