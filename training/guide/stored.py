"""Rows of the guide's table that come from stored runs: what cues are worth to a policy, and what drills teach.

They need training, so `backpost guide` does not measure them: an explanation written by `backpost explain` gives G7 its
policy, and run folders of `backpost train` with and without a curriculum of drills give G11 its effect.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from backpost.envs.common.errors import InvalidFile, InvalidValue
from backpost.training.bench.result_file import check_played_with, read_result
from backpost.training.bench.statistics import Interval, mean_interval
from backpost.training.explain.cues import NO_HIPS
from backpost.training.explain.explanation import Explanation
from backpost.training.learn.configuration import configuration
from backpost.training.learn.progress import read_progress
from backpost.training.learn.run_folder import made_in

from .claim import BASE, LEVEL
from .content import Guide, MeasuredClaim, SettingEffect, counted
from .verdict import Evidence, verdict

CUES = ("the crosser's hips", NO_HIPS, "the build-up: head up, foot planted, swing", "the flight altogether")
"""Cues of an explanation that G7 is about: body, then flight."""
OPEN_PLAY = "OpenPlay"
POINTS = 50
"""Number of points over which the learning curves are averaged."""
COMPARED = (
    "policies trained with the drills before the match against such trained without, as many decisions each: the mean "
    "of the learning curve, open play, pairs of one training seed"
)
LEARNING, END = "over the whole of learning", "at the end"

Curve = tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]
"""Decisions and xG per 100 crosses of the candidates of a run, (k,) each."""


@dataclass(frozen=True)
class Stored:
    """Data read from stored runs: an explanation with cues, and learning curves with and without drills."""

    explained: Explanation | None = None
    drilled: tuple[Curve, ...] = ()
    undrilled: tuple[Curve, ...] = ()


def read_stored(
    explained: str | Path | None = None, drilled: Sequence[str | Path] = (), undrilled: Sequence[str | Path] = ()
) -> Stored:
    """Read and check the stored runs before anything is played.

    Args:
        explained: file of an explanation of a policy in open play, with its cues.
        drilled: run folders of open play trained with drills, one per seed.
        undrilled: run folders trained without drills, with the same seeds in the same order.

    Raises:
        InvalidFile: if one of them is missing or has the wrong content.
        InvalidValue: for fewer than two pairs of run folders, or pairs that do not belong together.
    """
    read = None if explained is None else _explanation(Path(explained))
    if drilled or undrilled:
        _check_pairs(drilled, undrilled)
    return Stored(read, tuple(curve(path) for path in drilled), tuple(curve(path) for path in undrilled))


def filled(result: Guide, stored: Stored) -> Guide:
    """A guide's result, completed by what stored runs add to G7 and G11."""
    claims = {claim.claim: claim for claim in result.claims}
    if stored.explained is not None:
        claims["G7"] = with_policy(claims["G7"], stored.explained)
    if stored.drilled:
        claims["G11"] = with_drills(claims["G11"], stored.drilled, stored.undrilled)
    filled_claims = tuple(claim.with_sentence() for claim in claims.values())
    return replace(result, claims=filled_claims, verdicts=counted(filled_claims))


def with_policy(claim: MeasuredClaim, explained: Explanation) -> MeasuredClaim:
    """G7 with a row for every cue that was hidden from a policy; the verdict is still that for the flight reader."""
    rows: dict[str, dict[str, float | None]] = {}
    for name in CUES:
        lost = _lost(explained, name)
        rows[f"{explained.agent} without {name}"] = {
            "xG per 100 lost": lost.mean,
            "at least": lost.low,
            "at most": lost.high,
        }
    note = claim.note.partition("; a trained policy")[0]
    return replace(
        claim,
        details={**claim.details, **rows},
        note=f"{note}; the policy's rows say what {explained.agent} loses when a cue shows what is usual instead",
    )


