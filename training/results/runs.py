"""What training achieves, from the folders of many training runs: ten seeds, ablations, other algorithms.

A claim about a training method generalises to other training seeds and other crosses (`statistics.crossed_interval`), a
claim about a single policy only to other crosses. Folders are named `<group>-<seed>`; the runs of a group differ only
in their seed, and the group with the most seeds in an environment is the reference for the others, seed by seed.
"""

import dataclasses
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from backpost.agents.base.play import Progress
from backpost.agents.rules.registry import RULES
from backpost.envs.common.errors import InvalidFile
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.training.bench import statistics
from backpost.training.bench.compare import best_rule, played_by
from backpost.training.bench.comparison import LEVEL, ONE_SIDED
from backpost.training.bench.result_file import REPORTED, Result
from backpost.training.bench.statistics import Array, Interval
from backpost.training.learn.configuration import Configuration, configuration
from backpost.training.learn.progress import Candidate, RunProgress, read_progress
from backpost.training.learn.run_folder import made_in

from .results import CROSSES, SELECTED_ON

AS_IT_IS = Options()
"""The environment options that results are played with."""
ASIDE = ("seed", "progress", "threads", "checkpoint_every")
"""Settings that are not part of a training method."""


@dataclass(frozen=True)
class TrainingRun:
    """One run folder, named `<group>-<seed>`."""

    path: Path
    group: str
    config: Configuration
    progress: RunProgress

    @property
    def policy(self) -> Path:
        """The policy that the run kept."""
        return self.path / "policy.safetensors"

    def made_in(self) -> dict[str, str | int]:
        """The versions of world and agents and the tuned rules that the run was trained with.

        Raises:
            InvalidFile: if its folder does not record them.
        """
        return made_in(self.path)

    def way(self) -> dict[str, Any]:
        """The settings that define the training method."""
        return {name: value for name, value in dataclasses.asdict(self.config).items() if name not in ASIDE}


@dataclass(frozen=True)
class RunResult:
    """One run.

    Attributes:
        name: name of its folder.
        environment: the environment it was trained in.
        group: its training method.
        seed: training seed.
        trained_in: versions of world and agents, and the tuned rules.
        sha256: SHA-256 of its policy file.
        steps: decisions in training.
        seconds: duration of training.
        best: the policy that was kept; None if none was selected.
        curve: the candidate policies during training.
        xg: what the policy is worth, per 100 crosses.
        over_best_rule: its lead over the best rule.
        lower_bound: the one-sided 99 % lower bound of that lead.
    """

    name: str
    environment: str
    group: str
    seed: int
    trained_in: dict[str, str | int]
    sha256: str
    steps: int | None
    seconds: float | None
    best: Candidate | None
    curve: tuple[Candidate, ...]
    xg: Interval
    over_best_rule: Interval
    lower_bound: float


@dataclass(frozen=True)
class AgainstReference:
    """A group's difference from the reference group on their common seeds, over other seeds and crosses."""

    seeds: int
    difference: Interval
    p: float
    p_holm: float


@dataclass(frozen=True)
class GroupResult:
    """The runs of one training method.

    Attributes:
        environment: the environment they were trained in.
        name: name of the group.
        seeds: training seeds of its runs.
        best_rule: the rule that they are compared with.
        changed: the settings in which the group differs from the reference group.
        mean: mean lead over the best rule, xG per 100 crosses.
        over_seeds_and_crosses: that lead over other seeds and crosses; None for a single seed.
        every_seed_beats_best_rule: whether the lowest bound is above zero.
        lowest_bound: the lowest one-sided 99 % bound of any seed's lead.
        against_reference: the comparison with the reference; None for itself, and with fewer than two common seeds.
    """

    environment: str
    name: str
    seeds: tuple[int, ...]
    best_rule: str
    changed: dict[str, Any]
    mean: float
    over_seeds_and_crosses: Interval | None
    every_seed_beats_best_rule: bool
    lowest_bound: float
    against_reference: AgainstReference | None


