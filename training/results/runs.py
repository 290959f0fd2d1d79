"""What training brings, from the run folders of many trainings: ten seeds, ingredients left out, other algorithms.

A claim about a way of training is one about other training seeds and other crosses (`statistics.crossed_interval`), one
about a single policy is about other crosses. Folders are called `<group>-<seed>`; the runs of a group differ in their
seed alone, and the group with most seeds in an environment is what the others are held against, seed by seed.
"""

import dataclasses
import hashlib
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from backpost.agents.base.play import Progress
from backpost.agents.rules.registry import RULES
from backpost.envs.common.errors import InvalidFile
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.training.bench import statistics
from backpost.training.bench.compare import LEVEL, ONE_SIDED, best_rule, played_by
from backpost.training.bench.reporting import read_json
from backpost.training.bench.statistics import Array
from backpost.training.learn.configuration import Configuration, configuration
from backpost.training.learn.run_folder import made_in

from .results import CROSSES, SELECTED_ON

AS_IT_IS = Options()
"""The environment that results are played in."""
ASIDE = ("seed", "progress", "threads", "checkpoint_every")
"""Settings that are no part of a way of training."""


@dataclass(frozen=True)
class TrainingRun:
    """One run folder: its name is `<group>-<seed>`."""

    path: Path
    group: str
    config: Configuration
    progress: dict[str, Any]

    @property
    def policy(self) -> Path:
        """The policy that the run kept."""
        return self.path / "policy.safetensors"

    def made_in(self) -> dict[str, str | int]:
        """The versions of world and agents, and the tuned rules, that it was trained with.

        Raises:
            InvalidFile: if its folder does not tell.
        """
        return made_in(self.path)

    def way(self) -> dict[str, Any]:
        """The settings that make the way of training."""
        return {name: value for name, value in dataclasses.asdict(self.config).items() if name not in ASIDE}


def training_runs(folder: Path) -> list[TrainingRun]:
    """The finished runs in a folder, by group and seed.

    Raises:
        InvalidFile: if there is none, a folder's name says no group and seed, runs of one group differ in more, one is
            there twice, or one was trained with other options of the environment, another world or other rules.
    """
    found: list[TrainingRun] = []
    for place in sorted(path.parent for path in folder.glob("**/progress.json")):
        progress = read_json(str(place / "progress.json"))
        if progress.get("status") != "finished":
            continue
        name = re.fullmatch(r"(.+)-(\d+)", place.name)
        config = configuration(place / "config.yml")
        if name is None or int(name[2]) != config.seed:
            raise InvalidFile(f"run folder {place} must be called <group>-{config.seed}, after its group and its seed")
        if (config.difficulty, config.vision) != (AS_IT_IS.difficulty, AS_IT_IS.vision):
            raise InvalidFile(f"run {place} was trained with other options than those that results are played with")
        twin = next((run for run in found if (run.config.env, run.path.name) == (config.env, place.name)), None)
        if twin is not None:
            raise InvalidFile(f"{twin.path} and {place} are one training seed twice")
        found.append(TrainingRun(place, name[1], config, progress))
    if not found:
        raise InvalidFile(f"{folder} holds no finished run")
    for run in found:
        made = next(other for other in found if other.config.env == run.config.env)
        if run.made_in() != made.made_in():
            raise InvalidFile(
                f"runs {made.path.name} and {run.path.name} were trained in different versions of the world, or with "
                "other agents or rules; train the older one again"
            )
        first = next(other for other in found if other.group == run.group)
        if run.way() != first.way():
            raise InvalidFile(f"runs {first.path.name} and {run.path.name} are called alike and were trained otherwise")
    return sorted(found, key=lambda run: (run.config.env, run.group, run.config.seed))


def crosses_to_play(runs: Sequence[TrainingRun], crosses: int = CROSSES) -> int:
    """How many crosses `evidence` plays in all."""
    envs = {run.config.env for run in runs}
    return len(runs) * crosses + len(envs) * (crosses + len(RULES) * SELECTED_ON)


def evidence(
    runs: Sequence[TrainingRun], keep: str | Path, crosses: int = CROSSES, *, progress: Progress | None = None
) -> dict[str, Any]:
    """Every run's policy against the best rule on the same held-out crosses, and the groups over their seeds.

    Values of xG are per 100 crosses; p-values against the reference are Holm's over all groups. See `table`.

    Raises:
        InvalidFile: for a run without a policy, or if `keep` cannot be written.
    """
    seeds, rows, groups = episode_seeds("evaluate", 0, 0, crosses), [], []
    for env in sorted({run.config.env for run in runs}):
        here = [run for run in runs if run.config.env == env]
        rule = best_rule(env, SELECTED_ON, keep=keep, progress=progress)
        names = [rule, *(str(run.policy) for run in here)]
        base, *played = (100 * of["xg"] for of in played_by(env, names, seeds, progress=progress, keep=keep))
        rows += [_row(run, xg, xg - base) for run, xg in zip(here, played, strict=True)]
        gains = {(run.group, run.config.seed): xg - base for run, xg in zip(here, played, strict=True)}
        groups += _groups(env, rule, here, gains)
    compared = [group["against_reference"] for group in groups if group["against_reference"] is not None]
    for one, p in zip(compared, statistics.holm([one["p"] for one in compared]), strict=True):
        one["p_holm"] = float(p)
    return {
        "crosses": crosses,
        "label": "evaluate",
        "level": LEVEL,
        "one_sided": ONE_SIDED,
        "groups": groups,
        "runs": rows,
    }


