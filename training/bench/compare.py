"""Compare agents on the same crosses: what each is worth, and which differences are more than luck.

The cross is the unit of analysis, and all agents play the same crosses. Their label is "evaluate", on which nothing is
tuned, trained or selected. Everything is free play: the crosser responds to the run he sees.
"""

import copy
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from backpost.agents.base.agent import Agent
from backpost.agents.base.identity import identity_of, needed_identity
from backpost.agents.base.play import Progress, play
from backpost.agents.registry import agent
from backpost.agents.rules.numbers import read_tuned
from backpost.agents.rules.registry import RULES
from backpost.envs.common.errors import InvalidValue
from backpost.envs.interface.options import Options
from backpost.envs.interface.outcome import ZONES, metrics
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import OUTCOMES

from . import statistics
from .comparison import ENDINGS, LEVEL, ONE_SIDED, AgainstFirst, AgentSummary, Comparison, Rival
from .cores import on_cores
from .events import FirstShots, events, write_events
from .kept import Kept, Metrics, Played, key
from .made_with import files_of
from .result_file import REPORTED, plain_options

CHUNK = 2500
"""Crosses in one piece of work; each worker holds only this many records at once."""

Wrap = Callable[[Agent], Agent]
"""Wraps an agent in a handicap."""
AnyRival = TypeVar("AnyRival", bound=Rival)


