"""The planner without foresight: a fair competitor that has learned nothing.

At the opening, and every few decisions from the crosser's look on, it samples futures of the cross that it sees
(`future.py` says what is known and what is resampled), plays a number of runs on the same futures, and follows the run
with the highest mean xG until it plans again. Poor runs are dropped early (sequential halving, Karnin et al. 2013). The
current run stays among the candidates to the end, so it is replaced only by a run that is better on the same futures.
The candidates are runs that coaches teach, and variations of these and of the current run.

It cannot see the episode's seed, the delivery before it is struck, or any luck: with other values in those fields its
actions are the same, bit for bit. Its own draws are a function of its seed and its observation, so that a cross does
not depend on the batch it is played in.
"""

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.agents.base.agent import Actions, Observations, Seeds
from backpost.agents.base.movement import look_wide
from backpost.agents.base.view import CUES, STRIKE_AFTER, Mask, View, sees_play, wing
from backpost.envs.common.errors import InvalidValue
from backpost.envs.common.stopping import check_running
from backpost.envs.crosses import Crosses
from backpost.envs.world.parameters import parameters
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import CARRY, CROSS, NEVER, OVER, SWING, new_worlds

from .future import as_seen, imagine_all, strike_range
from .memory import remember
from .run import (
    HIGH,
    LATER,
    LOW,
    MARGIN,
    MEETS,
    NUMBERS,
    OPEN,
    START,
    WAIT_X,
    WAIT_Y,
    Array,
    X,
    Y,
    play_runs,
    run_actions,
)

SHAPES = np.array(
    [
        (13.0, 3.0, -0.7, 5.0, 5.0),
        (5.0, 5.0, -9.0, 5.0, 5.0),
        (13.0, 3.0, 0.2, 5.0, 5.0),
        (13.0, 3.0, -0.5, 5.0, -3.0),
        (10.5, 0.0, 0.1, 5.0, 2.0),
    ]
)
"""Runs that coaches teach: holding place and target (metres from the goal line and beyond the centre, far side
positive), and between the two the start of the run, s from the strike."""
CHECK_BACK_TIME = float(parameters().check_back_time[0])
"""Delay of the strike by a check-back, as a player knows from experience, s."""
SPREAD = np.array([2.0, 2.0, 0.25, 2.0, 2.0, 0.1, 0.1, 0.3, 0.3])
"""Standard deviation of variations of a run, in the units of `NUMBERS`."""


@dataclass(frozen=True)
class Budget:
    """The planner's budget.

    Attributes:
        every: decisions between two plans, from the crosser's look until the cross is touched; as soon as it is struck,
            the planner plans again.
        rounds: (runs, futures) of each round: the number of runs, and the number of further futures they are played on.
        after: s of second balls that a future continues after the first contact.
        others: weight of team-mates' expected goals relative to the runner's own. His run does not change most of them,
            so they are mostly noise in the choice between two runs.
    """

    every: int = 6
    rounds: tuple[tuple[int, int], ...] = ((32, 12), (12, 24), (4, 64))
    after: float = 1.5
    others: float = 0.5

    def __post_init__(self) -> None:
        """Reject a budget that cannot be played."""
        runs = [count for count, _ in self.rounds]
        if self.every < 1 or not runs or min(runs) < 2 or sorted(runs, reverse=True) != runs:
            raise InvalidValue(f"a budget needs every >= 1 and rounds with ever fewer runs, 2 at least, got {self}")
        if min(futures for _, futures in self.rounds) < 1 or self.after < 0.0:
            raise InvalidValue(f"a budget needs one future a round or more, and after >= 0, got {self}")


