"""Reproducible calibration of the world against published figures by response surfaces, round by round.

A round fits the parameters of finishing to situations of its centre, in which there is no luck. Then it measures every
figure at the centre and at the points of a design around it, fits a linear model to each figure, and goes to the point
of the trust region with the least predicted loss. At the end the start is compared with the end, whose finishing has
been fitted once more, and the better one is chosen. Every part plays a stream of its own of the label "calibrate".

`calibration.json` is complete after every round, and `round-1.json` and so on after the fit of finishing and every few
points: run again with the same folder, the calibration goes on where it stopped, with the same result.
"""

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

import numpy as np

from backpost.envs.common.errors import InvalidFile, InvalidValue
from backpost.envs.common.files import check_writable, write_atomically
from backpost.envs.common.lock import Lock
from backpost.training.learn.run_folder import versions
from backpost.training.realism.measure import Figure

from .contacts import play_contacts
from .content import Calibration, FigureChange, Finishing, Outcome, Round, Share, Value, read, shares
from .design import bounds_in_steps, in_steps, mirrored_design, moved
from .figures import LABEL, Bands, Block, Kind, Measure, Measured, Table, Values, kinds, play_figures
from .finishing import Expected, fit_finishing
from .finishing_figures import FinishingFigures
from .free_parameters import FreeParameter, finishing_parameters, free_parameters
from .loss import compared_losses, loss, weights
from .response_surface import slopes
from .round_file import RoundFile, plain
from .trust_region import best_step
from .workers import Evaluate, workers

FILE = "calibration.json"
COMPARED_STREAM = 100
"""Stream on which start and end are compared; rounds play the streams of their own numbers, from 1."""
MOST_ROUNDS = COMPARED_STREAM - 1
FINISHING_STREAM = 300
"""Round n fits finishing on the stream of this number plus n, and the end of n rounds is fitted on the next one."""
PART = 2_000
"""Crosses whose first contacts are played in one piece."""
NEEDED = 1.1
"""Time needed for another round and the comparison, as a multiple of the last round's time."""
SAVED = 4
"""The file of a round is written after so many points."""
REPORTED = 20
"""A line is said after so many points."""

Say = Callable[[str], None]


@dataclass(frozen=True)
class Problem:
    """What is calibrated, and against what: by default the real problem, or a small one for tests.

    Attributes:
        free: the parameters of the linear models.
        finishing: the parameters of finishing.
        kinds: the kind of every figure.
        measure: plays a block of crosses; must be picklable.
        contacts: plays the first contacts of a block; must be picklable.
        expected: what figures are expected of the first contacts of several blocks.
    """

    free: tuple[FreeParameter, ...] = field(default_factory=free_parameters)
    finishing: tuple[FreeParameter, ...] = field(default_factory=finishing_parameters)
    kinds: Mapping[str, Kind] = field(default_factory=kinds)
    measure: Measure = play_figures
    contacts: Callable[[Values, Block], Any] = play_contacts
    expected: Callable[[Sequence[Any]], Expected] = FinishingFigures


