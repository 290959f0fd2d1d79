"""Every word and number in a picture, computed from the trajectory being drawn and phrased as a coach would.

Moments come from `moments.py`, quantities for a whole cross from
`outcome.metrics`, and the state at one instant from the scene.
"""

import re

import numpy as np

from backpost.envs.interface.outcome import RUN_SPEED
from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import (
    ATTACKERS,
    CLAIMED,
    CLEARED,
    CONTROL,
    CORNER_KICK,
    FLICK,
    FREE_KICK,
    GOAL,
    HEADER,
    KEEPER,
    LEAVE,
    MAN,
    MIXED,
    NO_TECHNIQUE,
    NOBODY,
    OFFSIDE,
    OUT,
    PLAYING,
    RUNNER,
    SAVED,
    SIDE_FOOT,
    TIME,
    VOLLEY,
    ZONAL,
)

from .moments import IN_REACH, NEVER, Moments, as_history
from .scene import SHIRTS, Scene

TITLE = "Runner"
LEARNED = "Learned run"
RULE = "Coaching rule"
STRIP = "height of the ball, seen from behind the attack"
FAR_POST, NEAR_POST = "far post", "near post"
RUN_STARTS, CROSS_STRUCK, MEETS_BALL, BALL_PASSES = "run starts", "cross struck", "meets ball", "ball passes"
ANOTHER_FIRST = "another is first"
STILL = "time stands still"
OTHER_RUN = "other run"
RECORDED = "the recorded run"
STRIKE_MEANT = "strike expected"
CLOSE_UP = "close-up \u00d73"
KEY = {
    "attack": "attack",
    "defence": "defence",
    "keeper": "goalkeeper",
    "run": "run",
    "ball": "ball: thick = a head can reach it",
    "sight": "a defender\u2019s sight",
}
WHO = {
    "attack": "His team-mates; number 7 crosses the ball",
    "defence": "Defenders",
    "keeper": "Goalkeeper",
}
"""Legend at the opening of a film, by kind of player; the runner himself is named above it."""
AFTER, BEFORE, TO_COME = "after the cross is struck", "before the cross is struck", "no cross yet"
ALONE = "One run; time is counted from the strike of the cross"
SAME_BALL = "The same cross, the same ball: only the run differs"
FREE_BALL = "The same cross: the crosser may respond to the run"
BALLS = {"free": "The crosser may respond to the run", "same ball": "The same ball for every start"}
START_AXIS = "start of the run, s from the strike"
XG_AXIS = "xG per 100 crosses"
HEAT_NOTE = "one scale a row; darkest: {top:.1f} of 100 crosses per square metre"
STARTS, MEETS, SPACE, ENDS = "Starts", "Meets ball", "Space", "Ends"
AT_ONCE = "already running"
"""For a run already under way when the simulated attack begins: when it was decided on is unknown."""
WORTH = "Worth"
SHEET_ROWS = (STARTS, MEETS, SPACE, WORTH, ENDS)
NOTHING = "\u2013"
ONE_CROSS = (
    "One simulated cross shows how a run works, not how often: `backpost report` counts that over thousands of crosses."
)
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
SET_PIECES = {CORNER_KICK: "Corner", FREE_KICK: "Free kick"}
SWINGS = {-1: "in-swinging", 1: "out-swinging"}
MARKINGS = {MAN: "man marking", ZONAL: "zonal marking", MIXED: "mixed marking"}
WITHOUT_KEEPER, WITH_KEEPER, ONE_DEFENDER = "No opponents", "Only the goalkeeper", "One defender"


def setting(history: np.recarray) -> str:
    """The type of cross, if it is not plain open play: "Corner, in-swinging, zonal marking"."""
    world = as_history(history)[0]
    here = world.players["present"] != 0
    attackers, outfield = int(here[:ATTACKERS].sum()), int(here[KEEPER + 1 :].sum())
    if world.set_piece in SET_PIECES:
        swing = SWINGS[int(np.sign(world.delivery.swing))]
        return ", ".join([SET_PIECES[int(world.set_piece)], swing, MARKINGS[int(world.pattern.marking)]])
    if world.counter_attack:
        return f"Fast break, {attackers} against {outfield}"
    if outfield == 0:
        return WITHOUT_KEEPER if not here[KEEPER] else WITH_KEEPER
    return ONE_DEFENDER if outfield == 1 else ""


