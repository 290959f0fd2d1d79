"""A window on a run: what Gymnasium calls render mode "human", and playback for `backpost watch`."""

import time as clock
from typing import Any

import numpy as np
import pygame

from backpost.envs.errors import BackpostError
from backpost.envs.world import DECISION_TIME

from .frame import Pixels, draw_frame
from .moments import as_history

HEADLESS = ("dummy", "offscreen")
FRAMES_PER_SECOND = 30


class NoDisplay(BackpostError):
    """There is no screen to open a window on."""


class Window:
    """A window that is opened by the first picture; closing it twice, or by its cross, does no harm.

    Args:
        caption: what stands in its title bar.

    Raises:
        NoDisplay: if there is no screen (at the first picture).
    """

    def __init__(self, caption: str = "backpost") -> None:
        self.caption = caption
        self.closed = False
        self._screen: pygame.Surface | None = None
        self._next = 0.0

    def show(self, history: np.recarray) -> None:
        """Draw the last record of a run in real time: the call returns when the decision's 0.1 s are over."""
        self.picture(draw_frame(as_history(history)), DECISION_TIME)

    def picture(self, pixels: Pixels, seconds: float) -> None:
        """Put a picture (height, width, 3) on the screen for some seconds, answering the window's events meanwhile."""
        if self.closed:
            return
        height, width = pixels.shape[:2]
        if self._screen is None:
            self._screen = _open((width, height), self.caption)
            self._next = clock.perf_counter()
        image = pygame.image.frombytes(pixels.tobytes(), (width, height), "RGB")
        self._screen.blit(pygame.transform.smoothscale(image, self._screen.get_size()), (0, 0))
        pygame.display.flip()
        self._wait(seconds)

    def close(self) -> None:
        """Close the window, if it is open."""
        if self._screen is not None:
            pygame.display.quit()
            self._screen = None
        self.closed = True

    def _wait(self, seconds: float) -> None:
        """Until the picture's time is over; if drawing fell behind, from now on."""
        now = clock.perf_counter()
        self._next = max(self._next + seconds, now)
        while self._screen is not None:
            for event in pygame.event.get():
                escape = event.type == pygame.KEYDOWN and event.key in (pygame.K_ESCAPE, pygame.K_q)
                if event.type == pygame.QUIT or escape:
                    self.close()
                    return
            left = self._next - clock.perf_counter()
            if left <= 0:
                return
            clock.sleep(min(left, 0.02))


def watch(
    history: np.recarray,
    *,
    repeats: int | None = None,
    window: Window | None = None,
    **drawing: Any,
) -> None:
    """Play a recorded run in a window, again and again, until it is closed (Escape, q or its cross).

    Args:
        history: records of one cross stacked in time, shape (t,).
        repeats: how often it is played; None: until the window is closed.
        window: the window to play in; a new one by default.
        drawing: names, kinds and the other run, as `draw_frame` takes them.

    Raises:
        NoDisplay: if there is no screen.
    """
    history = as_history(history)
    window = window or Window()
    begin, end = float(history.time[0]), float(history.time[-1])
    times = np.append(np.arange(begin, end, 1 / FRAMES_PER_SECOND), end)
    rounds = 0
    try:
        while not window.closed and (repeats is None or rounds < repeats):
            for moment in times:
                if window.closed:
                    break
                pixels = draw_frame(history, time=float(moment), **drawing)
                window.picture(pixels, 1.5 if moment == end else 1 / FRAMES_PER_SECOND)
            rounds += 1
    finally:
        window.close()


def _open(size: tuple[int, int], caption: str) -> pygame.Surface:
    """A window of that size; pygame draws into nothing without a word if there is no screen, so ask for the driver.

    Raises:
        NoDisplay: if there is none.
    """
    try:
        pygame.display.init()
    except pygame.error as error:
        raise NoDisplay(f"there is no display to open a window on ({error}); {_INSTEAD}") from error
    driver = pygame.display.get_driver()
    if driver in HEADLESS:
        pygame.display.quit()
        raise NoDisplay(f"there is no display to open a window on (video driver {driver}); {_INSTEAD}")
    screen = pygame.display.set_mode(size, pygame.RESIZABLE)
    pygame.display.set_caption(caption)
    return screen


_INSTEAD = 'use render_mode="rgb_array", or write a picture or a film'
