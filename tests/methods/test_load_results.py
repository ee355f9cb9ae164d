"""Load results: quantiles of all requests with intervals that assume no distribution; a summary gives wide ones or none; no mean of p95s."""

import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stageway.arithmetic import order_statistics
from stageway.evidence import DataError, Frame, Kind
from stageway.methods.quality.load_results import load_results
from stageway.readers import jmeter, k6, locust
from tests.shared import shared


def requests(times, **columns):
    count = len(times)
    return Frame({"label": ["GET /"] * count, "elapsed_ms": np.asarray(times, float), "success": [True] * count, **columns}, "run.jtl")


def summary(*rows):
    return Frame.of([{"scope": "label", "label": "GET /", **row} for row in rows], "stats.csv")


def run(table, previous=None, **params):
    return load_results.run({"requests": table, "previous": previous}, params)


def value(finding, name):
    return None if (found := finding.get(name)) is None else found.value


def ends(finding, name):
    return finding.get(name).low, finding.get(name).high


def codes(finding):
    return [warning.code for warning in finding.warnings]


# ── published and independent figures ──


@pytest.mark.parametrize(("n", "q"), [(100, 0.5), (100, 0.95), (878, 0.95), (2000, 0.99), (72, 0.95), (20, 0.5)])
def test_the_interval_by_ranks_agrees_with_scipy(n, q):
    """scipy.stats.quantile_test: its one-sided bounds at 97.5% are the ends of our two-sided interval."""
    from scipy.stats import quantile_test

    times = np.sort(np.random.default_rng(n).lognormal(5, 1, n))
    low = quantile_test(times, q=0, p=q, alternative="greater").confidence_interval(0.975).low
    high = quantile_test(times, q=0, p=q, alternative="less").confidence_interval(0.975).high
    assert order_statistics.interval(times, q) == pytest.approx((low, high))


def test_a_p95_needs_59_requests_for_a_one_sided_bound_and_72_for_two():
    """knowledge C3: 0.95^n < 0.05 from n = 59 on (Wilks 1941)."""
    assert order_statistics.needed(0.95, level=0.90) == 59
    assert order_statistics.needed(0.95) == 72
    assert (run(requests(range(71))).get("p95").high, run(requests(range(72))).get("p95").high) == (math.inf, 71)
    assert "too_few_for_percentile" in codes(run(requests(range(71))))


@pytest.mark.parametrize("q", [0.5, 0.9, 0.95, 0.99, 0.999])
def test_quantiles_agree_with_numpy(q):
    times = np.sort(np.random.default_rng(1).lognormal(5, 1, 137))
    assert order_statistics.quantile(times, q) == pytest.approx(np.quantile(times, q))


def test_failures_agree_with_statsmodels():
    from statsmodels.stats.proportion import proportion_confint

    finding = run(requests(range(1, 1001), success=[i >= 7 for i in range(1000)]))
    assert value(finding, "failure") == 0.007
    assert ends(finding, "failure") == pytest.approx(proportion_confint(7, 1000, method="wilson"))


def test_the_written_example_is_met():
    """exemplar/process_zh.md 八（六）: 184,320次请求，p95 412毫秒，失败率0.21% [0.19%, 0.23%]."""
    row = {"scope": "all", "requests": 184_320, "failures": 387, "p90_ms": 380, "p95_ms": 412, "p98_ms": 450}
    finding = run(summary(row))
    assert finding.headline.zh == "184,320次请求，p95 412毫秒 [380, 450]，失败率0.21% [0.19%, 0.23%]"
    assert finding.headline.en == "184,320 requests, p95 412 ms [380, 450], 0.21% [0.19, 0.23] failed"


def test_real_results_give_the_figures_of_an_independent_counter():
    """quality/facts.json; numpy's default interpolation."""
    facts = json.loads(shared("quality/facts.json").read_text())
    made = run(jmeter.READER.read(shared("quality/load/jmeter_ten_samples.jtl"), {}).frame)
    fact = facts["load/jmeter_ten_samples.jtl"]["leaf"]
    assert (value(made, "p50"), round(value(made, "p95"), 6), value(made, "failure")) == (fact["p50"], fact["p95"], fact["failure_rate"])
    made = run(jmeter.READER.read(shared("quality/load/jmeter.csv"), {}).frame)
    fact = facts["load/jmeter.csv"]
    assert [value(made, name) for name in ("p50", "p95", "failure")] == [fact[name] for name in ("p50", "p95", "failure_rate")]
    made = run(k6.READER.read(shared("quality/load/k6_handlesummary.json"), {}).frame)
    fact = facts["load/k6_handlesummary.json"]
    assert value(made, "p95") == fact["http_req_duration"]["p(95)"]
    assert ends(made, "p95") == (fact["http_req_duration"]["p(90)"], fact["http_req_duration"]["p(99)"])
    assert (value(made, "failure"), value(made, "throughput")) == (fact["http_req_failed"]["rate"], fact["http_reqs"]["rate"])
    made = run(locust.READER.read(shared("quality/load/locust_stats.csv"), {}).frame)
    fact = facts["load/locust_stats.csv"]
    assert (value(made, "p95"), value(made, "p50")) == (float(fact["aggregated"]["95%"]), float(fact["aggregated"]["50%"]))
    assert (made.get("failure").n, value(made, "failure")) == (fact["sum_requests"], fact["sum_failures"] / fact["sum_requests"])