def scenario(environment: str) -> str:
    """The name of an environment in words: "Free kick" for `FreeKick`."""
    return re.sub("(?<!^)(?=[A-Z])", " ", environment).capitalize()


def cross(environment: str, number: int) -> str:
    """The name of a cross: "Free kick, cross 7"."""
    return f"{scenario(environment)}, cross {number}"


def runner(name: str, kind: str) -> str:
    """The runner and how he is drawn: "Learned run: number 9, in yellow with a ring"."""
    return f"{sentence(name)}: number {SHIRTS[RUNNER]}, in {'yellow' if kind == 'learner' else 'grey'} with a ring"


def sentence(words: str) -> str:
    """The words with a capital first letter."""
    return words[:1].upper() + words[1:]


def clock(when: Moments, time: float) -> tuple[str, str]:
    """A moment as a number and its words: ("0.92 s", "after the cross is struck")."""
    since = when.from_strike(time)
    if since is None:
        return f"{time:.2f} s", TO_COME
    return f"{abs(since):.2f} s", BEFORE if since < -0.005 else AFTER


def timing_curve(offside: bool, belief: bool) -> str:
    """The settings under which a curve was measured."""
    rule = "offside" if offside else "no offside"
    return f"{rule}, {'defenders may lose him' if belief else 'defenders always know'}"


def slow_motion(times: int) -> str:
    """Playback speed of a film: "1/4 speed"."""
    return f"1/{times} speed"


def seconds_from_strike(since: float) -> str:
    """A time in words: "0.4 s before the strike", "at the strike"."""
    if abs(since) < 0.05:
        return "at the strike"
    return f"{abs(since):.1f} s {'before' if since < 0 else 'after'} the strike"


def height(metres: float) -> str:
    """The ball's height above the grass."""
    return f"{metres:.1f} m"


def gap(metres: float, number: int) -> str:
    """The distance to the nearest opponent."""
    return f"{metres:.1f} m to no. {number}"


def situation(scene: Scene) -> str:
    """One line about the moment: the runner's movement, who is near, who sees him; then the ball; then the outcome."""
    when, time = scene.when, scene.time + 1e-9
    if when.contact is not None and time >= when.contact:
        words = _contact(when, time)
    elif when.first_touch is not None and time >= when.first_touch:
        words = _touch(when)
    else:
        words = ", ".join([_run(scene), *_nearby(scene)])
    return f"{words}. {result(when)}" if when.over and time >= when.end else words


def moment(name: str, scene: Scene) -> str:
    """One line below a named moment of a run: its time, the runner's position, the distance to the nearest opponent."""
    when = scene.when
    where = f"{HALF_LENGTH - scene.runner.x:.0f} m from the goal line"
    near = f", {scene.gap.distance:.1f} m from the nearest opponent" if scene.gap is not None else ""
    if name == CROSS_STRUCK:
        return f"he is {where}{near}"
    if when.struck is None:
        return where
    if name == ANOTHER_FIRST:
        return f"{_player(when.first_by)}, {seconds_from_strike(scene.time - when.struck)}"
    if name == BALL_PASSES:
        return f"{when.miss:.1f} m from him, {seconds_from_strike(scene.time - when.struck)}"
    return f"{seconds_from_strike(scene.time - when.struck)}, {where}"


def result(when: Moments) -> str:
    """How the cross ends: "Cleared", "Goal", "Goal by team-mate 10"."""
    words = OUTCOMES[int(when.row["outcome"])]
    return words if when.scorer in (NOBODY, RUNNER) else f"{words} by {_player(when.scorer)}"


