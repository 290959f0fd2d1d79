"""A coach's question: the crosses of a board played by his runners, and what came out.

The crosses, the agents and the statistics are those of `backpost compare` on the saved board, so the answers are equal
to the last digit. Crosses that were played before are kept: another start of one's own run leaves the others' alone.
"""

import hashlib
import json
import tempfile
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from backpost.agents.base.agent import Agent
from backpost.agents.base.identity import identity_of
from backpost.agents.base.play import Progress, play, record
from backpost.agents.drawn_run import DrawnRun
from backpost.agents.registry import agent
from backpost.envs.common.files import write_atomically
from backpost.envs.interface.options import Options
from backpost.envs.interface.outcome import metrics
from backpost.envs.scenarios.board import drawn_opening
from backpost.envs.scenarios.board_file import MY_RUN, Board
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.parameters import parameters
from backpost.training.bench.compare import against, summaries
from backpost.training.bench.comparison import AgainstFirst, AgentSummary
from backpost.training.bench.cores import on_cores
from backpost.training.bench.kept import Metrics
from backpost.training.bench.result_file import REPORTED

ENV = "Situation"
FEWEST, USUAL, MOST = 100, 1000, 10_000
"""Crosses of a question."""
PIECE = 250
"""Crosses in one piece of work: small enough that all cores finish together."""
MOST_KEPT = 32
"""Runners on set-ups whose crosses are kept."""


@dataclass(frozen=True)
class Played:
    """The crosses of a question.

    Attributes:
        board: what was asked.
        crosses: how many each runner played.
        summaries: of the runners, in the board's order.
        against: the first runner against the others.
        first: the metrics (n,) of the first runner.
    """

    board: Board
    crosses: int
    summaries: tuple[AgentSummary, ...]
    against: AgainstFirst
    first: Metrics


class Questions:
    """Answers questions, one at a time: a new question stops the one before.

    Keeps the boards in a folder of its own until it is closed, since environments read them from files.
    """

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="backpost-board-")
        self._kept: OrderedDict[str, Metrics] = OrderedDict()
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def close(self) -> None:
        """Stop what is being played, and remove the boards."""
        self._stopped.set()
        self._folder.cleanup()

    def begin(self) -> threading.Event:
        """Stop the question before; the event stops the new one."""
        with self._lock:
            self._stopped.set()
            self._stopped = threading.Event()
            return self._stopped

    def get_ready(self, board: Board) -> None:
        """Load, and compile where needed, what every question takes, so that the first is answered as soon as others.

        In a thread that does not keep a program from ending.
        """
        threading.Thread(target=lambda: [self.history(board, who, 0) for who in board.runners], daemon=True).start()

    def ask(self, board: Board, crosses: int, stopped: threading.Event, progress: Progress) -> Played:
        """Play the board; `progress` is called with the number of crosses that have ended since the last call.

        Raises:
            InterruptedError: if it was stopped.
            UnknownName, InvalidFile, InvalidValue: for a runner or a set-up that cannot be played.
        """
        options = self.options(board)
        seeds = episode_seeds(REPORTED, 0, 0, crosses)
        agents = [runner(who, board) for who in board.runners]
        keys = [_key(board, options, each, crosses) for each in agents]
        played = {key: self._kept[key] for key in keys if key in self._kept}
        progress(crosses * sum(key in played for key in keys))
        starts = range(0, crosses, PIECE)
        work = [(n, first) for first in starts for n, key in enumerate(keys) if key not in played]

        def piece(which: tuple[int, int]) -> Metrics:
            n, first = which
            mine = runner(board.runners[n], board)
            return metrics(play(mine, ENV, seeds[first : first + PIECE], options, progress=progress))

        done = dict(zip(work, on_cores(piece, work, stopped), strict=True))
        for n, key in enumerate(keys):
            if key not in played:
                played[key] = np.concatenate([done[n, first] for first in starts])
        self._keep(played)
        rows = [played[key] for key in keys]
        names = list(board.runners)
        return Played(
            board, crosses, summaries(ENV, agents, names, rows), against(rows[0], rows[1:], names[1:]), rows[0]
        )

    def history(self, board: Board, who: str, cross: int) -> np.recarray:
        """The record of one cross over time, (t,), as `backpost film` shows it."""
        seed = episode_seeds(REPORTED, 0, cross, 1)[0]
        return record(runner(who, board), ENV, seed, self.options(board))

    def options(self, board: Board) -> Options:
        """The options of an environment that plays this board."""
        content = msgspec.json.encode(board)
        path = Path(self._folder.name) / f"{hashlib.sha256(content).hexdigest()[:24]}.json"
        if not path.exists():
            write_atomically(path, content)
        return Options(file=str(path))

    def _keep(self, played: dict[str, Metrics]) -> None:
        self._kept |= played
        for key in played:
            self._kept.move_to_end(key)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)


def runner(who: str, board: Board) -> Agent:
    """A runner of a board: the drawn run, or any agent by name or file.

    Raises:
        UnknownName, InvalidFile: if there is none.
    """
    return DrawnRun(board) if who == MY_RUN else agent(who, ENV)


def _key(board: Board, options: Options, who: Agent, crosses: int) -> str:
    """The name of the crosses of a runner: the opening record and the runner decide them, nothing else on the board."""
    opening = drawn_opening(board, options, parameters()).view(np.ndarray).tobytes()
    identity: Any = identity_of(who) or {"object": id(who)}
    return hashlib.sha256(opening + json.dumps([identity, crosses], sort_keys=True).encode()).hexdigest()
