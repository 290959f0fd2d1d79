"""The two callables of `sensitivity`, by simulation: published rows on whole matches, and the guide's main effects.

For each claim only the effect at the default settings is replayed, not its mechanism and range. What counts is the side
of zero on which its 99 % interval lies: the verdict depends on that, and it takes a sixth of the crosses.
"""

from collections.abc import Mapping

from backpost.agents.base.play import Progress
from backpost.envs.interface.options import Options
from backpost.envs.world.chance import episode_seeds
from backpost.training.bench.statistics import Interval
from backpost.training.guide.claim import interval
from backpost.training.guide.claims import CLAIMS
from backpost.training.guide.played import play_runs
from backpost.training.realism.published import rows
from backpost.training.realism.realism import SCENARIO, play_events

from .band import Measured
from .sensitivity import WEAK, ClaimEffect, Claims, Rows, Sensitivity, sensitivity, settings

LABEL = "calibrate"
STREAM = 200
"""A stream far from those of the calibration."""
ABOVE, BELOW, NEITHER, TOO_FEW = "above zero", "below zero", "no effect beyond luck", "too few events"


def played_sensitivity(
    crosses: int = 4_000, parameters: tuple[str, ...] = WEAK, progress: Progress | None = None
) -> Sensitivity:
    """`sensitivity` on `crosses` crosses of a match, and of each run of the guide, for every setting.

    Raises:
        UnknownName: for an unknown parameter.
    """
    return sensitivity(rows_of(crosses, progress), claims_of(crosses, progress), crosses, parameters)


def crosses_to_play(crosses: int, parameters: tuple[str, ...] = WEAK) -> int:
    """How many crosses `played_sensitivity` plays in all, for a progress bar."""
    runs = {run for claim in CLAIMS for run in claim.arms.values()}
    return settings(parameters) * (crosses + sum(run.count(crosses) for run in runs))


def rows_of(crosses: int, progress: Progress | None = None) -> Rows:
    """A function that measures the published rows, with expected goals in place of goals."""

    def measured(values: Mapping[str, float]) -> Mapping[str, Measured]:
        seeds = episode_seeds(LABEL, STREAM, 0, crosses)
        table = play_events(SCENARIO, seeds, Options(parameters=dict(values)), progress=progress)
        return dict(rows(table, expected=True))

    return measured


def claims_of(crosses: int, progress: Progress | None = None) -> Claims:
    """A function that measures the guide's main effects; each run keeps the parameters set by its claim."""

    def measured(values: Mapping[str, float]) -> dict[str, ClaimEffect]:
        runs = {run for claim in CLAIMS for run in claim.arms.values()}
        moved = {run: run.having({**values, **dict(run.parameters)}, {}) for run in runs}
        played = play_runs(moved.values(), crosses, progress=progress)
        effects = {}
        for claim in CLAIMS:
            if claim.arms:
                effect = interval(claim.effect({arm: played[moved[run]] for arm, run in claim.arms.items()}))
                mean = None if effect is None else effect.mean
                effects[claim.name] = ClaimEffect(mean, claim.unit, _side(effect))
        return effects

    return measured


def _side(effect: Interval | None) -> str:
    if effect is None:
        return TOO_FEW
    return ABOVE if effect.low > 0 else BELOW if effect.high < 0 else NEITHER
