"""Tune the free numbers of the coaching rules: one budget for every rule, on crosses kept for tuning.

The search begins at the untuned defaults. Both candidates of a duel meet the same crosses, and every duel has its own.
The result is checked on fresh whole crosses: unless it is above the defaults there by more than one standard error,
the defaults stay. The reported evidence comes from a third set of crosses that neither search nor check has seen.

The file is complete after every rule, and a rule that has not been tuned again keeps its numbers. Entries made by the
same versions of world and agents with the same budget are not tuned again.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from backpost.agents.base.play import Progress, play
from backpost.agents.base.version import AGENTS_VERSION
from backpost.agents.rules.numbers import TUNED_FORMAT, TUNED_PATH, Numbers, read_tuned
from backpost.agents.rules.registry import RULE_TYPES, RULES, rule
from backpost.envs.common import processes
from backpost.envs.common.checks import Record
from backpost.envs.common.files import check_writable, write_atomically
from backpost.envs.common.reading import read_json, shown, typed
from backpost.envs.interface.options import Options
from backpost.envs.scenarios.registry import scenario as scenario_of
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.version import WORLD_VERSION

from .evolution import evolve

Array = npt.NDArray[np.float64]

LABEL = "tune"
SEARCHED = Options(parameters={"second_balls_on": 0.0})
"""The search plays to the first contact: a third of the variance in half the time. Check and evidence play whole
crosses, because a few rules gain first contacts and lose more on second balls."""


@dataclass(frozen=True)
class Budget:
    """What every rule may spend."""

    generations: int = 4
    pairs: int = 6
    """Duels of a generation."""
    crosses: int = 256
    """Played by both candidates of a duel."""
    check: int = 3072
    """Fresh crosses on which the result must be above the untuned defaults by more than one standard error."""
    evidence: int = 4096
    """Fresh crosses on which what is kept and the untuned defaults are compared."""

    @property
    def searched(self) -> int:
        """Crosses of all duels."""
        return self.generations * self.pairs * self.crosses

    @property
    def total(self) -> int:
        """Crosses that one rule plays in all."""
        return 2 * (self.searched + self.check + self.evidence)


Job = tuple[str, str, Budget, int]
"""Scenario, rule, budget and stream of seeds."""


def tune(name: str, scenario: str, budget: Budget, seed_stream: int = 0) -> dict[str, Any]:
    """Tuned numbers of one rule and their evidence, as the file of tuned rules holds them.

    Raises:
        UnknownName: for an unknown rule or scenario.
    """
    untuned = rule(name, {}).numbers

    def margin(duel: int, first: Array, second: Array) -> float:
        block = (seed_stream, duel * budget.crosses, budget.crosses)
        values = [xg(name, _at(untuned, place), scenario, block, SEARCHED).mean() for place in (first, second)]
        return float(values[0] - values[1])

    tuned = _at(untuned, evolve(_place(untuned), budget.generations, budget.pairs, margin, seed_stream))
    block = (seed_stream, budget.searched, budget.check)
    gain = np.subtract(*(xg(name, numbers, scenario, block) for numbers in (tuned, untuned)))
    if gain.mean() < _error(gain):
        # No policy is compared with a rule that tuning has made worse. What the search gains in this world is no more
        # than its own luck, so the result has to win again.
        tuned = untuned
    block = (seed_stream, budget.searched + budget.check, budget.evidence)
    untuned_xg = xg(name, untuned, scenario, block)
    tuned_xg = untuned_xg if tuned is untuned else xg(name, tuned, scenario, block)
    return {
        "numbers": asdict(tuned),
        "evidence": _evidence(tuned_xg, untuned_xg),
        "made_by": made_by(budget, seed_stream),
    }


def xg(
    name: str, numbers: Numbers, scenario: str, block: tuple[int, int, int], options: Options | None = None
) -> Array:
    """Expected goals of the team in each cross of a block (stream, first episode, count) of the tuning crosses."""
    final = play(RULE_TYPES[name](numbers), scenario, episode_seeds(LABEL, *block), options)
    return np.array(final["xg"])


def tune_all(
    scenarios: Sequence[str],
    budget: Budget,
    path: str | os.PathLike[str] = TUNED_PATH,
    *,
    rules: Sequence[str] = RULES,
    seed_stream: int = 0,
    progress: Progress | None = None,
    workers: int | None = None,
) -> dict[str, Any]:
    """Tune these rules for these scenarios, write the file of tuned rules after each, and return its content.

    What the file says of other scenarios stays. Nothing depends on the number of workers, by default one a core.
    `progress` is called with the number of crosses of every rule that is done.

    Raises:
        UnknownName: for an unknown rule or scenario.
        InvalidFile: if the file cannot be written, or exists and is not a file of tuned rules.
    """
    scenarios = [scenario_of(name).name for name in scenarios]
    for name in rules:
        rule(name, {})
    check_writable(path)
    content = _begun(Path(path))
    now = made_by(budget, seed_stream)
    for scenario in scenarios:
        content["scenarios"].setdefault(scenario, {}).setdefault("rules", {})
    jobs = [(scenario, name) for scenario in scenarios for name in rules]
    to_do = [(at, name) for at, name in jobs if _made_by(content, at, name) != now]
    report = progress or (lambda crosses: None)
    report((len(jobs) - len(to_do)) * budget.total)
    for scenario, name, entry in _tuned([(*job, budget, seed_stream) for job in to_do], workers or os.cpu_count() or 1):
        entries = content["scenarios"][scenario]["rules"] | {name: entry}
        section: dict[str, Any] = {"rules": {rule: entries[rule] for rule in RULES if rule in entries}}
        if all(entries[rule].get("made_by") == now for rule in section["rules"]):
            section = {"budget": asdict(budget), "seed_label": LABEL, "seed_stream": seed_stream, **section}
        content["scenarios"][scenario] = section
        write_atomically(path, json.dumps(content, indent=2, allow_nan=False) + "\n")
        report(budget.total)
    read_tuned.cache_clear()
    return content


def made_by(budget: Budget, seed_stream: int) -> str:
    """What decides the numbers of every rule: the versions of world and agents, and a digest of budget and crosses."""
    spent = hashlib.sha256(json.dumps([asdict(budget), LABEL, seed_stream]).encode()).hexdigest()[:16]
    return f"world {WORLD_VERSION}, agents {AGENTS_VERSION}, search {spent}"


def _tuned(jobs: Sequence[Job], workers: int) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Scenario, rule and entry of every job, as each is done; a single worker needs no other process."""
    if workers == 1:
        yield from map(_work, jobs)
        return
    with processes.workers(min(workers, max(len(jobs), 1))) as pool:
        for done in as_completed([pool.submit(_work, job) for job in jobs]):
            yield done.result()


