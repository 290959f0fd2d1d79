"""The twelve claims of the guide to the back-post run, each as an experiment.

No parameter was ever fitted to any of them. What published data say about each is in `published.py`.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from backpost.agents.rules.registry import RULES
from backpost.envs.world.parameter_table import TABLE
from backpost.envs.world.record import MARKINGS

from . import measures as measures
from .claim import CONTROL, OFF, RANGE, Arms, Claim, Details, Setting, Values, mean
from .played import Run

EARLY, LATE = -1.5, -0.5
"""s from the strike: the two starts that G1 compares."""
ATTACK, BREAK, CORNER = "OpenPlay", "Transition", "Corner"
FEW, MOST, SETTLED = 2, 4, 7
"""Outfield defenders in a fast break, presser included: fewest, most, and as many as in settled open play."""
DEEP, HIGH = 7.0, 14.0
"""m from the goal line to a deep and a high last line."""
DETAIL_SHARE = 0.25
"""Share of the crosses for runs that are only described, and for each run against each pattern."""
_ENDS = {parameter.name: (parameter.low, parameter.high) for parameter in TABLE}


def low(name: str) -> dict[str, float]:
    """A parameter at the low end of its range."""
    return {name: _ENDS[name][0]}


def high(name: str) -> dict[str, float]:
    """A parameter at the high end of its range."""
    return {name: _ENDS[name][1]}


def both_ends(name: str, words: str, arms: tuple[str, ...] = ()) -> tuple[Setting, ...]:
    """The two ends of a parameter's range as settings; `words` has a placeholder for the value."""
    return tuple(Setting(words.format(f"{end:g}"), RANGE, {name: end}, arms=arms) for end in _ENDS[name])


def scripted(start: float, **parameters: float) -> Run:
    """A run to the back post that starts `start` seconds from the true strike, in open play."""
    return Run(ATTACK, start=start).having({"timing_error": 0.0, **parameters}, {})


CHECKS = both_ends("check_rate", "{} shoulder checks per s")
SIGHT_OFF = Setting("defenders always know where their man is", OFF, {"belief_limits_on": 0.0})

G1 = Claim(
    "G1",
    "A late run to the back post finds room that an early one does not.",
    f"a run that starts {-LATE:g} s before the strike against one {-EARLY:g} s before it, open play, scripted",
    "a defender believes what he last saw of his man",
    {f"late, {LATE:+g} s": scripted(LATE), f"early, {EARLY:+g} s": scripted(EARLY)},
    (SIGHT_OFF, *CHECKS, Setting("nobody is ever offside", RANGE, {"offside_on": 0.0})),
    details=measures.starts,
    extra={f"{start:+g} s": replace(scripted(start), share=DETAIL_SHARE) for start in (-1.0, 0.0, 0.5)},
    note="start times are true ones (an oracle's clock, which his team-mates have too), so no misreading of the "
    "crosser is in them",
)

G2 = Claim(
    "G2",
    "Defenders watch the ball, so a run at the right time is hard for them to follow.",
    f"the run {-LATE:g} s before the strike, against defenders who see what eyes can and such as know everything",
    "gaze follows the ball; shoulder checks; what lies behind is a belief",
    {"limited sight": scripted(LATE), "perfect sight": scripted(LATE, belief_limits_on=0.0)},
    (
        Setting("defenders always know where their man is", OFF, {"belief_limits_on": 0.0}, arms=("limited sight",)),
        *both_ends("check_rate", "{} shoulder checks per s", ("limited sight",)),
        *both_ends("gaze_cosine", "sight ends where the cosine from the gaze is {}", ("limited sight",)),
    ),
    details=measures.sight,
    note="with the mechanism off nothing is left by definition: this is the price of limited sight itself",
)

G3 = Claim(
    "G3",
    "From the back post more of the goal is open.",
    "direct shots from beyond the far post against such from beyond the near post, at equal distance, angle, technique "
    "and pressure (least squares), open play, everybody scripted",
    "the keeper follows the ball across, and is late",
    {"open play": Run(ATTACK, share=2.0)},
    (
        Setting("the keeper stays in the middle", OFF, {"keeper_follows_on": 0.0}),
        Setting("the keeper shifts as far as the range allows", RANGE, high("keeper_shift")),
    ),
    effect=measures.far_against_near,
    details=measures.mouths,
    unit="xG per 100 direct shots",
    note="different crosses give far and near shots, so these are not pairs; settings share their crosses",
)

