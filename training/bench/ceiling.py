"""The ceiling: how much of what is possible an agent achieves, on the same crosses.

There are two references above the rules. The planner without foresight plans on what the runner can see, and no real
player has more; shares of the gap are measured from the best rule to the planner. The clairvoyant is the best run found
by knowing everything, luck included; its budget is doubled until that hardly helps any more, and the curve is
published. The best rule is chosen on other crosses (`best_rule`); everything here plays crosses with the label
"evaluate". Agents are fast and references slow, so agents play more crosses, and the references play the first of
these. What the references would be worth on all of them is estimated from their correlation with the agents
(`statistics.mean_of_few`).

Nothing is certified: no proof bounds what a run can be worth, and a number without one is not called a bound.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import numpy.typing as npt

from backpost.agents.base.identity import identity_of
from backpost.agents.base.play import Progress
from backpost.agents.planners.planner import Budget, Planner
from backpost.agents.registry import agent as by_name
from backpost.envs.common.errors import InvalidValue
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds

from . import statistics
from .ceiling_pieces import Piece, Task
from .ceiling_result import (
    SETTLED,
    Ceiling,
    ClairvoyantResult,
    MeasuredAgent,
    PlannerResult,
    Tries,
)
from .compare import best_rule, distinct_names, played_by
from .comparison import LEVEL
from .cores import on_cores
from .made_with import files_of
from .result_file import REPORTED, plain_options
from .statistics import Interval

PIECE = 25
"""Crosses in one piece of work, which is kept as soon as it is finished."""
FIRST_TRIES = 64
"""Action sequences that the clairvoyant first tries in each cross; each later step doubles the total."""
MOST_TRIES = 1024
FEWEST = 5
"""Fewest reference crosses from which the references' worth on all of the agents' crosses can be estimated."""
NOT_CERTIFIED = "not certified: no proof bounds what a run can bring; a better run than the best found may exist"

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Effort:
    """The references' effort: the planner's budget, and the clairvoyant's maximum number of tries in a cross."""

    planner: Budget = field(default_factory=Budget)
    tries: int = MOST_TRIES

    def __post_init__(self) -> None:
        """Refuse too few tries."""
        if self.tries < FIRST_TRIES:
            raise InvalidValue(f"the clairvoyant needs {FIRST_TRIES} tries or more, got {self.tries}")

    @property
    def doublings(self) -> int:
        """The maximum number of budgets that the clairvoyant goes through."""
        return int(np.log2(self.tries / FIRST_TRIES)) + 1


def ceiling(
    env: str,
    agents: Sequence[str],
    crosses: int = 2000,
    first_seed: int = 0,
    *,
    options: Options | None = None,
    out: str | Path | None = None,
    effort: Effort | None = None,
    rule: str | None = None,
    measured: int = 0,
    progress: Progress | None = None,
) -> Ceiling:
    """Play agents (names or policy files), the planner and the clairvoyant on the same crosses.

    Args:
        env: the environment.
        agents: the agents to measure; the best rule is added.
        crosses: number of crosses that the references play.
        first_seed: number of the first cross.
        options: options of the environment.
        out: folder that keeps every piece of work, so that a stopped run resumes; without it nothing is kept.
        effort: how hard the references search.
        rule: the best rule, if already known; otherwise it is chosen (`best_rule`).
        measured: crosses that the agents play, those of the references first; if not above `crosses`, only those.
        progress: called with the number of crosses played or searched.

    Raises:
        UnknownName: for an unknown environment or agent.
        InvalidFile: for a file that is not a policy, or a folder that cannot be written.
        InvalidValue: for too few crosses, an agent named twice, or options that a reference cannot play with.
    """
    least = FEWEST if measured > crosses else 2
    if crosses < least or first_seed < 0:
        raise InvalidValue(
            f"a ceiling needs at least {least} crosses and a first seed from 0, got {crosses} and {first_seed}"
        )
    effort = effort or Effort()
    names = _distinct(agents)
    best = rule or best_rule(env, options=options)
    names += [best] if best not in names else []
    seeds = episode_seeds(REPORTED, 0, first_seed, max(crosses, measured))
    called = distinct_names(names, env)
    task = Task(env, tuple(names), options, effort.planner, FIRST_TRIES)
    played, planned, curve = _played(task, seeds, crosses, effort, out, progress)
    rows, planner, clairvoyant = summary(called, names.index(best), 100 * played, 100 * planned, 100 * curve)
    return Ceiling(
        environment=env,
        options=plain_options(options),
        files=files_of(options),
        crosses=crosses,
        measured=len(seeds),
        first_seed=first_seed,
        label=REPORTED,
        ball="free",
        level=LEVEL,
        best_rule=best,
        who={label: identity_of(by_name(name, env)) for label, name in zip(called, names, strict=True)},
        planner_budget=effort.planner,
        certified=NOT_CERTIFIED,
        agents=rows,
        planner=planner,
        clairvoyant=clairvoyant,
    )


