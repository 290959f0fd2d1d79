"""What the crosser's body shows: as often right as published anticipation, and the latest look holds all there is."""

from functools import cache

import numpy as np

from backpost.envs import Crosses, Options
from backpost.envs.world.chance import episode_seeds
from backpost.envs.world.parameters import parameters
from backpost.envs.world.record import CUTBACK, LOW, SWING

COUNT = 6000
P = parameters()[0]


@cache
def looks() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Errors (m, in y), whether the class was right, and how clear it was, of the last three looks: (3, n) each."""
    crosses = Crosses("OpenPlay", COUNT)
    crosses.deal(episode_seeds("verify", 21, 0, COUNT))
    seen = []
    while (crosses.worlds.phase <= SWING).any():
        waits, delivery = crosses.worlds.phase <= SWING, crosses.worlds.delivery.copy()
        crosses.step(np.zeros((COUNT, 4)))
        low = np.where(np.isin(delivery.kind, (LOW, CUTBACK)), 1.0, -1.0)
        shown = waits & (delivery.hips_shown > 0.0)
        row = np.stack([delivery.hips_y - delivery.aim_y, delivery.hips_low == low, delivery.hips_shown])
        seen.append(np.where(shown, row, np.nan))
    table = np.stack(seen)
    last = np.array([np.flatnonzero(np.isfinite(table[:, 0, i]))[-1] for i in range(COUNT)])
    stacked = np.stack([table[np.maximum(last - back, 0), :, np.arange(COUNT)].T for back in (2, 1, 0)])
    whole = np.isfinite(stacked[:, 0]).all(axis=0)
    assert whole.mean() > 0.5
    errors, right, shown = stacked[:, :, whole].transpose(1, 0, 2)
    return errors, right > 0.5, shown


def test_a_look_is_as_wrong_as_it_is_said_to_be() -> None:
    errors, right, shown = looks()
    strength = 2.0 * shown - 1.0
    scaled = errors / (P.cue_error_early + strength * (P.cue_error_late - P.cue_error_early))
    assert np.abs(scaled.std(axis=1) - 1.0).max() < 0.04
    accuracy = P.cue_class_early + strength * (P.cue_class_late - P.cue_class_early)
    assert np.abs(right.mean(axis=1) - accuracy.mean(axis=1)).max() < 0.03


def test_two_looks_tell_no_more_than_the_later_one() -> None:
    """Two errors that were one draw, scaled, gave the aim away exactly; a class that flipped could not be wrong."""
    errors, right, _ = looks()
    for early, late in ((0, 2), (1, 2), (0, 1)):
        moved = errors[early] - errors[late]
        assert moved.std() > 0.5
        assert abs(np.corrcoef(moved, errors[late])[0, 1]) < 0.05
        stayed = right[early] == right[late]
        # Given the later look, whether the earlier one said the same says nothing about the truth.
        assert abs(right[late][stayed].mean() - right[late][~stayed].mean()) < 0.06


def test_nothing_is_shown_without_cues_nor_after_the_strike() -> None:
    crosses = Crosses("OpenPlay", 50, options=Options(parameters={"cues_on": 0.0}))
    shown_hips = Crosses("OpenPlay", 50)
    for batch in (crosses, shown_hips):
        batch.deal(episode_seeds("verify", 21, 0, 50))
    shown = 0.0
    for _ in range(60):
        crosses.step(np.zeros((50, 4)))
        shown_hips.step(np.zeros((50, 4)))
        assert (crosses.worlds.delivery.hips_shown == 0.0).all()
        flies = shown_hips.worlds.phase > SWING
        assert (shown_hips.worlds.delivery.hips_shown[flies] == 0.0).all()
        shown += shown_hips.worlds.delivery.hips_shown.sum()
    assert shown > 0.0
