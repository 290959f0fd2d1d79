"""Law 11 as the world plays it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backpost.envs.world.laws import offside_line, take_offside
from backpost.envs.world.parameters import parameters
from backpost.envs.world.record import KEEPER, RUNNER, new_worlds

P = parameters()[0]


def pitch(runner: float, defenders: list[float], ball: float) -> np.recarray:
    """A world with the runner, defenders (the first is the keeper) and the ball at these x."""
    worlds = new_worlds(1)
    worlds.players.present[0, RUNNER], worlds.players.x[0, RUNNER] = 1, runner
    for i, x in enumerate(defenders):
        worlds.players.present[0, KEEPER + i], worlds.players.x[0, KEEPER + i] = 1, x
    worlds.ball.x = ball
    return worlds


@given(st.lists(st.floats(1.0, 52.0), min_size=2, max_size=8), st.floats(1.0, 52.0))
@settings(deadline=None)
def test_the_line_is_the_second_last_opponent_or_the_ball(defenders: list[float], ball: float) -> None:
    """Whichever is nearer to the goal line, whoever the last one is."""
    worlds = pitch(0.0, defenders, ball)
    assert offside_line(worlds[0]) == max(sorted(defenders)[-2], ball)


@pytest.mark.parametrize(
    ("runner", "defenders", "ball", "offside"),
    [
        (45.0, [51.0, 44.0], 40.0, 1),
        (44.0, [51.0, 44.0], 40.0, 0),
        (45.0, [51.0, 44.0], 46.0, 0),
        (45.0, [43.0, 44.0, 51.0], 40.0, 1),
        (45.0, [43.0, 47.0, 46.0], 40.0, 0),
    ],
    ids=["beyond", "level is onside", "behind the ball", "a field player last", "keeper far out"],
)
def test_who_is_offside_at_a_touch(runner: float, defenders: list[float], ball: float, offside: int) -> None:
    """Beyond ball and second-last opponent, not level, and never the player who touches it."""
    worlds = pitch(runner, defenders, ball)
    take_offside(worlds[0], 0, P)
    assert worlds.players.offside[0, RUNNER] == offside
    take_offside(worlds[0], RUNNER, P)
    assert worlds.players.offside[0, RUNNER] == 0


@pytest.mark.parametrize("defenders", [[], [51.0]], ids=["nobody", "only a keeper"])
@pytest.mark.parametrize("runner", [30.0, 52.0, 53.4])
def test_without_two_opponents_nobody_is_offside(runner: float, defenders: list[float]) -> None:
    """As in a drill; not even behind the goal line."""
    worlds = pitch(runner, defenders, 20.0)
    take_offside(worlds[0], 0, P)
    assert worlds.players.offside[0, RUNNER] == 0


def test_the_switch_turns_the_law_off() -> None:
    """With `offside_on` at 0 nobody is offside."""
    worlds = pitch(50.0, [51.0, 40.0], 40.0)
    take_offside(worlds[0], 0, parameters(offside_on=0.0)[0])
    assert worlds.players.offside[0, RUNNER] == 0
