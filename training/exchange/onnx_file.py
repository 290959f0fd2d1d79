"""A policy's network as an ONNX file, for runtimes outside Python; it is checked against the policy before it counts.

The file holds what `Policy` computes for a cross from the right wing: observations (n, SIZE) in, and out either
"actions" (n, 4), clipped to [-1, 1], or, of a policy that corrects a coaching rule, "corrections" (n, 4): the rule is
code, which a network cannot hold, so the caller adds them to the rule's actions until the first touch.
"""

import json
import os
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from backpost.agents.policies.policy import Policy
from backpost.agents.policies.policy_file import INPUTS, layout_digest
from backpost.agents.registry import agent
from backpost.envs import CrossingVectorEnv
from backpost.envs.common.errors import InvalidFile, InvalidValue
from backpost.envs.common.extras import explained
from backpost.envs.common.files import write_atomically
from backpost.envs.interface import observation
from backpost.training.bench.result_file import Result

with explained():
    import onnx
    import onnxruntime
    from onnx import helper, numpy_helper

OPSET, IR_VERSION = 17, 8
"""Versions of the operators and of the format: of 2022, so that runtimes of the last years read the file."""
CLOSE = 1e-4
"""Largest difference to the policy that is accepted, in units of an action."""
_COUNT, _DECISIONS = 256, 16
"""Crosses, and decisions in each of them, that a file is checked on."""
_LAYERS = {"tanh": "Tanh", "relu": "Relu"}


@dataclass(frozen=True)
class OnnxExport(Result):
    """An ONNX file and how it was checked.

    Attributes:
        file: the file.
        environment: id of the environment that the policy was trained in.
        agent: name of the policy.
        output: "actions", or "corrections" of a rule.
        rule: the coaching rule that they correct, with its numbers; None without one.
        opset: version of the operators.
        observations: number of observations that the file was checked on.
        largest_difference: between the file's output and the policy's, in units of an action.
    """

    command: ClassVar[str] = "export"
    file: str
    environment: str
    agent: str
    output: str
    rule: dict[str, Any] | None
    opset: int
    observations: int
    largest_difference: float


def export_onnx(env: str, name: str, path: str | os.PathLike[str]) -> OnnxExport:
    """Write the network of a policy (a name or file) and check it in crosses of an environment.

    Raises:
        UnknownName, InvalidFile: for an agent that does not exist, or a file that cannot be written.
        InvalidValue: for an agent that is no policy, or a policy with a memory.
    """
    policy = agent(name, env)
    if not isinstance(policy, Policy):
        raise InvalidValue(f"export needs a policy: learned, generalist or the path of a policy file, got {name}")
    model = as_onnx(policy)
    seen = _looks(env)
    (made,) = onnxruntime.InferenceSession(model.SerializeToString()).run(None, {"observations": seen})
    apart = float(np.abs(made - _expected(policy, seen)).max())
    if not apart <= CLOSE:
        raise InvalidFile(f"the ONNX file of {name} would differ from the policy by {apart:.2g}; none was written")
    write_atomically(path, model.SerializeToString())
    return OnnxExport(
        file=os.fspath(path),
        environment=policy.made_of.environment,
        agent=policy.name,
        output=model.graph.output[0].name,
        rule=policy.made_of.base_rule,
        opset=OPSET,
        observations=len(seen),
        largest_difference=apart,
    )


def table(result: OnnxExport) -> str:
    """The result in two lines."""
    rule = "" if result.rule is None else f" of {result.rule['name']}"
    return (
        f"{result.file}: observations (n, {observation.SIZE}) to {result.output}{rule} (n, 4), opset {result.opset}\n"
        f"on {result.observations:,} observations within {result.largest_difference:.1g} of {result.agent}"
    )


def as_onnx(policy: Policy) -> onnx.ModelProto:
    """The network of a policy.

    Raises:
        InvalidValue: for a policy with a memory.
    """
    made = policy.made_of
    if made.memory:
        raise InvalidValue(
            f"{policy.name} has a memory (LSTM), which export does not write; valid are policies without"
        )
    nodes: list[onnx.NodeProto] = []
    value = "observations"

    def then(kind: str, *constants: str, **how: Any) -> None:
        nonlocal value
        nodes.append(helper.make_node(kind, [value, *constants], [f"{kind}_{len(nodes)}"], **how))
        value = nodes[-1].output[0]

    if "input.mean" in policy.weights:
        then("Sub", "input.mean")
        then("Mul", "input.scale")
        then("Clip", "input.least", "input.most")
    for i in range(len(made.hidden)):
        then("Gemm", f"hidden{i}.weight", f"hidden{i}.bias", transB=1)
        then(_LAYERS[made.activation])
    then("Gemm", "output.weight", "output.bias", transB=1)
    if made.kind == "squashed":
        then("Tanh")
        then("Mul", "reach")
    if made.base_rule is None:
        then("Clip", "action.least", "action.most")
    output = "actions" if made.base_rule is None else "corrections"
    nodes[-1].output[0] = output
    graph = helper.make_graph(
        nodes,
        "backpost_policy",
        [helper.make_tensor_value_info("observations", onnx.TensorProto.FLOAT, ["n", observation.SIZE])],
        [helper.make_tensor_value_info(output, onnx.TensorProto.FLOAT, ["n", 4])],
        [numpy_helper.from_array(array, name) for name, array in _constants(policy).items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION)
    properties = {"environment": made.environment, "layout": layout_digest(), "rule": json.dumps(made.base_rule)}
    helper.set_model_props(model, properties)
    onnx.checker.check_model(model, full_check=True)
    return model


def _constants(policy: Policy) -> dict[str, npt.NDArray[np.float32]]:
    """The tensors of the file by name."""
    tensors = {name: array for name, array in policy.weights.items() if name not in INPUTS}
    if policy.made_of.base_rule is None:
        tensors |= {"action.least": np.array(-1.0, np.float32), "action.most": np.array(1.0, np.float32)}
    if "input.mean" in policy.weights:
        mean, scale, largest = (policy.weights[name] for name in INPUTS)
        bounds = {"input.least": np.array(-largest[0]), "input.most": np.array(largest[0])}
        tensors |= {"input.mean": mean, "input.scale": scale, **bounds}
    return {name: np.ascontiguousarray(array) for name, array in tensors.items()}


def _expected(policy: Policy, seen: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    output = policy.output(seen)
    return output if policy.made_of.base_rule is not None else np.clip(output, -1.0, 1.0)


def _looks(env: str) -> npt.NDArray[np.float32]:
    """Observations (n, SIZE) of crosses from the right wing."""
    crosses, luck = CrossingVectorEnv(_COUNT, env, label="train"), np.random.default_rng(0)
    seen = [crosses.reset(seed=0)[0]]
    while len(seen) < _DECISIONS:
        seen.append(crosses.step(luck.uniform(-1.0, 1.0, (_COUNT, 4)))[0])
    return np.concatenate(seen)