def test_a_total_row_never_enters_the_sums():
    made = run(locust.READER.read(shared("quality/load/locust_stats_fabricated.csv"), {}).frame)
    assert (value(made, "failure"), made.get("failure").n) == (10 / 71464, 71464)


# ── single requests ──


def test_transactions_and_parts_stay_out():
    scope = ["request"] * 100 + ["transaction"] * 50 + ["part"] * 50
    made = run(requests([10.0] * 50 + [20.0] * 50 + [4878.0] * 100, scope=scope))
    assert (value(made, "p95"), made.get("p95").n) == (20, 100)
    assert "kept_apart" in codes(made)


def test_throughput_runs_from_the_first_start_to_the_last_end():
    made = run(requests([100.0] * 41, time_ms=[1000.0 * i for i in range(41)]))
    assert (value(made, "throughput"), made.get("throughput").kind) == (pytest.approx(41 / 40.1), Kind.EXACT)
    assert run(requests([0.0] * 41, time_ms=[5.0] * 41)).get("throughput") is None


def test_codes_of_failures_and_the_slowest_request_are_listed():
    label = ["a"] * 50 + ["b"] * 50
    made = run(requests([10.0 + i % 7 for i in range(50)] + [90.0 + i % 7 for i in range(50)], label=label, success=[i % 10 > 0 for i in range(100)], code=["500"] * 100))
    assert made.table("labels").rows[0][0] == "b"
    assert made.table("codes").rows == (("500", 10),)
    assert made.meaning.says.zh.startswith("每100次请求里最慢的5次超过96毫秒；最慢的接口是b（p95 96毫秒）；100次里失败10次")
    assert made.meaning.next.zh.startswith("失败率整个区间都在1%以上")


# ── two runs ──


def test_a_run_half_as_fast_is_seen_and_the_same_run_twice_is_not():
    times = np.random.default_rng(3).lognormal(5, 0.4, 500)
    slower = run(requests(times * 2), requests(times))
    assert value(slower, "p95_to_previous") == pytest.approx(2)
    assert slower.get("p95_to_previous").low > 1
    assert slower.points[0].zh.startswith("与上次相比变慢")
    same = run(requests(times), requests(times))
    assert same.get("p95_to_previous").low < 1 < same.get("p95_to_previous").high


def test_the_drawn_quantiles_are_those_of_resampled_rows():
    """Against resampling the rows themselves."""
    times = np.sort(np.random.default_rng(4).lognormal(5, 0.8, 150))
    drawn = order_statistics.resampled(times, 0.95, 20_000, np.random.default_rng(5))
    rows = np.quantile(np.random.default_rng(6).choice(times, (20_000, 150)), 0.95, axis=1)
    for p in (0.05, 0.25, 0.5, 0.75, 0.95):
        assert np.quantile(drawn, p) == pytest.approx(np.quantile(rows, p), rel=0.02)


@pytest.mark.parametrize("previous", [summary({"requests": 100, "failures": 0, "p95_ms": 10}), requests([0.0] * 100)])
def test_two_runs_that_cannot_be_compared_give_no_ratio(previous):
    made = run(requests(np.arange(1.0, 101)), previous)
    assert made.get("p95_to_previous") is None
    assert "not_compared" in codes(made)


# ── summaries ──


def test_the_percentiles_of_several_labels_are_not_averaged():
    made = run(summary({"requests": 100, "failures": 1, "p95_ms": 10, "p99_ms": 20}, {"label": "b", "requests": 100, "failures": 1, "p95_ms": 30, "p99_ms": 40}))
    assert made.get("p95") is None
    assert value(made, "failure") == 0.01
    assert {"summary_only", "percentile_unknown"} <= set(codes(made))


@pytest.mark.parametrize(("known", "expected"), [
    ({"p90_ms": 8, "p99_ms": 30}, (8, 30)), ({"p50_ms": 4, "max_ms": 90}, (4, 90)), ({"max_ms": 90}, (0, 90)), ({"p90_ms": 8}, None),
])
def test_the_interval_lies_between_known_percentiles_or_there_is_no_number(known, expected):
    made = run(summary({"requests": 1000, "failures": 0, "p95_ms": 10, **known}))
    assert (None if made.get("p95") is None else ends(made, "p95")) == expected


