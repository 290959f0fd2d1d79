"""Every word in a picture, and the numbers in it: computed from the trajectory that is drawn, said as a coach would.

Another language is another version of this file. Moments come from `moments.py`, quantities of a whole cross from
`outcome.metrics`, what holds at one instant from the scene.
"""

import numpy as np

from backpost.envs.outcome import RUN_SPEED
from backpost.envs.world import (
    ATTACKERS,
    CLAIMED,
    CLEARED,
    CONTROL,
    FLICK,
    GOAL,
    HEADER,
    KEEPER,
    LEAVE,
    NO_TECHNIQUE,
    OFFSIDE,
    OUT,
    PLAYING,
    SAVED,
    SIDE_FOOT,
    TIME,
    VOLLEY,
)

from .moments import NEVER, Moments, as_history
from .scene import SHIRTS, Scene

RUNNER = "Runner"
LEARNED = "Learned run"
RULE = "Coaching rule"
STRIP = "height of the ball, seen from behind the attack"
FAR_POST, NEAR_POST = "far post", "near post"
RUN_STARTS, CROSS_STRUCK, MEETS_BALL, BALL_PASSES = "run starts", "cross struck", "meets ball", "ball passes"
OTHER_RUN = "other run"
RECORDED = "what the scorer ran"
STRIKE_MEANT = "strike expected"
CLOSE_UP = "close-up \u00d73"
KEY = {
    "attack": "attack",
    "defence": "defence",
    "keeper": "goalkeeper",
    "run": "run",
    "ball": "ball: thick = a head can reach it",
    "sight": "marker\u2019s sight",
}
AFTER, BEFORE, TO_COME = "after the cross is struck", "before the cross is struck", "the winger has the ball"
SAME_BALL = "The same cross, the same ball: only the run differs"
FREE_BALL = "The same cross: the winger\u2019s ball may answer the run"
SEEN, UNSEEN = "in his marker\u2019s sight", "out of his marker\u2019s sight"
BALLS = {"free": "The winger answers the run", "same ball": "The same ball for every start"}
START_AXIS = "start of the run, s from the strike"
XG_AXIS = "xG per 100 crosses"
HEAT_MAPS = ("run starts", "meets the ball")
HEAT_NOTE = "one scale a row; darkest: {top:.1f} of 100 crosses per square metre"
STARTS, MEETS, SPACE, ENDS = "Starts", "Meets ball", "Space", "Ends"
TECHNIQUES = {
    NO_TECHNIQUE: "Touch",
    HEADER: "Header",
    VOLLEY: "Volley",
    SIDE_FOOT: "Side-foot shot",
    CONTROL: "Control",
    FLICK: "Flick-on",
    LEAVE: "Leaves the ball",
}
OUTCOMES = {
    PLAYING: "Still in play",
    GOAL: "Goal",
    SAVED: "Saved",
    CLAIMED: "Goalkeeper claims it",
    CLEARED: "Cleared",
    OUT: "Out of play",
    OFFSIDE: "Offside",
    TIME: "Attack breaks down",
}


def clock(known: Moments, time: float) -> tuple[str, str]:
    """The moment as a number and its words: ("0.92 s", "after the cross is struck")."""
    since = known.from_strike(time)
    if since is None:
        return f"{time:.2f} s", TO_COME
    return f"{abs(since):.2f} s", BEFORE if since < -0.005 else AFTER


def timing_curve(offside: bool, belief: bool) -> str:
    """What a curve was measured with."""
    rule = "offside" if offside else "no offside"
    return f"{rule}, {'defenders may lose him' if belief else 'defenders always know'}"


def slow_motion(times: int) -> str:
    """The speed of a film: "1/4 speed"."""
    return f"1/{times} speed"


def seconds_from_strike(since: float) -> str:
    """A time in words: "0.4 s before the strike", "at the strike"."""
    if abs(since) < 0.05:
        return "at the strike"
    return f"{abs(since):.1f} s {'before' if since < 0 else 'after'} the strike"


def height(metres: float) -> str:
    """The ball's height over the grass."""
    return f"{metres:.1f} m"


