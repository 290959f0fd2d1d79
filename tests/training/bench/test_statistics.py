"""The statistics against scipy, closed forms and simulated coverage."""

import numpy as np
import pytest
from scipy import stats

from backpost.envs.common.errors import InvalidValue
from backpost.training.bench import statistics


def test_mean_interval_and_test_are_students() -> None:
    values = np.random.default_rng(1).normal(0.3, 2.0, 40)
    interval = statistics.mean_interval(values, 0.9)
    low, high = stats.ttest_1samp(values, 0.0).confidence_interval(0.9)
    assert (interval.low, interval.high) == pytest.approx((low, high))
    assert statistics.mean_test(values) == pytest.approx(stats.ttest_1samp(values, 0.0).pvalue)


def test_one_sided_bound_is_the_end_of_a_wider_two_sided_interval() -> None:
    values = np.random.default_rng(2).normal(0.3, 2.0, 40)
    assert statistics.lower_bound(values, 0.99) == pytest.approx(statistics.mean_interval(values, 0.98).low)


def test_intervals_cover_at_their_level() -> None:
    rng = np.random.default_rng(3)
    covered = [
        (interval := statistics.mean_interval(rng.exponential(1.0, 400))).low <= 1.0 <= interval.high
        for _ in range(2000)
    ]
    assert 0.93 < np.mean(covered) < 0.965


def test_seeds_are_the_unit_when_ways_of_training_are_compared() -> None:
    rng = np.random.default_rng(4)
    covered, pooled = [], []
    for _ in range(400):
        luck = rng.normal(0.0, 1.0, (10, 1))
        first, second = luck + rng.normal(0.0, 1.0, (10, 200)), rng.normal(0.0, 1.0, (10, 200))
        by_seed = statistics.crossed_interval(first - second)
        covered.append(by_seed.low <= 0 <= by_seed.high)
        by_cross = statistics.mean_interval((first - second).ravel())
        pooled.append(by_cross.low <= 0 <= by_cross.high)
    assert np.mean(covered) > 0.92
    assert np.mean(pooled) < 0.5


def test_the_same_results_never_differ_and_a_constant_gain_always_does() -> None:
    zeros = np.zeros(10)
    assert statistics.mean_test(zeros) == 1.0
    assert statistics.mean_test(zeros + 1) == 0.0
    assert statistics.mcnemar(zeros, zeros) == 1.0
    assert not statistics.beats_every(zeros[None])


def test_a_a_rejects_at_its_level() -> None:
    rng = np.random.default_rng(5)
    p = [statistics.mean_test(rng.normal(size=200)) for _ in range(1000)]
    assert 3 <= int(np.sum(np.array(p) < 0.01)) <= 19


def test_mcnemar_is_the_exact_sign_test_of_discordant_pairs() -> None:
    first = np.array([1] * 9 + [0] * 2 + [1] * 30 + [0] * 30, dtype=bool)
    second = np.array([0] * 9 + [1] * 2 + [1] * 30 + [0] * 30, dtype=bool)
    assert statistics.mcnemar(first, second) == pytest.approx(2 * stats.binom.cdf(2, 11, 0.5))


def test_holm_matches_its_published_steps() -> None:
    assert statistics.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert statistics.holm([0.9, 0.8]).max() <= 1.0


def test_bonferroni_levels_hold_together() -> None:
    assert statistics.bonferroni(0.95, 10) == pytest.approx(0.995)


def test_wilson_is_scipys_and_covers_rare_events() -> None:
    interval = statistics.wilson(3, 200)
    expected = stats.binomtest(3, 200).proportion_ci(method="wilson")
    assert (interval.low, interval.high) == pytest.approx((expected.low, expected.high))
    assert statistics.wilson(0, 50).low == 0.0


def test_beats_every_needs_each_rival_beaten() -> None:
    rng = np.random.default_rng(6)
    clear, close = rng.normal(1.0, 1.0, 500), rng.normal(0.0, 1.0, 500)
    assert statistics.beats_every([clear, clear])
    assert not statistics.beats_every([clear, close])


