"""An ONNX file decides as the policy does, and what cannot be one is refused."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from a_policy import a_policy

from backpost.agents.policies.policy import Policy
from backpost.agents.policies.policy_file import INPUTS, Description
from backpost.agents.registry import POLICIES
from backpost.envs.common.errors import BackpostError, InvalidFile, InvalidValue
from backpost.envs.interface.observation import SIZE
from backpost.training.exchange import onnx_file
from backpost.training.exchange.onnx_file import as_onnx, export_onnx

SEEN = np.random.default_rng(0).uniform(-1.0, 1.0, (2000, SIZE)).astype(np.float32)


def alone(kind: str = "mlp", activation: str = "tanh", standardised: bool = False) -> Policy:
    """A policy of noise that corrects no rule; many of its actions reach the bounds."""
    made = Description("backpost/OpenPlay-v0", kind=kind, hidden=(8, 6), activation=activation)
    rng, shapes = np.random.default_rng(1), made.shapes() | (INPUTS if standardised else {})
    weights = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    if standardised:
        weights |= {"input.scale": np.full(SIZE, 5.0, np.float32), "input.largest": np.full(1, 2.0, np.float32)}
    return Policy(made, weights)


@pytest.mark.parametrize(
    "policy",
    [alone(), alone(activation="relu"), alone("squashed"), alone(standardised=True), alone("squashed", "relu", True)],
    ids=lambda policy: f"{policy.made_of.kind}-{policy.made_of.activation}-{'input.mean' in policy.weights}",
)
def test_the_file_of_a_policy_gives_its_actions(policy: Policy) -> None:
    session = onnxruntime.InferenceSession(as_onnx(policy).SerializeToString())
    (actions,) = session.run(["actions"], {"observations": SEEN})
    policy.reset(np.zeros(len(SEEN), np.uint64))
    policy._side[:] = 1.0  # observations of noise come from no wing
    np.testing.assert_allclose(actions, policy.act(SEEN), atol=onnx_file.CLOSE)
    assert np.mean(np.abs(actions) == 1.0) > 0.02 or policy.made_of.kind == "squashed"


def test_the_file_of_a_correction_gives_the_correction_and_names_the_rule(tmp_path: Path) -> None:
    policy = a_policy()
    policy.save(tmp_path / "mine.safetensors")
    result = export_onnx("OpenPlay", str(tmp_path / "mine.safetensors"), tmp_path / "mine.onnx")
    assert (result.output, result.rule) == ("corrections", policy.made_of.base_rule)
    assert result.observations > 4000
    assert result.largest_difference < 1e-5
    session = onnxruntime.InferenceSession(str(tmp_path / "mine.onnx"))
    (corrections,) = session.run(["corrections"], {"observations": SEEN})
    np.testing.assert_allclose(corrections, policy.output(SEEN), atol=1e-6)
    properties = {entry.key: entry.value for entry in onnx.load(tmp_path / "mine.onnx").metadata_props}
    assert json.loads(properties["rule"]) == policy.made_of.base_rule
    assert properties["environment"] == "backpost/OpenPlay-v0"


@pytest.mark.parametrize("policy", sorted(POLICIES.glob("*.safetensors")), ids=lambda path: path.stem)
def test_every_shipped_policy_becomes_a_file_that_agrees_with_it(policy: Path, tmp_path: Path) -> None:
    result = export_onnx(policy.stem, str(policy), tmp_path / "shipped.onnx")
    assert result.largest_difference < onnx_file.CLOSE
    assert (tmp_path / "shipped.onnx").is_file()


def test_what_is_no_network_is_refused_and_a_file_that_differs_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(InvalidValue, match="needs a policy: learned, generalist or the path"):
        export_onnx("OpenPlay", "late-bend", tmp_path / "rule.onnx")
    made = replace(a_policy().made_of, kind="lstm", memory=3)
    weights = {name: np.zeros(shape, np.float32) for name, shape in made.shapes().items()}
    with pytest.raises(InvalidValue, match="has a memory"):
        as_onnx(Policy(made, weights))
    a_policy().save(tmp_path / "mine.safetensors")
    monkeypatch.setattr(onnx_file, "as_onnx", lambda policy: as_onnx(a_policy(seed=1)))
    with pytest.raises(BackpostError, match="would differ from the policy by") as refused:
        export_onnx("OpenPlay", str(tmp_path / "mine.safetensors"), tmp_path / "mine.onnx")
    assert isinstance(refused.value, InvalidFile)
    assert not (tmp_path / "mine.onnx").exists()