def compare(
    env: str,
    agents: Sequence[str | Agent],
    crosses: int = 20_000,
    first_seed: int = 0,
    *,
    options: Options | Mapping[str, Any] | None = None,
    label: str = REPORTED,
    keep: str | Path | None = None,
    events_path: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Play the same crosses with every agent (names, policy files or agents) and test the first against the others.

    With `keep`, finished crosses are kept in that folder, and the same comparison resumes where it was stopped. With
    `events_path`, a row for every cross and agent is written there (CSV; `events.event_type` tells the columns).
    Environment `options` may be given by name, as in {"difficulty": 0.5}.

    Raises:
        UnknownName: for an unknown environment or agent.
        InvalidFile: for a file that is not a policy, or events that cannot be written.
        InvalidValue: for fewer than one agent or two crosses, an agent named twice, something that is not an agent, an
            invalid option, or with `keep` an agent without an identity (`agents.identity`).
    """
    if not agents or len(set(agents)) < len(agents):
        raise InvalidValue(
            f"compare needs one agent or more, each named once, got {', '.join(map(str, agents)) or 'none'}"
        )
    if crosses < 2 or first_seed < 0:
        raise InvalidValue(f"compare needs at least 2 crosses and a first seed from 0, got {crosses} and {first_seed}")
    options = Options.of(**options) if isinstance(options, Mapping) else options
    names, seeds = distinct_names(agents, env), episode_seeds(label, 0, first_seed, crosses)
    pieces = played_in_full(env, agents, seeds, options, progress, keep=keep)
    played = [crosses.metrics for crosses in pieces]
    if events_path is not None:
        write_events(events_path, names, [crosses.events for crosses in pieces])
    return Comparison(
        environment=env,
        options=plain_options(options),
        files=files_of(options),
        crosses=crosses,
        first_seed=first_seed,
        label=label,
        ball="free",
        level=LEVEL,
        who={name: identity_of(made(who, env)) for name, who in zip(names, agents, strict=True)},
        agents=summaries(env, agents, names, played),
        against_first=against(played[0], played[1:], names[1:]),
    )


def summaries(
    env: str, agents: Sequence[str | Agent], names: Sequence[str], played: Sequence[Metrics]
) -> tuple[AgentSummary, ...]:
    """The summary of each agent under its name in tables."""
    return tuple(
        _summary(name, crosses, env, agent) for name, crosses, agent in zip(names, played, agents, strict=True)
    )


def best_rule(
    env: str,
    crosses: int = 4000,
    options: Options | None = None,
    *,
    wrap: Wrap | None = None,
    keep: str | Path | None = None,
    progress: Progress | None = None,
) -> str:
    """The coaching rule with the highest xG, chosen on crosses that are never reported.

    If the rules were tuned for this scenario, the evidence of the tuning decides: fresh crosses with the label "tune",
    the same for every rule. Otherwise they play `crosses` crosses with the label "select".
    """
    tuned = read_tuned()["scenarios"].get(env, {}).get("rules", {})
    if options in (None, Options()) and wrap is None and set(tuned) == set(RULES):
        if progress is not None:
            progress(len(RULES) * crosses)
        return max(RULES, key=lambda name: float(tuned[name]["evidence"]["xg_per_100"]))
    played = played_by(env, RULES, episode_seeds("select", 0, 0, crosses), options, progress, wrap=wrap, keep=keep)
    return RULES[int(np.argmax([rows["xg"].mean() for rows in played]))]


def played_by(
    env: str,
    agents: Sequence[str | Agent],
    seeds: npt.NDArray[np.uint64],
    options: Options | None = None,
    progress: Progress | None = None,
    *,
    wrap: Wrap | None = None,
    keep: str | Path | None = None,
) -> list[Metrics]:
    """The metrics (n,) of every agent on crosses with these seeds (n,), in the same order, on several cores.

    `wrap` handicaps all of them; `keep` is a folder that stores finished crosses for later calls.

    Raises:
        UnknownName, InvalidFile, InvalidValue: for an invalid agent, environment or option.
    """
    played = played_in_full(env, agents, seeds, options, progress, wrap=wrap, keep=keep)
    return [crosses.metrics for crosses in played]


def played_in_full(
    env: str,
    agents: Sequence[str | Agent],
    seeds: npt.NDArray[np.uint64],
    options: Options | None = None,
    progress: Progress | None = None,
    *,
    wrap: Wrap | None = None,
    keep: str | Path | None = None,
) -> list[Played]:
    """Like `played_by`, with the events of every agent beside the metrics."""
    kept = None if keep is None else Kept(keep)

    def player(who: str | Agent) -> Agent:
        return made(who, env) if wrap is None else wrap(made(who, env))

    def playing(runner: Agent, seeds: npt.NDArray[np.uint64]) -> Played:
        shots = FirstShots(len(seeds))
        final = play(runner, env, seeds, options=options, progress=progress, watch=shots)
        return Played(metrics(final), events(final, shots))

    def work(piece: tuple[str | Agent, npt.NDArray[np.uint64]]) -> Played:
        runner = player(piece[0])
        if kept is None:
            return playing(runner, piece[1])
        name = key(runner, env, options, piece[1])

        def played() -> Played:
            result = playing(runner, piece[1])
            if key(runner, env, options, piece[1]) != name:
                raise InvalidValue(
                    f"crosses of agent {runner.name} cannot be kept: what its identity() returns, or a file that the "
                    "options name, changed while it played"
                )
            return result

        crosses, was_there = kept.get(name, len(piece[1]), played)
        if was_there and progress is not None:
            progress(len(piece[1]))
        return crosses

    for who in agents:
        runner = player(who)
        if kept is not None:
            needed_identity(runner)
    pieces = [(name, seeds[at : at + CHUNK]) for name in agents for at in range(0, len(seeds), CHUNK)]
    done = on_cores(work, pieces)
    each = len(pieces) // len(agents)
    of_agents = [done[i * each : (i + 1) * each] for i in range(len(agents))]
    return [Played(*map(np.concatenate, zip(*some, strict=True))) for some in of_agents]


def against(first: Metrics, rivals: Sequence[Metrics], names: Sequence[str], family: int | None = None) -> AgainstFirst:
    """Paired tests of the first agent against each rival, on the same crosses.

    Intervals of xG and goals are simultaneous over all announced comparisons (Bonferroni), and p-values are corrected
    over the same family (Holm); `beats_every` is the intersection-union test on the uncorrected one-sided bounds.
    `family` is the total number of announced comparisons, if there are more than these.
    """
    if not rivals:
        return AgainstFirst((), beats_every=None, level=None)
    level = statistics.bonferroni(LEVEL, 2 * (family or len(rivals)))
    rows = [paired(first, rival, name, level) for rival, name in zip(rivals, names, strict=True)]
    gains = np.array([first["xg"] - rival["xg"] for rival in rivals])
    return AgainstFirst(tuple(corrected(rows)), statistics.beats_every(gains, ONE_SIDED), level)


def paired(first: Metrics, rival: Metrics, name: str, level: float) -> Rival:
    """One paired comparison, uncorrected; `corrected` allows for the others."""
    gain = 100 * (first["xg"] - rival["xg"])
    goals = 100.0 * ((first["goal"] > 0).astype(float) - (rival["goal"] > 0))
    xg_p, goals_p = statistics.mean_test(gain), statistics.mcnemar(first["goal"] > 0, rival["goal"] > 0)
    return Rival(
        name=name,
        xg_gain=statistics.mean_interval(gain, level),
        xg_lower_bound=statistics.lower_bound(gain, ONE_SIDED),
        xg_p=xg_p,
        goals_gain=statistics.mean_interval(goals, level),
        goals_p_mcnemar=goals_p,
        correlation=statistics.correlation(first["xg"], rival["xg"]),
        xg_p_holm=xg_p,
        goals_p_holm=goals_p,
    )


def corrected(rows: Sequence[AnyRival]) -> list[AnyRival]:
    """The comparisons announced together, with p-values corrected by Holm's method over all of them."""
    p = statistics.holm([row.xg_p for row in rows] + [row.goals_p_mcnemar for row in rows]).tolist()
    both = zip(rows, p[: len(rows)], p[len(rows) :], strict=True)
    return [replace(row, xg_p_holm=xg, goals_p_holm=goals) for row, xg, goals in both]


def made(who: str | Agent, env: str) -> Agent:
    """A fresh agent from a name or file, or a copy of an agent, because several crosses are played at once.

    Raises:
        InvalidValue: for something that is not an agent.
    """
    if isinstance(who, str):
        return agent(who, env)
    lacking = [part for part in ("name", "description", "reset", "restart", "act") if not hasattr(who, part)]
    if lacking or isinstance(who, type):
        called = f"the class {who.__name__}" if isinstance(who, type) else f"this {type(who).__name__}"
        lacks = f"lacks {', '.join(lacking)}" if lacking else "must be made first"
        raise InvalidValue(f"an agent has name, description, reset, restart and act: {called} {lacks}")
    return copy.deepcopy(who)


def distinct_names(agents: Sequence[str | Agent], env: str) -> list[str]:
    """The agents' names in tables; a policy is named after its file, or after its path if two files share a name.

    Raises:
        InvalidValue: if two agents that are not files share a name.
    """
    short = [made(who, env).name for who in agents]
    names = [
        who if short.count(name) > 1 and isinstance(who, str) else name for who, name in zip(agents, short, strict=True)
    ]
    if len(set(names)) < len(names):
        raise InvalidValue(f"agents need distinct names, got {', '.join(names)}; set `name`")
    return names


def _summary(name: str, crosses: Metrics, env: str, source: str | Agent) -> AgentSummary:
    """Summarise one agent's crosses (n,)."""
    met = crosses["meets"] > 0
    goals = statistics.wilson(int((crosses["goal"] > 0).sum()), len(crosses), LEVEL)
    outcomes = np.bincount(crosses["outcome"], minlength=len(OUTCOMES)) / len(crosses)
    zones = np.bincount(crosses["zone"][met], minlength=len(ZONES)) / max(int(met.sum()), 1)
    return AgentSummary(
        name=name,
        agent=source if isinstance(source, str) else name,
        description=made(source, env).description,
        xg=statistics.mean_interval(100 * crosses["xg"], LEVEL),
        own_xg=float(100 * crosses["own_xg"].mean()),
        goals=statistics.Interval(100 * goals.mean, 100 * goals.low, 100 * goals.high),
        meets=float(100 * met.mean()),
        shoots=float(100 * crosses["shoots"].mean()),
        xg_given_meets=float(100 * crosses["xg"][met].mean()) if met.any() else None,
        outcomes={name: float(100 * outcomes[OUTCOMES.index(name)]) for name in ENDINGS},
        zones_met={name: float(100 * share) for name, share in zip(ZONES, zones, strict=True)},
        start=statistics.quartiles(crosses["start"]),
        arrival=statistics.quartiles(crosses["arrival"]),
        place_x=statistics.quartiles(crosses["place_x"][met]),
        place_y=statistics.quartiles(crosses["place_y"][met]),
        speed=statistics.quartiles(crosses["speed"]),
        separation=statistics.quartiles(crosses["separation"]),
        height=statistics.quartiles(crosses["height"]),
        unseen=_mean(crosses["unseen"]),
        offside=float(100 * crosses["offside"].mean()),
    )


def _mean(values: npt.NDArray[np.float64]) -> float | None:
    finite = values[np.isfinite(values)]
    return float(finite.mean()) if len(finite) else None
