"""A rule in words: each leaf as one exact sentence, and all leaves of a moment in brief.

A way to run is made of phrases (where to hold, where to go, when to start, ...). A sentence gives all of them in metres
and seconds. The brief leaves the numbers out: it says once what all leaves share, and then what differs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from backpost.agents.base.view import CUES, STRIKE_AFTER
from backpost.envs.interface.outcome import goal_side
from backpost.envs.world.pitch import GOAL_HALF_WIDTH

from .seen import BEFORE, clauses
from .tree import Condition

Way = Mapping[str, float]
"""Some numbers of a run."""
SPOT, EDGE = 8.5, 14.5
"""m from the goal line from which a place is by the penalty spot, and at the edge of the box."""
GOAL_SIDES = "at the near post", "before the middle of the goal", "at the back post"
SPOT_SIDES = "on the near side of the spot", "at the penalty spot", "on the far side of the spot"
AT_THE_SPOT = GOAL_HALF_WIDTH - 1.5
"""m to either side within which a place that far out is at the penalty spot."""
WIDE = GOAL_HALF_WIDTH + 5.5
"""m from the middle of the goal beyond which a place is wide of the post and of the spot."""
DROPS = {"on the volley": 0.25, "when it has dropped to your feet": 0.75}
"""Shares of the way from the first reachable place to the drop from which the ball is met so."""
PATIENT = -0.5
"""s of `rival_margin` above which the runner minds whether an opponent is there first."""
CUE_WORDS = {"look": "as the crosser lifts his head", "plant": "as he plants his foot", "swing": "as he swings"}
AFTER_CUE = {"look": "while the crosser's head is up", "plant": "once his foot is planted", "swing": "as he swings"}
SAME_MOMENT = 0.1
"""s within which a start counts as simultaneous with a cue; later, it comes after the cue."""
HALF_OPEN, OPEN = 0.3, 0.65
"""Shares of the turn from the ball to the goal above which a body is half open, and open."""
A_WHILE = 0.4
"""s of watching the flight above which the brief mentions it; less cannot be told from the touchline."""


@dataclass(frozen=True)
class Brief:
    """All leaves of one moment, in brief.

    Attributes:
        moment: before or after the strike.
        always: what all leaves share; empty if they share nothing.
        cases: the rest, a sentence for each way to run; empty if there is none.
    """

    moment: str
    always: str
    cases: list[str]


def sentence(way: Sequence[Condition], moment: str, numbers: Way) -> str:
    """A leaf as one sentence: its conditions, and all the numbers of the run that it decides."""
    action = (_holding if moment == BEFORE else _meeting)(numbers)
    conditions = clauses(way)
    return f"If {' and '.join(conditions)}: {action}." if conditions else f"{_capital(action)}."


def brief(moment: str, leaves: Sequence[tuple[Sequence[Condition], Way]]) -> Brief:
    """The leaves of a moment, each with its conditions and the numbers of its run, in brief.

    Leaves with the same wording are one case. The case with most leaves comes last, as what to do otherwise.
    """
    phrases = _hold_phrases if moment == BEFORE else _meet_phrases
    wordings = [phrases(numbers) for _, numbers in leaves]
    shared = [phrase for phrase in wordings[0] if all(phrase in wording for wording in wordings)]
    groups: dict[tuple[str, ...], list[str]] = {}
    for (way, _), wording in zip(leaves, wordings, strict=True):
        rest = tuple(phrase for phrase in wording if phrase not in shared)
        groups.setdefault(rest, []).append(" and ".join(clauses(way)))
    *asked, (otherwise, _) = sorted(groups.items(), key=lambda group: (not group[0], len(group[1])))
    cases = [f"If {', or if '.join(conditions)}: {', '.join(phrases)}." for phrases, conditions in asked]
    if asked and otherwise:
        cases.append(f"Otherwise: {', '.join(otherwise)}.")
    return Brief(moment, f"{_capital(', '.join(shared))}." if shared else "", cases)


def place(depth: float, width: float) -> str:
    """A place in football words, with its metres."""
    return f"{zone(depth, width)} ({depth:.0f} m out, {_aside(width)})"


def zone(depth: float, width: float) -> str:
    """A place in football words."""
    if depth >= EDGE:
        return "at the edge of the box"
    if abs(width) > WIDE:
        return f"wide of the {'far' if width > 0 else 'near'} post"
    if depth < SPOT:
        return GOAL_SIDES[int(goal_side(width))]
    near, at, far = SPOT_SIDES
    return far if width > AT_THE_SPOT else near if width < -AT_THE_SPOT else at


def start(seconds: float) -> str:
    """A time relative to the strike in football words, with its seconds.

    Before the crosser lifts his head nobody can tell when he will strike.
    """
    seconds = max(seconds, -STRIKE_AFTER[CUES[0]])
    if seconds < -0.05:
        return f"{-seconds:.1f} s before the strike, {cue(seconds)}"
    return cue(seconds) if seconds < 0.05 else f"{seconds:.1f} s {cue(seconds)}"


def cue(seconds: float) -> str:
    """A time relative to the strike, named by the cue that marks it."""
    seconds = max(seconds, -STRIKE_AFTER[CUES[0]])
    if seconds >= -0.05:
        return "at the strike" if seconds < 0.05 else "after the strike"
    name = next(name for name in reversed(CUES) if seconds >= -STRIKE_AFTER[name] - 0.05)
    return (CUE_WORDS if seconds <= -STRIKE_AFTER[name] + SAME_MOMENT else AFTER_CUE)[name]


def followed(hips: float) -> str:
    """How far the run follows the crosser's hips, in words."""
    if hips < 0.15:
        return ""
    way = "a third" if hips < 0.4 else "half" if hips < 0.7 else "most"
    return f"go {way} of the way to where the crosser's hips point"


