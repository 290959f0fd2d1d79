"""A measured training session: three drills, their cones, their servers, and when the run starts.

For each drill the places of the two cones are chosen on crosses that are never reported (label "select"). Then the same
crosses (label "evaluate") are played with seven start times of the run. All a coach reads comes from these.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version

import numpy as np
import numpy.typing as npt

from backpost.agents.base.play import Progress, Records, play
from backpost.envs.common.errors import InvalidValue
from backpost.envs.crosses import Crosses
from backpost.envs.interface.options import Options
from backpost.envs.interface.outcome import ZONES, metrics, zone
from backpost.envs.scenarios.open_play import STARTS as SERVERS
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.record import new_worlds
from backpost.training.bench.result_file import REPORTED

from . import measures
from .content import (
    Choice,
    DrillCones,
    DrillPlan,
    ExampleCross,
    Server,
    SessionPlan,
    StartPoint,
    TriedCones,
    TriedPlace,
)
from .run import Cones, Place, timed_run

STARTS = (-0.9, -0.6, -0.3, 0.0, 0.3, 0.6, 0.9)
"""Start times of the run that are tried, s from the strike."""
FIRST = Cones(Place(13.0, -3.0), Place(5.0, -5.0))
"""Cones from which the search begins: the untuned defaults of the coaching rules."""
START_CONES = tuple(Place(depth, across) for depth in (10.0, 14.0, 18.0) for across in (0.0, -4.0, -8.0))
TARGET_CONES = tuple(Place(depth, across) for depth in (4.0, 6.0, 8.0) for across in (-5.0, -8.0))
"""Places tried for each cone."""
CHOSEN_ON = "select"
"""Label of the crosses on which cones and starts are chosen."""
CHOOSING = 500
"""Crosses for each place and time tried before the measurement."""
MEASURED = 1500
"""Crosses for each measured start."""
MATTERS = 0.01
"""Expected goals by which two runs must differ in a cross; smaller differences count as the same."""
SEEN = 0.25
"""Largest time between sending the runner and his visible start in the example, s."""
SHOWS = 0.1
"""Smallest lead of the better run in the example, expected goals."""

Seeds = npt.NDArray[np.uint64]


@dataclass(frozen=True)
class Drill:
    """One drill.

    Attributes:
        name: name of the drill.
        env: its scenario.
        servers: starts of the crosser, used in turn; if empty, a static server aims at three places.
    """

    name: str
    env: str
    servers: tuple[str, ...]

    def options(self, k: int) -> Options:
        """Options of cross number k: servers take turns."""
        return Options(start=self.servers[k % len(self.servers)]) if self.servers else Options()

    @property
    def balls(self) -> tuple[str, ...]:
        """Names of the balls: by server, or by target."""
        return self.servers or ZONES[:3]


DRILLS = (
    Drill("crossing", "DrillCrossing", SERVERS),
    Drill("shadow", "DrillShadow", SERVERS),
    Drill("set_piece", "DrillSetPiece", ()),
)


def session(crosses: int = MEASURED, first: int = 0, *, progress: Progress | None = None) -> SessionPlan:
    """Measure everything in a session plan.

    Args:
        crosses: number of crosses at each start of the run.
        first: number of the first cross.
        progress: called with the number of crosses finished since the last call.

    Raises:
        InvalidValue: for fewer than 20 crosses.
    """
    if crosses < 20:
        raise InvalidValue(f"a session needs 20 crosses or more at each start of the run, got {crosses}")
    return SessionPlan(
        version=version("backpost"),
        crosses=crosses,
        first_seed=first,
        label=REPORTED,
        chosen=Choice(CHOSEN_ON, min(CHOOSING, crosses)),
        starts=STARTS,
        drills=tuple(_drill(drill, crosses, first, progress) for drill in DRILLS),
    )


def crosses_to_play(crosses: int) -> int:
    """The total number of crosses that `session` plays."""
    tried = len(STARTS) + len(START_CONES) + len(TARGET_CONES) + len(STARTS)
    return len(DRILLS) * (tried * min(CHOOSING, crosses) + (len(STARTS) + 1) * crosses)


def table(result: SessionPlan) -> str:
    """The plan as text: for each drill the cones, the starts and their outcomes."""
    lines = [f"{result.crosses} crosses at each start of the run, from number {result.first_seed} on"]
    for drill in result.drills:
        lines += ["", f"{drill.environment}: cones {_paced(drill.cones.start)} and {_paced(drill.cones.target)}"]
        lines.append(f"{'start, s from the strike':26}{'meets':>7}{'shoots':>8}{'goals':>7}{'xG':>7}  per 100 crosses")
        for i, point in enumerate(drill.points):
            mark = "best" if i == drill.best else ""
            counts = f"{point.meets:7.1f}{point.shoots:8.1f}{point.goal:7.1f}{point.xg.mean:7.2f}"
            lines.append(f"{point.start:<+26.1f}{counts}  {mark}".rstrip())
    return "\n".join(lines)


def _paced(place: Place) -> str:
    return f"{place.depth:.1f} m deep, {-place.across:.1f} m beyond the middle"


def _drill(drill: Drill, crosses: int, first: int, progress: Progress | None) -> DrillPlan:
    """Choose the cones and then the start on other crosses, then measure every start between these cones."""
    choosing = episode_seeds(CHOSEN_ON, 0, first, min(CHOOSING, crosses))
    cones, tried = _cones(drill, choosing, progress)
    best = int(np.argmax([_play(drill, cones, start, choosing, progress).xg.mean() for start in STARTS]))
    seeds = episode_seeds(REPORTED, 0, first, crosses)
    tables: list[measures.Metrics] = []
    final = new_worlds(0)
    for i, start in enumerate(STARTS):
        played = _play(drill, cones, start, seeds, progress)
        tables.append(metrics(played))
        if i == best:
            final = played
    others = len(STARTS) - 1
    points = tuple(
        measures.start_point(start, of, tables[best], others) for start, of in zip(STARTS, tables, strict=True)
    )
    worse = worse_start(points, best)
    other = metrics(_play(drill, cones, STARTS[worse], seeds, progress, final.delivery))
    return DrillPlan(
        name=drill.name,
        environment=drill.env,
        crosses=crosses,
        cones=DrillCones(_began(final, STARTS[best]), cones.target, tried),
        points=points,
        best=best,
        worse=worse,
        servers=_servers(drill, seeds, final, tables[best]),
        others=measures.others(final),
        watch=measures.watched(final, tables[best], STARTS[best]),
        example=ExampleCross(
            number=first + example((tables[best], other), (STARTS[best], STARTS[worse])),
            same_ball=measures.same_ball(tables[best], other, MATTERS),
        ),
    )


def drill_of(plan: DrillPlan) -> tuple[Drill, Cones]:
    """The drill of a plan, and the places between which its runner was sent."""
    drill = next(drill for drill in DRILLS if drill.name == plan.name)
    return drill, Cones(plan.cones.tried.waits, plan.cones.target)


def worse_start(points: Sequence[StartPoint], best: int) -> int:
    """The start nearest to the best that is significantly worse, the later of two; if there is none, the worst."""
    certain = [i for i, point in enumerate(points) if i != best and point.below_best.low > 0]
    if not certain:
        return max((i for i in range(len(points)) if i != best), key=lambda i: points[i].below_best.mean)
    return min(certain, key=lambda i: (abs(i - best), -i))


def example(pair: tuple[measures.Metrics, measures.Metrics], starts: tuple[float, float]) -> int:
    """The first cross that shows what the start is worth: the runner shoots, and the other start is much worse.

    Of these, crosses in which both runs visibly start at the intended time are preferred.
    """
    best, other = pair
    lead = best["xg"] - other["xg"]
    shows = (best["shoots"] == 1) & (lead >= SHOWS)
    seen = [np.abs(of["start"] - start) <= SEEN for of, start in zip(pair, starts, strict=True)]
    for fits in (shows & seen[0] & seen[1], shows & seen[0], shows):
        if fits.any():
            return int(np.argmax(fits))
    return int(np.argmax(lead))


def _began(final: np.recarray, start: float) -> Place:
    """Where the run typically begins: cone A."""
    there = measures.stands(final, start)
    return Place(0.0, 0.0) if there is None else there.middle


def _cones(drill: Drill, seeds: Seeds, progress: Progress | None) -> tuple[Cones, TriedCones]:
    """The best of the places tried, one cone after the other, at the best start with the initial cones."""

    def worth(cones: Cones, start: float) -> float:
        return float(100 * _play(drill, cones, start, seeds, progress)["xg"].mean())

    start = max(STARTS, key=lambda at: worth(FIRST, at))
    starts = {place: worth(Cones(place, FIRST.target), start) for place in START_CONES}
    waits = max(starts, key=lambda place: starts[place])
    targets = {place: worth(Cones(waits, place), start) for place in TARGET_CONES}
    leads = max(targets, key=lambda place: targets[place])
    tried = [
        tuple(TriedPlace(place.depth, place.across, xg) for place, xg in places.items()) for places in (starts, targets)
    ]
    return Cones(waits, leads), TriedCones(start, waits, *tried)


def _play(
    drill: Drill,
    cones: Cones,
    start: float,
    seeds: Seeds,
    progress: Progress | None,
    given: Records | None = None,
) -> np.recarray:
    """Final records (n,) of these crosses; servers take turns."""
    final = new_worlds(len(seeds))
    runner = timed_run(cones, start)
    for rows in _turns(drill, len(seeds)):
        ball = None if given is None else given[rows]
        final[rows] = play(runner, drill.env, seeds[rows], drill.options(rows[0]), progress=progress, given=ball)
    return final


def _servers(drill: Drill, seeds: Seeds, final: np.recarray, table: measures.Metrics) -> tuple[Server, ...]:
    """Each server, or each of the places that a single server aims at."""
    opening = new_worlds(len(seeds))
    for rows in _turns(drill, len(seeds)):
        dealt = Crosses(drill.env, len(rows), options=drill.options(rows[0]))
        dealt.deal(seeds[rows])
        opening[rows] = dealt.worlds
    which = np.arange(len(seeds)) % len(SERVERS)
    if not drill.servers:
        which = zone(opening.delivery.aim_x, opening.delivery.aim_y)
    servers = []
    for k, name in enumerate(drill.balls):
        rows = np.flatnonzero(which == k)
        if len(rows) > 1:
            pair = opening[rows].view(np.recarray), final[rows].view(np.recarray)
            servers.append(measures.server(name, *pair, table[rows]))
    return tuple(servers)


def _turns(drill: Drill, count: int) -> list[npt.NDArray[np.int64]]:
    """The indices of the crosses that each server serves."""
    turns = max(len(drill.servers), 1)
    return [np.arange(k, count, turns) for k in range(turns)]
