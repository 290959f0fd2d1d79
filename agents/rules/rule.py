"""What all coaching rules share.

A rule is a trigger (when), a target (where) and an adjustment (what changes once the flight is read). All rules turn
these into actions in the same way: wait at the holding place facing the ball, stay onside until the strike, sprint to
the target, and once the flight is read go where the ball can be met and run through it with the body open. Whether the
ball is met at once, on the volley or at the feet is a number of every rule, and how early an opponent must be expected
for the runner not to wait.

No rule turns its back on the ball: a runner faces it when he is slow enough to run backwards at that pace, and
otherwise where he runs, turned towards the ball just so far that he sees it. So no rule loses because it moves or sees
poorly, and a policy is never compared with a straw man.
"""

from abc import ABC, abstractmethod
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from backpost.agents.base.agent import Actions, Observations, Seeds
from backpost.agents.base.movement import BACKWARDS, direction, keep_in_view, length, meet, settle, stay_onside
from backpost.agents.base.view import OUT_WIDE, Array, Mask, View, at, wing
from backpost.envs.world.record import DECISION_TIME

from .numbers import TUNED_SCENARIO, Numbers, tuned

ARRIVED = 1.5
"""Distance from the target at which a runner stops looking where he runs and opens his body to the ball, m."""
_EXPECTED = np.array([*OUT_WIDE, 0.0, 0.0])
"""Place and velocity of a ball that the runner has not seen yet."""


