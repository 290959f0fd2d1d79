"""A drawing surface in points, at twice the output size; scaling it down gives smooth edges.

No display is opened here. Texts and markers are drawn once and cached.
"""

import math
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pygame

from .layout import Rect
from .palette import INK, Colour

Floats = npt.NDArray[np.float64]
Point = tuple[float, float]

_FONTS = {True: "BarlowSemiCondensed-Bold.ttf", False: "BarlowSemiCondensed-Medium.ttf"}


class Canvas:
    """A picture in progress: all lengths are in points, `scale` surface pixels to a point."""

    def __init__(self, ground: pygame.Surface, scale: float) -> None:
        self.surface = ground.copy()
        self.scale = scale

    def px(self, length: float) -> int:
        """A length in surface pixels, at least one."""
        return max(1, round(length * self.scale))

    def finish(self, size: tuple[int, int]) -> npt.NDArray[np.uint8]:
        """The picture at its final size (width, height): uint8 (height, width, 3)."""
        small = pygame.transform.smoothscale(self.surface, size)
        pixels = np.frombuffer(pygame.image.tobytes(small, "RGB"), np.uint8)
        return pixels.reshape(size[1], size[0], 3).copy()

    def clip(self, rect: Rect | None) -> None:
        """Restrict drawing to a rectangle from now on; None removes the restriction."""
        self.surface.set_clip(None if rect is None else self._rect(rect))

    def rectangle(self, rect: Rect, colour: Colour, radius: float = 0.0, outline: float = 0.0) -> None:
        """A filled rectangle, or its outline if a width is given."""
        width = self.px(outline) if outline else 0
        pygame.draw.rect(self.surface, colour, self._rect(rect), width, round(radius * self.scale))

    def dim(self, rect: Rect, left: float) -> None:
        """Darken a rectangle to a fraction of its brightness."""
        shade = round(255 * left)
        self.surface.fill((shade, shade, shade), self._rect(rect), pygame.BLEND_RGB_MULT)

    def circle(self, centre: Point, radius: float, colour: Colour, outline: float = 0.0) -> None:
        """A disc, or a ring if a width is given."""
        place = pygame.Vector2(centre) * self.scale
        pygame.draw.circle(
            self.surface, colour, place, max(1.0, radius * self.scale), self.px(outline) if outline else 0
        )

    def polygon(self, points: npt.ArrayLike, colour: Colour) -> None:
        """A filled polygon, points (k, 2)."""
        pygame.draw.polygon(self.surface, colour, (np.asarray(points) * self.scale).tolist())

    def line(self, first: Point, second: Point, colour: Colour, width: float) -> None:
        """A straight line with square ends."""
        (x0, y0), (x1, y1) = first, second
        half = width / 2 / max(math.hypot(x1 - x0, y1 - y0), 1e-9)
        dx, dy = (y0 - y1) * half, (x1 - x0) * half
        corners = ((x0 + dx, y0 + dy), (x1 + dx, y1 + dy), (x1 - dx, y1 - dy), (x0 - dx, y0 - dy))
        pygame.draw.polygon(self.surface, colour, [(x * self.scale, y * self.scale) for x, y in corners])

    def ribbon(self, points: Floats, colour: Colour, width: float | Floats) -> None:
        """A line through points (k, 2) as one polygon; the width may change from point to point, shape (k,)."""
        points, width = _distinct(points, width)
        if len(points) < 2:
            return
        along = np.gradient(points, axis=0)
        length = np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
        across = np.stack([-along[:, 1], along[:, 0]], -1) / length * np.reshape(width, (-1, 1)) / 2
        self.polygon(np.concatenate([points + across, (points - across)[::-1]]), colour)

    def dashes(self, points: Floats, colour: Colour, width: float, dash: float, gap: float) -> None:
        """A dashed line through points (k, 2); dashes are measured from the first point, so they do not crawl."""
        points, _ = _distinct(points, width)
        if len(points) < 2:
            return
        way = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
        begins = np.arange(0.0, way[-1], dash + gap)
        ends = np.minimum(begins + dash, way[-1])
        heads, tails = (
            np.stack([np.interp(at, way, points[:, 0]), np.interp(at, way, points[:, 1])], -1) for at in (begins, ends)
        )
        along = tails - heads
        length = np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
        across = np.stack([-along[:, 1], along[:, 0]], -1) / length * width / 2
        corners = np.stack([heads + across, tails + across, tails - across, heads - across], 1) * self.scale
        for quad in corners.tolist():
            pygame.draw.polygon(self.surface, colour, quad)

    def arrow_head(self, tip: Point, direction: Point, size: float, colour: Colour) -> None:
        """A swept arrow head with its tip at `tip`."""
        length = float(np.hypot(*direction))
        if length < 1e-6:
            return
        ahead = np.array(direction) / length * size
        aside = np.array([-ahead[1], ahead[0]]) * 0.62
        point = np.array(tip)
        self.polygon([point, point - ahead + aside, point - ahead * 0.68, point - ahead - aside], colour)

    def stamp(self, image: pygame.Surface, centre: Point) -> None:
        """Draw a ready-made image centred on a point."""
        width, height = image.get_size()
        self.surface.blit(
            image, (round(centre[0] * self.scale - width / 2), round(centre[1] * self.scale - height / 2))
        )

    def text(
        self,
        text: str,
        place: Point,
        size: float,
        colour: Colour,
        *,
        anchor: str = "left",
        bold: bool = False,
        halo: bool = False,
    ) -> None:
        """A line of text with its left edge, right edge or centre at x, vertically centred on y."""
        image = text_image(text, self.px(size), colour, bold, self.px(1.6) if halo else 0)
        width, height = image.get_size()
        shift = {"left": 0.0, "right": width, "centre": width / 2}[anchor]
        self.surface.blit(image, (round(place[0] * self.scale - shift), round(place[1] * self.scale - height / 2)))

    def text_width(self, text: str, size: float, bold: bool = False) -> float:
        """Width of a text in points."""
        return text_image(text, self.px(size), INK, bold, 0).get_width() / self.scale

    def _rect(self, rect: Rect) -> pygame.Rect:
        left, top = round(rect.x * self.scale), round(rect.y * self.scale)
        return pygame.Rect(left, top, round(rect.right * self.scale) - left, round(rect.bottom * self.scale) - top)


