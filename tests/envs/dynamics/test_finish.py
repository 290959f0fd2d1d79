"""A shot is worth the mean of the set that it is drawn from, and football decides what that is."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backpost.envs.crosses import Crosses
from backpost.envs.dynamics.finish import (
    ERRORS,
    MEMBERS,
    member_fate,
    member_launch,
    shoot,
    shot_aim,
    shot_error,
    shot_value,
)
from backpost.envs.dynamics.touch import touch_chance
from backpost.envs.scenarios.registry import SCENARIOS
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.parameters import parameters
from backpost.envs.world.pitch import HALF_LENGTH, HALF_WIDTH
from backpost.envs.world.record import FATE_GOAL, HEADER, KEEPER, RUNNER, SIDE_FOOT, VOLLEY, new_worlds

P = parameters()[0]


def chance(
    distance: float, y: float = 0.0, gap: float = 2.5, height: float = 2.0, keeper_y: float = 0.0
) -> np.recarray:
    """A runner with the ball in the air `distance` metres out, the keeper near his line, one defender beside."""
    worlds = new_worlds(1)
    players = worlds.players
    players.present[0, [RUNNER, KEEPER, 14]] = 1
    players.x[0, RUNNER], players.y[0, RUNNER], players.fx[0, RUNNER] = 52.5 - distance, y, 1.0
    players.vx[0, RUNNER] = 4.0
    players.x[0, KEEPER], players.y[0, KEEPER], players.reaction[0, KEEPER] = 51.3, keeper_y, P.keeper_reaction
    players.x[0, 14], players.y[0, 14] = 52.5 - distance - 0.1, y + gap
    ball = worlds.ball
    ball.x, ball.y, ball.z, ball.vy, ball.vz = 52.5 - distance, y, height, 14.0, -2.0
    return worlds


def value(worlds: np.recarray, technique: int) -> float:
    """P(goal) of the runner's shot."""
    return float(shot_value(worlds[0], RUNNER, technique, P))


def test_the_error_set_is_centred_and_of_unit_size() -> None:
    """The fixed low-discrepancy set: 64 members, mean zero, spread of a standard normal within 7 %."""
    assert ERRORS.shape == (MEMBERS, 3)
    assert np.abs(ERRORS[:, :2].mean(axis=0)).max() < 1e-12
    assert ERRORS[:, :2].std(axis=0) == pytest.approx([1.0, 1.0], abs=0.07)
    assert ((ERRORS[:, 2] > 0.0) & (ERRORS[:, 2] < 1.0)).all()


def test_the_shot_that_is_played_is_a_member_of_the_set_drawn_evenly() -> None:
    """Over 20,000 seeds the played shots score as often as the set says (4 standard errors)."""
    worlds = chance(8.0)
    expected = value(worlds, HEADER)
    goals = 0
    for seed in episode_seeds("verify", 5, 0, 20_000):
        trial = worlds.copy().view(np.recarray)
        trial.seed = seed
        shoot(trial[0], RUNNER, HEADER, P)
        goals += int(trial.shot.fate[0] == FATE_GOAL)
    error = np.sqrt(expected * (1 - expected) / 20_000)
    assert abs(goals / 20_000 - expected) < 4 * error
    speed, azimuth, elevation = shot_aim(worlds[0], RUNNER, HEADER, P)
    spread = shot_error(worlds[0], RUNNER, HEADER, P)
    launches = [member_launch(m, speed, azimuth, elevation, spread, P) for m in range(MEMBERS)]
    fates = [member_fate(worlds[0], HEADER, m, *launch, P)[0] for m, launch in enumerate(launches)]
    assert expected == fates.count(FATE_GOAL) / MEMBERS


@pytest.mark.parametrize("name", SCENARIOS)
def test_mean_goals_equal_mean_xg(name: str) -> None:
    """Over 4,000 crosses goals minus xG is zero within 4 standard errors: xG is unbiased by construction."""
    crosses = Crosses(name, 4_000)
    crosses.deal(episode_seeds("verify", 6, 0, 4_000))
    crosses.worlds.players.outside[:, RUNNER] = 0
    done = np.zeros(4_000, bool)
    while not done.all():
        _, done = crosses.step(np.zeros((4_000, 4)))
    gap = crosses.worlds.goals - crosses.worlds.xg
    assert gap.std() > 0.05
    assert abs(gap.mean()) < 4 * gap.std() / np.sqrt(len(gap))


def test_a_shot_is_worth_less_from_farther_and_under_pressure() -> None:
    """Headers lose with distance; a defender on the shoulder costs; a keeper in the way costs."""
    values = [value(chance(d), HEADER) for d in (4.0, 6.0, 9.0, 13.0, 18.0)]
    assert (np.diff(values) < 0.0).all()
    assert value(chance(8.0, gap=0.7), HEADER) < value(chance(8.0, gap=3.0), HEADER)
    covered, open_side = (chance(6.0, y=3.0, height=0.2, keeper_y=y) for y in (1.5, -2.0))
    assert value(covered, SIDE_FOOT) < value(open_side, SIDE_FOOT)


def test_the_volley_of_a_steeply_falling_ball_is_harder_than_a_side_foot() -> None:
    """An exploit of an earlier prototype: high balls left to drop were finished too easily."""
    easy, hard = chance(8.0, height=0.3), chance(8.0, height=1.2)
    hard.ball.vz = -9.0
    assert value(hard, VOLLEY) < 0.6 * value(easy, SIDE_FOOT)


def test_a_ball_that_drops_to_the_feet_is_hardly_surer_touched_than_one_in_the_air() -> None:
    """An exploit that policies found: headers are often missed, so they waited until the ball was below the knee."""

    def touched(height: float, vz: float) -> float:
        worlds = chance(8.0, gap=5.0, height=height)
        worlds.ball.vz = vz
        return float(touch_chance(worlds[0], RUNNER, P))

    in_the_air, rolling = touched(1.0, -6.0), touched(0.2, 0.0)
    assert rolling > 0.95
    assert in_the_air < touched(0.2, -6.0) < in_the_air + 0.1
    assert touched(0.2, -6.0) == touched(0.2, 6.0)
    assert touched(0.2, -6.0) < touched(0.2, -2.0) < rolling


def test_an_open_body_finishes_better() -> None:
    """Facing away from the goal costs accuracy."""
    facing, turned = chance(8.0), chance(8.0)
    turned.players.fx[0, RUNNER] = -1.0
    assert value(turned, HEADER) < value(facing, HEADER)


@settings(max_examples=200, deadline=None)
@given(
    distance=st.floats(0.5, 40.0),
    y=st.floats(-33.9, 33.9),
    azimuth=st.floats(-1.7, 1.7),
    error=st.floats(0.05, 0.8),
)
def test_no_shot_is_followed_beyond_the_lines(distance: float, y: float, azimuth: float, error: float) -> None:
    """A shot is over where it leaves the pitch: one sailed 277 m wide, until level with the goal."""
    worlds = chance(distance, y=y)
    speed, _, elevation = shot_aim(worlds[0], RUNNER, HEADER, P)
    for member in range(MEMBERS):
        vx, vy, vz = member_launch(member, speed, azimuth, elevation, error, P)
        _, seconds, _ = member_fate(worlds[0], HEADER, member, vx, vy, vz, P)
        assert seconds >= 0.0
        assert abs(y + vy * seconds) < HALF_WIDTH + 1e-6
        assert 52.5 - distance + vx * seconds < HALF_LENGTH + 1e-6