class Planner:
    """Plans on futures that are sampled from what the runner can see; needs `attend` before `reset`.

    Args:
        budget: the planning budget.
        seed: seed of its own draws.
    """

    name = "planner"
    description = "plans the run on futures sampled from what the runner sees, without foresight or learning"

    def __init__(self, budget: Budget | None = None, seed: int = 0) -> None:
        self.budget = budget or Budget()
        self.seed = seed
        self._crosses: Crosses | None = None
        self._runs: Array = np.zeros((0, len(NUMBERS)))
        self._due: npt.NDArray[np.int64] = np.zeros(0, np.int64)

    def attend(self, crosses: Crosses) -> None:
        """Observe these crosses from now on.

        Raises:
            InvalidValue: if actions are not continuous.
        """
        options = crosses.options
        if options.action_type != "continuous":
            raise InvalidValue(f"the planner needs action_type 'continuous', got {options.action_type!r}")
        self._cone = int(options.vision == "cone")
        self._crosses = crosses
        self._worlds = crosses.worlds.view(np.ndarray)
        # After the strike, the ball of a future flies and bends as the runner sees it.
        self._numbers = crosses.parameters.view(np.ndarray), as_seen(crosses.parameters).view(np.ndarray)
        self._known = new_worlds(crosses.count).view(np.ndarray)
        self._views = new_worlds(crosses.count).view(np.ndarray)
        self._futures = new_worlds(max(futures for _, futures in self.budget.rounds)).view(np.ndarray)
        self._world = new_worlds(1).view(np.ndarray)

    def identity(self) -> dict[str, Any]:
        """The budget, and the seed of its draws."""
        return {"planner": self.budget, "seed": self.seed}

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses."""
        self._runs = np.zeros((len(seeds), len(NUMBERS)))
        self._due = np.zeros(len(seeds), np.int64)
        self._struck = np.zeros(len(seeds), bool)
        self._found = np.zeros(len(seeds), bool)
        self._known["players"]["present"] = 0

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Open new crosses in some rows."""
        self._runs[which] = 0.0
        self._due[which] = 0
        self._found[which] = False
        self._known["players"]["present"][which] = 0

    def act(self, observations: Observations) -> Actions:
        """Actions (n, 4) for observations (n, SIZE) of the crosses passed to `attend`.

        Raises:
            InvalidValue: if it was not shown the crosses, or their number differs.
        """
        if self._crosses is None or self._crosses.count != len(observations):
            raise InvalidValue("the planner must be shown the crosses by attend() before it acts on them")
        phase = self._worlds["phase"]
        playing = np.flatnonzero(phase != OVER)
        remember(self._worlds, playing, self._cone, self._numbers[0], self._known, self._world)
        # Before the runner has seen crosser or ball, he looks for them.
        self._found |= sees_play(observations)
        struck = phase > SWING
        self._due[struck & ~self._struck] = 0
        self._struck = struck
        # While the ball is only carried, there is no new information to replan on.
        looks = (phase > CARRY) | (self._runs[:, X] == 0.0)
        for i in np.flatnonzero((self._due <= 0) & looks & (phase <= CROSS) & self._found):
            self._think(int(i), zlib.crc32(observations[i].tobytes()))
            self._due[i] = self.budget.every
        self._due -= 1
        imagine_all(self._known, playing, np.zeros(len(playing), np.uint64), *self._numbers, self._views)
        chosen = np.empty((len(playing), 4))
        run_actions(self._views, self._runs[playing], chosen)
        actions = np.zeros((len(observations), 4))
        actions[playing] = chosen
        actions[:, 1::2] *= self._crosses.sides()[:, None]
        lost = observations[~self._found]
        actions[~self._found] = look_wide(View(lost, wing(lost)))
        return actions.astype(np.float32)

    def _think(self, i: int, seen: int) -> None:
        """Choose a new run for cross i; `seen` is a digest of the observation."""
        check_running()
        random = np.random.default_rng([self.seed, seen])
        world = self._known[i]
        new = bool(self._runs[i, X] == 0.0)
        runs = proposals(world, None if new else self._runs[i], self.budget.rounds[0][0], random)
        totals, played = np.zeros(len(runs)), 0
        left = np.arange(len(runs))
        for count, futures in self.budget.rounds:
            if played:
                ranked = left[np.argsort(-totals[left], kind="stable")][:count]
                left = ranked if 0 in ranked else np.append(ranked[:-1], 0)
            totals[left] += self._xg(i, runs[left], futures, random)
            played += futures
        self._runs[i] = runs[left[np.argmax(totals[left])]]

    def _xg(self, i: int, runs: Array, count: int, random: np.random.Generator) -> Array:
        """Total xG of runs (c, numbers) over `count` common futures of cross i, (c,)."""
        seeds = random.integers(0, 2**63, count, dtype=np.uint64)
        futures = self._futures[:count]
        imagine_all(self._known, np.full(count, i), seeds, *self._numbers, futures)
        values = np.zeros((len(runs), count))
        numbers = self._numbers[int(self._known["phase"][i] > SWING)]
        play_runs(futures, runs, numbers, self.budget.after, self.budget.others, self._world, values)
        sums: Array = values.sum(axis=1)
        return sums


def proposals(world: Any, current: Array | None, count: int, random: np.random.Generator) -> Array:
    """Candidate runs (count, numbers) in this world: the current one, those that coaches teach, variations of both."""
    struck = bool(world["phase"] > SWING)
    taught = shapes(world)
    candidates = taught if current is None else np.concatenate([current[None], taught])
    runs = candidates[random.integers(len(candidates), size=count)]
    if current is not None:
        runs[: count // 2] = current
    runs += (random.random(runs.shape) < 0.5) * random.normal(0.0, SPREAD, runs.shape)
    runs[:, LATER] = np.where(random.random(count) < 0.5, runs[:, LATER], random.uniform(0.0, 0.4, count))
    runs[random.random(count) < (0.3 if struck else 0.1), MEETS] = NEVER
    # Known runs come first, unchanged, led by the current run; after the strike only that one.
    head = candidates[:1] if struck and current is not None else candidates[:count]
    runs[: len(head)] = head
    clipped: Array = np.clip(runs, LOW, HIGH)
    return clipped


def shapes(world: Any) -> Array:
    """The runs of `SHAPES` in this world, (s, numbers)."""
    runs = np.zeros((len(SHAPES), len(NUMBERS)))
    runs[:, WAIT_X], runs[:, WAIT_Y] = HALF_LENGTH - SHAPES[:, 0], SHAPES[:, 1]
    strike = float(world["delivery"]["strike_at"])
    if world["phase"] == CARRY and world["script_length"] == 0:
        strike = sum(strike_range(world, STRIKE_AFTER[CUES[0]], CHECK_BACK_TIME)) / 2.0  # no better estimate exists yet
    runs[:, START] = np.maximum(strike + SHAPES[:, 2], 0.0)
    runs[:, X], runs[:, Y] = HALF_LENGTH - SHAPES[:, 3], SHAPES[:, 4]
    runs[:, LATER], runs[:, OPEN], runs[:, MARGIN] = 0.05, 0.5, 0.3
    return runs