def test_percentiles_that_contradict_each_other_give_no_time():
    made = run(summary({"requests": 1000, "failures": 0, "p50_ms": 20, "p95_ms": 10, "max_ms": 30}))
    assert (made.get("p95"), made.get("p50")) == (None, None)
    assert "percentiles_unordered" in codes(made)


def test_thresholds_of_the_script_that_were_not_kept_are_said():
    assert "thresholds_failed" in codes(run(summary({"scope": "all", "requests": 100, "failures": 0, "thresholds_failed": 2})))


# ── bad data ──


def test_no_request_gives_no_number_and_no_outcome_no_failure():
    empty = run(requests(range(40)).take(np.zeros(40, dtype=bool)))
    assert (empty.estimates, codes(empty)) == ((), ["no_requests"])
    silent = run(requests(range(1, 101), success=[None] * 100))
    assert silent.get("failure") is None
    assert "outcome_unknown" in codes(silent)


def test_requests_without_a_time_and_times_that_are_all_alike_are_said():
    assert "untimed" in codes(run(requests([None, *range(1, 100)])))
    assert "times_alike" in codes(run(requests([5.0] * 100)))


def test_a_table_of_neither_shape_and_impossible_counts_are_refused():
    with pytest.raises(DataError, match="there is neither a column"):
        run(Frame({"label": ["a"]}))
    with pytest.raises(DataError, match="no more than there are requests"):
        run(summary({"requests": 3, "failures": 4}))
    with pytest.raises(DataError, match="a number of at least 0"):
        run(requests([-1.0, 2.0]))


# ── properties ──


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1e5), min_size=1, max_size=200), st.sampled_from([0.5, 0.95, 0.99]))
def test_the_interval_holds_its_quantile_and_that_of_a_summary_is_never_narrower(times, q):
    ordered = np.sort(np.asarray(times))
    low, high = order_statistics.interval(ordered, q)
    if q == 0.5 or ordered.size >= order_statistics.needed(q):
        assert low <= order_statistics.quantile(ordered, q) <= high
    known = {p: float(np.quantile(ordered, p)) for p in (0.0, 0.5, 0.9, 0.99, 1.0)}
    wide = order_statistics.bracketed(known, ordered.size, q)
    assert wide[0] <= low or wide[0] == pytest.approx(low)
    assert wide[1] >= high or wide[1] == pytest.approx(high)


def test_the_interval_covers_the_truth_in_about_95_of_100_worlds():
    rng, hits = np.random.default_rng(8), 0
    truth = -math.log(0.05)
    for _ in range(400):
        low, high = order_statistics.interval(np.sort(rng.exponential(size=300)), 0.95)
        hits += low <= truth <= high
    assert 0.93 <= hits / 400 <= 0.985


# ── the knee of a run whose load was raised ──


def ramp(rng, *, flat=False, knee=60.0):
    """Ten minutes from 10 to 100 requests a second; the median time is 100 ms up to the knee and grows exponentially behind it."""
    rows = []
    for second in range(600):
        rate = 55.0 if flat else 10 + 90 * second / 600
        slower = 0.0 if flat else 0.05 * max(rate - knee, 0.0)
        for at in np.sort(rng.uniform(0, 1000, rng.poisson(rate))):
            rows.append((second * 1000 + at, 100 * np.exp(slower + rng.normal(0, 0.4))))
    start, elapsed = np.array(rows).T
    return {"label": np.full(start.size, "page", dtype=object), "time_ms": start, "elapsed_ms": elapsed, "success": np.ones(start.size)}


def test_the_knee_lies_where_times_begin_to_grow():
    inside = 0
    for seed in range(12):
        found = load_results.run({"requests": Frame(ramp(np.random.default_rng(seed)), "ramp.csv")})
        capacity = found.get("capacity")
        assert capacity.value == pytest.approx(60, abs=5)
        inside += capacity.low <= 60 <= capacity.high
    assert inside >= 10
    assert "capacity" in {chart.name for chart in found.charts}
    assert any("容量拐点" in point.zh for point in found.points)


def test_a_constant_load_and_a_load_without_a_break_have_no_knee():
    steady = load_results.run({"requests": Frame(ramp(np.random.default_rng(1), flat=True), "steady.csv")})
    assert steady.get("capacity") is None
    kept = load_results.run({"requests": Frame(ramp(np.random.default_rng(1), knee=1000.0), "ramp.csv")})
    assert kept.get("capacity") is None
