"""Encodes pictures as an MP4 that every player and browser can read."""

import io
from collections.abc import Callable, Iterable
from fractions import Fraction
from os import PathLike
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import InvalidValue
from backpost.envs.common.extras import explained
from backpost.envs.common.files import check_writable, write_atomically

Path = str | PathLike[str]
Pixels = npt.NDArray[np.uint8]
Progress = Callable[[int], object]

FRAMES_PER_SECOND = 30
QUALITY = "18"
"""x264's constant rate factor: visually lossless."""


def write_video(
    path: Path,
    pictures: Iterable[tuple[Pixels, int]],
    *,
    rate: int = FRAMES_PER_SECOND,
    progress: Progress | None = None,
) -> None:
    """Write pictures (height, width, 3), each for some frames: H.264 High, yuv420p, BT.709, playable while loading.

    The film is encoded in memory and then written whole.

    Raises:
        InvalidFile: if the file cannot be written.
        InvalidValue: if there is no picture, or one has an odd or changing size.
    """
    check_writable(path)
    write_atomically(path, _encoded(pictures, rate, progress))


def _encoded(pictures: Iterable[tuple[Pixels, int]], rate: int, progress: Progress | None) -> bytes:
    with explained():
        import av

    film = io.BytesIO()

    def written_so_far(_url: str, _flags: int, _options: dict[str, str]) -> io.BytesIO:
        """The file that FFmpeg opens at the end, to move the index to the front."""
        return io.BytesIO(film.getvalue())

    head = {"movflags": "+faststart"}
    with av.open(film, "w", format="mp4", options=head, io_open=written_so_far) as container:
        stream: Any = None
        frames_written = 0
        for pixels, frames in pictures:
            if stream is None:
                stream = _stream(container, pixels.shape[1], pixels.shape[0], rate)
            elif (stream.width, stream.height) != (pixels.shape[1], pixels.shape[0]):
                raise InvalidValue("all pictures of a film must have one size")
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame = frame.reformat(format="yuv420p", dst_colorspace="ITU709")
            frame.time_base = stream.codec_context.time_base
            for _ in range(frames):
                frame.pts, frames_written = frames_written, frames_written + 1
                container.mux(stream.encode(frame))
            if progress is not None:
                progress(frames)
        if stream is None:
            raise InvalidValue("a film needs at least one picture")
        container.mux(stream.encode())
    return film.getvalue()


def _stream(container: Any, width: int, height: int, rate: int) -> Any:
    if width % 2 or height % 2:
        raise InvalidValue(f"a film needs even width and height, got {width} x {height}")
    stream = container.add_stream("libx264", rate=rate)
    stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
    stream.time_base = stream.codec_context.time_base = Fraction(1, rate)
    stream.options = {"profile": "high", "preset": "veryfast", "crf": QUALITY}
    context = stream.codec_context
    context.color_primaries = context.color_trc = context.colorspace = 1
    context.color_range = 1
    return stream
