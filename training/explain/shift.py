"""The same run, started earlier or later, to the same ball.

First the agent runs freely; the delivery, the runner's path and the actions are recorded. Then the same ball is
delivered again, and the runner takes the same path some tenths of a second earlier or later. Until the start of the
run (`outcome.metrics`) nothing changes. Later: the runner waits that long where the run started, facing the ball, and
then runs. Earlier: the last part of the wait is left out. Where the path ended because the ball was met or passed,
the runner stops and waits for it. The recorded actions are replayed with a correction that pulls the runner back to
the recorded path; with no shift it is zero, and the run is reproduced bit for bit. From the first touch of the cross
the agent decides again. It does not react to what has changed: the sweep measures what *the timing* of the run is
worth.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from backpost.agents.base.agent import Actions, Agent, Observations, Seeds
from backpost.agents.base.movement import TOP_SPEED
from backpost.agents.base.play import Progress, Records, play
from backpost.agents.base.view import Mask, coming
from backpost.envs.common.errors import InvalidValue
from backpost.envs.interface import observation
from backpost.envs.interface.options import Options
from backpost.envs.interface.outcome import metrics
from backpost.envs.world.record import DECISION_TIME
from backpost.training.bench.cores import on_cores
from backpost.training.bench.runs import CHUNK, Floats, Make, Runs, keep, mean, paired
from backpost.training.bench.statistics import Interval

SHIFTS = (-1.0, -0.7, -0.5, -0.3, -0.2, -0.1, 0.0, 0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
"""s; negative: earlier."""
PULL = 0.3
"""s in which a gap to the recorded path is closed, speed permitting."""
_PLACE = [observation.index(f"runner_{axis}") for axis in "xy"]
_BALL = [observation.index(f"ball_{axis}") for axis in "xy"]


class Noted:
    """Records an agent's positions and actions at every decision, on crosses that open together."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.name, self.description = agent.name, agent.description
        self._places: list[Floats] = []
        self._actions: list[Actions] = []
        self._coming: list[Mask] = []

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses."""
        self.agent.reset(seeds)

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Never called: every cross has a row of its own."""
        raise InvalidValue("noted crosses must all open together")

    def act(self, observations: Observations) -> Actions:
        """The agent's actions (n, 4), recorded."""
        actions = self.agent.act(observations)
        self._places.append(_places(observations))
        self._actions.append(actions)
        self._coming.append(coming(observations))
        return actions

    def path(self) -> "Path":
        """The recorded runs."""
        until_touched = np.stack(self._coming)
        ends = np.where(until_touched.all(axis=0), len(until_touched), np.argmin(until_touched, axis=0))
        return Path(np.stack(self._places), np.stack(self._actions), np.maximum(ends, 1))


@dataclass(frozen=True)
class Path:
    """Recorded runs of n crosses over t decisions.

    Attributes:
        places: the runner's positions (t, n, 2), m, in the frame of the observation.
        actions: the actions (t, n, 4).
        ends: the first decision after the first touch of the cross, (n,).
    """

    places: Floats
    actions: Actions
    ends: npt.NDArray[np.int64]

    def of(self, chosen: Mask) -> "Path":
        """The paths of some crosses."""
        return Path(self.places[:, chosen], self.actions[:, chosen], self.ends[chosen])


class Shifted:
    """Replays an agent's recorded path `shift` decisions later (negative: earlier).

    Args:
        agent: the agent that ran; it decides again after the first touch.
        path: its recorded runs.
        starts: the decision at which each run started, (n,).
        shift: number of decisions.
    """

    def __init__(self, agent: Agent, path: Path, starts: npt.NDArray[np.int64], shift: int) -> None:
        self.agent, self.path, self.starts, self.shift = agent, path, starts, shift
        self.name = f"{agent.name}, {shift * DECISION_TIME:+.1f} s"
        self.description = f"{agent.description}; the same run {shift * DECISION_TIME:+.1f} s later"
        self._decision = 0

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses, those of the recorded paths in the same order."""
        self.agent.reset(seeds)
        self._decision = 0

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Never called: every cross has a row of its own."""
        raise InvalidValue("shifted runs must all open together")

    def act(self, observations: Observations) -> Actions:
        """Actions (n, 4)."""
        own = self.agent.act(observations)
        at, waits = self._moment()
        self._decision += 1
        rows = np.arange(len(at))
        actions = np.where(waits[:, None], _waiting(observations), self.path.actions[at, rows])
        gap = self.path.places[at, rows] - _places(observations)
        pulled = actions[:, :2] + gap / (PULL * TOP_SPEED)
        pulled /= np.maximum(np.sqrt((pulled**2).sum(axis=1)), 1.0)[:, None]
        actions[:, :2] = np.where((gap != 0.0).any(axis=1)[:, None], pulled, actions[:, :2])
        return np.where(coming(observations)[:, None], actions, own).astype(np.float32)

    def _moment(self) -> tuple[npt.NDArray[np.int64], Mask]:
        """The recorded decision to replay now in each cross, (n,), and in which crosses the runner stands still."""
        now = self._decision
        starts = np.maximum(self.starts + min(self.shift, 0), 0)
        pause = max(self.shift, 0)
        skipped = self.starts - starts
        at = np.where(now < starts, now, np.maximum(now - pause, starts) + skipped)
        waits = (now >= starts) & (now < starts + pause)
        over = at >= self.path.ends
        return np.where(over, self.path.ends - 1, at), waits | over


