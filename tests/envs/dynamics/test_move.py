"""Bodies obey the published law of running, turn slowly at speed, and do not pass through each other."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backpost.envs.dynamics.move import get_ready, move, separate
from backpost.envs.dynamics.step import SUBSTEP as STEP
from backpost.envs.world.parameters import parameters
from backpost.envs.world.record import SUBSTEPS, new_worlds

P = parameters()[0]


def one_player(**fields: float) -> np.recarray:
    """A world with attacker 1 alone, facing +x."""
    worlds = new_worlds(1)
    start = {"present": 1, "fx": 1.0, "top_speed": 8.0} | fields
    for name, value in start.items():
        worlds.players[name][0, 1] = value
    return worlds


def want(worlds: np.recarray, vx: float, vy: float, fx: float = 0.0, fy: float = 0.0, i: int = 1) -> None:
    """Write an intent."""
    for name, value in (("vx", vx), ("vy", vy), ("fx", fx), ("fy", fy)):
        worlds.players.intent[name][0, i] = value
    get_ready(worlds[0], P)


def test_a_sprint_from_rest_follows_the_closed_form() -> None:
    """x(t) = vmax (t - (1 - exp(-k t)) / k) (Fujimura & Sugihara 2005)."""
    worlds = one_player()
    want(worlds, 1.0, 0.0)
    for n in range(1, 121):
        move(worlds[0], P, STEP)
        t, k = n * STEP, P.acceleration_rate
        assert worlds.players.x[0, 1] == pytest.approx(8.0 * (t - (1.0 - math.exp(-k * t)) / k), abs=1e-6)


@pytest.mark.parametrize(("fx", "fy", "low", "high"), [(0.0, 1.0, 4.0, 5.0), (-1.0, 0.0, 3.9, 4.5)])
def test_moving_sideways_and_backwards_is_slower(fx: float, fy: float, low: float, high: float) -> None:
    """Published: 4-5 m/s sideways, 4-4.5 m/s backwards; this one's top speed is 8 m/s and he has run for 6 s."""
    worlds = one_player(fx=fx, fy=fy)
    want(worlds, 1.0, 0.0, fx, fy)
    for _ in range(round(6.0 / STEP)):
        move(worlds[0], P, STEP)
    assert low <= worlds.players.vx[0, 1] <= high


def test_braking_is_bounded() -> None:
    """A runner at full speed who wants to go back decelerates by 6-8 m/s2."""
    worlds = one_player(vx=8.0)
    want(worlds, -1.0, 0.0, 1.0, 0.0)
    move(worlds[0], P, STEP)
    assert 6.0 <= (8.0 - worlds.players.vx[0, 1]) / STEP <= 8.0


def test_turning_is_slower_at_speed() -> None:
    """The angle turned in a second from rest exceeds that at 8 m/s, and both are the table's rates."""

    def turned(speed: float) -> float:
        worlds = one_player(vx=speed)
        want(worlds, speed / 8.0, 0.0, -1.0, 0.02)
        for _ in range(2 * SUBSTEPS):
            move(worlds[0], P, STEP)
            worlds.players.vx[0, 1], worlds.players.vy[0, 1] = speed, 0.0
        return math.atan2(worlds.players.fy[0, 1], worlds.players.fx[0, 1])

    assert turned(0.0) == pytest.approx(P.turn_rate * 0.2, rel=0.02)
    assert turned(8.0) == pytest.approx((P.turn_rate - 8.0 * P.turn_slowing) * 0.2, rel=0.02)


@given(
    st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3), st.floats(-1, 1), st.floats(-1, 1)), min_size=2, max_size=8)
)
@settings(max_examples=60, deadline=None)
def test_no_body_passes_through_another(crowd: list[tuple[float, float, float, float]]) -> None:
    """However a crowd runs, after a second no two centres are nearer than 60 % of the distance of two bodies."""
    worlds = new_worlds(1)
    for i, (x, y, vx, vy) in enumerate(crowd):
        worlds.players.present[0, i], worlds.players.top_speed[0, i], worlds.players.fx[0, i] = 1, 8.0, 1.0
        worlds.players.x[0, i], worlds.players.y[0, i] = x, y + 1e-3 * i
        size = max(math.hypot(vx, vy), 1.0)
        want(worlds, vx / size, vy / size, i=i)
    for substep in range(10 * SUBSTEPS):
        if substep % SUBSTEPS == 0:
            get_ready(worlds[0], P)
        move(worlds[0], P, STEP)
        if substep % 2 == 0:
            separate(worlds[0], P)
    x, y = worlds.players.x[0, : len(crowd)], worlds.players.y[0, : len(crowd)]
    apart = np.hypot(x[:, None] - x, y[:, None] - y) + 9.0 * np.eye(len(crowd))
    assert apart.min() > 0.6 * P.body_distance


def test_nobody_stands_in_the_goal() -> None:
    """A runner who sprints at the goal mouth stops in front of the line."""
    worlds = one_player(x=50.0, vx=8.0)
    want(worlds, 1.0, 0.0)
    for _ in range(100):
        move(worlds[0], P, STEP)
    assert worlds.players.x[0, 1] <= 52.5
