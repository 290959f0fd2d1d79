"""Promises of agents/policies: what is written is what decides, and nothing else is read."""

import json
import pickle
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.numpy import save

from backpost.agents.base.identity import identity_of
from backpost.agents.policies.policy import Policy
from backpost.agents.policies.policy_file import (
    INPUTS,
    KEY,
    LARGEST_FILE,
    LARGEST_HEADER,
    Description,
    Weights,
    layout_digest,
    parse,
)
from backpost.agents.registry import agent
from backpost.agents.rules.registry import rule
from backpost.envs.common.errors import InvalidFile, ResetNeeded
from backpost.envs.interface import observation

ID = "backpost/OpenPlay-v0"
BASE = {"name": "hold-then-back-post", "numbers": {"start": 0.1}}


def weights_of(description: Description, seed: int = 0, scale: float = 0.3) -> Weights:
    generator = np.random.default_rng(seed)
    return {
        name: (scale * generator.standard_normal(shape)).astype(np.float32)
        for name, shape in description.shapes().items()
    }


def policy(seed: int = 0, **changes: Any) -> Policy:
    description = replace(Description(ID, provenance={"algorithm": "ppo", "steps": 10}), **changes)
    return Policy(description, weights_of(description, seed))


def looks(count: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-1.0, 1.0, (count, observation.SIZE)).astype(np.float32)


def content(change: Callable[[dict[str, Any], dict[str, np.ndarray]], None] | None = None) -> bytes:
    """A valid policy file, or one with something changed in its description or its tensors."""
    description = Description(ID)
    head: dict[str, Any] = {
        "format": 2,
        "observation": {"size": observation.SIZE, "layout": layout_digest()},
        "environment": ID,
        "kind": "mlp",
        "hidden": [64, 64],
        "activation": "tanh",
        "action_type": "continuous",
        "memory": 0,
        "base_rule": None,
        "provenance": {},
    }
    tensors: dict[str, np.ndarray] = dict(weights_of(description))
    if change is not None:
        change(head, tensors)
    return save(tensors, {KEY: json.dumps(head)})


GOOD = content()


@pytest.mark.parametrize("kind", [{}, {"kind": "squashed", "activation": "relu"}, {"kind": "lstm", "memory": 8}])
def test_a_policy_survives_its_file_bit_for_bit(tmp_path: Path, kind: dict[str, Any]) -> None:
    before = policy(base_rule=BASE, **kind)
    before.save(tmp_path / "striker.safetensors")
    after = agent(str(tmp_path / "striker.safetensors"))
    assert isinstance(after, Policy)
    assert after.name == "striker"
    assert after.made_of == before.made_of
    seeds = np.arange(9, dtype=np.uint64)
    before.reset(seeds)
    after.reset(seeds)
    assert np.array_equal(before.act(looks(9)), after.act(looks(9)))


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_the_output_is_that_of_torch(activation: str) -> None:
    ours = policy(activation=activation)
    layers: list[torch.nn.Module] = []
    for name in ("hidden0", "hidden1", "output"):
        weight, bias = ours.weights[f"{name}.weight"], ours.weights[f"{name}.bias"]
        layer = torch.nn.Linear(weight.shape[1], weight.shape[0])
        layer.load_state_dict({"weight": torch.from_numpy(weight), "bias": torch.from_numpy(bias)})
        layers += [layer, torch.nn.Tanh() if activation == "tanh" else torch.nn.ReLU()]
    with torch.no_grad():
        theirs = torch.nn.Sequential(*layers[:-1])(torch.from_numpy(looks(200))).numpy()
    np.testing.assert_allclose(ours.output(looks(200)), theirs, atol=1e-5, rtol=1e-5)


def test_an_lstm_is_that_of_torch_and_forgets_where_a_cross_begins() -> None:
    ours = policy(kind="lstm", memory=12, hidden=(8,))
    theirs = torch.nn.LSTM(observation.SIZE, 12)
    names = {"weight_ih_l0": "memory.input", "weight_hh_l0": "memory.state", "bias_ih_l0": "memory.bias"}
    theirs.load_state_dict(
        {key: torch.from_numpy(ours.weights[name]) for key, name in names.items()} | {"bias_hh_l0": torch.zeros(48)}
    )
    ours.reset(np.zeros(5, np.uint64))
    state = (torch.zeros(1, 5, 12), torch.zeros(1, 5, 12))
    for t in range(8):
        if t == 4:
            begun = np.array([True, False, False, True, False])
            ours.restart(begun, np.zeros(5, np.uint64))
            kept = torch.from_numpy(~begun)[None, :, None]
            state = (kept * state[0], kept * state[1])
        with torch.no_grad():
            latent, state = theirs(torch.from_numpy(looks(5, t))[None], state)
        expected = np.tanh(latent[0].numpy() @ ours.weights["hidden0.weight"].T + ours.weights["hidden0.bias"])
        expected = expected @ ours.weights["output.weight"].T + ours.weights["output.bias"]
        np.testing.assert_allclose(ours.output(looks(5, t)), expected, atol=1e-5)


