"""What a user may choose when an environment is made; everything is checked before anything is built."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from backpost.envs.common.checks import number, one_of, share
from backpost.envs.common.errors import InvalidValue, UnknownName
from backpost.envs.world.record import MARKINGS

ACTION_TYPES = ("continuous", "discrete", "zones", "call")
VISIONS = ("full", "cone")
REWARDS = ("xg", "own_xg", "goal", "shaped")
WINGS = ("right", "left", "random")
BALLS = ("recorded", "simulated")
MARKING_CHOICES = ("any", *MARKINGS)

PATTERN_RANGES = {
    "line_height": (5.0, 20.0),
    "compactness": (0.5, 1.5),
    "defenders": (1, 10),
    "keeper_range": (0.0, 12.0),
}
"""Lowest and highest value of every number that says how the defence plays."""

Range = float | Sequence[float] | None
"""A number, or lowest and highest of a range; None: the scenario's own."""

_CHOICES = {"action_type": ACTION_TYPES, "vision": VISIONS, "reward": REWARDS, "wing": WINGS}


@dataclass(frozen=True)
class Options:
    """The choices at the faces; the world itself knows one wing, one action and one full observation.

    Attributes:
        action_type: "continuous" (wanted velocity and facing), "discrete" (stand, or 8 directions at 2 speeds),
            "zones" (where to go) or "call" (continuous, and a call for the ball).
        vision: "full", or "cone": what lies outside the runner's sight reads as zero, the crosser's hips and the
            flight of an unseen ball too; phase, clock and offside line are known without looking.
        reward: "xg" (expected goals of the team), "own_xg" (of the runner's own contacts), "goal", or "shaped" (xg
            plus gamma * phi(next) - phi(now) of a potential that is zero when the cross is over).
        wing: whence the cross comes: "right", "left", or "random" (decided by the episode's seed).
        difficulty: 0 (easy) to 1 (calibrated to published football).
        gamma: discount of the shaped reward; give the agent's.
        parameters: overrides of the world's parameters by name.
        marking: how the defence marks: "man", "zonal", "mixed", or "any" (drawn by the episode's seed).
        line_height: m from the goal line to the last line of defence; a number, or (lowest, highest) to draw from.
        compactness: times the usual distances between its defenders; a number or a range.
        defenders: outfield defenders; a whole number or a range.
        keeper_range: m from the goal to which the keeper comes for a cross; a number or a range.
        start: OpenPlay, DrillCrossing, DrillShadow: "any", "wide", "byline" or "deep"; Situation: seconds from the
            strike (negative: before it).
        set: DrillSetPiece: which of the corners of the repertoire; drawn by the seed if left out.
        file: Situation: path of the file; the shipped one if left out.
        runner: Situation: id of the player who is the runner; the scorer if left out.
        crosser: Situation: id of the crosser; the file's if left out.
        ball: Situation: "recorded" or "simulated" from the strike on.

    Raises:
        InvalidValue: for a value that is not among the valid ones.
    """

    action_type: str = "continuous"
    vision: str = "full"
    reward: str = "xg"
    wing: str = "right"
    difficulty: float = 1.0
    gamma: float = 0.999
    parameters: Mapping[str, float] = field(default_factory=dict)
    marking: str | None = None
    line_height: Range = None
    compactness: Range = None
    defenders: Range = None
    keeper_range: Range = None
    start: str | float | None = None
    set: int | None = None
    file: str | os.PathLike[str] | None = None
    runner: int | None = None
    crosser: int | None = None
    ball: str | None = None

    def __post_init__(self) -> None:
        for name, valid in _CHOICES.items():
            one_of(name, getattr(self, name), valid)
        for name in ("difficulty", "gamma"):
            share(name, getattr(self, name))
        if self.marking is not None:
            one_of("marking", self.marking, MARKING_CHOICES)
        for name in PATTERN_RANGES:
            self.range_of(name)
        if not isinstance(self.parameters, Mapping) or not all(isinstance(name, str) for name in self.parameters):
            raise InvalidValue(f"parameters must map names to numbers, got {self.parameters!r}")
        if self.file is not None and not isinstance(self.file, str | os.PathLike):
            raise InvalidValue(f"file must be a path, got {self.file!r}")

    @classmethod
    def of(cls, **chosen: Any) -> "Options":
        """Options from keyword arguments.

        Raises:
            UnknownName: for a name that is not an option.
            InvalidValue: for a value that is not valid.
        """
        names = [option.name for option in fields(cls)]
        for name in chosen:
            if name not in names:
                raise UnknownName("option", name, names)
        return cls(**chosen)

    def range_of(self, name: str) -> tuple[float, float] | None:
        """Lowest and highest value of a number that says how the defence plays; None if it was not chosen.

        Raises:
            InvalidValue: if it is neither a number nor a range, or outside what is valid.
        """
        chosen, (lowest, highest) = getattr(self, name), PATTERN_RANGES[name]
        if chosen is None:
            return None
        pair = tuple(chosen) if isinstance(chosen, list | tuple) else (chosen, chosen)
        whole = name == "defenders"
        if (
            len(pair) != 2
            or not all(number(end) and (not whole or float(end).is_integer()) for end in pair)
            or not lowest <= pair[0] <= pair[1] <= highest
        ):
            kind = "whole number" if whole else "number"
            raise InvalidValue(
                f"{name} must be a {kind} from {lowest:g} to {highest:g} or a pair (lowest, highest) of them, "
                f"got {chosen!r}"
            )
        return pair


def settings(pairs: Sequence[str]) -> dict[str, Any]:
    """Options by name from texts like KEY=VALUE; a value is JSON (a number, true, a list) or else text.

    Raises:
        InvalidValue: for a text without a key or an equals sign.
    """
    chosen: dict[str, Any] = {}
    for pair in pairs:
        key, equals, text = pair.partition("=")
        if not (key and equals):
            raise InvalidValue(f"--set needs KEY=VALUE, got {pair!r}")
        try:
            chosen[key] = json.loads(text)
        except (ValueError, RecursionError):
            chosen[key] = text
    return chosen
