"""The opening record, from which every deal with the same options starts."""

from collections.abc import Callable

import numpy as np

from backpost.envs.common.checks import one_of, whole
from backpost.envs.interface.options import PATTERN_RANGES, Options
from backpost.envs.world.record import MARKINGS, new_worlds

ANY = "any"
"""Value of start or marking: drawn from the episode's seed."""

Opening = Callable[[Options, np.recarray], np.recarray]
"""(options, parameters (1,)) -> the record (1,) that every deal with these options starts from."""


def pattern_opening(starts: tuple[str, ...], sets: int) -> Opening:
    """The default opening, which leaves everything else to the deal.

    It holds the chosen difficulty, the chosen start or set as `variant` (`NOBODY`: the deal draws one) and the ranges
    from which `deal.draw_pattern` draws the defensive set-up.

    Args:
        starts: values of the option `start` besides "any"; `variant` is the index.
        sets: number of sets; the option `set` is 0 to sets - 1 and becomes `variant`.
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
