"""What claims measure beyond a plain difference of two runs: pure functions of the kept crosses (n,)."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from backpost.envs.world.pitch import GOAL_HALF_WIDTH
from backpost.training.bench.statistics import mean_interval

from .claim import LEVEL, Arms, Details, Values, gain, mean
from .played import Kept

FEWEST_SHOTS = 10
"""Smallest number of shots from each side for a comparison."""
WAITS = (0.25, 1.0, 2.5)
"""Bounds in s between short and long waits where the ball arrives."""
ANGLES = (30.0, 60.0, 90.0)
"""Bounds in degrees between bodies turned to the goal and bodies turned away."""


def far_against_near(arms: Arms) -> Values | None:
    """XG per 100 direct shots, far side minus near side, for comparable shots; (n,), or None if there are too few.

    Least-squares regression of a shot's xG on its side and on covariates that are symmetric between the sides:
    distance, the angle subtended by the goal mouth, header or not, pressure. The values are the coefficient of the side
    plus each cross's influence on it (HC3, MacKinnon & White 1985), so their mean is the estimate, their standard error
    is that of the estimate, and settings can be compared cross by cross.
    """
    of = next(iter(arms.values()))
    at = np.flatnonzero(of["shot"] & (np.abs(of["shot_width"]) > GOAL_HALF_WIDTH))
    shots = of[at]
    far = (shots["shot_width"] > 0).astype(float)
    if min(far.sum(), (1.0 - far).sum()) < FEWEST_SHOTS:
        return None
    table = np.column_stack([far, *alike(shots)])
    inverse = np.linalg.pinv(table.T @ table)
    xg = 100.0 * shots["shot_xg"].astype(float)
    left = xg - table @ (inverse @ (table.T @ xg))
    leverage = np.einsum("ij,jk,ik->i", table, inverse, table)
    influence = np.zeros(len(of))
    influence[at] = len(of) * (table @ inverse[0]) * left / np.maximum(1.0 - leverage, 0.1)
    return np.asarray(inverse[0] @ (table.T @ xg) + influence - influence.mean())


def alike(shots: Kept) -> list[Values]:
    """The covariates of shots (k,) other than their side, as columns (k,) of a regression."""
    depth, width = shots["shot_depth"].astype(float), np.abs(shots["shot_width"]).astype(float)
    mouth = np.arctan2(width + GOAL_HALF_WIDTH, depth) - np.arctan2(width - GOAL_HALF_WIDTH, depth)
    head, pressed = shots["shot_head"].astype(float), np.exp(-shots["shot_gap"].astype(float))
    return [np.ones(len(shots)), np.hypot(depth, width), mouth, mouth**2, head, head * mouth, pressed]


def mouths(arms: Arms) -> Details:
    """Direct shots by side: number, xG, share of the goal mouth that is open, distances to goal line and opponent."""
    of = next(iter(arms.values()))
    width = of["shot_width"]
    zones = {
        "far side": width > GOAL_HALF_WIDTH,
        "between the posts": np.abs(width) <= GOAL_HALF_WIDTH,
        "near side": width < -GOAL_HALF_WIDTH,
    }
    shares = {}
    for name, inside in zones.items():
        shots = of["shot"] & inside
        shares[name] = {
            "direct shots per 100": float(100.0 * shots.mean()),
            "xG of 100 shots": mean(100.0 * of["shot_xg"], shots),
            "% of the mouth open": mean(100.0 * of["shot_open"], shots),
            "m to the goal line": mean(of["shot_depth"], shots),
            "m to an opponent": mean(of["shot_gap"], shots),
        }
    return shares


def met(of: Kept, where: npt.NDArray[np.bool_]) -> dict[str, float | None]:
    """The crosses met by the runner where `where` (n,) is true: number, distance to an opponent, xG."""
    chosen = of["meets"] & where
    return {
        "meets per 100": float(100.0 * chosen.mean()),
        "m to an opponent": mean(of["gap"], chosen),
        "xG per 100 met": mean(100.0 * of["xg"], chosen),
    }


def waiting(arms: Arms) -> Details:
    """Each run, then all of them by how long the runner had waited where the ball came."""
    groups = {name: met(of, np.ones(len(of), bool)) for name, of in arms.items()}
    everybody = np.concatenate(list(arms.values()))
    waited = everybody["waited"]
    for low, high in pairwise((0.0, *WAITS, np.inf)):
        name = f"both, waited {low:g} to {high:g} s" if np.isfinite(high) else f"both, waited {low:g} s or more"
        groups[name] = met(everybody, (waited >= low) & (waited < high))
    return groups


def by_body_angle(of: Kept) -> Details:
    """The crosses that are met, by the angle between the runner's body and the goal."""
    degrees = np.degrees(of["body_angle"])
    return {
        f"met {low:g} to {high:g} degrees from the goal": met(of, (degrees >= low) & (degrees <= high))
        for low, high in pairwise((0.0, *ANGLES, 180.0))
    }


