"""Reliability: published fits of Crow, Goel and Okumoto; bounds for a mean time; no number where no growth is visible."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stageway.arithmetic import failure_times
from stageway.arithmetic.failure_times import Failures
from stageway.evidence import DataError, Frame, Kind
from stageway.methods.quality.reliability import reliability

#: MIL-HDBK-189 (1981), appendix C: two prototypes, 27 failures in 300 hours.
HANDBOOK = [
    2.6, 16.5, 16.5, 17.0, 21.4, 29.1, 33.3, 56.5, 63.1, 70.6, 73.0, 77.7, 93.9, 95.5, 98.1, 101.1, 132.0, 142.2, 147.7, 149.0, 167.2, 190.7, 193.0, 198.7,
    251.9, 282.5, 286.1,
]
#: ReliaSoft, Reliability Growth reference, "Crow-AMSAA parameter estimation": 22 failures, ended by the last one at 620 hours.
RELIASOFT = [
    2.7, 10.3, 12.5, 30.6, 57.0, 61.3, 80.0, 109.5, 125.0, 128.6, 143.8, 167.9, 229.2, 296.7, 320.6, 328.2, 366.2, 396.7, 421.1, 438.2, 501.2, 620.0,
]
#: Naval Tactical Data System, 26 errors in the production phase, days between them (Jelinski & Moranda 1972; Goel & Okumoto 1979).
NTDS = np.cumsum([9, 12, 11, 4, 7, 2, 5, 8, 5, 7, 1, 6, 1, 9, 4, 1, 3, 3, 6, 1, 11, 33, 7, 91, 2, 1]).tolist()
#: NIST/SEMATECH e-Handbook 8.4.5.2 and 8.1.7.2: ten failures in 1,500 hours.
NIST = [5, 40, 43, 175, 389, 712, 747, 795, 1299, 1478]


def run(times, **params):
    repairs = params.pop("repairs", None)
    columns = {"time_h": list(times)} | ({} if repairs is None else {"repair_h": list(repairs)})
    return reliability.run({"failures": Frame(columns, "failures.csv")}, params)


def value(finding, name):
    return None if (found := finding.get(name)) is None else found.value


def ends(finding, name):
    return finding.get(name).low, finding.get(name).high


def codes(finding):
    return [warning.code for warning in finding.warnings]


# ── published figures ──


def test_the_worked_example_of_the_handbook():
    """MIL-HDBK-189: β = 0.716, λ = 0.454; the 90% interval of the mean time at the end begins at 9.9 hours."""
    made = run(HANDBOOK, total_h=300)
    assert round(value(made, "beta"), 3) == 0.716
    assert round(27 / 300 ** value(made, "beta"), 3) == 0.454
    assert round(value(made, "mtbf_now"), 1) == 15.5
    assert failure_times.mean_time_now(Failures(np.array(HANDBOOK), 300, False), value(made, "beta"), 0.90)[1] == pytest.approx(9.9, abs=0.05)


def test_the_example_of_reliasoft_that_ends_at_a_failure():
    """β = 0.6142, λ = 0.4239, instantaneous mean time 45.9 hours."""
    made = run(RELIASOFT)
    assert round(value(made, "beta"), 4) == 0.6142
    assert round(22 / 620 ** value(made, "beta"), 4) == 0.4239
    assert round(value(made, "mtbf_now"), 1) == 45.9
    assert "ends_at_failure" in codes(made)


def test_the_naval_data_of_goel_and_okumoto():
    """Goel & Okumoto 1979: a = 33.99, b = 0.00579; 26 found, 8 left."""
    left = failure_times.goel_okumoto(Failures(np.array(NTDS, dtype=float), 250.0, True))
    assert (round(left.a, 2), round(left.b, 5), round(left.remaining, 2)) == (33.99, 0.00579, 7.99)
    assert value(run(NTDS, total_h=250), "remaining") == left.remaining


def test_the_unbiased_slope_of_the_nist_handbook():
    """8.4.5.2: improvement slope 1 − (r − 1)/Σ ln(T/t) = 0.5165 with T = 1,500."""
    assert round(1 - value(run(NIST, total_h=1500, estimator="unbiased"), "beta"), 4) == 0.5165


def test_the_written_example_is_met_in_its_interval():
    """exemplar/process_zh.md 八（六）: n = 58, β = 0.61 [0.46, 0.78]; the interval is β χ²(116) / 116."""
    logs = 58 / 0.61
    times = 640 * np.exp(-np.full(58, logs / 58))
    made = run(times, total_h=640)
    assert [round(x, 2) for x in (value(made, "beta"), *ends(made, "beta"))] == [0.61, 0.46, 0.78]
    assert made.headline.zh == "640测试小时发现58个故障，β=0.61 [0.46, 0.78]，故障在变稀"
    assert made.headline.en == "58 failures in 640 hours of test, β = 0.61 [0.46, 0.78]: failures thin out"


@pytest.mark.parametrize("n", [1, 5, 30])
def test_the_bounds_of_the_mean_time_agree_with_the_exact_interval_of_a_count(n):
    """T over Garwood's interval of n (Epstein & Sobel 1953), and scipy's chi-square."""
    from scipy.stats import chi2

    from stageway.arithmetic.intervals import poisson

    made = run(np.linspace(1, 99, n), total_h=100)
    low, high = poisson(n)
    assert ends(made, "mtbf") == pytest.approx((100 / high, 100 / low))
    assert ends(made, "mtbf")[0] == pytest.approx(200 / chi2.ppf(0.975, 2 * n + 2))


def test_a_test_without_failure_has_a_lower_bound_and_no_estimate():
    """2T / χ²(0.95; 2) = T / 2.996: the rule of three."""
    made = reliability.run({"failures": Frame({"time_h": []}, "failures.csv")}, {"total_h": 300})
    assert (made.estimates, codes(made)) == ((), ["no_failures"])
    assert made.headline.en == "No failure in 300 hours of test: mean time at least 100 h (95%)"


# ── trend and remaining ──


def test_failures_that_do_not_thin_out_leave_no_number_of_remaining_ones():
    made = run([20, 50, 60, 70, 80, 90, 95], total_h=100)
    assert made.get("remaining") is None
    assert "no_remaining" in codes(made)
    assert value(made, "laplace") > 0
    assert value(run([5, 10, 15, 30, 60], total_h=100), "remaining") > 0


def test_the_laplace_statistic_is_a_number_without_interval():
    made = run([10, 20, 30], total_h=100)
    assert value(made, "laplace") == pytest.approx((20 - 50) / (100 * math.sqrt(1 / 36)))
    assert (made.get("laplace").kind, made.get("laplace").low) == (Kind.EXACT, None)


def test_the_profile_of_the_remaining_faults_falls_by_its_half_quantile_at_the_ends():
    failures = Failures(np.array(HANDBOOK), 300.0, False)
    left = failure_times.goel_okumoto(failures)
    best = failure_times._likelihood(failures, left.remaining, left.b)
    for end in (left.low, left.high):
        assert best - failure_times._profile(failures, end) == pytest.approx(failure_times.DROP, abs=1e-6)


def test_a_few_failures_leave_the_number_of_remaining_ones_open_above():
    made = run([10, 40, 60, 70], total_h=100)
    assert ends(made, "remaining")[1] == math.inf


def test_a_rate_that_changes_and_a_power_law_that_does_not_fit_are_said():
    assert "rate_changes" in codes(run(HANDBOOK, total_h=300))
    clumped = [1.0 + i / 1000 for i in range(20)] + [99.0 + i / 1000 for i in range(20)]
    assert "poor_fit" in codes(run(clumped, total_h=100))
    assert "poor_fit" not in codes(run(HANDBOOK, total_h=300))


# ── availability ──


def test_availability_is_up_over_up_and_down():
    made = run([10, 20, 30, 40], total_h=99, repairs=[0.25, 0.25, 0.25, 0.25])
    assert value(made, "availability") == 0.99
    low, high = ends(made, "availability")
    assert low < 0.99 < high < 1


def test_a_missing_repair_gives_no_availability_and_is_said():
    made = run([10, 20, 30, 40], total_h=99, repairs=[0.25, None, 0.25, 0.25])
    assert made.get("availability") is None
    assert "repairs_missing" in codes(made)


# ── bad data ──


@pytest.mark.parametrize(("times", "total", "expected"), [
    ([1, 0.0, 3], 10, "hours of operation so far, above 0"), ([1, None, 3], 10, "hours of operation so far, above 0"), ([1, 11], 10, "no more than the 10 hours"),
])
def test_a_time_that_cannot_be_is_named_with_its_row(times, total, expected):
    with pytest.raises(DataError, match=expected) as caught:
        run(times, total_h=total)
    assert "row 2" in caught.value.sentence("en")


def test_neither_a_failure_nor_a_length_is_refused():
    with pytest.raises(DataError) as caught:
        reliability.run({"failures": Frame({"time_h": []}, "failures.csv")})
    assert caught.value.sentence("zh") == "没有故障，也没有给出测试总小时。位置：failures.csv。没有故障时要填参数 total_h。"


@pytest.mark.parametrize("times", [[5.0], [5.0, 5.0, 5.0]])
def test_one_failure_or_all_at_the_end_give_no_growth(times):
    made = run(times)
    assert made.get("beta") is None
    assert "no_growth_estimate" in codes(made)
    assert made.get("mtbf") is not None


# ── properties ──

TIMES = st.lists(st.floats(0.01, 100), min_size=1, max_size=40)


@settings(max_examples=80, deadline=None)
@given(TIMES, st.sampled_from([None, 100.0, 150.0]), st.floats(0.1, 50))
def test_the_unit_of_time_changes_no_shape_and_every_interval_holds_its_value(times, total, scale):
    made = run(times, total_h=total)
    for estimate in made.estimates:
        assert estimate.low is None or estimate.low <= estimate.value <= estimate.high
    other = run([t * scale for t in times], total_h=None if total is None else total * scale * (1 + 1e-12))
    for name in ("beta", "laplace"):
        if value(made, name) is not None and value(other, name) is not None:
            assert value(other, name) == pytest.approx(value(made, name), rel=1e-6, abs=1e-6)
    assert value(other, "mtbf") == pytest.approx(scale * value(made, "mtbf"))


@pytest.mark.parametrize("beta", [0.6, 1.0])
def test_the_interval_of_beta_covers_the_truth_in_about_95_of_100_worlds(beta):
    rng, hits = np.random.default_rng(9), 0
    for _ in range(500):
        n = rng.poisson(40)
        _, low, high = failure_times.growth(Failures(np.sort(640 * rng.random(n) ** (1 / beta)), 640.0, False))
        hits += low <= beta <= high
    assert 0.93 <= hits / 500 <= 0.975


def test_the_test_of_fit_rejects_about_5_of_100_true_power_laws():
    rng, low = np.random.default_rng(10), 0
    for _ in range(200):
        low += failure_times.misfit(Failures(np.sort(100 * rng.random(15) ** 2), 100.0, False), 400, rng) < 0.05
    assert 0.01 <= low / 200 <= 0.1
