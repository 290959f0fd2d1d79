"""Many learners play the same world as everybody else: nothing changes but who decides."""

from typing import Any

import numpy as np
import pytest
from pettingzoo.test import parallel_api_test, parallel_seed_test

from backpost.envs import Crosses, InvalidAction, InvalidValue, Options, ResetNeeded, UnknownOption
from backpost.envs.learners.crossing_parallel import CrossingParallelEnv
from backpost.envs.learners.many_crosses import ManyCrosses
from backpost.envs.learners.many_vector import ManyCrossingVector
from backpost.envs.learners.names import GROUPS, PLAYER_OF, learners_of
from backpost.envs.learners.view import VIEW
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import KEEPER, RUNNER

SEEDS = episode_seeds("verify", 77, 0, 24)
EVERYBODY = ("runner", "teammates", "keeper", "defenders")


def luck(many: ManyCrosses, random: np.random.Generator) -> dict[str, Any]:
    return {name: random.uniform(-1.0, 1.0, (many.crosses.count, 4)) for name in many.agents}


def played(many: ManyCrosses, seeds: np.ndarray = SEEDS, decisions: int = 60) -> np.recarray:
    """The records after random decisions, which depend on the cross alone."""
    many.deal(seeds)
    random = [np.random.default_rng([int(seed)]) for seed in seeds]
    for _ in range(decisions):
        each = [{name: draws.uniform(-1.0, 1.0, 4) for name in PLAYER_OF} for draws in random]
        many.step({name: np.array([row[name] for row in each]) for name in many.agents})
    return many.crosses.snapshot()


# It warns of agents who are possible and took no part: who marks differs between crosses.
@pytest.mark.filterwarnings("ignore:No agents present but not all possible_agents:UserWarning")
@pytest.mark.parametrize("learners", ["runner", EVERYBODY, "markers"])
def test_pettingzoos_own_tests_accept_it(learners: Any) -> None:
    parallel_api_test(CrossingParallelEnv("OpenPlay", learners), num_cycles=150)
    parallel_seed_test(lambda: CrossingParallelEnv("Corner", learners))


def test_a_runner_who_learns_alone_plays_the_usual_environment() -> None:
    """Bit for bit: observations, rewards and records."""
    many, usual = ManyCrosses("OpenPlay", len(SEEDS), "runner"), Crosses("OpenPlay", len(SEEDS))
    many.deal(SEEDS)
    usual.deal(SEEDS)
    random = np.random.default_rng(1)
    for _ in range(50):
        assert np.array_equal(many.observe()["runner"], usual.observe())
        actions = random.uniform(-1.0, 1.0, (len(SEEDS), 4))
        rewards, over = many.step({"runner": actions})
        expected, ended = usual.step(actions)
        assert np.array_equal(rewards["runner"], expected)
        assert np.array_equal(over, ended)
    assert many.crosses.snapshot().tobytes() == usual.snapshot().tobytes()


@pytest.mark.parametrize("learners", ["teammates", "presser", "markers", "zonal", "keeper"])
def test_learners_who_decide_as_their_scripts_do_change_nothing(learners: str) -> None:
    """Their intents of each decision, taken from a twin that scripts play, lead to the same cross."""
    scripted, learned = (ManyCrosses("OpenPlay", len(SEEDS), names) for names in ("runner", ("runner", learners)))
    scripted.deal(SEEDS)
    learned.deal(SEEDS)
    assert learned.present[:, 1:].any()
    random = np.random.default_rng(2)
    for _ in range(70):
        own = random.uniform(-1.0, 1.0, (len(SEEDS), 4))
        scripted.step({"runner": own})
        intents = scripted.crosses.worlds["players"]["intent"]
        decided = {
            name: np.stack([intents[x][:, player] for x in ("vx", "vy", "fx", "fy")], axis=1)
            for name, player in zip(learned.agents, learned.players, strict=True)
        }
        learned.step(decided | {"runner": own})
    for field in ("time", "outcome"):
        assert np.array_equal(scripted.crosses.worlds[field], learned.crosses.worlds[field])
    np.testing.assert_allclose(scripted.crosses.worlds["xg"], learned.crosses.worlds["xg"], atol=1e-9)


