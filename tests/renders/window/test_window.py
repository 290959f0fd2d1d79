"""Promises of the window and of playing oneself, kept under a real X server with real key presses."""

import os
import shutil
import subprocess
import time as clock
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pygame
import pytest
from some_plays import stood_still

from backpost.agents import recorded
from backpost.agents.base.play import record
from backpost.agents.registry import agent
from backpost.envs import CrossingEnv
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.renders.frame.frame import draw_frame
from backpost.renders.scene.moments import moments
from backpost.renders.scene.watched import watch_cross
from backpost.renders.window import scores
from backpost.renders.window.browse import Browse
from backpost.renders.window.live import BEAT, COUNT, Live
from backpost.renders.window.play_session import Files, Replay, Session
from backpost.renders.window.scores import RUNNERS
from backpost.renders.window.viewer import MESSAGE_TIME, Viewer
from backpost.renders.window.window import NoDisplay, Window

WAIT = 20.0
"""Seconds within which a key press must have arrived."""
NEEDED = ("Xvfb", "xdotool")


class Hands:
    """Whoever presses the keys: through the X server's XTEST extension, as a keyboard would."""

    def __call__(self, *words: str | float) -> None:
        subprocess.run(["xdotool", *(str(word) for word in words)], check=True, timeout=WAIT)

    def at(self, window: Window, x: float, y: float) -> tuple[str | float, ...]:
        assert window.handle is not None
        left, top = window.handle.position
        return "mousemove", round(left + x), round(top + y)

    def focus(self) -> None:
        search = ["xdotool", "search", "--onlyvisible", "--pid", str(os.getpid())]
        shown = subprocess.run(search, check=True, timeout=WAIT, capture_output=True, text=True).stdout.split()
        self("windowfocus", shown[-1])


