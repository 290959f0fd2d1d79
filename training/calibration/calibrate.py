"""Reproducible calibration of the world against published figures by response surfaces, round by round.

A round measures every figure at its centre and at the points of a design around it, fits a linear model to each figure,
and goes to the point of the trust region with the least predicted loss. It plays a stream of crosses of its own of the
label "calibrate". At the end the start and the end are compared on a fresh stream, and the better one is chosen.

`calibration.json` is complete after every round, and `round-1.json` and so on after every few points: run again with
the same folder, the calibration goes on where it stopped, with the same result.
"""

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib import import_module, metadata
from pathlib import Path

import numpy as np

from backpost.envs.common.errors import InvalidFile, InvalidValue
from backpost.envs.common.files import check_writable, write_atomically
from backpost.envs.common.lock import Lock
from backpost.training.learn.run_folder import versions
from backpost.training.realism.measure import Figure

from .content import Calibration, FigureChange, Outcome, Round, Share, Value, read
from .design import bounds_in_steps, in_steps, mirrored_design, moved
from .figures import LABEL, TABLES, Bands, Kind, Measure, Measured, Table, kinds, play_figures
from .free_parameters import FreeParameter, free_parameters
from .loss import compared_losses, loss, weights
from .response_surface import slopes
from .round_file import RoundFile, plain
from .trust_region import best_step
from .workers import Evaluate, workers

