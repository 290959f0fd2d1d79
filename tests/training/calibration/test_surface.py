"""Promises of the parts of a calibration: the design, the linear models, the loss, and the step they lead to."""

import numpy as np
import pytest

from backpost.training.calibration.design import bounds_in_steps, in_steps, mirrored_design, moved
from backpost.training.calibration.figures import Array, Bands, Kind, Measured
from backpost.training.calibration.free_parameters import FreeParameter
from backpost.training.calibration.loss import FREE, compared_losses, loss, weights
from backpost.training.calibration.response_surface import slopes
from backpost.training.calibration.trust_region import TRUST, best_step
from backpost.training.realism.realism import ENOUGH

RANDOM = np.random.default_rng
ONE = np.ones(1)
BANDS = Bands(("row", "cell"), np.array([0.4, 0.4]), np.array([0.6, 0.6]))
KINDS = {"row": Kind("rows", "x"), "cell": Kind("cells", "x")}


def measured(values: list[float], events: float = 1e9, se: float = 0.0) -> Measured:
    return Measured(np.array(values), np.full(len(values), se), np.full(len(values), events))


def step_for(distance: list[float], slope: list[list[float]], weight: list[float]) -> Array:
    bounds = (np.full(len(slope[0]), -9.0), np.full(len(slope[0]), 9.0))
    return best_step(np.array(distance), np.array(slope), np.array(weight), bounds, RANDOM(0))[0]


def test_a_design_is_mirrored_and_shorter_at_a_bound() -> None:
    free = (FreeParameter("a", 0.5, 0.0, 1.0, 0.1), FreeParameter("b", 1.0, 0.0, 1.0, 0.1))
    centre = {"a": 0.5, "b": 1.0}
    design = in_steps(mirrored_design(centre, free, 20, RANDOM(0)), centre, free)
    assert np.abs(design[:, 0]) == pytest.approx(1.0)
    assert design[:10, 0] == pytest.approx(-design[10:, 0])
    assert sorted(set(design[:, 1].round(9))) == [-1.0, 0.0]
    assert moved(centre, free, np.array([1.0, 0.0])) == {"a": 0.6, "b": 1.0}
    low, high = bounds_in_steps(centre, free)
    assert [*low, *high] == pytest.approx([-5.0, -10.0, 5.0, 0.0])


def test_a_clear_figure_is_modelled_as_it_is_and_one_of_luck_is_shrunk_away() -> None:
    random = RANDOM(1)
    design = random.choice([-1.0, 1.0], size=(240, 60))
    truth = np.zeros(60)
    truth[:3] = (1.0, -2.0, 0.5)
    events = random.integers(100, 1000, (240, 2)).astype(float)
    luck = random.standard_normal((240, 2)) / np.sqrt(events)
    value = np.stack([5.0 + design @ truth, np.zeros(240)], axis=1) + [0.1, 10.0] * luck
    clear, lucky = slopes(design, Measured(value, luck, events))
    assert clear == pytest.approx(truth, abs=0.01)
    unshrunk = np.linalg.lstsq(design, value[:, 1], rcond=None)[0]
    assert np.abs(lucky).max() < 0.2 * np.abs(unshrunk).max()


def test_points_with_many_events_count_more_and_those_without_do_not() -> None:
    design = np.array([[1.0], [-1.0]] * 20)
    value, events = np.where(design > 0, 1.0, -1.0), np.full((40, 1), 1000.0)
    value[:10], events[:10] = 50.0, 1.0
    value[10:12], events[10:12] = np.nan, 0.0
    assert slopes(design, Measured(value, value, events))[0] == pytest.approx(1.0, rel=0.05)
    assert np.isnan(slopes(design, Measured(value, value, np.zeros((40, 1))))).all()


def test_a_figure_costs_nothing_within_the_free_part_of_its_band_and_more_the_farther_it_is() -> None:
    costs = [loss(np.array([distance]), ONE)[0] for distance in (0.0, FREE, -FREE, 0.8, 1.0, -2.0, 5.0, 50.0)]
    assert costs[:3] == [0.0] * 3
    assert costs[2:] == sorted(costs[2:])
    assert len(set(costs)) == 6


def test_the_gradient_of_the_loss_is_its_slope() -> None:
    distance, weight = np.array([-3.0, -0.9, 0.3, 0.7, 8.0]), np.array([1.0, 2.5, 1.0, 0.2, 2.5])
    gradient = loss(distance, weight)[1]
    for k, towards in enumerate(np.eye(5)):
        rise = loss(distance + 1e-6 * towards, weight)[0] - loss(distance - 1e-6 * towards, weight)[0]
        assert gradient[k] == pytest.approx(rise / 2e-6, abs=1e-6)


def test_a_hopeless_figure_does_not_outweigh_two_that_can_be_reached() -> None:
    assert step_for([6.0, 1.1, 1.1], [[-0.5], [0.5], [0.5]], [1.0] * 3)[0] < -0.5 * TRUST
    assert step_for([6.0, 0.0, 0.0], [[-0.5], [0.5], [0.5]], [1.0] * 3)[0] > 0.9 * TRUST, "nor is it given up"


def test_a_row_outweighs_a_cell_that_asks_for_the_opposite() -> None:
    weight = [*weights(BANDS, measured([0.5, 0.5]), KINDS)]
    assert step_for([1.1, 1.1], [[0.5], [-0.5]], weight)[0] < -0.5
    assert step_for([1.1, 1.1], [[0.5], [-0.5]], weight[::-1])[0] > 0.5


def test_a_step_stays_within_the_trust_region_and_the_bounds_and_what_nothing_asks_for_stays() -> None:
    bounds = (np.array([-0.3, -9.0, -9.0]), np.array([9.0, 0.0, 9.0]))
    slope = np.array([[1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])
    step, predicted = best_step(np.array([9.0, 9.0]), slope, np.ones(2), bounds, RANDOM(0))
    assert step == pytest.approx([-0.3, 0.0, 0.0], abs=1e-4)
    assert predicted < loss(np.array([9.0, 9.0]), np.ones(2))[0]


def test_a_parameter_that_nothing_asks_to_move_goes_back_to_where_it_was_as_far_as_it_is_trusted() -> None:
    bounds = (np.full(2, -9.0), np.full(2, 9.0))
    away = np.array([1.0, -0.2])
    step, _ = best_step(np.zeros(1), np.zeros((1, 2)), ONE, bounds, RANDOM(0), trust=0.5, away=away)
    assert step == pytest.approx([-0.5, 0.2], abs=0.1)


def test_a_figure_with_few_events_or_a_wide_error_counts_less_and_without_enough_events_not_at_all() -> None:
    sure, few, wide = (
        weights(BANDS, measured([0.9, 0.9], events, se), KINDS)[1]
        for events, se in ((1e9, 0.0), (2.0 * ENOUGH, 0.0), (1e9, 0.1))
    )
    assert sure == pytest.approx(1.0)
    assert few < 0.7
    assert wide == pytest.approx(0.5)
    assert not weights(BANDS, measured([0.9, 0.9], ENOUGH - 1.0), KINDS).any()
    assert not weights(BANDS, measured([np.nan, np.nan]), KINDS).any()
    assert step_for([9.0, 1.1], [[-1.0], [1.0]], [0.0, 1.0])[0] < 0


def test_nothing_is_gained_by_avoiding_the_events_of_a_figure() -> None:
    there, gone = measured([0.5, 0.61]), measured([0.5, np.nan])
    before, after = compared_losses(BANDS, there, gone, KINDS)
    assert before < after
