"""The work behind a ceiling in pieces of a few crosses, each a file that is whole or not there.

A piece is named after everything that decides what is in it, so a folder can be used again and again: what is the same
is taken from it, what is not is asked for under another name.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.agents.agent import Agent
from backpost.agents.clairvoyant import Found, improved, recorded, replayed
from backpost.agents.planner import Budget, Planner
from backpost.agents.play import Progress
from backpost.agents.registry import agent
from backpost.envs.errors import InvalidFile
from backpost.envs.files import replacing
from backpost.envs.options import Options

from .kept import key

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
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InvalidFile(f"cannot write {folder}: {(error.strerror or str(error)).lower()}") from error
        self.task, self.seeds = task, seeds
        told = [key(one, task.env, task.options, seeds) for one in self._agents()]
        told.append(json.dumps([asdict(task.planner), task.first_tries]))
        self.path = folder / f"{hashlib.sha256(json.dumps(told).encode()).hexdigest()[:32]}.npz"

    def played(self, progress: Progress | None = None) -> Array:
        """XG of every agent and then of the planner, (a + 1, n), from the folder or played now."""
        known = self._read()
        if known is None:
            told = [self._play(one, progress) for one in self._agents()]
            xg = np.array([worth for _, worth in told])
            found = Found.among(np.array([actions for actions, _ in told]), xg)
            known = {"xg": xg, "curve": np.zeros((0, len(self.seeds))), "actions": found.actions, "found": found.xg}
            self._write(known)
        elif progress is not None:
            progress(len(known["xg"]) * len(self.seeds))
        played: Array = known["xg"]
        return played

    def searched(self, level: int, progress: Progress | None = None) -> Array:
        """XG of the best run found with the budget doubled so often, (n,): from the folder, or searched on from there.

        The best sequences are played once more by the environment itself, and that is what counts.
        """
        known = self._read()
        if known is None or len(known["curve"]) < level - 1:
            raise InvalidFile(f"{self.path} is not there any more, or of another ceiling")
        if len(known["curve"]) < level:
            tries = self.task.first_tries * 2 ** max(level - 2, 0)
            found = Found(known["actions"], known["found"])
            found = improved(found, self.task.env, self.seeds, tries, level, self.task.options, progress)
            best = replayed(found.actions[:, 0], self.task.env, self.seeds, self.task.options)["xg"]
            curve = np.concatenate([known["curve"], best[None]])
            known = {"xg": known["xg"], "curve": curve, "actions": found.actions, "found": found.xg}
            self._write(known)
        elif progress is not None:
            progress(len(self.seeds))
        worth: Array = known["curve"][level - 1]
        return worth

    def _agents(self) -> list[Agent]:
        return [*(agent(name, self.task.env) for name in self.task.agents), Planner(self.task.planner)]

    def _play(self, one: Agent, progress: Progress | None) -> tuple[npt.NDArray[np.float32], Array]:
        actions, final = recorded(one, self.task.env, self.seeds, self.task.options)
        if progress is not None:
            progress(len(self.seeds))
        return actions, np.asarray(final["xg"]).copy()

    def _read(self) -> dict[str, Any] | None:
        """What the file holds, None if there is none."""
        if not self.path.is_file():
            return None
        try:
            with self.path.open("rb") as stream, np.load(stream, allow_pickle=False) as content:
                return {name: content[name] for name in ("xg", "curve", "actions", "found")}
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise InvalidFile(f"{self.path} is no piece of a ceiling; remove it: {error}") from error

    def _write(self, known: dict[str, Any]) -> None:
        with replacing(self.path) as temporary, temporary.open("wb") as stream:
            np.savez_compressed(stream, **known)
