"""A person plays one cross in a window in real time: a decision every 0.1 s, after a countdown."""

import math
import time as clock

import numpy as np

from backpost.agents.base.agent import Actions
from backpost.envs.crosses import Crosses
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import DECISION_TIME, RUNNER
from backpost.renders.frame import frame
from backpost.renders.frame.frame import Pixels, area_of, draw_frame, page
from backpost.renders.frame.layout import GOAL_LINE
from backpost.renders.scene.interpolate import player_at

from . import captions as words
from .controls import Controls
from .overlay import Overlay
from .viewer import FRAMES_PER_SECOND, SIZE
from .window import Window

COUNT = 3
"""Number at which the countdown begins."""
BEAT = 0.7
"""Seconds between two numbers of the countdown."""
POINTED = 1.5
"""Seconds of play during which the runner is still highlighted."""
MOST_BEHIND = 2 * DECISION_TIME
"""Seconds. A frame that takes longer slows the game down; none of the person's decisions is skipped."""


class Live:
    """One cross played by a person.

    The picture lags one decision behind the world, so that movement between two records is smooth.

    Args:
        env: scenario.
        cross: its number among the evaluation crosses.
        window: the window to play in.
        options: options of the environment; the action type must be continuous.

    Attributes:
        over: whether the cross has ended.

    Raises:
        UnknownName, InvalidValue, InvalidFile: for an invalid environment or option.
    """

    def __init__(self, env: str, cross: int, window: Window, options: Options | None = None) -> None:
        self.cross = cross
        self.over = False
        self._window = window
        self._crosses = Crosses(env, 1, options=options)
        self._crosses.deal(episode_seeds("evaluate", 0, cross, 1))
        self._moments = [self._crosses.snapshot()]
        self._actions: list[Actions] = []
        self._controls = Controls()
        self._count = COUNT * BEAT
        self._due = 0.0

    def run(self) -> None:
        """Play until the cross is over or the window is closed.

        Raises:
            NoDisplay: if there is no screen.
        """
        now = clock.perf_counter()
        while not self.over and not self._window.closed:
            before, now = now, clock.perf_counter()
            self.tick(now - before)
            clock.sleep(max(0.0, 1 / FRAMES_PER_SECOND - (clock.perf_counter() - now)))

    def tick(self, seconds: float) -> None:
        """One frame: read keys and pointer, advance by the given seconds, decide when a decision is due, draw.

        Raises:
            NoDisplay: if there is no screen.
        """
        self._window.open(SIZE)
        for event in self._window.events():
            self._controls.hear(event)
        if self._window.closed:
            return
        if self._count > 0.0:
            self._count -= seconds
        else:
            self._due = min(self._due + seconds, MOST_BEHIND)
            while self._due >= DECISION_TIME and not self.over:
                self._decide()
        self._window.put(self._picture())

    def history(self) -> np.recarray:
        """The records so far, (decisions + 1,), starting with the opening."""
        return np.concatenate(self._moments).view(np.recarray)

    def actions(self) -> Actions:
        """The person's actions, (decisions, 4)."""
        return np.concatenate(self._actions)

    def _decide(self) -> None:
        world = self._moments[-1][0]
        runner = world.players[RUNNER]
        side = float(self._crosses.sides()[0])
        action = self._controls.action(
            (float(runner.x), float(runner.y)), (float(world.ball.x), float(world.ball.y)), self._pointed(), side
        )
        _, done = self._crosses.step(action)
        self._actions.append(action)
        self._moments.append(self._crosses.snapshot())
        self._due -= DECISION_TIME
        self.over = bool(done[0])

    def _points(self) -> tuple[tuple[float, float], float]:
        """Size of the picture in points, and pixels per point."""
        size = self._size()
        points, _ = page(size, (frame.WIDTH, frame.HEIGHT))
        return points, size[0] / points[0]

    def _size(self) -> tuple[int, int]:
        width, height = np.clip(self._window.size, frame.LEAST, frame.MOST).tolist()
        return width, height

    def _pointed(self) -> tuple[float, float] | None:
        """The position on the pitch under the pointer, m."""
        if self._controls.pointer is None:
            return None
        points, scale = self._points()
        plan = area_of(points, self._moments[0].view(np.recarray)).plan
        x, y = (value / scale for value in self._controls.pointer)
        return GOAL_LINE - (y - plan.goal_y) / plan.scale, (plan.middle - x) / plan.scale

    def _picture(self) -> Pixels:
        history = self.history()
        waiting = self._count > 0.0
        shown = max(float(history.time[-1]) - DECISION_TIME + min(self._due, DECISION_TIME), float(history.time[0]))
        note = words.status(self.cross, 1, False)
        pixels = draw_frame(history, time=shown, size=self._size(), title=words.PERSON, note=note, close=False)
        if not waiting and shown - float(history.time[0]) > POINTED:
            return pixels
        points, scale = self._points()
        over = Overlay(pixels, scale)
        place = area_of(points, history).plan.point(*player_at(history, RUNNER, shown)[0].tolist())
        left = math.ceil(self._count / BEAT) if waiting else 0
        over.pointer(place, words.pointed_out(left), 2.5 + 2.5 * math.cos(2 * math.pi * self._count / BEAT))
        if waiting:
            over.message(words.PLAY_LINE)
        return over.pixels()
