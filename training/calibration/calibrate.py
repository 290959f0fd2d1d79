"""Reproducible calibration: stage by stage, CMA-ES over parameters within their published ranges.

All candidates of a generation play the same crosses of the label "calibrate", the next generation plays new ones, and
the values a stage chose are judged on crosses that its search has not seen. `calibration.json` in the output folder is
complete after every generation: run again with the same folder, the calibration resumes where it stopped.
"""

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import numpy as np

from backpost.agents.base.play import play
from backpost.agents.base.version import AGENTS_VERSION
from backpost.agents.ordinary import Ordinary
from backpost.envs.common.errors import InvalidFile, InvalidValue, UnknownName
from backpost.envs.common.files import check_writable, write_atomically
from backpost.envs.common.lock import Lock
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.parameter_table import TABLE
from backpost.envs.world.version import WORLD_VERSION
from backpost.training.learn.run_folder import versions
from backpost.training.realism.events import events
from backpost.training.realism.published import rows
from backpost.training.realism.realism import CHUNK

from .content import read
from .loss import REJECTED, Band, Measured, Statistic, bands, loss
from .search import Search
from .stages import STAGES, Stage
from .workers import Block, Evaluate, Measure, Rows, Values, workers

ENV = "Match"
LABEL = "calibrate"
JUDGED = 4
"""The start and the end of a stage are compared on this many times the crosses of a candidate."""
JUDGE_STREAM = 100
"""A stage searches on the stream of its own number and is judged on the stream this much higher."""
NEEDED = 1.6
"""Time needed for another generation and the judging, as a multiple of the last generation's time."""
FILE = "calibration.json"

DEFAULTS = {parameter.name: parameter.default for parameter in TABLE}
Say = Callable[[str], None]


def play_rows(values: Values, block: Block) -> Rows:
    """Every published row from the crosses of a block, with the ordinary runner and expected goals."""
    options = Options(parameters=values)
    seeds = episode_seeds(LABEL, *block)
    chunks = np.array_split(seeds, math.ceil(len(seeds) / CHUNK))
    table = np.concatenate([events(play(Ordinary(), ENV, some, options)) for some in chunks])
    return {name: Statistic(row.value, row.count) for name, row in rows(table, expected=True).items()}


@dataclass(frozen=True)
class Problem:
    """What is calibrated, and against what: by default the real problem, or a small one for tests."""

    stages: tuple[Stage, ...] = STAGES
    bands: Mapping[str, Band] = field(default_factory=bands)
    measure: Measure = play_rows


@dataclass(frozen=True)
class Budget:
    """The budget: `minutes` of wall time, split among the stages, or a number of generations per stage.

    Attributes:
        minutes: wall time in minutes; None for no limit.
        generations: generations per stage; None for each stage's own number, or as many as the minutes allow.
        crosses: crosses per candidate; None for each stage's own number.
        workers: number of processes; the result does not depend on it.

    Raises:
        InvalidValue: if the minutes are not positive, or another number is below 1.
    """

    minutes: float | None = None
    generations: int | None = None
    crosses: int | None = None
    workers: int = 2

    def __post_init__(self) -> None:
        if self.minutes is not None and not 0 < self.minutes < math.inf:
            raise InvalidValue(f"minutes must be a positive number, got {self.minutes!r}")
        for name in ("generations", "crosses", "workers"):
            number = getattr(self, name)
            if number is not None and number < 1:
                raise InvalidValue(f"{name} must be at least 1, got {number!r}")


def calibrate(
    out: str | Path,
    stages: Sequence[str] | None = None,
    budget: Budget | None = None,
    problem: Problem | None = None,
    seed: int = 0,
    progress: Say | None = None,
) -> dict[str, Any]:
    """Run or resume the calibration in a folder; returns the content of its `calibration.json`.

    Args:
        out: the folder, created if it is missing.
        stages: names of the stages to run, by default all; stages already finished in the folder are left unchanged.
        budget: the budget.
        problem: what is calibrated.
        seed: seed of the search.
        progress: called with one line per generation.

    Raises:
        ModuleNotFoundError: if `cma` is not installed; raised before anything is written.
        UnknownName: for an unknown stage, or an unknown parameter of a stage.
        InvalidFile: if the folder cannot be written, holds another calibration, or is in use by another process.
    """
    import_module("cma")
    problem, budget = problem or Problem(), budget or Budget()
    names = [stage.name for stage in problem.stages]
    for name in stages or ():
        if name not in names:
            raise UnknownName("stage", name, names)
    chosen = [stage for stage in problem.stages if stage.name in (stages or names)]
    for name in (name for stage in chosen for name in stage.parameters):
        if name not in DEFAULTS:
            raise UnknownName("parameter", name, DEFAULTS)
    shares = sum(stage.share for stage in chosen)
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidFile(f"cannot write {folder}: {(error.strerror or str(error)).lower()}") from error
    with Lock(folder / "lock", f"another process is calibrating in {folder}"):
        run = _Run(folder, problem, budget, seed, progress or (lambda line: None))
        with workers(budget.workers) as evaluate:
            for stage in chosen:
                limit = math.inf if budget.minutes is None else 60 * budget.minutes * stage.share / shares
                run.stage(stage, evaluate, limit)
    return run.content


