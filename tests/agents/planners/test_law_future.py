"""What a planner imagines: what can be seen stays, and what nobody can know is the same whatever it is."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from a_moment import NOW, lay, moment, put

from backpost.agents.planners.future import as_seen, imagine_all
from backpost.envs.world.parameters import parameters
from backpost.envs.world.record import CARRY, CROSS, CROSSER, KEEPER, LOW, NOBODY, RUNNER, new_worlds

MATE = 2
MARKER = KEEPER + 2
PLACES = ("x", "y", "vx", "vy", "fx", "fy", "gaze_x", "gaze_y", "man", "home_x", "home_y", "role")


def seen(phase: int) -> np.recarray:
    """A cross as everybody sees it."""
    worlds = moment(1, phase)
    lay(worlds, 40.0, -20.0, vx=3.0, vy=8.0 if phase == CROSS else 0.0)
    put(worlds, CROSSER, 39.5, -20.0)
    put(worlds, RUNNER, 38.0, 6.0, vx=2.0)
    put(worlds, MATE, 44.0, -4.0)
    put(worlds, KEEPER, 51.0, 0.0)
    put(worlds, MARKER, 42.0, 5.0, man=RUNNER, belief_x=38.0, belief_y=6.0)
    worlds.delivery.chosen = int(phase == CROSS)
    worlds.sight.x, worlds.sight.y, worlds.sight.vx, worlds.sight.vy = 40.6, -20.2, 3.5, 7.0
    if phase == CARRY:
        worlds.ball.owner = CROSSER
        worlds.delivery.strike_at = NOW + 2.0
    return worlds


def imagined(worlds: np.recarray, luck: int = 7) -> np.recarray:
    """One future of this record, by this luck."""
    futures = new_worlds(1)
    numbers, foreseen = parameters(), as_seen(parameters())
    plain = (array.view(np.ndarray) for array in (numbers, foreseen, futures))
    records = worlds.view(np.ndarray)
    imagine_all(records, np.zeros(1, np.int64), np.array([luck], np.uint64), *plain)
    return futures


Hide = Callable[[np.recarray], Any]
HIDDEN: dict[str, tuple[int, Hide]] = {
    "the seed": (CARRY, lambda worlds: worlds.__setattr__("seed", 12345)),
    "when he will strike": (CARRY, lambda worlds: worlds.delivery.__setattr__("strike_at", NOW + 1.2)),
    "whether he will check back": (CARRY, lambda worlds: worlds.delivery.__setattr__("check_back_at", NOW + 0.2)),
    "how the ball will bend": (CARRY, lambda worlds: worlds.delivery.__setattr__("swing", -1.0)),
    "how far the keeper comes": (CARRY, lambda worlds: worlds.pattern.__setattr__("keeper_range", 3.0)),
    "how fast a defender is": (CARRY, lambda worlds: put(worlds, MARKER, 42.0, 5.0, man=RUNNER, top_speed=9.0)),
    "the luck after the strike": (CROSS, lambda worlds: worlds.__setattr__("seed", 12345)),
    "how others read the flight": (CROSS, lambda worlds: worlds.players["read_depth"].__setitem__((0, MARKER), 2.0)),
    "how high a defender jumps": (CROSS, lambda worlds: worlds.players["jump"].__setitem__((0, MARKER), 3.0)),
    "where the ball truly is": (CROSS, lambda worlds: worlds.ball.__setattr__("x", 41.0)),
    "how fast the ball truly is": (CROSS, lambda worlds: worlds.ball.__setattr__("vy", 9.0)),
}


@pytest.mark.parametrize("what", HIDDEN)
def test_a_future_does_not_depend_on_what_nobody_can_know(what: str) -> None:
    """Two crosses that look alike have the same futures, bit for bit."""
    phase, hide = HIDDEN[what]
    first, second = seen(phase), seen(phase)
    for worlds in (first, second):
        worlds.players.belief_x[0, MARKER], worlds.players.belief_y[0, MARKER] = 38.0, 6.0
    hide(second)
    second.players.belief_x[0, MARKER], second.players.belief_y[0, MARKER] = 38.0, 6.0
    assert first.tobytes() != second.tobytes(), "nothing was hidden"
    assert imagined(first).tobytes() == imagined(second).tobytes()


def test_futures_differ_by_their_luck_and_keep_what_can_be_seen() -> None:
    for phase in (CARRY, CROSS):
        worlds = seen(phase)
        first, second = imagined(worlds, 7), imagined(worlds, 8)
        assert first.tobytes() != second.tobytes()
        for name in PLACES:
            assert first.players[name].tobytes() == worlds.players[name].tobytes(), name
        for name in ("z", "vz"):
            assert first.ball[name] == worlds.ball[name]
        assert first.time == worlds.time


def test_in_a_future_the_ball_flies_as_the_runner_sees_it_and_he_reads_it_without_error() -> None:
    """Before the strike it lies where it is, at the crosser's feet."""
    for phase, of in ((CARRY, "ball"), (CROSS, "sight")):
        worlds = seen(phase)
        for luck in (7, 8):
            future = imagined(worlds, luck)
            for name in ("x", "y", "vx", "vy"):
                assert future.ball[name] == worlds[of][name], name
    assert [future.sight[name] for name in ("x", "y", "vx", "vy")] == [
        future.ball[name] for name in ("x", "y", "vx", "vy")
    ]


def test_after_the_strike_a_planner_takes_for_true_the_bend_that_the_runner_reads() -> None:
    """He misjudges the spin: by how much is nobody's to know."""
    share = float(parameters().bend_error[0])
    for bend in (-1.0, 0.0, 1.0):
        worlds = seen(CROSS)
        worlds.ball.wz, worlds.sight.bend = 30.0, bend
        assert imagined(worlds).ball.wz[0] == pytest.approx(30.0 * (1.0 + share * bend))


def test_before_it_is_shown_a_delivery_that_was_chosen_is_chosen_anew() -> None:
    worlds = seen(CARRY)
    worlds.delivery.chosen, worlds.delivery.kind, worlds.delivery.target = 1, LOW, NOBODY
    assert imagined(worlds).delivery.chosen[0] == 0
