"""A valid policy of this world that nobody trained: for promises that hold for every policy."""

import numpy as np

from backpost.agents.policies.policy import Policy
from backpost.agents.policies.policy_file import Description


def a_policy(scenario: str = "OpenPlay", seed: int = 0) -> Policy:
    """A policy that corrects a rule by a little nonsense of its own."""
    made_of = Description(
        f"backpost/{scenario}-v0",
        hidden=(4,),
        base_rule={"name": "early-back-post", "numbers": {"start": -0.4}},
        provenance={"algo": "ppo", "seed": seed, "steps": 1234},
    )
    rng = np.random.default_rng(seed)
    shapes = made_of.shapes().items()
    return Policy(made_of, {name: (0.05 * rng.normal(size=shape)).astype(np.float32) for name, shape in shapes})
