"""Where one episode ends and the next begins: each pays for its own decisions, and is opened once."""

import numpy as np
from gymnasium.vector import AutoresetMode

from backpost.envs import CrossingVectorEnv


def vector(mode: AutoresetMode, longest: int, reward: str = "shaped") -> CrossingVectorEnv:
    """Two drills that are cut after so many decisions."""
    envs = CrossingVectorEnv(2, "DrillCrossing", max_episode_steps=longest, autoreset_mode=mode, reward=reward)
    envs.reset(seed=5)
    return envs


RUN = np.tile([1.0, 0.5, 0.0, 0.0], (2, 1))


def test_the_step_that_opens_the_next_episode_pays_nothing_though_the_cut_one_could_have_gone_on() -> None:
    """A truncated cross is not over: it must not be played on at the user's expense, in any term of the reward."""
    envs = vector(AutoresetMode.NEXT_STEP, 3)
    for _ in range(3):
        _, rewards, terminated, truncated, _ = envs.step(RUN)
        assert rewards.all(), "a run is shaped at every decision"
    assert truncated.all()
    assert not terminated.any()
    _, rewards, terminated, truncated, info = envs.step(RUN)
    assert not rewards.any()
    assert not (terminated | truncated).any()
    assert not any(info[name].any() for name in info if name.startswith("reward"))
    assert envs.crosses.worlds["decisions"].tolist() == [0, 0]
    assert envs.step(RUN)[1].all()


def test_where_the_last_step_opens_the_next_episode_it_pays_for_the_last_decision() -> None:
    """And shows the next opening, with the end beside it."""
    envs, free = vector(AutoresetMode.SAME_STEP, 3), vector(AutoresetMode.NEXT_STEP, 99)
    for _ in range(3):
        observations, rewards, _, truncated, info = envs.step(RUN)
        seen, paid, *_ = free.step(RUN)
    assert truncated.all()
    assert rewards.tolist() == paid.tolist()
    assert np.stack(info["final_obs"]).tobytes() == seen.tobytes()
    assert observations.tobytes() == envs.crosses.observe().tobytes() != seen.tobytes()


def test_an_environment_that_was_reset_by_hand_after_its_end_is_not_opened_a_second_time() -> None:
    """Those that are left out of the mask still are."""
    envs = vector(AutoresetMode.NEXT_STEP, 3)
    for _ in range(3):
        *_, truncated, _ = envs.step(RUN)
    assert truncated.all()
    _, info = envs.reset(options={"reset_mask": np.array([True, False])})
    opened_by_hand = info["seed"][0]
    envs.step(RUN)
    assert envs.crosses.worlds["decisions"].tolist() == [1, 0]
    assert envs.crosses.worlds["seed"][0] == opened_by_hand
    envs.step(RUN)
    assert envs.crosses.worlds["decisions"].tolist() == [2, 1]