def test_impossible_input_is_refused_in_one_sentence() -> None:
    for call in (
        lambda: statistics.mean_interval([1.0]),
        lambda: statistics.mean_interval([1.0, np.nan]),
        lambda: statistics.mean_interval([1.0, 2.0], 1.5),
        lambda: statistics.wilson(3, 2),
        lambda: statistics.mcnemar([1, 0], [1]),
        lambda: statistics.beats_every(np.zeros((0, 3))),
        lambda: statistics.bonferroni(0.95, 0),
        lambda: statistics.crossed_interval(np.zeros(3)),
        lambda: statistics.crossed_test(np.zeros((1, 3))),
        lambda: statistics.share_of_gap([1.0, 2.0], [1.0, 2.0, 3.0], [1.0, 2.0]),
        lambda: statistics.share_of_gap([1.0, 2.0], [1.0, 3.0], [1.0, 2.0, 3.0]),
        lambda: statistics.mean_of_few([1.0, 2.0], [[1.0, 3.0, 4.0]]),
        lambda: statistics.mean_of_few([1.0, 2.0, 3.0, 4.0], [[1.0, 3.0, 4.0, 5.0, np.nan]]),
    ):
        with pytest.raises(InvalidValue):
            call()


def test_medians_ratios_and_quotients_cover_at_their_level() -> None:
    rng = np.random.default_rng(7)
    median, ratio, quotient = [], [], []
    for _ in range(1000):
        values = rng.exponential(1.0, 60)
        interval = statistics.median_interval(values)
        median.append(interval.low <= np.log(2.0) <= interval.high)
        weights = rng.random(200)
        two = statistics.ratio_interval(weights * rng.normal(3.0, 1.0, 200), weights)
        ratio.append(two.low <= 3.0 <= two.high)
        three = statistics.quotient_interval(rng.exponential(2.0, 200), rng.exponential(1.0, 150))
        quotient.append(three.low <= 2.0 <= three.high)
    assert 0.94 < np.mean(median) < 0.98
    assert 0.93 < np.mean(ratio) < 0.97
    assert 0.93 < np.mean(quotient) < 0.97


def test_a_common_odds_ratio_allows_for_the_strata_and_covers_at_its_level() -> None:
    rng = np.random.default_rng(9)
    covered = []
    for _ in range(1000):
        strata = rng.integers(0, 4, 800)
        # Both the outcome and the exposure follow the stratum; within each, the odds are halved.
        exposed = rng.random(800) < 0.2 + 0.15 * strata
        odds = 0.1 * 2.0**strata * np.where(exposed, 0.5, 1.0)
        interval = statistics.odds_ratio_interval(rng.random(800) < odds / (1.0 + odds), exposed, strata)
        covered.append(interval.low <= 0.5 <= interval.high)
    assert 0.93 < np.mean(covered) < 0.97


def test_probabilities_give_the_odds_ratio_of_the_outcomes_that_they_expect() -> None:
    exposed, strata = np.repeat([True, False], 50), np.tile([0, 1], 50)
    expected = np.where(exposed, 0.2, 0.5)
    drawn = np.concatenate([np.arange(50) < 10, np.arange(50) < 25])
    assert statistics.odds_ratio_interval(expected, exposed, strata).mean == pytest.approx(0.25)
    assert statistics.odds_ratio_interval(drawn, exposed, strata).mean == pytest.approx(0.25)


def test_statistics_without_a_meaning_are_refused() -> None:
    with pytest.raises(InvalidValue, match="too few"):
        statistics.median_interval([1.0, 2.0, 3.0, 4.0, 5.0])
    with pytest.raises(InvalidValue, match="above zero"):
        statistics.ratio_interval([1.0, 2.0], [0.0, 0.0])
    with pytest.raises(InvalidValue, match="above zero"):
        statistics.quotient_interval([1.0, 2.0], [0.0, 0.0])
    with pytest.raises(InvalidValue, match="between 0 and 1"):
        statistics.odds_ratio_interval([1.0, 2.0], [True, False], [0, 0])
    with pytest.raises(InvalidValue, match="both kinds of unit"):
        statistics.odds_ratio_interval([1.0, 0.0], [True, False], [0, 1])


