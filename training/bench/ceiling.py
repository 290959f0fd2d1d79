"""The ceiling: how much of what could be had an agent has, on the same crosses.

Two references stand above the rules. The planner without foresight plans on what the runner can see: nobody real has
more, and shares of the gap are shares of the way from the best rule to him. The clairvoyant is the best run found by
knowing everything, luck included; its budget is doubled until that hardly helps any more, and the curve is published.
The best rule is chosen on other crosses (`best_rule`); everything here is played on those of the label "evaluate".
Agents are quick and references slow, so agents play more crosses, of which the references play the first; what
these would be worth on all is told by how they go with the agents (`statistics.mean_of_few`).

Nothing is certified: no proof bounds what a run can bring, and a number without one is not called a bound.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

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
from .compare import best_rule, distinct_names, played_by
from .cores import on_cores
from .made_with import files_of

LEVEL = 0.95
LABEL = "evaluate"
PIECE = 25
"""Crosses of one piece of work, which is kept as soon as it is done."""
FIRST_TRIES = 64
"""Sequences that the clairvoyant tries in each cross first; then always as many again."""
MOST_TRIES = 1024
FEWEST = 5
"""Crosses of the references from which on it can be told how they go with two agents, over more crosses of these."""
SETTLED = 0.1
"""Gain of a doubled budget, goals per 100 crosses, below which the clairvoyant stops."""
NOT_CERTIFIED = "not certified: no proof bounds what a run can bring; a better run than the best found may exist"

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Effort:
    """How hard both references think: the planner's budget, and the most tries of the clairvoyant in a cross."""

    planner: Budget = field(default_factory=Budget)
    tries: int = MOST_TRIES

    def __post_init__(self) -> None:
        """Refuse what is no effort."""
        if self.tries < FIRST_TRIES:
            raise InvalidValue(f"the clairvoyant needs {FIRST_TRIES} tries or more, got {self.tries}")

    @property
    def doublings(self) -> int:
        """How many budgets of the clairvoyant there are at most."""
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
) -> dict[str, Any]:
    """Play agents (names or policy files), the planner and the clairvoyant on the same crosses.

    Args:
        env: the environment.
        agents: who is measured; the best rule joins them.
        crosses: how many the references play.
        first_seed: number of the first one.
        options: the choices at the faces.
        out: a folder that keeps every piece of work, so that a stopped one goes on; nothing is kept without it.
        effort: how hard the references think.
        rule: the best rule, if it is known already; otherwise it is chosen (`best_rule`).
        measured: crosses that the agents play, those of the references first; just these if it is not above `crosses`.
        progress: called with crosses played or searched once more.

    Returns:
        A dict that can be written as JSON: see `table` for what it holds. Values of xG are per 100 crosses.

    Raises:
        UnknownName: for an unknown environment or agent.
        InvalidFile: for a file that is no policy, or a folder that cannot be written.
        InvalidValue: for too few crosses, an agent named twice, or options that a reference cannot play with.
    """
    least = FEWEST if measured > crosses else 2
    if crosses < least or first_seed < 0:
        raise InvalidValue(
            f"a ceiling needs at least {least} crosses and a first seed from 0, got {crosses} and {first_seed}"
        )
    effort = effort or Effort()
    names = [name for name in agents if name != Planner.name]
    if len(set(names)) < len(names):
        raise InvalidValue(f"each agent must be named once, got {', '.join(names)}")
    best = rule or best_rule(env, options=options)
    names += [best] if best not in names else []
    seeds = episode_seeds(LABEL, 0, first_seed, max(crosses, measured))
    called = distinct_names(names, env)
    task = Task(env, tuple(names), options, effort.planner, FIRST_TRIES)
    with TemporaryDirectory() if out is None else nullcontext(out) as folder:
        played, curve = _work(_pieces(task, seeds[:crosses], Path(folder)), effort, progress)
        worth = played[:-1]
        if measured > crosses:
            others = played_by(env, names, seeds[crosses:], options, progress, keep=folder)
            worth = np.hstack([worth, [metrics["xg"] for metrics in others]])
    return {
        "environment": env,
        "options": asdict(options or Options()),
        "files": files_of(options),
        "crosses": crosses,
        "measured": len(seeds),
        "first_seed": first_seed,
        "label": LABEL,
        "ball": "free",
        "level": LEVEL,
        "best_rule": best,
        "who": {label: identity_of(by_name(name, env)) for label, name in zip(called, names, strict=True)},
        "planner_budget": asdict(effort.planner),
        "certified": NOT_CERTIFIED,
        **summary(called, names.index(best), 100 * worth, 100 * played[-1], 100 * curve),
    }


