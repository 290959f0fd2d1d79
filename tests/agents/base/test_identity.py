"""Agents say who they are, or what they play is not kept; a changed agent is another one, whatever it is made of."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from a_policy import a_policy

from backpost.agents.base.agent import Agent
from backpost.agents.base.identity import identity_of
from backpost.agents.handicaps.delayed import Delayed
from backpost.agents.handicaps.noise import Noisy
from backpost.agents.planners.planner import Budget, Planner
from backpost.agents.registry import agent
from backpost.agents.rules.flight_reader import FlightReader
from backpost.agents.rules.registry import RULE_TYPES, RULES
from backpost.agents.stand_still import StandStill
from backpost.envs.common.errors import InvalidValue
from backpost.training.bench import compare as compare

PUSH = [0.0]


class Plain(StandStill):
    """Nothing to tell it by; `pushes` is what it does."""

    def __init__(self) -> None:
        self.name, self.description = "plain", "runs one way"

    def pushes(self) -> float:
        return 0.0

    def act(self, observations: np.ndarray) -> np.ndarray:
        actions = np.zeros((len(observations), 4), np.float32)
        actions[:, 0] = self.pushes()
        return actions


class Private(Plain):
    def __init__(self, push: float) -> None:
        super().__init__()
        self._push = push

    def pushes(self) -> float:
        return self._push


class Listed(Plain):
    def __init__(self, push: float) -> None:
        super().__init__()
        self.weights = [np.array([push])]

    def pushes(self) -> float:
        return float(self.weights[0][0])


class Boxed(Plain):
    class Box:
        def __init__(self, push: float) -> None:
            self.push = push

        def __repr__(self) -> str:
            return "Box()"

    def __init__(self, push: float) -> None:
        super().__init__()
        self.box = self.Box(push)

    def pushes(self) -> float:
        return self.box.push


class Net(Plain):
    def __init__(self, push: float) -> None:
        super().__init__()
        self.net = torch.nn.Linear(1, 1)
        torch.nn.init.constant_(self.net.bias, push)
        torch.nn.init.zeros_(self.net.weight)

    def pushes(self) -> float:
        return float(self.net(torch.zeros(1)).item())


class Global(Plain):
    def __init__(self, push: float) -> None:
        super().__init__()
        PUSH[0] = push

    def pushes(self) -> float:
        return PUSH[0]


def wrapped(push: float) -> Agent:
    return Delayed(Private(push), 1)


@pytest.mark.parametrize("make", [Private, Listed, Boxed, Net, Global, wrapped])
def test_an_agent_that_does_not_say_who_it_is_is_played_but_never_kept(
    make: Callable[[float], Agent], tmp_path: Path
) -> None:
    worth = [compare.compare("OpenPlay", [make(push)], 20).agents[0] for push in (-1.0, 1.0)]
    assert worth[0] != worth[1]
    with pytest.raises(
        InvalidValue, match=r"crosses of agent .* cannot be kept.*define identity\(\) in class"
    ) as refusal:
        compare.compare("OpenPlay", ["stand-still", make(0.1)], 20, keep=tmp_path)
    assert make(0.1).name in str(refusal.value)
    assert str(refusal.value).count(". ") == 0
    assert list(tmp_path.iterdir()) == []


class Named(Private):
    def identity(self) -> dict[str, Any]:
        return {"name": self.name, "push": self._push}


class Unsure(Private):
    def identity(self) -> Any:
        return None


class Inheriting(Named):
    """Does something else, and says nothing of it."""

    def pushes(self) -> float:
        return -self._push


class OwnRule(FlightReader):
    """A rule of a user's: what it inherits describes another rule."""


def test_what_a_class_inherits_does_not_say_who_it_is() -> None:
    assert identity_of(Named(1.0)) is not None
    for silent in (Inheriting(1.0), OwnRule(), Unsure(1.0), Delayed(Inheriting(1.0)), Noisy(Unsure(1.0))):
        assert identity_of(silent) is None


def test_a_kept_comparison_of_changed_weights_never_tells_the_old_numbers(tmp_path: Path) -> None:
    for change in (-1.0, 1.0, 0.2):
        kept = compare.compare("OpenPlay", [Named(change), Delayed(Named(change))], 20, keep=tmp_path)
        fresh = compare.compare("OpenPlay", [Named(change), Delayed(Named(change))], 20)
        assert kept == fresh
    assert len(list(tmp_path.iterdir())) == 6


