"""The Stable-Baselines3 face keeps that library's contracts and stores what was really seen."""

from itertools import product
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.vec_env import DummyVecEnv, VecEnv

from backpost.envs.common.errors import InvalidAction, InvalidValue, ResetNeeded, UnknownOption
from backpost.envs.crosses import Crosses
from backpost.envs.interface import observation
from backpost.envs.interface.options import ACTION_TYPES
from backpost.envs.scenarios.registry import SCENARIOS
from backpost.envs.world.chance import episode_seeds
from backpost.training.learn.crossing_sb3 import CrossingVecEnv
from backpost.training.speed.stub import StubVecEnv

torch.set_num_threads(1)


def _actions(count: int, steps: int) -> np.ndarray:
    return np.random.default_rng(0).uniform(-1, 1, (steps, count, 4)).astype(np.float32)


def _step(env: CrossingVecEnv | StubVecEnv, actions: np.ndarray) -> tuple[Any, Any, Any, list[dict[str, Any]]]:
    env.step_async(actions)
    return env.step_wait()


def test_the_next_cross_is_dealt_in_the_same_step_and_the_last_observation_told() -> None:
    env = CrossingVecEnv("OpenPlay", 6)
    env.reset()
    twin = Crosses("OpenPlay", 6)
    twin.deal(env.episode_seeds())
    ends = 0
    for actions in _actions(6, 200):
        before = env.episode_seeds()
        observations, rewards, dones, infos = _step(env, actions)
        expected, done = twin.step(actions)
        assert np.array_equal(dones, done)
        assert np.allclose(rewards, expected, atol=1e-7)
        for i in np.flatnonzero(dones):
            ends += 1
            assert np.array_equal(infos[i]["terminal_observation"], twin.observe()[i])
            assert infos[i]["TimeLimit.truncated"] is False
            assert infos[i]["is_success"] == (twin.worlds[i].goals > 0)
            assert infos[i]["xg"] == twin.worlds[i].xg
        assert not any(infos[i] for i in np.flatnonzero(~dones))
        twin.deal(env.episode_seeds(), dones)
        assert np.array_equal(observations, twin.observe())
        assert np.array_equal(env.episode_seeds() != before, dones)
    assert ends > 6


def test_episode_statistics_are_return_and_length_before_scaling() -> None:
    env = CrossingVecEnv("OpenPlay", 32, reward="own_xg", reward_scale=50.0)
    env.reset()
    returns, lengths, seen = np.zeros(32), np.zeros(32, int), 0
    for actions in _actions(32, 150):
        _, rewards, dones, infos = _step(env, actions)
        returns += rewards / 50.0
        lengths += 1
        for i in np.flatnonzero(dones):
            assert infos[i]["episode"]["r"] == pytest.approx(returns[i], abs=1e-6)
            assert infos[i]["episode"]["l"] == lengths[i]
            seen += 1
        returns[dones], lengths[dones] = 0.0, 0
    assert seen > 32


def test_episode_k_of_environment_i_belongs_to_the_training_seed() -> None:
    env = CrossingVecEnv("OpenPlay", 3, seed=5)
    env.reset()
    first = env.episode_seeds()
    env.reset()
    expected = np.array([episode_seeds("train", 5 * 2**20 + i, 0, 2) for i in range(3)])
    assert np.array_equal(np.stack([first, env.episode_seeds()], axis=1), expected)
    env.seed(5)
    env.reset()
    assert np.array_equal(env.episode_seeds(), first)
    assert set(CrossingVecEnv("OpenPlay", 3, seed=6).episode_seeds()).isdisjoint(first)


def test_options_name_an_evaluation_cross_for_the_next_reset_alone() -> None:
    env = CrossingVecEnv("OpenPlay", 3)
    first = env.reset()
    env.set_options({"cross": 3})
    rows = env.reset()
    assert np.array_equal(env.episode_seeds(), np.repeat(episode_seeds("evaluate", 0, 3, 1), 3))
    twin = DummyVecEnv([lambda: gym.make("backpost/OpenPlay-v0")])
    twin.set_options({"cross": 3})
    assert np.array_equal(rows[:1], np.asarray(twin.reset()))
    env.set_options([{"cross": 5}, {}, {"cross": 7}])
    env.reset()
    evaluation = episode_seeds("evaluate", 0, 0, 8)
    streams = [episode_seeds("train", i, 0, 3) for i in range(3)]
    assert env.episode_seeds().tolist() == [evaluation[5], streams[1][1], evaluation[7]]
    env.reset()
    assert env.episode_seeds().tolist() == [streams[0][1], streams[1][2], streams[2][1]], "the streams went on"
    env.seed(0)
    assert np.array_equal(env.reset(), first)


@pytest.mark.parametrize("options", [{"nonsense": 1}, [{"cross": 1}], [{}, {"cross": -1}], {"cross": 1.5}, 7])
def test_options_that_do_not_exist_are_refused_and_change_nothing(options: Any) -> None:
    env, twin = CrossingVecEnv("OpenPlay", 2), CrossingVecEnv("OpenPlay", 2)
    with pytest.raises(InvalidValue):
        env.set_options(options)
    assert np.array_equal(env.reset(), twin.reset())


