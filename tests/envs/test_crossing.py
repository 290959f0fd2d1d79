import copy
import hashlib
import pickle
from collections.abc import Callable
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from backpost.envs import SCENARIOS, Crosses, CrossingEnv, InvalidValue, ResetNeeded, in_words
from backpost.envs.interface.outcome import WORDS, metrics
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import NEVER

IDS = tuple(scenario.id for scenario in SCENARIOS.values())


def make(name: str = IDS[0]) -> CrossingEnv:
    env = gym.make(name).unwrapped
    assert isinstance(env, CrossingEnv)
    return env


def episodes(env: CrossingEnv, seed: int, count: int) -> str:
    """A hash of everything that `count` episodes of a stream return."""
    luck = np.random.default_rng(seed)
    trace = hashlib.sha256()
    for k in range(count):
        observation, info = env.reset(seed=seed if k == 0 else None)
        trace.update(observation.tobytes() + repr(info).encode())
        over = False
        while not over:
            observation, reward, over, truncated, info = env.step(luck.uniform(-1.0, 1.0, 4).astype(np.float32))
            assert not truncated
            trace.update(observation.tobytes() + repr((reward, over, sorted(info.items()))).encode())
        trace.update(env.crosses.snapshot().tobytes())
    return trace.hexdigest()


@pytest.mark.parametrize("name", IDS)
def test_twins_on_one_seed_live_the_same_life_across_resets(name: str) -> None:
    assert episodes(make(name), 31, 6) == episodes(make(name), 31, 6)


@pytest.mark.parametrize("name", IDS)
def test_a_seed_opens_the_same_episodes_whatever_was_played_before(name: str) -> None:
    env = make(name)
    first = episodes(env, 31, 4)
    assert episodes(env, 32, 3) != first
    assert episodes(env, 31, 4) == first


def test_the_episodes_of_a_stream_are_those_of_its_hash() -> None:
    env = make()
    seeds = [env.reset(seed=9)[1]["seed"], env.reset()[1]["seed"], env.reset()[1]["seed"]]
    assert seeds == episode_seeds("reset", 9, 0, 3).tolist()


def test_an_evaluation_cross_is_opened_by_its_number_and_leaves_the_stream_alone() -> None:
    env = make()
    env.reset(seed=9)
    observation, info = env.reset(options={"cross": 17})
    assert info["seed"] == episode_seeds("evaluate", 0, 17, 1)[0]
    assert env.reset()[1]["seed"] == episode_seeds("reset", 9, 1, 1)[0]
    assert make().reset(options={"cross": 17})[0].tobytes() == observation.tobytes()


def test_without_a_seed_every_environment_opens_a_stream_of_its_own() -> None:
    assert len({make().reset()[1]["seed"] for _ in range(8)}) == 8


@pytest.mark.parametrize(
    "options", [{"corner": 3}, {"cross": -1}, {"cross": 1.5}, {"cross": True}, {"cross": 2**64}, ["cross"]]
)
def test_reset_options_that_do_not_exist_are_refused_and_change_nothing(options: Any) -> None:
    env = make()
    env.reset(seed=9)
    with pytest.raises(InvalidValue, match="cross"):
        env.reset(seed=8, options=options)
    assert env.reset()[1]["seed"] == episode_seeds("reset", 9, 1, 1)[0]


@pytest.mark.parametrize("seed", [2**64, -1, 1.5, "abc", True, [1]])
def test_a_seed_that_is_no_64_bit_number_is_refused_in_one_sentence(seed: Any) -> None:
    with pytest.raises(InvalidValue, match="seed must be a whole number from 0"):
        make().reset(seed=seed)
    assert make().reset(seed=np.uint8(9))[1] == make().reset(seed=9)[1]  # type: ignore[arg-type]


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))])
def test_a_copy_or_a_pickle_lives_on_like_the_original(copied: Callable[[Any], Any]) -> None:
    env = gym.make(IDS[0])
    env.reset(seed=31)
    for _ in range(10):
        env.step(np.ones(4, np.float32))
    twin = copied(env)
    assert isinstance(twin.unwrapped, CrossingEnv)
    over, decisions = False, 0
    while not over:
        mine, theirs = twin.step(np.ones(4, np.float32)), env.step(np.ones(4, np.float32))
        assert mine[0].tobytes() == theirs[0].tobytes()
        assert repr(mine[1:]) == repr(theirs[1:])
        over, decisions = theirs[2], decisions + 1
    assert decisions > 3
    assert twin.reset()[1] == env.reset()[1]
    assert episodes(twin.unwrapped, 5, 2) == episodes(make(), 5, 2)


def test_before_the_first_reset_there_is_nothing_to_step_or_draw() -> None:
    env = CrossingEnv(render_mode="rgb_array")
    blank = env.save_state()
    for ask in (env.render, lambda: env.step(np.zeros(4)), lambda: (env.restore_state(blank), env.step(np.zeros(4)))):
        with pytest.raises(ResetNeeded, match="call reset before") as refused:
            ask()
        assert isinstance(refused.value, gym.error.ResetNeeded)
        assert isinstance(refused.value, ValueError)


def test_a_restored_state_can_be_drawn_at_once() -> None:
    env = CrossingEnv(render_mode="rgb_array")
    env.reset(seed=3)
    first, saved = env.render(), env.save_state()
    env.step(np.ones(4))
    env.restore_state(saved)
    assert np.array_equal(env.render(), first)


