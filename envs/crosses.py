"""A batch of n crosses. Every interface (single environment, vector, Stable-Baselines3) wraps this class."""

import os
from typing import Any

import numba
import numpy as np
import numpy.typing as npt

from backpost.envs.common.checks import one_of
from backpost.envs.common.errors import InvalidValue, quoted
from backpost.envs.interface.options import ACTION_TYPES, PER_EPISODE, WINGS, Options
from backpost.envs.interface.reward import REWARDS, SHAPED, TERMS
from backpost.envs.interface.script import write_intents
from backpost.envs.scenarios.registry import scenario
from backpost.envs.world.compile import TURN
from backpost.envs.world.parameters import parameters
from backpost.envs.world.record import OVER, PLAYING, new_worlds, world_type

from .interface import action, batch, observation

Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

_COMPILED: set[tuple[Any, bool]] = set()
"""What this process has compiled or loaded: a deal, and whether the step is the parallel one."""


class Crosses:
    """n crosses of one scenario, stepped in place.

    Args:
        name: name of the scenario, with or without `backpost/` and `-v0`.
        count: n, at least 1.
        options: options of the environment; `scenario.chosen({})` are those of an environment made without any.
        parallel: step on several cores (bit-identical results; worthwhile from about 256 crosses; do not fork
            afterwards).

    Attributes:
        worlds: records (n,) of `world_type`: the complete state of the crosses.
        options: those in force.
        parameters: parameters of the world, (1,).
        observation_space, action_space: spaces of a single cross.

    Raises:
        UnknownName: for an unknown scenario or parameter.
        UnknownOption: for an option that the scenario does not have.
        InvalidValue: for an invalid option, or for more crosses than fit into this machine's memory.
        InvalidFile: for a malformed situation.
    """

    def __init__(
        self,
        name: str = "OpenPlay",
        count: int = 1,
        *,
        options: Options | None = None,
        parallel: bool = False,
    ) -> None:
        if isinstance(count, bool) or not isinstance(count, int | np.integer) or count < 1:
            raise InvalidValue(f"count must be a whole number of at least 1, got {quoted(count)}")
        self.scenario = scenario(name)
        self.count = int(count)
        self.parameters = parameters()
        self._configure(options or Options())
        self.observation_space = observation.space()
        self._kind = ACTION_TYPES.index(self.options.action_type)
        self.action_space = action.action_space(self._kind)
        self._wing = WINGS.index(self.options.wing)
        self._cone = int(self.options.vision == "cone")
        self._reward = REWARDS[self.options.reward]
        self._parallel = parallel

        self.worlds = _blank_worlds(self.count)
        self.worlds["phase"] = OVER
        self._connect()
        self._all = np.arange(self.count)
        self._playing = np.zeros(self.count, bool)
        self._unseen = np.empty((0, observation.SIZE), np.float32)
        self._rewards = np.zeros(self.count)
        self._shaping = np.zeros(self.count)

    def reconfigure(self, options: Options) -> None:
        """Deal and play all crosses from now on with other options. Deal every cross afterwards: they share parameters.

        Raises:
            InvalidValue: for an option that is invalid or unknown to the scenario, or that cannot change between
                episodes (those that can are `options.PER_EPISODE`); nothing has changed.
            UnknownName: for an unknown parameter; nothing has changed.
        """
        if options == self.options:
            return
        for name, value in vars(options).items():
            if value != getattr(self.options, name):
                one_of("an option that changes between episodes", name, PER_EPISODE)
        self._configure(options)

    def _configure(self, options: Options) -> None:
        """Check the options, then take them over: parameters are changed in place, since kernels hold views of them."""
        checked = self.scenario.checked(options)
        numbers = parameters(checked.allow_implausible, **checked.parameters)
        opening = self.scenario.opened(checked, numbers)
        self.options = checked
        self.parameters[:] = numbers
        self._opening = opening.view(np.ndarray).view(np.uint8).reshape(-1)

    def _connect(self) -> None:
        """Set up the views and functions that refer to the state; none of them may be copied or pickled."""
        self._step = batch.step_batch_parallel if self._parallel else batch.step_batch
        # Plain views of both: a kernel call with record arrays takes four times as long.
        self._records, self._numbers = self.worlds.view(np.ndarray), self.parameters.view(np.ndarray)
        self._phase = self._records["phase"]
        # NumPy copies records field by field; copying them as bytes is ten times faster.
        self._bytes = self._records.view(np.uint8).reshape(self.count, -1)
        self._terms = {name: self._records[field] for name, field in TERMS.items()}

    def __getstate__(self) -> dict[str, Any]:
        """The state to copy or pickle, without the views: copies of them would be separate arrays, never stepped."""
        connections = ("_step", "_records", "_numbers", "_phase", "_bytes", "_terms")
        return {name: value for name, value in vars(self).items() if name not in connections}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Restore the copied state and create new views of it."""
        vars(self).update(state)
        self._connect()

    @property
    def opened(self) -> Mask:
        """Whether each cross has been dealt, (n,)."""
        opened: Mask = (self._phase != OVER) | (self._records["outcome"] != PLAYING)
        return opened

    def deal(self, seeds: npt.NDArray[np.uint64], which: Mask | npt.NDArray[np.int64] | None = None) -> None:
        """Start episodes: cross i gets `seeds[i]`. With `which` (mask or indices), only those crosses are dealt.

        Raises:
            InvalidValue: if `seeds` does not hold one seed for each of the n crosses, or `which` is invalid.
        """
        seeds = np.asarray(seeds)
        if seeds.shape != (self.count,):
            raise InvalidValue(f"seeds must have shape {(self.count,)}, got {seeds.shape}")
        wrong = seeds[seeds < 0] if seeds.dtype.kind in "iu" else seeds
        if wrong.size:
            raise InvalidValue(f"seeds must be whole numbers from 0 to {2**64 - 1}, got {wrong.tolist()[0]!r}")
        chosen = self._indices(which)
        self._compile()
        self._bytes[chosen] = self._opening
        self._records["seed"][chosen] = seeds[chosen].astype(np.uint64)
        self.scenario.deal(self._records, chosen, self._numbers)
        self._playing[chosen] = False  # nothing has been decided yet, so no term of the reward is left
        self._rewards[chosen] = self._shaping[chosen] = 0.0

    def _compile(self) -> None:
        """Before the first cross of a process: play a decision of one, so that everything is compiled in one turn."""
        needed = (self.scenario.deal_one, self._parallel)
        if needed in _COMPILED or numba.config.DISABLE_JIT:
            return
        _COMPILED.add(needed)
        records, which = self._records[:1].copy(), self._all[:1]
        records.view(np.uint8)[:] = self._opening
        still = np.zeros((1, *(self.action_space.shape or ())), self.action_space.dtype)
        actions = action.checked(self._kind, still, 1)
        rows = np.empty((1, observation.SIZE), np.float32)
        with TURN.long():
            self.scenario.deal(records, which, self._numbers)
            batch.observe_batch(records, self._numbers, which, rows, self._cone, self._wing)
            batch.intend_batch(records, actions, self._kind, self._wing)
            self._step(records, self._numbers, rows, self._cone, self._wing)

    def step(self, actions: Any) -> tuple[Floats, Mask]:
        """Play one decision of every unfinished cross; returns rewards (n,) and whether each cross is over (n,).

        Args:
            actions: (n, components), or (n,) for discrete and zone actions.

        Raises:
            InvalidAction: for invalid actions; the crosses are unchanged.
        """
        return self._advance(actions, self._unseen)

    def step_and_observe(self, actions: Any) -> tuple[npt.NDArray[np.float32], Floats, Mask]:
        """Like `step`, but also returns the new observations (n, SIZE), first: cheaper than `step`, then `observe`.

        Raises:
            InvalidAction: for invalid actions; the crosses are unchanged.
        """
        observations = np.empty((self.count, observation.SIZE), np.float32)
        return observations, *self._advance(actions, observations)

    def _advance(self, actions: Any, observations: npt.NDArray[np.float32]) -> tuple[Floats, Mask]:
        checked = action.checked(self._kind, actions, self.count)
        self._playing = self._phase != OVER
        shaped = self._reward.potential is not None
        before = self._reward.potentials(self._records) if shaped else self._shaping
        batch.intend_batch(self._records, checked, self._kind, self._wing)
        if self.scenario.scripts:
            write_intents(self.scenario.scripts, self._records, self._playing)
        self._step(self._records, self._numbers, observations, self._cone, self._wing)
        self._rewards = self._reward.of_decision(self._records, self._playing)
        rewards = self._rewards.copy()
        if shaped:
            after = self._reward.potentials(self._records)
            self._shaping = (self.options.gamma * after - before) * self._playing
            rewards += self._shaping
        return rewards, self._phase == OVER

    def observe(self, which: Mask | npt.NDArray[np.int64] | None = None) -> npt.NDArray[np.float32]:
        """Observations, a new array (n, SIZE); with `which` (mask or indices), only the rows of those crosses.

        Raises:
            InvalidValue: if `which` is invalid.
        """
        chosen = self._indices(which)
        rows = np.empty((len(chosen), observation.SIZE), np.float32)
        batch.observe_batch(self._records, self._numbers, chosen, rows, self._cone, self._wing)
        return rows

    def terms(self) -> dict[str, Floats]:
        """Every term of the last decision's reward, arrays (n,); 0 where none has been made since the deal.

        The terms are `xg`, `own_xg` and `goal`, the chosen reward under its own name, and `shaping` if the reward has a
        potential.
        """
        terms = {name: values * self._playing for name, values in self._terms.items()}
        if self.options.reward not in (*TERMS, SHAPED):
            terms[self.options.reward] = self._rewards.copy()
        if self._reward.potential is not None:
            terms["shaping"] = self._shaping.copy()
        return terms

    def sides(self) -> Floats:
        """1 for crosses shown from the right wing, -1 for those shown from the left; (n,)."""
        sides = np.empty(self.count)
        batch.side_batch(self._records, self._wing, sides)
        return sides

    def snapshot(self) -> np.recarray:
        """A copy of all records, (n,)."""
        saved: np.recarray = np.empty(self.count, world_type).view(np.recarray)
        saved.view(np.ndarray).view(np.uint8).reshape(self.count, -1)[:] = self._bytes
        return saved

    def restore(self, saved: np.recarray) -> None:
        """Restore a snapshot of n crosses with the same parameters.

        Raises:
            InvalidValue: if the snapshot is not an array of n records.
        """
        if not isinstance(saved, np.ndarray) or saved.dtype.fields != self._records.dtype.fields:
            raise InvalidValue("a snapshot must be an array of world records")
        if saved.shape != (self.count,):
            raise InvalidValue(f"the snapshot must have shape {(self.count,)}, got {saved.shape}")
        self._bytes[:] = np.ascontiguousarray(saved).view(np.ndarray).view(np.uint8).reshape(self.count, -1)

    def _indices(self, which: Mask | npt.NDArray[np.int64] | None) -> npt.NDArray[np.int64]:
        if which is None:
            return self._all
        # Kernels do not check bounds: an invalid index would access arbitrary memory.
        chosen: npt.NDArray[Any] = np.asarray(which)
        if chosen.dtype == bool and chosen.shape == (self.count,):
            return np.flatnonzero(chosen)
        if chosen.ndim != 1 or (chosen.size and chosen.dtype.kind not in "iu"):
            raise InvalidValue(
                f"which must be a mask of shape {(self.count,)} or indices, got {chosen.dtype} {chosen.shape}"
            )
        wrong = chosen[(chosen < 0) | (chosen >= self.count)]
        if wrong.size:
            raise InvalidValue(f"indices of crosses must be from 0 to {self.count - 1}, got {wrong[0]}")
        return chosen.astype(np.int64)


def _blank_worlds(count: int) -> np.recarray:
    """Blank records (count,), if this machine has enough memory.

    Memory is checked first: the system overcommits, then kills the process that uses what was promised.

    Raises:
        InvalidValue: if there is not enough memory.
    """
    needed, present = count * world_type.itemsize, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    needs = f"{count:,} crosses need {needed / 1e9:,.0f} GB of memory"
    if needed > present:
        most = present // world_type.itemsize
        raise InvalidValue(f"{needs}, and this machine has {present / 1e9:,.0f} GB: enough for {most:,} at most")
    try:
        return new_worlds(count)
    except MemoryError as error:
        raise InvalidValue(f"{needs}, more than this process can get") from error
