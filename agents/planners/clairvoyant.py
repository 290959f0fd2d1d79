"""The clairvoyant: the best run found with full knowledge of the delivery and of all luck.

It plays the same record forward with many sequences of actions and keeps the best by the team's xG, the number that is
reported for every agent. It starts from the recorded actions of every agent, so it is never below any of them on any
cross. Its lead measures the value of perfect information; it is not a bound, because a better run may exist.

New sequences are variations of the best so far: a different movement for a while, a different run from some moment on,
or a rendezvous with the ball at a point of its known flight.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.agents.base.agent import Agent, Seeds
from backpost.agents.base.play import attend
from backpost.envs.common.errors import InvalidValue
from backpost.envs.common.stopping import check_running
from backpost.envs.crosses import Crosses
from backpost.envs.interface.options import Options
from backpost.envs.world.compile import entry, kernel
from backpost.envs.world.record import OVER, RUNNER, SWING, new_worlds

from .run import HIGH, LOW, NUMBERS, OPEN, START, Array, X, Y, advance, meet_at, open_body, run_action

LENGTH = 400
"""Length of a sequence in decisions: more than any cross lasts, including a slow shot that is played to its end."""
ELITE = 3
"""Number of best sequences per cross from which new ones are made."""
CHOICE = np.array([0.6, 0.25, 0.15])
"""Probability of choosing each of them, the best first."""
GENERATION = 16
"""Sequences that are made before the best are updated."""
REACHABLE = 2.8
"""Greatest height of the ball for a rendezvous, m."""
OPEN_TIME = 0.4
"""Time before a rendezvous at which the runner opens his body, s."""
KEEP, RUN, MEET = range(3)
"""What a plan does after its changed movement: the parent's actions, another run, or a rendezvous then another run."""

plan_type = np.dtype(
    [
        ("start", "i8"),  # first decision that differs
        ("stop", "i8"),  # decision at which the change of movement ends
        ("change", "f8", (4,)),  # added to the actions between start and stop
        ("then", "i8"),  # KEEP, RUN or MEET
        ("when", "f8"),  # s from the start of the episode: the rendezvous
        ("run", "f8", (len(NUMBERS),)),
    ],
    align=True,
)
"""How a new sequence differs from its parent."""

Sequences = npt.NDArray[np.float32]
"""Actions (..., LENGTH, 4) in the world frame; zeros after the end."""
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Found:
    """The best sequences of n crosses, the best first: actions (n, ELITE, LENGTH, 4) and their xG (n, ELITE)."""

    actions: Sequences
    xg: Array

    @classmethod
    def among(cls, actions: Sequences, xg: Array) -> "Found":
        """The best recorded sequences of actions (a, n, LENGTH, 4) and xG (a, n); fewer than `ELITE` are repeated."""
        order = np.argsort(-xg, axis=0, kind="stable")[np.arange(ELITE) % len(xg)]
        order[len(xg) :] = order[0]
        n = np.arange(xg.shape[1])
        return cls(
            np.stack([actions[row, n] for row in order], axis=1), np.stack([xg[row, n] for row in order], axis=1)
        )


def recorded(
    agent: Agent, scenario: str, seeds: Seeds, options: Options | None = None
) -> tuple[Sequences, np.recarray]:
    """An agent's actions (n, LENGTH, 4) on these crosses (n,), and the final records (n,).

    Raises:
        UnknownName: for an unknown scenario.
        InvalidValue: if the actions are not continuous.
    """
    crosses = _crosses(scenario, len(seeds), options)
    actions = np.zeros((len(seeds), LENGTH, 4), np.float32)
    attend(agent, crosses)
    agent.reset(seeds)
    crosses.deal(seeds)
    n = 0
    playing = np.ones(len(seeds), bool)
    while playing.any():
        check_running()
        chosen = agent.act(crosses.observe())
        actions[playing, n] = chosen[playing]
        playing = ~crosses.step(chosen)[1]
        n += 1
    actions[:, :, 1::2] *= crosses.sides()[:, None, None].astype(np.float32)
    return actions, crosses.snapshot()


def replayed(actions: Sequences, scenario: str, seeds: Seeds, options: Options | None = None) -> np.recarray:
    """The final records (n,) of these crosses, replayed with actions (n, LENGTH, 4)."""
    crosses = _crosses(scenario, len(seeds), options)
    crosses.deal(seeds)
    mirror = np.ones((len(seeds), 4), np.float32)
    mirror[:, 1::2] = crosses.sides()[:, None]
    n, done = 0, np.zeros(len(seeds), bool)
    while not done.all():
        done = crosses.step(mirror * actions[:, n])[1]
        n += 1
    return crosses.snapshot()