class _Run:
    """The calibration in a folder."""

    def __init__(self, folder: Path, problem: Problem, budget: Budget, seed: int, say: Say) -> None:
        self.problem, self.budget, self.seed, self.say = problem, budget, seed, say
        self.path = folder / FILE
        check_writable(self.path)
        made_with = versions() | {"cma": metadata.version("cma")}
        self.content: dict[str, Any] = {"label": LABEL, "seed": seed, "versions": made_with, "stages": {}}
        if self.path.exists():
            self.content |= read(self.path)
        if self.content["seed"] != seed:
            raise self._other("another seed")

    def stage(self, stage: Stage, evaluate: Evaluate, limit: float) -> None:
        """Search and judge one stage, unless it is already finished in the folder; `limit` is in seconds."""
        number = self.problem.stages.index(stage)
        entry = self._entry(stage)
        if "chosen" in entry:
            return
        search = self._rebuilt(stage, entry)
        crosses = entry["crosses"]
        while not self._spent(stage, entry["generations"], limit):
            began = time.monotonic()
            n = len(entry["generations"])
            block = (number, n * crosses, crosses)
            candidates = [entry["frozen"] | candidate for candidate in search.ask()]
            measured_all = evaluate([(self.problem.measure, values, block) for values in candidates])
            losses = [self._loss(stage, measured) for measured in measured_all]
            search.tell(losses)
            seconds = time.monotonic() - began
            entry["generations"].append({"losses": losses, "place": search.place(), "seconds": round(seconds, 1)})
            self._write()
            self.say(f"{stage.name} {n + 1}: {_told(losses)}, {seconds:.0f} s")
        self._judge(stage, entry, search.mean(), evaluate)

    def _entry(self, stage: Stage) -> dict[str, Any]:
        """The part of the content that belongs to a stage, created if it is new."""
        stages = self.content["stages"]
        if "chosen" in stages.get(stage.name, {}):
            return dict(stages[stage.name])
        earlier = [stage.name for stage in self.problem.stages if "chosen" in stages.get(stage.name, {})]
        opened = {
            "start": {name: DEFAULTS[name] for name in stage.parameters},
            "frozen": {name: value for stage in earlier for name, value in stages[stage]["chosen"].items()},
            "crosses": self.budget.crosses or stage.crosses,
            "weights": dict(stage.rows),
            # A stage searched half in one world and half in another would be worthless.
            "world": WORLD_VERSION,
            "agents": AGENTS_VERSION,
        }
        entry: dict[str, Any] = stages.setdefault(stage.name, opened | {"generations": []})
        for what, value in opened.items():
            if entry.get(what) != value:
                raise self._other(f"stage {stage.name} with another {what}")
        return entry

    def _rebuilt(self, stage: Stage, entry: dict[str, Any]) -> Search:
        """The search of a stage, restored to its state after the generations in the folder."""
        search = Search(entry["start"], (self.seed, self.problem.stages.index(stage)))
        for n, generation in enumerate(entry["generations"]):
            search.ask()
            losses = generation["losses"]
            if len(losses) == search.size:
                search.tell(losses)
            if len(losses) != search.size or search.place() != generation["place"]:
                raise self._other(f"another generation {n + 1} of {stage.name} than these versions make")
        return search

    def _spent(self, stage: Stage, generations: list[dict[str, Any]], limit: float) -> bool:
        """Whether a stage has had all its generations, or has no time left for another one and the judging."""
        if not generations:
            return False
        most = self.budget.generations or (stage.generations if math.isinf(limit) else math.inf)
        used = sum(generation["seconds"] for generation in generations)
        return len(generations) >= most or used + NEEDED * generations[-1]["seconds"] > limit

    def _judge(self, stage: Stage, entry: dict[str, Any], end: Values, evaluate: Evaluate) -> None:
        """Compare the start and the end of a stage on fresh crosses, and freeze the better one."""
        number = self.problem.stages.index(stage)
        block = (JUDGE_STREAM + number, 0, JUDGED * entry["crosses"])
        both = [entry["start"], dict(end)]
        measured = evaluate([(self.problem.measure, entry["frozen"] | values, block) for values in both])
        before, after = (self._loss(stage, rows) for rows in measured)
        kept = int(after < before)
        entry["chosen"] = both[kept]
        entry["loss"] = {"before": before, "after": (before, after)[kept], "end_of_search": after}
        entry["judged_on"] = {"stream": block[0], "first": block[1], "crosses": block[2]}
        entry["rows"] = {
            name: {"before": _plain(measured[0][name]), "after": _plain(measured[kept][name])}
            for name in self.problem.bands
            if name in measured[0]
        }
        self._write()
        self.say(f"{stage.name}: loss {before:.3f} at the start, {after:.3f} at the end, on fresh crosses")

    def _loss(self, stage: Stage, measured: Rows) -> float:
        return loss(measured, self.problem.bands, stage.rows, stage.constraints)

    def _write(self) -> None:
        write_atomically(self.path, json.dumps(self.content, indent=1, allow_nan=False) + "\n")

    def _other(self, what: str) -> InvalidFile:
        return InvalidFile(f"{self.path} holds {what}; name a new folder")


def _told(losses: Sequence[float]) -> str:
    """A short summary of the losses of a generation."""
    allowed = sorted(loss for loss in losses if loss < REJECTED)
    said = [f"{len(losses) - len(allowed)} rejected"] if len(allowed) < len(losses) else []
    said += [f"best {allowed[0]:.3f}"] if allowed else []
    said += [f"middle {allowed[len(allowed) // 2]:.3f}"] if allowed[1:] else []
    return ", ".join(said)


def _plain(measured: Measured) -> dict[str, float | int | None]:
    return {"value": measured.value if math.isfinite(measured.value) else None, "count": int(measured.count)}
