"""Let an agent play crosses: many in parallel for tables, one with its whole record for pictures.

"Free" means that the winger responds to what he sees, so a different run may get a different ball; this is the
default. "Same ball" replays recorded deliveries: `given=final_records.delivery` of the agent that played them.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import InvalidAction, InvalidValue
from backpost.envs.common.stopping import check_running
from backpost.envs.crosses import Crosses
from backpost.envs.interface.options import Options
from backpost.envs.world.record import new_worlds

from .agent import Agent, Observations, Seeds
from .view import Mask

BATCH = 1024
UNSTRUCK = 99.0
"""`struck_at` of a cross in which the ball was never struck."""
_STRIKE = ("kind", "target", "aim_x", "aim_y", "aim_z", "vx", "vy", "vz", "wx", "wy", "wz", "blocked")
"""The fields that make two deliveries the same ball."""

Progress = Callable[[int], None]
Watch = Callable[[npt.NDArray[np.int64], np.recarray], None]
"""Sees the numbers (k,) of the crosses being played and their records (k,) after every decision; changes neither."""
Records = npt.NDArray[Any]
"""Records of `delivery_type`."""


def play(
    agent: Agent,
    scenario: str,
    seeds: Seeds,
    options: Options | None = None,
    batch: int = BATCH,
    progress: Progress | None = None,
    given: Records | None = None,
    watch: Watch | None = None,
) -> np.recarray:
    """The final records (m,) of the crosses with these seeds (m,), in order.

    `batch` crosses are played in parallel, and the next opens when one ends; the records do not depend on it.
    `progress` is called with the number of crosses that have ended since the last call. `watch` sees what final records
    no longer tell; a cross that is over may be shown again.

    Raises:
        UnknownName: for an unknown scenario.
        InvalidValue: if `given` (m,) has another length than `seeds`, or the batch is not positive.
        InvalidAction: if the agent's actions do not fit the environment's action type.
    """
    _check(seeds, batch, given)
    final = new_worlds(len(seeds))
    width = min(batch, len(seeds))
    if width == 0:
        return final
    crosses = Crosses(scenario, width, options=options)
    playing = np.arange(width)
    following = width
    attend(agent, crosses)
    agent.reset(seeds[:width])
    _deal(crosses, seeds, playing, np.arange(width), given)
    observations = crosses.observe()
    active = np.ones(width, bool)
    while active.any():
        check_running()
        observations, done = _decide(agent, crosses, observations)
        if watch is not None:
            watch(playing, crosses.worlds)
        ended = np.flatnonzero(done & active)
        if not len(ended):
            continue
        final[playing[ended]] = crosses.worlds[ended]
        if progress is not None:
            progress(len(ended))
        again = ended[: len(seeds) - following]
        active[ended[len(again) :]] = False
        if len(again):
            playing[again] = np.arange(following, following + len(again))
            following += len(again)
            _deal(crosses, seeds, playing, again, given)
            observations[again] = crosses.observe(again)
            agent.restart(np.isin(np.arange(width), again), seeds[playing])
    return final


def record(
    agent: Agent,
    scenario: str,
    seed: int | np.uint64,
    options: Options | None = None,
    given: Records | None = None,
) -> np.recarray:
    """The record of one cross over time, shape (decisions + 1,): the opening first, the end last.

    Raises:
        UnknownName: for an unknown scenario.
        InvalidValue: if `given` is not one delivery, shape (1,).
        InvalidAction: if the agent's actions do not fit the environment's action type.
    """
    seeds = np.array([seed], np.uint64)
    _check(seeds, 1, given)
    crosses = Crosses(scenario, 1, options=options)
    attend(agent, crosses)
    agent.reset(seeds)
    _deal(crosses, seeds, np.zeros(1, int), np.zeros(1, int), given)
    moments = [crosses.snapshot()]
    observations, done = crosses.observe(), np.zeros(1, bool)
    while not done.all():
        observations, done = _decide(agent, crosses, observations)
        moments.append(crosses.snapshot())
    return np.concatenate(moments).view(np.recarray)


def _decide(agent: Agent, crosses: Crosses, observations: Observations) -> tuple[Observations, Mask]:
    """One decision of an agent in every cross: the next observations (n, SIZE), and whether each is over (n,)."""
    actions = agent.act(observations)
    try:
        observations, _, done = crosses.step_and_observe(actions)
    except InvalidAction as error:
        raise InvalidAction(
            f"the actions of {agent.name} do not fit action_type {crosses.options.action_type!r}: {error}; coaching "
            "rules and policies have continuous actions"
        ) from error
    return observations, done


def attend(agent: Agent, crosses: Crosses) -> None:
    """Show an agent that plans on snapshots the crosses it is about to play; other agents see observations only."""
    if hasattr(agent, "attend"):
        agent.attend(crosses)


def observer(agent: Agent) -> Agent:
    """The agent, if it decides from observations alone, so that its senses can be changed.

    Raises:
        InvalidValue: if it is shown the crosses themselves.
    """
    if hasattr(agent, "attend"):
        raise InvalidValue(
            f"{agent.name} is shown the crosses themselves, so its senses cannot be changed; valid are coaching rules "
            "and policies"
        )
    return agent


def _check(seeds: Seeds, batch: int, given: Records | None) -> None:
    if batch < 1:
        raise InvalidValue(f"a batch must be 1 cross or more, got {batch}")
    if given is not None and len(given) != len(seeds):
        raise InvalidValue(f"{len(seeds)} crosses need {len(seeds)} recorded deliveries, got {len(given)}")


def _deal(
    crosses: Crosses,
    seeds: Seeds,
    playing: npt.NDArray[np.int64],
    which: npt.NDArray[np.int64],
    given: Records | None,
) -> None:
    """Open the crosses `playing[which]` in the rows `which`, with their recorded deliveries, if any."""
    crosses.deal(seeds[playing], which)
    if given is not None:
        replay(crosses.worlds["delivery"], which, given[playing[which]])


def replay(deliveries: Records, which: npt.NDArray[np.int64], recorded: Records) -> None:
    """Set the rows `which` (k,) of `deliveries` (n,) to the recorded ones (k,), where those were struck."""
    struck = recorded["struck_at"] < UNSTRUCK
    for name in _STRIKE:
        deliveries[name][which] = np.where(struck, recorded[name], deliveries[name][which])
    deliveries["given"][which] = struck
