"""When and where an agent runs: what a coach would count, for each agent on the same crosses."""

from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.envs.world.pitch import HALF_LENGTH
from backpost.training.bench.runs import DELIVERIES, RUNS, Floats, Runs, mean
from backpost.training.bench.statistics import quartiles

MOMENTS = {"start": "run starts", "strike": "cross is struck", "end": "ball is there"}
"""Moments at which his place is told."""
WIDE, DEEP = 24, 24
"""m beside the goal's centre and from the goal line that a map of places covers, in cells of a metre."""


def where(of: Runs) -> dict[str, Any]:
    """What runs (n,) have in common; times from the strike, depth from the goal line, width to the far side."""
    return {
        **_worth(of),
        "own_xg": 100.0 * float(of["own_xg"].mean()),
        "offside": 100.0 * float(of["offside"].mean()),
        "start": quartiles(of["start"]),
        "arrival": quartiles(of["arrival"]),
        "waited": quartiles(of["waited"]),
        **_meeting(of),
        "speed": mean(of["speed"]),
        "degrees_from_goal": _degrees(of["body_angle"]),
        "places": {name: _place(of, name) for name in MOMENTS},
        "runs": _shares(of["run"], RUNS),
        "by_delivery": {
            DELIVERIES[k]: {
                "share": 100.0 * float((of["delivery"] == k).mean()),
                **_worth(of[of["delivery"] == k]),
                **_meeting(of[of["delivery"] == k]),
                "runs": _shares(of["run"][of["delivery"] == k], RUNS),
            }
            for k in range(len(DELIVERIES))
            if (of["delivery"] == k).any()
        },
    }


def maps(of: Runs) -> dict[str, list[list[int]]]:
    """Runs (n,) counted by square metre at each moment: rows from the goal line, columns from the far side."""
    return {name: _counts(of, name).tolist() for name in MOMENTS}


def _worth(of: Runs) -> dict[str, float]:
    """Per 100 crosses: gets to the ball, shoots, scores, and expected goals."""
    goals = {"meets": "meets", "shoots": "shoots", "goals": "goal", "xg": "xg"}
    return {name: 100.0 * float(of[column].mean()) for name, column in goals.items()}


def _meeting(of: Runs) -> dict[str, float | None]:
    """How he meets the ball, on average: its height, and how far the nearest opponent is, m."""
    return {name: mean(of[name]) for name in ("height", "separation")}


def _shares(of: npt.NDArray[np.int64], names: tuple[str, ...]) -> dict[str, float]:
    counts = np.bincount(of, minlength=len(names))
    return {name: 100.0 * float(count) / max(len(of), 1) for name, count in zip(names, counts, strict=True)}


def _place(of: Runs, moment: str) -> dict[str, dict[str, float | None]]:
    """Depth and width of his place at a moment."""
    return {
        "depth": quartiles(HALF_LENGTH - of[f"{moment}_x"]),
        "width": quartiles(of[f"{moment}_y"]),
    }


def _counts(of: Runs, moment: str) -> npt.NDArray[np.int64]:
    depth, width = HALF_LENGTH - of[f"{moment}_x"], of[f"{moment}_y"]
    known = np.isfinite(depth) & np.isfinite(width)
    edges = (np.arange(DEEP + 1.0), np.arange(-WIDE, WIDE + 1.0))
    counts, _, _ = np.histogram2d(depth[known], -width[known], bins=edges)
    return np.asarray(counts, np.int64)


def _degrees(angles: Floats) -> float | None:
    found = mean(angles)
    return None if found is None else float(np.degrees(found))
