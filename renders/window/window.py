"""A window to draw in: Gymnasium's render mode "human", and the screen of `backpost watch` and `play`.

Several may be open at once, beside windows of the user's own program. Each closes only itself, receives only its own
events, and leaves pygame running, since other code may be using it.
"""

import contextlib
import time as clock
import weakref

import numpy as np
import pygame

from backpost.envs.common.errors import BackpostError
from backpost.envs.world.record import DECISION_TIME
from backpost.renders.frame.frame import Pixels, draw_frame
from backpost.renders.scene.moments import as_history

HEADLESS = ("dummy", "offscreen")
CLOSING_KEYS = (pygame.K_ESCAPE, pygame.K_q)


class NoDisplay(BackpostError):
    """There is no screen to open a window on."""


class Window:
    """A window opened by the first picture; closing it twice, or by its close button, is safe.

    Args:
        caption: text of its title bar.

    Attributes:
        handle: pygame's window while it is open.
        closed: whether it was closed; it never opens again.

    Raises:
        NoDisplay: if there is no screen (at the first picture).
    """

    def __init__(self, caption: str = "backpost") -> None:
        self.caption = caption
        self.closed = False
        self.handle: pygame.Window | None = None
        self._events: list[pygame.Event] = []
        self._next = 0.0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels of its drawing area; (0, 0) if it is not open."""
        window = self._alive()
        return (0, 0) if window is None else window.get_surface().get_size()

    def open(self, size: tuple[int, int]) -> None:
        """Open it at that width and height, if it is not open.

        Raises:
            NoDisplay: if there is no screen.
        """
        if self.handle is None and not self.closed:
            _start_display()
            self.handle = pygame.Window(self.caption, size, resizable=True)
            _OPEN.add(self)
            self._next = clock.perf_counter()

    def show(self, history: np.recarray) -> None:
        """Draw the last record of a run in real time: the call returns when the decision's 0.1 s are over."""
        if not self.closed:
            self.put(draw_frame(as_history(history)))
            self._wait(DECISION_TIME)

    def put(self, pixels: Pixels) -> None:
        """Show a picture (height, width, 3) on the screen; the first one opens the window at its size.

        Raises:
            NoDisplay: if there is no screen.
        """
        height, width = pixels.shape[:2]
        self.open((width, height))
        window = self._alive()
        if window is None:
            return
        screen = window.get_surface()
        image = pygame.image.frombytes(pixels.tobytes(), (width, height), "RGB")
        if image.get_size() != screen.get_size():
            image = pygame.transform.smoothscale(image, screen.get_size())
        screen.blit(image, (0, 0))
        window.flip()

    def events(self) -> list[pygame.Event]:
        """Its events since the last call; its close button, Escape and q close it and end the list."""
        if self._alive() is None:
            return []
        _deliver(self)
        happened: list[pygame.Event] = []
        for event in self._events:
            leaving = event.type == pygame.KEYDOWN and event.key in CLOSING_KEYS
            if event.type in (pygame.WINDOWCLOSE, pygame.QUIT) or leaving:
                self.close()
                break
            happened.append(event)
        self._events = []
        return happened

    def close(self) -> None:
        """Close the window, if it is open."""
        if self.handle is not None:
            _OPEN.discard(self)
            if pygame.display.get_init():
                self.handle.destroy()
            self.handle = None
        self.closed = True

    def _alive(self) -> pygame.Window | None:
        """The window, if it is open; the user's program may have quit pygame, and with it every window."""
        if self.handle is not None and not pygame.display.get_init():
            self.close()
        return self.handle

    def _wait(self, seconds: float) -> None:
        """Wait until the picture's time is over; if drawing fell behind, count from now on."""
        now = clock.perf_counter()
        self._next = max(self._next + seconds, now)
        while not self.closed:
            self.events()
            left = self._next - clock.perf_counter()
            if left <= 0:
                return
            clock.sleep(min(left, 0.02))


_OPEN: weakref.WeakSet[Window] = weakref.WeakSet()
"""The open windows, to give each its own events; a window without references closes by itself."""


def _deliver(asking: Window) -> None:
    """Give each event to its window; those of the user's own windows stay in the queue."""
    others_listen = pygame.display.get_surface() is not None
    for event in pygame.event.get():
        place = getattr(event, "window", None)
        owner = next((window for window in _OPEN if window.handle is place), None)
        if owner is not None:
            owner._events.append(event)
        elif others_listen or place is not None or event.type >= pygame.USEREVENT:
            with contextlib.suppress(pygame.error):  # the queue may be full
                pygame.event.post(event)
        elif event.type == pygame.QUIT:
            for window in _OPEN:
                window._events.append(event)
        else:
            asking._events.append(event)  # belongs to no window: a joystick


def require_display() -> None:
    """Check before long work whether a window can be opened.

    Raises:
        NoDisplay: if there is no screen.
    """
    running = pygame.display.get_init()
    _start_display()
    if not running:
        pygame.display.quit()


def _start_display() -> None:
    """Start the display; without a screen pygame silently draws into nothing, so check its driver.

    Raises:
        NoDisplay: if there is no screen.
    """
    running = pygame.display.get_init()
    try:
        pygame.display.init()
    except pygame.error as error:
        raise NoDisplay(f"there is no display to open a window on ({error}); {_INSTEAD}") from error
    driver = pygame.display.get_driver()
    if driver in HEADLESS:
        if not running:
            pygame.display.quit()
        raise NoDisplay(f"there is no display to open a window on (video driver {driver}); {_INSTEAD}")


_INSTEAD = 'use render_mode="rgb_array", or write a picture or a film'