@pytest.mark.parametrize(
    "chosen",
    [{"seed": 1.5}, {"seed": True}, {"seed": 2**43}, {"count": 2.0}, {"reward_scale": float("nan")}, {"label": 3}],
)
def test_what_is_no_number_is_refused(chosen: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue, match=next(iter(chosen))):
        CrossingVecEnv("OpenPlay", **{"count": 2, **chosen})
    if "seed" in chosen:
        with pytest.raises(InvalidValue, match="seed"):
            CrossingVecEnv("OpenPlay", 2).seed(chosen["seed"])


def test_stored_observations_are_not_shifted() -> None:
    env = CrossingVecEnv("OpenPlay", 4)
    model = PPO("MlpPolicy", env, n_steps=64, batch_size=64, n_epochs=1, seed=0, device="cpu")
    model.learn(4 * 64)
    twin = Crosses("OpenPlay", 4)
    streams = [episode_seeds("train", i, 0, 64) for i in range(4)]
    episodes = np.zeros(4, int)
    twin.deal(np.array([stream[0] for stream in streams]))
    stored = model.rollout_buffer.observations.reshape(4, 64, -1)
    taken = model.rollout_buffer.actions.reshape(4, 64, -1)
    for t in range(64):
        assert np.array_equal(stored[:, t], twin.observe())
        _, dones = twin.step(np.clip(taken[:, t], -1, 1))
        episodes += dones
        twin.deal(np.array([streams[i][episodes[i]] for i in range(4)]), dones)


def test_returned_arrays_belong_to_the_caller() -> None:
    env = CrossingVecEnv("OpenPlay", 4)
    first = env.reset()
    kept = first.copy()
    observations, rewards, dones, _ = _step(env, np.ones((4, 4), np.float32))
    assert np.array_equal(first, kept)
    for array in (observations, rewards, dones):
        array[:] = 0
    twin = CrossingVecEnv("OpenPlay", 4)
    twin.reset()
    _step(twin, np.ones((4, 4), np.float32))
    assert np.array_equal(_step(env, np.ones((4, 4)))[0], _step(twin, np.ones((4, 4)))[0])


def test_parallel_play_has_the_same_bits() -> None:
    serial, parallel = CrossingVecEnv("OpenPlay", 16), CrossingVecEnv("OpenPlay", 16, parallel=True)
    assert np.array_equal(serial.reset(), parallel.reset())
    for actions in _actions(16, 80):
        for alone, together in zip(_step(serial, actions)[:3], _step(parallel, actions)[:3], strict=True):
            assert np.array_equal(alone, together)


@pytest.mark.parametrize(
    ("name", "action_type"), [*product(["OpenPlay"], ACTION_TYPES), *product(list(SCENARIOS)[1:], ["continuous"])]
)
def test_it_is_a_whole_vec_env(name: str, action_type: str) -> None:
    env = CrossingVecEnv(name, 3, action_type=action_type)
    assert env.reset().shape == (3, observation.SIZE)
    assert env.get_attr("render_mode") == [None] * 3
    assert env.get_attr("num_envs", indices=1) == [3]
    assert env.env_method("episode_seeds", indices=[0])[0].shape == (3,)
    assert env.env_is_wrapped(VecEnv) == [False] * 3
    env.set_attr("tag", 7)
    assert env.get_attr("tag", indices=0) == [7]
    actions = np.array([env.action_space.sample() for _ in range(3)])
    env.step_async(actions)
    observations, rewards, dones, infos = env.step_wait()
    assert observations.dtype == rewards.dtype == np.float32
    assert dones.dtype == bool
    assert len(infos) == 3
    env.close()


def test_hostile_input_raises_a_typed_error_and_changes_nothing() -> None:
    env = CrossingVecEnv("OpenPlay", 2)
    env.reset()
    before = env.crosses.worlds.tobytes()
    for bad in (np.full((2, 4), np.nan), np.zeros((2, 3)), np.zeros((3, 4))):
        with pytest.raises(InvalidAction):
            _step(env, bad)
        assert env.crosses.worlds.tobytes() == before
    for count, seed in ((0, 0), (2**20 + 1, 0), (1, -1)):
        with pytest.raises(InvalidValue):
            CrossingVecEnv("OpenPlay", count, seed=seed)
    with pytest.raises(InvalidValue):
        env.set_attr("tag", 7, indices=0)


def test_the_stub_has_the_shapes_of_the_real_thing() -> None:
    crosses = Crosses("OpenPlay", 4)
    env = StubVecEnv(4, crosses.observation_space, crosses.action_space)
    assert np.asarray(env.reset()).shape == crosses.observe().shape
    observations, _, dones, infos = _step(env, np.zeros((4, 4)))
    assert observations.dtype == np.float32
    assert [bool(info) for info in infos] == dones.tolist()


def test_options_go_by_name_and_what_cannot_be_is_refused() -> None:
    by_name = CrossingVecEnv("OpenPlay", 2, difficulty=0.25)
    assert (by_name.crosses.options.difficulty, by_name.reset().shape[0]) == (0.25, 2)
    with pytest.raises(
        UnknownOption,
        match=r"got an unexpected keyword argument 'difficult'; valid options are seed, label, .*keeper_range$",
    ):
        CrossingVecEnv("OpenPlay", 2, difficult=0.25)
    with pytest.raises(InvalidValue, match="label must be one of reset, train"):
        CrossingVecEnv("OpenPlay", 2, label="training")
    with pytest.raises(ResetNeeded):
        _step(CrossingVecEnv("OpenPlay", 2), np.zeros((2, 4), np.float32))