def _row(run: TrainingRun, xg: Array, gain: Array) -> dict[str, Any]:
    """One run: how it went and what its policy is worth; `xg` and its lead `gain` (crosses,)."""
    return {
        "name": run.path.name,
        "environment": run.config.env,
        "group": run.group,
        "seed": run.config.seed,
        "trained_in": run.made_in(),
        "sha256": hashlib.sha256(run.policy.read_bytes()).hexdigest(),
        **{key: run.progress.get(key) for key in ("steps", "seconds", "best")},
        "curve": run.progress.get("candidates", []),
        "xg": asdict(statistics.mean_interval(xg, LEVEL)),
        "over_best_rule": asdict(statistics.mean_interval(gain, LEVEL)),
        "lower_bound": statistics.lower_bound(gain, ONE_SIDED),
    }


def _groups(
    env: str, rule: str, runs: Sequence[TrainingRun], gains: dict[tuple[str, int], Array]
) -> list[dict[str, Any]]:
    """The groups of one environment; `gains` are the leads over the best rule, (crosses,) for each group and seed."""
    names = sorted({run.group for run in runs})
    reference = max(names, key=lambda name: sum(run.group == name for run in runs))
    way = next(run for run in runs if run.group == reference).way()
    found = []
    for name in [reference, *(other for other in names if other != reference)]:
        mine = [run for run in runs if run.group == name]
        table = np.array([gains[name, run.config.seed] for run in mine])
        shared = [run.config.seed for run in mine if (reference, run.config.seed) in gains]
        found.append(
            {
                "environment": env,
                "name": name,
                "seeds": [run.config.seed for run in mine],
                "best_rule": rule,
                "changed": {key: value for key, value in mine[0].way().items() if value != way[key]},
                **_over_best_rule(table),
                "against_reference": None
                if name == reference or len(shared) < 2
                else _against(*(np.array([gains[group, seed] for seed in shared]) for group in (name, reference))),
            }
        )
    return found


def _over_best_rule(table: Array) -> dict[str, Any]:
    """A group's leads (seeds, crosses): the mean for other seeds and crosses, and seed by seed."""
    bounds = [statistics.lower_bound(gain, ONE_SIDED) for gain in table]
    return {
        "mean": float(table.mean()),
        "over_seeds_and_crosses": asdict(statistics.crossed_interval(table, LEVEL)) if len(table) > 1 else None,
        "every_seed_beats_best_rule": bool(min(bounds) > 0),
        "lowest_bound": min(bounds),
    }


def _against(group: Array, reference: Array) -> dict[str, Any]:
    """A group's difference to the reference, both (seeds, crosses), seed by seed."""
    return {
        "seeds": len(group),
        "difference": asdict(statistics.crossed_interval(group - reference, LEVEL)),
        "p": statistics.crossed_test(group - reference),
    }


def table(result: dict[str, Any]) -> str:
    """The groups for people."""
    width = max(len(group["name"]) for group in result["groups"]) + 2
    lines = [
        f"lead over the best rule in xG per 100 crosses, on {result['crosses']} crosses; {100 * result['level']:g} % "
        "intervals for other training seeds and other crosses; p after Holm",
        f"{'':<12}{'':<{width}}{'seeds':>6}{'lead':>8}{'':>18}{'lowest seed':>12}{'to reference':>14}{'':>18}{'p':>9}",
    ]
    for group in result["groups"]:
        lead, other = group["over_seeds_and_crosses"], group["against_reference"]
        line = f"{group['environment']:<12}{group['name']:<{width}}{len(group['seeds']):>6}{group['mean']:>+8.3f}"
        line += f"{_range(lead):>18}{group['lowest_bound']:>+12.3f}"
        if other is not None:
            line += f"{other['difference']['mean']:>+14.3f}{_range(other['difference']):>18}{other['p_holm']:>9.2g}"
        lines.append(line)
    lines.append("lowest seed: the lowest one-sided 99 % bound of a seed's policy, with crosses as the unit")
    return "\n".join(lines)


def _range(of: dict[str, float] | None) -> str:
    return "" if of is None else f"{of['low']:+.3f} .. {of['high']:+.3f}"
