"""The opening record: what every deal of the same options begins with."""

from collections.abc import Callable

import numpy as np

from backpost.envs.common.checks import one_of, whole
from backpost.envs.interface.options import PATTERN_RANGES, Options
from backpost.envs.world.record import MARKINGS, new_worlds

ANY = "any"
"""Start or marking that the episode's seed draws."""

Opening = Callable[[Options, np.recarray], np.recarray]
"""(options, parameters (1,)) -> the record (1,) that every deal of these options begins with."""


def pattern_opening(starts: tuple[str, ...], sets: int) -> Opening:
    """The opening of a scenario that leaves everything else to its deal.

    It holds the chosen difficulty, the chosen start or set as `variant` (`NOBODY`: the deal draws one) and the ranges
    from which `deal.draw_pattern` draws how the defence plays.

    Args:
        starts: values of the option `start` besides "any"; `variant` is the index.
        sets: the option `set` goes from 0 to sets - 1; `variant` is its value.
    """

    def opening(options: Options, parameters: np.recarray) -> np.recarray:
        worlds = new_worlds(1)
        worlds["difficulty"] = options.difficulty
        if options.start is not None:
            one_of("start", options.start, (ANY, *starts))
            if options.start != ANY:
                worlds["variant"] = starts.index(str(options.start))
        if options.set is not None:
            worlds["variant"] = whole("set", options.set, sets)
        if options.marking not in (None, ANY):
            worlds["pattern_low"]["marking"] = worlds["pattern_high"]["marking"] = MARKINGS.index(str(options.marking))
        for name in PATTERN_RANGES:
            chosen = options.range_of(name)
            if chosen is not None:
                worlds["pattern_low"][name], worlds["pattern_high"][name] = chosen
        return worlds

    return opening