def test_whatever_a_policy_acts_with_is_in_its_identity() -> None:
    who = identity_of(a_policy())
    assert identity_of(a_policy()) == who
    for harm in ("matrix", "bias", "base", "layer"):
        policy = a_policy()
        if harm == "matrix":
            policy._layers[0][0][0, 0] += np.float32(1e-3)
        elif harm == "bias":
            policy.weights["output.bias"][0] += np.float32(1e-3)
        elif harm == "layer":
            policy._layers[-1] = (policy._layers[-1][0] * 2, policy._layers[-1][1])
        else:
            assert policy.base is not None
            policy.base.numbers = replace(policy.base.numbers, margin=1.0)
        assert identity_of(policy) != who, harm
    policy = a_policy()
    policy.name = "called otherwise"
    assert identity_of(policy) == who


def test_agents_that_differ_in_anything_that_decides_have_different_identities() -> None:
    rule = agent("flight-reader")
    otherwise = RULE_TYPES["flight-reader"](replace(rule.numbers, margin=1.0))  # type: ignore[attr-defined]
    agents = [
        *(agent(name) for name in (*RULES, "random", "stand-still")),
        a_policy(),
        a_policy(seed=1),
        otherwise,
        Delayed(rule, 1),
        Delayed(rule, 2),
        Delayed(otherwise, 1),
        Noisy(rule, 0.3),
        Noisy(rule, 0.4),
        Noisy(Noisy(rule, 0.3), 0.3),
        Planner(),
        Planner(Budget(every=7)),
        Planner(seed=1),
        Named(1.0),
        Named(2.0),
    ]
    texts = [json.dumps(identity_of(runner), sort_keys=True, allow_nan=False) for runner in agents]
    assert len(set(texts)) == len(texts)
    assert all(json.loads(text) == identity_of(runner) for text, runner in zip(texts, agents, strict=True))


def test_an_identity_is_plain_values_or_refused_in_a_sentence() -> None:
    def saying(values: Any) -> Agent:
        kind = type("Saying", (Plain,), {"identity": lambda self: values})
        made: Agent = kind()
        return made

    identity = identity_of(saying({"n": np.float32(0.5), "k": np.int64(3), "w": (np.zeros(2), None, "text", True)}))
    assert identity is not None
    assert (identity["n"], identity["k"], identity["w"][1:]) == (0.5, 3, [None, "text", True])
    assert identity_of(saying({"w": np.zeros(2)})) != identity_of(saying({"w": np.zeros((2, 1))}))
    assert identity_of(saying({"w": np.zeros(2)})) != identity_of(saying({"w": np.zeros(2, np.float32)}))
    assert identity_of(saying({"agent": agent("random")})) != identity_of(saying({"agent": agent("stand-still")}))
    for wrong in (torch.zeros(1), object(), float("nan"), {1: 2}, np.array([object()]), Path("weights"), {1, 2}):
        with pytest.raises(InvalidValue, match=r"weights in identity\(\) of agent plain must be made of None"):
            identity_of(saying({"weights": wrong}))
    with pytest.raises(InvalidValue, match="must return a mapping or None, got list"):
        identity_of(saying([1]))
    not_callable = type("Saying", (Plain,), {"identity": "me"})()
    with pytest.raises(InvalidValue, match="must be a method"):
        identity_of(not_callable)


def test_two_classes_that_say_the_same_of_themselves_are_two_agents() -> None:
    same = {"rule": "flight-reader", "numbers": 1}
    first, second = (type(name, (Plain,), {"identity": lambda self: same})() for name in ("One", "Other"))
    assert identity_of(first) != identity_of(second)


class Learning(Private):
    """Becomes another while it plays."""

    def identity(self) -> dict[str, Any]:
        return {"push": self._push}

    def act(self, observations: np.ndarray) -> np.ndarray:
        self._push *= 0.9
        return super().act(observations)


def test_an_agent_that_becomes_another_while_it_plays_is_not_kept(tmp_path: Path) -> None:
    with pytest.raises(InvalidValue, match=r"identity\(\) returns.* changed while it played"):
        compare.compare("OpenPlay", [Learning(1.0)], 5, keep=tmp_path)
    assert list(tmp_path.iterdir()) == []