@dataclass(frozen=True)
class Trainings(Result):
    """What `evidence` returns.

    Attributes:
        crosses: number of crosses of every policy.
        label: label of the crosses.
        level: level of the intervals.
        one_sided: level of the one-sided bounds.
        groups: the training methods.
        runs: all runs.
    """

    command: ClassVar[str] = "trainings"

    crosses: int
    label: str
    level: float
    one_sided: float
    groups: tuple[GroupResult, ...]
    runs: tuple[RunResult, ...]


def training_runs(folder: Path) -> list[TrainingRun]:
    """The finished runs in a folder, by group and seed.

    Raises:
        InvalidFile: if there is none, a folder's name lacks group and seed, runs of a group differ in more than the
            seed, a run appears twice, or one was trained with other environment options, another world or other rules.
    """
    runs: list[TrainingRun] = []
    for place in sorted(path.parent for path in folder.glob("**/progress.json")):
        progress = read_progress(place)
        if progress.status != "finished":
            continue
        name = re.fullmatch(r"(.+)-(\d+)", place.name)
        config = configuration(place / "config.yml")
        if name is None or int(name[2]) != config.seed:
            raise InvalidFile(f"run folder {place} must be called <group>-{config.seed}, after its group and its seed")
        if (config.difficulty, config.vision) != (AS_IT_IS.difficulty, AS_IT_IS.vision):
            raise InvalidFile(f"run {place} was trained with other options than those that results are played with")
        twin = next((run for run in runs if (run.config.env, run.path.name) == (config.env, place.name)), None)
        if twin is not None:
            raise InvalidFile(f"{twin.path} and {place} are one training seed twice")
        runs.append(TrainingRun(place, name[1], config, progress))
    if not runs:
        raise InvalidFile(f"{folder} holds no finished run")
    for run in runs:
        made = next(other for other in runs if other.config.env == run.config.env)
        if run.made_in() != made.made_in():
            raise InvalidFile(
                f"runs {made.path.name} and {run.path.name} were trained in different versions of the world, or with "
                "other agents or rules; train the older one again"
            )
        first = next(other for other in runs if other.group == run.group)
        if run.way() != first.way():
            raise InvalidFile(f"runs {first.path.name} and {run.path.name} are called alike and were trained otherwise")
    return sorted(runs, key=lambda run: (run.config.env, run.group, run.config.seed))


def crosses_to_play(runs: Sequence[TrainingRun], crosses: int = CROSSES) -> int:
    """The total number of crosses that `evidence` plays."""
    envs = {run.config.env for run in runs}
    return len(runs) * crosses + len(envs) * (crosses + len(RULES) * SELECTED_ON)


def evidence(
    runs: Sequence[TrainingRun], keep: str | Path, crosses: int = CROSSES, *, progress: Progress | None = None
) -> Trainings:
    """Every run's policy against the best rule on the same held-out crosses, and the groups over their seeds.

    P-values against the reference are corrected by Holm's method over all groups.

    Raises:
        InvalidFile: for a run without a policy, or if `keep` cannot be written.
    """
    seeds = episode_seeds(REPORTED, 0, 0, crosses)
    rows: list[RunResult] = []
    groups: list[GroupResult] = []
    for env in sorted({run.config.env for run in runs}):
        here = [run for run in runs if run.config.env == env]
        rule = best_rule(env, SELECTED_ON, keep=keep, progress=progress)
        names = [rule, *(str(run.policy) for run in here)]
        base, *played = (100 * of["xg"] for of in played_by(env, names, seeds, progress=progress, keep=keep))
        rows += [_row(run, xg, xg - base) for run, xg in zip(here, played, strict=True)]
        gains = {(run.group, run.config.seed): xg - base for run, xg in zip(here, played, strict=True)}
        groups += _groups(env, rule, here, gains)
    return Trainings(
        crosses=crosses, label=REPORTED, level=LEVEL, one_sided=ONE_SIDED, groups=_corrected(groups), runs=tuple(rows)
    )