@dataclass(frozen=True)
class Settings:
    """How much is played.

    Attributes:
        rounds: number of rounds.
        points: points of a round's design, an even number.
        crosses: crosses of a point.
        centre_crosses: crosses of a centre, and of the start and the end when they are compared.
        finishing_crosses: crosses to whose first contacts finishing is fitted.
        minutes: wall time after which no further round begins; None for no limit.
        workers: number of processes; the result does not depend on it.
        seed: seed of the designs.

    Raises:
        InvalidValue: if one of them is out of range.
    """

    rounds: int = 5
    points: int = 180
    crosses: int = 5_000
    centre_crosses: int = 40_000
    finishing_crosses: int = 40_000
    minutes: float | None = None
    workers: int = 2
    seed: int = 0

    def __post_init__(self) -> None:
        if self.minutes is not None and not 0 < self.minutes < math.inf:
            raise InvalidValue(f"minutes must be a positive number, got {self.minutes!r}")
        for name in ("crosses", "centre_crosses", "finishing_crosses", "workers"):
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
        progress: called with a line for every fit of finishing, every centre, every few points and every round.

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
            finishing_crosses=settings.finishing_crosses,
            start={parameter.name: parameter.start for parameter in (*problem.free, *problem.finishing)},
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
        for name in ("label", "seed", "points", "crosses", "centre_crosses", "finishing_crosses", "start"):
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
        """Fit finishing, measure, model and minimise once."""
        number, free = len(self.content.rounds) + 1, self.problem.free
        file = RoundFile(self.folder / f"round-{number}.json", self.content.centre)
        finishing = file.finishing
        if finishing is None:
            began = time.monotonic()
            finishing = self._fit_finishing(number, evaluate)
            file.begin(finishing, time.monotonic() - began)
        centre = finishing.centre
        random = np.random.default_rng([self.settings.seed, number])
        points = mirrored_design(centre, free, self.settings.points, random)
        self._measure(number, file, [centre, *points], evaluate)
        bands, measured = file.bands(), file.measured()
        at_centre, at_points = measured.row(0), measured.row(slice(1, None))
        slope = slopes(in_steps(points, centre, free), at_points) / bands.half[:, None]
        weight = np.where(np.isfinite(slope[:, 0]), weights(bands, at_centre, self.problem.kinds), 0.0)
        distance = bands.distance(at_centre.value)
        now = loss(np.where(weight > 0.0, distance, 0.0), weight)[0]
        step, predicted = best_step(distance, slope, weight, bounds_in_steps(centre, free), random)
        finished = Round(
            finishing=finishing,
            loss=now,
            predicted=predicted,
            in_band=shares(bands, at_centre, self.problem.kinds),
            next=moved(centre, free, step),
            seconds=file.seconds,
        )
        self._write(replace(self.content, rounds=(*self.content.rounds, finished), outcome=None))
        self.say(f"round {number}: loss {now:.4f} at the centre, {predicted:.4f} predicted at the next")

    def _fit_finishing(self, number: int, evaluate: Evaluate) -> Finishing:
        """Fit finishing where round `number` begins, or where it would begin."""
        stream, crosses, began = FINISHING_STREAM + number, self.settings.finishing_crosses, time.monotonic()
        blocks = [(stream, first, min(PART, crosses - first)) for first in range(0, crosses, PART)]
        parts = list(evaluate([(self.problem.contacts, self.content.centre, block) for block in blocks]))
        random = np.random.default_rng([self.settings.seed, stream])
        expected, kinds = self.problem.expected(parts), self.problem.kinds
        finishing = fit_finishing(self.content.centre, self.problem.finishing, expected, kinds, random)
        before, after = _in_words(finishing.in_band_before), _in_words(finishing.in_band_after)
        self.say(f"finishing: {before} expected in band, now {after}, {time.monotonic() - began:.0f} s")
        return finishing

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
                in_band = shares(Bands.of(figures), Measured.of(figures), self.problem.kinds)
                self.say(f"round {number}: {_in_words(in_band)} in band at the centre, {file.seconds:.0f} s")
            elif done % REPORTED == 0 or done == self.settings.points:
                self.say(f"round {number}: {done} of {self.settings.points} points, {file.seconds:.0f} s")

    def compare(self, evaluate: Evaluate) -> None:
        """Fit the finishing of the end, compare it with the start on fresh crosses, and choose the better one."""
        block = (COMPARED_STREAM, 0, self.settings.centre_crosses)
        both = (self.content.start, self._fit_finishing(len(self.content.rounds) + 1, evaluate).centre)
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

    def _write(self, content: Calibration) -> None:
        self.content = content
        write_atomically(self.path, json.dumps(asdict(content), indent=1, allow_nan=False) + "\n")

    def _other(self, what: str) -> InvalidFile:
        return InvalidFile(f"{self.path} holds a calibration with another {what}; name a new folder")


def _in_words(in_band: Mapping[Table, Share]) -> str:
    return ", ".join(f"{share.in_band} of {share.counted} {table}" for table, share in in_band.items())
