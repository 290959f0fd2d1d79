"""The scenarios: for each name the environment's id, the options it has, its opening record and its deal.

A deal fills opening records by seed. After it nothing knows the scenario's name.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from . import situation
from .compile import entry
from .errors import InvalidValue, UnknownName
from .open_play import STARTS, deal_open_play, open_cross
from .options import Options, one_of
from .world import NOBODY, new_worlds

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


def open_play_opening(options: Options, parameters: np.recarray) -> np.recarray:
    """A blank record with the chosen difficulty and start.

    Raises:
        InvalidValue: for an unknown start.
    """
    start = ANY_START if options.start is None else options.start
    one_of("start", start, (ANY_START, *STARTS))
    worlds = new_worlds(1)
    worlds["difficulty"] = options.difficulty
    worlds["variant"] = NOBODY if start == ANY_START else STARTS.index(str(start))
    return worlds


@entry
def deal_open_play_batch(worlds: Any, which: Any, parameters: Any) -> None:
    """Deal open play into the records `which`."""
    for k in range(len(which)):
        deal_open_play(worlds[which[k]], parameters[0])


@entry
def deal_situation_batch(worlds: Any, which: Any, parameters: Any) -> None:
    """Let the seed decide the luck of the situations `which`."""
    for k in range(len(which)):
        open_cross(worlds[which[k]], parameters[0])


SCENARIOS = {
    one.name: one
    for one in (
        Scenario("OpenPlay", "backpost/OpenPlay-v0", ("start",), open_play_opening, deal_open_play_batch),
        Scenario(
            "Situation",
            "backpost/Situation-v0",
            ("file", "runner", "crosser", "start", "ball"),
            situation.opening,
            deal_situation_batch,
        ),
    )
}