def test_the_share_of_a_gap_covers_at_its_level() -> None:
    rng = np.random.default_rng(8)
    covered = []
    for _ in range(1000):
        cross = rng.exponential(1.0, 300)
        rule, policy, reference = (cross + gain + rng.normal(0.0, 1.0, 300) for gain in (0.0, 0.3, 0.5))
        share = statistics.share_of_gap(policy, rule, reference)
        covered.append(share is not None and share.low <= 0.6 <= share.high)
    assert 0.935 < np.mean(covered) < 0.965


def test_a_reference_that_played_few_of_the_crosses_is_covered_at_its_level_by_shorter_intervals() -> None:
    """What policy and rule did on all the other crosses is not thrown away."""
    rng = np.random.default_rng(11)
    covered, means, shorter = [], [], []
    for _ in range(1000):
        cross = rng.exponential(1.0, 2000)
        rule, policy, reference = (cross * slope + rng.normal(0.0, 0.7, 2000) for slope in (1.0, 1.3, 1.5))
        few = reference[:200]
        share = statistics.share_of_gap(policy, rule, few)
        alone = statistics.share_of_gap(policy[:200], rule[:200], few)
        if share is not None and alone is not None:
            shorter.append((share.high - share.low) / (alone.high - alone.low))
        covered.append(share is not None and share.low <= 0.6 <= share.high)
        mean = statistics.mean_of_few(few, [policy, rule])
        means.append(mean.low <= 1.5 <= mean.high)
    assert 0.93 < np.mean(covered) < 0.97
    assert 0.93 < np.mean(means) < 0.97
    assert np.median(shorter) < 0.7
    whole = statistics.mean_of_few(reference, [policy, rule])
    assert whole == statistics.mean_interval(reference)


def test_a_share_is_exact_where_nothing_is_left_to_luck() -> None:
    cross = np.random.default_rng(9).exponential(1.0, 50)
    share = statistics.share_of_gap(cross + 0.5 * cross, cross, 2 * cross)
    assert share is not None
    assert (share.mean, share.low, share.high) == pytest.approx((0.5, 0.5, 0.5))


def test_no_share_is_given_of_a_gap_that_may_be_nothing() -> None:
    rng = np.random.default_rng(10)
    rule, policy = rng.normal(size=(2, 400))
    assert statistics.share_of_gap(policy, rule, rule + rng.normal(0.0, 1.0, 400)) is None
    assert statistics.share_of_gap(policy, rule, rule - 1.0) is None
    assert statistics.share_of_gap(policy, rule, rule) is None


def test_a_mean_over_few_seeds_on_common_crosses_is_covered_at_its_level() -> None:
    """Where the crosses' common luck is most of it, Student's interval over the seeds' means covers next to nothing."""
    rng = np.random.default_rng(11)
    covered, seeds_alone, rejected = [], [], []
    for seeds, common in ((3, 3.0), (10, 6.0)) * 200:
        table = rng.normal(0, 0.3, (seeds, 1)) + rng.normal(0, common, (1, 300)) + rng.normal(0, 2.0, (seeds, 300))
        interval, by_seed = statistics.crossed_interval(table), statistics.mean_interval(table.mean(axis=1))
        covered.append(interval.low <= 0.0 <= interval.high)
        seeds_alone.append(by_seed.low <= 0.0 <= by_seed.high)
        rejected.append(statistics.crossed_test(table) < 0.05)
        assert rejected[-1] != covered[-1], "test and interval say the same"
    assert 0.93 < np.mean(covered) < 0.99
    assert np.mean(seeds_alone) < 0.9
    assert statistics.crossed_test(np.zeros((2, 4))) == 1.0


def test_pairs_of_which_one_is_always_the_same_are_not_called_correlated() -> None:
    assert statistics.correlation([1.0, 1.0, 1.0], [0.0, 2.0, 5.0]) is None
    assert statistics.correlation([0.0, 1.0, 3.0], [5.0, 3.0, -1.0]) == pytest.approx(-1.0)


def test_quartiles_leave_out_what_is_not_known() -> None:
    assert statistics.quartiles([np.nan, 1.0, 2.0, 3.0, np.inf]) == statistics.Quartiles(1.5, 2.0, 2.5)
    assert statistics.quartiles([np.nan]) == statistics.Quartiles(None, None, None)
