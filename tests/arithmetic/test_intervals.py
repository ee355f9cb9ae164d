"""Intervals: published values first, then a second implementation, then what must hold for any numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from stageway.arithmetic import intervals, reliability

shares = st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
samples = st.lists(st.integers(0, 40).map(lambda v: v * 2.5), min_size=2, max_size=40).filter(lambda v: len(set(v)) > 1)


@pytest.mark.parametrize(("x", "n", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)])
def test_wilson_gives_the_intervals_of_newcombe_1998_table_1(x, n, low, high):
    assert intervals.wilson(x, n) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("x1", "n1", "x2", "n2", "low", "high"), [(56, 70, 48, 80, 0.0524, 0.3339), (9, 10, 3, 10, 0.1705, 0.8090), (6, 7, 2, 7, 0.0582, 0.8062)])
def test_newcombe_gives_the_intervals_of_newcombe_1998_table_2_method_10(x1, n1, x2, n2, low, high):
    assert intervals.newcombe(x1, n1, x2, n2) == pytest.approx((low, high), abs=5e-5)


def test_the_exemplars_task_completion_is_an_adjusted_wald_interval():
    assert intervals.adjusted_wald(11, 24) == pytest.approx((0.279, 0.649), abs=5e-4)
    assert intervals.adjusted_wald(27, 30) == pytest.approx((0.736, 0.973), abs=1e-3)
    assert intervals.newcombe(27, 30, 11, 24) == pytest.approx((0.195, 0.633), abs=5e-4)


def test_the_exemplars_sus_versions_follow_from_their_summaries():
    assert intervals.mean_t_of(65.8, 11.4, 24) == pytest.approx((61.0, 70.6), abs=0.05)
    assert intervals.mean_t_of(76.4, 10.2, 30) == pytest.approx((72.6, 80.2), abs=0.05)
    difference, low, high, p, _ = intervals.welch_of(76.4, 10.2, 30, 65.8, 11.4, 24)
    assert (difference, low, high) == pytest.approx((10.6, 4.6, 16.6), abs=0.05)
    assert p == pytest.approx(0.001, abs=2e-4)


def test_garwood_1936_counts():
    assert intervals.poisson(0) == pytest.approx((0.0, 3.689), abs=5e-4)
    assert intervals.poisson(10) == pytest.approx((4.795, 18.390), abs=5e-4)


def test_cronbach_alpha_and_its_interval_follow_feldt():
    items = np.array([[3, 4, 3], [2, 2, 1], [4, 4, 4], [1, 2, 2], [3, 3, 4], [0, 1, 1]], dtype=float)
    alpha, low, high = reliability.cronbach(items)
    total = items.sum(axis=1).var(ddof=1)
    assert alpha == pytest.approx(1.5 * (1 - items.var(axis=0, ddof=1).sum() / total))
    assert (1 - low) / (1 - alpha) == pytest.approx(stats.f.ppf(0.975, 5, 10))
    assert low < alpha < high <= 1


@given(samples, samples)
@settings(max_examples=50, deadline=None)
def test_welch_agrees_with_scipy(a, b):
    theirs = stats.ttest_ind(a, b, equal_var=False)
    difference, low, high, p, df = intervals.welch(a, b)
    assert difference == pytest.approx(np.mean(a) - np.mean(b), abs=1e-9)
    assert (low, high) == pytest.approx(tuple(theirs.confidence_interval()), abs=1e-6)
    assert (p, df) == pytest.approx((theirs.pvalue, theirs.df), rel=1e-6)


@given(samples)
@settings(max_examples=50, deadline=None)
def test_a_mean_lies_in_its_interval_and_more_of_the_same_narrows_it(values):
    mean, low, high, sd, n = intervals.mean_t(values)
    _, low4, high4, _, n4 = intervals.mean_t(values * 4)
    assert low < mean < high
    assert sd > 0
    assert n4 == 4 * n
    assert high4 - low4 < high - low


@given(shares)
@settings(max_examples=100, deadline=None)
def test_shares_stay_between_0_and_1_hold_their_share_and_narrow_with_n(x_n):
    x, n = x_n
    for interval in (intervals.wilson, intervals.adjusted_wald):
        low, high = interval(x, n)
        assert 0 <= low <= x / n + 1e-12
        assert x / n - 1e-12 <= high <= 1
        wide = interval(x * 4, n * 4)
        assert wide[1] - wide[0] < high - low
    assert intervals.wilson(n - x, n) == pytest.approx(tuple(1 - end for end in reversed(intervals.wilson(x, n))), abs=1e-12)


@given(shares, shares)
@settings(max_examples=50, deadline=None)
def test_a_difference_turned_round_has_its_interval_turned_round(a, b):
    low, high = intervals.newcombe(*a, *b)
    assert -1 <= low <= a[0] / a[1] - b[0] / b[1] <= high <= 1
    assert intervals.newcombe(*b, *a) == pytest.approx((-high, -low), abs=1e-12)


@pytest.mark.parametrize("call", [
    lambda: intervals.wilson(0, 0), lambda: intervals.wilson(3, 2), lambda: intervals.wilson(1, 2, 1.5), lambda: intervals.mean_t([1.0]),
    lambda: intervals.welch([1.0, 1.0], [2.0, 2.0]), lambda: intervals.welch([1.0], [2.0, 3.0]), lambda: intervals.poisson(-1),
    lambda: intervals.correlation(1.0, 10), lambda: reliability.cronbach(np.ones((1, 10))), lambda: reliability.cronbach(np.ones((5, 10))),
])
def test_what_cannot_be_computed_is_refused_and_never_neutral(call):
    with pytest.raises(ValueError, match=r"\w"):
        call()


def test_the_interval_of_a_mean_count_holds_the_means_that_its_score_test_does_not_refuse():
    from scipy import optimize

    counts = [0, 0, 1, 0, 3, 0, 0, 2, 0, 1, 0, 7]
    mean, low, high = intervals.mean_count(counts)
    spread, t = np.var(counts, ddof=1) / np.mean(counts), stats.t.ppf(0.975, 11)
    ends = [optimize.brentq(lambda m, side=side: (mean - m) / (spread * m / 12) ** 0.5 - side, 1e-9, 50) for side in (t, -t)]
    assert (low, high) == pytest.approx(ends)
    assert 0 < low < mean < high
    assert high - mean > mean - low
    for wrong in ([1, 1, 1], [-1, 0, 2], [3]):
        with pytest.raises(ValueError, match=r"counts that do not vary|no t interval"):
            intervals.mean_count(wrong)
