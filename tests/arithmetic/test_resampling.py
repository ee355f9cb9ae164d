"""Resampling, tests on counts, ranks, scales."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.multitest import multipletests

from stageway.arithmetic import bootstrap, proportions, ranks, scales
from stageway.evidence import DataError, Frame, Words


def test_weights_count_draws_with_replacement():
    drawn = bootstrap.weights(7, 5000, np.random.default_rng(1))
    assert drawn.shape == (5000, 7)
    assert (drawn.sum(axis=1) == 7).all()
    assert drawn.var(axis=0) == pytest.approx([6 / 7] * 7, rel=0.1)  # of a binomial with n = 7, p = 1/7


def test_the_same_generator_gives_the_same_weights_in_blocks_of_any_size(monkeypatch):
    whole = bootstrap.weights(50, 40, np.random.default_rng(3))
    values = np.random.default_rng(4).normal(size=(50, 3))
    monkeypatch.setattr(bootstrap, "CELLS", 500)
    assert np.concatenate(list(bootstrap.blocks(50, 40, np.random.default_rng(3)))) == pytest.approx(whole)
    assert bootstrap.sums(values, 40, np.random.default_rng(3)) == pytest.approx(whole @ values)


def test_bca_agrees_with_scipy_on_a_skewed_sample():
    values = np.random.default_rng(5).lognormal(size=25)
    low, high = bootstrap.bca(lambda w: w @ values / 25, 25, 20_000, np.random.default_rng(1))
    theirs = stats.bootstrap((values,), np.mean, n_resamples=20_000, method="BCa", rng=np.random.default_rng(2)).confidence_interval
    assert (low, high) == pytest.approx((theirs.low, theirs.high), rel=0.03)


def test_expanded_tails_of_a_normal_statistic_reach_as_far_as_t():
    n, sd = 9, 2.0
    samples = stats.norm.ppf((np.arange(200_000) + 0.5) / 200_000, loc=5, scale=sd * ((n - 1) / n) ** 0.5 / n**0.5)  # a bootstrap divides by n, not n - 1
    assert bootstrap.percentile(samples, n=n) == pytest.approx(stats.t.interval(0.95, n - 1, 5, sd / n**0.5), rel=1e-3)
    assert bootstrap.percentile(samples)[0] > bootstrap.percentile(samples, n=n)[0]


def test_expanded_bca_is_wider_on_both_sides_and_stays_among_the_resamples():
    values = np.random.default_rng(5).lognormal(size=8)
    plain, wide = (bootstrap.bca(lambda w: w @ values / 8, 8, 4000, np.random.default_rng(1), expanded=each) for each in (False, True))
    assert values.min() <= wide[0] < plain[0] < plain[1] < wide[1] <= values.max()
    pair = bootstrap.bca(lambda w: w @ np.array([0.0, 1.0]) / 2, 2, 400, np.random.default_rng(1), expanded=True)
    assert pair == (0, 1)


def test_a_statistic_that_never_varies_has_no_bca_interval():
    with pytest.raises(ValueError, match="same in every resample"):
        bootstrap.bca(lambda w: w @ np.ones(5) / 5, 5, 500, np.random.default_rng(1))
    with pytest.raises(ValueError, match="nothing to draw"):
        bootstrap.weights(0, 10, np.random.default_rng(1))


def test_percentile_and_basic_are_mirror_images():
    samples = np.arange(1001.0)
    low, high = bootstrap.percentile(samples, 0.9)
    assert (low, high) == pytest.approx((50, 950))
    assert bootstrap.basic(400, samples, 0.9) == pytest.approx((800 - 950, 800 - 50))
    assert bootstrap.percentiles(samples[:, None], 0.9)[0] == pytest.approx([50])


def test_the_exemplars_import_task_differs_by_the_n_minus_1_chi_square():
    assert proportions.n_minus_1(27, 30, 11, 24) < 0.001  # T2
    assert proportions.n_minus_1(25, 30, 17, 24) == pytest.approx(0.28, abs=0.005)  # T5
    assert proportions.n_minus_1(26, 30, 15, 24) == pytest.approx(0.041, abs=0.001)  # T4
    with pytest.raises(ValueError, match="cannot be tested"):
        proportions.n_minus_1(5, 5, 7, 7)


def test_tables_agree_with_scipy():
    table = np.array([[10.0, 20, 30], [6, 9, 17], [20, 5, 3]])
    theirs = stats.chi2_contingency(table, correction=False)
    assert proportions.independence(table) == pytest.approx(theirs.pvalue)
    assert proportions.independence(np.vstack([table, np.zeros(3)])) == pytest.approx(theirs.pvalue)
    assert np.isnan(proportions.independence(table[:1]))
    expected = theirs.expected_freq
    share = table / table.sum()
    by_hand = (table - expected) / np.sqrt(expected * (1 - share.sum(axis=1, keepdims=True)) * (1 - share.sum(axis=0)))
    assert proportions.adjusted_residuals(table) == pytest.approx(by_hand)
    assert np.isnan(proportions.adjusted_residuals(np.zeros((2, 2)))).all()
    assert proportions.chi_square(np.array([480.0, 520]), np.array([1.0, 1])) == pytest.approx((1.6, 1, stats.chisquare([480, 520]).pvalue))


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
@settings(max_examples=50, deadline=None)
def test_corrections_agree_with_statsmodels(p):
    assert proportions.holm(np.array(p)) == pytest.approx(multipletests(p, method="holm")[1])
    assert proportions.benjamini_hochberg(np.array(p)) == pytest.approx(multipletests(p, method="fdr_bh")[1])


def test_a_missing_p_does_not_count_in_a_correction():
    made = proportions.holm(np.array([0.01, np.nan, 0.04]))
    assert made[[0, 2]] == pytest.approx([0.02, 0.04])
    assert np.isnan(made[1])


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=3, max_size=9))
@settings(max_examples=50, deadline=None)
def test_kendall_agrees_with_scipy(pairs):
    a, b = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
    mine, theirs = ranks.kendall(a, b)[0], stats.kendalltau(a, b).statistic
    assert (np.isnan(mine) and np.isnan(theirs)) or mine == pytest.approx(theirs)


@pytest.mark.parametrize(("cell", "code"), [
    (4, 4), (4.0, 4), ("4", 4), ("4 - Somewhat agree", 4), ("４、比较同意", 4), (" Somewhat  Agree. ", 4), ("比较同意", 4), ("非常不同意", 1),
])
def test_an_answer_may_be_a_number_a_numbered_label_or_a_known_word(cell, code):
    assert scales.coded(Frame.of([{"q": cell}]), "q", scales.AGREEMENT, range(1, 6), Words("1～5", "1 to 5"))[0] == code


@pytest.mark.parametrize("cell", ["quite so", "6", 4.5, "4.5", "4 5", "yes", True])
def test_an_unknown_answer_is_named_with_its_row_and_never_guessed(cell):
    frame = Frame.of([{"q": 1}, {"q": None}, {"q": cell}], "answers.csv")
    with pytest.raises(DataError) as caught:
        scales.coded(frame, "q", scales.AGREEMENT, range(1, 6), Words("1～5", "1 to 5"))
    assert (caught.value.where.row, caught.value.where.column, caught.value.where.value) == (3, "q", str(cell))


def test_names_with_numbers_sort_as_people_count():
    assert sorted(["F10", "F9", "A", "f1"], key=scales.natural) == ["A", "F9", "F10", "f1"]
