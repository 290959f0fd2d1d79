"""The runners that the guide's claims compare: the tuned rules, and variants that differ in a single aspect."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from backpost.agents.base.agent import Actions, Agent, Observations, Seeds
from backpost.agents.base.view import CUES, STRIKE_AFTER, Array, Mask, View, at
from backpost.agents.registry import agent
from backpost.agents.rules.early_back_post import EarlyBackPost
from backpost.agents.rules.flight_reader import FlightReader
from backpost.envs.interface import observation

CALLS = tuple(observation.index(cue) for cue in CUES)
"""Entries that are set while the crosser looks up, plants and swings: the last second before the strike."""


class OneTarget(FlightReader):
    """The flight reader without the switch: a ball that drops short does not change the target."""

    def adjust(self, view: View, target: Array) -> Array:
        """The back post, whatever the flight."""
        return target


class BodyReader(FlightReader):
    """The flight reader, starting as the crosser plants his foot, towards the post that the hips suggest.

    The foot says when, the hips say where. With the hips hidden, the runner starts at the same moment to the back post,
    so the value of the hips is not confounded with that of an early start.
    """

    def trigger(self, view: View) -> Mask:
        """When the crosser plants his foot."""
        return view.clock >= -STRIKE_AFTER["plant"]

    def target(self, view: View) -> Array:
        """The back post, unless the crosser's body suggests that the ball will come down short of it."""
        far = super().target(view)
        near = at(self.numbers.near_depth, self.numbers.near_width, len(far))
        short = (view["hips_shown"] > 0.0) & (view.place[:, 1] + view.hips[:, 1] < self.numbers.short)
        return np.where(short[:, None], near, far)


class BlindRun(OneTarget):
    """The same start, ignoring body and flight: the runner takes what comes to the back post."""

    def trigger(self, view: View) -> Mask:
        """When the crosser plants his foot."""
        return view.clock >= -STRIKE_AFTER["plant"]

    def goes_for_the_ball(self, view: View) -> Mask:
        """Never."""
        return np.zeros(len(view.place), bool)


class Facing:
    """An agent's run with a different facing: where the runner is going, or towards the ball all the way."""

    def __init__(self, agent: Agent, to_ball: bool) -> None:
        self._agent = agent
        self._to_ball = to_ball
        self.name = f"{agent.name}, facing {'the ball' if to_ball else 'where he runs'}"
        self.description = agent.description

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses."""
        self._agent.reset(seeds)

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Open new crosses in some rows."""
        self._agent.restart(which, seeds)

    def act(self, observations: Observations) -> Actions:
        """The same wanted velocities (n, 4) with this facing."""
        actions = self._agent.act(observations)
        for k, axis in enumerate("xy"):
            actions[:, 2 + k] = observation.read(observations, f"ball_{axis}") if self._to_ball else 0.0
        if self._to_ball:
            away = np.sqrt(actions[:, 2] ** 2 + actions[:, 3] ** 2)
            actions[:, 2:] /= np.maximum(away, 1e-6)[:, None]
        return actions


class Calling:
    """An agent's run with a call for the ball from the crosser's look to the strike; actions (n, 5)."""

    def __init__(self, agent: Agent) -> None:
        self._agent = agent
        self.name = f"{agent.name}, calling"
        self.description = f"{agent.description}, and calls for the ball before the strike"

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses."""
        self._agent.reset(seeds)

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Open new crosses in some rows."""
        self._agent.restart(which, seeds)

    def act(self, observations: Observations) -> Actions:
        """The same actions with the call as a fifth component, (n, 5)."""
        calls = observations[:, CALLS].max(axis=1, keepdims=True)
        return np.concatenate([self._agent.act(observations), calls], axis=1)


def _opened(open_to: float) -> Callable[[str], Agent]:
    """The early run with the body open to the ball (0) or the goal (1) as the runner meets the ball."""

    def made(env: str) -> Agent:
        rule = EarlyBackPost(scenario=env)
        rule.numbers = replace(rule.numbers, open=open_to)
        return rule

    return made


VARIANTS: dict[str, Callable[[str], Agent]] = {
    "flight-reader, one target": lambda env: OneTarget(scenario=env),
    "body-and-flight-reader": lambda env: BodyReader(scenario=env),
    "blind run": lambda env: BlindRun(scenario=env),
    "early-back-post, open to the ball": _opened(0.0),
    "early-back-post, open to the goal": _opened(1.0),
    "early-back-post, facing where he runs": lambda env: Facing(EarlyBackPost(scenario=env), to_ball=False),
    "early-back-post, facing the ball": lambda env: Facing(EarlyBackPost(scenario=env), to_ball=True),
    "early-back-post, calling": lambda env: Calling(EarlyBackPost(scenario=env)),
}
"""The variants by name: functions of the scenario whose tuned numbers they use."""


def runner(name: str, env: str) -> Agent:
    """A variant, or any agent in the registry.

    Raises:
        UnknownName: if it is neither.
    """
    return VARIANTS[name](env) if name in VARIANTS else agent(name, env)
