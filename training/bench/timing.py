"""The timing curve: what the start time of a back-post run is worth, and which mechanism causes it.

The runner is scripted: he holds his run onside, starts at a given time relative to the true strike, runs to the back
post and attacks the ball where he can meet it. No player knows the true strike; an oracle clock keeps misreadings out
of the curve. Every start plays the same crosses, with offside and the defenders' belief limits on and off, and twice:
"free" (the crosser responds to the run) and "same ball" (the ball from the run that starts at the strike is replayed).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import numpy.typing as npt

from backpost.agents.base.play import Progress, replay
from backpost.envs.common.errors import InvalidValue
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import RUNNER

from .comparison import LEVEL
from .result_file import REPORTED, Result
from .scripted import play_scripted
from .statistics import Interval, bonferroni, mean_interval

STARTS = (-1.5, -1.25, -1.0, -0.75, -0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0)
"""Start times, s from the strike."""
BACK_POST = (HALF_LENGTH - 5.0, 5.0)
"""Where the run ends, m: five metres out, a metre and a half beyond the back post."""
SETTINGS = (
    {"offside_on": 1.0, "belief_limits_on": 1.0},
    {"offside_on": 0.0, "belief_limits_on": 1.0},
    {"offside_on": 1.0, "belief_limits_on": 0.0},
    {"offside_on": 0.0, "belief_limits_on": 0.0},
)
FREE, SAME_BALL = BALLS = ("free", "same ball")
ORACLE = {"timing_error": 0.0}
"""The runner and his team-mates know when the ball will be struck, so starts are exact to a tenth of a second."""

Delivered = npt.NDArray[np.void]
"""Deliveries of finished crosses, (n,)."""


@dataclass(frozen=True)
class Played:
    """What the curve keeps from n finished crosses; arrays (n,)."""

    xg: npt.NDArray[np.float64]
    own_xg: npt.NDArray[np.float64]
    meets: npt.NDArray[np.bool_]
    offside: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, final: np.recarray) -> "Played":
        """From final records (n,)."""
        meets = final["meeting"]["by"] == RUNNER
        return cls(final["xg"].copy(), final["own_xg"].copy(), meets, final["offender"] == RUNNER)


@dataclass(frozen=True)
class StartPoint:
    """What one start of the run is worth.

    Attributes:
        start: start time, s from the strike.
        xg: the team's xG per 100 crosses.
        own_xg: xG of the runner's own shots per 100 crosses.
        meets: share of crosses in which he gets to the ball.
        offside: share of crosses in which he is given offside.
        below_best: xG per 100 crosses lost against the best start, with an interval simultaneous over all pairs.
    """

    start: float
    xg: Interval
    own_xg: Interval
    meets: float
    offside: float
    below_best: Interval


@dataclass(frozen=True)
class Curve:
    """Every start on the same crosses, with or without a mechanism.

    Attributes:
        offside_on: whether the offside law applies.
        belief_limits_on: whether defenders know only what they could have seen.
        ball: one of `BALLS`.
        points: one point per start, the earliest first.
    """

    offside_on: bool
    belief_limits_on: bool
    ball: str
    points: tuple[StartPoint, ...]


@dataclass(frozen=True)
class TimingCurve:
    """What `timing_curve` returns.

    Attributes:
        environment: the environment.
        crosses: number of crosses for every start.
        first_seed: number of the first cross.
        label: label of the crosses.
        unit: unit of the worth of a start.
        starts: start times, s from the strike.
        curves: one curve for each setting and ball.
    """

    environment: str
    crosses: int
    first_seed: int
    label: str
    unit: str
    starts: tuple[float, ...]
    curves: tuple[Curve, ...]


@dataclass(frozen=True)
class Timing(Result):
    """The timing curves of one or more environments."""

    command: ClassVar[str] = "timing"

    environments: tuple[TimingCurve, ...]


def timing_curve(
    env: str,
    crosses: int = 20_000,
    first_seed: int = 0,
    *,
    starts: Sequence[float] = STARTS,
    settings: Sequence[dict[str, float]] = SETTINGS,
    balls: Sequence[str] = BALLS,
    progress: Progress | None = None,
) -> TimingCurve:
    """XG per 100 crosses against the start of the run.

    Raises:
        UnknownName: for an unknown environment or parameter.
        InvalidValue: for fewer than two crosses or no start.
    """
    if crosses < 2 or not starts:
        raise InvalidValue(f"a timing curve needs 2 crosses and one start or more, got {crosses} and {len(starts)}")
    seeds = episode_seeds(REPORTED, 0, first_seed, crosses)
    return TimingCurve(
        environment=env,
        crosses=crosses,
        first_seed=first_seed,
        label=REPORTED,
        unit="xG per 100 crosses",
        starts=tuple(starts),
        curves=tuple(_curve(env, seeds, starts, setting, ball, progress) for setting in settings for ball in balls),
    )


def table(result: TimingCurve) -> str:
    """The curves as text: one row per curve, one column per start."""
    names = [_name(curve) for curve in result.curves]
    width = max(map(len, names)) + 2
    lines = [f"{result.environment}: xG per 100 crosses by the start of the run, {result.crosses} paired crosses"]
    for name, curve in zip(names, result.curves, strict=True):
        best = max(curve.points, key=lambda point: point.xg.mean)
        ends = "an end of the range" if best.start in (min(result.starts), max(result.starts)) else "inside it"
        cells = " ".join(f"{point.xg.mean:5.2f}" for point in curve.points)
        lines.append(f"{name:<{width}}{cells}   best {best.start:+.2f} s, {ends}")
    starts = " ".join(f"{start:+.2f}" for start in result.starts)
    lines.insert(1, f"{'start, s from the strike':<{width}}{starts}")
    return "\n".join(lines)


def _curve(
    env: str,
    seeds: npt.NDArray[np.uint64],
    starts: Sequence[float],
    setting: dict[str, float],
    ball: str,
    progress: Progress | None,
) -> Curve:
    """One curve: every start on the same crosses."""
    options = Options(parameters=ORACLE | setting)
    given = _play(env, seeds, 0.0, options, None, progress)["delivery"] if ball == SAME_BALL else None
    # Keep only what the points need: the records of a whole curve would fill gigabytes.
    played = [Played.of(_play(env, seeds, start, options, given, progress)) for start in starts]
    best = max(played, key=lambda of: float(of.xg.mean()))
    # The best start is found on these same crosses; intervals simultaneous over all pairs of starts allow for that.
    level = bonferroni(LEVEL, len(starts) * (len(starts) - 1) // 2 or 1)
    points = tuple(_point(start, of, best, level) for start, of in zip(starts, played, strict=True))
    return Curve(bool(setting["offside_on"]), bool(setting["belief_limits_on"]), ball, points)


def _play(
    env: str,
    seeds: npt.NDArray[np.uint64],
    start: float,
    options: Options,
    given: Delivered | None,
    progress: Progress | None,
) -> np.recarray:
    def prepare(worlds: np.recarray, rows: npt.NDArray[np.int64]) -> None:
        runner = worlds["players"][:, RUNNER]
        runner["start"] = start
        runner["home_x"], runner["home_y"] = BACK_POST
        if given is not None:
            replay(worlds["delivery"], np.arange(len(rows)), given[rows])

    return play_scripted(env, seeds, options, prepare, progress)


def _point(start: float, played: Played, best: Played, level: float) -> StartPoint:
    """What one start is worth, and its loss against the best start on the same crosses, at this level."""
    return StartPoint(
        start=start,
        xg=mean_interval(100 * played.xg),
        own_xg=mean_interval(100 * played.own_xg),
        meets=float(played.meets.mean()),
        offside=float(played.offside.mean()),
        below_best=mean_interval(100 * (best.xg - played.xg), level),
    )


def _name(curve: Curve) -> str:
    offside = "on" if curve.offside_on else "off"
    belief = "on" if curve.belief_limits_on else "off"
    return f"{curve.ball}, offside {offside}, belief limits {belief}"