@dataclass(frozen=True)
class ShiftedRuns:
    """The runs of an agent, all started `shift` later, per 100 of them.

    Attributes:
        shift: s; negative: earlier.
        xg: expected goals.
        gain: xG gained over no shift.
        meets: how often the runner gets to the ball.
        shoots: how often the runner shoots.
        offside: how often the runner is given offside.
        separation: mean distance of the nearest opponent as the runner meets the ball, m; None if none is met.
    """

    shift: float
    xg: float
    gain: Interval
    meets: float
    shoots: float
    offside: float
    separation: float | None


@dataclass(frozen=True)
class Sweep:
    """What the timing of an agent's runs is worth.

    Attributes:
        crosses: number of crosses played.
        with_a_run: number of crosses with a run; only these are shifted.
        ball: "same ball": each shifted run gets the delivery of the original run.
        points: one for each shift, the earliest first.

    Raises:
        InvalidValue: if the shifts do not ascend, or do not include 0.
    """

    crosses: int
    with_a_run: int
    ball: str
    points: tuple[ShiftedRuns, ...]

    def __post_init__(self) -> None:
        check_shifts([point.shift for point in self.points])


def check_shifts(shifts: Sequence[float]) -> None:
    """Check that shifts ascend and include 0.

    Raises:
        InvalidValue: if they do not.
    """
    if 0.0 not in shifts or len(shifts) < 2 or list(shifts) != sorted(set(shifts)):
        raise InvalidValue("the shifts must ascend and contain 0, and another one")


def sweep(
    make: Make,
    env: str,
    seeds: Seeds,
    options: Options | None = None,
    shifts: Sequence[float] = SHIFTS,
    progress: Progress | None = None,
) -> Sweep:
    """What the timing of an agent's runs is worth, over the crosses with these seeds (m,) in which it runs.

    Raises:
        InvalidValue: if the shifts do not ascend or do not include 0, or if there are fewer than two runs.
    """
    check_shifts(shifts)

    def work(first: int) -> list[Runs]:
        return shifted_runs(make, env, seeds[first : first + CHUNK], options, shifts, progress)

    pieces = on_cores(work, range(0, len(seeds), CHUNK))
    by_shift = [np.concatenate([piece[k] for piece in pieces]) for k in range(len(shifts))]
    zero = by_shift[list(shifts).index(0.0)]
    if len(zero) < 2:
        raise InvalidValue(f"he runs in {len(zero)} of {len(seeds)} crosses: too few for a sweep")
    points = tuple(_point(shift, shifted, zero) for shift, shifted in zip(shifts, by_shift, strict=True))
    return Sweep(len(seeds), len(zero), "same ball", points)


def shifted_runs(
    make: Make,
    env: str,
    seeds: Seeds,
    options: Options | None,
    shifts: Sequence[float],
    progress: Progress | None = None,
) -> list[Runs]:
    """The runs (k,) at each shift, for the k of n crosses in which the agent runs; all crosses at once."""
    noted = Noted(make())
    final = play(noted, env, seeds, options, batch=len(seeds), progress=progress)
    started = metrics(final)["start"] + final.delivery["struck_at"]
    runs = np.isfinite(started)
    path, given = noted.path().of(runs), final.delivery[runs]
    starts = first_decisions(started[runs])
    return [
        _again(Shifted(make(), path, starts, round(shift / DECISION_TIME)), env, seeds[runs], options, given, progress)
        for shift in shifts
    ]


def first_decisions(started: Floats) -> npt.NDArray[np.int64]:
    """The decision that starts each run, (n,): the one taken at `started` s of the track."""
    return np.round(started / DECISION_TIME).astype(np.int64)


def _again(
    runner: Shifted, env: str, seeds: Seeds, options: Options | None, given: Records, progress: Progress | None
) -> Runs:
    if not len(seeds):
        return keep(play(runner, env, seeds, options), set())
    return keep(play(runner, env, seeds, options, batch=len(seeds), progress=progress, given=given), set())


def _point(shift: float, of: Runs, zero: Runs) -> ShiftedRuns:
    """The result of one shift."""
    return ShiftedRuns(
        shift=shift,
        xg=100.0 * float(of["xg"].mean()),
        gain=paired(of["xg"], zero["xg"]),
        meets=100.0 * float(of["meets"].mean()),
        shoots=100.0 * float(of["shoots"].mean()),
        offside=100.0 * float(of["offside"].mean()),
        separation=mean(of["separation"]),
    )


def _places(observations: Observations) -> Floats:
    """The runners' positions (n, 2), m."""
    return np.asarray(observations[:, _PLACE].astype(np.float64) * observation.SCALES[_PLACE])


def _waiting(observations: Observations) -> Actions:
    """Actions (n, 4) that stand still and face the ball."""
    to_ball = observations[:, _BALL]
    away = np.sqrt((to_ball.astype(np.float64) ** 2).sum(axis=1))
    actions: Actions = np.zeros((len(observations), 4), np.float32)
    actions[:, 2:] = to_ball / np.maximum(away, 1e-6)[:, None]
    return actions
