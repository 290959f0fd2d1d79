"""The ball obeys published physics."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backpost.envs.dynamics.fly import drag_coefficient, fly_step, lift_coefficient
from backpost.envs.dynamics.strike import fly_over, solve_launch, spin_axis
from backpost.envs.world.ball import AIR, GRAVITY, RADIUS
from backpost.envs.world.parameters import parameters

P = parameters()[0]


def flight(speed: float, degrees: float, back: float = 0.0, side: float = 0.0, seconds: float = 4.0) -> np.ndarray:
    """A ball struck towards +x: rows of t, x, y, z, vx, vy, vz every 10 ms."""
    up, spin = math.radians(degrees), spin_axis(0.0, back, side)
    state = (0.0, 0.0, RADIUS, speed * math.cos(up), 0.0, speed * math.sin(up))
    rows = [(0.0, *state)]
    while rows[-1][0] < seconds:
        state = fly_step(*state, *spin, P, 0.01)
        rows.append((rows[-1][0] + 0.01, *state))
    return np.array(rows)


def landing(rows: np.ndarray) -> np.ndarray:
    """The first row at which the ball is back on the grass."""
    first: np.ndarray = rows[1 + np.flatnonzero(rows[1:, 3] <= RADIUS)[0]]
    return first


@pytest.mark.parametrize(
    ("speed", "degrees", "distance", "seconds", "apex"),
    [(26.0, 18.0, 32.0, 1.6, 3.8), (22.5, 19.5, 27.0, 1.5, None)],
    ids=["corner", "open play"],
)
def test_published_deliveries_are_reproduced(
    speed: float, degrees: float, distance: float, seconds: float, apex: float | None
) -> None:
    """Distance and time of the first contact, at the height of a head, within a tenth of the published ones."""
    rows = flight(speed, degrees, P.backspin)
    descending = np.flatnonzero((rows[:, 6] < 0) & (rows[:, 3] < 1.8))[0]
    assert rows[descending, 1] == pytest.approx(distance, rel=0.12)
    assert rows[descending, 0] == pytest.approx(seconds, rel=0.12)
    if apex is not None:
        assert rows[:, 3].max() == pytest.approx(apex, rel=0.12)


def test_drag_stays_in_the_range_fitted_to_real_flights() -> None:
    """Cd .25 at 10 m/s falls to .14 at 25 m/s and nowhere rises."""
    values = [drag_coefficient(v, P) for v in np.linspace(5.0, 35.0, 61)]
    assert [values[10], values[40]] == pytest.approx([0.25, 0.14])
    assert (np.diff(values) <= 0.0).all()


def test_lift_follows_the_measured_curve() -> None:
    """Magnus coefficient against spin parameter: 0, .04, .1, .2, .4 -> 0, .10, .16, .23, .33."""
    assert [lift_coefficient(s) for s in (0.0, 0.04, 0.1, 0.2, 0.4)] == pytest.approx([0.0, 0.10, 0.16, 0.23, 0.33])


def test_spin_bends_the_ball_the_way_magnus_says() -> None:
    """Spin about the vertical (anticlockwise from above) bends it left, clockwise right, alike; backspin lifts it."""
    left, right = (landing(flight(24.0, 20.0, side=w)) for w in (20.0, -20.0))
    assert left[2] > 1.0
    assert left[2] == pytest.approx(-right[2])
    assert landing(flight(24.0, 20.0))[2] == 0.0
    assert flight(24.0, 20.0, back=8.0)[:, 3].max() > flight(24.0, 20.0)[:, 3].max()


@given(st.floats(8.0, 35.0), st.floats(0.0, 60.0), st.floats(-40.0, 40.0))
@settings(max_examples=60, deadline=None)
def test_a_ball_never_gains_energy(speed: float, degrees: float, spin: float) -> None:
    """Neither air nor grass gives energy (up to the error of one step of integration)."""
    rows = flight(speed, degrees, 0.5 * abs(spin), spin, 3.0)
    energy = 0.5 * (rows[:, 4:] ** 2).sum(axis=1) + GRAVITY * rows[:, 3]
    assert np.diff(energy).max() < 2e-3 * energy[0]


def test_a_bounce_keeps_the_published_shares_of_speed() -> None:
    """A flat fast ball keeps .6-.8 of its vertical and .72-.82 of its horizontal speed, a steep slow one .52-.61."""
    for vx, vz, low, high in ((20.0, -4.0, 0.6, 0.8), (2.0, -9.0, 0.52, 0.64)):
        _, _, _, after_x, _, after_z = fly_step(0.0, 0.0, RADIUS + 0.001, vx, 0.0, vz, 0.0, 0.0, 0.0, P, 0.001)
        assert low < -after_z / vz < high
        assert 0.72 < after_x / vx < 0.82


def test_a_rolling_ball_slows_by_friction_and_air_and_stops() -> None:
    """Deceleration at 5 m/s is the rolling one plus drag, and a stopped ball stays."""
    _, _, z, vx, _, _ = fly_step(0.0, 0.0, RADIUS, 5.0, 0.0, 0.0, 0.0, 0.0, 0.0, P, 0.01)
    assert z == RADIUS
    assert (5.0 - vx) / 0.01 == pytest.approx(P.rolling_deceleration + AIR * P.drag_slow * 25.0, rel=1e-6)
    x, _, _, vx, _, _ = fly_step(3.0, 0.0, RADIUS, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, P, 0.01)
    assert (x, vx) == (3.0, 0.0)


@given(st.floats(15.0, 38.0), st.floats(0.28, 0.5), st.floats(-25.0, 25.0), st.floats(-1.0, 1.0))
@settings(max_examples=80, deadline=None)
def test_the_solver_hits_what_the_crosser_aims_at(
    distance: float, elevation: float, spin: float, bearing: float
) -> None:
    """The solved launch passes within half a metre of the aim, with spin, at any range of a cross."""
    speed, azimuth, seconds = solve_launch(distance, bearing, RADIUS, 1.7, elevation, P.backspin, spin, P)
    height, direction, again = fly_over(speed, elevation, azimuth, P.backspin, spin, distance, RADIUS, P)
    assert abs(height - 1.7) < 0.35
    assert abs(direction - bearing) * distance < 0.5
    assert seconds == pytest.approx(again, abs=0.1)
