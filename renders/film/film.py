"""Films and stills of runs as files: MP4, GIF, WebP and PNG; written completely or not at all."""

import io
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import TypeGuard

import numpy as np
import pygame

from backpost.envs.common.errors import InvalidValue
from backpost.envs.common.files import check_writable, write_atomically
from backpost.renders.frame.frame import Pixels, draw_frame
from backpost.renders.frame.overlays import Caption, Card
from backpost.renders.frame.pair import draw_pair
from backpost.renders.scene import captions
from backpost.renders.scene.moments import as_history, moments
from backpost.renders.scene.scene import build_scene
from backpost.renders.scene.storyboard import Shot, named_moments, storyboard

from . import animation, video
from .video import Path, Progress

SIZE = (1920, 1280)
"""Size of an exported picture in pixels; at half of it, 4:2:0 video dulls small coloured marks."""
SMALL = (960, 640)
"""Size of an animation for a README, in pixels."""
ANIMATIONS = (".gif", ".webp")
FILMS = (".mp4", *ANIMATIONS)


def still(path: Path, history: np.recarray, time: float | None = None, **drawing: object) -> None:
    """Write one moment as a PNG; by default the end of the run: the runner at the ball, or another player's touch.

    `drawing` goes to `draw_pair` if its `other` is given as records, else to `draw_frame`.

    Raises:
        InvalidFile: if the file cannot be written.
        InvalidValue: for a size that cannot be drawn, or a file name that does not end in .png.
    """
    if FilePath(path).suffix.lower() != ".png":
        raise InvalidValue(f"a still must end in .png, got {FilePath(path).name}")
    check_writable(path)
    history = as_history(history)
    if time is None:
        time = moments(history).until
    pixels = draw(history, time, **drawing)
    write_atomically(path, png(pixels))


def png(pixels: Pixels) -> bytes:
    """A picture (height, width, 3) as a PNG, in memory: on a full disk pygame silently writes half of one."""
    encoded = io.BytesIO()
    image = pygame.image.frombytes(pixels.tobytes(), (pixels.shape[1], pixels.shape[0]), "RGB")
    pygame.image.save(image, encoded, "still.png")
    return encoded.getvalue()


def stills(folder: Path, history: np.recarray, **drawing: object) -> list[str]:
    """Write the named moments as PNGs with captions, starting with "1-run-starts.png"; return the files.

    Raises:
        InvalidFile: if a file cannot be written.
        InvalidValue: for a size that cannot be drawn.
    """
    history = as_history(history)
    FilePath(folder).mkdir(parents=True, exist_ok=True)
    files = []
    for number, (name, time) in enumerate(named_moments(moments(history)), 1):
        path = FilePath(folder) / f"{number}-{name.replace(' ', '-')}.png"
        still(path, history, time, **drawing, over=caption(history, name, time))
        files.append(str(path))
    return files


def film(
    path: Path, history: np.recarray, *, cross: str = "", progress: Progress | None = None, **drawing: object
) -> None:
    """Write a run as a film: an opening card, then the run, which pauses at named moments and slows down at the ball.

    Args:
        path: the file, which appears once it is complete; its suffix is .mp4, .gif or .webp.
        history: records of one cross stacked in time, shape (t,).
        cross: the name of the cross, for the opening card.
        progress: called with the number of frames written since the last call; `frames` gives the total.
        drawing: goes to `draw_pair` if its `other` is given as records, else to `draw_frame`; `size` must be even.

    Raises:
        InvalidFile: if the file cannot be written.
        InvalidValue: for another suffix, or a size that is odd or cannot be drawn.
    """
    history = as_history(history)
    rate, shots = _rate(path), _shots(path, history, drawing.get("other"))
    if suffix(path) in ANIMATIONS:
        pictures = _pictures(history, shots, cross, {"size": SMALL, **drawing})
        animation.write_animation(path, pictures, rate=rate, progress=progress)
    else:
        video.write_video(path, _pictures(history, shots, cross, drawing), rate=rate, progress=progress)


def frames(path: Path, history: np.recarray, **drawing: object) -> int:
    """Number of frames in a film of this run, for a file of this type.

    Raises:
        InvalidValue: for a file that is not a film.
    """
    return sum(shot.frames for shot in _shots(path, as_history(history), drawing.get("other")))


def draw(history: np.recarray, time: float, **drawing: object) -> Pixels:
    """One moment: side by side if the other run has records, else one run (with a recorded player as a ghost)."""
    drawing = {"size": SIZE, **drawing}
    paint = draw_pair if _records(drawing.get("other")) else draw_frame
    return paint(history, time=time, **drawing)  # type: ignore[arg-type]


def caption(history: np.recarray, name: str, time: float) -> Caption:
    """The caption of a named moment, from the records (t,) being drawn."""
    return Caption(name, captions.moment(name, build_scene(history, time)))


def suffix(path: Path) -> str:
    """The type of a film file.

    Raises:
        InvalidValue: if it is not a film.
    """
    suffix = FilePath(path).suffix.lower()
    if suffix not in FILMS:
        raise InvalidValue(f"a film cannot be written as {FilePath(path).name}; valid suffixes are {', '.join(FILMS)}")
    return suffix


def _shots(path: Path, history: np.recarray, other: object) -> list[Shot]:
    return storyboard(history, _rate(path), other if _records(other) else None)


def _rate(path: Path) -> int:
    return animation.FRAMES_PER_SECOND if suffix(path) in ANIMATIONS else video.FRAMES_PER_SECOND


def _pictures(
    history: np.recarray, shots: list[Shot], cross: str, drawing: dict[str, object]
) -> Iterator[tuple[Pixels, int]]:
    """A picture and its number of frames for each shot."""
    for shot in shots:
        over: Caption | Card | None = None
        if shot.opening:
            over = _card(history, cross, drawing)
        elif shot.moment:
            over = caption(history, shot.moment, shot.time)
        yield draw(history, shot.time, **{**drawing, "note": shot.note, "over": over}), shot.frames


def _card(history: np.recarray, cross: str, drawing: dict[str, object]) -> Card:
    runners = [(str(drawing.get("kind", "learner")), str(drawing.get("title", captions.TITLE)))]
    line = captions.setting(history) or captions.ALONE
    other = drawing.get("other")
    if other is not None:
        runners.append((str(drawing.get("other_kind", "rule")), str(drawing.get("other_title", captions.OTHER_RUN))))
    if _records(other):
        line = captions.comparison(history, other)
    return Card(cross or captions.TITLE, line, tuple(runners))


def _records(other: object) -> TypeGuard[np.recarray]:
    """Whether the other run has its own records; a recorded player has positions only."""
    return isinstance(other, np.ndarray) and other.dtype.names is not None
