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
from backpost.envs.world.record import FATE_BLOCKED, FATE_GOAL, HEADER, KEEPER, RUNNER, SIDE_FOOT, VOLLEY, new_worlds

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
    players.top_speed[0, KEEPER] = P.keeper_speed
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


@pytest.mark.parametrize("keeper_full_reach", [2.4, 3.3])
@pytest.mark.parametrize("header_error", [0.08, 0.25])
@pytest.mark.parametrize("header_speed", [9.0, 15.0])
def test_a_header_is_worth_less_from_farther_until_it_is_worth_nothing(
    header_speed: float, header_error: float, keeper_full_reach: float
) -> None:
    """However far the keeper dives and however well headers are struck: with more time the keeper moves across."""
    chosen = {"header_speed": header_speed, "header_error": header_error, "keeper_full_reach": keeper_full_reach}
    p = parameters(**chosen)[0]

    def worth(distance: float) -> float:
        return float(np.mean([shot_value(chance(distance, y)[0], RUNNER, HEADER, p) for y in (-2.0, 0.0, 2.0)]))

    values = np.array([worth(distance) for distance in (4.0, 6.0, 9.0, 13.0, 18.0)])
    assert ((np.diff(values) < 0.0) | (values[1:] < 0.01)).all()
    assert values[-1] < 0.25 * values[0]


def test_a_shot_is_worth_less_under_pressure_and_with_a_keeper_in_its_way() -> None:
    """A defender on the shoulder costs; a keeper in the way costs."""
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


def spread(worlds: np.recarray, technique: int, **chosen: float) -> float:
    """Error of the runner's shot, rad (sd)."""
    return float(shot_error(worlds[0], RUNNER, technique, parameters(**chosen)[0]))


@pytest.mark.parametrize(("technique", "height"), [(HEADER, 2.0), (SIDE_FOOT, 0.2)])
def test_pressure_spoils_headers_and_kicks_each_by_a_share_of_its_own(technique: int, height: float) -> None:
    """By an opponent's nearness: headers, whose body is in the air, by theirs, kicks by theirs."""
    near, far = chance(8.0, gap=0.7, height=height), chance(8.0, gap=30.0, height=height)
    own, other = ("header_pressure_error", "foot_pressure_error")[:: 1 if technique == HEADER else -1]
    for share in (0.0, 0.5, 2.0):
        spoiled = spread(near, technique, **{own: share, other: 3.0}) / spread(
            far, technique, **{own: share, other: 3.0}
        )
        assert spoiled == pytest.approx(1.0 + share * np.exp(-np.hypot(0.1, 0.7)), rel=1e-6)


@pytest.mark.parametrize("technique", [VOLLEY, SIDE_FOOT])
def test_a_half_volley_is_harder_than_a_rolling_ball(technique: int) -> None:
    """The faster it drops, or rises from the grass."""

    def error(vz: float) -> float:
        worlds = chance(8.0, height=0.3)
        worlds.ball.vz = vz
        return spread(worlds, technique, falling_error=0.1)

    assert error(-6.0) == error(6.0) > error(-2.0) > error(0.0)
    assert error(-6.0) == pytest.approx(1.6 * error(0.0))


def test_a_running_header_is_faster_than_a_standing_one() -> None:
    """By a share of the speed towards its aim; running away from it does not slow it."""
    speeds = []
    for vx in (-5.0, 0.0, 5.0):
        worlds = chance(8.0)
        worlds.players.vx[0, RUNNER] = vx
        p = parameters(header_speed=11.0, header_own_speed=0.4, own_speed_share=0.0)[0]
        speeds.append(shot_aim(worlds[0], RUNNER, HEADER, p)[0])
    assert speeds[0] == speeds[1] == 11.0
    assert 12.5 < speeds[2] < 13.0


def test_beside_a_header_bodies_jump() -> None:
    """A flat ball at a height between that of a standing and that of a jumping body is blocked as a header only."""
    worlds = chance(8.0, height=2.0)
    worlds.players.x[0, 14], worlds.players.y[0, 14] = 52.5 - 6.0, 0.0
    for standing, jumping, techniques in ((1.8, 2.2, {HEADER}), (1.8, 1.8, set()), (2.1, 2.2, {HEADER, VOLLEY})):
        p = parameters(shot_block_height=standing, header_block_height=jumping)[0]
        blocked = {t for t in (HEADER, VOLLEY) if member_fate(worlds[0], t, 0, 15.0, 0.0, 0.6, p)[0] == FATE_BLOCKED}
        assert blocked == techniques


def test_a_keeper_who_is_still_moving_reacts_later() -> None:
    """He saves less; where that counts for nothing, as much as a set one."""
    values = {}
    for unset in (0.0, 0.6):
        for speed in (0.0, 4.0):
            worlds = chance(11.0, height=0.2)
            worlds.players.vy[0, KEEPER] = speed
            values[unset, speed] = float(shot_value(worlds[0], RUNNER, SIDE_FOOT, parameters(keeper_unset=unset)[0]))
    assert values[0.0, 0.0] == values[0.0, 4.0] == values[0.6, 0.0] < values[0.6, 4.0]