def facts(when: Moments, time: float) -> list[tuple[str, str]]:
    """Four facts about the run (name, value), each once it is known: start, contact with the ball, space, outcome."""
    row, rows = when.row, []
    if when.struck is not None and when.start is not None and time >= when.start:
        since = when.start - when.struck
        rows.append((STARTS, AT_ONCE if when.runs_at_once else seconds_from_strike(since)))
    if when.contact is not None and time >= when.contact:
        if when.meets is not None:
            rows.append((MEETS, f"{TECHNIQUES[int(row['technique'])].lower()} at {row['speed']:.1f} m/s"))
            if row["separation"] < NEVER:
                rows.append((SPACE, f"{row['separation']:.1f} m"))
        else:
            near = when.miss <= IN_REACH
            rows.append((MEETS, "no, it was in reach" if near else f"no, passes {when.miss:.1f} m away"))
    if when.over and time >= when.end:
        if when.contact is None:
            rows.append((MEETS, "no"))
        rows.append((ENDS, result(when)))
    return rows


def worth(when: Moments) -> str:
    """The value of the attack, each chance counted before luck decides it: "12 goals in 100"."""
    goals = 100 * float(when.row["xg"])
    return "no shot" if goals == 0 else "less than 1 goal in 100" if goals < 0.5 else f"{goals:.0f} goals in 100"


def same_ball(history: np.recarray, other: np.recarray) -> bool:
    """Whether both runs got exactly the same delivery."""
    fields = ("struck_at", "origin_x", "origin_y", "vx", "vy", "vz", "wx", "wy", "wz")
    first, second = as_history(history)[-1].delivery, as_history(other)[-1].delivery
    return bool(first.struck_at < NEVER and all(first[name] == second[name] for name in fields))


def comparison(history: np.recarray, other: np.recarray) -> str:
    """What two runs drawn side by side have in common."""
    return SAME_BALL if same_ball(history, other) else FREE_BALL


def _run(scene: Scene) -> str:
    when, time = scene.when, scene.time
    if when.start is None or time < when.start:
        if np.hypot(*scene.runner.velocity) > RUN_SPEED:
            return f"On the move at {_speed(scene)}"
        return "Holds" if when.start is None else "Holds his run"
    if when.runs_at_once or when.struck is None or time < when.struck:
        return f"Runs at {_speed(scene)}"
    return f"Went {seconds_from_strike(when.start - when.struck)}: {_speed(scene)}"


def _contact(when: Moments, time: float) -> str:
    if when.meets is not None and when.struck is not None:
        words = f"{TECHNIQUES[int(when.row['technique'])]} {when.meets - when.struck:.1f} s {AFTER}"
        space = float(when.row["separation"])
        return f"{words}, {space:.1f} m of space" if space < NEVER else words
    words = f"The ball passes {when.miss:.1f} m from him"
    touched = when.first_touch is not None and time >= when.first_touch
    return f"{words}; {_touch(when, 'first')}" if touched else words


def _touch(when: Moments, word: str = "First") -> str:
    """Who touched the cross first."""
    who = _player(when.first_by)
    if when.blocked:
        return f"{who.capitalize()} blocks the cross" if word == "First" else f"{who} blocked the cross"
    return f"{word} to the ball: {who}"


def _player(index: int) -> str:
    if index == KEEPER:
        return "the goalkeeper"
    return f"{'team-mate' if index < ATTACKERS else 'defender'} {SHIRTS[index]}"


def _nearby(scene: Scene) -> list[str]:
    words = []
    if scene.gap is not None:
        words.append(gap(scene.gap.distance, scene.gap.number))
    if scene.cones:
        whose = "his marker" if scene.cones[0].marks else f"no. {scene.cones[0].number}"
        words.append(f"{'in' if any(cone.sees for cone in scene.cones) else 'out of'} {whose}\u2019s sight")
    return words


def _speed(scene: Scene) -> str:
    return f"{np.hypot(*scene.runner.velocity):.1f} m/s"
