"""Loops over batches of records, one scalar kernel call per record; serial, or on several cores on request.

Finished crosses are left unchanged. Worlds are arrays (n,) of `world_type`, parameters an array (1,).
"""

from typing import Any

import numba

from backpost.envs.dynamics.step import step
from backpost.envs.world.compile import entry, parallel_entry
from backpost.envs.world.record import OVER

from .action import intend
from .mirroring import side_of
from .observe import observe


@entry
def step_batch(worlds: Any, parameters: Any, rows: Any, cone: int, wing: int) -> None:
    """Advance every cross by one decision and write the new observations into `rows` (n, SIZE); (0, SIZE) for none.

    A record that has just been stepped is in the cache; observing in a second pass is 1.5 times as expensive.
    """
    p = parameters[0]
    for i in range(len(worlds)):
        world = worlds[i]
        if world.phase != OVER:
            step(world, p)
        if i < len(rows):
            observe(world, p, rows[i], cone, side_of(world.seed, wing))


@parallel_entry
def step_batch_parallel(worlds: Any, parameters: Any, rows: Any, cone: int, wing: int) -> None:
    """Like `step_batch` on several cores, with bit-identical results; worthwhile from about 256 crosses."""
    for i in numba.prange(len(worlds)):
        if worlds[i].phase != OVER:
            step(worlds[i], parameters[0])
        if i < len(rows):
            observe(worlds[i], parameters[0], rows[i], cone, side_of(worlds[i].seed, wing))


@entry
def intend_batch(worlds: Any, actions: Any, kind: int, wing: int) -> None:
    """Set the runners' intents from checked actions (n, components)."""
    for i in range(len(worlds)):
        if worlds[i].phase != OVER:
            intend(worlds[i], actions[i], kind, wing)


@entry
def observe_batch(worlds: Any, parameters: Any, which: Any, rows: Any, cone: int, wing: int) -> None:
    """Write the observations of the crosses `which` (m,) into `rows` (m, SIZE), mirrored for the left wing."""
    for row in range(len(which)):
        world = worlds[which[row]]
        observe(world, parameters[0], rows[row], cone, side_of(world.seed, wing))


@entry
def side_batch(worlds: Any, wing: int, sides: Any) -> None:
    """Write 1 into `sides` (n,) for crosses shown from the right wing, -1 for those from the left."""
    for i in range(len(worlds)):
        sides[i] = side_of(worlds[i].seed, wing)
