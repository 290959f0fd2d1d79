"""What Gymnasium passes to environments, or takes from them, works for every id; what nobody knows is a TypeError."""

import inspect
from collections.abc import Callable
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AsyncVectorEnv, AutoresetMode, SyncVectorEnv, VectorEnv

from backpost.envs import SCENARIOS, Crosses, CrossingEnv, CrossingVectorEnv, Options, UnknownOption
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import NOBODY
from backpost.training.learn.crossing_sb3 import CrossingVecEnv

IDS = tuple(scenario.id for scenario in SCENARIOS.values())
ID = "backpost/DrillCrossing-v0"
Face = Callable[..., Any]

FACES: dict[str, tuple[Face, type[Any]]] = {
    "class": (lambda **keywords: CrossingEnv("OpenPlay", **keywords), CrossingEnv),
    "vector class": (lambda **keywords: CrossingVectorEnv(2, "OpenPlay", **keywords), CrossingVectorEnv),
    "make": (lambda **keywords: gym.make("backpost/OpenPlay-v0", **keywords), CrossingEnv),
    "make_vec": (lambda **keywords: gym.make_vec("backpost/OpenPlay-v0", 2, **keywords), CrossingVectorEnv),
    "make_vec of single ones": (
        lambda **keywords: gym.make_vec("backpost/OpenPlay-v0", 2, vectorization_mode="sync", **keywords),
        CrossingEnv,
    ),
    "Stable-Baselines3": (lambda **keywords: CrossingVecEnv("OpenPlay", 2, **keywords), CrossingVecEnv),
}


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("unknown", ["frameskip", "set", "options"])
def test_an_unknown_keyword_is_a_type_error_that_lists_what_is_valid(face: str, unknown: str) -> None:
    """TorchRL reads these words and tries again without it; `set` is an option of another scenario."""
    make, constructor = FACES[face]
    with pytest.raises(
        TypeError, match=f"OpenPlay got an unexpected keyword argument '{unknown}'; valid options are "
    ) as refused:
        make(**{unknown: 3})
    assert isinstance(refused.value, UnknownOption)
    assert "\n" not in str(refused.value)
    valid = str(refused.value).split("valid options are ")[1].split(" was raised")[0].split(", ")
    named = set(inspect.signature(constructor).parameters) - {"scenario", "num_envs", "env", "count", "options"}
    own = {"start", "marking", "line_height", "compactness", "defenders", "keeper_range"}
    common = {"action_type", "vision", "reward", "wing", "difficulty", "gamma", "parameters", "allow_implausible"}
    assert set(valid) == named | own | common
    assert len(valid) == len(set(valid))


def play(env: Any, steps: int = 30) -> bytes:
    """What an environment, or a vector of two, shows and pays from seed 3 on."""
    seen = [env.reset(seed=3)[0].tobytes()]
    shape = (2, 4) if isinstance(env, VectorEnv) else (4,)
    for action in np.random.default_rng(1).uniform(-1.0, 1.0, (steps, 2, 4)).astype(np.float32):
        observation, reward, *_ = env.step(action if len(shape) == 2 else action[0])
        seen += [observation.tobytes(), np.asarray(reward).tobytes()]
    env.close()
    return b"".join(seen)


@pytest.mark.parametrize(
    "keywords",
    [
        {"render_mode": None},
        {"render_mode": "rgb_array"},
        {"render_mode": "rgb_array_list"},
        {"max_episode_steps": 500},
        {"max_episode_steps": -1},
        {"disable_env_checker": True},
        {"disable_env_checker": False},
    ],
    ids=str,
)
def test_what_make_takes_works_and_changes_no_cross(keywords: dict[str, Any]) -> None:
    env = gym.make(ID, **keywords)
    assert env.spec is not None
    again = gym.make(env.spec)
    assert again.spec == env.spec
    assert play(env) == play(again) == play(CrossingEnv("DrillCrossing"))


def test_wrappers_in_a_spec_are_made_again() -> None:
    env = gym.wrappers.ClipReward(gym.make(ID, wing="left"), max_reward=0.0)
    assert env.spec is not None
    again = gym.make(env.spec)
    assert [wrapper.name for wrapper in env.spec.additional_wrappers] == ["ClipReward"]
    assert play(again) == play(env)


