"""The options of an environment. All of them are checked before anything is built."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Annotated, Any

import numpy as np
from msgspec import Meta

from backpost.envs.common.checks import LARGEST_WHOLE, checked, number, one_of, plain
from backpost.envs.common.errors import InvalidValue, UnknownOption, quoted
from backpost.envs.world.record import MARKINGS

from .parameter_sets import resolved_parameters
from .reward import REWARDS

ACTION_TYPES = ("continuous", "discrete", "zones", "call")
VISIONS = ("full", "cone")
WINGS = ("right", "left", "random")
BALLS = ("recorded", "simulated")
MARKING_CHOICES = ("any", *MARKINGS)

PATTERN_RANGES = {
    "line_height": (5.0, 20.0),
    "compactness": (0.5, 1.5),
    "defenders": (1, 10),
    "keeper_range": (0.0, 12.0),
}
"""Lowest and highest value of every numeric option of the defensive set-up."""

PER_EPISODE = ("difficulty", "marking", *PATTERN_RANGES, "parameters", "allow_implausible")
"""Options that can differ from one episode to the next: they do not change what is seen, done or paid."""

PERMISSIONS = ("allow_implausible",)
"""Options that only decide what is accepted: what is accepted plays alike, so no stored result depends on them."""

Range = float | Sequence[float] | None
"""A number, or the lowest and highest value of a range; None: the scenario's default."""

_Share = Annotated[float, Meta(ge=0, le=1)]
_Id = Annotated[int, Meta(ge=0, lt=LARGEST_WHOLE)] | Annotated[str, Meta(min_length=1, max_length=40)]
_CHOICES = {"action_type": ACTION_TYPES, "vision": VISIONS, "wing": WINGS}
_OPTIONAL_CHOICES = {"marking": MARKING_CHOICES, "ball": BALLS}
_KINDS: dict[str, Any] = {
    "difficulty": _Share,
    "gamma": _Share,
    "parameters": dict[str, float],
    "start": str | float | None,
    "runner": _Id | None,
    "crosser": _Id | None,
}
"""Types of the options that are neither names nor ranges; msgspec checks them."""


