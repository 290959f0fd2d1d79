"""The work behind a ceiling, in pieces of a few crosses that are kept as files.

The name of each file depends on everything that decides its content, so a folder can be reused: unchanged pieces are
read, and changed ones get another name. Each agent's play has its own file, so a new policy does not make the planner
search again; the search for the best run, which starts from all agents, has another file.
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
    """What is done in every piece: which agents play in which environment, and the budgets of the references."""

    env: str
    agents: tuple[str, ...]
    options: Options | None
    planner: Budget
    first_tries: int


class Piece:
    """Some crosses of a ceiling.

    Args:
        task: what is done in them.
        seeds: seeds of the crosses, (n,).
        folder: where the piece is kept; created if missing.

    Raises:
        InvalidFile: if the folder cannot be created, or an agent's file is not a policy.
        UnknownName: for an unknown agent.
    """

    def __init__(self, task: Task, seeds: npt.NDArray[np.uint64], folder: Path) -> None:
        self.task, self.seeds, self._kept = task, seeds, Kept(folder)
        keys = [key(player, task.env, task.options, seeds) for player in self._agents()]
        self._names = [_name("played", name) for name in keys]
        self._search = _name("found", *keys, str(task.first_tries))

    def played(self, progress: Progress | None = None) -> Array:
        """XG of every agent and then the planner, (a + 1, n), read from the folder or played now."""
        return np.array([xg for _, xg in self._played(progress)])

    def searched(self, level: int, progress: Progress | None = None) -> Array:
        """XG of the best run found after `level` doublings of the budget, (n,); resumes the search from the kept state.

        The environment replays the best sequences, and the result of the replay counts.
        """
        best = self._kept.read(self._search, "curve", "actions", "found")
        if best is None:
            actions, xg = zip(*self._played(None), strict=True)
            first = Found.among(np.array(actions), np.array(xg))
            best = {"curve": np.zeros((0, len(self.seeds))), "actions": first.actions, "found": first.xg}
        elif len(best["curve"]) >= level and progress is not None:
            progress(len(self.seeds))
        while len(best["curve"]) < level:
            doublings = len(best["curve"])
            tries = self.task.first_tries * 2 ** max(doublings - 1, 0)
            search = Found(best["actions"], best["found"])
            search = improved(search, self.task.env, self.seeds, tries, doublings + 1, self.task.options, progress)
            replay = replayed(search.actions[:, 0], self.task.env, self.seeds, self.task.options)["xg"]
            best = {"curve": np.vstack([best["curve"], replay]), "actions": search.actions, "found": search.xg}
            self._kept.write(self._search, **best)
        last: Array = best["curve"][level - 1]
        return last

    def _agents(self) -> list[Agent]:
        return [*(agent(name, self.task.env) for name in self.task.agents), Planner(self.task.planner)]

    def _played(self, progress: Progress | None) -> list[tuple[npt.NDArray[np.float32], Array]]:
        """The actions of every agent and then the planner, (n, decisions, 4), and the resulting xG, (n,)."""
        played = []
        for player, name in zip(self._agents(), self._names, strict=True):
            piece = self._kept.read(name, "actions", "xg")
            if piece is None:
                actions, final = recorded(player, self.task.env, self.seeds, self.task.options)
                piece = {"actions": actions, "xg": np.asarray(final["xg"]).copy()}
                self._kept.write(name, **piece)
            if progress is not None:
                progress(len(self.seeds))
            played.append((piece["actions"], piece["xg"]))
        return played


def _name(kind: str, *decides: str) -> str:
    return f"{kind}-{hashlib.sha256(json.dumps(decides).encode()).hexdigest()[:32]}"
