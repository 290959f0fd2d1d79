"""What every scenario deals, and that after the deal the same laws and the same agents hold everywhere."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest

from backpost.agents.base.play import play
from backpost.agents.registry import agent
from backpost.envs import SCENARIOS, Crosses, InvalidValue, Options, UnknownOption
from backpost.envs.scenarios.drills import SETS
from backpost.envs.scenarios.match import CORNERS, COUNTER_ATTACKS, FREE_KICKS
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.parameters import parameters
from backpost.envs.world.record import (
    ATTACKERS,
    CORNER_KICK,
    CROSS,
    CROSSER,
    FREE_KICK,
    KEEPER,
    OFFSIDE,
    OVER,
    PRESSER,
    ROLE_MARKER,
    ROLE_ZONAL,
    RUNNER,
    SWING,
)

COUNT = 200
SEEDS = episode_seeds("verify", 23, 0, 3_000)
OUTFIELD = slice(KEEPER + 1, None)


def dealt(name: str, count: int = COUNT, **options: object) -> Crosses:
    """Crosses just opened."""
    crosses = Crosses(name, count, options=Options.of(**options))
    crosses.deal(SEEDS[:count])
    return crosses


def frames(crosses: Crosses, action: npt.ArrayLike = (0.0, 0.0, 0.0, 0.0)) -> np.recarray:
    """The crosses stacked in time until all are over, (decisions + 1, n); the runner does the same all along."""
    actions = np.tile(np.asarray(action, np.float32), (crosses.count, 1))
    moments, done = [crosses.snapshot()], np.zeros(crosses.count, bool)
    while not done.all():
        _, done = crosses.step(actions)
        moments.append(crosses.snapshot())
    return np.stack(moments).view(np.recarray)


def until_struck(crosses: Crosses, before: Callable[[], None] = lambda: None) -> np.recarray:
    """The crosses, each at the first decision after its strike; `before` is called before every decision."""
    at_strike, struck = crosses.snapshot(), np.zeros(crosses.count, bool)
    while not struck.all():
        before()
        crosses.step(np.zeros((crosses.count, 4)))
        now = (crosses.worlds.phase > SWING) & ~struck
        at_strike[now] = crosses.worlds[now]
        struck |= now
    return at_strike


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_same_agents_can_be_asked_everywhere(name: str) -> None:
    """Observation and action spaces are those of open play, and rules play every cross to its end."""
    first, other = Crosses("OpenPlay"), Crosses(name)
    assert other.observation_space == first.observation_space
    assert other.action_space == first.action_space
    for rule in ("flight-reader", "near-post-sprint"):
        assert (play(agent(rule), name, SEEDS[:16])["phase"] == OVER).all()


def test_match_mixes_its_four_scenarios_in_their_proportions() -> None:
    """Chi-square of the counts below its 99.9 % quantile for three degrees of freedom."""
    worlds = dealt("Match", len(SEEDS)).worlds
    corner, free_kick = worlds.set_piece == CORNER_KICK, worlds.set_piece == FREE_KICK
    counter = worlds.counter_attack == 1
    counts = np.array([corner.sum(), free_kick.sum(), counter.sum(), (~(corner | free_kick | counter)).sum()])
    shares = np.array([CORNERS, FREE_KICKS, COUNTER_ATTACKS, 1.0 - CORNERS - FREE_KICKS - COUNTER_ATTACKS])
    expected = shares * len(SEEDS)
    assert ((counts - expected) ** 2 / expected).sum() < 16.27


def test_a_cross_of_a_match_is_bit_for_bit_that_of_its_scenario() -> None:
    """The same seed deals the same record alone, and nothing later asks where it came from."""
    match = dealt("Match")
    kinds = np.where(match.worlds.counter_attack == 1, 3, match.worlds.set_piece)
    singles = [dealt(name) for name in ("OpenPlay", "Corner", "FreeKick", "Transition")]
    for crosses in (match, *singles):
        for action in np.random.default_rng(1).uniform(-1.0, 1.0, (40, COUNT, 4)):
            crosses.step(action)
    for kind, single in enumerate(singles):
        assert (kinds == kind).any()
        assert match.worlds[kinds == kind].tobytes() == single.worlds[kinds == kind].tobytes()


@pytest.mark.parametrize("name", ["Corner", "FreeKick", "DrillSetPiece"])
def test_the_ball_of_a_set_piece_lies_still_until_its_taker_strikes_it(name: str) -> None:
    """It does not move before the strike, the taker is there then, and nobody but he struck it."""
    run = frames(dealt(name, 60))
    still = run.phase <= SWING
    for axis in ("x", "y", "z"):
        assert (np.where(still, run.ball[axis], run.ball[axis][0]) == run.ball[axis][0]).all()
    taker = run[-1].view(np.recarray).players[:, CROSSER]
    away = np.hypot(taker["strike_x"] - run.ball.x[0], taker["strike_y"] - run.ball.y[0])
    assert away.max() < 1.5


@pytest.mark.parametrize(("name", "offside"), [("Corner", 0), ("DrillSetPiece", 0), ("FreeKick", 1), ("OpenPlay", 1)])
def test_nobody_is_offside_from_the_corner_kick_itself(name: str, offside: int) -> None:
    """A runner behind the goal line at the strike is offside from every ball but a corner kick (Law 11.3)."""
    crosses = dealt(name)
    runner = crosses.worlds.players[:, RUNNER]

    def wait_behind_the_line() -> None:
        runner["x"], runner["y"] = 53.3, 9.0

    struck = until_struck(crosses, wait_behind_the_line)
    flying = struck.phase == CROSS
    assert flying.sum() > 20
    assert (struck.players.offside[flying, RUNNER] == offside).all()


def test_after_a_corner_one_can_be_offside_at_the_second_touch() -> None:
    """The exemption is the kick's alone: some cross ends with an attacker penalised."""
    run = frames(dealt("Corner"), (1.0, 0.0, 0.0, 0.0))
    kick, later = run.ball.touches <= 1, run.ball.touches > 1
    offside = run.players.offside[:, :, :ATTACKERS].any(axis=2)
    assert not offside[kick].any()
    assert offside[later].any()
    crosses = dealt("Corner", 1500)
    over = np.zeros(1500, bool)
    while not over.all():
        _, over = crosses.step(np.tile([1.0, 0.0, 0.0, 0.0], (1500, 1)))
    assert (crosses.worlds["outcome"] == OFFSIDE).any()


