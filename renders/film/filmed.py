"""A watched cross as files: a film, pictures of its moments, a coaching sheet."""

from backpost.envs.common.errors import InvalidValue
from backpost.envs.common.files import check_writable
from backpost.renders.scene.watched import Watched

from . import film
from .coaching_sheet import write_sheet
from .video import Path, Progress


def frames(shown: Watched, clip: Path | None) -> int:
    """Number of frames the film will have.

    Raises:
        InvalidValue: for a file that is not a film.
    """
    return 0 if clip is None else film.frames(clip, shown.runs[0], **shown.drawing)


def write(
    shown: Watched,
    clip: Path | None = None,
    stills: Path | None = None,
    sheet: Path | None = None,
    *,
    progress: Progress | None = None,
) -> None:
    """Write the requested files.

    Args:
        shown: the cross.
        clip: path of the film, .mp4, .gif or .webp.
        stills: folder for the pictures.
        sheet: path of the sheet, a PDF.
        progress: called with the number of frames written since the last call.

    Raises:
        InvalidFile: if a file cannot be written.
        InvalidValue: if nothing is requested, or `clip` is not a film file.
    """
    if clip is None and stills is None and sheet is None:
        raise InvalidValue("nothing to write: name a film with --out, a folder with --stills or a PDF with --sheet")
    if sheet is not None:
        if not str(sheet).lower().endswith(".pdf"):
            raise InvalidValue(f"a sheet is written as .pdf, got {sheet}")
        check_writable(sheet)
    if clip is not None:
        film.film(clip, shown.runs[0], cross=shown.name, progress=progress, **shown.drawing)
    if stills is not None:
        film.stills(stills, shown.runs[0], **shown.drawing)
    if sheet is not None:
        write_sheet(sheet, shown)
