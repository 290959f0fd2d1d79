"""Promises of the film of a cross: it rests where the record says, plays in a browser and in a README, prints."""

import re
from pathlib import Path
from typing import Any

import av
import numpy as np
import pygame
import pytest
from PIL import Image, ImageSequence
from playwright.sync_api import Browser

from backpost.envs.common.errors import InvalidFile, InvalidValue
from backpost.envs.interface.outcome import metrics
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import RUNNER
from backpost.renders.film import filmed
from backpost.renders.film.animation import write_animation
from backpost.renders.film.coaching_sheet import numbers, seen
from backpost.renders.film.film import caption, film, frames, stills
from backpost.renders.scene.moments import as_history, moments
from backpost.renders.scene.storyboard import FREEZE, OPENING, SLOW, storyboard
from backpost.renders.scene.watched import Watched

Runs = dict[str, Any]
SIZE = (360, 240)
NAMES: dict[str, Any] = {"title": "Costs $5 & \\frac", "kind": "learner"}
"""A name that is no formula."""


@pytest.fixture(scope="module")
def clip(runs: Runs, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("film") / "clip.mp4"
    film(path, runs["meets"], cross="Open play, cross 3", size=SIZE, **NAMES)
    return path


@pytest.fixture
def shown(runs: Runs) -> Watched:
    drawing = {**NAMES, "other": runs["other"], "other_title": "Near post sprint", "other_kind": "rule"}
    return Watched("OpenPlay", 3, True, ("a", "b"), (runs["meets"], runs["other"]), drawing)


def _times(history: np.recarray) -> dict[str, float]:
    """The named moments of a run that has all three, from its last record alone."""
    last, row = history[-1], metrics(as_history(history[-1:]))[0]
    contact = "meets ball" if row["meets"] else "ball passes"
    struck = float(last.delivery.struck_at)
    times = {"run starts": struck + row["start"], "cross struck": struck, contact: struck + row["arrival"]}
    return dict(sorted(times.items(), key=lambda entry: entry[1]))


@pytest.mark.parametrize("name", ["meets", "passes"])
def test_a_film_rests_at_the_moments_of_the_record_and_is_slow_at_the_ball(runs: Runs, name: str) -> None:
    times, rate = _times(runs[name]), 30
    shots = storyboard(runs[name], rate)
    rests = {shot.moment: shot for shot in shots if shot.moment}
    assert {name: shot.time for name, shot in rests.items()} == pytest.approx(times)
    assert list(rests) == list(times)
    assert {shot.frames for shot in rests.values()} == {round(FREEZE * rate)}
    assert shots[0].opening
    assert not any(shot.opening for shot in shots[1:])
    moving = [shot for shot in shots[1:-1] if not shot.moment]
    assert {shot.frames for shot in moving} == {1}
    steps = np.diff([shot.time for shot in moving])
    assert (steps >= 0).all()
    assert steps.max() == pytest.approx(1 / rate)
    slow = np.array([bool(shot.note) for shot in moving])[:-1]
    assert steps[slow].max() == pytest.approx(1 / SLOW / rate)
    assert moving[0].note == moving[-1].note == ""
    ball = list(times.values())[-1]
    assert all(abs(shot.time - ball) < 0.7 for shot in moving if shot.note)


def test_a_film_of_two_lasts_until_both_are_over(runs: Runs) -> None:
    last, other = runs["meets"][-1], runs["other"][-1]
    end = storyboard(runs["meets"], 10, runs["other"])[-1].time
    its = float(other.time - other.delivery.struck_at + last.delivery.struck_at)
    # Until when there is something to see of the ball, which may be out of everybody's reach.
    ball = moments(as_history(runs["other"])).until - float(other.delivery.struck_at) + float(last.delivery.struck_at)
    assert end >= min(its, ball) - 1e-9


@pytest.mark.parametrize("name", ["meets", "passes"])
def test_captions_of_moments_come_from_the_record(runs: Runs, name: str) -> None:
    history, times = runs[name], _times(runs[name])
    row = metrics(as_history(history[-1:]))[0]
    words = {moment: caption(history, moment, time).words for moment, time in times.items()}
    out = {m: HALF_LENGTH - np.interp(t, history.time, history.players["x"][:, RUNNER]) for m, t in times.items()}
    said = {m: float(match[1]) for m in words if (match := re.search(r"(\d+) m from the goal line", words[m]))}
    assert said
    assert all(said[moment] == pytest.approx(out[moment], abs=0.6) for moment in said)
    assert f"{abs(row['start']):.1f} s {'before' if row['start'] < 0 else 'after'} the strike" in words["run starts"]
    ball = list(times)[-1]
    assert f"{row['arrival']:.1f} s after the strike" in words[ball]
    if name == "passes":
        assert f"{history[-1].pass_distance:.1f} m from him" in words[ball]


def test_nothing_moves_while_the_film_rests(runs: Runs, clip: Path) -> None:
    shots = storyboard(runs["meets"], 30)
    with av.open(str(clip)) as container:
        pictures = [frame.to_ndarray()[: SIZE[1]].astype(float) for frame in container.decode(video=0)]
    assert len(pictures) == frames(clip, runs["meets"]) == sum(shot.frames for shot in shots)
    begins = np.cumsum([0] + [shot.frames for shot in shots])
    for begin, shot in zip(begins, shots, strict=False):
        held = pictures[begin : begin + shot.frames]
        assert all(np.abs(picture - held[0]).mean() < 0.5 for picture in held)
        if shot.moment:
            assert np.abs(held[0] - pictures[begin - 1]).mean() > 1.0
    assert len(pictures[: begins[1]]) == round(OPENING * 30)


def test_a_browser_plays_the_film_to_its_end(browser: Browser, runs: Runs, clip: Path) -> None:
    page_file = clip.with_name("page.html")
    page_file.write_text(f'<!doctype html><video muted preload="auto" src="{clip.name}"></video>', encoding="utf-8")
    page = browser.new_page()
    page.goto(page_file.as_uri())
    page.wait_for_function("(video => video.readyState >= 3 || video.error)(document.querySelector('video'))")
    seen = page.evaluate(
        """async () => {
            const video = document.querySelector('video');
            if (video.error) return {error: video.error.message};
            const happens = name => new Promise(done => video.addEventListener(name, done, {once: true}));
            const seeked = happens('seeked');
            video.currentTime = video.duration - 0.5;
            await seeked;
            const ended = happens('ended');
            await video.play();
            await ended;
            const {videoWidth: width, videoHeight: height, duration, currentTime: at} = video;
            return {width, height, duration, at};
        }"""
    )
    assert (seen.get("width"), seen.get("height")) == SIZE, seen
    assert seen["duration"] == pytest.approx(frames(clip, runs["meets"]) / 30, abs=0.05)
    assert seen["at"] == pytest.approx(seen["duration"], abs=0.05)


@pytest.mark.parametrize("suffix", [".gif", ".webp"])
def test_an_animation_loops_and_keeps_its_time(tmp_path: Path, runs: Runs, suffix: str) -> None:
    colours = ((0x2D, 0x54, 0x42), (0xFF, 0xF0, 0x78), (0x12, 0x1C, 0x20))
    lasting = (5, 1, 3)
    pictures = [np.full((40, 60, 3), colour, np.uint8) for colour in colours]
    write_animation(tmp_path / f"three{suffix}", zip(pictures, lasting, strict=True), rate=10)
    assert _read(tmp_path / f"three{suffix}") == ([100 * frames for frames in lasting], list(colours), 0)
    path, history = tmp_path / f"clip{suffix}", runs["meets"][:6]
    film(path, history, size=SIZE)
    assert sum(_read(path)[0]) == 100 * frames(path, history)


def _read(path: Path) -> tuple[list[int], list[tuple[int, ...]], int]:
    """Milliseconds and the first colour of every picture, and how often they are played (0: for ever)."""
    with Image.open(path) as image:
        loop = image.info["loop"]
        pictures = [frame.convert("RGB") for frame in ImageSequence.Iterator(image)]
    colours = [tuple(np.asarray(picture)[0, 0].tolist()) for picture in pictures]
    return [picture.info["duration"] for picture in pictures], colours, loop


def test_the_sheet_is_one_page_with_three_pictures_and_the_numbers_of_the_record(
    tmp_path: Path, runs: Runs, shown: Watched
) -> None:
    filmed.write(shown, sheet=tmp_path / "sheet.pdf")
    data = (tmp_path / "sheet.pdf").read_bytes()
    assert data.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b(?!s)", data)) == 1
    assert len(re.findall(rb"/Subtype /Image", data)) == 3
    table = dict(numbers(shown))
    for column, run in enumerate(shown.runs):
        row = metrics(as_history(run[-1:]))[0]
        if np.isfinite(row["start"]):
            start = "already running" if moments(as_history(run)).runs_at_once else f"{abs(row['start']):.1f} s"
            assert table["Starts"][column].startswith(start) or abs(row["start"]) < 0.05
        worth = re.match(r"\d+", table["Worth"][column])
        assert (int(worth[0]) if worth else 0) == pytest.approx(100 * row["xg"], abs=0.51)
    words = dict(seen(shown, _times(runs["meets"])["meets ball"]))
    row = metrics(as_history(runs["meets"][-1:]))[0]
    assert f"{row['arrival']:.1f} s after the cross is struck" in words[NAMES["title"]]
    assert set(words) == {NAMES["title"], "Near post sprint"}


def test_stills_are_the_named_moments_in_their_order(tmp_path: Path, runs: Runs) -> None:
    files = stills(tmp_path / "stills", runs["meets"], size=SIZE)
    expected = [f"{number}-{name.replace(' ', '-')}.png" for number, name in enumerate(_times(runs["meets"]), 1)]
    assert [Path(file).name for file in files] == expected
    assert all(pygame.image.load(file).get_size() == SIZE for file in files)


def test_what_cannot_be_written_is_said_in_a_sentence(tmp_path: Path, shown: Watched) -> None:
    with pytest.raises(InvalidValue, match=r"valid suffixes are \.mp4, \.gif, \.webp"):
        filmed.write(shown, tmp_path / "clip.avi")
    with pytest.raises(InvalidValue, match=r"written as \.pdf"):
        filmed.write(shown, sheet=tmp_path / "sheet.doc")
    with pytest.raises(InvalidValue, match="nothing to write"):
        filmed.write(shown)
    with pytest.raises(InvalidFile, match="cannot write"):
        filmed.write(shown, tmp_path / "missing" / "clip.mp4")
    assert not list(tmp_path.iterdir())