def test_the_line_of_a_free_kick_holds_until_the_strike_and_drops_with_it() -> None:
    """Zonal defenders behind the wall: still at the strike where they were; a second later nearer to their goal."""
    crosses = dealt("FreeKick", marking="zonal")
    start = crosses.snapshot()
    line = start.players.role[:, PRESSER + 1 :] == ROLE_ZONAL
    struck = until_struck(crosses)
    run = frames(dealt("FreeKick", marking="zonal"))
    second_later = np.minimum(struck.decisions + 10, len(run) - 1)
    later = run[second_later, np.arange(COUNT)].view(np.recarray)
    places = [worlds.players.x[:, PRESSER + 1 :][line] for worlds in (start, struck, later)]
    assert np.abs(places[1] - places[0]).mean() < 0.3
    assert (places[2] > places[1] + 0.3).mean() > 0.6


def test_in_a_fast_break_a_few_defenders_run_back() -> None:
    """Three to five in the field, all of them on the run towards their own goal; no other scenario is a fast break."""
    worlds = dealt("Transition").worlds
    there = worlds.players.present[:, OUTFIELD] == 1
    assert set(there.sum(axis=1)) == {3, 4, 5}
    assert (worlds.players.vx[:, OUTFIELD][there] > 3.0).all()
    assert (worlds.players.fx[:, OUTFIELD][there] > 0.9).all()
    assert (worlds.counter_attack == 1).all()
    for name in ("OpenPlay", "Corner", "FreeKick", "DrillCrossing"):
        assert not dealt(name, 20).worlds.counter_attack.any()