def sight(arms: Arms) -> Details:
    """How much of the run the marker does not see, and how wrong his belief is at the strike."""
    return {
        name: {
            "% of the run unseen": mean(100.0 * of["unseen"]),
            "marker's error at the strike, m": mean(of["belief_error"]),
        }
        for name, of in arms.items()
    }


def starts(arms: Arms) -> Details:
    """What each start is worth, and how often it is flagged offside."""
    return {
        name: {"xG per 100": float(100.0 * of["xg"].mean()), "offside per 100": float(100.0 * of["offside"].mean())}
        for name, of in arms.items()
    }


def tap_ins(arms: Arms) -> Details:
    """The runner's shots from within six metres."""
    return {name: {"his shots within 6 m, per 100": float(100.0 * of["tap_in"].mean())} for name, of in arms.items()}


def second_balls(arms: Arms) -> Values:
    """Gain of the first run over the second after the first touch, xG per 100 crosses, (n,)."""
    run, stays, run_direct, stays_direct = list(arms.values())[:4]
    whole, direct = gain(run, stays), gain(run_direct, stays_direct)
    return whole - direct[: len(whole)]


def all_balls(arms: Arms) -> Details:
    """Gain of the first run over the second, in total and up to the first touch, with the 99 % interval."""
    run, stays, run_direct, stays_direct = list(arms.values())[:4]
    gains = {"all balls together": gain(run, stays), "up to the first touch": gain(run_direct, stays_direct)}
    intervals = {name: mean_interval(values, LEVEL) for name, values in gains.items()}
    return {
        name: {"gain per 100": interval.mean, "at least": interval.low, "at most": interval.high}
        for name, interval in intervals.items()
    }


def cues(arms: Arms) -> Mapping[str, Values]:
    """What the crosser's body and the flight are worth, each on its own."""
    both, neither, flight = (arms[name] for name in ("reads both", "reads neither", "reads the flight"))
    return {"the crosser's body": gain(both, flight), "the flight": gain(flight, neither)}


def facings(arms: Arms) -> Details:
    """Each way of facing, then the crosses met by where the runner's body pointed."""
    ways = {name: met(of, np.ones(len(of), bool)) | {"xG per 100": mean(100.0 * of["xg"])} for name, of in arms.items()}
    angles = by_body_angle(arms["half to the goal, as tuned"])
    return ways | {name: {**row, "xG per 100": None} for name, row in angles.items()}


def knowing_the_pattern(by_pattern: Mapping[str, Mapping[str, Kept]]) -> Values:
    """XG per 100 crosses that the best run against each pattern gains over the single run that is best overall.

    Args:
        by_pattern: pattern -> run -> crosses (n,), with the same seeds everywhere.

    Returns:
        Values (n // 2,): the runs are chosen on every other cross and judged on the rest.
    """
    tables = {name: {run: 100.0 * of["xg"] for run, of in runs.items()} for name, runs in by_pattern.items()}
    runs = list(next(iter(tables.values())))

    def best(*of: Mapping[str, Values]) -> str:
        return max(runs, key=lambda run: sum(float(table[run][::2].mean()) for table in of))

    overall = best(*tables.values())
    gains = [table[best(table)][1::2] - table[overall][1::2] for table in tables.values()]
    return np.asarray(np.mean(gains, axis=0))
