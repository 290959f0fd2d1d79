"""n crosses in which several players learn, one episode after another: the native batch for self-play."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from backpost.envs.common.checks import whole
from backpost.envs.common.errors import InvalidValue, ResetNeeded
from backpost.envs.crosses import Mask
from backpost.envs.interface.request import Request, numbered_seeds, reset_options, valid_at_reset
from backpost.envs.interface.streams import Streams
from backpost.envs.scenarios.registry import scenario as scenario_of

from .many_crosses import ByAgent, ManyCrosses, Plays

KEYWORDS = ("num_envs", "learners", "runner", "label", "correct_scripts")
"""Keyword arguments that are no options of the environment."""
MOST_PASSED_OVER = 1_000
"""Crosses in a row in which no learner takes part, after which the search for another ends."""


class ManyCrossingVector:
    """n streams of crosses; a cross that ends is followed by the next of its stream in the same step.

    Which agents take part differs between crosses: in a zonal defence nobody marks. `take_part` says it. A cross in
    which no learner takes part is passed over.

    Args:
        num_envs: n.
        scenario, learners, runner, correct_scripts: see `ManyCrosses`.
        label: seed streams of the episodes.
        options: options of the environment, as `gym.make` takes them.

    Attributes:
        many: the batch; `many.crosses.worlds` are the records.
        agents, observation_spaces, action_spaces: those of `ManyCrosses`.

    Raises:
        UnknownOption: for an unknown keyword argument.
        UnknownName, InvalidValue, InvalidFile: for invalid options or learners.
    """

    def __init__(
        self,
        num_envs: int = 1,
        scenario: str = "OpenPlay",
        learners: str | Iterable[str] = "runner",
        runner: Plays | None = None,
        label: str = "reset",
        correct_scripts: bool = False,
        **options: Any,
    ) -> None:
        chosen = scenario_of(scenario).chosen(options, *KEYWORDS)
        self._made = self._now = Request(chosen, label)
        self.many = ManyCrosses(scenario, num_envs, learners, runner, correct_scripts=correct_scripts, options=chosen)
        self.num_envs = self.many.crosses.count
        self.agents = self.many.agents
        self.observation_spaces, self.action_spaces = self.many.observation_spaces, self.many.action_spaces
        self._streams: Streams | None = None

    def reset(self, *, seed: int | None = None, options: Mapping[str, Any] | None = None) -> ByAgent:
        """Start stream `seed` + i in environment i, or go on with the streams; returns observations by agent.

        Args:
            seed: the first stream; None: random ones at the first reset.
            options: those of a reset of `CrossingEnv`; `cross` = k opens cross k + i in environment i.

        Raises:
            InvalidValue: for invalid options, or if no learner takes part in a cross that was asked for.
            UnknownName: for an unknown parameter or set of parameters.
        """
        first = None if seed is None else whole("seed", seed, 2**64 - self.num_envs + 1)
        given = reset_options(options, valid_at_reset(self.many.crosses.scenario.own))
        seeds = numbered_seeds(given, self.num_envs)
        now = self._made.changed(given)
        self.many.crosses.reconfigure(now.options)
        self._now = now
        if first is not None:
            self._streams = Streams(now.label, [first + i for i in range(self.num_envs)])
        if self._streams is None:
            random = np.random.default_rng()
            self._streams = Streams(now.label, random.integers(2**63, size=self.num_envs).astype(np.uint64))
        self._streams.label = now.label
        if seeds is None:
            self._open(None)
        else:
            self.many.deal(seeds)
            if not self.take_part().any(axis=1).all():
                raise InvalidValue(f"in cross {given['cross']} none of {', '.join(self.agents)} takes part")
        return self.many.observe()

    def step(self, actions: Mapping[str, Any]) -> tuple[ByAgent, ByAgent, Mask]:
        """Play one decision in every environment.

        Args:
            actions: actions (n, 4) of every agent by name.

        Returns:
            Observations by agent, of the next cross where one has ended; rewards (n,) by agent; and whether each cross
            has ended, (n,): a true end, after which nothing more is paid.

        Raises:
            InvalidAction: for missing or invalid actions; nothing has changed.
            ResetNeeded: before the first reset.
        """
        if self._streams is None:
            raise ResetNeeded("step")
        rewards, over = self.many.step(actions)
        if over.any():
            self._open(over)
        return self.many.observe(), rewards, over

    def take_part(self) -> Mask:
        """Who takes part in the present cross of each environment, (n, agents)."""
        return self.many.present.copy()

    def _open(self, which: Mask | None) -> None:
        """Deal the next cross of these streams (all by default), and the one after it where no learner takes part."""
        assert self._streams is not None, "reset opens the streams"
        wanted = np.ones(self.num_envs, bool) if which is None else which
        for _ in range(MOST_PASSED_OVER):
            self.many.deal(self._streams.next(wanted), None if wanted.all() else wanted)
            wanted = wanted & ~self.many.present.any(axis=1)
            if not wanted.any():
                return
        names, name = ", ".join(self.agents), self.many.crosses.scenario.name
        raise InvalidValue(f"in {MOST_PASSED_OVER} crosses of {name} none of {names} took part; choose other learners")
