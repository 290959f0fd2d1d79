"""Rewards: the value of a decision, computed from the records of the crosses.

| `reward` | of one decision |
|---|---|
| "xg" | the team's expected goals: the number reported everywhere |
| "own_xg" | expected goals from the runner's own touches |
| "goal" | goals |
| "shaped" | xg + gamma * phi(next) - phi(now), phi(over) = 0: the discounted return shifts by exactly -phi(first) |

Register others with `register_reward`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import InvalidValue, quoted
from backpost.envs.common.extensions import import_modules, is_ours
from backpost.envs.common.registry import (
    Registry,
    calling_module,
    checked_function,
    checked_name,
    checked_text,
)
from backpost.envs.world.record import OVER, new_worlds

from .potential import potentials

Worlds = npt.NDArray[Any]
"""Records (n,) of `record.world_type`."""
Floats = npt.NDArray[np.float64]
Function = Callable[[Worlds], Any]
"""(records (n,)) -> n numbers."""

TERMS = {"xg": "xg_now", "own_xg": "own_xg_now", "goal": "goals_now"}
"""Rewards whose value is always in `info`, and the field of the record that holds each."""
SHAPED = "shaped"
"""The built-in reward with a potential."""


@dataclass(frozen=True)
class Reward:
    """A registered reward; `register_reward` describes its parts."""

    name: str
    description: str
    function: Function
    potential: Function | None

    def of_decision(self, worlds: Worlds, playing: npt.NDArray[np.bool_]) -> Floats:
        """Reward of the last decision, (n,); 0 where the cross was already over.

        Args:
            worlds: records (n,) after the decision.
            playing: mask (n,) of the crosses that were not over before the decision.

        Raises:
            InvalidValue: if the function does not return n finite numbers.
        """
        return _numbers(self.function(worlds), playing, f"reward {self.name}")

    def potentials(self, worlds: Worlds) -> Floats:
        """The potential of every record, (n,); 0 where the cross is over.

        Raises:
            InvalidValue: if the function does not return n finite numbers.
        """
        assert self.potential is not None, "only rewards with a potential are shaped"
        return _numbers(self.potential(worlds), worlds["phase"] != OVER, f"potential of reward {self.name}")

    def __reduce__(self) -> tuple[Callable[[str, str], "Reward"], tuple[str, str]]:
        """Copy and pickle as the name and the module that registers it."""
        return _registered, (self.name, REWARDS.origin(self.name))


REWARDS: Registry[Reward] = Registry("reward")
"""All rewards by name."""


def register_reward(
    name: str,
    function: Function,
    *,
    description: str,
    potential: Function | None = None,
    replace: bool = False,
) -> None:
    """Register a reward. The option `reward` then accepts its name, here, in training and on the command line.

    Args:
        name: letters, digits, hyphens and underscores. `info` has the value of a decision as `reward_<name>`.
        function: (records (n,) of `backpost.envs.world.record.world_type` after a decision) -> n finite numbers, the
            rewards of that decision. It must not write into the records. It is called once per decision for all
            crosses; values of crosses that were over before the decision are ignored.
        description: one line.
        potential: (records (n,)) -> n finite numbers, phi. The reward is then function + gamma * phi(next) - phi(now)
            with the option `gamma`, and phi = 0 once a cross is over, so the optimal policy does not change (Ng et al.
            1999). `info` has the shaping as `reward_shaping`.
        replace: replace a reward that another extension, or an earlier notebook cell, registered under this name.

    Raises:
        InvalidValue: for a name that is taken or invalid, or functions that do not return one number per record.

    Example:
        Expected goals, minus a small cost for every metre the runner covers:

        >>> import numpy as np
        >>> from backpost.envs import Crosses, Options, register_reward
        >>> from backpost.envs.world.record import DECISION_TIME, RUNNER
        >>> def economical(worlds):
        ...     runner = worlds["players"][:, RUNNER]
        ...     return worlds["xg_now"] - 1e-4 * DECISION_TIME * np.hypot(runner["vx"], runner["vy"])
        >>> register_reward("economical", economical, description="xg, less 0.01 per 100 m covered")
        >>> crosses = Crosses("OpenPlay", 8, options=Options(reward="economical"))
    """
    checked_name("reward", name)
    checked_text(f"the description of reward {name}", description)
    origin = calling_module()
    parts = {f"reward {name}": function}
    if potential is not None:
        parts[f"potential of reward {name}"] = potential
    for what, part in parts.items():
        checked_function(f"the function of {what}", part, "worlds")
        if not is_ours(origin):  # built-in rewards are tested; compiling them here would delay every start
            _try(part, what)
    REWARDS.add(name, Reward(name, description, function, potential), origin, replace)


def _try(function: Function, what: str) -> None:
    """Call a function on blank records.

    Raises:
        InvalidValue: if it fails, writes into the records, or does not return one number per record.
    """
    worlds = new_worlds(3).view(np.ndarray)
    before = worlds.tobytes()
    try:
        with np.errstate(all="ignore"):
            values = function(worlds)
    except Exception as error:
        raise InvalidValue(f"{what} fails on records of backpost: {type(error).__name__}: {error}") from error
    _numbers(values, np.zeros(len(worlds), bool), what)
    if worlds.tobytes() != before:
        raise InvalidValue(f"{what} must not write into the records; work on a copy")


def _numbers(values: Any, counted: npt.NDArray[np.bool_], what: str) -> Floats:
    """The values (n,) as float64, 0 where they are not counted.

    Raises:
        InvalidValue: if they are not one number per record, or a counted one is not finite.
    """
    if not isinstance(values, np.ndarray) or values.shape != counted.shape or values.dtype.kind not in "fiub":
        got = f"{values.dtype} {values.shape}" if isinstance(values, np.ndarray) else quoted(values)
        raise InvalidValue(f"{what} must return an array of one number per record, {counted.shape}, got {got}")
    numbers: Floats = np.multiply(values, counted, dtype=np.float64)
    # The sum of squares is finite unless a number is not (or is huge): ten times cheaper than checking each number.
    if not math.isfinite(numbers.dot(numbers)):
        numbers = np.where(counted, values, 0.0).astype(np.float64, copy=False)
        if not np.isfinite(numbers).all():
            raise InvalidValue(f"{what} must return finite numbers, got {numbers[~np.isfinite(numbers)][0]}")
    return numbers


def _registered(name: str, origin: str) -> Reward:
    """The reward of this name, importing its module first if needed, as when unpickled in another process."""
    if name not in REWARDS:
        import_modules([origin])
    return REWARDS[name]


def _xg(worlds: Worlds) -> Any:
    return worlds["xg_now"]


def _own_xg(worlds: Worlds) -> Any:
    return worlds["own_xg_now"]


def _goals(worlds: Worlds) -> Any:
    return worlds["goals_now"]


register_reward("xg", _xg, description="the team's expected goals")
register_reward("own_xg", _own_xg, description="expected goals from the runner's own contacts")
register_reward("goal", _goals, description="goals")
register_reward(SHAPED, _xg, potential=potentials, description="xg, shaped by how near the runner is to the ball")