@dataclass(frozen=True)
class Options:
    """The options of the interfaces; the world itself has one wing, one action type and one full observation.

    NumPy numbers are accepted as well as Python's; ranges may be lists or tuples.

    Attributes:
        action_type: "continuous" (desired velocity and facing), "discrete" (stand, or 8 directions at 2 speeds),
            "zones" (where to go) or "call" (continuous, plus a call for the ball).
        vision: "cone", human sight: everything outside the runner's field of view, 100 degrees to either side of where
            he faces, reads zero, including the crosser's hips and the flight of an unseen ball; phase, clock and
            offside line are always known. Or "full", all round, for teaching.
        reward: "xg" (expected goals of the team), "own_xg" (from the runner's own touches), "goal", "shaped" (xg
            plus gamma * phi(next) - phi(now) of a potential that is zero when the cross is over), or a reward
            registered with `register_reward`. An environment that is made without one pays its scenario's own.
        wing: the side the cross comes from: "right", "left", or "random" (decided by the episode's seed).
        difficulty: 0 (easy) to 1 (calibrated to published football).
        gamma: discount of the shaped reward per decision of 0.1 s, 0 to 1; should equal the agent's.
        parameters: overrides of the world's parameters by name, each in its own unit; or the name of a set
            registered with `register_parameters`, or a list of names and overrides, in which later entries win.
        allow_implausible: accept parameters outside their plausible range, within the limits of the computation.
        marking: how the defence marks: "man", "zonal", "mixed", or "any" (drawn from the episode's seed).
        line_height: m from the goal line to the last line of defence, 5 to 20; a number, or (lowest, highest) to draw
            from.
        compactness: factor on the usual distances between defenders, 0.5 to 1.5; a number or a range.
        defenders: number of outfield defenders, 1 to 10; an integer or a range.
        keeper_range: how far from goal, in m, the keeper comes for a cross, 0 to 12; a number or a range.
        start: OpenPlay, DrillCrossing, DrillShadow: "any", "wide", "byline" or "deep"; Situation: seconds from the
            strike (negative: before it).
        set: DrillSetPiece: index of the corner routine; drawn from the seed by default.
        file: Situation: path of the file; the shipped file by default.
        runner: Situation: id of the runner, a whole number or text; the file's runner or its scorer by default.
        crosser: Situation: id of the crosser, a whole number or text; the file's crosser by default.
        ball: Situation: "recorded" or "simulated" from the strike on.

    Raises:
        InvalidValue: for an invalid value.
    """

    action_type: str = "continuous"
    vision: str = "cone"
    reward: str = "xg"
    wing: str = "right"
    difficulty: float = 1.0
    gamma: float = 0.999
    parameters: Mapping[str, float] = field(default_factory=dict)
    allow_implausible: bool = False
    marking: str | None = None
    line_height: Range = None
    compactness: Range = None
    defenders: Range = None
    keeper_range: Range = None
    start: str | float | None = None
    set: int | None = None
    file: str | os.PathLike[str] | None = None
    runner: int | str | None = None
    crosser: int | str | None = None
    ball: str | None = None

    def __post_init__(self) -> None:
        for name, valid in _CHOICES.items():
            one_of(name, getattr(self, name), valid)
        if not isinstance(self.reward, str) or self.reward not in REWARDS:
            one_of("reward", self.reward, tuple(REWARDS))
        object.__setattr__(self, "parameters", resolved_parameters(self.parameters))
        if not isinstance(self.allow_implausible, bool | np.bool_):
            raise InvalidValue(f"allow_implausible must be True or False, got {quoted(self.allow_implausible)}")
        object.__setattr__(self, "allow_implausible", bool(self.allow_implausible))
        for name, valid in _OPTIONAL_CHOICES.items():
            if getattr(self, name) is not None:
                one_of(name, getattr(self, name), valid)
        if self.start is not None and not isinstance(self.start, str) and not number(self.start):
            raise InvalidValue(
                "start must name a start (in open play: any, wide, byline or deep) or, in Situation, be a "
                f"number of seconds from the strike, got {quoted(self.start)}"
            )
        for name, kind in _KINDS.items():
            object.__setattr__(self, name, checked(getattr(self, name), kind, name))
        for name in PATTERN_RANGES:
            object.__setattr__(self, name, self._checked_range(name))
        object.__setattr__(self, "set", plain(self.set))  # the scenario checks its upper bound
        if self.file is not None and not isinstance(self.file, str | os.PathLike):
            raise InvalidValue(f"file must be a path, got {quoted(self.file)}")

    @classmethod
    def of(cls, **chosen: Any) -> "Options":
        """Options from keyword arguments.

        Raises:
            UnknownOption: for an unknown option.
            InvalidValue: for an invalid value.
        """
        names = [option.name for option in fields(cls)]
        for name in chosen:
            if name not in names:
                raise UnknownOption(f"unknown option {quoted(name)}; valid options are {', '.join(names)}")
        return cls(**chosen)

    def range_of(self, name: str) -> tuple[float, float] | None:
        """Lowest and highest value of a numeric option of the defensive set-up; None if it is not set."""
        chosen = getattr(self, name)
        return chosen if chosen is None or isinstance(chosen, tuple) else (chosen, chosen)

    def _checked_range(self, name: str) -> Range:
        """A number or a pair of them in plain Python.

        Raises:
            InvalidValue: if it is neither, or out of range.
        """
        given, (lowest, highest) = getattr(self, name), PATTERN_RANGES[name]
        if given is None:
            return None
        chosen, whole = plain(given), name == "defenders"
        pair = chosen if isinstance(chosen, list) else [chosen, chosen]
        if (
            len(pair) != 2
            or not all(number(end) and (not whole or float(end).is_integer()) for end in pair)
            or not lowest <= pair[0] <= pair[1] <= highest
        ):
            kind = "whole number" if whole else "number"
            raise InvalidValue(
                f"{name} must be a {kind} from {lowest:g} to {highest:g} or a pair (lowest, highest) of them, "
                f"got {quoted(given)}"
            )
        return tuple(pair) if isinstance(chosen, list) else chosen


def settings(pairs: Sequence[str]) -> dict[str, Any]:
    """Options by name from strings KEY=VALUE; a value is parsed as JSON (a number, true, a list), otherwise as text.

    Raises:
        InvalidValue: for a string without a key or an equals sign, or a key given twice.
    """
    chosen: dict[str, Any] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not (key and equals):
            raise InvalidValue(f"--set needs KEY=VALUE, got {quoted(pair)}")
        if key in chosen:
            raise InvalidValue(f"--set must name each key once, got {quoted(key)} twice")
        try:
            chosen[key] = json.loads(text)
        except (ValueError, RecursionError):
            chosen[key] = text
    return chosen
