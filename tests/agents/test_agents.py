"""Promises that every agent keeps, and the registry: batched, deterministic, mirrored, found by name."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from backpost.agents import registry
from backpost.agents.base.registry import AGENTS
from backpost.agents.policies.policy import Description, Policy
from backpost.agents.registry import agent
from backpost.agents.rules.numbers import read_tuned
from backpost.agents.rules.registry import RULE_TYPES, RULES, rule
from backpost.envs.common.errors import InvalidFile, InvalidValue, UnknownName
from backpost.envs.interface import observation
from backpost.envs.world.chance import episode_seeds

ON_SIGHT = [name for name in AGENTS if name not in ("planner", "learned", "generalist")]
"""Agents that decide on the observation alone."""


def looks(count: int, seed: int) -> np.ndarray:
    """Observations anywhere in the box: an agent must cope with all of them."""
    lows, highs = observation.LOWS / observation.SCALES, observation.HIGHS / observation.SCALES
    seen = np.random.default_rng(seed).uniform(lows, highs, (count, observation.SIZE)).astype(np.float32)
    names = ("carry", "look", "plant", "swing", "cross", "loose", "read_valid", "drop_valid")
    flags = [observation.index(name) for name in names]
    seen[:, flags] = np.round(seen[:, flags])
    return seen


@pytest.mark.parametrize("name", ON_SIGHT)
def test_every_agent_acts_in_the_box_whatever_it_sees(name: str) -> None:
    player = agent(name)
    player.reset(np.arange(500, dtype=np.uint64))
    for moment in range(4):
        actions = player.act(looks(500, moment))
        assert actions.shape == (500, 4)
        assert actions.dtype == np.float32
        assert np.isfinite(actions).all()
        assert np.abs(actions).max() <= 1.0


@pytest.mark.parametrize("name", ON_SIGHT)
def test_a_row_never_depends_on_its_neighbours(name: str) -> None:
    seeds = episode_seeds("verify", 1, 0, 60)
    company, moments = agent(name), [looks(60, moment) for moment in range(5)]
    company.reset(seeds)
    together = [company.act(seen) for seen in moments]
    for i in range(0, 60, 6):
        alone = agent(name)
        alone.reset(seeds[i : i + 1])
        for seen, actions in zip(moments, together, strict=True):
            assert np.array_equal(alone.act(seen[i : i + 1])[0], actions[i])


@pytest.mark.parametrize("name", ON_SIGHT)
def test_a_restarted_row_is_as_good_as_new(name: str) -> None:
    old, new = episode_seeds("verify", 1, 0, 8), episode_seeds("verify", 2, 0, 8)
    used, fresh = agent(name), agent(name)
    used.reset(old)
    for moment in range(4):
        used.act(looks(8, moment))
    which = np.arange(8) % 2 == 0
    used.restart(which, new)
    fresh.reset(new)
    for moment in range(4, 7):
        assert np.array_equal(used.act(looks(8, moment))[which], fresh.act(looks(8, moment))[which])


@pytest.mark.parametrize("name", ["stand-still", *RULES])
def test_the_mirrored_cross_is_met_with_the_mirrored_run(name: str) -> None:
    sideways = [i for i, entry in enumerate(observation.LAYOUT) if entry.name.endswith("_y")]
    right, left = agent(name), agent(name)
    seeds = np.zeros(200, np.uint64)
    right.reset(seeds)
    left.reset(seeds)
    for moment in range(4):
        seen = looks(200, moment)
        mirrored = seen.copy()
        mirrored[:, sideways] *= -1.0
        actions = right.act(seen)
        assert np.allclose(left.act(mirrored), actions * np.array([1, -1, 1, -1], np.float32), atol=1e-6)


def test_random_runs_are_smooth_and_belong_to_their_seeds() -> None:
    seeds = episode_seeds("verify", 3, 0, 200)
    player = agent("random")
    player.reset(seeds)
    wanted = np.array([player.act(looks(200, 0))[:, :2] for _ in range(60)])
    assert np.abs(np.diff(wanted, axis=0)).mean() < 0.2
    assert np.abs(wanted.mean(axis=(0, 1))).max() < 0.1
    assert len(np.unique(wanted[0], axis=0)) == 200
    player.reset(seeds)
    assert np.array_equal(player.act(looks(200, 9))[:, :2], wanted[0])


def test_the_shipped_policies_are_found_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "POLICIES", tmp_path)
    assert {"learned", "generalist"} <= set(registry.descriptions())
    with pytest.raises(InvalidFile, match="`backpost train Corner --out runs/Corner` trains one"):
        agent("learned", "Corner")
    made = {}
    for env in ("Match", "Corner"):
        made[env] = Description(f"backpost/{env}-v0", hidden=(4,), provenance={"of": env})
        weights = {name: np.zeros(shape, np.float32) for name, shape in made[env].shapes().items()}
        Policy(made[env], weights).save(tmp_path / f"{env}.safetensors")
    for name, env, of in (
        ("learned", "backpost/Corner-v0", "Corner"),
        ("learned", "DrillShadow", "Match"),
        ("generalist", "Corner", "Match"),
    ):
        policy = agent(name, env)
        assert isinstance(policy, Policy)
        assert (policy.name, policy.made_of) == (name, made[of])


def test_every_rule_is_tuned_with_one_budget_and_its_evidence_is_there() -> None:
    assert set(read_tuned()["scenarios"]) == {"OpenPlay", "Transition", "Corner", "FreeKick"}
    for scenario, tuned in read_tuned()["scenarios"].items():
        assert list(tuned["rules"]) == list(RULES)
        for name, entry in tuned["rules"].items():
            assert entry["evidence"]["crosses"] == tuned["budget"]["evidence"]
            gain, luck = (entry["evidence"][key] for key in ("gain_over_untuned", "gain_standard_error"))
            assert gain >= -3.0 * luck, "no more than luck below the untuned numbers"
            kind = RULE_TYPES[name]
            assert kind(scenario=scenario).numbers == kind.numbers_type.of(entry["numbers"])


@pytest.mark.parametrize(
    ("ask", "error", "says"),
    [
        (lambda: agent("random", "Maracana"), UnknownName, "valid choices are backpost/OpenPlay-v0"),
        (lambda: agent("maradona"), UnknownName, "valid choices are wait-at-back-post"),
        (lambda: rule("maradona", {}), UnknownName, "valid choices are wait-at-back-post"),
        (lambda: rule("flight-reader", {"stat": 1.0}), UnknownName, "valid choices are read_after"),
        (lambda: rule("flight-reader", {"start": 9.0}), InvalidValue, "start must be a number from 0 to 0.7 s, got 9"),
        (lambda: rule("flight-reader", {"start": float("nan")}), InvalidValue, "got nan"),
        (lambda: rule("flight-reader", {"start": True}), InvalidValue, "got True"),
    ],
)
def test_bad_names_and_numbers_get_one_sentence(ask: Callable[[], object], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says) as raised:
        ask()
    assert "\n" not in str(raised.value)
