"""Rows of the guide's table that come from stored runs: what a policy makes of the cues, and what drills teach.

They need training, so `backpost guide` does not measure them anew: an explanation that `backpost explain` has written
gives G7 its policy, run folders of `backpost train` with and without a curriculum of drills give G11 its effect.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import InvalidFile, InvalidValue
from backpost.training.bench.reporting import check_played_alike, read_json, read_result
from backpost.training.bench.statistics import Interval, mean_interval
from backpost.training.explain.cues import NO_HIPS
from backpost.training.learn.configuration import configuration
from backpost.training.learn.run_folder import made_in

from .claim import BASE, LEVEL
from .guide import says
from .verdict import VERDICTS, Evidence, verdict

CUES = ("the crosser's hips", NO_HIPS, "the build-up: head up, foot planted, swing", "the flight altogether")
"""Cues of an explanation that G7 speaks of: body, then flight."""
OPEN_PLAY = "OpenPlay"
POINTS = 50
"""Places of a learning curve between its ends that are averaged."""
MADE = (
    "policies trained with the drills before the match against such trained without, as many decisions each: the mean "
    "of the learning curve, open play, pairs of one training seed"
)
LEARNING, END = "over the whole of learning", "at the end"

Result = dict[str, Any]
Curve = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
"""Decisions and xG per 100 crosses of the candidates of a run, (k,) each."""


@dataclass(frozen=True)
class Stored:
    """What has been read of stored runs: an explanation with cues, learning curves with and without drills."""

    explained: Result | None = None
    drilled: tuple[Curve, ...] = ()
    undrilled: tuple[Curve, ...] = ()


def read_stored(
    explained: str | Path | None = None, drilled: Sequence[str | Path] = (), undrilled: Sequence[str | Path] = ()
) -> Stored:
    """Read and check what is needed, before anything is played.

    Args:
        explained: the file of an explanation of a policy in open play, with its cues.
        drilled: run folders of open play trained with drills, one a seed.
        undrilled: run folders trained without, of the same seeds in the same order.

    Raises:
        InvalidFile: if one of them is missing or holds no such thing.
        InvalidValue: for fewer than two pairs of run folders, or pairs that do not belong together.
    """
    told = None if explained is None else _explanation(Path(explained))
    if drilled or undrilled:
        _check_pairs(drilled, undrilled)
    return Stored(told, tuple(curve(path) for path in drilled), tuple(curve(path) for path in undrilled))


def filled(result: Result, stored: Stored) -> Result:
    """A guide's result with what stored runs add to G7 and G11."""
    claims = {claim["claim"]: claim for claim in result["claims"]}
    if stored.explained is not None:
        claims["G7"] = with_policy(claims["G7"], stored.explained)
    if stored.drilled:
        claims["G11"] = with_drills(claims["G11"], stored.drilled, stored.undrilled)
    told = [{**claim, "says": says(claim)} for claim in claims.values()]
    counted = {name: sum(claim["verdict"] == name for claim in told) for name in VERDICTS}
    return {**result, "claims": told, "verdicts": counted}


def with_policy(claim: Result, explained: Result) -> Result:
    """G7 with a row for every cue that was hidden from a policy; the verdict stays with the flight reader."""
    rows = {}
    for name in CUES:
        lost = explained["cues"]["cues"][name]["lost"]
        rows[f"{explained['agent']} without {name}"] = {
            "xG per 100 lost": lost["mean"],
            "at least": lost["low"],
            "at most": lost["high"],
        }
    note = claim["note"].partition("; a trained policy")[0]
    return {
        **claim,
        "details": {**claim["details"], **rows},
        "note": f"{note}; the policy's rows say what {explained['agent']} loses when a cue shows what is usual instead",
    }


