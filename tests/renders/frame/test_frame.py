"""Promises of renders/frame/frame.py, pair.py and window.py: true places, no display needed, nothing covered."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import gymnasium as gym
import numpy as np
import pygame
import pytest

from backpost.agents.base.play import record
from backpost.agents.registry import agent
from backpost.envs.common.errors import InvalidValue
from backpost.envs.scenarios.registry import SCENARIOS
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import ATTACKERS
from backpost.renders.frame import pair
from backpost.renders.frame.canvas import Canvas
from backpost.renders.frame.frame import HEIGHT, LETTERS, PLAYER, WIDTH, draw_frame, page
from backpost.renders.frame.layout import Rect, panel, visible_depth
from backpost.renders.frame.pair import LEAST_DEPTH, draw_pair
from backpost.renders.frame.palette import LEARNER, WHITE
from backpost.renders.frame.panel import ball_radius, plan_labels
from backpost.renders.scene.moments import as_history, moments
from backpost.renders.scene.scene import build_scene
from backpost.renders.window import window

Runs = dict[str, Any]


def _known(history: np.recarray) -> Any:
    """The moments of a run of which the test knows that they exist."""
    return moments(as_history(history))


def _plan(history: np.recarray) -> Any:
    return panel(Rect(18, 70, WIDTH - 36, HEIGHT - 70 - 94), visible_depth(history)).plan


def _pixel(picture: Any, place: tuple[float, float]) -> tuple[int, ...]:
    return tuple(int(value) for value in picture[round(place[1]), round(place[0])])


def test_ball_is_drawn_at_its_true_place(runs: Runs) -> None:
    history = as_history(runs["high"])
    for after in (0.35, 0.62, 0.81):
        time = _known(history).struck + after
        scene = build_scene(history, time)
        picture = draw_frame(history, time=time, close=False)
        assert _pixel(picture, _plan(history).point(*scene.ball[:2])) == WHITE


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name not in ("Situation", "Match")])
@pytest.mark.parametrize("number", [0, 1, 7])
def test_every_scenario_shows_ball_and_attackers_at_opening_and_strike(name: str, number: int) -> None:
    rule = agent("early-back-post", name)
    history = as_history(record(rule, name, episode_seeds("verify", 0, number, 1)[0]))
    small = panel(
        Rect(0, 0, (pair.WIDTH - 2 * pair.MARGIN - pair.BETWEEN) / 2, 413), visible_depth(history, LEAST_DEPTH)
    )
    for time in (0.0, _known(history).struck):
        scene = build_scene(history, time)
        picture = draw_frame(history, time=time, close=False)
        assert _pixel(picture, _plan(history).point(*scene.ball[:2])) == WHITE
        for plan, radius in ((_plan(history), PLAYER), (small.plan, pair.PLAYER)):
            for figure in scene.figures:
                if figure.index < ATTACKERS:
                    x, y = plan.point(figure.x, figure.y)
                    assert plan.rect.x + radius <= x <= plan.rect.right - radius
                    assert plan.rect.y + radius <= y <= plan.rect.bottom - radius


def test_a_ball_below_the_frame_draws_nothing_over_the_timing_bar(runs: Runs) -> None:
    history = as_history(runs["passes"]).copy()
    history.ball.x = 0.0
    plan = _plan(history)
    below = slice(round(plan.rect.bottom) + 1, None)
    there = draw_frame(history)
    history.ball.y += 1.0
    assert np.array_equal(there[below], draw_frame(history)[below])


def test_the_learner_alone_is_bright(runs: Runs) -> None:
    history = as_history(runs["meets"])
    for moment in (history.time[5], history.time[15]):
        scene = build_scene(history, float(moment))
        x, y = _plan(history).point(scene.runner.x, scene.runner.y)
        beside = (x + 0.72 * PLAYER, y)
        assert _pixel(draw_frame(history, time=float(moment)), beside) == pytest.approx(LEARNER, abs=6)
        assert _pixel(draw_frame(history, time=float(moment), kind="rule"), beside) != pytest.approx(LEARNER, abs=60)


def test_no_label_covers_the_ball_or_a_player(runs: Runs) -> None:
    canvas = Canvas(pygame.Surface((8, 8)), 2.0)
    for history in runs.values():
        history = as_history(history)
        plan = _plan(history)
        for time in np.arange(0.0, float(history.time[-1]), 0.17):
            scene = build_scene(history, float(time))
            x, y = plan.point(*scene.ball[:2])
            reach = ball_radius(scene, PLAYER)
            ball = Rect(x - reach, y - reach, 2 * reach, 2 * reach)
            for _, box in plan_labels(canvas, plan, scene, PLAYER, LETTERS):
                assert not box.overlaps(ball)
                assert not any(
                    box.overlaps(Rect(plan.point(f.x, f.y)[0], plan.point(f.x, f.y)[1], 0, 0)) for f in scene.figures
                )


def test_a_picture_is_a_function_of_the_record(runs: Runs) -> None:
    history, other = runs["meets"], runs["other"]
    before = history.tobytes()
    first = draw_frame(history, time=2.03, other=other)
    draw_frame(other, time=1.0)
    assert np.array_equal(first, draw_frame(history.copy(), time=2.03, other=other.copy()))
    assert history.tobytes() == before


def test_a_live_run_is_drawn_at_every_decision(runs: Runs) -> None:
    history = runs["meets"]
    for length in (1, 2, 7, len(history) // 2, len(history) - 1):
        assert draw_frame(history[:length]).shape == (HEIGHT, WIDTH, 3)


def test_between_two_decisions_the_picture_moves(runs: Runs) -> None:
    history = as_history(runs["meets"])
    struck = _known(history).struck
    pictures = [draw_frame(history, time=struck + 0.3 + i / 120).tobytes() for i in range(6)]
    assert len(set(pictures)) == 6


@pytest.mark.parametrize("size", [(960, 640), (640, 480), (1280, 720), (480, 640), (333, 217)])
def test_any_size_is_drawn(runs: Runs, size: tuple[int, int]) -> None:
    picture = draw_frame(runs["passes"], size=size)
    assert picture.shape == (size[1], size[0], 3)
    assert picture.dtype == np.uint8
    points, scale = page(size, (WIDTH, HEIGHT))
    assert points[0] >= WIDTH - 1e-9
    assert points[1] >= HEIGHT - 1e-9
    assert scale == pytest.approx(2 * size[0] / points[0])


def test_two_runs_stand_side_by_side(runs: Runs) -> None:
    picture = draw_pair(runs["meets"], runs["other"], time=2.5, size=(1440, 960))
    assert picture.shape == (960, 1440, 3)
    assert not np.array_equal(picture[:, :720], picture[:, 720:])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"size": (960, 9)}, "each side is 200 to 4096"),
        ({"size": (9600, 640)}, "each side is 200 to 4096"),
        ({"kind": "hero"}, "valid choices are learner, rule"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(runs: Runs, wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        draw_frame(runs["meets"], **wrong)


def test_an_empty_history_is_refused(runs: Runs) -> None:
    with pytest.raises(InvalidValue, match="no moment to draw"):
        draw_frame(runs["meets"][:0])


def test_pictures_survive_that_somebody_quits_pygame(runs: Runs) -> None:
    first = draw_frame(runs["meets"], title="Before")
    pygame.quit()
    assert not np.array_equal(draw_frame(runs["meets"], title="A title never drawn before"), first)
    pygame.font.init()
    pygame.quit()
    pygame.font.init()
    draw_frame(runs["meets"], title="Fonts of an earlier time")


def test_the_environment_renders_without_a_display_and_needs_nothing_but_envs() -> None:
    script = """
