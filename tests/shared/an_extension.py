"""What a researcher's own module looks like: importing it registers a scenario, a reward, agents and parameters."""

from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.agents import register_agent, register_rule
from backpost.agents.base.view import Array, Mask, View, at
from backpost.agents.rules.rule import Rule
from backpost.envs import PATTERN_OPTIONS, kernel, register_parameters, register_reward, register_scenario
from backpost.envs.scenarios.deal import Attacker, deal_attacker, deal_keeper, deal_marker, draw_pattern, open_cross
from backpost.envs.scenarios.open_play import DEEP, WIDE, deal_presser, deal_winger
from backpost.envs.world.chance import WORLD, Draw, uniform
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import DECISION_TIME, KEEPER, NOBODY, RUNNER

STARTS = ("wide", "deep")
SIDE = Draw(1000, 0, 0, 1, 1, 0, 1, 1)
"""Luck of our own: from where the cross comes."""
ALONE = Attacker(RUNNER, (0.5, 4.0), (0.0, 6.0), 47.0, (4.0, 6.0), (-1.0, 0.0))
SHADOW = KEEPER + 2
GUARDED_X, GUARDED_Y = HALF_LENGTH - 5.5, 5.0
"""m: where the scripted defender stands."""


@kernel
def deal_duel(world: Any, p: Any) -> None:
    """A cross to one attacker against a presser, a marker and the keeper."""
    start = world.variant
    if start == NOBODY:
        start = 0 if uniform(world.seed, SIDE, WORLD, 0) < 0.5 else 1
    draw_pattern(world, 10.0, 14.0, 2, 2, p)
    deal_winger(world, WIDE if start == 0 else DEEP, 4.0, p)
    deal_attacker(world, HALF_LENGTH - world.pattern.line_height, ALONE, p)
    deal_keeper(world, p)
    deal_presser(world, p)
    deal_marker(world, SHADOW, RUNNER, p)
    open_cross(world, p)


def guard_the_back_post(worlds: Any, player: int) -> npt.NDArray[np.float64]:
    """A scripted defender who goes to one place and stays there, looking at the ball."""
    me, ball = worlds["players"][:, player], worlds["ball"]
    offset = np.stack([GUARDED_X - me["x"], GUARDED_Y - me["y"]], axis=1)
    look = np.stack([ball["x"] - me["x"], ball["y"] - me["y"]], axis=1)
    return np.concatenate([offset / 3.0, look], axis=1)


def economical(worlds: Any) -> Any:
    """Expected goals, less a little for every metre that the runner covers."""
    runner = worlds["players"][:, RUNNER]
    return worlds["xg_now"] - 1e-4 * DECISION_TIME * np.hypot(runner["vx"], runner["vy"])


def nearness(worlds: Any) -> Any:
    """A potential: how near the runner is to the back post."""
    runner = worlds["players"][:, RUNNER]
    return 0.01 * np.exp(-np.hypot(runner["x"] - GUARDED_X, runner["y"] - GUARDED_Y) / 10.0)


class Straight:
    """Sprints straight at the goal line."""

    name, description = "straight", "sprints straight at the goal line"

    def reset(self, seeds: Any) -> None:
        """Nothing to open."""

    def restart(self, which: Any, seeds: Any) -> None:
        """Nothing to open."""

    def act(self, observations: Any) -> npt.NDArray[np.float32]:
        """Always the same."""
        return np.tile(np.array([1.0, 0.0, 0.0, 0.0], np.float32), (len(observations), 1))

    def identity(self) -> dict[str, Any]:
        """There is only one of them."""
        return {"version": 1}


class SpotAtTheStrike(Rule):
    """Waits, and goes to the penalty spot when the ball is struck."""

    name = "spot-at-the-strike"
    description = "waits, and goes to the penalty spot when the ball is struck"
    source = "a test"

    def trigger(self, view: View) -> Mask:
        """At the strike."""
        return view.after_strike

    def target(self, view: View) -> Array:
        """The penalty spot."""
        return at(11.0, 0.0, len(view.place))

    def hold(self, view: View) -> Array:
        """At the far corner of the box."""
        return at(15.0, 8.0, len(view.place))


register_scenario(
    "mylab/Duel-v3", deal_duel, description="one against two", options=PATTERN_OPTIONS, starts=STARTS, version="1"
)
register_scenario(
    "mylab/Guarded-v0",
    deal_duel,
    description="one against two, one of whom is a script",
    scripts={SHADOW: guard_the_back_post},
)
register_reward("economical", economical, description="xg, less 0.01 per 100 m covered")
register_reward("drawn-to-the-post", economical, potential=nearness, description="the same, shaped")
register_parameters(
    "quick-markers", {"defender_speed": 8.6, "reaction": 0.21, "marker_gap": 0.5}, description="fast and alert markers"
)
register_agent(Straight.name, lambda scenario: Straight(), description=Straight.description)
register_rule(SpotAtTheStrike)
