"""Turns keyboard, mouse and gamepad input into the action of one decision."""

import math

import numpy as np
import pygame

from backpost.agents.base.agent import Actions

Place = tuple[float, float]

JOG = 0.5
"""Fraction of top speed while Shift is held."""
DEAD = 0.2
"""Dead zone of a stick around its centre."""
LOOK_BUTTON = 0
_WAYS = {
    (pygame.K_UP, pygame.K_w): (1.0, 0.0),
    (pygame.K_DOWN, pygame.K_s): (-1.0, 0.0),
    (pygame.K_LEFT, pygame.K_a): (0.0, 1.0),
    (pygame.K_RIGHT, pygame.K_d): (0.0, -1.0),
}
"""Keys and their directions in the pitch's frame: up the screen is towards the goal (+x), left on the screen is +y."""
_SHIFT = {pygame.K_LSHIFT, pygame.K_RSHIFT}


class Controls:
    """The keys held, the pointer position and the stick positions; gamepads may be connected and disconnected.

    Attributes:
        pointer: the mouse position in the window while its button is held, in pixels; else None.
    """

    def __init__(self) -> None:
        self.pointer: Place | None = None
        self._held: set[int] = set()
        pygame.joystick.init()
        self._pads = {}
        for index in range(pygame.joystick.get_count()):
            pad = pygame.joystick.Joystick(index)
            self._pads[pad.get_instance_id()] = pad

    def hear(self, event: pygame.Event) -> None:
        """Process an event."""
        if event.type == pygame.KEYDOWN:
            self._held.add(event.key)
        elif event.type == pygame.KEYUP:
            self._held.discard(event.key)
        elif event.type == pygame.WINDOWFOCUSLOST:
            self._held.clear()
        elif event.type == pygame.MOUSEBUTTONUP:
            self.pointer = None
        elif event.type == pygame.MOUSEBUTTONDOWN or (event.type == pygame.MOUSEMOTION and self.pointer is not None):
            self.pointer = event.pos
        elif event.type == pygame.JOYDEVICEADDED:
            pad = pygame.joystick.Joystick(event.device_index)
            self._pads[pad.get_instance_id()] = pad
        elif event.type == pygame.JOYDEVICEREMOVED:
            self._pads.pop(event.instance_id, None)

    def velocity(self) -> Place:
        """Desired velocity in the pitch's frame, 1 is top speed; a stick that is pushed overrides the keys."""
        for pad in self._pads.values():
            across, down = stick(pad.get_axis(0), pad.get_axis(1))
            if across or down:
                return -down, -across
        ways = [way for keys, way in _WAYS.items() if self._held & set(keys)]
        x, y = sum(way[0] for way in ways), sum(way[1] for way in ways)
        pace = (JOG if self._held & _SHIFT else 1.0) / max(math.hypot(x, y), 1.0)
        return x * pace, y * pace

    def looks(self) -> bool:
        """Whether the runner looks at the ball while he runs."""
        return pygame.K_SPACE in self._held or any(pad.get_button(LOOK_BUTTON) for pad in self._pads.values())

    def action(self, runner: Place, ball: Place, pointed: Place | None, side: float) -> Actions:
        """The action (1, 4) of a decision: desired velocity, and facing the pointer, the ball or the running direction.

        Args:
            runner: position of the runner, m.
            ball: position of the ball.
            pointed: the position on the pitch under the pointer, if its button is held.
            side: 1, or -1 if the environment shows this cross from the other wing.
        """
        x, y = self.velocity()
        look = pointed if pointed is not None else ball if self.looks() or not (x or y) else None
        facing = (0.0, 0.0)
        if look is not None:
            far = max(math.dist(look, runner), 1e-9)
            facing = ((look[0] - runner[0]) / far, (look[1] - runner[1]) / far)
        wanted = np.array([[x, side * y, facing[0], side * facing[1]]])
        actions: Actions = np.clip(wanted, -1.0, 1.0).astype(np.float32)
        return actions


def stick(across: float, down: float) -> Place:
    """A stick without its dead zone: 0 inside it, rising from 0 to 1 at the rim."""
    far = math.hypot(across, down)
    if far <= DEAD:
        return 0.0, 0.0
    size = min((far - DEAD) / (1.0 - DEAD), 1.0) / far
    return across * size, down * size