def with_drills(claim: Result, drilled: Sequence[Curve], undrilled: Sequence[Curve]) -> Result:
    """G11 with the learning curves of so many training seeds with and without drills; seeds are the unit.

    Raises:
        InvalidValue: for curves that never overlap.
    """
    gains = np.array([_gain(one, other) for one, other in zip(drilled, undrilled, strict=True)])
    learning, end = (mean_interval(gains[:, k], LEVEL) for k in (0, 1))
    found, reason = verdict(Evidence(learning, parts={END: end}))
    ends = {"with drills": drilled, "without drills": undrilled}
    return {
        **claim,
        "verdict": found,
        "reason": reason,
        "compared": MADE,
        "effect": asdict(learning),
        "settings": [_setting(learning, len(drilled))],
        "parts": {END: asdict(end)},
        "details": {
            name: {"seeds": float(len(of)), "xG per 100 at the end": float(np.mean([xg[-1] for _, xg in of]))}
            for name, of in ends.items()
        },
        "note": "training seeds are the unit; xG of checkpoints on the crosses that they are selected on",
    }


def curve(folder: str | Path) -> Curve:
    """The learning curve in a run folder.

    Raises:
        InvalidFile: if it holds no finished run with two checkpoints or more.
    """
    path = Path(folder) / "progress.json"
    progress = read_json(str(path))
    if progress.get("status") != "finished":
        raise InvalidFile(f"{path} is of a run that has not finished; go on with `backpost train --resume {folder}`")
    candidates = progress.get("candidates", [])
    if not isinstance(candidates, list) or len(candidates) < 2:
        raise InvalidFile(f"{path} has no learning curve: it needs two checkpoints or more")
    try:
        rows = sorted((float(one["steps"]), float(one["xg_per_100"])) for one in candidates)
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidFile(f"{path} has no learning curve that `backpost train` wrote") from error
    steps, xg = np.array(rows).T
    return steps, xg


def _explanation(path: Path) -> Result:
    """An explanation of a policy in open play that has all the cues that G7 speaks of."""
    explained = read_result(str(path))
    try:
        check_played_alike(explained, str(path))
        of_a_policy = "weights" in explained["who"]
        environment, lost = explained["environment"], [explained["cues"]["cues"][name]["lost"] for name in CUES]
        known = all({"mean", "low", "high"} <= set(one) for one in lost)
    except (KeyError, TypeError) as error:
        raise InvalidFile(
            f"{path} is an explanation without cues and says nothing of G7; run `backpost explain` to its end"
        ) from error
    if environment != OPEN_PLAY or not known or not of_a_policy:
        raise InvalidFile(f"{path} must be an explanation of a policy in {OPEN_PLAY}, got {environment}")
    return explained


def _check_pairs(drilled: Sequence[str | Path], undrilled: Sequence[str | Path]) -> None:
    """Whether the folders are pairs of runs in open play that differ in nothing but the drills, each seed once."""
    if len(drilled) != len(undrilled) or len(drilled) < 2:
        raise InvalidValue(
            f"drills are judged on two pairs of run folders or more, one with and one without of each seed, "
            f"got {len(drilled)} and {len(undrilled)}"
        )
    seeds: list[int] = []
    for one, other in zip(drilled, undrilled, strict=True):
        a, b = (configuration(Path(folder) / "config.yml") for folder in (one, other))
        if not a.curriculum or b.curriculum:
            raise InvalidValue(f"{one} must have been trained with drills, and {other} without")
        if replace(a, curriculum=()) != b or a.env != OPEN_PLAY:
            raise InvalidValue(f"{one} and {other} must both be of {OPEN_PLAY}, and differ in nothing but the drills")
        if made_in(Path(one)) != made_in(Path(other)):
            raise InvalidValue(
                f"{one} and {other} were trained in different versions of the world, or with other agents or rules"
            )
        seeds.append(a.seed)
    if len(set(seeds)) < len(seeds):
        raise InvalidValue(f"each training seed must be there once, got {', '.join(map(str, seeds))}")


def _gain(one: Curve, other: Curve) -> tuple[float, float]:
    """What one curve is above another, on the mean over the decisions that both have, and at their common end."""
    first, last = max(one[0][0], other[0][0]), min(one[0][-1], other[0][-1])
    if last <= first:
        raise InvalidValue("two learning curves have no decisions in common")
    at = np.linspace(first, last, POINTS)
    apart = np.interp(at, *one) - np.interp(at, *other)
    return float(apart.mean()), float(apart[-1])


def _setting(effect: Interval, seeds: int) -> Mapping[str, Any]:
    return {"setting": LEARNING, "kind": BASE, "crosses": seeds, "effect": asdict(effect)}