@pytest.mark.parametrize("mode", AutoresetMode)
@pytest.mark.parametrize(
    ("how", "made"),
    [
        (None, CrossingVectorEnv),
        ("vector_entry_point", CrossingVectorEnv),
        ("sync", SyncVectorEnv),
        ("async", AsyncVectorEnv),
    ],
)
def test_every_vectorization_and_every_autoreset_mode_can_be_made(
    how: str | None, made: type[Any], mode: AutoresetMode
) -> None:
    native = made is CrossingVectorEnv
    keywords: dict[str, Any] = {"autoreset_mode": mode} if native else {"vector_kwargs": {"autoreset_mode": mode}}
    envs = gym.make_vec(ID, num_envs=2, vectorization_mode=how, max_episode_steps=90, wing="left", **keywords)
    assert isinstance(envs, made)
    assert envs.metadata["autoreset_mode"] == mode
    assert envs.spec is not None
    again = gym.make_vec(envs.spec)
    assert isinstance(again, made)
    assert play(again, 8) == play(envs, 8) == play(CrossingVectorEnv(2, "DrillCrossing", wing="left"), 8)


def test_wrappers_of_single_environments_can_be_vectorized() -> None:
    envs = gym.make_vec(ID, num_envs=2, vectorization_mode="sync", wrappers=[gym.wrappers.RecordEpisodeStatistics])
    assert play(envs) == play(CrossingVectorEnv(2, "DrillCrossing"))


SLOW = {"limit_after_strike": 14.0, "second_ball_time": 12.0, "check_back_chance": 0.5, "check_back_time": 1.2}
"""Parameters with which crosses last longest."""


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_cross_lasts_as_long_as_the_registered_limit(name: str) -> None:
    """So the limit cuts none. It is not far away either: the strike comes as late as is said, and then time is up."""
    longest = gym.spec(SCENARIOS[name].id).max_episode_steps
    assert longest == SCENARIOS[name].longest
    crosses = Crosses(name, 2000, options=Options(parameters=SLOW))
    crosses.deal(episode_seeds("verify", 31, 0, 2000))
    struck_at = crosses.worlds["delivery"]["strike_at"].copy()
    assert struck_at.max() <= SCENARIOS[name].latest_strike
    luck, over, decisions = np.random.default_rng(2), np.zeros(2000, bool), 0
    while not over.all():
        over, decisions = crosses.step(luck.uniform(-1.0, 1.0, (2000, 4)))[1], decisions + 1
        assert decisions < longest
    assert decisions > longest - 100


def test_an_environment_of_its_own_registered_limit_is_never_truncated() -> None:
    env = gym.make("backpost/OpenPlay-v0", parameters=SLOW)
    for seed in range(20):
        env.reset(seed=seed)
        over = False
        while not over:
            _, _, over, truncated, _ = env.step(np.zeros(4, np.float32))
            assert not truncated


MAKERS: dict[str, Face] = {
    "class": lambda name, **options: CrossingEnv(name, **options).crosses,
    "vector": lambda name, **options: CrossingVectorEnv(2, name, **options).crosses,
    "Stable-Baselines3": lambda name, **options: CrossingVecEnv(name, 2, **options).crosses,
}


@pytest.mark.parametrize("maker", MAKERS)
def test_a_scenario_pays_its_own_reward_where_none_is_chosen(maker: str) -> None:
    for name in SCENARIOS:
        own = "own_xg" if name in ("DrillCrossing", "DrillShadow") else "xg"
        assert MAKERS[maker](name).options.reward == own
        assert MAKERS[maker](name, reward="xg").options.reward == "xg"


def test_a_goal_of_the_crosser_himself_pays_the_runner_of_a_drill_next_to_nothing() -> None:
    """Of 180 goals with a runner who stood still the crosser had touched 161 last, and each paid 1."""
    crosses = Crosses("DrillCrossing", 1000, options=SCENARIOS["DrillCrossing"].chosen({}))
    crosses.deal(episode_seeds("verify", 32, 0, 1000))
    paid, over = np.zeros(1000), np.zeros(1000, bool)
    while not over.all():
        rewards, over = crosses.step(np.zeros((1000, 4)))
        paid += rewards
    worlds = crosses.worlds
    # Nobody shot: the cross went straight in.
    himself = (worlds["goals"] > 0) & (worlds["last_shot"]["by"] == NOBODY) & (worlds["meeting"]["by"] == NOBODY)
    assert himself.sum() > 10
    assert worlds["xg"][himself].min() >= 1.0
    # A ball that he could have met but missed is paid as the chance that it was.
    assert paid[himself].mean() < 0.1
    np.testing.assert_allclose(paid, worlds["own_xg"])
    assert (paid[worlds["own_shots"] > 0] > 0.0).all()