FILE = "calibration.json"
COMPARED_STREAM = 100
"""Stream on which start and end are compared; rounds play the streams of their own numbers, from 1."""
MOST_ROUNDS = COMPARED_STREAM - 1
NEEDED = 1.1
"""Time needed for another round and the comparison, as a multiple of the last round's time."""
SAVED = 4
"""The file of a round is written after so many points."""
REPORTED = 20
"""A line is said after so many points."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Problem:
    """What is calibrated, and against what: by default the real problem, or a small one for tests."""

    free: tuple[FreeParameter, ...] = field(default_factory=free_parameters)
    kinds: Mapping[str, Kind] = field(default_factory=kinds)
    measure: Measure = play_figures


@dataclass(frozen=True)
class Settings:
    """How much is played.

    Attributes:
        rounds: number of rounds.
        points: points of a round's design, an even number.
        crosses: crosses of a point.
        centre_crosses: crosses of a centre, and of the start and the end when they are compared.
        minutes: wall time after which no further round begins; None for no limit.
        workers: number of processes; the result does not depend on it.
        seed: seed of the designs.

    Raises:
        InvalidValue: if one of them is out of range.
    """

    rounds: int = 5
    points: int = 240
    crosses: int = 5_000
    centre_crosses: int = 40_000
    minutes: float | None = None
    workers: int = 2
    seed: int = 0

    def __post_init__(self) -> None:
        if self.minutes is not None and not 0 < self.minutes < math.inf:
            raise InvalidValue(f"minutes must be a positive number, got {self.minutes!r}")
        for name in ("crosses", "centre_crosses", "workers"):
            if getattr(self, name) < 1:
                raise InvalidValue(f"{name} must be at least 1, got {getattr(self, name)!r}")
        if not 1 <= self.rounds <= MOST_ROUNDS:
            raise InvalidValue(f"rounds must be from 1 to {MOST_ROUNDS}, got {self.rounds!r}")
        if self.points < 4 or self.points % 2:
            raise InvalidValue(f"points must be an even number of at least 4, got {self.points!r}")
        if self.seed < 0:
            raise InvalidValue(f"seed must be at least 0, got {self.seed!r}")


def calibrate(
    out: str | Path, settings: Settings | None = None, problem: Problem | None = None, progress: Say | None = None
) -> Calibration:
    """Run or resume the calibration in a folder; returns the content of its `calibration.json`.

    A finished calibration is left as it is, unless more rounds are asked for than it has: then it goes on.

    Args:
        out: the folder, created if it is missing.
        settings: how much is played.
        problem: what is calibrated.
        progress: called with a line for every centre, every few points and every round.

    Raises:
        ModuleNotFoundError: if `scipy` is not installed; raised before anything is written.
        InvalidFile: if the folder cannot be written, holds another calibration, or is in use by another process.
        InvalidValue: if no figure has enough events.
    """
    import_module("scipy.optimize")
    problem, settings = problem or Problem(), settings or Settings()
    folder = Path(out)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidFile(f"cannot write {folder}: {(error.strerror or str(error)).lower()}") from error
    with Lock(folder / "lock", f"another process is calibrating in {folder}"):
        run = _Run(folder, problem, settings, progress or (lambda line: None))
        if not run.finished():
            run.check_same()
            with workers(settings.workers) as evaluate:
                while not run.spent():
                    run.round(evaluate)
                run.compare(evaluate)
    return run.content


class _Run:
    """The calibration in a folder."""

    def __init__(self, folder: Path, problem: Problem, settings: Settings, say: Say) -> None:
        self.folder, self.problem, self.settings, self.say = folder, problem, settings, say
        self.path = folder / FILE
        check_writable(self.path)
        self.begun = Calibration(
            label=LABEL,
            seed=settings.seed,
            versions=versions() | {"scipy": metadata.version("scipy")},
            points=settings.points,
            crosses=settings.crosses,
            centre_crosses=settings.centre_crosses,
            start={parameter.name: parameter.start for parameter in problem.free},
        )
        if self.path.exists():
            self.content = read(self.path)
            return
        left = sorted(folder.glob("round-*.json"))
        if left:
            raise InvalidFile(f"{left[0]} is of a calibration whose {FILE} is gone; name a new folder")
        self._write(self.begun)

    def finished(self) -> bool:
        """Whether there is nothing left to do."""
        return self.content.outcome is not None and self.spent()

    def check_same(self) -> None:
        """Check that the folder holds the calibration that is asked for.

        Raises:
            InvalidFile: if it does not.
        """
        # Half in one world and half in another it would be worthless.
        for name in ("world", "agents"):
            if self.content.versions.get(name) != self.begun.versions[name]:
                raise self._other(f"version of the {name}")
        for name in ("label", "seed", "points", "crosses", "centre_crosses", "start"):
            if getattr(self.content, name) != getattr(self.begun, name):
                raise self._other(name)

    def spent(self) -> bool:
        """Whether all rounds are done, or no time is left for another one and the comparison."""
        rounds = self.content.rounds
        if not rounds:
            return False
        limit = math.inf if self.settings.minutes is None else 60 * self.settings.minutes
        used = sum(each.seconds for each in rounds)
        return len(rounds) >= self.settings.rounds or used + NEEDED * rounds[-1].seconds > limit

    def round(self, evaluate: Evaluate) -> None:
        """Measure, model and minimise once."""
        number, centre, free = len(self.content.rounds) + 1, self.content.centre, self.problem.free
        random = np.random.default_rng([self.settings.seed, number])
        points = mirrored_design(centre, free, self.settings.points, random)
        file = RoundFile(self.folder / f"round-{number}.json", centre)
        self._measure(number, file, [centre, *points], evaluate)
        bands, measured = file.bands(), file.measured()
        at_centre, at_points = measured.row(0), measured.row(slice(1, None))
        slope = slopes(in_steps(points, centre, free), at_points) / bands.half[:, None]
        weight = np.where(np.isfinite(slope[:, 0]), weights(bands, at_centre, self.problem.kinds), 0.0)
        distance = bands.distance(at_centre.value)
        now = loss(np.where(weight > 0.0, distance, 0.0), weight)[0]
        step, predicted = best_step(distance, slope, weight, bounds_in_steps(centre, free), random)
        finished = Round(
            loss=now,
            predicted=predicted,
            in_band=self._in_band(bands, at_centre),
            next=moved(centre, free, step),
            seconds=file.seconds,
        )
        self._write(replace(self.content, rounds=(*self.content.rounds, finished), outcome=None))
        self.say(f"round {number}: loss {now:.4f} at the centre, {predicted:.4f} predicted at the next")

    def _measure(self, number: int, file: RoundFile, points: Sequence[dict[str, float]], evaluate: Evaluate) -> None:
        """Measure what the file of a round lacks: first the centre, then the points of its design."""
        blocks = [(number, 0, self.settings.centre_crosses)]
        for k in range(len(points) - 1):
            blocks.append((number, self.settings.centre_crosses + k * self.settings.crosses, self.settings.crosses))
        jobs = [(self.problem.measure, values, block) for values, block in zip(points, blocks, strict=True)]
        began = time.monotonic()
        for figures in evaluate(jobs[len(file) :]):
            file.add(figures, time.monotonic() - began)
            began = time.monotonic()
            done = len(file) - 1
            if done % SAVED == 0 or done == self.settings.points:
                file.write()
            if done == 0:
                shares = self._in_band(Bands.of(figures), Measured.of(figures))
                in_band = ", ".join(f"{share.in_band} of {share.counted} {table}" for table, share in shares.items())
                self.say(f"round {number}: {in_band} in band at the centre, {file.seconds:.0f} s")
            elif done % REPORTED == 0 or done == self.settings.points:
                self.say(f"round {number}: {done} of {self.settings.points} points, {file.seconds:.0f} s")

    def compare(self, evaluate: Evaluate) -> None:
        """Compare the start and the end on fresh crosses, and choose the better one."""
        block = (COMPARED_STREAM, 0, self.settings.centre_crosses)
        both = (self.content.start, self.content.centre)
        figures = tuple(evaluate([(self.problem.measure, values, block) for values in both]))
        before, after = map(Measured.of, figures)
        start, end = compared_losses(Bands.of(figures[0]), before, after, self.problem.kinds)
        kept = int(end < start)
        changes = [self._change(*pair) for pair in zip(figures[0], figures[kept], strict=True)]
        outcome = Outcome(
            chosen=both[kept],
            loss_start=start,
            loss_end=end,
            stream=block[0],
            crosses=block[2],
            figures=tuple(changes),
        )
        self._write(replace(self.content, outcome=outcome))
        self.say(f"loss {start:.4f} with the start, {end:.4f} with the end, on fresh crosses")

    def _change(self, before: Figure, after: Figure) -> FigureChange:
        kind = self.problem.kinds[before.id]
        values = [Value(plain(figure.value), plain(figure.se), int(figure.events)) for figure in (before, after)]
        return FigureChange(before.id, kind.table, kind.name, before.low, before.high, *values)

    def _in_band(self, bands: Bands, measured: Measured) -> dict[Table, Share]:
        tables = np.array([self.problem.kinds[id].table for id in bands.ids])
        inside = measured.counts & (np.abs(bands.distance(measured.value)) <= 1.0)
        return {
            table: Share(int(np.sum(inside & (tables == table))), int(np.sum(measured.counts & (tables == table))))
            for table in TABLES
        }

    def _write(self, content: Calibration) -> None:
        self.content = content
        write_atomically(self.path, json.dumps(asdict(content), indent=1, allow_nan=False) + "\n")

    def _other(self, what: str) -> InvalidFile:
        return InvalidFile(f"{self.path} holds a calibration with another {what}; name a new folder")