def gap(metres: float, number: int) -> str:
    """The distance to the nearest opponent."""
    return f"{metres:.1f} m to no. {number}"


def situation(scene: Scene) -> str:
    """One line about the moment: what the runner does, who is near, who sees him; then the ball; at last the end."""
    known, time = scene.known, scene.time + 1e-9
    if known.contact is not None and time >= known.contact:
        words = _contact(known)
    elif known.first_touch is not None and time >= known.first_touch:
        words = _touch(known)
    else:
        words = ", ".join([_run(scene), *_nearby(scene)])
    return f"{words}. {result(known)}" if known.over and time >= known.end else words


def result(known: Moments) -> str:
    """How the cross ends: "Goal", "Cleared"."""
    return OUTCOMES[int(known.row["outcome"])]


def facts(known: Moments, time: float) -> list[tuple[str, str]]:
    """The run in four facts (name, value), each from its moment on: its start, how he meets the ball, space, end."""
    row, rows = known.row, []
    if known.struck is not None and known.start is not None and time >= known.start:
        rows.append((STARTS, seconds_from_strike(known.start - known.struck)))
    if known.contact is not None and time >= known.contact:
        if known.meets is not None:
            rows.append((MEETS, f"{TECHNIQUES[int(row['technique'])].lower()} at {row['speed']:.1f} m/s"))
            rows.append((SPACE, f"{row['separation']:.1f} m"))
        else:
            rows.append((MEETS, f"no, passes {known.miss:.1f} m away"))
    if known.over and time >= known.end:
        rows.append((ENDS, result(known)))
    return rows


def same_ball(history: np.recarray, other: np.recarray) -> bool:
    """Whether both runs got exactly the same delivery."""
    fields = ("struck_at", "origin_x", "origin_y", "vx", "vy", "vz", "wx", "wy", "wz")
    first, second = as_history(history)[-1].delivery, as_history(other)[-1].delivery
    return bool(first.struck_at < NEVER and all(first[name] == second[name] for name in fields))


def comparison(history: np.recarray, other: np.recarray) -> str:
    """What two runs drawn side by side have in common."""
    return SAME_BALL if same_ball(history, other) else FREE_BALL


def _run(scene: Scene) -> str:
    known, time = scene.known, scene.time
    if known.start is None:
        return f"On the move at {_speed(scene)}" if np.hypot(*scene.runner.velocity) > RUN_SPEED else "Holds"
    if time < known.start:
        return "Holds his run"
    if known.struck is None or time < known.struck:
        return f"Runs at {_speed(scene)}"
    return f"Went {seconds_from_strike(known.start - known.struck)}: {_speed(scene)}"


def _contact(known: Moments) -> str:
    if known.meets is not None and known.struck is not None:
        when = f"{known.meets - known.struck:.1f} s after the cross is struck"
        return f"{TECHNIQUES[int(known.row['technique'])]} {when}, {known.row['separation']:.1f} m of space"
    words = f"The ball passes {known.miss:.1f} m from him"
    return words if known.first_touch is None else f"{words}; {_touch(known, 'first')}"


def _touch(known: Moments, word: str = "First") -> str:
    """Who was first to the cross."""
    if known.first_by == KEEPER:
        who = "the goalkeeper"
    else:
        who = f"{'team-mate' if known.first_by < ATTACKERS else 'defender'} {SHIRTS[known.first_by]}"
    if known.blocked:
        return f"{who.capitalize()} blocks the cross" if word == "First" else f"{who} blocked the cross"
    return f"{word} to the ball: {who}"


def _nearby(scene: Scene) -> list[str]:
    words = []
    if scene.gap is not None:
        words.append(gap(scene.gap.distance, scene.gap.number))
    if scene.cones:
        words.append(
            "in his marker\u2019s sight" if any(cone.sees for cone in scene.cones) else "out of his marker\u2019s sight"
        )
    return words


def _speed(scene: Scene) -> str:
    return f"{np.hypot(*scene.runner.velocity):.1f} m/s"