@lru_cache(maxsize=1024)
def text_image(text: str, pixels: int, colour: Colour, bold: bool, halo: int) -> pygame.Surface:
    """A text as an image on a transparent background, with a dark edge of `halo` pixels."""
    try:
        font = _font(bold, pixels)
        face = font.render(text, True, colour)
        edge = font.render(text, True, INK) if halo else None
    except pygame.error:  # pygame.quit() was called since then: its fonts are gone, load them again
        _font.cache_clear()
        face = _font(bold, pixels).render(text, True, colour)
        edge = _font(bold, pixels).render(text, True, INK) if halo else None
    image = pygame.Surface((face.get_width() + 2 * halo, face.get_height() + 2 * halo), pygame.SRCALPHA)
    if edge is not None:
        for turn in np.linspace(0, 2 * np.pi, 16, endpoint=False):
            image.blit(edge, (round(halo * (1 + np.cos(turn))), round(halo * (1 + np.sin(turn)))))
    image.blit(face, (halo, halo))
    return image


@lru_cache(maxsize=64)
def _font(bold: bool, pixels: int) -> pygame.font.Font:
    if not pygame.font.get_init():
        pygame.font.init()
    return pygame.font.Font(Path(__file__).with_name("assets") / _FONTS[bold], pixels)


def _distinct(points: Floats, width: float | Floats) -> tuple[Floats, float | Floats]:
    """Drops points equal to the one before: they have no direction."""
    if len(points) < 2:
        return points, width
    keep = np.append(True, np.linalg.norm(np.diff(points, axis=0), axis=1) > 1e-6)
    return points[keep], width[keep] if isinstance(width, np.ndarray) else width
