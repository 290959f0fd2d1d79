"""`info` has the same keys and types at reset, after every decision and at the end, and holds numbers alone."""

import re
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode

from backpost.envs import SCENARIOS, in_words
from backpost.envs.interface.information import KEYS
from backpost.envs.interface.outcome import WORDS

IDS = tuple(scenario.id for scenario in SCENARIOS.values())
EPISODES = 20


def infos(env: gym.Env[Any, Any], seed: int) -> list[dict[str, Any]]:
    """Everything that an episode of a random run tells."""
    luck = np.random.default_rng(seed)
    moments = [env.reset(seed=seed)[1]]
    over = False
    while not over:
        *_, over, _, info = env.step(luck.uniform(-1.0, 1.0, 4).astype(np.float32))
        moments.append(info)
    return moments


@pytest.mark.parametrize("name", IDS)
@pytest.mark.parametrize("reward", ["xg", "shaped"])
def test_an_episode_can_be_stacked_key_by_key(name: str, reward: str) -> None:
    """As Minari does with `record_infos=True`."""
    env = gym.make(name, reward=reward)
    kinds = None
    for seed in range(EPISODES):
        moments = infos(env, seed)
        kinds = kinds or [(key, type(value)) for key, value in moments[0].items()]
        for info in moments:
            assert [(key, type(value)) for key, value in info.items()] == kinds
        for key in moments[0]:
            stacked = np.stack([info[key] for info in moments])
            assert stacked.dtype.kind in "iuf", key
            assert np.isfinite(stacked).all(), key


def test_every_key_is_described_and_no_other() -> None:
    plain, shaped = (list(gym.make(IDS[0], reward=reward).reset(seed=1)[1]) for reward in ("xg", "shaped"))
    described = [key.name for key in KEYS if key.name != "reward_<name>"]
    assert shaped == described
    assert plain == [name for name in described if name != "reward_shaping"]
    assert not any(re.search(r"\bindex\b|\bnan\b", key.meaning) for key in KEYS), "that is how the table has it"


@pytest.mark.parametrize("name", IDS)
def test_gymnasiums_checker_finds_nothing(name: str) -> None:
    check_env(gym.make(name).unwrapped, skip_render_check=True)


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
def test_gymnasiums_wrappers_take_a_vectors_info_apart_into_those_of_its_environments(mode: AutoresetMode) -> None:
    envs = gym.wrappers.vector.RecordEpisodeStatistics(gym.make_vec(IDS[0], num_envs=3, autoreset_mode=mode))
    listed = gym.wrappers.vector.DictInfoToList(envs)
    alone = gym.make(IDS[0]).reset(seed=5)[1]
    _, first = listed.reset(seed=5)
    assert [list(info) for info in first] == [list(alone)] * 3
    assert first[0] == alone
    episodes = 0
    for action in np.random.default_rng(1).uniform(-1.0, 1.0, (200, 3, 4)):
        for info in listed.step(action)[4]:
            assert list(info)[: len(alone)] == list(alone)
            assert set(info) - set(alone) <= {"episode", "final_obs", "final_info"}
            assert info.get("final_info", alone).keys() == alone.keys()
            episodes += "episode" in info
    assert episodes > 5


def test_codes_turn_into_words_and_nothing_else_changes() -> None:
    moments = infos(gym.make(IDS[0]), 3)
    assert in_words(moments[0]) == moments[0] | {"outcome": "playing", "technique": "none", "zone": "none"}
    last = in_words(moments[-1])
    assert all(last[name] in words for name, words in WORDS.items())
    assert {name: value for name, value in last.items() if name not in WORDS} == {
        name: value for name, value in moments[-1].items() if name not in WORDS
    }
    envs = gym.make_vec(IDS[0], num_envs=2, autoreset_mode=AutoresetMode.SAME_STEP)
    envs.reset(seed=3)
    for _ in range(200):
        info = in_words(envs.step(np.zeros((2, 4)))[4])
        assert info["zone"].tolist() == ["none", "none"]
        for i in np.flatnonzero(info.get("_final_info", np.zeros(2, bool))):
            assert info["final_info"]["outcome"][i] != "playing"
