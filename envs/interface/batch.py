"""Batches: loops over records, each handled by one scalar kernel; serial, or on several cores when asked for.

A cross that is over is left alone. Worlds are arrays (n,) of `world_type`, parameters an array (1,).
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
    """Move every cross by one decision and write what is seen then into `rows` (n, SIZE), or none: (0, SIZE).

    A record that has just been stepped is at hand; to come back for it costs half as much again as to observe it.
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
    """The same on several cores, with the same bits; worth it from some 256 crosses on."""
    for i in numba.prange(len(worlds)):
        if worlds[i].phase != OVER:
            step(worlds[i], parameters[0])
        if i < len(rows):
            observe(worlds[i], parameters[0], rows[i], cone, side_of(worlds[i].seed, wing))


@entry
def intend_batch(worlds: Any, actions: Any, kind: int, wing: int) -> None:
    """Write the runners' intents from checked actions (n, components)."""
    for i in range(len(worlds)):
        if worlds[i].phase != OVER:
            intend(worlds[i], actions[i], kind, wing)


@entry
def observe_batch(worlds: Any, parameters: Any, which: Any, rows: Any, cone: int, wing: int) -> None:
    """Write the observations of the crosses `which` (m,) into `rows` (m, SIZE), as their wing shows them."""
    for row in range(len(which)):
        world = worlds[which[row]]
        observe(world, parameters[0], rows[row], cone, side_of(world.seed, wing))


@entry
def side_batch(worlds: Any, wing: int, sides: Any) -> None:
    """Write into `sides` (n,) 1 for crosses shown from the right and -1 for those from the left."""
    for i in range(len(worlds)):
        sides[i] = side_of(worlds[i].seed, wing)
