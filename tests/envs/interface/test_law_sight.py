"""What an observation tells of the ball: in flight the runner's sight of it, at somebody's feet where that man is."""

import numpy as np
import pytest
from a_moment import after, lay, moment, opened, put

from backpost.envs.interface import observation
from backpost.envs.world.record import CARRY, CROSS, CROSSER, HELD, KEEPER, LOOSE, PATH_STEP, RUNNER

MATE = 2
DEFENDER = KEEPER + 2
UNSEEN = ("x", "y", "vx", "vy", "wx", "wy", "wz")
"""What of a ball in flight is never shown as it is."""


def flying(phase: int = CROSS) -> np.recarray:
    """A ball in the air that the runner faces, and has looked at; around him a few others."""
    worlds = moment(1, phase)
    lay(worlds, 36.0, -16.0, 1.5, vx=4.0, vy=14.0)
    worlds.ball.vz, worlds.ball.wz = 5.0, 20.0
    put(worlds, CROSSER, 35.0, -17.0, locked=90.0)
    put(worlds, RUNNER, 44.0, 2.0, fx=0.0, fy=-1.0, read_error=1.0, read_depth=1.0, read_across=-1.0)
    put(worlds, MATE, 40.0, 6.0)
    put(worlds, KEEPER, 51.0, 0.0)
    put(worlds, DEFENDER, 43.0, -2.0)
    return after(worlds, look_depth=0.1, look_across=0.03)


def shown(worlds: np.recarray, vision: str = "full") -> np.ndarray:
    """The observation of the only record, (SIZE,)."""
    return np.asarray(opened(worlds, vision=vision).observe()[0])


def changed(worlds: np.recarray, field: str, by: float) -> np.recarray:
    """The same record with another ball."""
    other = worlds.copy().view(np.recarray)
    other["ball"][field] += by
    return other


@pytest.mark.parametrize("vision", ["full", "cone"])
@pytest.mark.parametrize("phase", [CROSS, LOOSE])
def test_of_a_ball_in_flight_nothing_is_shown_but_the_runners_sight_of_it_and_its_height(
    phase: int, vision: str
) -> None:
    """Bit for bit: wherever the ball truly is, and however it flies and spins."""
    worlds = flying(phase)
    before = shown(worlds, vision)
    assert observation.read(before, "ball_seen") == 1.0
    for field in UNSEEN:
        assert shown(changed(worlds, field, 0.7), vision).tobytes() == before.tobytes(), field
    for field, entry in (("z", "ball_z"), ("vz", "ball_vz")):
        other = shown(changed(worlds, field, 0.7), vision)
        assert np.flatnonzero(other != before).tolist() == [observation.index(entry)]


def test_the_ball_is_shown_where_the_runner_sees_it() -> None:
    worlds = flying()
    row, sight = shown(worlds), worlds.sight[0]
    for axis in ("x", "y"):
        place = observation.read(row, f"ball_{axis}") + observation.read(row, f"runner_{axis}")
        assert place == pytest.approx(sight[axis], abs=1e-4)
        assert abs(sight[axis] - worlds.ball[axis][0]) > 0.01
        assert observation.read(row, f"ball_v_{axis}") == pytest.approx(sight[f"v{axis}"], abs=1e-4)
        assert abs(sight[f"v{axis}"] - worlds.ball[f"v{axis}"][0]) > 0.01


def test_what_the_runner_reads_follows_from_what_he_sees() -> None:
    """Where he expects to meet it, at the head or at the feet, lies on the flight of the ball in his sight."""
    worlds = flying()
    sight, row = worlds.sight[0], shown(worlds)
    for axis, name in enumerate(("x", "y")):
        off, off_speed = (sight[entry] - worlds.ball[entry][0] for entry in (name, f"v{name}"))
        for k in (0, 9):
            expected = off + (k + 1) * PATH_STEP * off_speed
            assert sight["path"][axis, k] - worlds.path[0, axis, k] == pytest.approx(expected, abs=0.1)
            assert abs(expected) > 0.2
    for kind in ("read", "drop"):
        assert observation.read(row, f"{kind}_valid") == 1.0
        k = round(float(observation.read(row, f"{kind}_time")) / PATH_STEP) - 1
        for axis, name in enumerate(("x", "y")):
            place = observation.read(row, f"{kind}_{name}") + observation.read(row, f"runner_{name}")
            assert place == pytest.approx(sight["path"][axis, k], abs=1e-4)
    assert observation.read(row, "drop_time") >= observation.read(row, "read_time")


