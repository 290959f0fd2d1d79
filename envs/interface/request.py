"""What is asked of an episode: at `gym.make` for all of them, at `reset` until the next one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.envs.common.checks import one_of, whole
from backpost.envs.common.errors import InvalidValue, quoted
from backpost.envs.world.chance import LABELS, episode_seeds

from .options import PER_EPISODE, Options

EVALUATED = "evaluate"
"""Label of the crosses that `cross` numbers, unless another is named with it."""

_OF_ALL = ("difficulty", "parameters", "allow_implausible")
"""Options of a reset that every scenario has."""


@dataclass(frozen=True)
class Request:
    """What the episodes of an environment are.

    Attributes:
        options: options of the environment.
        label: seed streams that its episodes come from, one of `chance.LABELS`.

    Raises:
        InvalidValue: for an unknown label.
    """

    options: Options
    label: str = "reset"

    def __post_init__(self) -> None:
        one_of("label", self.label, LABELS)

    def changed(self, given: Mapping[str, Any]) -> "Request":
        """This request with the options of a reset in place of its own; `cross` is passed over.

        Raises:
            UnknownName: for an unknown set of parameters.
            InvalidValue: for an invalid value.
        """
        chosen = {name: value for name, value in given.items() if name != "cross"}
        if not chosen:
            return self
        label = chosen.pop("label", self.label)
        return replace(self, options=replace(self.options, **chosen), label=label)


def valid_at_reset(own: Sequence[str]) -> tuple[str, ...]:
    """The options that `reset` takes in a scenario with these options of its own."""
    return "cross", "label", *(name for name in PER_EPISODE if name in own or name in _OF_ALL)


def reset_options(options: Mapping[str, Any] | None, valid: Sequence[str]) -> dict[str, Any]:
    """A copy of the options passed to `reset`.

    Raises:
        InvalidValue: if they are not a mapping, or one is not among the valid ones.
    """
    if options is not None and not isinstance(options, Mapping):
        raise InvalidValue(f"options of reset must map names ({', '.join(valid)}) to values, got {quoted(options)}")
    for name in options or {}:
        if name not in valid:
            raise InvalidValue(f"reset has no option {quoted(name)}; valid are {', '.join(valid)}")
    return dict(options or {})


def numbered_seeds(given: Mapping[str, Any], count: int) -> npt.NDArray[np.uint64] | None:
    """Seeds (count,) of consecutive crosses of a label from given["cross"] on; None without that option.

    Raises:
        InvalidValue: for a cross that is not a whole number, or an unknown label.
    """
    first, label = given.get("cross"), given.get("label", EVALUATED)
    one_of("label", label, LABELS)
    return None if first is None else episode_seeds(label, 0, whole("cross", first, 2**63), count)
