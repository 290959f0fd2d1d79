"""A recorded run in a few kilobytes: positions in whole centimetres, and everything else the page draws.

Frame of reference: `u` metres across, positive on the crosser's side; `v` metres from the goal line. Times count from
the strike of the cross (from the intended strike, if there was none).
"""

import base64
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.envs.world.pitch import HALF_LENGTH
from backpost.envs.world.record import ATTACKERS, NO_TECHNIQUE, RUNNER
from backpost.renders.scene.interpolate import ball_path
from backpost.renders.scene.moments import IN_REACH, NEVER, Moments, as_history, moments
from backpost.renders.scene.scene import SHIRTS, sight

from .words import Words

BEFORE_STRIKE, BEFORE_START, AFTER = 2.5, 0.5, 3.0
"""Seconds kept before the strike and before the start of the run, and after the end of the run."""
PIECES = 4
"""Ball positions per decision: often enough for a bounce to look like one."""
CONES = 2
"""Maximum number of defenders whose field of view is kept."""
NOBODY = 255
MARKS, SEES = 1, 2
MARGIN = 3.0
"""Minimum margin shown around ball and runner, m."""
LEFT, RIGHT, DEEP, DEEPEST = -23.0, 23.0, 25.0, 45.0
"""Limits of the area shown, m: minimum left, right and depth, and maximum depth."""
CERTAIN = 100.0
"""Goals per 100 attacks beyond which there must have been more than one chance."""
STEP = 127
"""Maximum step between positions, cm; no player and no ball moves that fast."""

Ints = npt.NDArray[np.int64]


def encode_run(history: np.recarray, words: Words, after: float = AFTER, start: float | None = None) -> dict[str, Any]:
    """The page's data for the records (t,) of one run, as JSON: moments, facts in words, and packed positions.

    Args:
        history: the records.
        words: words for the facts.
        after: seconds kept after the end of the run.
        start: for a run moved in time, s from the start of the episode: the original start plus the shift.
    """
    history = as_history(history)
    named = moments(history)
    if start is not None:
        named = replace(named, start=start)
    first, last = _span(history, named, after)
    kept = as_history(history[first : last + 1])
    here = np.flatnonzero(history[0].players["present"])
    places = _centimetres(kept["players"]["x"][:, here], kept["players"]["y"][:, here])
    ball = ball_path(history, float(kept.time[0]), float(kept.time[-1]), PIECES)
    flown = np.column_stack([_centimetres(ball[:, 0], ball[:, 1]), np.rint(100 * ball[:, 2])])
    strike = named.expected
    return {
        "first": round(float(kept.time[0]) - strike, 3),
        "last": round(float(kept.time[-1]) - strike, 3),
        "count": len(kept),
        "struck": named.struck is not None,
        "start": _since(named.start, strike),
        "at_once": named.runs_at_once,
        "contact": _since(named.contact, strike),
        "meets": named.meets is not None,
        "touched": _since(named.first_touch, strike),
        "until": _since(named.until, strike),
        "end": _since(named.end, strike),
        "frame": _frame(places[:, here.tolist().index(RUNNER)], flown),
        "facts": facts(named, words),
        "worth": round(_worth(named), 1),
        "who": [int(i) for i in here],
        "opening": _pack(places[0].ravel(), "<i2"),
        "steps": _pack(_differences(places.reshape(len(kept), -1)), "<i1"),
        "ball_opening": _pack(flown[0], "<i2"),
        "ball": _pack(_differences(flown), "<i1"),
        "sight": _pack(_sight(kept, here), "<u1"),
    }


def facts(named: Moments, words: Words) -> list[list[Any]]:
    """Facts about the run [seconds from the strike, name, value]: start, contact with the ball, space, outcome, xG."""
    row, strike, rows = named.row, named.expected, []
    if named.struck is not None and named.start is not None:
        when = words("facts.at_once") if named.runs_at_once else words.since_strike(named.start - strike)
        rows.append([_since(named.start, strike), words("facts.starts"), when])
    if named.contact is not None and named.meets is not None:
        technique = words(f"techniques.{int(row['technique'])}")
        met = words("facts.met_at", technique=technique, speed=words.number(row["speed"]))
        rows.append([_since(named.contact, strike), words("facts.meets"), met])
        if row["separation"] < NEVER:
            space = words("facts.metres", m=words.number(row["separation"]))
            rows.append([_since(named.contact, strike), words("facts.space"), space])
    elif named.contact is not None:
        passed = words("facts.passes", m=words.number(named.miss)) if named.miss > IN_REACH else words("facts.in_reach")
        rows.append([_since(named.contact, strike), words("facts.meets"), passed])
    else:
        rows.append([_since(named.until, strike), words("facts.meets"), words("facts.no")])
    rows.append([_since(named.end, strike), words("facts.ends"), ending(named, words)])
    worth = words(
        f"facts.goals_of{'_chances' if _worth(named) > CERTAIN else ''}", worth=words.per_hundred(_worth(named))
    )
    rows.append([_since(named.end, strike), words("facts.worth"), worth])
    return rows


