"""The scenarios: for each name the environment's id, the options it has, its opening record and its deal.

A deal fills opening records by seed. After it nothing knows the scenario's name.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from backpost.envs.common.checks import one_of, whole
from backpost.envs.common.errors import InvalidValue, UnknownName
from backpost.envs.interface.options import PATTERN_RANGES, Options
from backpost.envs.world.compile import entry
from backpost.envs.world.record import MARKINGS, new_worlds

from . import situation
from .corner import deal_corner
from .deal import open_cross
from .drills import SETS, deal_drill_crossing, deal_drill_set_piece, deal_drill_shadow
from .free_kick import deal_free_kick
from .match import deal_match
from .open_play import STARTS, deal_open_play
from .transition import deal_transition

ANY_START = "any"


@dataclass(frozen=True)
class Scenario:
    """One scenario.

    Attributes:
        name: as in `Crosses(name)`.
        id: of its environment.
        own: the options that not every scenario has.
        opening: (options, parameters (1,)) -> the record (1,) that every deal copies.
        deal: kernel (worlds (n,), which (m,), parameters (1,)) -> None; fills copies of it from their seeds.
    """

    name: str
    id: str
    own: tuple[str, ...]
    opening: Callable[[Options, np.recarray], np.recarray]
    deal: Callable[[Any, Any, Any], None]

    def __reduce__(self) -> tuple[Callable[[str], "Scenario"], tuple[str]]:
        """Copied and pickled as its name: a compiled deal is nothing to carry about."""
        return scenario, (self.name,)

    def checked(self, options: Options) -> Options:
        """The options, if this scenario has all that were chosen.

        Raises:
            InvalidValue: if not.
        """
        common = [option.name for option in fields(Options) if option.default is not None]
        for option in fields(Options):
            if option.name not in common + list(self.own) and getattr(options, option.name) is not None:
                raise InvalidValue(
                    f"{self.name} has no option {option.name!r}; valid options are {', '.join(common + list(self.own))}"
                )
        return options


def scenario(name: str) -> Scenario:
    """The scenario of a name like `OpenPlay`, `OpenPlay-v0` or `backpost/OpenPlay-v0`.

    Raises:
        UnknownName: if there is none.
    """
    short = str(name).removeprefix("backpost/").removesuffix("-v0")
    if short not in SCENARIOS:
        raise UnknownName("environment", name, [known.id for known in SCENARIOS.values()])
    return SCENARIOS[short]


def opening(options: Options, parameters: np.recarray) -> np.recarray:
    """A blank record with the chosen difficulty, variant and defensive pattern, (1,).

    Raises:
        InvalidValue: for an unknown start or set.
    """
    worlds = new_worlds(1)
    worlds["difficulty"] = options.difficulty
    if options.start is not None:
        one_of("start", options.start, (ANY_START, *STARTS))
        if options.start != ANY_START:
            worlds["variant"] = STARTS.index(str(options.start))
    if options.set is not None:
        worlds["variant"] = whole("set", options.set, SETS)
    if options.marking not in (None, ANY_START):
        worlds["pattern_low"]["marking"] = worlds["pattern_high"]["marking"] = MARKINGS.index(str(options.marking))
    for name in PATTERN_RANGES:
        chosen = options.range_of(name)
        if chosen is not None:
            worlds["pattern_low"][name], worlds["pattern_high"][name] = chosen
    return worlds


@entry
def deal_open_plays(worlds: Any, which: Any, parameters: Any) -> None:
    """Deal open play into the records `which`."""
    for k in range(len(which)):
        deal_open_play(worlds[which[k]], parameters[0])


@entry
def deal_transitions(worlds: Any, which: Any, parameters: Any) -> None:
    """Deal fast breaks into the records `which`."""
    for k in range(len(which)):
        deal_transition(worlds[which[k]], parameters[0])


@entry
def deal_corners(worlds: Any, which: Any, parameters: Any) -> None:
    """Deal corners into the records `which`."""
    for k in range(len(which)):
        deal_corner(worlds[which[k]], parameters[0])


@entry
def deal_free_kicks(worlds: Any, which: Any, parameters: Any) -> None:
    """Deal free kicks into the records `which`."""
    for k in range(len(which)):
        deal_free_kick(worlds[which[k]], parameters[0])


@entry
def deal_matches(worlds: Any, which: Any, parameters: Any) -> None:
    """Deal the mixture into the records `which`."""
    for k in range(len(which)):
        deal_match(worlds[which[k]], parameters[0])


@entry
def deal_drill_crossings(worlds: Any, which: Any, parameters: Any) -> None:
    """Deal the drill without opponents into the records `which`."""
    for k in range(len(which)):
        deal_drill_crossing(worlds[which[k]], parameters[0])


@entry
def deal_drill_shadows(worlds: Any, which: Any, parameters: Any) -> None:
    """Deal the drill against a shadow into the records `which`."""
    for k in range(len(which)):
        deal_drill_shadow(worlds[which[k]], parameters[0])


@entry
def deal_drill_set_pieces(worlds: Any, which: Any, parameters: Any) -> None:
    """Deal the set-piece drill into the records `which`."""
    for k in range(len(which)):
        deal_drill_set_piece(worlds[which[k]], parameters[0])


@entry
def deal_situations(worlds: Any, which: Any, parameters: Any) -> None:
    """Let the seed decide the luck of the situations `which`."""
    for k in range(len(which)):
        open_cross(worlds[which[k]], parameters[0])


_PATTERN = ("marking", *PATTERN_RANGES)
_SET_PATTERN = ("marking", "compactness", "defenders", "keeper_range")

SCENARIOS = {
    one.name: one
    for one in (
        Scenario("OpenPlay", "backpost/OpenPlay-v0", ("start", *_PATTERN), opening, deal_open_plays),
        Scenario("Transition", "backpost/Transition-v0", _PATTERN, opening, deal_transitions),
        Scenario("Corner", "backpost/Corner-v0", _SET_PATTERN, opening, deal_corners),
        Scenario("FreeKick", "backpost/FreeKick-v0", _PATTERN, opening, deal_free_kicks),
        Scenario("Match", "backpost/Match-v0", ("marking", "compactness", "keeper_range"), opening, deal_matches),
        Scenario("DrillCrossing", "backpost/DrillCrossing-v0", ("start",), opening, deal_drill_crossings),
        Scenario("DrillShadow", "backpost/DrillShadow-v0", ("start", "keeper_range"), opening, deal_drill_shadows),
        Scenario("DrillSetPiece", "backpost/DrillSetPiece-v0", ("set", *_SET_PATTERN), opening, deal_drill_set_pieces),
        Scenario(
            "Situation",
            "backpost/Situation-v0",
            ("file", "runner", "crosser", "start", "ball"),
            situation.opening,
            deal_situations,
        ),
    )
}
