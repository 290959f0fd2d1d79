"""Mirroring: the world has one wing; the other is its mirror image, applied to observations and actions."""

from typing import Any

from backpost.envs.world.chance import WORLD, uniform
from backpost.envs.world.compile import kernel
from backpost.envs.world.draws import WING

from .options import WINGS

RIGHT, LEFT, RANDOM = (WINGS.index(wing) for wing in ("right", "left", "random"))


@kernel
def side_of(seed: Any, wing: int) -> float:
    """1 if this cross is shown from the right wing, as in the world, -1 if from the left."""
    if wing == RANDOM:
        return -1.0 if uniform(seed, WING, WORLD, 0) < 0.5 else 1.0
    return -1.0 if wing == LEFT else 1.0
