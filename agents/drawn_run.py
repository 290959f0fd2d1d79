"""A run that a coach drew on a board, as an agent: wait for the cue, follow the drawn path, attack the ball.

It moves as every coaching rule does, so it is neither favoured nor handicapped beside them: onside until the strike,
the ball in view, and once the flight is read to where the ball can be met. Only when and where it runs are the coach's.
"""

import os
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from backpost.agents.base.agent import Seeds
from backpost.agents.base.movement import direction, length
from backpost.agents.base.view import STRIKE_AFTER, Array, Mask, View
from backpost.agents.rules.numbers import Numbers
from backpost.agents.rules.rule import Rule
from backpost.envs.common.errors import InvalidFile
from backpost.envs.common.reading import shown
from backpost.envs.scenarios.board import Frame
from backpost.envs.scenarios.board_file import MY_RUN, Board, read_board

SPACING = 0.25
"""Distance between two points of the path that is followed, m."""
AHEAD = 1.5
"""m ahead on the path at which a runner looks."""
SEARCHED = 3.0
"""m of the path ahead on which his place is looked for: a path may cross itself."""
STARTS = {"head-up": -STRIKE_AFTER["look"], "plant": -STRIKE_AFTER["plant"], "strike": 0.0}
"""When each cue is seen, s from the strike as a player reads it."""


class DrawnRun(Rule):
    """The run drawn on a board.

    Args:
        board: the board.

    Raises:
        InvalidFile: if no run is drawn on it.
    """

    name = MY_RUN
    description = "the run that was drawn on the board"
    source = "the coach"

    def __init__(self, board: Board) -> None:
        super().__init__(Numbers())
        if board.run is None:
            raise InvalidFile("no run is drawn on the board")
        self._drawn = board.run
        self.pace = board.run.pace
        frame = Frame(board)
        self._path = _spaced(np.array([frame.place(point) for point in board.run.path]))
        self._left = SPACING * np.arange(len(self._path))[::-1]
        self._along = np.zeros(0, np.int64)
        self._started: Mask = np.zeros(0, bool)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """The run on a board file.

        Raises:
            InvalidFile: if it is not a board, or no run is drawn on it.
        """
        board = read_board(path)
        if board.run is None:
            raise InvalidFile(f"board {shown(path)} has no run: draw one, or name another agent")
        return cls(board)

    def identity(self) -> dict[str, Any]:
        """The path in the world's frame, the cue and the pace."""
        drawn = self._drawn
        return {"rule": self.name, "path": self._path, "cue": drawn.cue, "delay": drawn.delay, "pace": drawn.pace}

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses."""
        super().reset(seeds)
        self._along = np.zeros(len(seeds), np.int64)

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Open new crosses in some rows."""
        super().restart(which, seeds)
        self._along[which] = 0

    def trigger(self, view: View) -> Mask:
        """Once the cue has been seen and the delay is over."""
        if self._drawn.cue == "at-once":
            return np.ones(len(view.place), bool)
        since: Mask = view.clock >= STARTS[self._drawn.cue] + self._drawn.delay - 1e-9
        return since & (view.after_strike if self._drawn.cue == "strike" else True)

    def target(self, view: View) -> Array:
        """The end of the path, (n, 2)."""
        return np.tile(self._path[-1], (len(view.place), 1))

    def hold(self, view: View) -> Array:
        """The beginning of the path, (n, 2)."""
        return np.tile(self._path[0], (len(view.place), 1))

    def goes_for_the_ball(self, view: View) -> Mask:
        """As every rule, but not before the run has started."""
        return super().goes_for_the_ball(view) & self._started

    def _destination(self, rows: npt.NDArray[np.int64], view: View) -> Array:
        """As far off as the path is still long, in the direction in which it goes on; before the start where it begins.

        A place that were nearer would slow the runner down at every bend.
        """
        self._started = self._running[rows] | self.trigger(view)
        self._running[rows] = self._started
        window = self._along[rows][:, None] + np.arange(round(SEARCHED / SPACING))
        window = np.minimum(window, len(self._path) - 1)
        off = ((self._path[window] - view.place[:, None]) ** 2).sum(axis=2)
        here = window[np.arange(len(rows)), off.argmin(axis=1)]
        self._along[rows] = np.where(self._started, here, 0)
        ahead = self._path[np.minimum(here + round(AHEAD / SPACING), len(self._path) - 1)] - view.place
        far = np.maximum(self._left[here], length(ahead))
        on = view.place + direction(ahead) * far[:, None]
        return np.where(self._started[:, None], on, self.hold(view))


def _spaced(points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The polyline through these points (k, 2) at equal distances along it, (n, 2); it keeps both ends."""
    steps = np.hypot(*np.diff(points, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    count = max(round(float(along[-1]) / SPACING), 1) + 1
    wanted = np.linspace(0.0, float(along[-1]), count)
    return np.column_stack([np.interp(wanted, along, points[:, axis]) for axis in (0, 1)])
