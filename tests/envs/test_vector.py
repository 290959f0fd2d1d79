import copy
import pickle
from collections.abc import Callable
from typing import Any

import gymnasium as gym
import numpy as np
import numpy.typing as npt
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv, VectorEnv

from backpost.envs import SCENARIOS, CrossingVectorEnv, InvalidAction, InvalidValue, ResetNeeded, crosses
from backpost.envs.world.chance import episode_seeds

ID = "backpost/OpenPlay-v0"
STEPS = 260


def native(count: int, name: str = ID, **options: Any) -> CrossingVectorEnv:
    envs = gym.make_vec(name, num_envs=count, **options)
    assert isinstance(envs, CrossingVectorEnv)
    return envs


@pytest.mark.parametrize("count", [10**9, 10**18, 2**63])
def test_more_environments_than_the_memory_can_hold_are_refused_in_one_sentence(count: int) -> None:
    with pytest.raises(InvalidValue, match=r"GB of memory.* at most") as refused:
        gym.make_vec(ID, num_envs=count)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 200


def test_memory_that_the_process_cannot_get_is_said_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused_by_the_system(_: int) -> None:
        raise MemoryError("Unable to allocate 12 GiB for an array with a dtype of 9,000 letters")

    monkeypatch.setattr(crosses, "new_worlds", refused_by_the_system)
    with pytest.raises(InvalidValue, match="more than this process can get"):
        gym.make_vec(ID, num_envs=2)


def actions_for(count: int, steps: int = STEPS) -> npt.NDArray[np.float32]:
    return np.random.default_rng(2).uniform(-1.0, 1.0, (steps, count, 4)).astype(np.float32)


def assert_same_info(here: dict[str, Any], there: dict[str, Any]) -> None:
    """The same entries, types and masks, and equal where the masks hold."""
    assert here.keys() == there.keys()
    for name in here:
        if name.startswith("_"):
            np.testing.assert_array_equal(here[name], there[name], err_msg=name)
            continue
        if isinstance(here[name], dict):
            assert_same_info(here[name], there[name])
            continue
        assert here[name].dtype == there[name].dtype, name
        for i in np.flatnonzero(here[f"_{name}"]):
            np.testing.assert_array_equal(here[name][i], there[name][i], err_msg=name)


@pytest.mark.parametrize("mode", AutoresetMode)
def test_the_native_vector_does_what_gymnasiums_own_does(mode: AutoresetMode) -> None:
    ours: VectorEnv[Any, Any, Any] = native(4, autoreset_mode=mode)
    other = SyncVectorEnv([lambda: gym.make(ID)] * 4, autoreset_mode=mode)
    assert ours.metadata["autoreset_mode"] == other.metadata["autoreset_mode"]
    assert native(1, autoreset_mode=mode.value).autoreset_mode == native(1, autoreset_mode=mode).autoreset_mode == mode
    assert ours.observation_space == other.observation_space
    assert ours.action_space == other.action_space
    here, there = ours.reset(seed=20), other.reset(seed=20)
    np.testing.assert_array_equal(here[0], there[0])
    assert_same_info(here[1], there[1])
    ends = 0
    for action in actions_for(4):
        *here_all, here_info = ours.step(action)
        *there_all, there_info = other.step(action)
        for mine, theirs in zip(here_all, there_all, strict=True):
            np.testing.assert_array_equal(mine, theirs)
            assert mine.dtype == theirs.dtype
        assert_same_info(here_info, there_info)
        ends += int(here_all[2].sum())
        if mode == AutoresetMode.DISABLED and here_all[2].any():
            here, there = (envs.reset(options={"reset_mask": here_all[2].copy()}) for envs in (ours, other))
            np.testing.assert_array_equal(here[0], there[0])
            assert_same_info(here[1], there[1])
    assert ends > 6