import os, gymnasium, backpost.envs
env = gymnasium.make("backpost/OpenPlay-v0", render_mode="rgb_array")
env.reset(seed=1)
env.step(env.action_space.sample())
picture = env.render()
assert picture.shape == (640, 960, 3) and picture.dtype == "uint8"
import pygame
assert not pygame.display.get_init() and "SDL_VIDEODRIVER" not in os.environ
import sys
heavy = ("backpost.agents", "backpost.training", "matplotlib", "av.", "torch")
assert not [name for name in sys.modules if name.startswith(heavy)]
"""
    bare = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    bare.pop("SDL_VIDEODRIVER", None)
    assert subprocess.run([sys.executable, "-W", "error", "-c", script], env=bare, timeout=300).returncode == 0


def test_gymnasium_records_a_video(tmp_path: Path) -> None:
    pytest.importorskip("moviepy", reason="Gymnasium's RecordVideo needs moviepy")
    env = gym.make("backpost/OpenPlay-v0", render_mode="rgb_array")
    recorded: Any = gym.wrappers.RecordVideo(env, str(tmp_path / "clips"), disable_logger=True)
    recorded.reset(seed=1)
    steps, over = 0, False
    while not over:
        _, _, over, _, _ = recorded.step(np.zeros(4, np.float32))
        steps += 1
    recorded.close()
    (clip,) = tmp_path.glob("clips/*.mp4")
    with av.open(str(clip)) as container:
        assert sum(1 for _ in container.decode(video=0)) == pytest.approx(steps, abs=1)


def test_without_a_display_a_window_says_so(monkeypatch: pytest.MonkeyPatch, runs: Runs) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    pygame.display.quit()
    env = gym.make("backpost/OpenPlay-v0", render_mode="human")
    with pytest.raises(window.NoDisplay, match="there is no display"):
        env.reset(seed=1)
    env.close()
    with pytest.raises(window.NoDisplay, match="rgb_array"):
        window.Window().show(runs["meets"])


def test_a_window_shows_a_run_and_closes_twice(monkeypatch: pytest.MonkeyPatch, runs: Runs) -> None:
    monkeypatch.setenv("SDL_VIDEODRIVER", "dummy")
    monkeypatch.setattr(window, "HEADLESS", ())
    pygame.display.quit()
    shown = window.Window()
    shown.show(runs["meets"][:3])
    assert shown.size == (WIDTH, HEIGHT)
    pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=pygame.K_ESCAPE))
    shown.show(runs["meets"])
    assert shown.closed
    assert shown.size == (0, 0)
    shown.close()
    shown.show(runs["meets"])
