"""Pictures as a GIF or WebP that plays by itself in a loop, in a README or a message."""

import io
from collections.abc import Iterable, Iterator
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

import numpy as np

from backpost.envs.common.errors import InvalidValue
from backpost.envs.common.extras import explained
from backpost.envs.common.files import check_writable, write_atomically
from backpost.renders.frame import palette
from backpost.renders.frame.overlays import DIM
from backpost.renders.frame.palette import Colour, mix

from .video import Path, Pixels, Progress

if TYPE_CHECKING:
    from PIL.Image import Image

FRAMES_PER_SECOND = 10
"""A GIF counts in hundredths of a second; more frames would only make it larger."""
GROUNDS = (palette.GRASS, palette.GRASS_LIGHT, palette.PANEL, palette.INK)
MARKS = (*palette.KINDS.values(), palette.WHITE)
SHADES = (0.2, 0.4, 0.65)
"""Shares of a mark's colour over a ground: in its soft edges, its trail and its field of view."""


def write_animation(
    path: Path,
    pictures: Iterable[tuple[Pixels, int]],
    *,
    rate: int = FRAMES_PER_SECOND,
    progress: Progress | None = None,
) -> None:
    """Write pictures (height, width, 3), each for some frames, in the format of the suffix; a held one is stored once.

    All share one small palette, the colours of `palette.py` and blends of them, so flat areas stay flat and nothing
    flickers.

    Raises:
        InvalidFile: if the file cannot be written.
        InvalidValue: if there is no picture.
    """
    check_writable(path)
    lasting: list[int] = []
    images = list(_reduced(pictures, lasting, rate, progress))
    if not images:
        raise InvalidValue("a film needs at least one picture")
    first, *others = images
    encoded = io.BytesIO()
    first.save(
        encoded,
        format=FilePath(path).suffix[1:],
        save_all=True,
        append_images=others,
        duration=lasting,
        loop=0,
        lossless=True,
        quality=40,
        method=2,
    )
    write_atomically(path, encoded.getvalue())


def colours() -> list[Colour]:
    """The colours of an animation: all drawing colours, bright and dimmed, and marks blended over grounds."""
    plain = sorted({value for value in vars(palette).values() if isinstance(value, tuple)})
    dimmed = [mix(colour, (0, 0, 0), DIM) for colour in plain]
    between = [mix(mark, ground, share) for mark in MARKS for ground in GROUNDS for share in SHADES]
    return list(dict.fromkeys([*plain, *dimmed, *between]))


def _reduced(
    pictures: Iterable[tuple[Pixels, int]], lasting: list[int], rate: int, progress: Progress | None
) -> Iterator["Image"]:
    """Each picture in the shared palette; its duration in milliseconds is appended to `lasting`."""
    with explained():
        from PIL.Image import Dither, fromarray, new

    common = new("P", (1, 1))
    common.putpalette([part for colour in colours() for part in colour])
    for pixels, frames in pictures:
        image = fromarray(np.ascontiguousarray(pixels))
        yield image.quantize(palette=common, dither=Dither.NONE)
        lasting.append(round(1000 * frames / rate))
        if progress is not None:
            progress(frames)
