"""Scripts: Python functions that control players, for example a defender, instead of their scripted role.

The record's `outside` flag marks players whose intent is set externally; the step does not know by what. A scenario
registered with scripts sets the flag for their players, and `Crosses` calls the scripts before every decision.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import InvalidAction, quoted

Worlds = npt.NDArray[Any]
"""Records (n,) of `record.world_type`."""
Script = Callable[[Worlds, int], Any]
"""(records (n,), player) -> the player's intent in each cross, (n, 4): velocity x, y and facing x, y.

Velocity is a fraction of top speed, its length clipped to 1; facing is a direction, (0, 0) to face the direction of the
run. Both are in the world's frame: the attack goes to +x, the cross comes from -y. A script must depend on the records
alone and must not write into them: an episode has no other memory than its record.
"""


def write_intents(scripts: Mapping[int, Script], worlds: Worlds, playing: npt.NDArray[np.bool_]) -> None:
    """Call every script and write its intents into the records (n,); `playing` (n,) masks unfinished crosses.

    Raises:
        InvalidAction: if a script does not return numbers of shape (n, 4), finite for all unfinished crosses.
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
