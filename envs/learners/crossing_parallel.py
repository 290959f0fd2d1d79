"""One cross in which several players learn, as a PettingZoo environment; needs `pip install "backpost[many]"`."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from gymnasium import spaces

from backpost.envs.common.errors import InvalidAction, ResetNeeded
from backpost.envs.common.extras import explained
from backpost.envs.crossing import TITLE
from backpost.envs.interface.rendering import RENDER_MODES, Screen
from backpost.envs.interface.request import valid_at_reset

from .many_crosses import ByAgent, Plays
from .many_vector import ManyCrossingVector

with explained():
    from pettingzoo import ParallelEnv


class CrossingParallelEnv(ParallelEnv):  # type: ignore[misc]  # PettingZoo publishes no types
    """Several players of one cross learn; everybody else follows a script.

    `possible_agents` are all whom `learners` names; `agents` are those of them who take part in this cross, until it
    ends for all of them at once. Attackers are paid the team's expected goals, defenders and the keeper their negative.
    The runner sees what `CrossingEnv` shows, the others `learners/view.py`; all act as there with "continuous". `info`
    of an agent holds its `player` in the record and its `role`, an index into `backpost.envs.world.record.ROLES`.

    Args:
        scenario, learners, runner, label, options: see `ManyCrossingVector`.
        render_mode: "human", "rgb_array" or None.

    Raises:
        InvalidValue: for an unknown render mode, learners or options.
        UnknownOption, UnknownName, InvalidFile: as `ManyCrossingVector`.
    """

    metadata = {"name": "backpost_crossing_v0", "render_modes": list(RENDER_MODES), "render_fps": 10}  # noqa: RUF012

    def __init__(
        self,
        scenario: str = "OpenPlay",
        learners: str | Iterable[str] = ("runner", "markers"),
        runner: Plays | None = None,
        render_mode: str | None = None,
        **options: Any,
    ) -> None:
        self._screen = Screen(render_mode, TITLE)
        self.vector = ManyCrossingVector(1, scenario, learners, runner, **options)
        self.render_mode = render_mode
        self.possible_agents = list(self.vector.agents)
        self.agents: list[str] = []

    def observation_space(self, agent: str) -> spaces.Space[Any]:
        """The space of what an agent sees; always the same object."""
        return self.vector.observation_spaces[agent]

    def action_space(self, agent: str) -> spaces.Space[Any]:
        """The space of an agent's action; always the same object."""
        return self.vector.action_spaces[agent]

    def reset(self, seed: int | None = None, options: Mapping[str, Any] | None = None) -> tuple[ByAgent, ByAgent]:
        """Start the first cross of stream `seed`, or the next one; returns observations and infos by agent.

        Options that it does not know are passed over: PettingZoo's own test of environments asks for that.

        Raises:
            InvalidValue: for invalid options, or if no learner takes part in the cross that was asked for.
            UnknownName: for an unknown parameter or set of parameters.
        """
        valid = valid_at_reset(self.vector.many.crosses.scenario.own)
        chosen = {name: value for name, value in (options or {}).items() if name in valid}
        observations = self.vector.reset(seed=seed, options=chosen)
        part = self.vector.take_part()[0]
        self.agents = [name for name, takes in zip(self.possible_agents, part, strict=True) if takes]
        self._screen.begin(self.vector.many.crosses.worlds)
        return {name: observations[name][0] for name in self.agents}, self._infos()

    def step(self, actions: Mapping[str, Any]) -> tuple[ByAgent, ByAgent, ByAgent, ByAgent, ByAgent]:
        """Play one decision; returns observations, rewards, terminations, truncations and infos by agent.

        Args:
            actions: one action (4,) for every agent in `agents`.

        Raises:
            InvalidAction: for missing or invalid actions; nothing has changed.
            ResetNeeded: before the first reset, and after the end of a cross.
        """
        if not self.agents:
            raise ResetNeeded("step")
        if set(actions) != set(self.agents):
            raise InvalidAction(f"actions must be given for {', '.join(self.agents)}, got {', '.join(actions)}")
        still = np.zeros((1, 4), np.float32)
        rewards, over = self.vector.many.step(
            {name: [actions[name]] if name in actions else still for name in self.possible_agents}
        )
        observations, infos, playing = self.vector.many.observe(), self._infos(), self.agents
        if over[0]:
            self.agents = []
        self._screen.go_on(self.vector.many.crosses.worlds)
        return (
            {name: observations[name][0] for name in playing},
            {name: float(rewards[name][0]) for name in playing},
            {name: bool(over[0]) for name in playing},
            dict.fromkeys(playing, False),
            infos,
        )

    def render(self) -> Any:
        """The picture, (height, width, 3), uint8, with render_mode "rgb_array".

        Raises:
            ResetNeeded: before the first reset.
        """
        return self._screen.picture()

    def close(self) -> None:
        """Close the window, if there is one; may be called more than once."""
        self._screen.close()

    def _infos(self) -> ByAgent:
        roles = dict(zip(self.possible_agents, self.vector.many.roles()[0].tolist(), strict=True))
        players = dict(zip(self.possible_agents, self.vector.many.players.tolist(), strict=True))
        return {name: {"player": players[name], "role": roles[name]} for name in self.agents}
