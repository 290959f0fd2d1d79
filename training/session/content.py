"""The content of a session plan: for each drill the cones, the servers, every start of the run, and what to watch for.

Shares are per 100 crosses, times in seconds from the strike, places as in `run.Place`. None: it never happened.
"""

from dataclasses import dataclass
from typing import ClassVar

from backpost.training.bench.result_file import Result
from backpost.training.bench.statistics import Interval

from .run import Place


@dataclass(frozen=True)
class Spread:
    """The median and the quartiles of some values."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class PlaceSpread:
    """A typical place: m from the goal line, and m across from the centre of the goal."""

    depth: Spread
    across: Spread

    @property
    def middle(self) -> Place:
        """The median place."""
        return Place(self.depth.middle, self.across.middle)


@dataclass(frozen=True)
class Counts:
    """The outcomes of some crosses.

    Attributes:
        meets: the runner gets to the ball.
        shoots: he shoots.
        goal: the team scores.
        offside: he is given offside.
        xg: expected goals of the team.
    """

    meets: float
    shoots: float
    goal: float
    offside: float
    xg: Interval


@dataclass(frozen=True)
class StartPoint(Counts):
    """The outcomes of one start of the run.

    Attributes:
        start: start of the run.
        below_best: xG lost against the best start on the same crosses.
    """

    start: float
    below_best: Interval


@dataclass(frozen=True)
class Server(Counts):
    """A server, or one of the places that a single server aims at.

    Attributes:
        name: name of the server or the place.
        crosses: number of crosses.
        sets_off: where the server sets off with the ball.
        place: where he strikes it; None if he never does.
        balls: shares of high, low and cut-back balls.
        flight: time until the runner meets the ball, s.
        met: where the runner meets it.
    """

    name: str
    crosses: int
    sets_off: PlaceSpread
    place: PlaceSpread | None
    balls: dict[str, float]
    flight: Spread | None
    met: PlaceSpread | None


@dataclass(frozen=True)
class OtherPlayer:
    """Another player in the drill.

    Attributes:
        index: the player's index in the world.
        who: "attack", "defence" or "keeper".
        place: his place when the ball is struck.
    """

    index: int
    who: str
    place: PlaceSpread | None


@dataclass(frozen=True)
class Watched:
    """What to watch for in the run.

    Attributes:
        arrival: when the runner meets the ball.
        speed: his speed at that moment, m/s.
        height: height of the ball at that moment, m.
        length: length of the run, m.
        gap: distance to the nearest opponent when he meets the ball, m.
        gap_at_strike: distance to the nearest opponent when it is struck, m.
        unseen: share of his run outside his marker's sight, per cent.
        met: where he meets the ball.
        techniques: per 100 balls that he meets, how many with each technique.
        zones: per 100 balls that he meets, how many in each zone.
        unmet: per 100 balls that pass him, how many in each zone.
    """

    arrival: Spread | None
    speed: Spread | None
    height: Spread | None
    length: Spread | None
    gap: Spread | None
    gap_at_strike: Spread | None
    unseen: float | None
    met: PlaceSpread | None
    techniques: dict[str, float]
    zones: dict[str, float]
    unmet: dict[str, float] | None


@dataclass(frozen=True)
class TriedPlace(Place):
    """A place tried for a cone, and its xG on the crosses used for the choice."""

    xg: float


@dataclass(frozen=True)
class TriedCones:
    """How the cones were chosen.

    Attributes:
        at: the best start of the run with the initial cones.
        waits: where the runner is sent to wait.
        start: places tried for the first cone.
        target: places tried for the second cone.
    """

    at: float
    waits: Place
    start: tuple[TriedPlace, ...]
    target: tuple[TriedPlace, ...]


@dataclass(frozen=True)
class DrillCones:
    """The places of the two cones: where the run typically begins, and where it leads."""

    start: Place
    target: Place
    tried: TriedCones


@dataclass(frozen=True)
class SameBall:
    """On the same ball: how often the best start is better than the other, worse, or neither."""

    better: float
    worse: float
    same: float


@dataclass(frozen=True)
class ExampleCross:
    """The number of the example cross of a drill, and how often the starts compare as in it."""

    number: int
    same_ball: SameBall


@dataclass(frozen=True)
class DrillPlan:
    """One drill.

    Attributes:
        name: name of the drill.
        environment: its scenario.
        crosses: number of crosses at each start.
        cones: places of the cones.
        points: every start of the run.
        best: index of the best start.
        worse: index of the start that the example compares it with.
        servers: the servers, in order.
        others: the other players present in most crosses.
        watch: what to watch for in the run with the best start.
        example: the example cross.
    """

    name: str
    environment: str
    crosses: int
    cones: DrillCones
    points: tuple[StartPoint, ...]
    best: int
    worse: int
    servers: tuple[Server, ...]
    others: tuple[OtherPlayer, ...]
    watch: Watched
    example: ExampleCross

    @property
    def best_point(self) -> StartPoint:
        """The best start."""
        return self.points[self.best]

    @property
    def worse_point(self) -> StartPoint:
        """The start that the example compares it with."""
        return self.points[self.worse]


@dataclass(frozen=True)
class Choice:
    """The crosses on which cones and starts were chosen: their label and number."""

    label: str
    crosses: int


@dataclass(frozen=True)
class SessionPlan(Result):
    """What `session` returns.

    Attributes:
        version: version of this package.
        crosses: number of crosses at each start of the run.
        first_seed: number of the first cross.
        label: label of the crosses.
        chosen: the crosses used for the choice.
        starts: the starts that were tried, s from the strike.
        drills: the drills, in order.
    """

    command: ClassVar[str] = "session"

    version: str
    crosses: int
    first_seed: int
    label: str
    chosen: Choice
    starts: tuple[float, ...]
    drills: tuple[DrillPlan, ...]