def crosses_to_play(agents: int, crosses: int, effort: Effort | None = None, measured: int = 0) -> int:
    """The maximum total reported to `progress`, given the number of requested agents."""
    references = 1 + (effort or Effort()).doublings
    return (agents + 1) * max(crosses, measured) + references * crosses


def _distinct(agents: Sequence[str]) -> list[str]:
    """The agents to measure: the planner is one of the references."""
    names = [name for name in agents if name != Planner.name]
    if len(set(names)) < len(names):
        raise InvalidValue(f"each agent must be named once, got {', '.join(names)}")
    return names


def _played(
    task: Task,
    seeds: npt.NDArray[np.uint64],
    crosses: int,
    effort: Effort,
    out: str | Path | None,
    progress: Progress | None,
) -> tuple[Array, Array, Array]:
    """XG of the agents on all seeds (a, N), of the planner (n,) and of the best run found (levels + 1, n)."""
    with TemporaryDirectory() if out is None else nullcontext(out) as folder:
        played, curve = _work(_pieces(task, seeds[:crosses], Path(folder)), effort, progress)
        worth = played[:-1]
        if len(seeds) > crosses:
            others = played_by(task.env, task.agents, seeds[crosses:], task.options, progress, keep=folder)
            worth = np.hstack([worth, [metrics["xg"] for metrics in others]])
    return worth, played[-1], curve


def _pieces(task: Task, seeds: npt.NDArray[np.uint64], folder: Path) -> list[Piece]:
    """The references' crosses, in pieces."""
    return [Piece(task, seeds[at : at + PIECE], folder) for at in range(0, len(seeds), PIECE)]


def _work(pieces: list[Piece], effort: Effort, progress: Progress | None) -> tuple[Array, Array]:
    """XG of the agents and then the planner (a + 1, n), and of the best run found by tries (levels + 1, n)."""
    played = np.concatenate(on_cores(partial(Piece.played, progress=progress), pieces), axis=1)
    curve = [played.max(axis=0)]
    for level in range(1, effort.doublings + 1):
        search = partial(Piece.searched, level=level, progress=progress)
        curve.append(np.concatenate(on_cores(search, pieces)))
        if 100 * float((curve[-1] - curve[-2]).mean()) < SETTLED:
            break
    return played, np.array(curve)


def summary(
    names: Sequence[str], best: int, played: Array, planner: Array, curve: Array
) -> tuple[tuple[MeasuredAgent, ...], PlannerResult, ClairvoyantResult]:
    """Summarise the agents, `played` (a, N), the planner (n,) and the best run found, `curve` (levels + 1, n).

    `best` is the index of the best rule among the agents; everything is xG per 100 crosses, and means are over N.
    """
    rule, best_run, crosses = played[best], curve[-1], len(planner)
    gains = np.diff(curve.mean(axis=1))

    def over_all(values: Array) -> Interval:
        return statistics.mean_of_few(values, played[sorted({0, best})], LEVEL)

    def closed(agent: int, reference: Array) -> Interval | None:
        return None if agent == best else statistics.share_of_gap(played[agent], rule, reference, LEVEL)

    agents = tuple(
        MeasuredAgent(name, statistics.mean_interval(played[i], LEVEL), closed(i, planner), closed(i, best_run))
        for i, name in enumerate(names)
    )
    tries = [0, *(FIRST_TRIES * 2**doublings for doublings in range(len(curve) - 1))]
    clairvoyant = ClairvoyantResult(
        xg=over_all(best_run),
        over_planner=over_all(best_run - planner),
        below_an_agent=int((best_run < np.maximum(played[:, :crosses].max(axis=0), planner)).sum()),
        settled=bool(gains[-1] < SETTLED),
        curve=tuple(Tries(count, float(worth.mean())) for count, worth in zip(tries, curve, strict=True)),
    )
    return agents, PlannerResult(over_all(planner), over_all(planner - rule[:crosses])), clairvoyant
