"""Scripted play: the runner is a scripted attacker, for everything that is measured without an agent."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from backpost.agents.base.play import Progress
from backpost.envs.crosses import Crosses
from backpost.envs.interface.options import Options
from backpost.envs.world.record import RUNNER, new_worlds

from .cores import on_cores

CHUNK = 1000
"""Crosses that one worker plays in parallel."""

Prepare = Callable[[np.recarray, npt.NDArray[np.int64]], None]
"""Changes opening records (m,) in place; also takes the indices of their crosses (m,)."""


def play_scripted(
    env: str,
    seeds: npt.NDArray[np.uint64],
    options: Options | None = None,
    prepare: Prepare | None = None,
    progress: Progress | None = None,
) -> np.recarray:
    """Final records (m,) of the crosses with these seeds (m,), all attackers scripted; `prepare` may edit openings.

    Raises:
        UnknownName: for an unknown environment.
    """
    final = new_worlds(len(seeds))

    def work(first: int) -> None:
        rows = np.arange(first, min(first + CHUNK, len(seeds)))
        crosses = Crosses(env, len(rows), options=options)
        crosses.deal(seeds[rows])
        crosses.worlds["players"]["outside"][:, RUNNER] = 0
        if prepare is not None:
            prepare(crosses.worlds, rows)
        nothing, done = np.zeros((len(rows), 4)), np.zeros(len(rows), bool)
        while not done.all():
            _, done = crosses.step(nothing)
        final[rows] = crosses.worlds
        if progress is not None:
            progress(len(rows))

    on_cores(work, range(0, len(seeds), CHUNK))
    return final
