"""Scripts: Python functions that decide for scripted players instead of their role, for instance for a defender.

The record's `outside` flag says whose intent comes from outside; the step does not know from where. A scenario that is
registered with scripts sets the flag for their players, and `Crosses` asks the scripts before every decision.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import InvalidAction, quoted

Worlds = npt.NDArray[Any]
"""Records (n,) of `record.world_type`."""
Script = Callable[[Worlds, int], Any]
"""(records (n,), player) -> what the player wants in each, (n, 4): velocity x, y and facing x, y.

Velocity is a share of top speed, its length cut at 1; facing is a direction, (0, 0) to face where the player runs. Both
are in the world's frame: the attack goes to +x, the cross comes from -y. A script must be a function of the records
alone and must not write into them: all that an episode remembers stands in its record.
"""


def write_intents(scripts: Mapping[int, Script], worlds: Worlds, playing: npt.NDArray[np.bool_]) -> None:
    """Let every script say what its player wants, and write it into the records (n,); `playing` (n,) are not over.

    Raises:
        InvalidAction: if a script does not return numbers of shape (n, 4), finite ones where crosses are played.
    """
    for player, script in scripts.items():
        wanted = _checked(script(worlds, player), playing, player)
        intents = worlds["players"]["intent"][:, player]
        for x, y, vector in (("vx", "vy", wanted[:, :2]), ("fx", "fy", wanted[:, 2:])):
            size = np.maximum(np.sqrt(vector[:, 0] * vector[:, 0] + vector[:, 1] * vector[:, 1]), 1.0)
            intents[x], intents[y] = vector[:, 0] / size, vector[:, 1] / size


def _checked(wanted: Any, playing: npt.NDArray[np.bool_], player: int) -> npt.NDArray[np.float64]:
    shape = (len(playing), 4)
    if not isinstance(wanted, np.ndarray) or wanted.shape != shape or wanted.dtype.kind not in "fiu":
        got = f"{wanted.dtype} {wanted.shape}" if isinstance(wanted, np.ndarray) else quoted(wanted)
        raise InvalidAction(f"the script of player {player} must return numbers of shape {shape}, got {got}")
    values = np.where(playing[:, None], wanted, 0.0).astype(np.float64, copy=False)
    finite = np.isfinite(values).all(axis=1)
    if not finite.all():
        raise InvalidAction(
            f"the script of player {player} must return finite numbers, got {values[~finite][0].tolist()}"
        )
    return values
