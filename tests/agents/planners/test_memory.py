"""What a planner remembers of whom its runner does not see."""

import numpy as np
import pytest
from a_moment import lay, moment, put

from backpost.agents.planners.memory import remember
from backpost.envs.world.parameters import parameters
from backpost.envs.world.record import CARRY, CROSS, CROSSER, DECISION_TIME, KEEPER, RUNNER, new_worlds

BEHIND = KEEPER + 2
ALL_ROUND, CONE = 0, 1


def scene(phase: int = CARRY) -> np.recarray:
    """A runner who faces the goal; one defender is ahead of him and one behind."""
    worlds = moment(1, phase)
    put(worlds, RUNNER, 40.0, 0.0)
    put(worlds, CROSSER, 42.0, -25.0)
    put(worlds, KEEPER, 51.0, 0.0)
    put(worlds, BEHIND, 30.0, 2.0, vx=2.0)
    lay(worlds, 42.0, -25.0)
    return worlds


def recalled(*moments: np.recarray, cone: int = CONE) -> np.recarray:
    """What is remembered after these moments, one decision apart."""
    remembered, scratch = new_worlds(1), new_worlds(1)
    for worlds in moments:
        plain = (array.view(np.ndarray) for array in (parameters(), remembered, scratch))
        remember(worlds.view(np.ndarray), np.zeros(1, np.int64), cone, *plain)
    return remembered


def turned(worlds: np.recarray, fx: float) -> np.recarray:
    """The same moment with the runner facing this way along x."""
    now = worlds.copy().view(np.recarray)
    now.players["fx"][:, RUNNER] = fx
    return now


def test_with_all_round_sight_the_cross_is_known_as_it_is() -> None:
    assert recalled(scene(), cone=ALL_ROUND).tobytes() == scene().tobytes()


def test_whom_he_has_not_seen_is_left_out() -> None:
    remembered = recalled(scene())
    assert remembered.players["present"][0, [RUNNER, CROSSER, KEEPER]].all()
    assert not remembered.players["present"][0, BEHIND]


def test_whom_he_no_longer_sees_goes_on_as_he_last_saw_him() -> None:
    elsewhere = scene()
    elsewhere.players["x"][0, BEHIND] = 20.0
    remembered = recalled(turned(scene(), -1.0), elsewhere, elsewhere)
    assert remembered.players["x"][0, BEHIND] == pytest.approx(30.0 + 2 * 2.0 * DECISION_TIME)
    assert remembered.players["y"][0, BEHIND] == 2.0


def test_a_ball_in_flight_is_where_he_sees_it_and_out_of_sight_flies_on() -> None:
    """What it then does in truth makes no difference."""
    flies = scene(CROSS)
    lay(flies, 42.0, -15.0, z=2.0, vy=15.0)
    flies.sight.x, flies.sight.y, flies.sight.vx, flies.sight.vy = 42.5, -15.5, 0.0, 14.0
    seen = recalled(flies)
    assert [seen.ball[name][0] for name in ("x", "y", "vy")] == [42.5, -15.5, 14.0]
    lost = flies.copy().view(np.recarray)
    lay(lost, 20.0, 0.0, z=1.0, vy=-3.0)
    remembered = recalled(flies, lost)
    assert remembered.ball["x"][0] == pytest.approx(42.5, abs=0.1)
    assert remembered.ball["y"][0] == pytest.approx(-15.5 + 1.4, abs=0.1)
    assert remembered.ball["z"][0] == pytest.approx(2.0, abs=0.2)
