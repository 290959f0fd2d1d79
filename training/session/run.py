"""The drilled run: from one cone to the other at a set time, and to the ball once the run is on."""

from dataclasses import asdict, dataclass

from backpost.agents.base.view import Array, Mask, View, at
from backpost.agents.rules.early_back_post import EarlyBackPost, EarlyBackPostNumbers
from backpost.agents.rules.numbers import BackPostNumbers, number, tuned
from backpost.agents.rules.rule import Rule


@dataclass(frozen=True)
class Place:
    """A place on the pitch as a coach paces it out.

    Attributes:
        depth: m from the goal line.
        across: m from the centre of the goal, positive on the crosser's side.
    """

    depth: float
    across: float


@dataclass(frozen=True)
class Cones:
    """Where the run starts, and where it leads until the runner has read the flight."""

    start: Place
    target: Place


@dataclass(frozen=True)
class TimedNumbers(BackPostNumbers):
    """When the runner goes, over all the times that a drill tries."""

    start: float = number(
        0.0, -0.9, 1.2, "s", "start of the run relative to the strike; before the strike, judged by the cues"
    )


class TimedRun(Rule):
    """Hold at one cone, then run to the other at a set time; a runner who has not started does not attack the ball."""

    name = "timed-back-post"
    description = "holds at a cone and runs to the back post at a set time"
    source = "the early back-post run and the held one, with the time of the start left open"
    numbers_type = TimedNumbers
    numbers: TimedNumbers

    def trigger(self, view: View) -> Mask:
        """At the set time, which before the strike the runner judges from the server's body alone."""
        return view.clock >= self.numbers.start

    def target(self, view: View) -> Array:
        """The second cone."""
        return at(self.numbers.depth, self.numbers.width, len(view.place))

    def goes_for_the_ball(self, view: View) -> Mask:
        """Once the flight is read and the run is on."""
        return super().goes_for_the_ball(view) & self.trigger(view)


def timed_run(cones: Cones, start: float) -> TimedRun:
    """The run between these cones at this time (s from the strike); other numbers as tuned for the early run.

    Raises:
        InvalidValue: for a place or a time outside the ranges of `TimedNumbers`.
    """
    numbers = asdict(tuned(EarlyBackPost.name, EarlyBackPostNumbers))
    numbers |= {"hold_depth": cones.start.depth, "hold_width": -cones.start.across}
    numbers |= {"depth": cones.target.depth, "width": -cones.target.across, "start": start}
    return TimedRun(TimedNumbers.of(numbers))