@pytest.mark.parametrize("kind", [{}, {"kind": "squashed", "activation": "relu"}, {"kind": "lstm", "memory": 8}])
def test_a_policy_decides_the_same_alone_and_in_company(kind: dict[str, Any]) -> None:
    made = policy(**kind)
    seen = [looks(300, seed) for seed in (1, 2, 3)]
    made.reset(np.arange(300, dtype=np.uint64))
    together = [made.act(now) for now in seen]
    for i in range(0, 300, 7):
        made.reset(np.zeros(1, np.uint64))
        for now, expected in zip(seen, together, strict=True):
            assert np.array_equal(made.act(now[i : i + 1])[0], expected[i])


def test_a_correction_of_nothing_is_the_rule_itself() -> None:
    corrected = policy(base_rule=BASE)
    corrected.weights["output.weight"][:] = 0.0
    corrected.weights["output.bias"][:] = 0.0
    corrected = Policy(corrected.made_of, corrected.weights)
    alone = rule("hold-then-back-post", {"start": 0.1})
    seeds = np.arange(20, dtype=np.uint64)
    corrected.reset(seeds)
    alone.reset(seeds)
    assert np.array_equal(corrected.act(looks(20)), alone.act(looks(20)))


def test_actions_stay_in_the_box() -> None:
    wild = policy()
    wild.weights["output.bias"][:] = 50.0
    with pytest.raises(ResetNeeded):
        wild.act(looks(3))
    wild.reset(np.zeros(3, np.uint64))
    assert np.array_equal(np.abs(wild.act(looks(3))), np.ones((3, 4), np.float32))


def _set(key: str, value: Any) -> Callable[[dict[str, Any], dict[str, np.ndarray]], None]:
    return lambda head, tensors: head.__setitem__(key, value)


def _tensor(name: str, array: np.ndarray) -> Callable[[dict[str, Any], dict[str, np.ndarray]], None]:
    return lambda head, tensors: tensors.__setitem__(name, array)


NOT_FINITE = np.full(64, np.nan, np.float32)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (_set("format", 1), "has format 1; this version reads format 2"),
        (_set("kind", "pickle"), "valid choices are mlp, squashed, lstm"),
        (_set("kind", "lstm"), "must have a memory of 1 to 1024 units"),
        (_set("kind", "squashed"), "must hold exactly the tensors reach"),
        (_set("memory", 8), "else of 0, got 8"),
        (_set("environment", "backpost/OpenPlay-v7"), "was trained for version 7 of the environment"),
        (_set("environment", "CartPole-v1"), "valid choices are backpost/OpenPlay-v0"),
        (_set("environment", ["backpost/OpenPlay-v0"]), "valid choices are backpost/OpenPlay-v0"),
        (_set("observation", {"size": 4, "layout": "x"}), "different observation layout"),
        (_set("activation", "exec"), "valid choices are tanh, relu"),
        (_set("activation", ["tanh"]), "valid choices are tanh, relu"),
        (_set("action_type", "discrete"), "valid choices are continuous"),
        (_set("hidden", [10**9]), "hidden layers"),
        (_set("hidden", []), "hidden layers"),
        (_set("hidden", [64, 63]), "F32 of shape"),
        (_set("hidden", "64"), "hidden layers"),
        (_set("base_rule", {"name": "wizard", "numbers": {}}), "unknown coaching rule 'wizard'"),
        (_set("base_rule", {"name": "flight-reader", "numbers": {"start": 99}}), "start must be a number from"),
        (_set("base_rule", {"name": "flight-reader", "numbers": {"start": "x"}}), "numbers are not numbers"),
        (_set("base_rule", {"name": "flight-reader", "numbers": {"start": 10**400}}), "every number must be finite"),
        (_set("base_rule", "flight-reader"), "base rule"),
        (_set("provenance", 3), "provenance"),
        (_set("surprise", 3), "must describe exactly"),
        (_tensor("hidden0.bias", NOT_FINITE), "hidden0.bias that are not finite"),
        (_tensor("hidden0.bias", np.zeros(64)), "F32 of shape"),
        (_tensor("extra", NOT_FINITE), "must hold exactly the tensors"),
        (_set("provenance", {"reward": float("nan")}), "is no whole .safetensors file"),
    ],
)
def test_a_file_that_is_no_policy_of_this_version_is_refused(
    tmp_path: Path, change: Callable[[dict[str, Any], dict[str, np.ndarray]], None], says: str
) -> None:
    path = tmp_path / "p.safetensors"
    path.write_bytes(content(change))
    assert says in _refusal(path)


def test_no_length_of_its_header_makes_a_policy_unreadable(tmp_path: Path) -> None:
    first_bytes = set()
    for length in range(0, 256, 8):
        path = tmp_path / f"{length}.safetensors"
        policy(provenance={"note": "x" * length}).save(path)
        assert Policy.load(path).made_of.provenance["note"] == "x" * length
        first_bytes.add(path.read_bytes()[0])
    assert 0x80 in first_bytes


