"""A model of Stable-Baselines3 or SBX becomes an agent like any other, and a policy file."""

from dataclasses import asdict
from typing import Any

import numpy as np

from backpost.agents.policies.correction import SCALE
from backpost.agents.policies.policy import Description, Policy
from backpost.agents.policies.policy_file import LARGEST_LAYER, MOST_LAYERS
from backpost.agents.rules.rule import Rule
from backpost.envs.common.errors import InvalidValue
from backpost.envs.common.extras import explained
from backpost.envs.scenarios.registry import scenario

from .actor import Actor

with explained():
    from stable_baselines3.common.base_class import BaseAlgorithm
    from stable_baselines3.common.vec_env import VecNormalize

    from .sb3_actor import sb3_actor
    from .sb3_spaces import trained_as_played
    from .sbx_actor import is_sbx, sbx_actor


def from_sb3(model: BaseAlgorithm, environment: str, *, rule: str | Rule | None = None) -> Policy:
    """The actor of a model of Stable-Baselines3 or SBX, as an agent to play, compare or `save`.

    What `VecNormalize` has learned of the observations goes into the policy, clipping included. A model that was
    loaded from a file needs its statistics again: `PPO.load(file, env=VecNormalize.load(statistics, env))`.

    Args:
        model: PPO or A2C, SAC, TQC, TD3 or DDPG, with an `MlpPolicy` of Tanh or ReLU layers, continuous actions and
            the environment's own observations, trained on the right wing: on the left wing a policy's observations and
            actions are mirrored.
        environment: name or registered id of the environment it was trained in.
        rule: the coaching rule that it corrects, if it was trained under `CorrectRule`. Only a model that no longer
            has its environment needs it.

    Raises:
        UnknownName: for an unknown environment or rule.
        InvalidValue: for a model that no policy file can hold, or that was trained with other observations or actions.
    """
    name = type(model).__name__
    if not isinstance(model, BaseAlgorithm):
        raise InvalidValue(f"from_sb3 takes a model of Stable-Baselines3 or SBX, got {name}")
    trained = trained_as_played(model, environment, rule)
    actor = sbx_actor(model) if is_sbx(model) else sb3_actor(model)
    _check_size(name, actor)
    weights = actor.weights()
    unit = np.ones(4) if trained.rule is None else SCALE.astype(np.float64)
    if actor.squashed:
        weights["reach"] = np.asarray(model.action_space.high, np.float64) * unit  # type: ignore[attr-defined]
    else:
        weights["output.weight"] *= unit[:, None]
        weights["output.bias"] *= unit
    if trained.inputs is not None:
        weights |= _standardised(trained.inputs)
    base = trained.rule
    description = Description(
        environment=scenario(environment).id,
        kind="squashed" if actor.squashed else "mlp",
        hidden=actor.hidden,
        activation=actor.activation,
        base_rule=None if base is None else {"name": base.name, "numbers": asdict(base.numbers)},
        provenance={
            "trained by": f"{type(model).__module__.partition('.')[0]} {name}",
            "decisions": int(model.num_timesteps),
        },
    )
    return Policy(description, {name: array.astype(np.float32) for name, array in weights.items()})


def _check_size(name: str, actor: Actor) -> None:
    if not 1 <= len(actor.hidden) <= MOST_LAYERS or max(actor.hidden) > LARGEST_LAYER:
        raise InvalidValue(
            f"the actor of {name} must have 1 to {MOST_LAYERS} hidden layers of {LARGEST_LAYER} units at most, "
            f"got {list(actor.hidden)}"
        )


def _standardised(inputs: VecNormalize) -> dict[str, Any]:
    """The tensors that standardise observations as `VecNormalize` does."""
    seen: Any = inputs.obs_rms
    return {
        "input.mean": np.asarray(seen.mean, np.float64),
        "input.scale": 1.0 / np.sqrt(np.asarray(seen.var, np.float64) + inputs.epsilon),
        "input.largest": np.array([inputs.clip_obs], np.float64),
    }
