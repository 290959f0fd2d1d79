"""The Stable-Baselines3 interface: many crosses in parallel, each followed by the next one in the same step.

One kernel call steps every cross; Python loops only over the few that end.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from stable_baselines3.common.vec_env import VecEnv
from stable_baselines3.common.vec_env.base_vec_env import VecEnvIndices

from backpost.envs.common.checks import number, one_of, whole
from backpost.envs.common.errors import InvalidValue, ResetNeeded, quoted
from backpost.envs.crosses import Crosses
from backpost.envs.interface.request import numbered_seeds, reset_options
from backpost.envs.interface.streams import Streams
from backpost.envs.scenarios.registry import scenario as scenario_of
from backpost.envs.world.chance import LABELS
from backpost.envs.world.record import LOOSE, OVER, SHOT

Step = tuple[npt.NDArray[np.float32], npt.NDArray[np.float32], npt.NDArray[np.bool_], list[dict[str, Any]]]
"""Observations (n, SIZE), rewards (n,), whether crosses ended (n,), and infos."""

_STREAMS = 2**20
"""Streams of one training seed: environment i of seed S draws from stream S * 2**20 + i."""
KEYWORDS = ("seed", "label", "parallel", "reward_scale", "second_balls")
"""Keyword arguments of the vector that are no options of the environment."""
_SEEDS = 2**43
"""Number of training seeds; with more, a stream would need more than 64 bits."""


def is_played_out(worlds: np.recarray) -> npt.NDArray[np.bool_]:
    """Where the cross itself is decided (n,): touched and shot, cleared or lost; second balls come later."""
    phase = worlds["phase"]
    return np.asarray((phase == LOOSE) | (phase == SHOT) | (phase == OVER))


class CrossingVecEnv(VecEnv):
    """`count` crosses of a scenario; episode k of environment i is the k-th of the label's stream (seed, i).

    Observations and dones are new arrays at every step, because Stable-Baselines3 stores them without a copy. Infos of
    crosses that continue are empty dicts, made once. At the end of a cross `info` has `terminal_observation`,
    `TimeLimit.truncated` (never: time-up is a natural end), `is_success` (a goal), `xg`, and `episode` with return r
    and length l. Without `second_balls` a cross ends as soon as it is decided, and what follows is not played.
    `reward_scale` multiplies the returned rewards, but no reported value. `options` are those of `CrossingEnv`.

    `set_options({"cross": n})` before a reset opens evaluation cross n instead, in every environment or, with a list of
    options, in those that name one; the other streams continue.

    Raises:
        InvalidValue: for a count outside 1 to 2**20, a negative seed, an unknown label, or an invalid option.
        UnknownName: for an environment that does not exist.
        UnknownOption: for an unknown keyword argument, also a `TypeError`; the message lists the valid ones.
    """

    def __init__(
        self,
        env: str = "OpenPlay",
        count: int = 256,
        *,
        seed: int = 0,
        label: str = "train",
        parallel: bool = False,
        reward_scale: float = 1.0,
        second_balls: bool = True,
        **options: Any,
    ) -> None:
        count = whole("count", count, _STREAMS + 1, least=1)
        one_of("label", label, LABELS)
        if not number(reward_scale):
            raise InvalidValue(f"reward_scale must be a finite number, got {quoted(reward_scale)}")
        chosen = scenario_of(env).chosen(options, *KEYWORDS)
        self.crosses = Crosses(env, count, options=chosen, parallel=parallel)
        self.render_mode = None
        self._label, self._reward_scale, self._second_balls = label, reward_scale, second_balls
        self._nothing: list[dict[str, Any]] = [{} for _ in range(count)]
        self._goals, self._xg = (np.asarray(self.crosses.worlds[name]) for name in ("goals", "xg"))
        self._returns = np.zeros(count)
        self._lengths = np.zeros(count, dtype=np.int64)
        self._restart_streams(seed)
        super().__init__(count, self.crosses.observation_space, self.crosses.action_space)

    @property
    def streams(self) -> Streams:
        """The streams of seeds; `episodes` counts the episodes opened so far."""
        return self._streams

    def seed(self, seed: int | None = None) -> Sequence[int | None]:
        """Start the streams of this training seed at the next reset; without a seed, of a random one.

        Raises:
            InvalidValue: if it is not a whole number from 0 to 2**43 - 1.
        """
        return super().seed(None if seed is None else whole("seed", seed, _SEEDS))

    def set_options(self, options: list[dict[str, Any]] | dict[str, Any] | None = None) -> None:
        """Set the options of the next reset: one mapping for all environments, or a list with one for each.

        Raises:
            InvalidValue: if they are invalid, or a list of the wrong length; nothing is changed.
        """
        each = options if isinstance(options, list) else [options] * self.num_envs
        if len(each) != self.num_envs:
            raise InvalidValue(f"options must be {self.num_envs}, one for each environment, got {len(each)}")
        for chosen in each:
            _numbered(chosen)
        super().set_options(options)

    def reset(self) -> npt.NDArray[np.float32]:
        """Open the next episode of every stream, or the evaluation cross that the options name; observations (n, SIZE).

        The options are used once, as in Stable-Baselines3.
        """
        if self._seeds[0] is not None:
            self._restart_streams(int(self._seeds[0]))
        chosen = [_numbered(options) for options in self._options]
        named = np.array([seeds is not None for seeds in chosen])
        seeds = self._streams.next(~named)
        seeds[named] = [seed[0] for seed in chosen if seed is not None]
        self._open(seeds, np.ones(self.num_envs, dtype=bool))
        self._reset_seeds()
        self._reset_options()
        return self.crosses.observe()

    def step_async(self, actions: npt.NDArray[Any]) -> None:
        """Set the actions (n, action dimensions) of the next step."""
        self._actions = actions

    def step_wait(self) -> Step:
        """One decision in every cross; where a cross ends, the next one is opened before observations are returned.

        Raises:
            ResetNeeded: before the first reset.
        """
        if not self.crosses.opened.all():
            raise ResetNeeded("step")
        observations, rewards, dones = self.crosses.step_and_observe(self._actions)
        if not self._second_balls:
            dones = is_played_out(self.crosses.worlds)
        self._returns += rewards
        self._lengths += 1
        infos = self._nothing.copy()
        ended = np.flatnonzero(dones)
        if len(ended):
            for i, info in zip(ended, self._last_infos(ended, observations), strict=True):
                infos[i] = info
            self._deal(dones)
            observations[ended] = self.crosses.observe(ended)
        return observations, (self._reward_scale * rewards).astype(np.float32), dones.copy(), infos

    def episode_seeds(self) -> npt.NDArray[np.uint64]:
        """Seeds of the current crosses, shape (n,)."""
        return np.array(self.crosses.worlds.seed, dtype=np.uint64)

    def state(self) -> dict[str, Any]:
        """All mutable state, for a checkpoint: the records as bytes, the streams, and the totals for `info`."""
        return {
            "worlds": self.crosses.snapshot().view(np.ndarray).view(np.uint8).reshape(self.num_envs, -1),
            "episodes": self._streams.episodes.astype(np.int64),
            "returns": self._returns.copy(),
            "lengths": self._lengths.copy(),
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Restore a saved state.

        Raises:
            InvalidValue: if the records have another layout than this version's.
        """
        worlds = self.crosses.snapshot()
        records = worlds.view(np.ndarray).view(np.uint8).reshape(self.num_envs, -1)
        saved = np.asarray(state["worlds"])
        if saved.shape != records.shape:
            raise InvalidValue(f"the saved crosses have {saved.shape} bytes, and those of this version {records.shape}")
        records[:] = saved
        self.crosses.restore(worlds)
        self._streams.episodes[:] = np.asarray(state["episodes"])
        self._returns[:], self._lengths[:] = np.asarray(state["returns"]), np.asarray(state["lengths"])
        self._reset_seeds()

    def close(self) -> None:
        """Do nothing: there is nothing to close."""

    def get_attr(self, attr_name: str, indices: VecEnvIndices = None) -> list[Any]:
        """The attribute of this batch, once per requested environment."""
        return [getattr(self, attr_name) for _ in self._get_indices(indices)]

    def set_attr(self, attr_name: str, value: Any, indices: VecEnvIndices = None) -> None:
        """Set an attribute of the whole batch.

        Raises:
            InvalidValue: for only some environments, because they share everything.
        """
        if len(list(self._get_indices(indices))) != self.num_envs:
            raise InvalidValue(f"{attr_name} can only be set for all {self.num_envs} environments at once")
        setattr(self, attr_name, value)

    def env_method(self, method_name: str, *args: Any, indices: VecEnvIndices = None, **kwargs: Any) -> list[Any]:
        """Call a method of this batch, once per requested environment."""
        return [getattr(self, method_name)(*args, **kwargs) for _ in self._get_indices(indices)]

    def env_is_wrapped(self, wrapper_class: type[Any], indices: VecEnvIndices = None) -> list[bool]:
        """No environment is wrapped: there is only the batch."""
        return [False for _ in self._get_indices(indices)]

    def _get_indices(self, indices: VecEnvIndices) -> Iterable[int]:
        if indices is None:
            return range(self.num_envs)
        return [indices] if isinstance(indices, int) else indices

    def _restart_streams(self, seed: int) -> None:
        first = whole("seed", seed, _SEEDS) * _STREAMS
        self._streams = Streams(self._label, [first + i for i in range(self.crosses.count)])

    def _deal(self, which: npt.NDArray[np.bool_]) -> None:
        """Open the next episode of the streams in the mask `which` (n,)."""
        self._open(self._streams.next(which), which)

    def _open(self, seeds: npt.NDArray[np.uint64], which: npt.NDArray[np.bool_]) -> None:
        """Open the crosses with these seeds (n,) in the environments of the mask `which` (n,)."""
        self.crosses.deal(seeds, which)
        self._returns[which] = 0.0
        self._lengths[which] = 0

    def _last_infos(
        self, ended: npt.NDArray[np.int64], observations: npt.NDArray[np.float32]
    ) -> Sequence[dict[str, Any]]:
        """The infos of crosses that have just ended, before the next ones are dealt."""
        goals = (self._goals[ended] > 0).tolist()
        xg = self._xg[ended].tolist()
        returns, lengths = self._returns[ended].tolist(), self._lengths[ended].tolist()
        return [
            {
                "terminal_observation": observations[i].copy(),
                "TimeLimit.truncated": False,
                "is_success": goals[row],
                "xg": xg[row],
                "episode": {"r": returns[row], "l": lengths[row]},
            }
            for row, i in enumerate(ended)
        ]


def _numbered(options: Mapping[str, Any] | None) -> npt.NDArray[np.uint64] | None:
    """The seed (1,) of the evaluation cross that the options of a reset name; None if they name none.

    Raises:
        InvalidValue: for unknown options or a cross that is not a whole number.
    """
    return numbered_seeds(reset_options(options, ("cross",)), 1)
