"""Films and stills of runs as files: MP4 that plays everywhere, PNG; whole or not there."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from os import PathLike

import numpy as np
import numpy.typing as npt
import pygame

from backpost.envs.errors import InvalidValue
from backpost.envs.files import check_writable, replacing

from . import captions
from .frame import Pixels, draw_frame
from .moments import Moments, as_history, moments
from .pair import draw_pair

Path = str | PathLike[str]
Progress = Callable[[int], object]

FRAMES_PER_SECOND = 30
SIZE = (1920, 1280)
"""Pixels of an exported picture: at half of it 4:2:0 video dulls small coloured marks."""
SLOW = 4
"""Slow motion is so many times slower."""
QUALITY = "18"
"""x264's constant rate factor: visually lossless."""


def still(path: Path, history: np.recarray, time: float | None = None, **drawing: object) -> None:
    """One moment as a PNG; without a time that in which his run is over: at the ball, or as another is first to it.

    `drawing` goes to `draw_pair` if it has `other` as records, else to `draw_frame`.

    Raises:
        InvalidFile: if the file cannot be written.
        InvalidValue: for a size that cannot be drawn.
    """
    check_writable(path)
    history = as_history(history)
    if time is None:
        time = moments(history).until
    pixels = draw(history, time, **drawing)
    image = pygame.image.frombytes(pixels.tobytes(), (pixels.shape[1], pixels.shape[0]), "RGB")
    with replacing(path) as temporary:
        pygame.image.save(image, temporary)


def film(path: Path, history: np.recarray, *, progress: Progress | None = None, **drawing: object) -> None:
    """A run as an MP4: real time, slow motion around strike and contact, real time, the end held.

    Args:
        path: the file; it appears when the film is complete.
        history: records of one cross stacked in time, shape (t,).
        progress: called with the number of frames written since the last call; `frames` says how many there will be.
        drawing: goes to `draw_pair` if it has `other` as records, else to `draw_frame`; `size` must be even.

    Raises:
        InvalidFile: if the file cannot be written.
        InvalidValue: for a size that cannot be drawn or is odd.
    """
    history = as_history(history)
    times, notes = schedule(moments(history))
    write_video(path, _pictures(history, times, notes, drawing), progress=progress)


def frames(history: np.recarray) -> int:
    """How many frames a film of this run has."""
    return len(schedule(moments(as_history(history)))[0])


def draw(history: np.recarray, time: float, **drawing: object) -> Pixels:
    """One moment: side by side if the other run has records, else alone (a recorded player is a ghost)."""
    other = drawing.get("other")
    drawing = {"size": SIZE, **drawing}
    if isinstance(other, np.ndarray) and other.dtype.names is not None:
        return draw_pair(history, time=time, **drawing)  # type: ignore[arg-type]
    return draw_frame(history, time=time, **drawing)  # type: ignore[arg-type]


def schedule(known: Moments, rate: int = FRAMES_PER_SECOND) -> tuple[npt.NDArray[np.float64], list[str]]:
    """When the frames of a film are, in seconds of the run, and the words for its speed.

    Time always moves on, in slow motion in smaller steps; only the last picture is held, for a second and a half.
    """
    begin, end = 0.0, known.end
    if known.struck is not None:
        begin = max(0.0, known.struck - 2.5)
        contact = known.until
        end = min(known.end, contact + 4.0)
        slow = [(known.struck - 0.2, known.struck + 0.1), (contact - 0.45, contact + 0.25)]
    else:
        slow = []
    times = [begin]
    notes = []
    while times[-1] < end:
        slowly = any(low <= times[-1] < high for low, high in slow)
        notes.append(captions.slow_motion(SLOW) if slowly else "")
        times.append(min(times[-1] + (1 / SLOW if slowly else 1) / rate, end))
    notes.append("")
    held = int(1.5 * rate)
    return np.array(times + [end] * held), notes + [""] * held


def write_video(
    path: Path, pictures: Iterable[Pixels], *, rate: int = FRAMES_PER_SECOND, progress: Progress | None = None
) -> None:
    """Stream pictures (height, width, 3) into an MP4: H.264 High, yuv420p, BT.709, playable while it loads.

    Raises:
        InvalidFile: if the file cannot be written.
        InvalidValue: if there is no picture, or one of odd or changing size.
    """
    import av

    check_writable(path)
    head = {"movflags": "+faststart"}
    with replacing(path) as temporary, av.open(str(temporary), "w", format="mp4", options=head) as container:
        stream = None
        for pixels in pictures:
            if stream is None:
                stream = _stream(container, pixels.shape[1], pixels.shape[0], rate)
            elif (stream.width, stream.height) != (pixels.shape[1], pixels.shape[0]):
                raise InvalidValue("all pictures of a film must have one size")
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            container.mux(stream.encode(frame.reformat(format="yuv420p", dst_colorspace="ITU709")))
            if progress is not None:
                progress(1)
        if stream is None:
            raise InvalidValue("a film needs at least one picture")
        container.mux(stream.encode())


def _pictures(
    history: np.recarray, times: npt.NDArray[np.float64], notes: list[str], drawing: dict[str, object]
) -> Iterator[Pixels]:
    """A picture a time; one that is held is drawn once."""
    shown: tuple[float, str] | None = None
    for time, note in zip(times.tolist(), notes, strict=True):
        if (time, note) != shown:
            pixels = draw(history, time, **{**drawing, "note": note})
            shown = time, note
        yield pixels


def _stream(container, width: int, height: int, rate: int):  # type: ignore[no-untyped-def]
    if width % 2 or height % 2:
        raise InvalidValue(f"a film needs even width and height, got {width} x {height}")
    stream = container.add_stream("libx264", rate=rate)
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    stream.time_base = Fraction(1, rate)
    stream.options = {"profile": "high", "preset": "veryfast", "crf": QUALITY}
    context = stream.codec_context
    context.color_primaries = context.color_trc = context.colorspace = 1
    context.color_range = 1
    return stream
