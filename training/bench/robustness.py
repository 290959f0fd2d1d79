"""Robustness: the same agents in worlds that they were not trained for, and with impaired senses.

Under every change, each agent and the rule that is best *under that change* play the same held-out crosses. The rule is
chosen on other crosses; rules keep the numbers tuned for the unchanged world, as policies keep their weights. The
result is the paired difference between the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar

from backpost.agents.base.agent import Agent
from backpost.agents.base.play import Progress, observer
from backpost.agents.handicaps.delayed import Delayed
from backpost.agents.handicaps.noise import Noisy
from backpost.agents.registry import agent as by_name
from backpost.agents.rules.registry import RULES
from backpost.envs.common.errors import InvalidValue
from backpost.envs.interface.options import Options
from backpost.envs.scenarios.registry import scenario
from backpost.envs.world.chance import episode_seeds

from . import statistics
from .compare import Wrap, best_rule, corrected, distinct_names, paired, played_by
from .comparison import LEVEL, ONE_SIDED, Rival
from .kept import Metrics
from .result_file import REPORTED, Result
from .statistics import Interval

SELECTED_ON = 2000
"""Crosses with the label "select" on which the best rule under a change is chosen."""
POSITION_ERROR = 0.3
"""m along each axis; between radio tracking at .23 m and video tracking at .56 m (Linke, Link & Lames 2018)."""


def later(agent: Agent) -> Agent:
    """The agent with 100 ms of extra reaction time."""
    return Delayed(agent, 1)


def noisy(agent: Agent) -> Agent:
    """The agent with errors in the positions that it observes."""
    return Noisy(agent, POSITION_ERROR)


@dataclass(frozen=True)
class Change:
    """One change: environment options, or a handicap of the agents; `outside` if it lies outside the training range."""

    name: str
    options: dict[str, Any] = field(default_factory=dict)
    wrap: Wrap | None = None
    outside: bool = True


AS_TRAINED = Change("as it is", outside=False)
CHANGES = (
    AS_TRAINED,
    Change("man marking only", {"marking": "man"}, outside=False),
    Change("zonal marking only", {"marking": "zonal"}, outside=False),
    Change("mixed marking only", {"marking": "mixed"}, outside=False),
    Change("deep line, 6 m", {"line_height": 6.0}),
    Change("high line, 19 m", {"line_height": 19.0}),
    Change("narrow defence, 0.6", {"compactness": 0.6}),
    Change("wide defence, 1.4", {"compactness": 1.4}),
    Change("5 defenders", {"defenders": 5}),
    Change("10 defenders", {"defenders": 10}),
    Change("keeper stays, 4 m", {"keeper_range": 4.0}),
    Change("keeper comes, 10 m", {"keeper_range": 10.0}),
    Change("easier, 0.5", {"difficulty": 0.5}),
    Change("easiest, 0", {"difficulty": 0.0}),
    Change("sees all round", {"vision": "full"}),
    Change("100 ms later", wrap=later),
    Change("places off by 0.3 m", wrap=noisy),
)
"""Each scenario uses the changes that it has options for. Training draws marking as in matches, line heights of 9 to
16.5 m by scenario, compactness .85 to 1.15, 2 to 9 defenders by scenario, keepers of 6.6 to 8 m, difficulty 1."""


@dataclass(frozen=True)
class Lead(Rival):
    """What an agent is worth under a change, and its paired lead over the best rule under it."""

    xg: Interval


@dataclass(frozen=True)
class ChangeResult:
    """One change.

    Attributes:
        change: name of the change.
        outside_training: whether it lies outside the training of every policy.
        best_rule: the best rule under this change, chosen on other crosses.
        best_rule_xg: what that rule is worth.
        agents: every agent's lead over it.
    """

    change: str
    outside_training: bool
    best_rule: str
    best_rule_xg: Interval
    agents: tuple[Lead, ...]


@dataclass(frozen=True)
class EnvironmentRobustness:
    """What `robustness` returns; values are per 100 crosses.

    Attributes:
        environment: the environment.
        crosses: number of crosses under each change.
        first_seed: number of the first cross.
        label: label of the crosses.
        level: simultaneous level of the intervals of all leads.
        one_sided: level of the one-sided bounds.
        names: names of the agents, in order.
        changes: the result of each change.
    """

    environment: str
    crosses: int
    first_seed: int
    label: str
    level: float
    one_sided: float
    names: tuple[str, ...]
    changes: tuple[ChangeResult, ...]


@dataclass(frozen=True)
class Robustness(Result):
    """The robustness in one or more environments."""

    command: ClassVar[str] = "robustness"

    environments: tuple[EnvironmentRobustness, ...]


def changes(env: str) -> list[Change]:
    """The changes that this environment has options for.

    Raises:
        UnknownName: for an unknown environment.
    """
    own, everywhere = set(scenario(env).own), {"difficulty", "vision"}
    return [change for change in CHANGES if set(change.options) <= everywhere | own]


def crosses_to_play(env: str, agents: int, crosses: int) -> int:
    """The total number of crosses that `robustness` plays."""
    return len(changes(env)) * ((agents + 1) * crosses + len(RULES) * SELECTED_ON)


def robustness(
    env: str,
    agents: Sequence[str],
    crosses: int = 20_000,
    first_seed: int = 0,
    *,
    keep: str | Path | None = None,
    progress: Progress | None = None,
) -> EnvironmentRobustness:
    """Every agent against the best rule under every change.

    Intervals are simultaneous over all changes and agents (Bonferroni), and p-values are corrected over them (Holm).

    Raises:
        UnknownName, InvalidFile: for an agent or environment that does not exist.
        InvalidValue: for no agent, one named twice, one that does not act on observations, or fewer than two crosses.
    """
    if not agents or len(set(agents)) < len(agents) or crosses < 2:
        raise InvalidValue(
            f"robustness needs agents, each named once, and 2 crosses or more, got {', '.join(agents) or 'none'} and "
            f"{crosses}"
        )
    for name in agents:
        observer(by_name(name, env))
    asked = changes(env)
    level = statistics.bonferroni(LEVEL, 2 * len(asked) * len(agents))
    seeds = episode_seeds(REPORTED, 0, first_seed, crosses)
    names = distinct_names(agents, env)
    rows = []
    for change in asked:
        options = Options(**change.options)
        rule = best_rule(env, SELECTED_ON, options, wrap=change.wrap, keep=keep, progress=progress)
        *played, base = played_by(env, [*agents, rule], seeds, options, progress, wrap=change.wrap, keep=keep)
        rows.append(_row(change, rule, base, dict(zip(names, played, strict=True)), level))
    leads = iter(corrected([lead for row in rows for lead in row.agents]))
    return EnvironmentRobustness(
        environment=env,
        crosses=crosses,
        first_seed=first_seed,
        label=REPORTED,
        level=LEVEL,
        one_sided=ONE_SIDED,
        names=tuple(names),
        changes=tuple(replace(row, agents=tuple(next(leads) for _ in row.agents)) for row in rows),
    )


def _row(change: Change, rule: str, base: Metrics, played: dict[str, Metrics], level: float) -> ChangeResult:
    """One change: what the best rule and each agent are worth, and the paired differences at this level."""

    def worth(crosses: Metrics) -> Interval:
        return statistics.mean_interval(100 * crosses["xg"], LEVEL)

    return ChangeResult(
        change=change.name,
        outside_training=change.outside,
        best_rule=rule,
        best_rule_xg=worth(base),
        agents=tuple(
            Lead(**vars(paired(crosses, base, name, level)), xg=worth(crosses)) for name, crosses in played.items()
        ),
    )


def table(result: EnvironmentRobustness) -> str:
    """The changes as text: what the best rule is worth under each, and every agent's lead over it."""
    lines = [
        f"{result.environment}: {result.crosses} crosses a change; xG per 100 crosses, and the lead over the "
        f"rule that is best under the change ({100 * result.level:g} % intervals that hold together)",
        f"{'':<22}{'best rule':<28}{'':>6}" + "".join(f"{name:>9}{'lead':>9}{'':>16}{'p':>9}" for name in result.names),
    ]
    for row in result.changes:
        cells = [
            f"{lead.xg.mean:>9.2f}{lead.xg_gain.mean:>+9.2f}  {lead.xg_gain.low:>+6.2f} ..{lead.xg_gain.high:>+6.2f}"
            f"{lead.xg_p_holm:>9.2g}"
            for lead in row.agents
        ]
        lines.append(f"{row.change:<22}{row.best_rule:<28}{row.best_rule_xg.mean:>6.2f}" + "".join(cells))
    for n, name in enumerate(result.names):
        ahead = sum(row.agents[n].xg_lower_bound > 0 for row in result.changes)
        lines.append(f"{name} is ahead of the best rule under {ahead} of {len(result.changes)} (one-sided 99 %)")
    return "\n".join(lines)
