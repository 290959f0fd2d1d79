"""How a flight is read: never exactly, better as the ball comes, and the latest reading holds all that there was."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from a_moment import after, lay, moment, opened, put

from backpost.envs.world.record import KEEPER, NEVER, PATH_STEP, RUNNER

DEFENDER = KEEPER + 2
COUNT, DECISIONS = 64, 13
BOUND = 4.0 / np.sqrt(2 * COUNT)
"""Four standard errors of a correlation that is zero, along and across the line of sight together."""
NO_SIGHT: dict[str, Any] = {"look_depth": 0.0, "look_across": 0.0}
BLUNT: dict[str, Any] = {"look_depth": 0.1, "look_across": 0.02, "read_error_across": 0.3}
READERS: dict[str, tuple[int, float, dict[str, Any]]] = {
    "the runner's sight": (RUNNER, 0.0, BLUNT),
    "the runner's reading": (RUNNER, 1.0, BLUNT | NO_SIGHT),
    "a defender's reading": (DEFENDER, 1.0, BLUNT),
}
"""Who reads, how badly (m/s), and the parameters of the world."""


@cache
def flights(reader: str) -> tuple[np.ndarray, np.ndarray]:
    """How far the place where the reader expects to meet the ball is from where it will be then, m: (decisions, n, 2).

    Along and across the line of sight. The ball rolls straight towards the reader, who waits for it. And how far
    ahead that is, s: (decisions, n).
    """
    who, error, parameters = READERS[reader]
    worlds = moment(COUNT)
    lay(worlds, 24.0, -20.0, vx=12.0, vy=12.0)
    luck = np.random.default_rng(3)
    put(worlds, who, 44.0, 0.0, read_error=error, read_doubt=1.0)
    for name in ("read_depth", "read_across"):
        worlds["players"][name][:, who] = luck.normal(size=COUNT)
    crosses = opened(worlds, parameters=parameters | {"bend_foreseen": 1.0})
    misses, ahead = [], []
    for _ in range(DECISIONS):
        crosses.step(np.zeros((COUNT, 4)))
        seen = crosses.snapshot()
        me = seen.players[:, who]
        assert (me["arrives"] < NEVER).all()
        k = np.rint(me["arrives"] / PATH_STEP).astype(int) - 1
        met = np.stack([me["meet_x"], me["meet_y"]], axis=1)
        misses.append(met - seen.path[np.arange(COUNT), :2, k])
        ahead.append(me["arrives"])
    turned = np.array([[1.0, 1.0], [-1.0, 1.0]]) / np.sqrt(2.0)
    return np.asarray(np.stack(misses) @ turned.T), np.stack(ahead)


def misreadings(reader: str) -> np.ndarray:
    """The misses of `flights`."""
    return flights(reader)[0]


def size(misses: np.ndarray) -> np.ndarray:
    """Root mean square over the last two axes."""
    return np.asarray(np.sqrt((misses**2).sum(axis=-1).mean(axis=-1)))


@pytest.mark.parametrize("reader", READERS)
def test_a_flight_is_read_better_as_the_ball_comes(reader: str) -> None:
    sizes = size(misreadings(reader))[[0, 4, 8, 12]]
    assert (np.diff(sizes) < 0.0).all()
    assert 0.0 < sizes[-1] < 0.7 * sizes[0]


@pytest.mark.parametrize("reader", READERS)
def test_how_far_a_ball_is_and_how_fast_it_comes_is_read_worse_than_where_it_goes(reader: str) -> None:
    along, across = misreadings(reader)[[0, 6]].std(axis=1).T
    assert (along > 1.5 * across).all()
    assert (across > 0.0).all()


@pytest.mark.parametrize("reader", READERS)
def test_the_mean_of_all_readings_is_no_better_than_the_latest(reader: str) -> None:
    """Who remembers a whole flight knows no more of it than who looks at it now.

    The first readings hardly differ, and which of them is best is luck.
    """
    misses = misreadings(reader)
    so_far = misses.cumsum(axis=0) / np.arange(1, DECISIONS + 1)[:, None, None]
    assert (size(so_far) >= size(misses))[DECISIONS // 2 :].all()


@pytest.mark.parametrize("reader", READERS)
def test_what_an_earlier_reading_adds_says_nothing_of_the_error_of_a_later_one(reader: str) -> None:
    """One misreading that shrank would give itself away: two readings would be enough to take it out."""
    misses, ahead = flights(reader)
    # Looks err in where the ball is, readings in how fast it is.
    errors = misses if reader == "the runner's sight" else misses / ahead[..., None]
    for early, late in ((0, 6), (0, 12), (5, 12)):
        added, left = errors[early] - errors[late], errors[late]
        assert (added.std(axis=0) > 0.0).all()
        assert abs(np.mean([np.corrcoef(added[:, axis], left[:, axis])[0, 1] for axis in range(2)])) < BOUND


def test_of_the_doubt_of_a_first_reading_that_share_is_left_which_is_left_of_the_time() -> None:
    worlds = moment()
    lay(worlds, 24.0, -20.0, vx=12.0, vy=12.0)
    put(worlds, DEFENDER, 44.0, 0.0, read_doubt=1.0)
    first = after(worlds)
    now = after(first, 8).players[0, DEFENDER]
    left = now["arrives"] / first.players["arrives"][0, DEFENDER]
    assert 0.3 < left < 0.8
    assert now["read_doubt"] == pytest.approx(left)