def crosses_to_play(agents: int, crosses: int, effort: Effort | None = None, measured: int = 0) -> int:
    """How much `progress` comes to at most, for so many agents that are asked for."""
    references = 1 + (effort or Effort()).doublings
    return (agents + 1) * max(crosses, measured) + references * crosses


def _pieces(task: Task, seeds: npt.NDArray[np.uint64], folder: Path) -> list[Piece]:
    """The crosses of the references in pieces."""
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


def summary(names: Sequence[str], best: int, played: Array, planner: Array, curve: Array) -> dict[str, Any]:
    """What agents, `played` (a, N), planner (n,) and the best run found, `curve` (levels + 1, n), came to.

    `best` is the place of the best rule among the agents; everything is xG per 100 crosses, and means are over N.
    """
    rule, found, here = played[best], curve[-1], len(planner)
    gains = np.diff(curve.mean(axis=1))

    def over_all(values: Array) -> dict[str, float]:
        return asdict(statistics.mean_of_few(values, played[sorted({0, best})], LEVEL))

    return {
        "agents": [
            {
                "name": name,
                "xg": _interval(played[i]),
                "share_of_planner": None if i == best else _share(played[i], rule, planner),
                "share_of_clairvoyant": None if i == best else _share(played[i], rule, found),
            }
            for i, name in enumerate(names)
        ],
        "planner": {"xg": over_all(planner), "over_best_rule": over_all(planner - rule[:here])},
        "clairvoyant": {
            "xg": over_all(found),
            "over_planner": over_all(found - planner),
            "below_an_agent": int((found < np.maximum(played[:, :here].max(axis=0), planner)).sum()),
            "settled": bool(gains[-1] < SETTLED),
            "curve": [
                {"tries": 0 if i == 0 else FIRST_TRIES * 2 ** (i - 1), "xg": float(worth.mean())}
                for i, worth in enumerate(curve)
            ],
        },
    }


def table(result: dict[str, Any]) -> str:
    """The ceiling for people."""
    width = max(len(row["name"]) for row in result["agents"]) + 22
    level = f"{100 * result['level']:g} %"
    lines = [
        f"{result['environment']}: agents on {result['measured']} crosses, planner and best run found on the first "
        f"{result['crosses']}; free play, xG per 100 crosses, {level} intervals",
        f"{'':<{width}}{'xG':>7}{'':>16}  share of the gap from the best rule to the planner / to the best run found",
    ]
    for row in result["agents"]:
        is_best = row["name"] == result["best_rule"]
        shares = (
            "the best rule" if is_best else f"{_said(row['share_of_planner'])} / {_said(row['share_of_clairvoyant'])}"
        )
        lines.append(f"{row['name']:<{width}}{_row(row['xg'])}  {shares}")
    planner, found = result["planner"], result["clairvoyant"]
    lines.append(
        f"{'planner, no foresight':<{width}}{_row(planner['xg'])}  best rule {_more(planner['over_best_rule'])}"
    )
    lines.append(f"{'best run found':<{width}}{_row(found['xg'])}  planner {_more(found['over_planner'])}")
    curve = ", ".join(f"{point['tries']}: {point['xg']:.2f}" for point in found["curve"])
    lines.append(f"\nbest run found by tries in each cross: {curve}")
    if found["settled"]:
        lines.append(f"the last doubling brought less than {SETTLED:g} per 100 crosses")
    else:
        lines.append("it was still rising when the budget ended: the best run that exists is better than this")
    lines.append(f"below some agent in {found['below_an_agent']} of {result['crosses']} crosses")
    lines.append(result["certified"])
    return "\n".join(lines)


def _share(policy: Array, rule: Array, reference: Array) -> dict[str, float] | None:
    share = statistics.share_of_gap(policy, rule, reference, LEVEL)
    return None if share is None else asdict(share)


def _interval(values: Array) -> dict[str, float]:
    return asdict(statistics.mean_interval(values, LEVEL))


def _row(interval: dict[str, float]) -> str:
    return f"{interval['mean']:>7.3f}{interval['low']:>8.2f}..{interval['high']:<6.2f}"


def _more(interval: dict[str, float]) -> str:
    return f"{interval['mean']:+.3f} ({interval['low']:+.2f}..{interval['high']:+.2f})"


def _said(share: dict[str, float] | None) -> str:
    if share is None:
        return "no share (the gap may be nothing)"
    return f"{100 * share['mean']:.0f} % ({100 * share['low']:.0f}..{100 * share['high']:.0f})"