def _worth(named: Moments) -> float:
    """Expected goals per 100 such attacks, with each chance counted before luck decides it."""
    return 100 * float(named.row["xg"])


def ending(named: Moments, words: Words) -> str:
    """How the cross ends: "Cleared", "Goal", "Goal by team-mate 10"."""
    outcome = words(f"outcomes.{int(named.row['outcome'])}")
    if named.scorer in (-1, 1):
        return outcome
    return words("facts.by_mate", outcome=outcome, number=SHIRTS[named.scorer])


def result(named: Moments, words: Words) -> str:
    """The run in two words, for a list: "header", "not reached"."""
    if named.meets is None:
        return words("facts.not_reached")
    technique = int(named.row["technique"])
    return words(f"techniques.{technique}") if technique != NO_TECHNIQUE else words("facts.touched")


def _span(history: np.recarray, named: Moments, after: float) -> tuple[int, int]:
    """First and last record to keep."""
    begin = named.expected - BEFORE_STRIKE
    if named.start is not None:
        begin = min(begin, named.start - BEFORE_START)
    end = min(named.end, named.until + after)
    first = int(np.searchsorted(history.time, begin + 1e-9))
    last = int(np.searchsorted(history.time, end - 1e-9))
    return max(first - 1, 0), min(max(last, first + 1), len(history) - 1)


def _frame(runner: npt.NDArray[np.float64], ball: npt.NDArray[np.float64]) -> list[float]:
    """The area a picture has to show, in metres: left end, right end, depth."""
    places = np.concatenate([runner, ball[:, :2]]) / 100
    left, right = places[:, 0].min() - MARGIN, places[:, 0].max() + MARGIN
    deep = min(max(float(places[:, 1].max()) + MARGIN, DEEP), DEEPEST)
    return [round(min(float(left), LEFT), 1), round(max(float(right), RIGHT), 1), round(deep, 1)]


def _since(time: float | None, strike: float) -> float | None:
    return None if time is None else round(time - strike, 3)


def _centimetres(x: npt.NDArray[np.float64], y: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Positions in the page's frame, in whole centimetres, (..., 2)."""
    return np.rint(100 * np.stack([-y, HALF_LENGTH - x], -1))


def _differences(places: npt.NDArray[np.float64]) -> Ints:
    """Steps (t - 1, k) between rows of whole numbers (t, k); what exceeds the maximum step carries over to the next."""
    reached = places[0].copy()
    steps = np.zeros((len(places) - 1, places.shape[1]), np.int64)
    for i, wanted in enumerate(places[1:]):
        steps[i] = np.clip(wanted - reached, -STEP, STEP)
        reached += steps[i]
    return steps


def _sight(kept: np.recarray, here: npt.NDArray[np.int64]) -> Ints:
    """Defenders watching the runner, (t, CONES, 3): index in `who`, gaze direction (256 to a turn), MARKS and SEES."""
    slots = {SHIRTS[int(index)]: slot for slot, index in enumerate(here) if index >= ATTACKERS}
    rows = np.full((len(kept), CONES, 3), NOBODY)
    for i in range(len(kept)):
        for k, cone in enumerate(sight(kept[i])[:CONES]):
            turn = round(np.arctan2(-np.cos(cone.direction), -np.sin(cone.direction)) / (2 * np.pi) * 256) % 256
            rows[i, k] = slots[cone.number], turn, MARKS * cone.marks + SEES * cone.sees
    return rows


def _pack(numbers: npt.ArrayLike, kind: str) -> str:
    return base64.b64encode(np.ascontiguousarray(numbers, dtype=kind).tobytes()).decode()
