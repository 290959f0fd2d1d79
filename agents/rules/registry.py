"""The coaching rules, by name."""

from collections.abc import Mapping
from typing import Any

from backpost.envs.common.errors import UnknownName

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
from .onside_then_burst import OnsideThenBurst
from .pull_back_to_spot import PullBackToSpot
from .rule import Rule
from .wait_at_back_post import WaitAtBackPost

_TYPES: tuple[type[Rule], ...] = (
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
)
RULE_TYPES: dict[str, type[Rule]] = {rule.name: rule for rule in _TYPES}
"""The class of each rule."""
RULES = tuple(RULE_TYPES)
"""Their names."""


def rule(name: str, numbers: Mapping[str, Any]) -> Rule:
    """A rule with these free numbers.

    Raises:
        UnknownName: for a rule or a number that does not exist.
        InvalidValue: for a number outside its range.
    """
    if name not in RULE_TYPES:
        raise UnknownName("coaching rule", name, RULES)
    kind = RULE_TYPES[name]
    return kind(kind.numbers_type.of(numbers))