def test_a_state_without_a_stream_opens_no_stream_when_it_is_restored() -> None:
    env = make()
    env.reset(options={"cross": 5})
    env.restore_state(env.save_state())
    assert env.reset()[1]["seed"] != make().reset(seed=0)[1]["seed"]


@pytest.mark.parametrize("state", [None, 3, np.zeros(1)])
def test_only_a_saved_state_can_be_restored(state: Any) -> None:
    with pytest.raises(InvalidValue, match="restore_state takes what save_state returned"):
        make().restore_state(state)


def test_a_state_goes_back_to_nothing_but_its_own_scenario_and_options() -> None:
    """It went on as the other scenario's, or under the other parameters."""
    env = CrossingEnv("OpenPlay")
    before, _ = env.reset(seed=1)
    other = CrossingEnv("Corner")
    other.reset(seed=1)
    with pytest.raises(InvalidValue, match="saved with: Corner, not OpenPlay"):
        env.restore_state(other.save_state())
    easy = CrossingEnv("OpenPlay", difficulty=0.5)
    easy.reset(seed=1)
    with pytest.raises(InvalidValue, match="the options that it was saved with"):
        env.restore_state(easy.save_state())
    assert np.array_equal(env.restore_state(env.save_state()), before)


@pytest.mark.parametrize("name", IDS)
def test_one_environment_is_a_batch_of_one(name: str) -> None:
    env, crosses = make(name), Crosses(name, 1)
    observation, info = env.reset(seed=4)
    crosses.deal(np.array([info["seed"]], np.uint64))
    luck = np.random.default_rng(4)
    over = False
    while not over:
        assert observation.tobytes() == crosses.observe().tobytes()
        action = luck.uniform(-1.0, 1.0, 4)
        observation, reward, over, _, info = env.step(action)
        rewards, done = crosses.step(action[None])
        assert (reward, over) == (rewards[0], done[0])
        assert (type(reward), type(over)) == (float, bool)
    assert env.crosses.snapshot().tobytes() == crosses.snapshot().tobytes()


def test_the_last_info_is_the_one_definition_of_the_metrics() -> None:
    env = make()
    for _ in range(5):
        env.reset()
        over, paid = False, 0.0
        while not over:
            _, reward, over, _, info = env.step(np.zeros(4))
            paid += reward
            assert info["reward_xg"] == reward
            assert info["xg"] == pytest.approx(paid)
        row = metrics(env.crosses.worlds)[0]
        for name in row.dtype.names:
            happened = np.isfinite(row["place_x"] if name == "zone" else row[name])
            assert info[name] == (row[name] if happened else -1 if name == "zone" else NEVER)
        assert info["is_success"] == (env.crosses.worlds[0].goals > 0)
        words = in_words(info)
        assert [WORDS[name].index(words[name]) for name in ("outcome", "technique")] == [
            row["outcome"],
            row["technique"],
        ]


def test_time_is_up_in_the_end_and_that_is_a_termination() -> None:
    env = gym.make(IDS[0], parameters={"limit_after_strike": 4.0})
    for seed in range(6):
        env.reset(seed=seed)
        over, decisions = False, 0
        while not over:
            _, _, over, truncated, _ = env.step(np.zeros(4, np.float32))
            decisions += 1
            assert not truncated
        assert decisions <= 90


def test_the_picture_is_drawn_without_a_screen_and_moves_on() -> None:
    env = gym.make(IDS[0], render_mode="rgb_array")
    env.reset(seed=3)
    first: Any = env.render()
    env.step(np.ones(4, np.float32))
    second: Any = env.render()
    for frame in (first, second):
        assert isinstance(frame, np.ndarray)
        assert frame.dtype == np.uint8
        assert frame.ndim == 3
        assert frame.shape[2] == 3
    assert not np.array_equal(first, second)
    env.close()
    env.close()


class SavingAndRestoring(RuleBasedStateMachine):
    """Whatever is done in between, a restored state goes on as its record says."""

    def __init__(self) -> None:
        super().__init__()
        self.env, self.twin = make(), make()
        self.over = False
        self.env.reset(seed=1)
        self.saved = self.env.save_state()

    @rule(action=st.lists(st.floats(-1.0, 1.0), min_size=4, max_size=4), times=st.integers(1, 30))
    def play(self, action: list[float], times: int) -> None:
        for _ in range(times):
            if not self.over:
                self.over = self.env.step(np.array(action))[2]

    @rule(seed=st.integers(0, 5))
    def reset(self, seed: int) -> None:
        self.env.reset(seed=seed or None)
        self.over = False

    @rule()
    def save(self) -> None:
        self.saved = self.env.save_state()

    @rule()
    def restore(self) -> None:
        self.env.restore_state(self.saved)
        self.over = self.env.crosses.worlds[0].outcome != 0

    @invariant()
    def a_twin_with_the_same_state_does_the_same(self) -> None:
        observation = self.twin.restore_state(self.env.save_state())
        assert observation.tobytes() == self.env.crosses.observe().tobytes()
        here = self.env.save_state()
        mine, twins = self.env.step(np.ones(4)), self.twin.step(np.ones(4))
        assert mine[0].tobytes() == twins[0].tobytes()
        assert mine[1:4] == twins[1:4]
        assert self.env.reset()[1] == self.twin.reset()[1]
        self.env.restore_state(here)


SavingAndRestoring.TestCase.settings = settings(max_examples=10, stateful_step_count=15, deadline=None)
TestSavingAndRestoring = SavingAndRestoring.TestCase
