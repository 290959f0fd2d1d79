"""The free numbers of a coaching rule: named, with unit and range, and tuned with the same budget for every rule.

The tuned values are in `assets/tuned_rules.json` with their evidence; `backpost tune-rules` writes that file.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import Field, dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, Self, TypeVar

from backpost.envs.common.errors import InvalidValue, UnknownName, quoted

TUNED_PATH = Path(__file__).resolve().parent / "assets" / "tuned_rules.json"
TUNED_FORMAT = 1
TUNED_SCENARIO = "OpenPlay"
"""The scenario whose tuned numbers are used where a scenario has none of its own."""


def number(default: float, low: float, high: float, unit: str, meaning: str) -> Any:
    """A dataclass field: a free number with its range, which is also the range that tuning searches."""
    return field(default=default, metadata={"low": low, "high": high, "unit": unit, "meaning": meaning})


@dataclass(frozen=True)
class Numbers:
    """The free numbers that every rule has; a rule's own class adds to them.

    Raises:
        InvalidValue: for a value that is not finite or outside its range.
    """

    read_after: float = number(0.1, 0.0, 0.8, "s", "how long he watches the flight before he goes for the ball itself")
    meet: float = number(
        0.0, 0.0, 1.0, "-", "where he meets the ball: 0 as soon as he reaches it, half way on the volley, 1 at the feet"
    )
    later: float = number(0.05, 0.0, 0.6, "s", "how much longer than that he lets the ball come")
    rival_margin: float = number(
        0.0, -1.0, 0.5, "s", "he waits only as long as he is there so much sooner than an opponent"
    )
    open: float = number(0.7, 0.0, 1.0, "-", "how far he opens his body to meet the ball: 0 faces the ball, 1 the goal")
    open_time: float = number(0.6, 0.0, 1.0, "s", "how long before meeting the ball he opens his body")
    margin: float = number(0.6, 0.1, 2.0, "m", "distance he keeps from the offside line before the strike")

    def __post_init__(self) -> None:
        """Reject values that are not finite or out of range."""
        for entry in fields(self):
            value, low, high = getattr(self, entry.name), entry.metadata["low"], entry.metadata["high"]
            valid = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
            if not valid or not low <= value <= high:
                unit = entry.metadata["unit"]
                raise InvalidValue(
                    f"{entry.name} must be a number from {low:g} to {high:g} {unit}, got {quoted(value)}"
                )

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Self:
        """Numbers by name; those not named keep their defaults.

        Raises:
            UnknownName: for a name that this rule does not have.
            InvalidValue: for a value outside its range.
        """
        names = [entry.name for entry in cls.entries()]
        for name in values:
            if name not in names:
                raise UnknownName("free number", name, names)
        return cls(**values)

    @classmethod
    def entries(cls) -> tuple[Field[Any], ...]:
        """The free numbers in order; `metadata` has low, high, unit and meaning."""
        return fields(cls)


@dataclass(frozen=True)
class HoldingNumbers(Numbers):
    """The free numbers of a rule that holds before its run; never at the near post, or it would run from the ball."""

    hold_depth: float = number(13.0, 9.0, 22.0, "m", "where he waits: distance from the goal line")
    hold_width: float = number(3.0, -2.0, 12.0, "m", "where he waits: distance beyond the centre, far side positive")


@dataclass(frozen=True)
class BackPostNumbers(HoldingNumbers):
    """The free numbers of a rule that holds and then runs to the back post."""

    depth: float = number(5.0, 2.0, 10.0, "m", "target: distance from the goal line")
    width: float = number(5.0, 3.0, 10.0, "m", "target: distance beyond the centre, on the far side")


N = TypeVar("N", bound=Numbers)


def tuned(rule: str, numbers: type[N], scenario: str = TUNED_SCENARIO) -> N:
    """The committed values of a rule for a scenario, or else those of open play, or else the untuned defaults."""
    for name in (scenario, TUNED_SCENARIO):
        rules = read_tuned()["scenarios"].get(name, {}).get("rules", {})
        if rule in rules:
            return numbers.of(rules[rule]["numbers"])
    return numbers()


@cache
def read_tuned() -> dict[str, Any]:
    """The whole file of tuned numbers: the budget of each scenario, and the numbers and evidence of each rule."""
    if not TUNED_PATH.is_file():
        return {"format": TUNED_FORMAT, "scenarios": {}}
    content: dict[str, Any] = json.loads(TUNED_PATH.read_text(encoding="utf-8"))
    return content