_SEEN_WELL = low("runner_read_error") | low("look_depth") | low("look_across")
_SEEN_BADLY = high("runner_read_error") | high("look_depth") | high("look_across")
G4 = Claim(
    "G4",
    "Wait until it is clear that the ball will reach the far side, then go.",
    "the flight reader against the early back-post run, both tuned, open play",
    "the flight tells more the longer it is watched",
    {"flight-reader": Run(ATTACK, "flight-reader"), "early-back-post": Run(ATTACK, "early-back-post")},
    (
        Setting("nearly all is told at once", OFF, _SEEN_WELL),
        Setting("flights are hard to read", RANGE, _SEEN_BADLY),
    ),
)

G5 = Claim(
    "G5",
    "On a fast break sprint to the back post: it gives tap-ins.",
    "the early back-post run against holding at 9-12 m, both tuned, fast breaks",
    "few defenders, running towards their own goal",
    {"early-back-post": Run(BREAK, "early-back-post"), "hold-for-cutback": Run(BREAK, "hold-for-cutback")},
    (
        Setting(f"{FEW} defenders", RANGE, options={"defenders": FEW}),
        Setting(f"{MOST} defenders", RANGE, options={"defenders": MOST}),
        Setting("as many defenders as in settled play", CONTROL, options={"defenders": SETTLED}),
    ),
    details=measures.tap_ins,
    note="that few defenders have come back defines a fast break and is not our assumption, so nothing is switched "
    "off for the verdict",
)

DIRECT = {"second_balls_on": 0.0}


_WAITS, _STANDS = Run(CORNER, "wait-at-back-post"), Run(CORNER, "stand-still")
G6 = Claim(
    "G6",
    "At set pieces a runner at the back post gets the deflections and the headers that are flicked on.",
    "going to the back post against standing where he was, corners; what each gains after the first touch (the same "
    "crosses with and without second balls)",
    "second balls: flicks, deflections, parries, rebounds, poor clearances",
    {
        "wait-at-back-post": _WAITS,
        "stand-still": _STANDS,
        "wait-at-back-post, direct only": _WAITS.having(DIRECT, {}),
        "stand-still, direct only": _STANDS.having(DIRECT, {}),
    },
    both_ends("clear_error", "clearances go astray by {} rad", ("wait-at-back-post", "stand-still")),
    effect=measures.second_balls,
    details=measures.all_balls,
    note="second balls are a fact and not our assumption, so nothing is switched off for the verdict",
)

_READER, _BLIND = Run(ATTACK, "body-and-flight-reader"), Run(ATTACK, "blind run")
_UNSEEN = {"cues_on": 0.0}
_CLEAR = high("cue_class_early") | high("cue_class_late") | low("cue_error_early") | low("cue_error_late")
_VAGUE = low("cue_class_early") | low("cue_class_late") | high("cue_error_early") | high("cue_error_late")


G7 = Claim(
    "G7",
    "Read the crosser's body, then the flight.",
    "a flight reader who starts as the crosser plants his foot, to the post that his hips suggest, against the same "
    "start to the back post without reading anything, open play",
    "noisy cues: the hips before the strike, the flight after it",
    {"reads both": _READER, "reads neither": _BLIND.having(_UNSEEN, {})},
    (
        Setting("the hips are hidden", OFF, _UNSEEN, arms=("reads both",)),
        Setting("the hips tell as much as the range allows", RANGE, _CLEAR, arms=("reads both",)),
        Setting("the hips tell as little as the range allows", RANGE, _VAGUE, arms=("reads both",)),
    ),
    parts=measures.cues,
    extra={"reads the flight": _READER.having(_UNSEEN, {})},
    note="the bench's own flight reader starts after the strike and looks at no hips: to him they are worth exactly 0; "
    "a trained policy's value of the cues follows with the policies",
)

G8 = Claim(
    "G8",
    "Hold the run: whoever stands at the back post early is marked there.",
    "the run at the strike against waiting at the back post, both tuned, open play",
    "an attacker who waits is seen",
    {"hold-then-back-post": Run(ATTACK, "hold-then-back-post"), "wait-at-back-post": Run(ATTACK, "wait-at-back-post")},
    (SIGHT_OFF, *CHECKS),
    details=measures.waiting,
)