def with_drills(claim: MeasuredClaim, drilled: Sequence[Curve], undrilled: Sequence[Curve]) -> MeasuredClaim:
    """G11 from learning curves with and without drills, one pair per training seed; seeds are the unit.

    Raises:
        InvalidValue: if the curves do not overlap.
    """
    gains = np.array([_gain(*pair) for pair in zip(drilled, undrilled, strict=True)])
    learning, end = (mean_interval(gains[:, k], LEVEL) for k in (0, 1))
    judged, reason = verdict(Evidence(learning, parts={END: end}))
    ends = {"with drills": drilled, "without drills": undrilled}
    return replace(
        claim,
        verdict=judged,
        reason=reason,
        compared=COMPARED,
        effect=learning,
        settings=(SettingEffect(LEARNING, BASE, len(drilled), learning),),
        parts={END: end},
        details={
            name: {"seeds": float(len(of)), "xG per 100 at the end": float(np.mean([xg[-1] for _, xg in of]))}
            for name, of in ends.items()
        },
        note="training seeds are the unit; xG of checkpoints on the crosses that they are selected on",
    )


def curve(folder: str | Path) -> Curve:
    """The learning curve in a run folder.

    Raises:
        InvalidFile: if it does not hold a finished run with at least two checkpoints.
    """
    progress = read_progress(folder)
    if progress.status != "finished":
        raise InvalidFile(f"the run in {folder} has not finished; resume with `backpost train --resume {folder}`")
    if len(progress.candidates) < 2:
        raise InvalidFile(f"the run in {folder} has no learning curve: it needs two checkpoints or more")
    steps, xg = np.array(sorted((float(point.steps), point.xg_per_100) for point in progress.candidates)).T
    return steps, xg


def _explanation(path: Path) -> Explanation:
    """Read an explanation of a policy in open play that has all the cues that G7 is about."""
    explained = read_result(path, Explanation)
    check_played_with(explained, str(path))
    if explained.environment != OPEN_PLAY or "weights" not in (explained.who or {}):
        raise InvalidFile(f"{path} must be an explanation of a policy in {OPEN_PLAY}, got {explained.environment}")
    for name in CUES:
        try:
            _lost(explained, name)
        except InvalidValue as error:
            raise InvalidFile(f"{path} says nothing about G7: {error}") from error
    return explained


def _lost(explained: Explanation, cue: str) -> Interval:
    """What the policy loses without a cue, xG per 100 crosses.

    Raises:
        InvalidValue: if it was not played without that cue.
    """
    cues = {} if explained.cues is None else explained.cues.cues
    if cue not in cues:
        raise InvalidValue(f"it is an explanation without {cue}; run `backpost explain` to its end")
    return cues[cue].lost


def _check_pairs(drilled: Sequence[str | Path], undrilled: Sequence[str | Path]) -> None:
    """Check that the folders are pairs of runs in open play that differ only in the drills, each seed once."""
    if len(drilled) != len(undrilled) or len(drilled) < 2:
        raise InvalidValue(
            f"drills are judged on two pairs of run folders or more, one with and one without of each seed, "
            f"got {len(drilled)} and {len(undrilled)}"
        )
    seeds: list[int] = []
    for first, second in zip(drilled, undrilled, strict=True):
        a, b = (configuration(Path(folder) / "config.yml") for folder in (first, second))
        if not a.curriculum or b.curriculum:
            raise InvalidValue(f"{first} must have been trained with drills, and {second} without")
        if replace(a, curriculum=()) != b or a.env != OPEN_PLAY:
            raise InvalidValue(
                f"{first} and {second} must both be of {OPEN_PLAY}, and differ in nothing but the drills"
            )
        if made_in(Path(first)) != made_in(Path(second)):
            raise InvalidValue(
                f"{first} and {second} were trained in different versions of the world, or with other agents or rules"
            )
        seeds.append(a.seed)
    if len(set(seeds)) < len(seeds):
        raise InvalidValue(f"each training seed must be there once, got {', '.join(map(str, seeds))}")


def _gain(first_curve: Curve, second_curve: Curve) -> tuple[float, float]:
    """Gain of one curve over another: the mean over the decisions that both cover, and at their common end."""
    first, last = max(first_curve[0][0], second_curve[0][0]), min(first_curve[0][-1], second_curve[0][-1])
    if last <= first:
        raise InvalidValue("two learning curves have no decisions in common")
    at = np.linspace(first, last, POINTS)
    apart = np.interp(at, *first_curve) - np.interp(at, *second_curve)
    return float(apart.mean()), float(apart[-1])
