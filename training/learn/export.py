"""Exports a learner to a policy file."""

from dataclasses import asdict
from typing import Any

import numpy as np

from backpost.agents.policies.policy import Description, Policy
from backpost.agents.rules.rule import Rule

from .learner import Learner


def exported(
    learner: Learner, environment: str, rule: Rule | None = None, provenance: dict[str, Any] | None = None
) -> Policy:
    """A copy of the actor that does not need torch.

    Args:
        learner: the learner whose actor is copied.
        environment: registered id of the environment it was trained in.
        rule: the coaching rule that its output corrects, if any.
        provenance: how it was made.
    """
    kind, weights = learner.weights()
    description = Description(
        environment=environment,
        hidden=learner.config.hidden,
        base_rule=None if rule is None else {"name": rule.name, "numbers": asdict(rule.numbers)},
        provenance=provenance or {},
        **kind,
    )
    return Policy(description, {name: array.astype(np.float32) for name, array in weights.items()})