def test_who_drills_crossing_has_no_opponents_and_is_never_offside() -> None:
    """Even a runner who goes ahead of everybody at once."""
    run = frames(dealt("DrillCrossing"), (1.0, 0.0, 0.0, 0.0))
    assert not run.players.present[:, :, ATTACKERS:].any()
    assert not run.players.offside.any()
    assert (run.outcome[-1] != OFFSIDE).all()
    assert (run.players.present[:, :, :ATTACKERS].sum(axis=2) == 2).all()


def test_the_shadow_marks_the_runner_and_stays_with_him() -> None:
    """One opponent in the field, his man is the runner; he keeps a marker's distance to a man who waits, goal-side."""
    crosses = dealt("DrillShadow")
    players = crosses.worlds.players
    shadows = (players.present[:, OUTFIELD] == 1) & (players.role[:, OUTFIELD] == ROLE_MARKER)
    assert (players.present[:, OUTFIELD].sum(axis=1) == 1).all()
    assert (shadows.sum(axis=1) == 1).all()
    assert (players.man[:, OUTFIELD][shadows] == RUNNER).all()

    def apart() -> float:
        x, y = players.x[:, OUTFIELD][shadows], players.y[:, OUTFIELD][shadows]
        return float(np.median(np.hypot(x - players.x[:, RUNNER], y - players.y[:, RUNNER])))

    for _ in range(15):
        crosses.step(np.zeros((COUNT, 4)))
    assert apart() == pytest.approx(float(parameters()["marker_gap"][0]), abs=0.15)
    assert (players.x[:, OUTFIELD][shadows] > players.x[:, RUNNER]).mean() > 0.9


def test_a_set_is_the_same_corner_again_and_again() -> None:
    """Places, skills and aim of a set are those of every seed, the luck is not; no two sets are alike."""
    openings = []
    for number in range(SETS):
        worlds = dealt("DrillSetPiece", 12, set=number).worlds
        for field in ("present", "role", "man", "x", "y", "top_speed", "start", "home_x", "home_y"):
            assert (worlds.players[field] == worlds.players[field][0]).all(), field
        for field in ("kind", "aim_x", "aim_y", "strike_at", "swing"):
            assert (worlds.delivery[field] == worlds.delivery[field][0]).all(), field
        assert len({row.tobytes() for row in worlds.players.read_depth}) == 12
        openings.append((worlds.players.x[0].tobytes(), float(worlds.delivery.aim_y[0])))
    assert len({places for places, _ in openings}) == SETS
    assert len({aim for _, aim in openings}) > 1


def test_a_set_is_aimed_alike_and_struck_with_the_luck_of_the_seed() -> None:
    """The aim does not answer what the crosser sees; where the ball goes is another matter."""
    crosses = dealt("DrillSetPiece", 40, set=3)
    aims = crosses.snapshot().delivery[["kind", "aim_x", "aim_y"]]
    struck = until_struck(crosses)
    assert (struck.delivery[["kind", "aim_x", "aim_y"]] == aims).all()
    assert len(np.unique(struck.delivery.vx)) == 40


def test_without_a_set_the_seed_draws_one_of_the_repertoire() -> None:
    """Each of them comes up, and it is the one that can be chosen."""
    drawn = dealt("DrillSetPiece").worlds.players.x
    repertoire = [dealt("DrillSetPiece", 1, set=number).worlds.players.x[0].tobytes() for number in range(SETS)]
    assert {row.tobytes() for row in drawn} == set(repertoire)


@pytest.mark.parametrize("number", [-1, SETS, 1.5, True, "3", float("nan")])
def test_a_set_that_does_not_exist_is_refused(number: object) -> None:
    with pytest.raises(InvalidValue, match=f"set must be a whole number from 0 to {SETS - 1}, got"):
        Crosses("DrillSetPiece", options=Options.of(set=number))


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name != "DrillSetPiece"])
def test_only_the_set_piece_drill_has_sets(name: str) -> None:
    with pytest.raises(UnknownOption, match=f"{name} got an unexpected keyword argument 'set'"):
        Crosses(name, options=Options(set=3))