@pytest.mark.parametrize("phase", [CARRY, HELD])
def test_a_ball_at_the_feet_is_where_its_owner_is(phase: int) -> None:
    """Where he faces shows in nothing, not even where his ball is the offside line: it would tell his aim."""
    owner = CROSSER if phase == CARRY else MATE
    rows = []
    for facing in (0.0, 1.0, 2.5):
        worlds = moment(1, phase)
        worlds.delivery.strike_at = 90.0
        lay(worlds, 48.0, -20.0)
        put(worlds, CROSSER, 48.0, -20.0)
        put(worlds, owner, 48.0, -20.0, fx=np.cos(facing), fy=np.sin(facing))
        worlds.ball.owner, worlds.phase_since = owner, 99.0
        put(worlds, RUNNER, 40.0, 2.0)
        put(worlds, KEEPER, 51.0, 0.0)
        put(worlds, DEFENDER, 43.0, -2.0)
        seen = after(worlds, 3)
        rows.append(shown(seen).tobytes())
        places = [(float(of["x"]), float(of["y"])) for of in (seen.ball[0], seen.players[0, owner])]
        assert places[0] != places[1]
    assert len(set(rows)) == 1


def test_the_offside_line_is_shown_from_the_ball_before_the_strike_and_from_the_defence_after_it() -> None:
    """Where a ball in flight is, the runner only sees: a line that followed it would tell him more."""
    lines = {}
    for phase in (CARRY, CROSS):
        for x in (38.0, 48.0):
            worlds = moment(1, phase)
            worlds.delivery.strike_at = 90.0 if phase == CARRY else worlds.delivery.strike_at
            lay(worlds, x, -20.0, 0.11 if phase == CARRY else 9.0)
            put(worlds, CROSSER, x, -20.0, locked=90.0)
            worlds.ball.owner = CROSSER if phase == CARRY else -1
            put(worlds, RUNNER, 40.0, 2.0)
            put(worlds, KEEPER, 51.0, 0.0)
            put(worlds, DEFENDER, 43.0, -2.0)
            lines[phase, x] = float(observation.read(shown(after(worlds)), "line"))
    assert lines[CROSS, 38.0] == lines[CROSS, 48.0] == lines[CARRY, 38.0] == pytest.approx(3.0)
    assert lines[CARRY, 48.0] == pytest.approx(8.0)


def test_an_opponent_watches_the_runner_when_he_has_him_in_view() -> None:
    """Defenders look at the ball: who stands before it is seen, who stands behind the defender's back is not."""
    watched = []
    for y in (-7.0, 6.0):
        worlds = moment(1, CROSS)
        lay(worlds, 43.0, -20.0, 9.0)
        put(worlds, RUNNER, 43.0, y)
        put(worlds, DEFENDER, 43.0, -2.0)
        watched.append(float(observation.read(shown(after(worlds)), "opponent1_watches")))
    assert watched == [1.0, 0.0]


def test_what_others_do_about_the_ball_is_shown_as_the_runner_judges_it_now() -> None:
    """Of a flight that he himself cannot meet any more too: nothing is left of what he judged of the last one."""
    worlds = moment(1, LOOSE)
    lay(worlds, 40.0, -30.0, 1.0, vy=-12.0)
    put(worlds, RUNNER, 44.0, 2.0, mates_arrive=0.7, rivals_arrive=0.4)
    row = shown(after(worlds))
    assert observation.read(row, "read_valid") == 0.0
    assert observation.read(row, "mates_time") == observation.read(row, "rivals_time") == 3.0