def met(meet: float) -> str:
    """When the ball is met, in words: at once, on the volley or at the feet."""
    return next((words for words, least in reversed(DROPS.items()) if meet >= least), "as soon as you can reach it")


def unless(meet: float, rival_margin: float) -> str:
    """What keeps a runner from waiting for the ball; empty if nothing does, or if there is nothing to wait for."""
    waits = meet >= min(DROPS.values())
    return "unless a defender would be there first" if waits and rival_margin > PATIENT else ""


def _holding(numbers: Way) -> str:
    """How to hold and go."""
    here = place(numbers["hold_depth"], numbers["hold_width"])
    there = place(numbers["depth"], numbers["width"])
    hips = followed(numbers["hips"])
    return f"hold {here}, then go to be {there}: start {start(numbers['start'])}{f', and {hips}' if hips else ''}"


def _hold_phrases(numbers: Way) -> list[str]:
    """How to hold and go, without numbers."""
    return [
        f"hold {zone(numbers['hold_depth'], numbers['hold_width'])}",
        f"start {cue(numbers['start'])}",
        f"run to be {zone(numbers['depth'], numbers['width'])}",
        *(["shade your run to where the crosser's hips point"] if followed(numbers["hips"]) else []),
    ]


def _meeting(numbers: Way) -> str:
    """How to meet the ball."""
    run = f"be {place(numbers['depth'], numbers['width'])}"
    if numbers["read_after"] > 0.05:
        run += f", watch the flight for {numbers['read_after']:.1f} s"
    patient = " and a moment more" if numbers["later"] >= 0.08 else ""
    but = unless(numbers["meet"], numbers["rival_margin"])
    meet = f"meet the ball {met(numbers['meet'])}{patient}{f', {but}' if but else ''}"
    body = "to goal" if numbers["open"] >= OPEN else "half to goal" if numbers["open"] > HALF_OPEN else "to the ball"
    return f"{run}, then {meet}; open your body {body} {numbers['open_time']:.1f} s before it"


def _meet_phrases(numbers: Way) -> list[str]:
    """How to meet the ball, without numbers."""
    but = unless(numbers["meet"], numbers["rival_margin"])
    return [
        f"be {zone(numbers['depth'], numbers['width'])}",
        *(["watch the flight first"] if numbers["read_after"] >= A_WHILE else []),
        f"meet the ball {met(numbers['meet'])}",
        *([but] if but else []),
        f"open your body {'to goal' if numbers['open'] > HALF_OPEN else 'to the ball'}",
    ]


def _aside(width: float) -> str:
    beyond, post = abs(width) - GOAL_HALF_WIDTH, f"the {'far' if width > 0 else 'near'} post"
    if abs(width) < 0.5:
        return "level with the middle of the goal"
    if abs(beyond) < 0.75:
        return f"level with {post}"
    return f"{beyond:.0f} m beyond {post}" if beyond > 0 else f"{abs(width):.0f} m from the middle towards {post}"


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
