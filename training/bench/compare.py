"""Compare agents on the same crosses: what each is worth, and which differences are more than luck.

Crosses are the unit, every pair of agents meets the same ones, and all of them are of the label "evaluate", which
nothing is tuned, trained or selected on. Everything is free play: the winger answers the run that he sees.
"""

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

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
from backpost.envs.world.record import OUTCOMES, PLAYING

from . import statistics
from .cores import on_cores
from .kept import Kept, Metrics, key
from .made_with import files_of

LEVEL = 0.95
ONE_SIDED = 0.99
CHUNK = 2500
"""Crosses of one piece of work; the records of only so many are held at once per worker."""

Wrap = Callable[[Agent], Agent]
"""What makes of an agent one with a handicap."""


def compare(
    env: str,
    agents: Sequence[str | Agent],
    crosses: int = 20_000,
    first_seed: int = 0,
    *,
    options: Options | Mapping[str, Any] | None = None,
    label: str = "evaluate",
    keep: str | Path | None = None,
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Play the same crosses with every agent (names, policy files or agents) and test the first against the others.

    With `keep`, what has been played is kept in that folder, and the same comparison goes on where it was stopped.
    `options` of the environment may be given by their names, as in {"difficulty": 0.5}.

    Returns:
        A dict that can be written as JSON: see `table` for what it holds. Values of goals and xG are per 100 crosses.

    Raises:
        UnknownName: for an unknown environment or agent.
        InvalidFile: for a file that is no policy.
        InvalidValue: for fewer than one agent or two crosses, an agent named twice, something that is no agent, an
            option that is not valid, or with `keep` an agent that does not say who it is (`agents.identity`).
    """
    if not agents or len(set(agents)) < len(agents):
        raise InvalidValue(
            f"compare needs one agent or more, each named once, got {', '.join(map(str, agents)) or 'none'}"
        )
    if crosses < 2 or first_seed < 0:
        raise InvalidValue(f"compare needs at least 2 crosses and a first seed from 0, got {crosses} and {first_seed}")
    options = Options.of(**options) if isinstance(options, Mapping) else options
    names, seeds = distinct_names(agents, env), episode_seeds(label, 0, first_seed, crosses)
    played = played_by(env, agents, seeds, options, progress, keep=keep)
    return {
        "environment": env,
        "options": asdict(options or Options()),
        "files": files_of(options),
        "crosses": crosses,
        "first_seed": first_seed,
        "label": label,
        "ball": "free",
        "level": LEVEL,
        "who": {name: identity_of(made(who, env)) for name, who in zip(names, agents, strict=True)},
        **compared(env, agents, names, played),
    }


def compared(
    env: str, agents: Sequence[str | Agent], names: Sequence[str], played: Sequence[Metrics], family: int | None = None
) -> dict[str, Any]:
    """What agents of these names came to, and the tests of the first against each other one.

    `family` is the number of comparisons announced in all, if these are not all of them.
    """
    rivals = range(1, len(agents))
    return {
        "agents": [_summary(names[i], played[i], env, agents[i]) for i in range(len(agents))],
        "against_first": against(played[0], [played[i] for i in rivals], [names[i] for i in rivals], family),
    }


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

    Where the rules were tuned for this very scenario their evidence tells: fresh crosses of the label "tune",
    the same for all. Elsewhere they play `crosses` of the label "select".
    """
    tuned = read_tuned()["scenarios"].get(env, {}).get("rules", {})
    if options in (None, Options()) and wrap is None and set(tuned) == set(RULES):
        if progress is not None:
            progress(len(RULES) * crosses)
        return max(RULES, key=lambda name: float(tuned[name]["evidence"]["xg_per_100"]))
    played = played_by(env, RULES, episode_seeds("select", 0, 0, crosses), options, progress, wrap=wrap, keep=keep)
    return RULES[int(np.argmax([of["xg"].mean() for of in played]))]


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
    """The metrics (n,) of every agent on crosses with these seeds (n,), in their order, on several cores.

    `wrap` puts a handicap on all of them; `keep` is a folder in which what has been played is found again.

    Raises:
        UnknownName, InvalidFile, InvalidValue: for an agent, environment or option that is not valid.
    """
    kept = None if keep is None else Kept(keep)

    def player(who: str | Agent) -> Agent:
        return made(who, env) if wrap is None else wrap(made(who, env))

    def work(piece: tuple[str | Agent, npt.NDArray[np.uint64]]) -> Metrics:
        one = player(piece[0])
        if kept is None:
            return metrics(play(one, env, piece[1], options=options, progress=progress))
        name = key(one, env, options, piece[1])

        def played() -> Metrics:
            result = metrics(play(one, env, piece[1], options=options, progress=progress))
            if key(one, env, options, piece[1]) != name:
                raise InvalidValue(
                    f"crosses of agent {one.name} cannot be kept: what its identity() returns, or a file that the "
                    "options name, changed while it played"
                )
            return result

        found, was_there = kept.get(name, len(piece[1]), played)
        if was_there and progress is not None:
            progress(len(found))
        return found

    for name in agents:
        one = player(name)
        if kept is not None:
            needed_identity(one)
    pieces = [(name, seeds[at : at + CHUNK]) for name in agents for at in range(0, len(seeds), CHUNK)]
    done = on_cores(work, pieces)
    each = len(pieces) // len(agents)
    return [np.concatenate(done[i * each : (i + 1) * each]) for i in range(len(agents))]


def against(
    first: Metrics, rivals: Sequence[Metrics], names: Sequence[str], family: int | None = None
) -> dict[str, Any]:
    """Paired tests of the first agent against each rival, on the same crosses.

    Intervals of both xG and goals hold together over all comparisons announced (Bonferroni), p-values are corrected
    over these (Holm); `beats_every` is the intersection-union test on the uncorrected one-sided bounds. `level` is that
    of each interval.
    """
    if not rivals:
        return {"rivals": [], "beats_every": None, "level": None}
    level = statistics.bonferroni(LEVEL, 2 * (family or len(rivals)))
    rows = [paired(first, rival, name, level) for rival, name in zip(rivals, names, strict=True)]
    correct(rows)
    gains = np.array([first["xg"] - rival["xg"] for rival in rivals])
    return {"rivals": rows, "beats_every": statistics.beats_every(gains, ONE_SIDED), "level": level}


def paired(first: Metrics, rival: Metrics, name: str, level: float) -> dict[str, Any]:
    """One paired comparison; p-values are not corrected yet."""
    gain = 100 * (first["xg"] - rival["xg"])
    goals = 100.0 * ((first["goal"] > 0).astype(float) - (rival["goal"] > 0))
    return {
        "name": name,
        "xg_gain": asdict(statistics.mean_interval(gain, level)),
        "xg_lower_bound": statistics.lower_bound(gain, ONE_SIDED),
        "xg_p": statistics.mean_test(gain),
        "goals_gain": asdict(statistics.mean_interval(goals, level)),
        "goals_p_mcnemar": statistics.mcnemar(first["goal"] > 0, rival["goal"] > 0),
        "correlation": statistics.correlation(first["xg"], rival["xg"]),
    }


def correct(rows: Sequence[dict[str, Any]]) -> None:
    """Write Holm's p-values into rows of `against`: all comparisons that were announced together."""
    corrected = statistics.holm([row["xg_p"] for row in rows] + [row["goals_p_mcnemar"] for row in rows])
    for i, row in enumerate(rows):
        row["xg_p_holm"], row["goals_p_holm"] = float(corrected[i]), float(corrected[len(rows) + i])


def made(who: str | Agent, env: str) -> Agent:
    """A fresh agent of this name or file; of an agent a copy, because several crosses are played at once.

    Raises:
        InvalidValue: for something that is no agent.
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
    """What tables call them; a policy is called after its file, or after its path where two files share a name.

    Raises:
        InvalidValue: if two agents that are no files share a name.
    """
    short = [made(who, env).name for who in agents]
    names = [
        who if short.count(name) > 1 and isinstance(who, str) else name for who, name in zip(agents, short, strict=True)
    ]
    if len(set(names)) < len(names):
        raise InvalidValue(f"agents need names of their own, got {', '.join(names)}; set `name`")
    return names


def table(result: dict[str, Any]) -> str:
    """The comparison for people, in the order: gets to the ball, shoots, scores."""
    width = max(len(row["name"]) for row in result["agents"]) + 2
    lines = [
        f"{result['environment']}: {result['crosses']} crosses each, free play; per 100 crosses, "
        f"{100 * LEVEL:g} % intervals",
        f"{'':<{width}}{'meets':>6}{'shoots':>8}{'goals':>7}{'':>13}{'xG':>7}{'':>14}{'own xG':>7}{'xG if met':>10}"
        f"{'start s':>9}{'gap m':>7}{'offside':>8}",
    ]
    for row in result["agents"]:
        xg, goals = row["xg"], row["goals"]
        lines.append(
            f"{row['name']:<{width}}{row['meets']:>6.1f}{row['shoots']:>8.1f}{goals['mean']:>7.2f}"
            f"{_range(goals):>13}{xg['mean']:>7.3f}{_range(xg, 3):>14}{row['own_xg']:>7.3f}"
            f"{_text(row['xg_given_meets'], 2):>10}{_text(row['start']['median'], 2):>9}"
            f"{_text(row['separation']['median'], 2):>7}{row['offside']:>8.2f}"
        )
    rivals = result["against_first"]["rivals"]
    if not rivals:
        return "\n".join(lines)
    first = result["agents"][0]["name"]
    lines.append(f"\n{first} against, on the same crosses (intervals hold together; p after Holm)")
    lines.append(f"{'':<{width}}{'xG gain':>9}{'':>16}{'p':>9}{'99 % bound':>12}{'goals gain':>12}{'':>14}{'p':>9}")
    for row in rivals:
        lines.append(
            f"{row['name']:<{width}}{row['xg_gain']['mean']:>+9.3f}{_range(row['xg_gain'], 3):>16}"
            f"{row['xg_p_holm']:>9.2g}{row['xg_lower_bound']:>+12.3f}{row['goals_gain']['mean']:>+12.2f}"
            f"{_range(row['goals_gain']):>14}{row['goals_p_holm']:>9.2g}"
        )
    if "beats_every" not in result["against_first"]:
        return "\n".join(lines)
    verdict = "beats every other" if result["against_first"]["beats_every"] else "does not beat every other"
    lines.append(f"{first} {verdict} in xG per cross (every one-sided 99 % bound of the paired difference above zero)")
    return "\n".join(lines)


def _summary(name: str, of: Metrics, env: str, source: str | Agent) -> dict[str, Any]:
    """What one agent's crosses (n,) came to; rates and xG per 100 crosses, times from the strike."""
    met = of["meets"] > 0
    goals = statistics.wilson(int((of["goal"] > 0).sum()), len(of), LEVEL)
    outcomes = np.bincount(of["outcome"], minlength=len(OUTCOMES)) / len(of)
    zones = np.bincount(of["zone"][met], minlength=len(ZONES)) / max(int(met.sum()), 1)
    return {
        "name": name,
        "agent": source if isinstance(source, str) else name,
        "description": made(source, env).description,
        "xg": asdict(statistics.mean_interval(100 * of["xg"], LEVEL)),
        "own_xg": float(100 * of["own_xg"].mean()),
        "goals": {key: 100 * value for key, value in asdict(goals).items()},
        "meets": float(100 * met.mean()),
        "shoots": float(100 * of["shoots"].mean()),
        "xg_given_meets": float(100 * of["xg"][met].mean()) if met.any() else None,
        "outcomes": {OUTCOMES[i]: float(100 * outcomes[i]) for i in range(len(OUTCOMES)) if i != PLAYING},
        "zones_met": {ZONES[i]: float(100 * zones[i]) for i in range(len(ZONES))},
        "start": statistics.quartiles(of["start"]),
        "arrival": statistics.quartiles(of["arrival"]),
        "place_x": statistics.quartiles(of["place_x"][met]),
        "place_y": statistics.quartiles(of["place_y"][met]),
        "speed": statistics.quartiles(of["speed"]),
        "separation": statistics.quartiles(of["separation"]),
        "height": statistics.quartiles(of["height"]),
        "unseen": _mean(of["unseen"]),
        "offside": float(100 * of["offside"].mean()),
    }


def _mean(values: npt.NDArray[np.float64]) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def _range(interval: dict[str, float], digits: int = 2) -> str:
    return f" {interval['low']:.{digits}f}..{interval['high']:.{digits}f}"


def _text(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"