def _work(job: Job) -> tuple[str, str, dict[str, Any]]:
    scenario, name, budget, seed_stream = job
    return scenario, name, tune(name, scenario, budget, seed_stream)


class _Scenario(Record, frozen=True, forbid_unknown_fields=False):
    rules: dict[str, dict[str, Any]]


class _File(Record, frozen=True):
    format: Literal[1]
    scenarios: dict[str, _Scenario]


def _begun(path: Path) -> dict[str, Any]:
    """The content of the file of tuned rules, or of a new one.

    Raises:
        InvalidFile: if there is a file of something else.
    """
    if not path.exists():
        return {"format": TUNED_FORMAT, "scenarios": {}}
    content: dict[str, Any] = read_json(path, "tuned rules")
    typed(content, _File, f"tuned rules {shown(path)}")
    return content


def _made_by(content: dict[str, Any], scenario: str, name: str) -> str | None:
    """What made the numbers of this rule in the file, None if it has none."""
    entry: dict[str, Any] = content["scenarios"][scenario]["rules"].get(name, {})
    return entry.get("made_by")


def _evidence(tuned: Array, untuned: Array) -> dict[str, float | int]:
    """Means in goals per 100 crosses, and the gain over the untuned numbers on the same crosses."""
    gain = tuned - untuned
    return {
        "crosses": len(tuned),
        "xg_per_100": round(float(100.0 * tuned.mean()), 4),
        "standard_error": round(100.0 * _error(tuned), 4),
        "gain_over_untuned": round(float(100.0 * gain.mean()), 4),
        "gain_standard_error": round(100.0 * _error(gain), 4),
    }


def _error(values: Array) -> float:
    """Standard error of the mean."""
    return float(values.std(ddof=1) / np.sqrt(len(values)))


def _place(numbers: Numbers) -> Array:
    """Where these numbers lie in their ranges, in the unit cube."""
    low, high = _ranges(numbers)
    return (np.array(list(asdict(numbers).values())) - low) / (high - low)


def _at(like: Numbers, place: Array) -> Numbers:
    """The numbers at a place of the unit cube, to four decimals."""
    low, high = _ranges(like)
    values = np.clip(np.round(low + place * (high - low), 4), low, high)
    names = [entry.name for entry in like.entries()]
    return type(like).of(dict(zip(names, map(float, values), strict=True)))


def _ranges(numbers: Numbers) -> tuple[Array, Array]:
    """Lowest and highest values, each shape (free numbers,)."""
    entries = numbers.entries()
    return np.array([e.metadata["low"] for e in entries]), np.array([e.metadata["high"] for e in entries])
