"""The shots of a film: the opening, the run, freezes at its named moments, slow motion at the end."""

from dataclasses import dataclass

import numpy as np

from . import captions
from .moments import Moments, as_history, moments

BEFORE_STRIKE, BEFORE_START, AFTER_BALL = 2.5, 0.6, 3.0
"""Seconds shown before the strike, before the run starts, and at most after the ball."""
SLOW = 4
"""Slow motion is this many times slower."""
SLOW_BEFORE, SLOW_AFTER = 0.6, 0.3
"""Seconds in slow motion before and after the ball; if the cross ends soon after, half of what remains."""
OPENING, FREEZE, ENDING = 2.0, 1.4, 1.5
"""Seconds for which the opening, a named moment and the ending are frozen."""


@dataclass(frozen=True)
class Shot:
    """One picture of a film.

    Attributes:
        time: seconds from the start of the episode.
        frames: how many frames it lasts.
        note: caption for its speed.
        moment: name of the moment at which the film is frozen, "" while it moves.
        opening: whether it sets the scene: who runs, and the legend of players.
    """

    time: float
    frames: int = 1
    note: str = ""
    moment: str = ""
    opening: bool = False


def named_moments(when: Moments) -> list[tuple[str, float]]:
    """Names and times of a run's moments, earliest first: its start, the strike, the ball.

    A run already under way as the attack begins has no start here. If the runner neither meets the ball nor has it pass
    him, the last moment is another player's first touch.
    """
    start = None if when.runs_at_once else when.start
    named = [(captions.RUN_STARTS, start), (captions.CROSS_STRUCK, when.struck)]
    if when.contact is not None:
        name = captions.MEETS_BALL if when.meets is not None else captions.BALL_PASSES
        named.append((name, when.contact))
    elif not when.blocked:
        named.append((captions.ANOTHER_FIRST, when.first_touch))
    return sorted(((name, time) for name, time in named if time is not None), key=lambda moment: moment[1])


def storyboard(history: np.recarray, rate: int, other: np.recarray | None = None) -> list[Shot]:
    """The shots of a film of a run, records (t,), at `rate` frames per second; it lasts until `other` is over too.

    The run is shown once: in real time, in slow motion around the ball, then in real time again. It freezes at its
    named moments and on its first and last picture.
    """
    when = moments(as_history(history))
    begin, end = _span(when, None if other is None else moments(as_history(other)))
    slow = (np.inf, np.inf)
    if when.struck is not None and when.until < end:
        slow = when.until - SLOW_BEFORE, when.until + min(SLOW_AFTER, (end - when.until) / 2)
    stops = [moment for moment in named_moments(when) if begin <= moment[1] <= end]
    shots = [Shot(begin, round(OPENING * rate), opening=True)]
    time = begin
    while time < end or stops:
        if stops and stops[0][1] <= time:
            name, at = stops.pop(0)
            shots.append(Shot(at, round(FREEZE * rate), captions.STILL, name))
            continue
        slowly = slow[0] <= time < slow[1]
        shots.append(Shot(time, note=captions.slow_motion(SLOW) if slowly else ""))
        coming = stops[0][1] if stops else end
        time = min(time + (1 / SLOW if slowly else 1) / rate, coming)
    return [*shots, Shot(end, round(ENDING * rate))]


def _span(when: Moments, its: Moments | None) -> tuple[float, float]:
    """First and last second that a film shows."""
    if when.struck is None:
        return 0.0, when.end
    begin = when.struck - BEFORE_STRIKE
    if when.start is not None:
        begin = min(begin, when.start - BEFORE_START)
    end = min(when.end, when.until + AFTER_BALL)
    if its is not None and its.struck is not None:
        end = max(end, min(its.end, its.until + AFTER_BALL) - its.struck + when.struck)
    return max(0.0, begin), end
