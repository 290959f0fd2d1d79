"""A window to draw in: what Gymnasium calls render mode "human", and the screen of `backpost watch` and `play`."""

import time as clock

import numpy as np
import pygame

from backpost.envs.common.errors import BackpostError
from backpost.envs.world.record import DECISION_TIME
from backpost.renders.frame.frame import Pixels, draw_frame
from backpost.renders.scene.moments import as_history

HEADLESS = ("dummy", "offscreen")


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

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of what can be drawn on it now."""
        return (0, 0) if self._screen is None else self._screen.get_size()

    def open(self, size: tuple[int, int]) -> None:
        """Open it, if it is not open, at that width and height.

        Raises:
            NoDisplay: if there is no screen.
        """
        if self._screen is None and not self.closed:
            self._screen = _open(size, self.caption)
            self._next = clock.perf_counter()

    def show(self, history: np.recarray) -> None:
        """Draw the last record of a run in real time: the call returns when the decision's 0.1 s are over."""
        if not self.closed:
            self.put(draw_frame(as_history(history)))
            self._wait(DECISION_TIME)

    def put(self, pixels: Pixels) -> None:
        """Put a picture (height, width, 3) on the screen; the first one opens the window at its size.

        Raises:
            NoDisplay: if there is no screen.
        """
        height, width = pixels.shape[:2]
        self.open((width, height))
        if self._screen is None:
            return
        image = pygame.image.frombytes(pixels.tobytes(), (width, height), "RGB")
        if image.get_size() != self._screen.get_size():
            image = pygame.transform.smoothscale(image, self._screen.get_size())
        self._screen.blit(image, (0, 0))
        pygame.display.flip()

    def events(self) -> list[pygame.Event]:
        """What has happened since the last call; its cross, Escape and q close it, and nothing comes after that."""
        happened = []
        for event in pygame.event.get() if self._screen is not None else []:
            escape = event.type == pygame.KEYDOWN and event.key in (pygame.K_ESCAPE, pygame.K_q)
            if event.type == pygame.QUIT or escape:
                self.close()
                break
            happened.append(event)
        return happened

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
        while not self.closed:
            self.events()
            left = self._next - clock.perf_counter()
            if left <= 0:
                return
            clock.sleep(min(left, 0.02))


def require_display() -> None:
    """Find out before long work whether a window could be opened.

    Raises:
        NoDisplay: if not.
    """
    was = pygame.display.get_init()
    _driver()
    if not was:
        pygame.display.quit()


def _open(size: tuple[int, int], caption: str) -> pygame.Surface:
    """A window of that size."""
    _driver()
    screen = pygame.display.set_mode(size, pygame.RESIZABLE)
    pygame.display.set_caption(caption)
    return screen


def _driver() -> None:
    """Start the display; pygame draws into nothing without a word if there is no screen, so ask for its driver.

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


_INSTEAD = 'use render_mode="rgb_array", or write a picture or a film'
