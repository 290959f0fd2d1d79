"""A batch of n crosses in which several players learn."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from gymnasium import spaces

from backpost.envs.common.errors import InvalidAction, InvalidValue, quoted
from backpost.envs.crosses import Crosses, Floats, Mask
from backpost.envs.interface import action
from backpost.envs.interface.options import ACTION_TYPES, WINGS, Options
from backpost.envs.world.record import ATTACKERS, OVER

from .names import PLAYER_OF, learners_of
from .see import see_batch
from .take import intend_batch, take_batch
from .view import VIEW, VIEW_SIZE

Observations = npt.NDArray[np.float32]
ByAgent = dict[str, Any]
"""One value for every agent, by its name."""


class Plays(Protocol):
    """Whoever plays the runner while others learn: any agent of `backpost.agents`, or one of your own."""

    def reset(self, seeds: Any) -> None:
        """Open n crosses with these seeds (n,)."""

    def restart(self, which: Any, seeds: Any) -> None:
        """Open new crosses in the rows of the mask `which` (n,)."""

    def act(self, observations: Any) -> Any:
        """Actions (n, 4) for the runner's observations (n, SIZE)."""


class ManyCrosses:
    """n crosses in which the players named in `learners` are played from outside.

    Attackers are paid the reward of the options, by default the team's expected goals in a decision; defenders and the
    keeper its negative.

    Args:
        scenario: name of the scenario.
        count: n.
        learners: names of agents ("runner", "teammate_1", "keeper", "defender_1", ...) or of groups ("teammates",
            "presser", "markers", "zonal", "defenders").
        runner: who plays the runner if "runner" is not among the learners; None: a script, like that of team-mates.
        correct_scripts: the actions of all but the runner are added to what their scripts want, so that zero plays the
            script.
        options: options of the environment; the action type is "continuous".

    Attributes:
        agents: the names of all agents that may take part, in order.
        crosses: the batch.
        players: the player in the record of every agent, (agents,).
        present: who takes part in each cross, (n, agents).
        observation_spaces, action_spaces: the spaces of every agent.

    Raises:
        InvalidValue: for unknown learners, another action type, or a runner who is to be played twice.
        UnknownName, UnknownOption, InvalidFile: as `Crosses`.
    """

    def __init__(
        self,
        scenario: str = "OpenPlay",
        count: int = 1,
        learners: str | Iterable[str] = "runner",
        runner: Plays | None = None,
        *,
        correct_scripts: bool = False,
        options: Options | None = None,
    ) -> None:
        roles = learners_of(learners)
        if runner is not None and "runner" in roles:
            raise InvalidValue("the runner is a learner, so nobody else can play the runner")
        self.crosses = Crosses(scenario, count, options=options)
        if self.crosses.options.action_type != ACTION_TYPES[action.CONTINUOUS]:
            got = quoted(self.crosses.options.action_type)
            raise InvalidValue(f"learners act with action_type 'continuous', got {got}")
        self.agents = tuple(roles)
        self.runner = runner
        self.correct_scripts = correct_scripts
        self.present: Mask = np.zeros((count, len(roles)), bool)
        own, others = self.crosses.observation_space, VIEW.space()
        self.observation_spaces = {name: own if name == "runner" else others for name in roles}
        self.action_spaces: dict[str, spaces.Space[Any]] = dict.fromkeys(roles, self.crosses.action_space)
        self.players = np.array([PLAYER_OF[name] for name in roles])
        self._roles = np.array(list(roles.values()))
        self._wing = WINGS.index(self.crosses.options.wing)
        self._still = np.zeros((count, 4))
        self._opened = False

    def deal(self, seeds: npt.NDArray[np.uint64], which: Mask | None = None) -> None:
        """Start the crosses of these seeds (n,); with the mask `which` (n,), only those.

        Raises:
            InvalidValue: if the seeds or the mask do not fit.
        """
        self.crosses.deal(seeds, which)
        chosen = np.arange(self.crosses.count) if which is None else np.flatnonzero(which)
        scripted = self.runner is None and "runner" not in self.agents
        take_batch(self._worlds, chosen, self.players, self._roles, scripted, self.correct_scripts, self.present)
        if self.runner is None:
            return
        if which is None or not self._opened:
            self.runner.reset(np.asarray(seeds, np.uint64))
        else:
            self.runner.restart(which, np.asarray(seeds, np.uint64))
        self._opened = True

    def observe(self) -> ByAgent:
        """What every agent sees: arrays (n, size) by name; zeros where it takes no part."""
        seen: ByAgent = {}
        for k, name in enumerate(self.agents):
            if name == "runner":
                seen[name] = self.crosses.observe()
                continue
            rows = np.empty((self.crosses.count, VIEW_SIZE), np.float32)
            player, worlds, numbers = int(self.players[k]), self._worlds, self.crosses.parameters.view(np.ndarray)
            see_batch(worlds, numbers, np.arange(len(rows)), player, rows, self._wing)
            rows[~self.present[:, k]] = 0.0
            seen[name] = rows
        return seen

    def step(self, actions: Mapping[str, Any]) -> tuple[ByAgent, Mask]:
        """Play one decision of every unfinished cross.

        Args:
            actions: actions (n, 4) of every agent by name; those of agents who take no part are ignored.

        Returns:
            Rewards (n,) by agent, 0 where it takes no part; and whether each cross is over, (n,).

        Raises:
            InvalidAction: if an agent's actions are missing or invalid; the crosses are unchanged.
        """
        checked = self._checked(actions)
        runner = checked.get("runner", self._still)
        if self.runner is not None:
            runner = self.runner.act(self.crosses.observe())
        for k, name in enumerate(self.agents):
            if name != "runner":
                self._intend(k, checked[name])
        rewards, over = self.crosses.step(runner)
        return {name: self._paid(rewards, k) for k, name in enumerate(self.agents)}, over

    def roles(self) -> npt.NDArray[np.int64]:
        """The role of every agent in each cross, an index into `record.ROLES`, (n, agents); -1: it takes no part."""
        roles: npt.NDArray[np.int64] = np.where(self.present, self._worlds["players"]["role"][:, self.players], -1)
        return roles

    @property
    def over(self) -> Mask:
        """Whether each cross is over, (n,)."""
        over: Mask = self._worlds["phase"] == OVER
        return over

    @property
    def _worlds(self) -> npt.NDArray[Any]:
        return self.crosses.worlds.view(np.ndarray)

    def _intend(self, k: int, actions: Floats) -> None:
        """Set the intents of the k-th agent."""
        worlds, numbers, player = self._worlds, self.crosses.parameters.view(np.ndarray), int(self.players[k])
        intend_batch(worlds, numbers, player, k, self.present, actions, self.correct_scripts, self._wing)

    def _paid(self, rewards: Floats, k: int) -> Floats:
        """The rewards (n,) of the k-th agent."""
        sign = 1.0 if self.players[k] < ATTACKERS else -1.0
        return np.where(self.present[:, k], sign * rewards, 0.0)

    def _checked(self, actions: Mapping[str, Any]) -> dict[str, npt.NDArray[np.float64]]:
        missing = [name for name in self.agents if name not in actions]
        unknown = [name for name in actions if name not in self.agents]
        if missing or unknown:
            wrong = f"{missing[0]} is missing" if missing else f"got one for {quoted(unknown[0])}"
            raise InvalidAction(f"actions must be given for {', '.join(self.agents)}; {wrong}")
        return {name: action.checked(action.CONTINUOUS, actions[name], self.crosses.count) for name in self.agents}