def test_no_correction_of_a_script_is_the_script() -> None:
    """Bit for bit, for everybody at once; and a correction moves whoever gives it."""
    scripted = ManyCrosses("OpenPlay", len(SEEDS), "runner")
    corrected, pushed = (ManyCrosses("OpenPlay", len(SEEDS), EVERYBODY, correct_scripts=True) for _ in range(2))
    random = np.random.default_rng(5)
    for many in (scripted, corrected, pushed):
        many.deal(SEEDS)
    for _ in range(70):
        own = {"runner": random.uniform(-1.0, 1.0, (len(SEEDS), 4))}
        nothing = dict.fromkeys(corrected.agents, np.zeros((len(SEEDS), 4)))
        scripted.step(own)
        corrected.step(nothing | own)
        pushed.step(nothing | own | {"keeper": np.tile([-1.0, 0.0, 0.0, 0.0], (len(SEEDS), 1))})
    players = [many.crosses.snapshot()["players"] for many in (scripted, corrected, pushed)]
    for field in ("x", "y", "vx", "vy", "fx", "fy"):
        assert np.array_equal(players[0][field], players[1][field])
    assert (players[2]["x"] < players[0]["x"])[:, KEEPER].mean() > 0.8


def test_a_learner_is_moved_by_its_own_actions() -> None:
    """And nobody is by those of an agent who takes no part."""
    many = ManyCrosses("OpenPlay", len(SEEDS), ("keeper", "markers"))
    many.deal(SEEDS)
    before = many.crosses.snapshot()
    outwards = {name: np.tile([-1.0, 0.0, 0.0, 0.0], (len(SEEDS), 1)) for name in many.agents}
    for _ in range(10):
        many.step(outwards)
    moved = (many.crosses.worlds["players"]["x"] - before["players"]["x"])[:, many.players]
    assert (moved[many.present] < -0.5).all()  # a metre less where somebody was in the way
    assert np.median(moved[many.present]) < -2.5


def test_attack_and_defence_are_paid_the_opposite() -> None:
    many = ManyCrosses("OpenPlay", len(SEEDS), EVERYBODY)
    many.deal(SEEDS)
    random, paid = np.random.default_rng(3), 0.0
    for _ in range(80):
        rewards, _ = many.step(luck(many, random))
        for k, name in enumerate(many.agents):
            sign = 1.0 if many.players[k] < KEEPER else -1.0
            expected = np.where(many.present[:, k], sign * rewards["runner"], 0.0)
            assert np.array_equal(rewards[name], expected)
        paid += float(rewards["runner"].sum())
    assert paid > 0.0


def test_a_cross_plays_the_same_alone_and_in_a_batch() -> None:
    together = played(ManyCrosses("OpenPlay", 6, EVERYBODY), SEEDS[:6])
    for i in range(6):
        alone = played(ManyCrosses("OpenPlay", 1, EVERYBODY), SEEDS[i : i + 1])
        assert alone.tobytes() == together[i : i + 1].tobytes()


def test_the_left_wing_is_the_mirror_image_for_every_learner() -> None:
    right, left = (ManyCrosses("OpenPlay", len(SEEDS), EVERYBODY, options=Options(wing=w)) for w in ("right", "left"))
    right.deal(SEEDS)
    left.deal(SEEDS)
    mirror = np.array([-1.0 if entry.name.endswith("_y") or entry.name == "wing" else 1.0 for entry in VIEW.entries])
    random = np.random.default_rng(4)
    for _ in range(40):
        seen, other = right.observe(), left.observe()
        for name in right.agents[1:]:
            np.testing.assert_array_equal(seen[name], (mirror * other[name]).astype(np.float32))
        actions = luck(right, random)
        right.step(actions)
        left.step({name: values * [1.0, -1.0, 1.0, -1.0] for name, values in actions.items()})
    assert right.crosses.snapshot().tobytes() == left.crosses.snapshot().tobytes()


