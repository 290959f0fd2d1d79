"""What a session plan holds: for each drill its cones, its servers, every start of the run, and what can be seen.

Shares are of 100 crosses, times seconds from the strike. Places are as `run.Place` has them. None: it never happened.
"""

from dataclasses import dataclass
from typing import ClassVar

from backpost.training.bench.result_file import Result
from backpost.training.bench.statistics import Interval

from .run import Place


@dataclass(frozen=True)
class Spread:
    """The median of some values and the ends of their middle half."""

    low: float
    middle: float
    high: float


@dataclass(frozen=True)
class PlaceSpread:
    """Where something typically is: m from the goal line, and across from the middle of the goal."""

    depth: Spread
    across: Spread

    @property
    def middle(self) -> Place:
        """The median place."""
        return Place(self.depth.middle, self.across.middle)


@dataclass(frozen=True)
class Counts:
    """What some crosses come to.

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
    """What one start of the run comes to.

    Attributes:
        start: of the run.
        below_best: xG that it loses against the best start on the same crosses.
    """

    start: float
    below_best: Interval


@dataclass(frozen=True)
class Server(Counts):
    """A server, or one of the places that the only server aims at.

    Attributes:
        name: of the server or the place.
        crosses: how many.
        sets_off: where he sets off with the ball.
        place: where he strikes it; None if he never does.
        balls: shares of high, low and cut-back balls.
        flight: s until the runner meets the ball.
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
    """Somebody else in the drill.

    Attributes:
        index: of the player in the world.
        who: "attack", "defence" or "keeper".
        place: as the ball is struck.
    """

    index: int
    who: str
    place: PlaceSpread | None


@dataclass(frozen=True)
class Watched:
    """What there is to be seen of the run.

    Attributes:
        arrival: when the runner meets the ball.
        speed: his speed then, m/s.
        height: of the ball then, m.
        length: of the run, m.
        gap: to the nearest opponent as he meets the ball, m.
        gap_at_strike: to the nearest opponent as it is struck, m.
        unseen: of his run outside his marker's sight, per cent.
        met: where he meets the ball.
        techniques: of 100 balls that he meets, how many with what.
        zones: of 100 balls that he meets, how many where.
        unmet: of 100 balls that pass him, how many where.
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
    """A place that was tried for a cone, and the xG with it on the crosses of the choice."""

    xg: float


@dataclass(frozen=True)
class TriedCones:
    """How the cones were chosen.

    Attributes:
        at: start of the run that was best with the first cones.
        waits: where the runner is sent to wait.
        start: places tried for that.
        target: places tried for the second cone.
    """

    at: float
    waits: Place
    start: tuple[TriedPlace, ...]
    target: tuple[TriedPlace, ...]


@dataclass(frozen=True)
class DrillCones:
    """Where the two cones are put: where the run typically began, and where it leads."""

    start: Place
    target: Place
    tried: TriedCones


@dataclass(frozen=True)
class SameBall:
    """On the same ball: how often the best start is better off than the other, worse off, neither."""

    better: float
    worse: float
    same: float


@dataclass(frozen=True)
class ExampleCross:
    """The cross that a drill shows, by its number, and how often it goes as it does there."""

    number: int
    same_ball: SameBall


@dataclass(frozen=True)
class DrillPlan:
    """One drill.

    Attributes:
        name: of the drill.
        environment: its scenario.
        crosses: at each start.
        cones: where they are put.
        points: every start of the run.
        best: index of the best start.
        worse: index of the start that the example compares it with.
        servers: in their order.
        others: who else is there in most crosses.
        watch: what can be seen of the run with the best start.
        example: the cross that is shown.
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
    """The crosses on which cones and starts were chosen: their label, and how many."""

    label: str
    crosses: int


@dataclass(frozen=True)
class SessionPlan(Result):
    """What `session` returns.

    Attributes:
        version: of this package.
        crosses: at each start of the run.
        first_seed: number of the first.
        label: of the crosses.
        chosen: the crosses of the choice.
        starts: that were tried.
        drills: in their order.
    """

    command: ClassVar[str] = "session"

    version: str
    crosses: int
    first_seed: int
    label: str
    chosen: Choice
    starts: tuple[float, ...]
    drills: tuple[DrillPlan, ...]
