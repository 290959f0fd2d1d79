"""Any trainer can learn what ours learns: a correction of a coaching rule, in plain Gymnasium wrappers."""

import warnings
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.vector import AutoresetMode, SyncVectorEnv, VectorEnv
from gymnasium.wrappers import NormalizeObservation

from backpost.agents.base.play import play
from backpost.agents.base.view import coming
from backpost.agents.policies.correction import CorrectRule, CorrectRuleVector
from backpost.agents.registry import agent
from backpost.agents.rules.early_back_post import EarlyBackPost
from backpost.envs.common.errors import InvalidValue, UnknownName
from backpost.envs.crossing import CrossingEnv
from backpost.envs.world.chance import episode_seeds

RULE = "early-back-post"
COUNT, STEPS = 5, 130


def made(env: str = "OpenPlay", **options: Any) -> gym.Env[Any, Any]:
    return gym.make(f"backpost.envs:backpost/{env}-v0", **options)


def vector(how: str, mode: AutoresetMode) -> VectorEnv[Any, Any, Any]:
    id = "backpost.envs:backpost/OpenPlay-v0"
    if how == "native":
        return gym.make_vec(id, COUNT, autoreset_mode=mode)
    return SyncVectorEnv([made] * COUNT, autoreset_mode=mode)


def corrections() -> np.ndarray:
    """Some corrections (STEPS, COUNT, 4)."""
    return np.random.default_rng(4).uniform(-0.5, 0.5, (STEPS, COUNT, 4)).astype(np.float32)


@pytest.mark.parametrize("env", ["OpenPlay", "Corner"])
def test_without_a_correction_the_runner_runs_as_the_tuned_rule_does(env: str) -> None:
    alone = play(agent(RULE, env), env, episode_seeds("evaluate", 0, 0, 12))
    corrected = CorrectRule(made(env), RULE)
    for cross in range(12):
        corrected.reset(options={"cross": cross})
        over, total, decisions = False, 0.0, 0
        while not over:
            _, reward, over, _, _ = corrected.step(np.zeros(4, np.float32))
            total, decisions = total + float(reward), decisions + 1
        assert decisions == alone["decisions"][cross]
        assert total == pytest.approx(alone["xg"][cross])


def one_by_one(mode: AutoresetMode) -> list[np.ndarray]:
    """Observations of each environment, stepped alone with the same corrections; a reset takes no step if at once."""
    seen = []
    for i in range(COUNT):
        env = CorrectRule(made(), RULE)
        rows, over = [env.reset(seed=i)[0]], False
        for correction in corrections()[:, i]:
            if over and mode == AutoresetMode.NEXT_STEP:
                rows.append(env.reset()[0])
                over = False
                continue
            observation, _, over, _, _ = env.step(correction)
            if over and mode == AutoresetMode.SAME_STEP:
                observation = env.reset()[0]
            rows.append(observation)
        seen.append(np.array(rows))
    return seen


@pytest.mark.parametrize("how", ["native", "sync"])
@pytest.mark.parametrize("mode", [AutoresetMode.NEXT_STEP, AutoresetMode.SAME_STEP])
def test_a_vector_of_corrected_rules_is_as_many_single_ones(how: str, mode: AutoresetMode) -> None:
    """Also in the crosses after the first, so the rule has forgotten the one that has ended."""
    envs = CorrectRuleVector(vector(how, mode), EarlyBackPost(scenario="OpenPlay"))
    rows = [envs.reset(seed=0)[0].copy()]
    ends = 0
    for correction in corrections():
        observations, _, terminated, _, _ = envs.step(correction)
        rows.append(observations.copy())
        ends += int(terminated.sum())
    assert ends > COUNT
    assert np.array_equal(np.swapaxes(rows, 0, 1), one_by_one(mode))


def test_a_correction_changes_the_run_until_the_first_touch_and_not_after() -> None:
    """Second balls are the rule's; the clipped sum reaches the environment."""
    received: list[np.ndarray] = []
    env = CorrectRule(made(), RULE)
    inner: Any = env.unwrapped
    step = inner.step

    def noted(action: np.ndarray) -> Any:
        received.append(action)
        return step(action)

    inner.step = noted
    twin = EarlyBackPost(scenario="OpenPlay")
    moved = np.array([0.7, -0.7, 0.0, 0.0], np.float32)
    decisions = {True: 0, False: 0}
    for cross in range(6):
        seen, _ = env.reset(options={"cross": cross})
        twin.reset(np.zeros(1, np.uint64))
        over = False
        while not over:
            before_touch = bool(coming(seen[None])[0])
            wanted = twin.act(seen[None])[0] + (moved if before_touch else 0.0)
            seen, _, over, _, _ = env.step(moved)
            assert np.allclose(received[-1], np.clip(wanted, -1.0, 1.0), atol=1e-6)
            decisions[before_touch] += 1
    assert min(decisions.values()) > 20


def test_it_is_an_environment_like_any_other() -> None:
    env = CorrectRule(made(), RULE)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".*different from the unwrapped version.*")
        warnings.filterwarnings("ignore", ".*symmetric and normalized.*|.*normalized space.*")
        check_env(env, skip_render_check=True)


def test_what_cannot_be_corrected_is_refused_in_a_sentence() -> None:
    with pytest.raises(InvalidValue, match="own actions"):
        CorrectRule(made(action_type="discrete"), RULE)
    with pytest.raises(InvalidValue, match="own observations"):
        CorrectRule(NormalizeObservation(made()), RULE)
    with pytest.raises(InvalidValue, match="own actions"):
        CorrectRuleVector(gym.make_vec("backpost.envs:backpost/OpenPlay-v0", 2, action_type="discrete"), RULE)
    with pytest.raises(UnknownName, match="early-back-post"):
        CorrectRule(made(), "late-bender")
    with pytest.raises(InvalidValue, match="as an object"):
        CorrectRule(CrossingEnv("OpenPlay"), RULE)