class Rule(ABC):
    """A coaching rule. Subclasses define `trigger`, `target` and, if needed, `adjust`.

    Args:
        numbers: the free numbers; by default those tuned for `scenario`.
        scenario: the scenario whose tuned numbers are used.
    """

    name: str
    description: str
    source: str
    numbers_type: ClassVar[type[Numbers]] = Numbers
    commits: ClassVar[bool] = False
    """True for a rule that chooses its target as the run starts and keeps it."""
    numbers: Any
    """The free numbers, of class `numbers_type`."""

    def __init__(self, numbers: Any = None, scenario: str = TUNED_SCENARIO) -> None:
        self.numbers = tuned(self.name, self.numbers_type, scenario) if numbers is None else numbers
        self._running: Mask = np.zeros(0, bool)
        self._kept: Array = np.zeros((0, 2))
        self._ball: Array = np.zeros((0, 4))

    @abstractmethod
    def trigger(self, view: View) -> Mask:
        """Whether the run starts now, (n,); it then continues, unless the crosser checks back and carries on."""

    @abstractmethod
    def target(self, view: View) -> Array:
        """Where the run leads, (n, 2) metres in the pitch frame."""

    def adjust(self, view: View, target: Array) -> Array:
        """The target once the ball has been struck, (n, 2); by default unchanged."""
        return target

    def hold(self, view: View) -> Array:
        """Where the runner waits until the trigger, (n, 2): from the `HoldingNumbers` of the rule."""
        return at(self.numbers.hold_depth, self.numbers.hold_width, len(view.place))

    def identity(self) -> dict[str, Any]:
        """Its name and its free numbers."""
        return {"rule": self.name, "numbers": self.numbers}

    def reset(self, seeds: Seeds) -> None:
        """Open n crosses."""
        self._running = np.zeros(len(seeds), bool)
        self._kept = np.zeros((len(seeds), 2))
        self._ball = np.tile(_EXPECTED, (len(seeds), 1))

    def restart(self, which: Mask, seeds: Seeds) -> None:
        """Open new crosses in some rows."""
        self._running[which] = False
        self._ball[which] = _EXPECTED

    def act(self, observations: Observations) -> Actions:
        """Actions (n, 4) for observations (n, SIZE)."""
        return self.act_in(np.arange(len(observations)), observations)

    def act_in(self, rows: npt.NDArray[np.int64], observations: Observations) -> Actions:
        """Actions (m, 4) in the crosses `rows` (m,) only, for their observations (m, SIZE)."""
        view = self._look(rows, observations)
        after = view.after_strike
        offset = self._destination(rows, view) - view.place
        wanted = settle(offset, view.velocity)
        waiting = length(offset) < ARRIVED
        to_ball = direction(view.ball)
        facing = np.where(waiting[:, None], to_ball, 0.0)

        goes = self.goes_for_the_ball(view)
        if goes.any():
            place, time = meeting(view, self.numbers)
            wanted = np.where(goes[:, None], meet(place, view.velocity, time), wanted)
            to_goal = direction(at(0.0, 0.0, len(offset)) - view.place)
            open_body = (1.0 - self.numbers.open) * to_ball + self.numbers.open * to_goal
            opens = goes & (time < self.numbers.open_time)
            facing = np.where(opens[:, None], open_body, np.where(goes[:, None], 0.0, facing))
        bent = stay_onside(wanted, view.velocity, view["line"] - self.numbers.margin)
        wanted = np.where(after[:, None], wanted, bent)
        runs = length(facing) == 0.0
        facing = np.where((runs & (length(wanted) < BACKWARDS))[:, None], to_ball, facing)
        ahead = direction(np.where((length(facing) == 0.0)[:, None], wanted, facing))
        looks = keep_in_view(ahead, view.ball)
        turned = length(looks - ahead) > 0.0
        return _actions(wanted, np.where(turned[:, None], looks, facing), view.side)

    def _look(self, rows: npt.NDArray[np.int64], observations: Observations) -> View:
        """What the runner sees; a ball out of sight he expects where it would be had it gone on as he last saw it."""
        view = View(observations, wing(observations))
        at_feet = view.crosser.any(axis=1) & ~view.after_strike
        seen = np.concatenate([view.place + view.ball, view.ball_velocity], axis=1)
        kept = self._ball[rows]
        kept[view.after_strike, :2] += DECISION_TIME * kept[view.after_strike, 2:]
        kept[at_feet] = np.concatenate([view.place + view.crosser, np.zeros_like(view.place)], axis=1)[at_feet]
        ball = np.where(view.is_on("ball_seen")[:, None], seen, kept)
        self._ball[rows] = ball
        view.ball, view.ball_velocity = ball[:, :2] - view.place, ball[:, 2:]
        return view

    def _destination(self, rows: npt.NDArray[np.int64], view: View) -> Array:
        """Where the runner goes until he attacks the ball, (m, 2): his target, or his holding place."""
        already = self._running[rows] & ~view.is_on("carry")
        running = self.trigger(view) | already
        self._running[rows] = running
        target = self.target(view)
        if self.commits:
            starts = running & ~already
            self._kept[rows[starts]] = target[starts]
            target = self._kept[rows]
        target = np.where(view.after_strike[:, None], self.adjust(view, target), target)
        return np.where(running[:, None], target, self.hold(view))

    def goes_for_the_ball(self, view: View) -> Mask:
        """Where the flight has been read: the ball can be met, and the runner has watched it long enough."""
        after: float = self.numbers.read_after
        return view.is_on("read_valid") & view.after_strike & (view.clock >= after)


def meeting(view: View, numbers: Numbers) -> tuple[Array, Array]:
    """Where (n, 2), relative to the runner, and when (n,) a runner with these numbers meets a ball that he has read.

    Between its first reachable place and its drop to the feet the ball is taken to move on a straight line. He lets it
    come as far as his numbers say, but not so far that an opponent is there first.
    """
    first = view["read_time"]
    fall = np.where(view.is_on("drop_valid"), view["drop_time"] - first, 0.0)
    latest = view["rivals_time"] - numbers.rival_margin - first
    wait = np.clip(numbers.meet * fall + numbers.later, 0.0, np.maximum(latest, 0.0))
    falls = fall > 0.0
    along = np.where(falls[:, None], (view.drop - view.read) / np.where(falls, fall, 1.0)[:, None], view.ball_velocity)
    return view.read + wait[:, None] * along, first + wait


def _actions(wanted: Array, facing: Array, side: Array) -> Actions:
    """Wanted velocity and facing as actions, mirrored back to the wing of the cross."""
    actions = np.concatenate([wanted, facing], axis=1)
    actions[:, 1::2] *= side[:, None]
    clipped: Actions = np.clip(actions, -1.0, 1.0).astype(np.float32)
    return clipped