def _corrected(groups: Sequence[GroupResult]) -> tuple[GroupResult, ...]:
    """The groups with p-values corrected by Holm's method over all that have a reference."""
    tests = [group.against_reference for group in groups if group.against_reference is not None]
    holm = iter(statistics.holm([test.p for test in tests]).tolist())
    return tuple(
        group
        if group.against_reference is None
        else replace(group, against_reference=replace(group.against_reference, p_holm=next(holm)))
        for group in groups
    )


def _row(run: TrainingRun, xg: Array, gain: Array) -> RunResult:
    """One run: its training and what its policy is worth; `xg` and its lead `gain` are (crosses,)."""
    return RunResult(
        name=run.path.name,
        environment=run.config.env,
        group=run.group,
        seed=run.config.seed,
        trained_in=run.made_in(),
        sha256=hashlib.sha256(run.policy.read_bytes()).hexdigest(),
        steps=run.progress.steps,
        seconds=run.progress.seconds,
        best=run.progress.best,
        curve=run.progress.candidates,
        xg=statistics.mean_interval(xg, LEVEL),
        over_best_rule=statistics.mean_interval(gain, LEVEL),
        lower_bound=statistics.lower_bound(gain, ONE_SIDED),
    )


def _groups(env: str, rule: str, runs: Sequence[TrainingRun], gains: dict[tuple[str, int], Array]) -> list[GroupResult]:
    """The groups of one environment; `gains` are the leads over the best rule, (crosses,) for each group and seed."""
    names = sorted({run.group for run in runs})
    reference = max(names, key=lambda name: sum(run.group == name for run in runs))
    way = next(run for run in runs if run.group == reference).way()
    groups = []
    for name in [reference, *(other for other in names if other != reference)]:
        mine = [run for run in runs if run.group == name]
        leads = np.array([gains[name, run.config.seed] for run in mine])
        bounds = [statistics.lower_bound(gain, ONE_SIDED) for gain in leads]
        shared = [run.config.seed for run in mine if (reference, run.config.seed) in gains]
        groups.append(
            GroupResult(
                environment=env,
                name=name,
                seeds=tuple(run.config.seed for run in mine),
                best_rule=rule,
                changed={key: value for key, value in mine[0].way().items() if value != way[key]},
                mean=float(leads.mean()),
                over_seeds_and_crosses=statistics.crossed_interval(leads, LEVEL) if len(leads) > 1 else None,
                every_seed_beats_best_rule=bool(min(bounds) > 0),
                lowest_bound=min(bounds),
                against_reference=None
                if name == reference or len(shared) < 2
                else _against(*(np.array([gains[group, seed] for seed in shared]) for group in (name, reference))),
            )
        )
    return groups


def _against(group: Array, reference: Array) -> AgainstReference:
    """A group's difference from the reference, both (seeds, crosses), seed by seed; uncorrected."""
    p = statistics.crossed_test(group - reference)
    return AgainstReference(len(group), statistics.crossed_interval(group - reference, LEVEL), p, p)


def table(result: Trainings) -> str:
    """The groups as text."""
    width = max(len(group.name) for group in result.groups) + 2
    lines = [
        f"lead over the best rule in xG per 100 crosses, on {result.crosses} crosses; {100 * result.level:g} % "
        "intervals for other training seeds and other crosses; p after Holm",
        f"{'':<12}{'':<{width}}{'seeds':>6}{'lead':>8}{'':>18}{'lowest seed':>12}{'to reference':>14}{'':>18}{'p':>9}",
    ]
    for group in result.groups:
        other = group.against_reference
        line = f"{group.environment:<12}{group.name:<{width}}{len(group.seeds):>6}{group.mean:>+8.3f}"
        line += f"{_range(group.over_seeds_and_crosses):>18}{group.lowest_bound:>+12.3f}"
        if other is not None:
            line += f"{other.difference.mean:>+14.3f}{_range(other.difference):>18}{other.p_holm:>9.2g}"
        lines.append(line)
    lines.append("lowest seed: the lowest one-sided 99 % bound of a seed's policy, with crosses as the unit")
    return "\n".join(lines)


def _range(interval: Interval | None) -> str:
    return "" if interval is None else f"{interval.low:+.3f} .. {interval.high:+.3f}"