def test_without_autoreset_an_episode_that_has_ended_is_not_stepped_but_reset_by_hand() -> None:
    """Gymnasium's refuses such a step as well, but only after it has stepped the environments before."""
    ours = native(3, autoreset_mode=AutoresetMode.DISABLED, max_episode_steps=6)
    other: Any = SyncVectorEnv([lambda: gym.make(ID, max_episode_steps=6)] * 3, autoreset_mode=AutoresetMode.DISABLED)
    moves, mask = actions_for(3, 12), np.array([True, False, True])
    both: tuple[Any, ...] = (ours, other)
    for envs in both:
        envs.reset(seed=5)
        for action in moves[:3]:
            envs.step(action)
        envs.reset(seed=[70, None, None], options={"reset_mask": mask})
        for action in moves[3:6]:
            *_, truncated, _ = envs.step(action)
        np.testing.assert_array_equal(truncated, ~mask)
    before = ours.crosses.snapshot().tobytes()
    with pytest.raises(ResetNeeded, match="call reset before step: environment 1 has ended"):
        ours.step(moves[6])
    assert ours.crosses.snapshot().tobytes() == before
    here, there = (envs.reset(options={"reset_mask": ~mask}) for envs in (ours, other))
    np.testing.assert_array_equal(here[0], there[0])
    assert_same_info(here[1], there[1])
    for mine, theirs in zip(ours.step(moves[7])[:4], other.step(moves[7])[:4], strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_an_integer_seed_means_seed_plus_i_and_autoresets_go_on_in_each_stream() -> None:
    envs = native(3)
    _, info = envs.reset(seed=50)
    episode = np.zeros(3, int)
    for i in range(3):
        assert info["seed"][i] == episode_seeds("reset", 50 + i, 0, 1)[0]
    for action in actions_for(3, 2 * STEPS):
        _, _, _, _, info = envs.step(action)
        for i in np.flatnonzero(envs.crosses.worlds["decisions"] == 0).tolist():
            episode[i] += 1
            assert info["seed"][i] == episode_seeds("reset", 50 + i, int(episode[i]), 1)[0]
    assert (episode > 1).all()


@pytest.mark.parametrize(
    ("name", "mode"),
    [(ID, AutoresetMode.SAME_STEP), *((scenario.id, AutoresetMode.NEXT_STEP) for scenario in SCENARIOS.values())],
)
def test_twins_stay_bit_for_bit_the_same_across_autoresets(name: str, mode: AutoresetMode) -> None:
    serial, other = native(8, name, autoreset_mode=mode), native(8, name, autoreset_mode=mode, parallel=True)
    serial.reset(seed=1)
    other.reset(seed=99)
    other.step(actions_for(8, 1)[0])
    other.reset(seed=1)
    for action in actions_for(8):
        here, there = serial.step(action), other.step(action)
        assert here[0].tobytes() == there[0].tobytes()
        assert here[1].tobytes() == there[1].tobytes()
        assert_same_info(here[4], there[4])
    assert serial.crosses.snapshot().tobytes() == other.crosses.snapshot().tobytes()


def test_next_step_ignores_the_action_after_the_end_and_pays_nothing() -> None:
    envs = native(8)
    envs.reset(seed=3)
    ended = np.zeros(8, bool)
    for action in actions_for(8):
        observations, rewards, terminated, truncated, _ = envs.step(action)
        assert not rewards[ended].any()
        assert not (terminated | truncated)[ended].any()
        fresh = envs.crosses.worlds["decisions"] == 0
        np.testing.assert_array_equal(fresh, ended)
        assert np.isfinite(observations).all()
        ended = terminated | truncated
    assert envs.crosses.worlds["decisions"].max() > 0


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
@pytest.mark.parametrize("longest", [7, 45])
def test_an_episode_is_truncated_where_the_user_asks_for_it(mode: AutoresetMode, longest: int) -> None:
    ours = native(4, max_episode_steps=longest, autoreset_mode=mode)
    other = SyncVectorEnv([lambda: gym.make(ID, max_episode_steps=longest)] * 4, autoreset_mode=mode)
    ours.reset(seed=5)
    other.reset(seed=5)
    ended, cut = 0, 0
    for action in actions_for(4, 6 * longest):
        here, there = ours.step(action), other.step(action)
        for mine, theirs in zip(here[:4], there[:4], strict=True):
            np.testing.assert_array_equal(mine, theirs)
        assert_same_info(here[4], there[4])
        ended, cut = ended + int(here[2].sum()), cut + int(here[3].sum())
    assert ours.crosses.worlds["decisions"].max() <= longest
    assert cut > 3
    assert (ended > 0) == (longest > 7)


@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
def test_a_cross_that_ends_at_the_last_decision_is_terminated_and_truncated(mode: AutoresetMode) -> None:
    """As Gymnasium's own limit has it."""
    free = native(4)
    free.reset(seed=5)
    longest = next(n for n, action in enumerate(actions_for(4, 300), 1) if free.step(action)[2].any())
    ours = native(4, max_episode_steps=longest, autoreset_mode=mode)
    other = SyncVectorEnv([lambda: gym.make(ID, max_episode_steps=longest)] * 4, autoreset_mode=mode)
    ours.reset(seed=5)
    other.reset(seed=5)
    for action in actions_for(4, longest + 3):
        here, there = ours.step(action), other.step(action)
        for mine, theirs in zip(here[:4], there[:4], strict=True):
            np.testing.assert_array_equal(mine, theirs)
        assert_same_info(here[4], there[4])


@pytest.mark.parametrize("never", [None, -1])
def test_an_episode_is_not_truncated_where_nobody_asks_for_it(never: int | None) -> None:
    envs = native(4, max_episode_steps=never)
    envs.reset(seed=5)
    assert not any(envs.step(action)[3].any() for action in actions_for(4, 60))


@pytest.mark.parametrize("steps", [0, -2, 2.5, "x", True])
def test_a_length_that_no_episode_can_have_is_refused(steps: Any) -> None:
    with pytest.raises(InvalidValue, match="max_episode_steps must be a whole number from 1"):
        native(2, max_episode_steps=steps)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda envs: pickle.loads(pickle.dumps(envs))])
