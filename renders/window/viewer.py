"""Watch runs in a window: pause, slow motion, scrubbing, other crosses, agents and rules."""

import time as clock
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import pygame

from backpost.envs.common.errors import BackpostError
from backpost.envs.world.record import DECISION_TIME
from backpost.renders.frame import frame, pair
from backpost.renders.frame.canvas import Canvas
from backpost.renders.frame.frame import Pixels, draw_frame, page
from backpost.renders.frame.layout import Rect
from backpost.renders.frame.pair import draw_pair
from backpost.renders.frame.palette import Colour
from backpost.renders.frame.timeline import Axis, axis, lane
from backpost.renders.scene.moments import as_history, moments
from backpost.renders.scene.watched import Watched

from . import captions as words
from .overlay import Overlay, Row
from .playback import SPEEDS, Playback
from .window import Window

SIZE = (1080, 720)
FRAMES_PER_SECOND = 30
MESSAGE_TIME = 4.0
"""Seconds for which a message is shown."""
REPEAT = (300, 60)
"""Milliseconds before a held key repeats, and between repeats."""
Card = tuple[str, list[Row], list[str], list[Colour]]
"""A table over the picture: its title, rows, lines below, and a colour for each row."""
_SPEED_KEYS = dict(zip((pygame.K_1, pygame.K_2, pygame.K_3, pygame.K_4), SPEEDS, strict=True))
_TURNS = {pygame.K_n: ("cross", 1), pygame.K_p: ("cross", -1), pygame.K_a: ("agent", 1), pygame.K_r: ("rule", 1)}
_TURNS |= {pygame.K_PAGEDOWN: ("cross", 1), pygame.K_PAGEUP: ("cross", -1)}
_STEPS = {pygame.K_LEFT: -DECISION_TIME, pygame.K_RIGHT: DECISION_TIME}


class Programme(Protocol):
    """What is shown, and what can be shown next; each method may refuse with one sentence."""

    shown: Watched

    def cross(self, by: int) -> None:
        """Show another cross."""

    def agent(self, by: int) -> None:
        """Show another agent instead of the first."""

    def rule(self, by: int) -> None:
        """Show another rule beside the agent."""


