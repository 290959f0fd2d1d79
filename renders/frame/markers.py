"""Images for players, the ball and its shadow, and fields of view. Each is drawn once and cached."""

import math
from functools import lru_cache

import numpy as np
import pygame

from .canvas import text_image
from .palette import INK, KINDS, WHITE, Colour

FINE = 4
"""Markers are drawn this many times larger and then smoothed down."""
SMALL = 72
"""Radius in pixels at which a field of view is drawn before it is enlarged."""


@lru_cache(maxsize=512)
def marker(kind: str, number: int, radius: int) -> pygame.Surface:
    """A player: attack circle, defence triangle, keeper square, learner and rule circle with a ring; in pixels.

    Number 0 is not drawn: the shape alone, as in the key.
    """
    shape = {"attack": _disc, "defence": _triangle, "keeper": _square}.get(kind, _ringed)
    large = pygame.Surface((radius * 3 * FINE, radius * 3 * FINE), pygame.SRCALPHA)
    middle, size = radius * 1.5 * FINE, radius * FINE
    shape(large, middle, size, KINDS[kind])
    image = pygame.transform.smoothscale(large, (radius * 3, radius * 3))
    if not number:
        return image
    digits = text_image(str(number), round(radius * _digits(kind, number)), INK, True, 0)
    rise = radius * 0.16 if kind == "defence" else 0.0
    image.blit(digits, ((radius * 3 - digits.get_width()) / 2, (radius * 3 - digits.get_height()) / 2 - rise))
    return image


@lru_cache(maxsize=32)
def ball(radius: int) -> pygame.Surface:
    """The ball: white with a dark edge."""
    side = radius * 3
    large = pygame.Surface((side * FINE, side * FINE), pygame.SRCALPHA)
    pygame.draw.circle(large, INK, (side * FINE / 2, side * FINE / 2), radius * FINE)
    pygame.draw.circle(large, WHITE, (side * FINE / 2, side * FINE / 2), radius * FINE * 0.8)
    return pygame.transform.smoothscale(large, (side, side))


@lru_cache(maxsize=64)
def shadow(radius: int, softness: int) -> pygame.Surface:
    """The ball's shadow: the higher the ball, the wider and paler (softness 0 to 10)."""
    reach = round(radius * (1.15 + 0.22 * softness))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    inner, far = radius * (1 - 0.08 * softness), np.hypot(x, y)
    share = np.clip((reach - far) / max(reach - inner, 1), 0, 1)
    return _alpha(INK, share**1.5 * (170 - 10 * softness))


def cone(radius: int, direction: float, half_angle: float, colour: Colour, strength: int) -> pygame.Surface:
    """A sector that fades outwards; direction in rad on the screen (y downwards), to the nearest degree."""
    small = _small_cone(round(math.degrees(direction)) % 360, half_angle, colour, strength)
    return pygame.transform.smoothscale(small, (2 * radius, 2 * radius))


@lru_cache(maxsize=720)
def _small_cone(degrees: int, half_angle: float, colour: Colour, strength: int) -> pygame.Surface:
    """The sector at a small size: enlarging it softens its edges, since a field of view has no sharp ones."""
    y, x = np.mgrid[-SMALL : SMALL + 1, -SMALL : SMALL + 1]
    far = np.hypot(x, y)
    off = np.arctan2(y, x) - math.radians(degrees)
    off = np.abs((off + np.pi) % (2 * np.pi) - np.pi)
    edge = np.clip((half_angle - off) * np.maximum(far, 1.0) + 0.5, 0, 1)
    return _alpha(colour, strength * edge * np.clip(1 - far / SMALL, 0, 1) ** 0.8)


def _alpha(colour: Colour, alpha: np.ndarray) -> pygame.Surface:
    pixels = np.empty((*alpha.shape, 4), np.uint8)
    pixels[..., :3] = colour
    pixels[..., 3] = alpha
    return pygame.image.frombytes(pixels.tobytes(), (alpha.shape[1], alpha.shape[0]), "RGBA")


def _digits(kind: str, number: int) -> float:
    """Height of the number as a fraction of the radius, so that it fits into the shape."""
    size = {"defence": 1.02, "keeper": 1.25, "attack": 1.25}.get(kind, 1.3)
    return size * (0.88 if number > 9 else 1.0)


def _disc(image: pygame.Surface, middle: float, radius: float, colour: Colour) -> None:
    pygame.draw.circle(image, INK, (middle, middle), radius)
    pygame.draw.circle(image, colour, (middle, middle), radius * 0.86)


def _ringed(image: pygame.Surface, middle: float, radius: float, colour: Colour) -> None:
    pygame.draw.circle(image, INK, (middle, middle), radius * 1.32)
    pygame.draw.circle(image, WHITE, (middle, middle), radius * 1.22)
    pygame.draw.circle(image, INK, (middle, middle), radius * 1.02)
    pygame.draw.circle(image, colour, (middle, middle), radius * 0.92)


def _triangle(image: pygame.Surface, middle: float, radius: float, colour: Colour) -> None:
    for size, shade in ((1.0, INK), (0.78, colour)):
        tip = (middle, middle + radius * 1.2 * size)
        corners = [(middle + side * radius * 1.26 * size, middle - radius * 0.92 * size) for side in (-1, 1)]
        pygame.draw.polygon(image, shade, [tip, *corners])


def _square(image: pygame.Surface, middle: float, radius: float, colour: Colour) -> None:
    for size, shade in ((1.9, INK), (1.62, colour)):
        side = radius * size
        pygame.draw.rect(
            image, shade, (middle - side / 2, middle - side / 2, side, side), border_radius=round(radius / 6)
        )