def test_a_copy_or_a_pickle_goes_on_like_the_original(copied: Callable[[Any], Any]) -> None:
    envs = native(4)
    envs.reset(seed=20)
    for action in actions_for(4, 30):
        envs.step(action)
    twin = copied(envs)
    for action in actions_for(4, 150):
        mine, theirs = twin.step(action), envs.step(action)
        for kept, other in zip(mine[:4], theirs[:4], strict=True):
            assert np.asarray(kept).tobytes() == np.asarray(other).tobytes()
        assert_same_info(mine[4], theirs[4])
    assert twin.reset(seed=3)[0].tobytes() == envs.reset(seed=3)[0].tobytes()


def test_before_the_first_reset_there_is_nothing_to_step_or_draw() -> None:
    envs = native(2, render_mode="rgb_array")
    for ask in (envs.render, lambda: envs.step(np.zeros((2, 4)))):
        with pytest.raises(ResetNeeded, match="call reset before"):
            ask()
    with pytest.raises(ResetNeeded, match="reset of some"):
        envs.reset(options={"reset_mask": np.array([True, False])})


def test_some_environments_can_be_reset_alone() -> None:
    envs = native(4)
    envs.reset(seed=7)
    for action in actions_for(4, 5):
        envs.step(action)
    which = np.array([False, True, False, True])
    _, info = envs.reset(options={"reset_mask": which})
    assert envs.crosses.worlds["decisions"].tolist() == [5, 0, 5, 0]
    np.testing.assert_array_equal(info["_seed"], which)
    observations, _ = envs.reset(seed=[70, None, 72, None])
    assert envs.crosses.worlds["seed"][0] == episode_seeds("reset", 70, 0, 1)[0]
    assert envs.crosses.worlds["seed"][1] == episode_seeds("reset", 8, 2, 1)[0]
    assert observations.shape == envs.observation_space.shape


def test_evaluation_crosses_are_dealt_in_their_order() -> None:
    envs = native(5)
    envs.reset(options={"cross": 100})
    assert envs.crosses.worlds["seed"].tolist() == episode_seeds("evaluate", 0, 100, 5).tolist()


def test_what_does_not_exist_is_refused() -> None:
    modes: tuple[Any, ...] = ("Always", None, [])
    for mode in modes:
        with pytest.raises(InvalidValue, match="NextStep, SameStep, Disabled"):
            native(2, autoreset_mode=mode)
    with pytest.raises(InvalidValue, match="rgb_array"):
        native(2, render_mode="human")
    envs = native(2)
    with pytest.raises(InvalidValue, match="seeds must be 2"):
        envs.reset(seed=[1, 2, 3])
    wrong: tuple[Any, ...] = ([-1, 2], [1.5, 2], 1.5, "ab", -5, 2**64 - 1)
    for seed in wrong:
        with pytest.raises(InvalidValue, match="seed must be a whole number from 0"):
            envs.reset(seed=seed)
    for mask in ([True, False], np.array([1, 0]), np.ones(3, bool), np.zeros(2, bool)):
        with pytest.raises(InvalidValue, match="reset_mask"):
            envs.reset(options={"reset_mask": mask})
    envs.reset(seed=1)
    before = envs.crosses.snapshot().tobytes()
    with pytest.raises(InvalidAction):
        envs.step(np.full((2, 4), np.nan))
    assert envs.crosses.snapshot().tobytes() == before


def test_gymnasiums_vector_wrappers_work() -> None:
    envs = gym.wrappers.vector.RecordEpisodeStatistics(native(4))
    envs.reset(seed=2)
    lengths: list[int] = []
    for action in actions_for(4):
        info = envs.step(action)[4]
        if "episode" in info:
            lengths += info["episode"]["l"][info["_episode"]].tolist()
    assert min(lengths) > 10