class Viewer:
    """A window that shows a programme.

    Args:
        programme: what is shown.
        window: the window; a new one by default.
        keys: text of the help.
        beside: begin side by side, if there are two runs.
        card: a table shown until a key is pressed.

    Attributes:
        playback: state of the replay.
        beside: whether two runs are shown side by side rather than overlaid.
        helping: whether the keys are shown.
        message: temporary text above the timeline, usually empty.
    """

    def __init__(
        self,
        programme: Programme,
        window: Window | None = None,
        *,
        keys: tuple[Row, ...] = words.WATCH_KEYS,
        beside: bool = False,
        card: Card | None = None,
    ) -> None:
        self.programme = programme
        self.window = window or Window()
        self.beside = beside
        self.helping = False
        self._keys = keys
        self._card = card
        self.message, self._left = words.HINT, MESSAGE_TIME
        self._grip: bool | None = None  # while the timeline is dragged: whether the playback was paused before
        self._last: tuple[Any, ...] | None = None
        self._begin()

    def run(self, repeats: int | None = None) -> None:
        """Handle keys and mouse until the window is closed or the run has been shown `repeats` times; then close it.

        Raises:
            NoDisplay: if there is no screen.
        """
        try:
            self.run_until(lambda: repeats is not None and self.playback.rounds >= repeats)
        finally:
            self.window.close()

    def run_until(self, done: Callable[[], bool]) -> None:
        """Like `run`, but until `done` returns true; the window stays open.

        Raises:
            NoDisplay: if there is no screen.
        """
        now = clock.perf_counter()
        while not self.window.closed and not done():
            before, now = now, clock.perf_counter()
            self.tick(now - before)
            clock.sleep(max(0.0, 1 / FRAMES_PER_SECOND - (clock.perf_counter() - now)))

    def tick(self, seconds: float) -> None:
        """One frame: handle events, advance by the given seconds, draw.

        Raises:
            NoDisplay: if there is no screen.
        """
        if not self.window.size[0] and not self.window.closed:
            self.window.open(SIZE)
            pygame.key.set_repeat(*REPEAT)
        for event in self.window.events():
            self._answer(event)
        if self.window.closed:
            return
        if self._card is None:
            self.playback.advance(seconds)
        self._left -= seconds
        if self._left <= 0.0:
            self.message = ""
        said = (self._status(), self.message, self.helping, self._card is None)
        what = (self.playback.time, said, self.window.size, self.beside, id(self.programme.shown))
        if what != self._last:
            self.window.put(self.picture())
            self._last = what

    def picture(self) -> Pixels:
        """The current picture, (height, width, 3), at the window's size."""
        shown, size = self.programme.shown, self._size()
        draw = draw_pair if self._paired() else draw_frame
        note = self._status()
        pixels: Pixels = draw(shown.runs[0], time=self.playback.time, size=size, note=note, **shown.drawing)
        if not (self.helping or self._card or self.message):
            return pixels
        over = Overlay(pixels, size[0] / page(size, (frame.WIDTH, frame.HEIGHT))[0][0])
        if self._card is not None:
            over.card(*self._card)
        elif self.helping:
            over.card(words.KEYS_TITLE, self._keys)
        else:
            over.message(self.message)
        return over.pixels()

    def bar(self) -> tuple[Rect, Axis]:
        """The timeline: its rectangle in the picture and its axis, both in pixels."""
        shown, size = self.programme.shown, self._size()
        face: Any = pair if self._paired() else frame
        points, scale = page(size, (face.WIDTH, face.HEIGHT))
        drawing = shown.drawing
        runs = [(shown.runs[0], drawing["title"], drawing["kind"])]
        if len(shown.runs) > 1:
            runs.append((shown.runs[1], drawing["other_title"], drawing["other_kind"]))
        ends = [moments(as_history(run)) for run, _, _ in runs]
        lanes = [lane(end, float(run.time[0]), name, kind) for end, (run, name, kind) in zip(ends, runs, strict=True)]
        place = face.bar(points)
        line = axis(Canvas(pygame.Surface((1, 1)), scale), place, lanes, True, face.LETTERS)
        pixels = size[0] / points[0]
        rect = Rect(place.x * pixels, place.y * pixels, place.width * pixels, place.height * pixels)
        return rect, Axis(line.left * pixels, line.right * pixels, line.first, line.last)

    def _begin(self) -> None:
        """Show the programme's run from its start, at the speed of the previous run."""
        times = as_history(self.programme.shown.runs[0]).time
        before = getattr(self, "playback", None)
        self.playback = Playback(float(times[0]), float(times[-1]))
        if before is not None:
            self.playback.slower, self.playback.held = before.slower, before.held

    def _answer(self, event: pygame.Event) -> None:
        if self._card is not None:
            if event.type == pygame.KEYDOWN or event.type == pygame.MOUSEBUTTONDOWN:
                self._card = None
                if event.type == pygame.KEYDOWN and event.key in _TURNS:
                    self._turn(*_TURNS[event.key])
        elif event.type == pygame.KEYDOWN:
            self._press(event.key, bool(event.mod & pygame.KMOD_SHIFT))
        elif event.type == pygame.MOUSEBUTTONDOWN and event.button == 1:
            rect, _ = self.bar()
            if rect.overlaps(Rect(event.pos[0], event.pos[1], 0.0, 0.0)):
                self._grip = self.playback.held
                self.playback.held = True
                self._drag(event.pos[0])
        elif event.type == pygame.MOUSEMOTION and self._grip is not None:
            self._drag(event.pos[0])
        elif event.type == pygame.MOUSEBUTTONUP and event.button == 1 and self._grip is not None:
            self.playback.held, self._grip = self._grip, None

    def _press(self, key: int, shifted: bool) -> None:
        playback = self.playback
        if key in _TURNS:
            what, by = _TURNS[key]
            self._turn(what, -by if shifted else by)
        elif key in _SPEED_KEYS:
            playback.slower = _SPEED_KEYS[key]
        elif key in _STEPS:
            playback.step(_STEPS[key])
        elif key == pygame.K_SPACE:
            playback.toggle()
        elif key in (pygame.K_UP, pygame.K_DOWN):
            playback.change_speed(1 if key == pygame.K_DOWN else -1)
        elif key in (pygame.K_HOME, pygame.K_END):
            playback.step((playback.begin if key == pygame.K_HOME else playback.end) - playback.time)
        elif key == pygame.K_v:
            self.beside = not self.beside
        elif key in (pygame.K_h, pygame.K_F1, pygame.K_QUESTION):
            self.helping = not self.helping

    def _turn(self, what: str, by: int) -> None:
        """Switch cross, agent or rule; if that fails, nothing changes and the message says why."""
        try:
            getattr(self.programme, what)(by)
        except BackpostError as error:
            self._say(str(error))
            return
        shown = self.programme.shown
        self._begin()
        self._say(words.now_shows(shown.drawing["title"], shown.drawing.get("other_title"), shown.cross))

    def _say(self, sentence: str) -> None:
        self.message, self._left = sentence, MESSAGE_TIME

    def _drag(self, x: float) -> None:
        _, line = self.bar()
        self.playback.seek(moments(as_history(self.programme.shown.runs[0])).expected + line.seconds(x))

    def _paired(self) -> bool:
        return self.beside and len(self.programme.shown.runs) > 1

    def _status(self) -> str:
        held = self.playback.held and self._grip is None
        return words.status(self.programme.shown.cross, self.playback.slower, held)

    def _size(self) -> tuple[int, int]:
        """The window's size, limited to sizes that a picture can have."""
        width, height = np.clip(self.window.size if self.window.size[0] else SIZE, frame.LEAST, frame.MOST).tolist()
        return width, height