G9 = Claim(
    "G9",
    "Stay ready to turn a back-post run into a near-post run when the ball falls short.",
    "the flight reader against the same man without the switch, open play",
    "balls that are hit short",
    {"flight-reader": Run(ATTACK, "flight-reader"), "one target": Run(ATTACK, "flight-reader, one target")},
    (
        Setting("no ball is mishit", OFF, low("speed_error") | low("elevation_error")),
        Setting("balls are mishit as badly as the range allows", RANGE, high("speed_error") | high("elevation_error")),
    ),
    note="with nothing mishit some balls are still meant for the near post: the switch may keep a value there",
)


G10 = Claim(
    "G10",
    "Open the body to the crosser, to control the ball or to finish first time.",
    "the early back-post run with the body opened to the ball as he meets it against the same run with the body where "
    "he runs, open play",
    "facing bounds which technique he can use, how true the shot is, and what he sees",
    {
        "open to the ball": Run(ATTACK, "early-back-post, open to the ball"),
        "where he runs": Run(ATTACK, "early-back-post, facing where he runs"),
    },
    (
        Setting("facing matters to nothing, not even to sight", OFF, {"facing_on": 0.0}, {"vision": "full"}),
        Setting("facing matters as much as it may", RANGE, high("facing_error") | high("clean_blind")),
    ),
    details=measures.facings,
    extra={
        "open to the goal": Run(ATTACK, "early-back-post, open to the goal", share=DETAIL_SHARE),
        "to the ball all the way": Run(ATTACK, "early-back-post, facing the ball", share=DETAIL_SHARE),
        "half to the goal, as tuned": Run(ATTACK, "early-back-post"),
    },
)

G11 = Claim(
    "G11",
    "Practise crosses from many angles, against a shadow, and set pieces again and again.",
    "learning curves with and without the drills",
    "three drill environments as a curriculum: DrillCrossing, DrillShadow, DrillSetPiece",
    {},
    (),
    note="the three environments exist; the claim is about learning, so it waits for trained policies",
)

PATTERNS: dict[str, tuple[str, dict[str, Any]]] = {
    **{f"corner, {marking}": (CORNER, {"marking": marking}) for marking in MARKINGS},
    "deep line": (ATTACK, {"line_height": DEEP}),
    "high line": (ATTACK, {"line_height": HIGH}),
}
"""Defensive patterns: scenario and options."""


def pattern_tables(arms: Arms) -> dict[str, dict[str, Arms]]:
    """The extra runs by scenario, pattern and rule."""
    tables: dict[str, dict[str, Arms]] = {}
    for pattern, (env, _) in PATTERNS.items():
        tables.setdefault(env, {})[pattern] = {rule: arms[f"{pattern}: {rule}"] for rule in RULES}
    return tables


def patterns_known(arms: Arms) -> Mapping[str, Values]:
    """What knowing the pattern is worth, in corners and in open play."""
    tables = pattern_tables(arms)
    return {
        "knowing how corners are marked": measures.knowing_the_pattern(tables[CORNER]),
        "knowing how high the line is": measures.knowing_the_pattern(tables[ATTACK]),
    }


def by_pattern(arms: Arms) -> Details:
    """XG per 100 crosses of every rule against every pattern."""
    tables = {pattern: runs for table in pattern_tables(arms).values() for pattern, runs in table.items()}
    return {rule: {pattern: mean(100.0 * runs[rule]["xg"]) for pattern, runs in tables.items()} for rule in RULES}


G12 = Claim(
    "G12",
    "Talk to the crosser, and know how the defence plays.",
    "the early back-post run with a call before the strike against the same run in silence, open play",
    "the crosser likes to play to whoever calls; defenders hear it too",
    {
        "calling": Run(ATTACK, "early-back-post, calling", options=(("action_type", "call"),)),
        "silent": Run(ATTACK, "early-back-post"),
    },
    (
        Setting("the crosser does not care about calls", OFF, {"choice_call": 0.0}, arms=("calling",)),
        Setting("the crosser follows calls", RANGE, high("choice_call"), arms=("calling",)),
        Setting("defenders do not hear", RANGE, {"hearing_on": 0.0}, arms=("calling",)),
    ),
    parts=patterns_known,
    details=by_pattern,
    extra={
        f"{pattern}: {rule}": Run(env, rule, share=DETAIL_SHARE).having({}, options)
        for pattern, (env, options) in PATTERNS.items()
        for rule in RULES
    },
    note="a table of runs by patterns is played on a quarter of the crosses; the run for a pattern is chosen on every "
    "other cross and judged on those between",
)

CLAIMS = (G1, G2, G3, G4, G5, G6, G7, G8, G9, G10, G11, G12)
