"""Promises of renders/film/film.py and figures.py: files that every player reads, whole or not there."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import av
import numpy as np
import pygame
import pytest

from backpost.envs.common.errors import InvalidFile, InvalidValue
from backpost.renders.figures.figures import CELL, density, sheet, timing_figures
from backpost.renders.film.animation import write_animation
from backpost.renders.film.film import film, frames, still
from backpost.renders.film.video import write_video
from backpost.renders.scene.moments import as_history, moments
from backpost.training.bench.statistics import Interval
from backpost.training.bench.timing import BALLS, Curve, StartPoint, TimingCurve

Runs = dict[str, Any]


def _known(history: np.recarray) -> Any:
    """The moments of a run of which the test knows that they exist."""
    return moments(as_history(history))


def _pictures(count: int, size: tuple[int, int] = (96, 64), colour: tuple[int, int, int] = (45, 84, 66)) -> Any:
    for i in range(count):
        picture = np.full((size[1], size[0], 3), colour, np.uint8)
        picture[:, i : i + 8] = 255
        yield picture, 1


def test_a_video_is_what_every_player_reads(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    write_video(path, _pictures(45), rate=30)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        assert (context.name, context.profile, context.pix_fmt) == ("h264", "High", "yuv420p")
        assert (context.width, context.height) == (96, 64)
        assert stream.average_rate == 30
        assert (context.color_primaries, context.color_trc, context.colorspace, context.color_range) == (1, 1, 1, 1)
        pictures = list(container.decode(video=0))
    assert len(pictures) == 45
    data = path.read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")


def test_colours_are_coded_as_the_tags_say(tmp_path: Path) -> None:
    write_video(tmp_path / "clip.mp4", _pictures(3))
    with av.open(str(tmp_path / "clip.mp4")) as container:
        luma = next(container.decode(video=0)).to_ndarray()[32, 80]
    expected = 16 + 219 * (0.2126 * 45 + 0.7152 * 84 + 0.0722 * 66) / 255
    assert float(luma) == pytest.approx(expected, abs=1.5)


def test_a_film_of_two_runs_has_as_many_frames_as_it_says(tmp_path: Path, runs: Runs) -> None:
    counted: list[int] = []
    path = tmp_path / "pair.mp4"
    history = runs["meets"][:12]
    film(path, history, other=runs["other"], size=(360, 240), progress=counted.append)
    assert sum(counted) == frames(path, history, other=runs["other"])
    with av.open(str(path)) as container:
        assert sum(1 for _ in container.decode(video=0)) == sum(counted)


def test_a_still_is_a_png_of_the_contact(tmp_path: Path, runs: Runs) -> None:
    still(tmp_path / "still.png", runs["meets"], size=(960, 640))
    image = pygame.image.load(tmp_path / "still.png")
    assert image.get_size() == (960, 640)
    still(tmp_path / "same.png", runs["meets"], time=_known(runs["meets"]).contact, size=(960, 640))
    assert (tmp_path / "still.png").read_bytes() == (tmp_path / "same.png").read_bytes()


@pytest.mark.parametrize("name", ["missing/clip.mp4", "."])
def test_an_output_that_cannot_be_written_is_said_before_any_work(tmp_path: Path, runs: Runs, name: str) -> None:
    def never() -> Any:
        raise AssertionError("a picture was drawn")
        yield

    with pytest.raises(InvalidFile, match="cannot write"):
        write_video(tmp_path / name, never())
    with pytest.raises(InvalidFile, match="cannot write"):
        still(tmp_path / "missing" / "still.png", runs["meets"])
    with pytest.raises(InvalidValue, match=r"must end in \.png"):
        still(tmp_path / "still.jpg", runs["meets"])


@pytest.mark.parametrize(("name", "write"), [("clip.mp4", write_video), ("clip.gif", write_animation)])
def test_an_interrupted_film_leaves_the_old_one(tmp_path: Path, name: str, write: Any) -> None:
    path = tmp_path / name
    path.write_bytes(b"the old film")

    def broken() -> Any:
        yield from _pictures(3)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write(path, broken())
    assert path.read_bytes() == b"the old film"
    assert list(tmp_path.iterdir()) == [path]


def _still(path: Path, runs: Runs) -> None:
    still(path, runs["meets"], size=(960, 640))


def _film(path: Path, runs: Runs) -> None:
    film(path, runs["meets"][:8], size=(360, 240))


def _sheet(path: Path, runs: Runs) -> None:
    with sheet(path, 4.0, 3.0) as figure:
        figure.text(0.5, 0.5, "words")


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("still.png", _still),
        *((f"clip.{kind}", _film) for kind in ("mp4", "gif", "webp")),
        *((f"sheet.{kind}", _sheet) for kind in ("pdf", "svg", "png")),
    ],
)
def test_a_full_disk_leaves_the_old_picture_and_is_named(
    tmp_path: Path,
    runs: Runs,
    small_disk: Callable[[int], AbstractContextManager[None]],
    name: str,
    write: Callable[[Path, Runs], None],
) -> None:
    path = tmp_path / name
    path.write_bytes(b"the old one")
    path.chmod(0o600)
    with small_disk(512), pytest.raises(InvalidFile, match=f"cannot write .*{name}: .*another disk"):
        write(path, runs)
    assert path.read_bytes() == b"the old one"
    assert list(tmp_path.iterdir()) == [path]
    write(path, runs)
    assert len(path.read_bytes()) > 512
    assert path.stat().st_mode & 0o777 == 0o600


def test_odd_or_changing_sizes_and_empty_films_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    with pytest.raises(InvalidValue, match="even width and height, got 95 x 64"):
        write_video(path, _pictures(2, (95, 64)))
    with pytest.raises(InvalidValue, match="one size"):
        write_video(path, [*_pictures(1), *_pictures(1, (64, 64))])
    with pytest.raises(InvalidValue, match="at least one"):
        write_video(path, [])
    assert list(tmp_path.iterdir()) == []


def test_heat_maps_keep_every_place_and_lie_as_the_plan() -> None:
    field = density(np.array([[52.5 - 10.0, 6.0]]), 4)
    assert field.sum() * CELL**2 == pytest.approx(25.0, rel=1e-3)
    row, column = np.unravel_index(field.argmax(), field.shape)
    assert (row + 0.5) * CELL == pytest.approx(10.0, abs=CELL)
    assert column < field.shape[1] / 2


def _timing(environment: str, top: float) -> TimingCurve:
    """Timing curves with their maximum at the strike."""
    starts, none = (-1.0, -0.5, 0.0, 0.5), Interval(0.0, 0.0, 0.0)
    worth = [Interval(top - start**2, top - 0.5 - start**2, top + 0.5 - start**2) for start in starts]
    points = tuple(StartPoint(start, xg, none, 0.5, 0.0, none) for start, xg in zip(starts, worth, strict=True))
    curves = tuple(
        Curve(offside, belief, ball, points) for ball in BALLS for offside in (True, False) for belief in (True, False)
    )
    return TimingCurve(environment, 9, 0, "evaluate", "", starts, curves)


def test_several_timing_curves_stand_side_by_side_on_one_scale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from matplotlib.figure import Figure

    drawn: list[Any] = []
    save = Figure.savefig

    def seen(figure: Any, *arguments: Any, **how: Any) -> None:
        drawn.append(figure)
        save(figure, *arguments, **how)

    monkeypatch.setattr(Figure, "savefig", seen)
    timing_figures([_timing("OpenPlay", 2.0), _timing("FreeKick", 7.0)], tmp_path / "several.png")
    panels = np.reshape(drawn[0].axes, (2, 2))
    assert [panel.get_title(loc="left") for panel in panels[0]] == ["Open play", "Free kick"]
    assert len({panel.get_ylim() for panel in panels.flat}) == 1
    assert panels[0, 0].get_ylim()[1] > 7.0
    for row in panels:
        for panel, top in zip(row, (2.0, 7.0), strict=True):
            measured = [line for line in panel.lines if line.get_label().startswith(("offside", "no offside"))]
            assert len(measured) == 4
            assert all(max(line.get_ydata()) == top for line in measured)
    with pytest.raises(InvalidValue, match="got none"):
        timing_figures([], tmp_path / "none.png")