def improved(
    search: Found,
    scenario: str,
    seeds: Seeds,
    tries: int,
    level: int = 0,
    options: Options | None = None,
    progress: Progress | None = None,
) -> Found:
    """Better sequences, after `tries` tries per cross; a second call needs another `level` to make different tries.

    The result for a cross does not depend on which crosses are searched together. Raises as `recorded` does.
    """
    crosses = _crosses(scenario, len(seeds), options)
    crosses.deal(seeds)
    openings, numbers = crosses.worlds.view(np.ndarray), crosses.parameters.view(np.ndarray)
    actions, xg = search.actions.copy(), search.xg.copy()
    trail = new_worlds(LENGTH + 1).view(np.ndarray)
    for i in range(len(seeds)):
        random = np.random.default_rng([level, int(seeds[i])])
        for _ in range(-(-tries // GENERATION)):
            check_running()
            parent = int(random.choice(ELITE, p=CHOICE))
            ended = follow(openings[i : i + 1], actions[i, parent], numbers, trail)
            plans = _plans(trail[: ended + 1], GENERATION, random)
            made = np.zeros((GENERATION, LENGTH, 4), np.float32)
            values = np.zeros(GENERATION)
            play_plans(trail, actions[i, parent], ended, plans, numbers, made, values)
            _keep_best(actions[i], xg[i], made, values)
        if progress is not None:
            progress(1)
    return Found(actions, xg)


def _crosses(scenario: str, count: int, options: Options | None) -> Crosses:
    crosses = Crosses(scenario, count, options=options)
    if crosses.options.action_type != "continuous":
        raise InvalidValue(f"the clairvoyant needs action_type 'continuous', got {crosses.options.action_type!r}")
    if crosses.scenario.scripts:
        raise InvalidValue(
            f"the clairvoyant plays records on without the scripts of {crosses.scenario.name}, so a scenario with "
            "scripts has no ceiling"
        )
    return crosses


def _keep_best(actions: Sequences, xg: Array, made: Sequences, values: Array) -> None:
    """Insert new sequences that are better than the last of the best, in order; ties change nothing."""
    for c in np.argsort(-values, kind="stable")[:ELITE]:
        if values[c] <= xg[-1] or values[c] in xg:
            continue
        at = int(np.searchsorted(-xg, -values[c]))
        actions[at + 1 :], xg[at + 1 :] = actions[at:-1].copy(), xg[at:-1].copy()
        actions[at], xg[at] = made[c], values[c]


def _plans(trail: npt.NDArray[Any], count: int, random: np.random.Generator) -> npt.NDArray[np.void]:
    """`count` random plans that vary the sequence whose records (t + 1,) are `trail`."""
    plans = np.zeros(count, plan_type)
    last = len(trail) - 1
    plans["start"] = random.integers(0, last, count)
    plans["start"][random.random(count) < 0.2] = 0
    then = random.choice(3, count, p=(0.4, 0.25, 0.35))
    lasting = np.where(then == KEEP, random.integers(1, 16, count), 0)
    plans["stop"] = plans["start"] + lasting
    plans["change"][:, :2] = random.normal(0.0, 0.6, (count, 2))
    plans["change"][:, 2:] = random.normal(0.0, 0.8, (count, 2)) * (random.random((count, 1)) < 0.4)
    plans["run"] = random.uniform(LOW, np.where(HIGH > 90.0, 1.0, HIGH), (count, len(NUMBERS)))
    plans["run"][:, START] = trail["time"][plans["start"]] * (random.random(count) < 0.7)
    ball = trail["ball"]
    near = np.flatnonzero((trail["phase"] > SWING) & (ball["z"] < REACHABLE) & (ball["x"] > 30.0))
    if len(near):
        there = near[random.integers(0, len(near), count)]
        plans["when"] = trail["time"][there] + random.normal(0.0, 0.1, count)
        spread = random.choice([0.1, 0.4, 1.0], (count, 1))
        place = np.stack([ball["x"], ball["y"]], axis=1)[there] + spread * random.normal(0.0, 1.0, (count, 2))
        meets = then == MEET
        plans["run"][meets, X], plans["run"][meets, Y] = place[meets, 0], place[meets, 1]
        latest = np.maximum(there - 2, 1)
        plans["start"][meets] = (random.random(count) * latest)[meets].astype(np.int64)
        plans["stop"][meets] = plans["start"][meets]
    else:
        then[then == MEET] = RUN
    plans["then"] = then
    return plans


@entry
def follow(opening: Any, actions: Any, parameters: Any, trail: Any) -> Any:
    """Play a sequence (LENGTH, 4) from this opening (1,), writing the records to `trail`; return how many decisions."""
    row = np.zeros(4)
    trail[0] = opening[0]
    n = 0
    while n < LENGTH and trail[n].phase != OVER:
        trail[n + 1] = trail[n]
        for k in range(4):
            row[k] = actions[n, k]
        advance(trail[n + 1 : n + 2], row, parameters)
        n += 1
    return n


@entry
def play_plans(trail: Any, actions: Any, ended: Any, plans: Any, parameters: Any, made: Any, values: Any) -> None:
    """Play every plan (c,) on the records of `actions` (LENGTH, 4), writing actions to `made` and xG to `values`.

    The last record of `trail` is the scratch record for playing.
    """
    row = np.zeros(4)
    world = trail[LENGTH:]
    for c in range(len(plans)):
        plan = plans[c]
        n = min(plan.start, ended)
        made[c, :n] = actions[:n]
        world[0] = trail[n]
        while n < LENGTH and world[0].phase != OVER:
            if n < ended and (n < plan.stop or plan.then == KEEP):
                for k in range(4):
                    row[k] = actions[n, k] + (plan.change[k] if n < plan.stop else 0.0)
            elif plan.then == MEET and world[0].time < plan.when:
                rendezvous(world[0], plan, row)
            else:
                run_action(world[0], plan.run, row)
            # As an interface would receive them: a replay must reproduce the same bits.
            for k in range(4):
                made[c, n, k] = min(max(row[k], -1.0), 1.0)
                row[k] = made[c, n, k]
            advance(world, row, parameters)
            n += 1
        values[c] = world[0].xg


@kernel
def rendezvous(world: Any, plan: Any, action: Any) -> None:
    """Be at the run's target at the planned time, with the body open shortly before."""
    me, ball = world.players[RUNNER], world.ball
    left = plan.when - world.time
    meet_at(me, plan.run[X], plan.run[Y], left)
    if left < OPEN_TIME:
        open_body(me, ball, plan.run[OPEN])
    action[0], action[1], action[2], action[3] = me.intent.vx, me.intent.vy, me.intent.fx, me.intent.fy
