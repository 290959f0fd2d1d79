"""The run that a distilled rule makes: hold, go, read hips and flight, meet the ball with an open body.

It is a coaching rule like any other and moves as they all do; only its numbers change with the situation.
"""

from dataclasses import asdict, dataclass, fields
from typing import Any

from backpost.agents.base.view import Array, Mask, View, at
from backpost.agents.rules.numbers import Numbers, number
from backpost.agents.rules.rule import Rule


@dataclass(frozen=True)
class RunNumbers(Numbers):
    """The numbers of one run."""

    later: float = number(0.05, 0.0, 0.25, "s", "how much longer than that he lets the ball come")
    hold_depth: float = number(13.0, 5.0, 22.0, "m", "where he waits: distance from the goal line")
    hold_width: float = number(3.0, -6.0, 14.0, "m", "where he waits: distance beyond the centre, far side positive")
    start: float = number(
        -0.3, -1.5, 0.7, "s", "start of the run relative to the strike; before the strike, judged by the cues"
    )
    depth: float = number(5.0, 2.0, 14.0, "m", "target: distance from the goal line")
    width: float = number(5.0, -8.0, 12.0, "m", "target: distance beyond the centre, far side positive")
    hips: float = number(0.0, 0.0, 1.0, "-", "how far he goes from his target towards where the crosser's hips point")


class Run(Rule):
    """One run."""

    name = "distilled-run"
    description = "holds, goes, and meets the ball as its numbers say"
    source = "distilled from a policy"
    numbers_type = RunNumbers
    numbers: RunNumbers

    def trigger(self, view: View) -> Mask:
        """When the run starts."""
        return view.clock >= self.numbers.start

    def target(self, view: View) -> Array:
        """Where the run leads: the more clearly the hips point to a place, the nearer to it."""
        place = at(self.numbers.depth, self.numbers.width, len(view.place))
        follows = self.numbers.hips * view["hips_shown"]
        followed: Array = place + follows[:, None] * (view.place + view.hips - place)
        return followed


def like(rule: Rule) -> RunNumbers:
    """The run that is nearest to a coaching rule: its numbers where it has them, the defaults elsewhere."""
    names = {entry.name for entry in fields(RunNumbers)}
    values: dict[str, Any] = {name: value for name, value in asdict(rule.numbers).items() if name in names}
    if "hold_depth" not in values:
        # A rule that waits where its run would end.
        values["hold_depth"], values["hold_width"] = values.get("depth", 13.0), values.get("width", 3.0)
    return within(values)


def within(values: dict[str, float]) -> RunNumbers:
    """The numbers of a run, clipped to their ranges."""
    return RunNumbers(
        **{
            entry.name: min(max(values[entry.name], entry.metadata["low"]), entry.metadata["high"])
            for entry in fields(RunNumbers)
            if entry.name in values
        }
    )