def focused(window: Window) -> bool:
    return window.handle is not None and window.handle.focused


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A display of its own, by name."""
    lacking = [name for name in NEEDED if shutil.which(name) is None]
    if lacking and os.environ.get("CI") != "true":
        pytest.skip(f"needs {' and '.join(lacking)} (apt-get install xvfb xdotool)")
    assert not lacking
    ours, its = os.pipe()
    command = ["Xvfb", "-displayfd", str(its), "-screen", "0", "1400x1000x24", "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen(command, pass_fds=(its,), stderr=subprocess.DEVNULL) as process:
        os.close(its)
        with os.fdopen(ours) as announced:
            yield f":{announced.readline().strip()}"
        process.terminate()


@pytest.fixture
def hands(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hands]:
    """Hands on a keyboard, and a screen for whatever window is opened."""
    monkeypatch.setenv("DISPLAY", server)
    monkeypatch.delenv("SDL_VIDEODRIVER", raising=False)
    pygame.display.quit()
    yield Hands()
    pygame.display.quit()


def until(tick: Callable[[float], None], happened: Callable[[], bool]) -> None:
    """Let no time pass for the window, but answer events until something has happened."""
    end = clock.monotonic() + WAIT
    while not happened():
        assert clock.monotonic() < end
        tick(0.0)
        clock.sleep(0.01)


def opened(env: str, agents: list[str], cross: int, hands: Hands) -> Viewer:
    viewer = Viewer(Browse(watch_cross(env, agents, cross)))
    viewer.tick(0.0)
    hands.focus()
    until(viewer.tick, lambda: focused(viewer.window))
    return viewer


def goes(viewer: Viewer, slower: int) -> bool:
    return viewer.playback.slower == slower


def wants(replay: Replay, cross: int) -> bool:
    return replay.wanted == cross


def picture(window: Window) -> Any:
    """What a window shows now, (height, width, 3)."""
    assert window.handle is not None
    screen = window.handle.get_surface()
    return np.frombuffer(pygame.image.tobytes(screen, "RGB"), np.uint8).reshape(*screen.get_size()[::-1], 3)


def test_paused_time_stands_still_and_slow_motion_is_slow(hands: Hands) -> None:
    viewer = opened("OpenPlay", ["flight-reader"], 7, hands)
    viewer.tick(1.0)
    assert viewer.playback.time == pytest.approx(1.0)
    hands("key", "space")
    until(viewer.tick, lambda: viewer.playback.held)
    viewer.tick(5.0)
    assert viewer.playback.time == pytest.approx(1.0)
    for key, slower in (("2", 2), ("3", 4), ("4", 10), ("Up", 4), ("Down", 10), ("1", 1), ("3", 4)):
        hands("key", key)
        until(viewer.tick, partial(goes, viewer, slower))
    hands("key", "space")
    until(viewer.tick, lambda: not viewer.playback.held)
    viewer.tick(1.0)
    assert viewer.playback.time == pytest.approx(1.25)
    viewer.window.close()


def test_scrubbing_shows_the_moment_under_the_pointer(hands: Hands) -> None:
    viewer = opened("OpenPlay", ["flight-reader", "early-back-post"], 7, hands)
    viewer.tick(MESSAGE_TIME)
    run, drawing = viewer.programme.shown.runs[0], viewer.programme.shown.drawing
    bar, line = viewer.bar()
    x, y = round(line.place(1.0)), bar.y + bar.height / 2
    hands(*hands.at(viewer.window, x, y), "mousedown", 1)
    wanted = moments(run).expected + line.seconds(x)
    until(viewer.tick, lambda: viewer.playback.time == pytest.approx(wanted))
    viewer.tick(3.0)
    assert viewer.playback.time == pytest.approx(wanted)
    shown = draw_frame(run, time=wanted, size=viewer.window.size, note="cross 7", **drawing)
    assert np.array_equal(picture(viewer.window), shown)

    x = round(line.place(-1.0))
    hands(*hands.at(viewer.window, x, y))
    until(viewer.tick, lambda: viewer.playback.time == pytest.approx(moments(run).expected + line.seconds(x)))
    hands("mouseup", 1)
    before = viewer.playback.time
    hands("key", "Right", "key", "Right", "key", "Left")
    until(viewer.tick, lambda: viewer.playback.held and viewer.playback.time == pytest.approx(before + 0.1))
    hands("key", "End")
    until(viewer.tick, lambda: viewer.playback.time == float(run.time[-1]))
    viewer.window.close()


def test_keys_lead_to_other_crosses_agents_and_rules(hands: Hands) -> None:
    viewer = opened("OpenPlay", ["flight-reader"], 0, hands)

    def cross() -> int:
        seeds = {int(episode_seeds("evaluate", 0, number, 1)[0]): number for number in range(3)}
        return seeds[int(viewer.programme.shown.runs[0].seed[0])]

    hands("key", "n")
    until(viewer.tick, lambda: cross() == 1)
    hands("key", "p", "key", "p")
    until(viewer.tick, lambda: cross() == 0)
    hands("key", "a")
    until(viewer.tick, lambda: viewer.programme.shown.agents[0] != "flight-reader")
    hands("key", "shift+a")
    until(viewer.tick, lambda: viewer.programme.shown.agents == ("flight-reader",))
    hands("key", "r", "key", "r")
    until(viewer.tick, lambda: len(viewer.programme.shown.agents) == 2)
    alone = picture(viewer.window)
    hands("key", "v")
    until(viewer.tick, lambda: viewer.beside)
    assert not np.array_equal(picture(viewer.window), alone)
    hands("key", "h")
    until(viewer.tick, lambda: viewer.helping)
    viewer.window.close()


def test_a_window_that_runs_by_itself_closes_at_escape(hands: Hands) -> None:
    viewer = opened("OpenPlay", ["stand-still"], 7, hands)
    with subprocess.Popen(["xdotool", "sleep", "0.5", "key", "Escape"]):
        viewer.run()
    assert viewer.window.closed
    assert viewer.playback.time > 0.0
    assert viewer.window.handle is None


def test_what_an_agent_cannot_show_is_said_and_changes_nothing(hands: Hands, tmp_path: Path) -> None:
    recorded.write(tmp_path / "mine.json", stood_still(7))
    viewer = opened("OpenPlay", [str(tmp_path / "mine.json")], 7, hands)
    before = viewer.programme.shown
    hands("key", "n")
    until(viewer.tick, lambda: "mine has plays of cross 7" in viewer.message)
    assert viewer.programme.shown is before
    viewer.window.close()


def test_a_play_replays_bit_for_bit_and_the_scores_add_up(hands: Hands, tmp_path: Path) -> None:
    files = Files(tmp_path / "scores.json", tmp_path / "mine.json")
    session = Session("OpenPlay", "flight-reader", files, rule="near-post-sprint")
    played = {}
    for cross in (7, 8):
        window = Window()
        live = Live("OpenPlay", cross, window)
        live.tick(COUNT * BEAT)
        hands.focus()
        until(live.tick, partial(focused, window))
        hands("keydown", "w", "keydown", "Left")
        live.tick(0.0)
        while not live.over:
            live.tick(0.2)
        hands("keyup", "w", "keyup", "Left")
        assert (live.actions()[:, :2] == np.float32(0.5**0.5)).any()
        played[cross] = live.history()
        session.ended(live)
        replay = session.ended(live)  # a second try
        viewer = replay.viewer(window)
        hands("key", "Return", "key", "n")
        until(viewer.tick, partial(wants, replay, cross + 1))
        window.close()

    again = agent(tmp_path / "mine.json")
    for cross, history in played.items():
        replayed = record(again, "OpenPlay", episode_seeds("evaluate", 0, cross, 1)[0])
        assert replayed.tobytes() == history.tobytes()

    kept = scores.read(tmp_path / "scores.json")["OpenPlay"]
    assert kept.seeds == [7, 8]
    seeds = episode_seeds("evaluate", 0, 7, 2)
    for who, name in zip(RUNNERS, (str(tmp_path / "mine.json"), "flight-reader", "near-post-sprint"), strict=True):
        worth = [float(moments(record(agent(name), "OpenPlay", seed)).row["xg"]) for seed in seeds]
        assert kept.xg[who] == sum(worth)
    assert Session("OpenPlay", "flight-reader", files, rule="near-post-sprint").following == 9


def test_keys_lead_the_same_way_whatever_wing_the_face_shows(hands: Hands) -> None:
    runs = []
    for wing in ("right", "left"):
        live = Live("OpenPlay", 3, Window(), Options(wing=wing))
        live.tick(COUNT * BEAT)
        for key in (pygame.K_UP, pygame.K_LEFT, pygame.K_LSHIFT):
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key))
        for _ in range(8):
            live.tick(0.2)
        runs.append(live.history())
        assert np.hypot(*live.actions()[-1, :2]) == pytest.approx(0.5, abs=1e-6)
    for name in ("x", "y"):
        assert np.array_equal(runs[0].players[name], runs[1].players[name])


def test_each_environment_closes_only_the_window_that_it_opened(hands: Hands) -> None:
    first, second = (CrossingEnv(render_mode="human") for _ in range(2))
    for env in (first, second):
        env.reset(seed=0)
    before = picture(second._screen._window)
    first.close()
    for _ in range(5):
        second.step(np.zeros(4))
    assert second._screen._window.handle is not None
    assert not np.array_equal(picture(second._screen._window), before), "the other goes on in its own window"
    second.close()


def test_a_window_hears_only_its_own_keys_and_close_button(hands: Hands) -> None:
    first, second = Window("one"), Window("other")
    for window in (first, second):
        window.open((200, 100))
    for event in (
        pygame.event.Event(pygame.KEYDOWN, key=pygame.K_n, window=first.handle),
        pygame.event.Event(pygame.KEYDOWN, key=pygame.K_r, window=second.handle),
        pygame.event.Event(pygame.WINDOWCLOSE, window=first.handle),
    ):
        pygame.event.post(event)
    keys = [event.key for event in second.events() if event.type == pygame.KEYDOWN]
    assert keys == [pygame.K_r]
    assert not second.closed
    assert [event.key for event in first.events() if event.type == pygame.KEYDOWN] == [pygame.K_n]
    assert first.closed
    second.close()


def test_a_window_of_the_users_own_keeps_its_size_its_events_and_its_display(hands: Hands) -> None:
    pygame.init()
    pygame.display.set_mode((300, 200))
    pygame.event.clear()
    own = [pygame.event.Event(pygame.KEYDOWN, key=pygame.K_q), pygame.event.Event(pygame.QUIT)]
    for event in own:
        pygame.event.post(event)
    env = CrossingEnv(render_mode="human")
    env.reset(seed=0)
    env.step(np.zeros(4))
    assert env._screen._window.handle is not None, "its keys are not ours"
    env.close()
    mine = pygame.display.get_surface()
    assert mine is not None
    assert mine.get_size() == (300, 200)
    heard = pygame.event.get((pygame.KEYDOWN, pygame.QUIT))
    assert [event.type for event in heard] == [pygame.KEYDOWN, pygame.QUIT]
    pygame.quit()


def test_an_environment_outlives_a_pygame_that_the_user_ends(hands: Hands) -> None:
    env = CrossingEnv(render_mode="human")
    env.reset(seed=0)
    pygame.quit()
    env.step(np.zeros(4))
    env.close()
    again = CrossingEnv(render_mode="human")
    again.reset(seed=0)
    assert again._screen._window.handle is not None
    again.close()


def test_a_terminated_program_closes_its_windows(hands: Hands) -> None:
    windows = [Window(), Window()]
    for window in windows:
        window.open((200, 100))
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    for window in windows:
        window.events()
    assert [window.closed for window in windows] == [True, True]


def test_without_a_display_playing_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    pygame.display.quit()
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(NoDisplay, match="there is no display"):
        Session("OpenPlay", rule="flight-reader")
    with pytest.raises(NoDisplay, match="there is no display"):
        Viewer(Browse(watch_cross("OpenPlay", ["stand-still"], 0))).run()
