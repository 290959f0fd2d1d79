"""One cross as a Gymnasium environment: a batch of one."""

from dataclasses import dataclass
from typing import Any

import gymnasium as gym
import numpy as np
import numpy.typing as npt

from backpost.envs.common.checks import whole
from backpost.envs.common.errors import InvalidValue, ResetNeeded, quoted
from backpost.envs.interface.information import NAMES, tell, unknown
from backpost.envs.interface.rendering import RENDER_MODES, Screen
from backpost.envs.interface.request import Request, numbered_seeds, reset_options, valid_at_reset
from backpost.envs.interface.streams import Streams
from backpost.envs.scenarios.registry import scenario as scenario_of

from .crosses import Crosses

KEYWORDS = ("render_mode", "label")
"""Keyword arguments beside the options."""
TITLE = "The runner"
"""Title of the run in pictures: an environment does not know which agent controls the runner."""


@dataclass(frozen=True)
class SavedState:
    """The complete state of a `CrossingEnv`: record, position in the stream of episodes, scenario and options.

    `made` is what was asked for when the environment was made, `now` what the last reset made of it.
    """

    scenario: str
    made: Request
    now: Request
    worlds: np.recarray
    stream: int | None
    episode: int


class CrossingEnv(gym.Env[npt.NDArray[np.float32], Any]):
    """An attacker (the runner) decides when and where to run as a cross comes in.

    ## Observation
    A flat float32 `Box`. `backpost.envs.interface.observation.LAYOUT` lists name, unit, range and
    meaning of every entry; `observation.read(observations, name)` returns an entry in physical units. The runner's
    position is in the frame of the pitch (origin at the centre spot, attack towards +x, a cross from the right wing
    comes from -y); everything else is relative to the runner. With `vision="cone"` (default), everything outside the
    runner's field of view, 100 degrees to either side of where he faces, reads zero: players and ball, the hips of an
    unseen crosser and the flight of an unseen ball. Phase, clock, offside line and the number of players are always
    known. With `vision="full"` he sees all round.

    ## Action
    One decision every 0.1 s. `action_type="continuous"` (default): `Box(-1, 1, (4,))`, desired velocity (2; length
    clipped to 1 = top speed) and desired facing (2; near zero: face the direction of the run). "discrete", "zones" and
    "call" are described in `backpost.envs.interface.action`. Values outside the box are clipped; non-finite values and
    wrong shapes raise `InvalidAction` and leave the cross unchanged.

    ## Reward
    `reward="xg"`: the team's expected goals in this decision; "own_xg": those from the runner's own touches; "goal":
    goals; "shaped": xg + gamma * phi(next) - phi(now) (`backpost.envs.interface.reward`). All terms are in `info` as
    `reward_xg`, `reward_own_xg`, `reward_goal` (and `reward_shaping`). The default is "xg", and "own_xg" in the drills
    in which the crosser is the runner's only team-mate.

    ## Info
    The same keys and types at reset, after every decision and at the end, numbers alone: the terms of the reward and
    the metrics of the cross. Before it is known, a sum, count or flag is 0, a code is that of "playing" or "none", and
    a measure is 99 (`backpost.envs.interface.information`). `backpost.envs.in_words(info)` turns codes into words.

    ## Start
    `reset(seed=n)` starts stream n, whose k-th episode is the same cross everywhere; later resets without a seed
    continue it. `info` has the episode's `seed`. Streams of different `label` have no cross in common: `gym.make(id,
    label="select")`. `reset(options={...})` takes, until the next reset and in place of what `gym.make` was given:

    - `cross`: number of an evaluation cross, which is opened without advancing the stream; with `label`, cross n of it;
    - `label`: "reset" (default), "train", "tune", "select", "evaluate", "calibrate" or "verify";
    - `difficulty`, `parameters`, and the defensive set-up where the scenario supports it (`marking`, `line_height`,
      `compactness`, `defenders`, `keeper_range`);
    - `allow_implausible`: whether parameters may lie outside their plausible range.

    ## End
    `terminated` at a goal, save, claim, clearance or offside, when the ball is out, and when time is up (at most a few
    seconds of build-up and flight and 10 s of loose ball). Episodes are never truncated: `spec.max_episode_steps` is
    longer than any cross.

    ## Options
    `gym.make(id, ...)` takes `label`, `action_type`, `vision`, `reward`, `wing`, `difficulty`, `gamma`, `parameters`
    and `allow_implausible`; where the scenario supports them, the defensive set-up (`marking`, `line_height`,
    `compactness`, `defenders`, `keeper_range`) and `start`; `set` for `backpost/DrillSetPiece-v0`; for
    `backpost/Situation-v0` also `file`, `runner`, `crosser`, `start` and `ball`.
    `backpost.envs.interface.options.Options` describes them.

    ## State
    `save_state()` returns the state, `restore_state(state)` restores it; `crosses.worlds` is the record itself.

    ## Versions
    v0: first version.

    Raises:
        UnknownOption: for an unknown keyword argument, also a `TypeError`; the message lists the valid ones.
        UnknownName, InvalidValue, InvalidFile: for invalid options.
    """

    metadata = {"render_modes": list(RENDER_MODES), "render_fps": 10}  # noqa: RUF012 (Gymnasium's name and type)

    def __init__(
        self,
        scenario: str = "OpenPlay",
        render_mode: str | None = None,
        label: str = "reset",
        **options: Any,
    ) -> None:
        self._screen = Screen(render_mode, TITLE)
        chosen = scenario_of(scenario).chosen(options, *KEYWORDS)
        self._made = self._now = Request(chosen, label)
        self.crosses = Crosses(scenario, options=chosen)
        self.observation_space = self.crosses.observation_space
        self.action_space = self.crosses.action_space
        self.render_mode = render_mode
        self._streams: Streams | None = None
        self._told = unknown(1)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[npt.NDArray[np.float32], dict[str, Any]]:
        """Start the next episode of the stream, the first of stream `seed`, or the cross of options["cross"].

        Raises:
            InvalidValue: for unknown or invalid options, or a seed that is not an integer; nothing has changed.
            UnknownName: for an unknown parameter or set of parameters; nothing has changed.
        """
        stream = None if seed is None else whole("seed", seed)
        given = reset_options(options, valid_at_reset(self.crosses.scenario.own))
        seeds = numbered_seeds(given, 1)
        now = self._made.changed(given)
        self.crosses.reconfigure(now.options)
        self._now = now
        super().reset(seed=stream)
        if stream is not None:
            self._streams = Streams(now.label, [stream])
        if seeds is None:
            if self._streams is None:
                self._streams = Streams(now.label, [int(self.np_random.integers(2**63))])
            self._streams.label = now.label
            seeds = self._streams.next(np.array([True]))
        self.crosses.deal(seeds)
        self._told = unknown(1)
        self._screen.begin(self.crosses.worlds)
        return self._observation(), self._info()

    def step(self, action: Any) -> tuple[npt.NDArray[np.float32], float, bool, bool, dict[str, Any]]:
        """Play one decision; returns observation, reward, terminated, truncated (always False) and info.

        Raises:
            InvalidAction: for an invalid action; the cross is unchanged.
            ResetNeeded: before the first reset.
        """
        if not self.crosses.opened.all():
            raise ResetNeeded("step")
        observations, rewards, over = self.crosses.step_and_observe([action])
        self._screen.go_on(self.crosses.worlds)
        return observations.reshape(-1), float(rewards[0]), bool(over[0]), False, self._info()

    def save_state(self) -> SavedState:
        """The complete state that later steps and resets depend on."""
        at: tuple[int | None, int] = None, 0
        if self._streams is not None:
            at = int(self._streams.streams[0]), int(self._streams.episodes[0])
        return SavedState(self.crosses.scenario.name, self._made, self._now, self.crosses.snapshot(), *at)

    def restore_state(self, state: SavedState) -> npt.NDArray[np.float32]:
        """Restore a state saved here or in another environment with the same options; returns its observation.

        Raises:
            InvalidValue: if it is not a saved state, or belongs to another scenario or other options.
        """
        if not isinstance(state, SavedState):
            raise InvalidValue(f"restore_state takes what save_state returned, got {quoted(state)}")
        if (state.scenario, state.made) != (self.crosses.scenario.name, self._made):
            raise InvalidValue(
                f"a state goes back to the scenario and the options that it was saved with: {state.scenario}, not "
                f"{self.crosses.scenario.name}"
                if state.scenario != self.crosses.scenario.name
                else "a state can be restored only with the options that it was saved with"
            )
        self.crosses.reconfigure(state.now.options)
        self._now = state.now
        self.crosses.restore(state.worlds)
        self._told = unknown(1)
        self._streams = None
        if state.stream is not None:
            self._streams = Streams(state.now.label, [state.stream])
            self._streams.episodes[0] = state.episode
        self._screen.begin(self.crosses.worlds)
        return self._observation()

    def render(self) -> Any:
        """The frame (height, width, 3), uint8, in mode "rgb_array"; None in mode "human", which draws in every step.

        Raises:
            ResetNeeded: before the first reset.
        """
        return self._screen.picture()

    def close(self) -> None:
        """Close the window, if there is one; may be called more than once."""
        self._screen.close()

    def _observation(self) -> npt.NDArray[np.float32]:
        return self.crosses.observe().reshape(-1)

    def _info(self) -> dict[str, Any]:
        """What is told of the cross: the same keys and types at every moment."""
        tell(self.crosses.worlds.view(np.ndarray), self._told)
        info = dict(zip(NAMES, self._told.item(), strict=True))
        info["seed"] = self._told["seed"][0]  # np.uint64: vectors put Python's integers into 63 bits
        info["is_success"] = info["goal"]
        for name, values in self.crosses.terms().items():
            info[f"reward_{name}"] = float(values[0])
        return info
