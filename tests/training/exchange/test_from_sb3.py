"""A model of plain Stable-Baselines3 becomes an agent like any other: it decides alike, saves, and is compared."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
import pytest
import torch
from sb3_contrib import TQC, RecurrentPPO
from stable_baselines3 import A2C, PPO, SAC, TD3
from stable_baselines3.common.torch_layers import FlattenExtractor
from stable_baselines3.common.vec_env import DummyVecEnv, VecFrameStack, VecMonitor, VecNormalize

from backpost.agents.policies.correction import SCALE, CorrectRule
from backpost.agents.policies.policy import Policy, corrected
from backpost.agents.registry import agent
from backpost.agents.rules.registry import RULE_TYPES
from backpost.agents.rules.rule import Rule
from backpost.envs.common.errors import BackpostError, InvalidValue
from backpost.training.bench.compare import compare
from backpost.training.exchange.sb3 import from_sb3
from backpost.training.learn.crossing_sb3 import CrossingVecEnv

torch.set_num_threads(1)
W = gym.wrappers
RELU: dict[str, Any] = {"policy_kwargs": {"activation_fn": torch.nn.ReLU, "net_arch": [16, 8, 8]}}
MODELS = [(PPO, {}), (PPO, {"use_sde": True}), (PPO, RELU), (A2C, {}), (SAC, {}), (TQC, {}), (TD3, {})]


class Doubled(FlattenExtractor):
    """A feature extractor that a policy file knows nothing of."""

    def forward(self, observations: torch.Tensor) -> torch.Tensor:
        return 2.0 * super().forward(observations)


def looks() -> np.ndarray:
    """Observations of crosses under way."""
    env = CrossingVecEnv("OpenPlay", 64)
    env.reset()
    for _ in range(25):
        env.step_async(np.zeros((64, 4), np.float32))
        seen = env.step_wait()[0]
    return seen


class AsTrained:
    """A model as it played in training, on the observations that it saw and correcting the rule that it corrected."""

    def __init__(self, model: Any, inputs: VecNormalize | None = None, rule: Rule | None = None) -> None:
        self.model, self.inputs, self.rule = model, inputs, rule
        self.clipped: list[float] = []

    def reset(self, seeds: np.ndarray) -> None:
        if self.rule is not None:
            self.rule.reset(seeds)

    def restart(self, which: np.ndarray, seeds: np.ndarray) -> None:
        if self.rule is not None:
            self.rule.restart(which, seeds)

    def act(self, seen: np.ndarray) -> np.ndarray:
        shown = seen if self.inputs is None else np.asarray(self.inputs.normalize_obs(seen))
        if self.inputs is not None:
            self.clipped.append(float(np.mean(np.abs(shown) == self.inputs.clip_obs)))
        action = np.asarray(self.model.predict(shown, deterministic=True)[0])
        return action if self.rule is None else corrected(self.rule.act(seen), action * SCALE, seen)


def furthest(policy: Policy, trained: AsTrained) -> float:
    """The largest difference between the actions of both in 64 crosses at each of 60 decisions."""
    crosses, luck, apart = CrossingVecEnv("OpenPlay", 64), np.random.default_rng(0), 0.0
    seen = crosses.reset()
    for each in (policy, trained):
        each.reset(crosses.episode_seeds())
    for _ in range(60):
        apart = max(apart, float(np.abs(policy.act(seen) - trained.act(seen)).max()))
        crosses.step_async(luck.uniform(-1.0, 1.0, (64, 4)))
        seen, _, ended, _ = crosses.step_wait()
        for each in (policy, trained):
            each.restart(ended, crosses.episode_seeds())
    return apart


@pytest.mark.parametrize("algorithm", [PPO, SAC])
def test_what_was_trained_on_standardised_observations_decides_alike_where_they_are_clipped_too(
    algorithm: Any, tmp_path: Path
) -> None:
    env = VecNormalize(CrossingVecEnv("OpenPlay", 8), clip_obs=2.0)
    model = algorithm("MlpPolicy", env, seed=1, device="cpu", **({"n_steps": 32} if algorithm is PPO else {}))
    model.learn(1_000)
    policy = from_sb3(model, "OpenPlay")
    policy.save(tmp_path / "mine.safetensors")
    for runner in (policy, Policy.load(tmp_path / "mine.safetensors")):
        trained = AsTrained(model, env)
        assert furthest(runner, trained) < 1e-4
        assert 0.01 < np.mean(trained.clipped) < 0.5
    model.save(tmp_path / "model")
    env.save(str(tmp_path / "statistics.pkl"))
    alone = algorithm.load(tmp_path / "model", device="cpu")
    with pytest.raises(InvalidValue, match=r"longer has; load it with them: \w+.load\(file, env=VecNormalize"):
        from_sb3(alone, "OpenPlay")
    statistics = VecNormalize.load(str(tmp_path / "statistics.pkl"), CrossingVecEnv("OpenPlay", 8))
    again = from_sb3(algorithm.load(tmp_path / "model", env=statistics, device="cpu"), "OpenPlay")
    assert all((again.weights[name] == policy.weights[name]).all() for name in policy.weights)


@pytest.mark.parametrize("algorithm", [PPO, SAC, TD3])
def test_what_was_trained_to_correct_a_rule_is_exported_with_the_rule(algorithm: Any, tmp_path: Path) -> None:
    model = algorithm("MlpPolicy", made(lambda env: CorrectRule(env, "late-bend")), seed=1, device="cpu")
    rule = RULE_TYPES["late-bend"](scenario="OpenPlay")
    policy = from_sb3(model, "OpenPlay")
    assert policy.base is not None
    assert (policy.base.name, policy.base.numbers) == ("late-bend", rule.numbers)

    assert furthest(policy, AsTrained(model, rule=rule)) < 2e-5
    model.save(tmp_path / "model")
    alone = algorithm.load(tmp_path / "model", device="cpu")
    with pytest.raises(InvalidValue, match="does not say which; name it"):
        from_sb3(alone, "OpenPlay")
    for named in ("late-bend", rule):
        assert from_sb3(alone, "OpenPlay", rule=named).made_of == policy.made_of
    for wrong, says in (("early-back-post", "to correct late-bend, and not early-back-post"), ("soon", "'soon'")):
        with pytest.raises(BackpostError, match=says):
            from_sb3(model, "OpenPlay", rule=wrong)


@pytest.mark.parametrize("algorithm", [PPO, SAC])
def test_a_file_of_a_model_that_saw_plain_observations_needs_nothing_else(algorithm: Any, tmp_path: Path) -> None:
    settings = {"n_steps": 16} if algorithm is PPO else {"learning_starts": 16, "train_freq": 64}
    model = algorithm("MlpPolicy", CrossingVecEnv("OpenPlay", 8), seed=1, device="cpu", **settings).learn(256)
    model.save(tmp_path / "model")
    policy = from_sb3(algorithm.load(tmp_path / "model", device="cpu"), "OpenPlay")
    assert furthest(policy, AsTrained(model)) < 2e-5


def test_a_rule_that_was_not_corrected_is_refused() -> None:
    with pytest.raises(InvalidValue, match="velocity x from -1 to 1 in its action"):
        from_sb3(PPO("MlpPolicy", made(), device="cpu"), "OpenPlay", rule="late-bend")


@pytest.mark.parametrize(("algorithm", "how"), MODELS, ids=lambda value: getattr(value, "__name__", ""))
def test_the_agent_decides_as_the_model_does_and_survives_its_file(algorithm: Any, how: Any, tmp_path: Path) -> None:
    model = algorithm("MlpPolicy", CrossingVecEnv("OpenPlay", 4), seed=1, device="cpu", **how)
    policy, seen = from_sb3(model, "OpenPlay"), looks()
    policy.save(tmp_path / "mine.safetensors")
    expected = model.predict(seen, deterministic=True)[0]
    assert np.abs(expected).max() > 0.0
    for runner in (policy, agent(str(tmp_path / "mine.safetensors"))):
        assert isinstance(runner, Policy)
        runner.reset(np.zeros(len(seen), np.uint64))
        np.testing.assert_allclose(runner.act(seen), expected, atol=2e-5)


def test_agents_are_compared_like_names() -> None:
    model = PPO("MlpPolicy", CrossingVecEnv("OpenPlay", 4), seed=1, device="cpu")
    policy = from_sb3(model, "backpost/OpenPlay-v0")
    result = compare("OpenPlay", [policy, "stand-still", agent("late-bend", "OpenPlay")], 100)
    by_name = compare("OpenPlay", ["late-bend", "stand-still"], 100)
    assert [row.name for row in result.agents] == ["policy", "stand-still", "late-bend"]
    assert result.agents[2].xg == by_name.agents[0].xg
    assert result.agents[0].xg != result.agents[2].xg
    with pytest.raises(InvalidValue, match="need distinct names"):
        compare("OpenPlay", [policy, from_sb3(model, "OpenPlay")], 100)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda env: RecurrentPPO("MlpLstmPolicy", env, device="cpu"), "RecurrentPPO does not fit into a policy file"),
        (lambda env: SAC("MlpPolicy", env, use_sde=True, device="cpu"), "SAC does not fit into a policy file"),
        (lambda env: PPO("MlpPolicy", VecNormalize(VecNormalize(env)), device="cpu"), "standardised twice"),
        (lambda env: PPO("MlpPolicy", env, policy_kwargs={"net_arch": []}, device="cpu"), "must be hidden layers"),
        (
            lambda env: PPO("MlpPolicy", env, policy_kwargs={"activation_fn": torch.nn.ELU}, device="cpu"),
            "must be hidden layers",
        ),
        (lambda env: PPO("MlpPolicy", env, policy_kwargs={"net_arch": [8] * 5}, device="cpu"), "4 hidden layers of"),
        (
            lambda env: PPO("MlpPolicy", env, policy_kwargs={"features_extractor_class": Doubled}, device="cpu"),
            "a features extractor of its own",
        ),
    ],
)
def test_what_no_file_can_hold_is_refused_in_one_sentence(make: Any, says: str) -> None:
    with pytest.raises(InvalidValue, match=says):
        from_sb3(make(CrossingVecEnv("OpenPlay", 2)), "OpenPlay")


def made(wrap: Callable[[gym.Env[Any, Any]], gym.Env[Any, Any]] = lambda env: env, **options: Any) -> DummyVecEnv:
    return DummyVecEnv([lambda: wrap(gym.make("backpost/OpenPlay-v0", **options))])


CHANGED: list[tuple[Any, str]] = [
    (lambda env: W.RescaleAction(env, np.float32(0), np.float32(1)), "through RescaleAction"),
    (lambda env: W.RescaleObservation(env, np.float32(0), np.float32(1)), "through RescaleObservation"),
    (lambda env: W.NormalizeObservation(env), "through NormalizeObservation"),
    (lambda env: W.FrameStackObservation(env, 2), r"observations \(\d+,\) .*FrameStackObservation"),
    (lambda env: W.TransformObservation(env, lambda seen: -seen, None), "through TransformObservation"),
]


@pytest.mark.parametrize(("wrap", "says"), CHANGED)
def test_what_changed_observations_or_actions_in_training_is_refused_by_name(wrap: Any, says: str) -> None:
    model = PPO("MlpPolicy", made(wrap), n_steps=16, batch_size=16, device="cpu")
    with pytest.raises(InvalidValue, match=says) as refused:
        from_sb3(model, "OpenPlay")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("wrap", [wrap for wrap, _ in CHANGED[:-1]])
def test_a_model_that_was_loaded_without_its_environment_is_refused_by_its_spaces(wrap: Any, tmp_path: Path) -> None:
    PPO("MlpPolicy", made(wrap), n_steps=16, batch_size=16, device="cpu").save(tmp_path / "model")
    model = PPO.load(tmp_path / "model", device="cpu")
    assert model.get_env() is None
    with pytest.raises(InvalidValue, match=r" from .* to |observations \(\d+,\)") as refused:
        from_sb3(model, "OpenPlay")
    assert "\n" not in str(refused.value)


def test_what_left_observations_and_actions_alone_is_taken() -> None:
    for env in (
        made(W.RecordEpisodeStatistics),
        VecMonitor(made()),
        VecNormalize(made(), norm_obs=False),
        VecNormalize(CrossingVecEnv("OpenPlay", 2), norm_obs=False),
    ):
        model = PPO("MlpPolicy", env, n_steps=16, batch_size=16, device="cpu")
        policy, seen = from_sb3(model, "OpenPlay"), looks()
        policy.reset(np.zeros(len(seen), np.uint64))
        np.testing.assert_allclose(policy.act(seen), model.predict(seen, deterministic=True)[0], atol=2e-5)


@pytest.mark.parametrize(
    ("env", "says"),
    [
        (lambda: CrossingVecEnv("Corner", 2), "trained in backpost/Corner-v0, not in backpost/OpenPlay-v0"),
        (lambda: CrossingVecEnv("OpenPlay", 2, wing="left"), "trained with wing 'left'"),
        (lambda: made(wing="random"), "trained with wing 'random'"),
        (lambda: VecFrameStack(made(), 2), "through VecFrameStack"),
        (lambda: made(action_type="call"), r"actions \(4,\)"),
    ],
)
def test_a_model_of_another_environment_is_refused(env: Any, says: str) -> None:
    with pytest.raises(InvalidValue, match=says):
        from_sb3(PPO("MlpPolicy", env(), n_steps=16, batch_size=16, device="cpu"), "OpenPlay")


def test_other_actions_are_refused() -> None:
    model = PPO("MlpPolicy", CrossingVecEnv("OpenPlay", 2, action_type="discrete"), device="cpu")
    with pytest.raises(InvalidValue, match=r"actions \(4,\)"):
        from_sb3(model, "OpenPlay")
