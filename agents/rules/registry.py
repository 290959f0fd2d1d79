"""The coaching rules by name, and how to register one."""

import inspect
from collections.abc import Mapping
from typing import Any

from backpost.agents.base.registry import add
from backpost.envs.common.errors import InvalidValue, quoted
from backpost.envs.common.registry import Registry, calling_module, checked_name, checked_text

from .blind_side import BlindSide
from .double_movement import DoubleMovement
from .early_back_post import EarlyBackPost
from .early_cross_sprint import EarlyCrossSprint
from .fill_empty_zone import FillEmptyZone
from .flight_reader import FlightReader
from .guides_player import GuidesPlayer
from .hold_for_cutback import HoldForCutback
from .hold_then_back_post import HoldThenBackPost
from .late_bend import LateBend
from .near_post_sprint import NearPostSprint
from .near_post_then_spin import NearPostThenSpin
from .numbers import Numbers
from .onside_then_burst import OnsideThenBurst
from .pull_back_to_spot import PullBackToSpot
from .rule import Rule
from .wait_at_back_post import WaitAtBackPost

RULE_TYPES: Registry[type[Rule]] = Registry("coaching rule")
"""The class of each rule by name."""


def register_rule(kind: type[Rule], *, replace: bool = False) -> None:
    """Register a coaching rule, which becomes an agent of that name and may be the start of a training run.

    Args:
        kind: a subclass of `backpost.agents.rules.rule.Rule` with name, description, source, `trigger` and `target`;
            its own free numbers, if any, are a subclass of `numbers.Numbers` in `numbers_type`.
        replace: allow a name that another extension, or an earlier notebook cell, has already registered.

    `all-rules` and `best-rule` still mean the rules of this package, which were tuned with the same budget.

    Raises:
        InvalidValue: for a name that is taken or invalid, or a class that is not such a rule.

    Example:
        >>> from backpost.agents import agent, register_rule
        >>> from backpost.agents.base.view import at
        >>> from backpost.agents.rules.numbers import HoldingNumbers
        >>> from backpost.agents.rules.rule import Rule
        >>> class SpotAtTheStrike(Rule):
        ...     name, source = "spot-at-the-strike", "an example"
        ...     description = "waits, and goes to the penalty spot when the ball is struck"
        ...     numbers_type = HoldingNumbers
        ...     def trigger(self, view):
        ...         return view.after_strike
        ...     def target(self, view):
        ...         return at(11.0, 0.0, len(view.place))
        >>> register_rule(SpotAtTheStrike)
        >>> agent("spot-at-the-strike").name
        'spot-at-the-strike'
    """
    origin = calling_module()
    if not isinstance(kind, type) or not issubclass(kind, Rule) or inspect.isabstract(kind):
        raise InvalidValue(f"a coaching rule must be a subclass of Rule with trigger and target, got {quoted(kind)}")
    name = checked_name("coaching rule", getattr(kind, "name", None))
    checked_text(f"the source of coaching rule {name}", getattr(kind, "source", None))
    if not issubclass(kind.numbers_type, Numbers):
        raise InvalidValue(f"numbers_type of coaching rule {name} must be a subclass of Numbers")
    description = getattr(kind, "description", "")
    add(name, lambda scenario: kind(scenario=scenario), description, origin, replace)
    RULE_TYPES.add(name, kind, origin, replace)


for _rule in (
    WaitAtBackPost,
    EarlyBackPost,
    HoldThenBackPost,
    FlightReader,
    NearPostSprint,
    HoldForCutback,
    NearPostThenSpin,
    LateBend,
    BlindSide,
    DoubleMovement,
    PullBackToSpot,
    EarlyCrossSprint,
    OnsideThenBurst,
    FillEmptyZone,
    GuidesPlayer,
):
    register_rule(_rule)
RULES = tuple(RULE_TYPES)
"""Names of the rules of this package."""


def rule(name: str, numbers: Mapping[str, Any]) -> Rule:
    """A rule with these free numbers.

    Raises:
        UnknownName: for a rule or a number that does not exist.
        InvalidValue: for a number outside its range.
    """
    kind = RULE_TYPES[name]
    return kind(kind.numbers_type.of(numbers))
