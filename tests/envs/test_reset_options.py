"""What a reset asks for holds until the next reset, and means the same alone and in a batch."""

from typing import Any

import gymnasium as gym
import numpy as np
import pytest

from backpost.envs import SCENARIOS, BackpostError, Crosses, CrossingEnv, CrossingVectorEnv, InvalidValue, Options
from backpost.envs.world.chance import LABELS, episode_seeds
from backpost.envs.world.parameter_table import TABLE
from backpost.envs.world.record import MARKINGS

SLOW = {"parameters": {"defender_speed": 5.0}, "allow_implausible": True}
ASKED: tuple[dict[str, Any], ...] = (
    {"difficulty": 0.3},
    {"marking": "zonal", "defenders": 6, "line_height": (8.0, 9.0), "compactness": 0.8, "keeper_range": 9.0},
    {"parameters": {"reaction": 0.3}, "label": "select"},
    SLOW,
)


def whole(env: CrossingEnv, **how: Any) -> bytes:
    """The record of an episode at its end, which holds all that led there."""
    env.reset(**how)
    while not env.step(np.array([1.0, 0.3, 0.0, 0.0]))[2]:
        pass
    return env.crosses.snapshot().tobytes()


@pytest.mark.parametrize("asked", ASKED)
def test_the_options_of_a_reset_do_what_those_of_make_do_and_are_gone_at_the_next(asked: dict[str, Any]) -> None:
    env = CrossingEnv("OpenPlay")
    usual = whole(env, seed=4)
    assert whole(env, seed=4, options=asked) == whole(CrossingEnv("OpenPlay", **asked), seed=4) != usual
    assert whole(env, seed=4) == usual


@pytest.mark.parametrize("asked", ASKED)
def test_the_same_seed_and_options_are_the_same_bits_alone_and_in_a_batch(asked: dict[str, Any]) -> None:
    """Also in the episodes that autoreset opens; they hold until the next reset."""
    envs, alone = CrossingVectorEnv(3, "OpenPlay"), [CrossingEnv("OpenPlay") for _ in range(3)]
    rows, _ = envs.reset(seed=4, options=asked)
    ones = [env.reset(seed=4 + i, options=asked)[0] for i, env in enumerate(alone)]
    over, opened = [False] * 3, 0
    for action in np.random.default_rng(0).uniform(-1.0, 1.0, (250, 3, 4)):
        for i, env in enumerate(alone):
            assert rows[i].tobytes() == ones[i].tobytes()
            opened += over[i]
            if over[i]:
                (ones[i], _), over[i] = env.reset(options=asked), False
            else:
                ones[i], _, over[i], *_ = env.step(action[i])
        rows = envs.step(action)[0]
    assert opened > 3
    assert envs.reset(seed=9)[0].tobytes() == CrossingVectorEnv(3, "OpenPlay").reset(seed=9)[0].tobytes(), (
        "the next reset knows nothing of them"
    )


def test_a_reset_of_some_environments_keeps_what_the_last_one_asked_for() -> None:
    envs = CrossingVectorEnv(2, "OpenPlay")
    envs.reset(seed=1, options={"marking": "zonal", "label": "train"})
    envs.reset(options={"reset_mask": np.array([True, False])})
    assert (envs.crosses.worlds["pattern"]["marking"] == MARKINGS.index("zonal")).all()
    assert envs.crosses.worlds["seed"][0] == episode_seeds("train", 1, 1, 1)[0]
    with pytest.raises(InvalidValue, match="reset has no option 'difficulty'; valid are cross, reset_mask"):
        envs.reset(options={"reset_mask": np.array([True, False]), "difficulty": 0.5})


@pytest.mark.parametrize("label", LABELS)
def test_a_label_opens_its_own_crosses(label: str) -> None:
    env = gym.make("backpost/OpenPlay-v0", label=label)
    seeds = [env.reset(seed=3)[1]["seed"], env.reset()[1]["seed"]]
    assert seeds == episode_seeds(label, 3, 0, 2).tolist()
    assert env.reset(options={"cross": 5, "label": label})[1]["seed"] == episode_seeds(label, 0, 5, 1)[0]
    envs = gym.make_vec("backpost/OpenPlay-v0", num_envs=2, label=label)
    assert envs.reset(seed=3)[1]["seed"].tolist() == [episode_seeds(label, s, 0, 1)[0] for s in (3, 4)]


def test_a_saved_state_takes_the_options_of_its_reset_along() -> None:
    env, other = CrossingEnv("OpenPlay"), CrossingEnv("OpenPlay")
    env.reset(seed=4, options=SLOW)
    other.restore_state(env.save_state())
    for _ in range(20):
        here, there = (each.step(np.ones(4))[0] for each in (env, other))
        assert here.tobytes() == there.tobytes()
    assert env.reset()[0].tobytes() == other.reset()[0].tobytes()


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ({"vision": "cone"}, "reset has no option 'vision'; valid are cross, label, difficulty, marking"),
        ({"difficulty": 2}, "from 0 to 1"),
        ({"label": "exam"}, "reset, train, tune, select, evaluate"),
        ({"allow_implausible": 1}, "True or False"),
        ({"parameters": {"reaction": 0.1}}, "between 0.2 and 0.45 s .allow_implausible=True: 0.05 to 1.8."),
        ({"parameters": {"reaction": -0.1}, "allow_implausible": True}, "between 0.05 and 1.8"),
        ({"parameters": {"reaction": float("nan")}, "allow_implausible": True}, "number"),
        ({"parameters": {"haste": 1.0}}, "unknown parameter 'haste'"),
        ({"parameters": "nobody"}, "unknown parameter set"),
    ],
)
def test_what_cannot_be_asked_for_is_refused_in_a_sentence_and_changes_nothing(
    asked: dict[str, Any], says: str
) -> None:
    for env in (CrossingEnv("OpenPlay"), CrossingVectorEnv(2, "OpenPlay")):
        env.reset(seed=3, options={"difficulty": 0.5})
        before = env.crosses.snapshot().tobytes()
        with pytest.raises(BackpostError, match=says) as refused:
            env.reset(seed=8, options=asked)
        assert "\n" not in str(refused.value)
        assert env.crosses.snapshot().tobytes() == before
        assert env.crosses.options.difficulty == 0.5
    env = CrossingEnv("Corner")
    with pytest.raises(InvalidValue, match="no option 'line_height'; valid are cross"):
        env.reset(options={"line_height": 9.0})


def test_nothing_but_what_can_differ_between_episodes_can_be_changed() -> None:
    with pytest.raises(InvalidValue, match="difficulty, marking, line_height"):
        Crosses("OpenPlay").reconfigure(Options(vision="full"))


def test_every_parameter_can_go_to_its_limits_and_the_cross_stays_finite() -> None:
    """What lies beyond is not plausible, but a researcher may mean it."""
    seeds, names = episode_seeds("verify", 3, 0, 4), [name for name in SCENARIOS if not name.startswith("Situation")]
    luck = np.random.default_rng(0)
    for k, row in enumerate(TABLE):
        for value in (row.least, row.most):
            options = Options(parameters={row.name: value}, allow_implausible=True)
            crosses = Crosses(names[k % 4], 4, options=options)
            crosses.deal(seeds)
            for _ in range(400):
                observations, rewards, over = crosses.step_and_observe(luck.uniform(-1.0, 1.0, (4, 4)))
                assert np.isfinite(observations).all(), (row.name, value)
                assert np.isfinite(rewards).all(), (row.name, value)
                if over.all():
                    break
            assert over.all(), (row.name, value)
