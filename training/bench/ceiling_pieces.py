"""The work behind a ceiling in pieces of a few crosses, each in files that are whole or not there.

A file is named after everything that decides what is in it, so a folder can be used again and again: what is the same
is taken from it, what is not is asked for under another name. What an agent played has a file of its own, so another
policy does not make the planner think again; what was found from all of them has another.
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from backpost.agents.base.agent import Agent
from backpost.agents.base.play import Progress
from backpost.agents.planners.clairvoyant import Found, improved, recorded, replayed
from backpost.agents.planners.planner import Budget, Planner
from backpost.agents.registry import agent
from backpost.envs.interface.options import Options

from .kept import Kept, key

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Task:
    """What is done in every piece: who plays in which environment, and how hard the references think."""

    env: str
    agents: tuple[str, ...]
    options: Options | None
    planner: Budget
    first_tries: int


class Piece:
    """Some crosses of a ceiling.

    Args:
        task: what is done in them.
        seeds: of the crosses, (n,).
        folder: where the piece is kept; it is made if it is not there.

    Raises:
        InvalidFile: if the folder cannot be made, or an agent's file is no policy.
        UnknownName: for an unknown agent.
    """

    def __init__(self, task: Task, seeds: npt.NDArray[np.uint64], folder: Path) -> None:
        self.task, self.seeds, self._kept = task, seeds, Kept(folder)
        keys = [key(runner, task.env, task.options, seeds) for runner in self._agents()]
        self._names = [_name("played", name) for name in keys]
        self._found = _name("found", *keys, str(task.first_tries))

    def played(self, progress: Progress | None = None) -> Array:
        """XG of every agent and then of the planner, (a + 1, n), from the folder or played now."""
        return np.array([worth for _, worth in self._played(progress)])

    def searched(self, level: int, progress: Progress | None = None) -> Array:
        """XG of the best run found with the budget doubled so often, (n,): from the folder, or searched on from there.

        The best sequences are played once more by the environment itself, and that is what counts.
        """
        stored = self._kept.read(self._found, "curve", "actions", "found")
        if stored is None:
            actions, xg = zip(*self._played(None), strict=True)
            first = Found.among(np.array(actions), np.array(xg))
            stored = {"curve": np.zeros((0, len(self.seeds))), "actions": first.actions, "found": first.xg}
        elif len(stored["curve"]) >= level and progress is not None:
            progress(len(self.seeds))
        while len(stored["curve"]) < level:
            doublings = len(stored["curve"])
            tries = self.task.first_tries * 2 ** max(doublings - 1, 0)
            search = Found(stored["actions"], stored["found"])
            search = improved(search, self.task.env, self.seeds, tries, doublings + 1, self.task.options, progress)
            best = replayed(search.actions[:, 0], self.task.env, self.seeds, self.task.options)["xg"]
            stored = {"curve": np.vstack([stored["curve"], best]), "actions": search.actions, "found": search.xg}
            self._kept.write(self._found, **stored)
        worth: Array = stored["curve"][level - 1]
        return worth

    def _agents(self) -> list[Agent]:
        return [*(agent(name, self.task.env) for name in self.task.agents), Planner(self.task.planner)]

    def _played(self, progress: Progress | None) -> list[tuple[npt.NDArray[np.float32], Array]]:
        """What every agent and then the planner did, (n, decisions, 4), and what came of it, (n,)."""
        played = []
        for runner, name in zip(self._agents(), self._names, strict=True):
            stored = self._kept.read(name, "actions", "xg")
            if stored is None:
                actions, final = recorded(runner, self.task.env, self.seeds, self.task.options)
                stored = {"actions": actions, "xg": np.asarray(final["xg"]).copy()}
                self._kept.write(name, **stored)
            if progress is not None:
                progress(len(self.seeds))
            played.append((stored["actions"], stored["xg"]))
        return played


def _name(kind: str, *parts: str) -> str:
    return f"{kind}-{hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]}"
