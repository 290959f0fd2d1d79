"""Tune the free numbers of the coaching rules: one budget for every rule, on crosses kept for tuning.

Quasi-random candidates over the whole ranges, then rounds of halving: the best stay, each gets a neighbour, and all of
them play more crosses. The untuned defaults are a candidate too. What is reported is played on fresh crosses, so the
luck of being chosen is not in it; a winner that is below the defaults there gives way to them.
"""

import json
from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.envs.chance import episode_seeds
from backpost.envs.files import write_atomically

from .free_numbers import TUNED_FORMAT, TUNED_PATH, Numbers, read_tuned
from .play import Progress, play
from .rules import RULE_TYPES, RULES, rule

Array = npt.NDArray[np.float64]

LABEL = "tune"


@dataclass(frozen=True)
class Budget:
    """What every rule may spend; `rounds` are (candidates, crosses for each)."""

    rounds: tuple[tuple[int, int], ...] = ((32, 1024), (16, 2048), (8, 4096))
    evidence: int = 8192
    """Fresh crosses on which the winner and the untuned defaults are compared."""
    reach: float = 0.3
    """Neighbours of the second round lie within half of this share of each range; it halves with every round."""

    @property
    def crosses(self) -> int:
        """Crosses that one rule plays in all."""
        return sum(candidates * crosses for candidates, crosses in self.rounds) + 2 * self.evidence


def tune(
    name: str, scenario: str, budget: Budget, seed_stream: int = 0, progress: Progress | None = None
) -> dict[str, Any]:
    """Tuned numbers of one rule and their evidence, as they stand in the file of tuned rules.

    Raises:
        UnknownName: for an unknown rule or scenario.
    """
    default = rule(name, {}).numbers
    points = quasi_random(len(fields(default)), seed_stream, sum(count for count, _ in budget.rounds))
    candidates = [default, *(_numbers(default, next(points)) for _ in range(budget.rounds[0][0] - 1))]
    first = 0
    for n, (count, crosses) in enumerate(budget.rounds):
        if n > 0:
            best = candidates[: (count + 1) // 2]
            reach = budget.reach * 0.5 ** (n - 1)
            candidates = best + [_neighbour(one, next(points), reach) for one in best[: count - len(best)]]
        values = [xg(name, one, scenario, (seed_stream, first, crosses), progress).mean() for one in candidates]
        candidates = [candidates[i] for i in np.argsort(-np.array(values), kind="stable")]
        first += crosses
    block = (seed_stream, first, budget.evidence)
    chosen = candidates[0]
    tuned = xg(name, chosen, scenario, block, progress)
    untuned = xg(name, default, scenario, block, progress)
    if tuned.mean() < untuned.mean():
        # Chosen by luck: nobody is compared with a rule that tuning has made worse.
        chosen, tuned = default, untuned
    return {
        "numbers": {key: round(value, 4) for key, value in asdict(chosen).items()},
        "evidence": _evidence(tuned, untuned),
    }


def xg(
    name: str, numbers: Numbers, scenario: str, block: tuple[int, int, int], progress: Progress | None = None
) -> Array:
    """Expected goals of the team in each cross of a block (stream, first episode, count) of the tuning crosses."""
    stream, first, count = block
    agent = RULE_TYPES[name](numbers)
    final = play(agent, scenario, episode_seeds(LABEL, stream, first, count), progress=progress)
    return np.array(final["xg"])


def tune_all(
    scenario: str, budget: Budget, seed_stream: int = 0, rules: Iterable[str] = RULES, progress: Progress | None = None
) -> dict[str, Any]:
    """The content of the file of tuned rules after tuning these rules for a scenario; what else it says stays.

    Raises:
        UnknownName: for an unknown rule or scenario.
    """
    content = deepcopy(read_tuned())
    before = content["scenarios"].get(scenario, {}).get("rules", {})
    found = {name: tune(name, scenario, budget, seed_stream, progress) for name in rules}
    content["format"] = TUNED_FORMAT
    content["scenarios"][scenario] = {
        "budget": {**asdict(budget), "rounds": [list(one) for one in budget.rounds]},
        "seed_label": LABEL,
        "seed_stream": seed_stream,
        "rules": {name: (before | found)[name] for name in RULES if name in before | found},
    }
    return content


def write_tuned(content: dict[str, Any], path: Path = TUNED_PATH) -> None:
    """Write the file of tuned rules at once; by default where the rules read their defaults.

    Raises:
        InvalidFile: if it cannot be written.
    """
    write_atomically(path, json.dumps(content, indent=2, allow_nan=False) + "\n")
    read_tuned.cache_clear()


def _evidence(tuned: Array, untuned: Array) -> dict[str, float | int]:
    """Means in goals per 100 crosses, and the gain over the untuned numbers on the same crosses."""
    root = np.sqrt(len(tuned))
    gain = tuned - untuned
    return {
        "crosses": len(tuned),
        "xg_per_100": round(float(100.0 * tuned.mean()), 4),
        "standard_error": round(float(100.0 * tuned.std(ddof=1) / root), 4),
        "gain_over_untuned": round(float(100.0 * gain.mean()), 4),
        "gain_standard_error": round(float(100.0 * gain.std(ddof=1) / root), 4),
    }


def quasi_random(dimensions: int, shift: int, count: int) -> Iterator[Array]:
    """Points of the unit cube that fill it evenly: the additive recurrence of the generalised golden ratio."""
    ratio = 2.0
    for _ in range(50):
        ratio = (1.0 + ratio) ** (1.0 / (dimensions + 1))
    steps = ratio ** -np.arange(1.0, dimensions + 1)
    return iter([np.mod(0.5 + (shift * 1009 + i) * steps, 1.0) for i in range(1, count + 1)])


def _numbers(like: Numbers, point: Array) -> Numbers:
    """The numbers of a rule at a point of the unit cube."""
    low, high = _ranges(like)
    return _at(like, low + point * (high - low))


def _neighbour(one: Numbers, point: Array, reach: float) -> Numbers:
    """Numbers within half of `reach` times each range of another's."""
    low, high = _ranges(one)
    here = np.array(list(asdict(one).values()))
    return _at(one, np.clip(here + reach * (point - 0.5) * (high - low), low, high))


def _at(like: Numbers, values: Array) -> Numbers:
    names = [entry.name for entry in like.entries()]
    return type(like).of(dict(zip(names, map(float, values), strict=True)))


def _ranges(numbers: Numbers) -> tuple[Array, Array]:
    """Lowest and highest values, each shape (free numbers,)."""
    entries = numbers.entries()
    return np.array([e.metadata["low"] for e in entries]), np.array([e.metadata["high"] for e in entries])