def test_files_of_other_kinds_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.safetensors"
    assert "cannot read policy" in _refusal(path)
    assert "cannot read policy" in _refusal(tmp_path)
    path.write_bytes(b"")
    assert "is truncated" in _refusal(path)
    path.write_bytes(pickle.dumps({"a": 1}))
    assert "could run code" in _refusal(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data.pkl", "x")
    assert "could run code" in _refusal(path)
    path.write_bytes(GOOD + bytes(LARGEST_FILE))
    assert f"at most {LARGEST_FILE:,} bytes are read" in _refusal(path)
    path.write_bytes((LARGEST_HEADER + 8).to_bytes(8, "little") + bytes(2 * LARGEST_HEADER))
    assert f"header larger than {LARGEST_HEADER} bytes" in _refusal(path)
    path.write_bytes(save({"x": np.zeros(2, np.float32)}, {"pt": "1"}))
    assert "is no whole .safetensors file of backpost" in _refusal(path)
    path.write_bytes(save({"x": np.zeros(2, np.float32)}, {KEY: "[" * 30000}))
    assert "is no whole .safetensors file of backpost" in _refusal(path)


def _refusal(path: Path) -> str:
    """The one sentence, naming the file, with which it is refused."""
    with pytest.raises(InvalidFile) as raised:
        Policy.load(path)
    sentence = str(raised.value)
    assert str(path) in sentence
    assert "\n" not in sentence
    return sentence


@settings(deadline=None, max_examples=60, derandomize=True)
@given(st.integers(0, len(GOOD) - 1))
def test_every_truncation_is_refused(length: int) -> None:
    with pytest.raises(InvalidFile):
        parse(GOOD[:length], "p")


@settings(deadline=None, max_examples=300, derandomize=True)
@given(st.integers(0, 1600), st.integers(0, 7))
def test_a_flipped_bit_is_refused_or_harmless(place: int, bit: int) -> None:
    data = bytearray(GOOD)
    data[place] ^= 1 << bit
    try:
        _, weights = parse(bytes(data), "p")
    except InvalidFile:
        return
    assert all(np.isfinite(array).all() for array in weights.values())


def test_what_could_not_be_read_again_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "p.safetensors"
    policy().save(path)
    before = path.read_bytes()
    broken = policy(seed=3)
    broken.weights["output.bias"][0] = np.inf
    with pytest.raises(InvalidFile, match="not finite"):
        broken.save(path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["p.safetensors"]


@pytest.mark.parametrize("kind", [{}, {"activation": "relu"}, {"kind": "squashed"}, {"kind": "lstm", "memory": 8}])
def test_weights_whose_sums_overflow_are_refused(tmp_path: Path, kind: dict[str, Any]) -> None:
    huge = policy(**kind)
    for array in huge.weights.values():
        array[:] = np.where(array < 0.0, -3e38, 3e38)
    path = tmp_path / "p.safetensors"
    with pytest.raises(InvalidFile, match="could overflow"):
        huge.save(path)
    large = policy(**kind)
    for array in large.weights.values():
        array *= 1000.0
    large.save(path)
    held = Policy.load(path)
    held.reset(np.zeros(3, np.uint64))
    assert np.isfinite(held.act(np.ones((3, observation.SIZE), np.float32))).all()


def standardised(**changes: Any) -> Policy:
    """A policy that was trained on standardised observations, some of which are clipped."""
    made, bounds = policy(**changes), np.random.default_rng(5).uniform(0.1, 3.0, (2, observation.SIZE))
    inputs = dict(zip(INPUTS, (*bounds.astype(np.float32), np.ones(1, np.float32)), strict=True))
    return Policy(made.made_of, made.weights | inputs)


@pytest.mark.parametrize("kind", [{}, {"kind": "squashed"}, {"kind": "lstm", "memory": 8}])
def test_standardised_inputs_survive_the_file_and_are_clipped(tmp_path: Path, kind: dict[str, Any]) -> None:
    made, path, seen = standardised(**kind), tmp_path / "p.safetensors", looks(500)
    made.save(path)
    mean, scale, _ = (made.weights[name] for name in INPUTS)
    plain = Policy(made.made_of, {name: array for name, array in made.weights.items() if name not in INPUTS})
    for each in (made, plain, held := Policy.load(path)):
        each.reset(np.zeros(len(seen), np.uint64))
    expected = plain.output(np.clip((seen - mean) * scale, -1.0, 1.0))
    assert (np.abs((seen - mean) * scale) > 1.0).mean() > 0.1
    np.testing.assert_array_equal(made.output(seen), expected)
    np.testing.assert_array_equal(held.output(seen), expected)
    assert identity_of(made) != identity_of(plain)


def test_standardised_inputs_are_whole_and_finite_or_the_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.safetensors"
    for name in INPUTS:
        made = standardised()
        del made.weights[name]
        with pytest.raises(InvalidFile, match="exactly the tensors"):
            made.save(path)
    for name in ("input.mean", "input.scale"):
        made = standardised()
        made.weights[name][:] = 3e38
        with pytest.raises(InvalidFile, match="could overflow"):
            made.save(path)
    assert list(tmp_path.iterdir()) == []
