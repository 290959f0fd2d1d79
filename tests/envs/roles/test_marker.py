"""The marker: what he believes, and what it costs to be seen (the guide's claims 1, 2 and 8 start here)."""

import numpy as np
import pytest

from backpost.envs.crosses import Crosses
from backpost.envs.dynamics.perceive import look
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import RUNNER, SWING

MARKER = 14
"""Who takes the runner when all attackers are marked."""
COUNT = 600


def until_strike(pace: float, wait: int, **parameters: float) -> np.recarray:
    """Crosses stacked in time (decisions, n): the runner stands for `wait` decisions, then runs to the far post."""
    crosses = Crosses("OpenPlay", COUNT, options=Options(marking="man", parameters=parameters))
    crosses.deal(episode_seeds("verify", 7, 0, COUNT))
    frames = [crosses.worlds.copy()]
    actions = np.zeros((COUNT, 4), np.float32)
    for k in range(18):
        me = crosses.worlds.players[:, RUNNER]
        away = np.stack([47.0 - me["x"], 6.0 - me["y"]], axis=1)
        away /= np.linalg.norm(away, axis=1, keepdims=True)
        actions[:, :2] = pace * away if k >= wait else 0.0
        crosses.step(actions)
        frames.append(crosses.worlds.copy())
    return np.stack(frames).view(np.recarray)


def belief_error(frames: np.recarray) -> np.ndarray:
    """Metres between where the marker believes the runner and where he is; shape (decisions, n)."""
    marker, man = frames["players"][:, :, MARKER], frames["players"][:, :, RUNNER]
    error: np.ndarray = np.hypot(marker["belief_x"] - man["x"], marker["belief_y"] - man["y"])
    return error


def before_strike(frames: np.recarray) -> np.ndarray:
    """True while the ball is with the crosser; shape (decisions, n)."""
    return frames["phase"] <= SWING


def test_a_man_in_sight_is_believed_where_he_is_and_one_out_of_sight_is_lost() -> None:
    """The belief is exact in the gaze; outside it, it is off by decimetres and more."""
    frames = until_strike(1.0, 5)
    error, seen = belief_error(frames), frames["players"]["sees_man"][:, :, MARKER] == 1
    valid = before_strike(frames)
    assert error[valid & seen].max() == 0.0
    assert np.median(error[valid & ~seen]) > 0.1
    assert 0.05 < seen[valid].mean() < 0.95


def test_without_belief_limits_nobody_is_ever_lost() -> None:
    """The switch that every claim about sight is measured against."""
    frames = until_strike(1.0, 5, belief_limits_on=0.0)
    assert belief_error(frames).max() == 0.0


def apart(frames: np.recarray) -> np.ndarray:
    """Distance between the marker and his man, m; shape (decisions, n)."""
    marker, man = frames["players"][:, :, MARKER], frames["players"][:, :, RUNNER]
    distance: np.ndarray = np.hypot(marker["x"] - man["x"], marker["y"] - man["y"])
    return distance


def goal_side(frames: np.recarray) -> float:
    """Share of crosses in which the marker ends between his man and the goal line."""
    return float((frames["players"]["x"][-1, :, MARKER] > frames["players"]["x"][-1, :, RUNNER]).mean())


def test_a_waiting_runner_is_marked() -> None:
    """The marker stays goal-side of a man who waits and closes the distance."""
    waiting = until_strike(0.0, 0, marker_gap=0.4, man_weight=1.0)
    assert goal_side(waiting) > 0.9
    assert np.median(apart(waiting)[10]) < np.median(apart(waiting)[0]) - 0.3


def lead(frames: np.recarray) -> float:
    """Metres by which the marker is nearer to the goal line than his man at the end, on average."""
    return float((frames["players"]["x"][-1, :, MARKER] - frames["players"]["x"][-1, :, RUNNER]).mean())


def test_a_sprint_past_the_marker_gains_space_because_he_does_not_see_it() -> None:
    """After 1.5 s of sprint the runner is past him, and further than if the marker had seen it and run with him.

    On the same crosses, beyond all luck, and more with every decision.
    """
    limited, perfect = until_strike(1.0, 3), until_strike(1.0, 3, belief_limits_on=0.0)
    assert lead(limited) < 0.0
    assert lead(limited) < lead(perfect)
    gain = apart(limited) - apart(perfect)
    assert gain[-1].mean() > 6.0 * gain[-1].std() / np.sqrt(COUNT)
    assert np.diff(gain[8:].mean(axis=1)).min() > 0.0


def test_shoulder_checks_happen_at_their_rate() -> None:
    """Over ten minutes of standing still: one look per 1/rate + the .3-.4 s that it takes."""
    crosses = Crosses("OpenPlay", 1, options=Options(marking="man"))
    crosses.deal(episode_seeds("verify", 7, 0, 1))
    world, p = crosses.worlds[0], crosses.parameters[0]
    for _ in range(6_000):
        look(world, MARKER, p)
    marker = crosses.worlds.players[0, MARKER]
    assert marker["checks"] / 600.0 == pytest.approx(1.0 / (1.0 / marker["check_rate"] + 0.4), rel=0.12)