def test_what_is_behind_a_learner_is_not_seen() -> None:
    """Team-mates who look upfield see nothing of the keeper, and those who look at the goal see him."""
    many = ManyCrosses("OpenPlay", len(SEEDS), "teammates")
    many.deal(SEEDS)
    shown = [name for name, rows in many.observe().items() if (VIEW.read(rows, "keeper_seen") == 1.0).any()]
    assert len(shown) > 2
    for _ in range(10):
        many.step({name: np.tile([0.0, 0.0, -1.0, 0.0], (len(SEEDS), 1)) for name in many.agents})
    worlds, seen = many.crosses.worlds, many.observe()
    hidden = 0
    for k, name in enumerate(many.agents):
        me = worlds["players"][:, many.players[k]]
        keeper = worlds["players"][:, KEEPER]
        dx, dy = keeper["x"] - me["x"], keeper["y"] - me["y"]
        behind = many.present[:, k] & ((me["fx"] * dx + me["fy"] * dy) / np.hypot(dx, dy) < -0.5)
        assert (VIEW.read(seen[name], "keeper_seen")[behind] == 0.0).all()
        assert (VIEW.read(seen[name], "keeper_x")[behind] == 0.0).all()
        hidden += int(behind.sum())
    assert hidden > 10


class Still:
    """A runner who stands, and counts his crosses."""

    def __init__(self) -> None:
        self.opened = 0

    def reset(self, seeds: Any) -> None:
        self.opened += len(seeds)

    def restart(self, which: Any, seeds: Any) -> None:
        self.opened += int(which.sum())

    def act(self, observations: Any) -> Any:
        return np.zeros((len(observations), 4))


def test_a_runner_of_ones_own_plays_against_learners() -> None:
    runner = Still()
    vector = ManyCrossingVector(5, learners="markers", runner=runner, marking="man")
    vector.reset(seed=3)
    start = vector.many.crosses.worlds["players"]["x"][:, RUNNER].copy()
    ended = 0
    for _ in range(150):
        _, _, over = vector.step({name: np.zeros((5, 4)) for name in vector.agents})
        ended += int(over.sum())
    assert ended > 5
    assert runner.opened == 5 + ended
    assert start.shape == (5,)


def test_a_cross_in_which_nobody_learns_is_passed_over() -> None:
    vector = ManyCrossingVector(8, learners="markers")
    vector.reset(seed=0)
    for _ in range(200):
        vector.step({name: np.zeros((8, 4)) for name in vector.agents})
        assert vector.take_part().any(axis=1).all()
    with pytest.raises(InvalidValue, match="choose other learners"):
        ManyCrossingVector(1, learners="markers", marking="zonal").reset(seed=0)


def test_what_cannot_be_is_refused_in_one_sentence() -> None:
    with pytest.raises(InvalidValue, match="learner must be one of runner, teammate_1"):
        learners_of("strikers")
    with pytest.raises(InvalidValue, match="names of agents or groups"):
        learners_of([])
    with pytest.raises(InvalidValue, match="nobody else can play the runner"):
        ManyCrosses(learners="runner", runner=Still())
    with pytest.raises(InvalidValue, match="action_type 'continuous'"):
        ManyCrosses(options=Options(action_type="discrete"))
    with pytest.raises(UnknownOption):
        CrossingParallelEnv(marking="man", markings="man")
    env = CrossingParallelEnv(learners=("runner", "keeper"))
    with pytest.raises(ResetNeeded):
        env.step({})
    env.reset(seed=1)
    with pytest.raises(InvalidAction, match="runner, keeper"):
        env.step({"runner": np.zeros(4)})
    with pytest.raises(InvalidAction, match="finite"):
        env.step({"runner": np.zeros(4), "keeper": np.full(4, np.nan)})
    assert set(GROUPS) == {"teammates", "presser", "markers", "zonal", "defenders"}
