"""n crosses as a native Gymnasium vector environment."""

import numbers
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space

from backpost.envs.common.checks import whole
from backpost.envs.common.errors import InvalidValue, ResetNeeded, quoted
from backpost.envs.interface.information import information
from backpost.envs.interface.rendering import renderer
from backpost.envs.interface.request import Request, numbered_seeds, reset_options, valid_at_reset
from backpost.envs.interface.streams import Streams
from backpost.envs.scenarios.registry import scenario as scenario_of

from .crosses import Crosses
from .crossing import TITLE, CrossingEnv

Mask = npt.NDArray[np.bool_]
Observations = npt.NDArray[np.float32]

KEYWORDS = ("render_mode", "max_episode_steps", "autoreset_mode", "parallel", "label")
"""Keyword arguments of the vector that are no options of the environment."""


class CrossingVectorEnv(VectorEnv[Observations, Any, npt.NDArray[Any]]):
    """A vector of n environments; `CrossingEnv` describes observation, action, reward, info and options.

    `info` has the keys of the single environment as arrays (n,), each with the mask that Gymnasium expects.

    Seeds: `reset(seed=s)` starts stream s + i in environment i; a sequence gives the stream of each environment.
    Autoreset continues each stream. The options of a reset hold for all environments, and for the episodes that
    autoreset opens, until the next reset of all; a reset with `reset_mask` keeps them.

    Args:
        num_envs: number of environments, n.
        scenario: name of the scenario.
        render_mode: None, or "rgb_array" for one frame per environment.
        max_episode_steps: decisions after which an episode is truncated; None or -1: never (a cross ends by itself).
        autoreset_mode: NEXT_STEP (the step after the last one starts the next episode and ignores its action) or
            SAME_STEP (the last step starts it; `final_obs` and `final_info` hold the end of the finished episode) or
            DISABLED (`reset(options={"reset_mask": mask})` starts it); the enum or its value.
        parallel: step on several cores.
        label: seed streams of the episodes.
        options: see `CrossingEnv`.

    Raises:
        UnknownOption: for an unknown keyword argument, also a `TypeError`; the message lists the valid ones.
        UnknownName, InvalidValue, InvalidFile: for invalid options.
    """

    metadata = {**CrossingEnv.metadata, "autoreset_mode": AutoresetMode.NEXT_STEP}  # noqa: RUF012 (Gymnasium's)

    def __init__(
        self,
        num_envs: int = 1,
        scenario: str = "OpenPlay",
        render_mode: str | None = None,
        max_episode_steps: int | None = None,
        autoreset_mode: AutoresetMode | str = AutoresetMode.NEXT_STEP,
        parallel: bool = False,
        label: str = "reset",
        **options: Any,
    ) -> None:
        if render_mode not in (None, "rgb_array"):
            raise InvalidValue(f"render_mode of a vector must be rgb_array or None, got {quoted(render_mode)}")
        try:
            self.autoreset_mode = AutoresetMode(autoreset_mode)
        except ValueError as error:
            modes = ", ".join(mode.value for mode in AutoresetMode)
            raise InvalidValue(f"autoreset_mode must be one of {modes}, got {quoted(autoreset_mode)}") from error
        self.metadata = {**self.metadata, "autoreset_mode": self.autoreset_mode}
        chosen = scenario_of(scenario).chosen(options, *KEYWORDS)
        self._made = self._now = Request(chosen, label)
        self.crosses = Crosses(scenario, num_envs, options=chosen, parallel=parallel)
        self.num_envs = self.crosses.count
        self.render_mode = render_mode
        self.single_observation_space = self.crosses.observation_space
        self.single_action_space = self.crosses.action_space
        self.observation_space = batch_space(self.single_observation_space, self.num_envs)
        self.action_space = batch_space(self.single_action_space, self.num_envs)
        self._longest = np.iinfo(np.int64).max
        if max_episode_steps not in (None, -1):
            self._longest = whole("max_episode_steps", max_episode_steps, 2**63, least=1)
        self._streams: Streams | None = None
        self._ended = np.zeros(self.num_envs, bool)

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observations, dict[str, Any]]:
        """Start an episode in every environment.

        With options["reset_mask"], an array of truth values (n,), only in those where it is true. With
        options["cross"] = n, environment i plays cross n + i.

        Raises:
            InvalidValue: for unknown or invalid options, or seeds that do not match the environments; nothing has
                changed.
            UnknownName: for an unknown parameter or set of parameters; nothing has changed.
            ResetNeeded: if the first reset does not cover every environment.
        """
        some = isinstance(options, Mapping) and options.get("reset_mask") is not None
        valid = ("cross",) if some else valid_at_reset(self.crosses.scenario.own)
        given = reset_options(options, (*valid, "reset_mask"))
        which = self._mask(given.pop("reset_mask", None))
        crosses = numbered_seeds(given, self.num_envs)
        now = self._now if some else self._made.changed(given)
        streams = self._named(seed)
        if self._streams is None and not which.all():
            raise ResetNeeded("a reset of some environments alone")
        self.crosses.reconfigure(now.options)
        self._now = now
        super().reset(seed=streams[0] if isinstance(seed, numbers.Integral) else None)
        self._open_streams(streams, which)
        seeds = self._next(which) if crosses is None else crosses
        self.crosses.deal(seeds, which)
        self._ended &= ~which
        return self.crosses.observe(), self._info(which)

    def step(self, actions: Any) -> tuple[Observations, npt.NDArray[np.float64], Mask, Mask, dict[str, Any]]:
        """Play one decision in every environment.

        Returns observations (n, SIZE), rewards, terminated and truncated, each (n,), and info.

        Raises:
            InvalidAction: for invalid actions; nothing has changed.
            ResetNeeded: before the first reset; without autoreset, after the end of an episode too.
        """
        self._check_opened("step")
        again = self._ended
        if self.autoreset_mode == AutoresetMode.DISABLED and again.any():
            raise ResetNeeded(f"step: environment {np.flatnonzero(again)[0]} has ended")
        observations, rewards, over = self.crosses.step_and_observe(actions)
        rewards[again] = 0.0
        terminated = over & ~again
        truncated = (self.crosses.worlds["decisions"] >= self._longest) & ~again
        self._ended = terminated | truncated
        if self.autoreset_mode == AutoresetMode.SAME_STEP:
            info = self._open_at_once(observations) if self._ended.any() else self._info()
            return observations, rewards, terminated, truncated, info
        if again.any():
            self.crosses.deal(self._next(again), again)
            observations[again] = self.crosses.observe(again)
        return observations, rewards, terminated, truncated, self._info()

    def render(self) -> tuple[Any, ...] | None:
        """One frame per environment, (height, width, 3), uint8.

        Raises:
            ResetNeeded: before the first reset.
        """
        if self.render_mode is None:
            return None
        self._check_opened("render")
        draw = renderer("frame")
        return tuple(draw(self.crosses.worlds[i : i + 1], title=TITLE) for i in range(self.num_envs))

    def _open_at_once(self, observations: Observations) -> dict[str, Any]:
        """SAME_STEP: start the next episodes and observe them in place; `info`, with the end of the last ones."""
        ended = self._ended
        rows = np.flatnonzero(ended)
        final = np.full(self.num_envs, None, dtype=object)
        for i in rows:
            final[i] = observations[i].copy()
        last = _masked({"final_obs": final, "final_info": self._info(ended)}, ended)
        self.crosses.deal(self._next(ended), ended)
        observations[rows] = self.crosses.observe(rows)
        self._ended = np.zeros(self.num_envs, bool)
        return self._info() | last

    def _info(self, which: Mask | None = None) -> dict[str, Any]:
        """What is told of the crosses: the same keys at every moment, arrays (n,) with their masks; all by default."""
        table = information(self.crosses.worlds.view(np.ndarray))
        info: dict[str, Any] = {name: table[name].copy() for name in table.dtype.names or ()}
        info["is_success"] = info["goal"].copy()
        info |= {f"reward_{name}": values for name, values in self.crosses.terms().items()}
        return _masked(info, np.ones(self.num_envs, bool) if which is None else which)

    def _open_streams(self, named: list[int | None], which: Mask) -> None:
        """Start the streams that are named; on the first reset, environments without a name get a random one."""
        if self._streams is None:
            self._streams = Streams(
                self._now.label, self.np_random.integers(2**63, size=self.num_envs).astype(np.uint64)
            )
        self._streams.label = self._now.label
        for i, stream in enumerate(named):
            if stream is not None and which[i]:
                self._streams.streams[i] = stream
                self._streams.episodes[i] = 0

    def _named(self, seed: int | Sequence[int | None] | None) -> list[int | None]:
        """The stream that a seed gives each environment; None where it gives none."""
        if seed is None:
            return [None] * self.num_envs
        if isinstance(seed, str) or not isinstance(seed, Iterable):
            first = whole("seed", seed, 2**64 - self.num_envs + 1)
            return [first + i for i in range(self.num_envs)]
        named = [None if stream is None else whole("seed", stream) for stream in seed]
        if len(named) != self.num_envs:
            raise InvalidValue(f"seeds must be {self.num_envs}, one for each environment, got {len(named)}")
        return named

    def _check_opened(self, asked: str) -> None:
        if self._streams is None:
            raise ResetNeeded(asked)

    def _next(self, which: Mask) -> npt.NDArray[np.uint64]:
        assert self._streams is not None, "reset opens the streams"
        return self._streams.next(which)

    def _mask(self, given: Any) -> Mask:
        if given is None:
            return np.ones(self.num_envs, bool)
        shape = (self.num_envs,)
        if not isinstance(given, np.ndarray) or given.shape != shape or given.dtype != bool or not given.any():
            raise InvalidValue(
                f"reset_mask must be an array of truth values of shape {shape}, at least one of them true"
            )
        return given.copy()


def _masked(info: dict[str, Any], mask: Mask) -> dict[str, Any]:
    """Add the masks that Gymnasium expects: for every entry, its name with an underscore says where it is valid."""
    return info | {f"_{name}": mask.copy() for name in info}
