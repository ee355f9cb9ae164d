"""Defects: Kan's published matrix and independent implementations, then what must hold for any list, then bad data."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stageway.arithmetic import backlog, durations
from stageway.evidence import DataError, Finding, Frame, ParamError
from stageway.methods.quality.defects import defects

DAY = date(2026, 6, 1)


def day(offset: int) -> str:
    return (DAY + timedelta(days=offset)).isoformat()


def run(rows: list[dict], **params: object) -> Finding:
    return defects.run({"defects": Frame.of(rows, "tracker.csv")}, params)


def codes(found: Finding) -> list[str]:
    return [w.code for w in found.warnings]


def steady(weeks: int = 12, a_week: int = 3, fix_days: int = 4) -> list[dict]:
    """Three found on the first days of each week, each closed four days later."""
    return [{"id": f"{w}-{i}", "found": day(7 * w + i), "closed": day(7 * w + i + fix_days)} for w in range(weeks) for i in range(a_week)]


# ---- published, and independent

#: Kan (2002), Metrics and Models in Software Quality Engineering, 2nd ed., Figure 6.3: where found, by phase that put it in.
KAN = {"I0": (49, 681), "I1": (6, 42, 681), "I2": (12, 28, 114, 941), "UT": (21, 43, 43, 223, 2), "CT": (20, 41, 61, 261, 0, 4), "ST": (6, 8, 24, 72, 0, 0, 1),
       "field": (8, 16, 16, 40, 0, 0, 0, 1)}


def test_the_removal_of_each_phase_is_that_of_kan_2002():
    order = ["RQ", *KAN]
    rows = [{"found": day(i % 90), "found_in": phase, "introduced_in": order[o]} for phase, counts in KAN.items() for o, k in enumerate(counts) for i in range(k)]
    found = run(rows, stages="RQ, I0, I1, I2, UT, CT, ST, field")
    assert len(rows) == 3465
    published = {"I0": 0.74, "I1": 0.61, "I2": 0.55, "UT": 0.36, "CT": 0.67, "ST": 0.58}
    assert {e.key: e.value for e in found.keyed("removal")} == pytest.approx(published, abs=0.0075)
    assert 1 - found.get("escape_rate").value == pytest.approx(0.977, abs=0.0005)
    assert found.points[-1].en.startswith("The stage that removes least is UT: 36.7%")


@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:invalid value")  # of statsmodels, where its curve is 0
@pytest.mark.parametrize("q", [0.25, 0.5, 0.75])
def test_fix_times_are_the_quantiles_of_statsmodels(q):
    from statsmodels.duration.survfunc import SurvfuncRight

    rng = np.random.default_rng(3)
    fix, limit = rng.exponential(9, 80).round(1), rng.exponential(20, 80).round(1)
    times, ended = np.minimum(fix, limit), fix <= limit
    independent = SurvfuncRight(times, ended)
    assert durations.quantile(times, ended, q) == pytest.approx((independent.quantile(q), *independent.quantile_ci(q, method="cloglog")))


def test_weekly_rates_have_the_exact_interval_of_scipy():
    from scipy.stats import chi2

    found = run(steady(weeks=13), at=day(7 * 13 - 1), weeks=12).get("arrival")
    assert (found.value, found.n) == (3.0, 36)
    assert (found.low, found.high) == pytest.approx((chi2.ppf(0.025, 72) / 24, chi2.ppf(0.975, 74) / 24))


def test_weeks_that_scatter_more_than_chance_get_a_wider_interval():
    calm, bursts = np.full(12, 4.0), np.array([0.0, 24.0] * 2 + [0.0] * 8)
    assert backlog.dispersion(calm) == 1.0
    phi = backlog.dispersion(bursts)
    assert phi == pytest.approx(np.sum((bursts - 4) ** 2 / 4) / 11)
    assert backlog.total(48, phi)[1] > backlog.total(48)[1]


def test_a_pile_without_arrivals_goes_at_the_pace_of_closing():
    when = backlog.weeks_to_zero(40, np.zeros(40), np.full(40, 8.0), 4000, np.random.default_rng(1))
    middle, low, high = backlog.ends(when)
    assert middle == 5
    assert (low, high) == (4, 7)


def test_the_escape_rate_has_wilsons_interval():
    from statsmodels.stats.proportion import proportion_confint

    rows = [{"found": day(i), "found_in": "operations" if i < 6 else "quality"} for i in range(80)]
    found = run(rows).get("escape_rate")
    assert (found.value, found.low, found.high) == pytest.approx((6 / 80, *proportion_confint(6, 80, method="wilson")))


# ---- what the list says


def test_open_ones_are_counted_by_severity_on_the_day_that_is_named():
    rows = [{"id": "A", "severity": "high", "found": day(0), "closed": day(10)}, {"id": "B", "severity": "low", "found": day(2), "closed": None},
            {"id": "C", "severity": "high", "found": day(20), "closed": None}]
    early, late = run(rows, at=day(5)), run(rows)
    assert [early.get("open").value, early.get("open", "high").value, early.get("open", "low").value] == [2, 1, 1]
    assert "after_at" in codes(early)
    assert [late.get("open").value, late.get("open", "high").value] == [2, 1]
    assert late.get("age_oldest").value == 18
    assert late.headline.zh.startswith("截至2026-06-21，3个缺陷里2个未关闭（高1、低1），最老的18天")


def test_an_item_that_says_it_is_open_is_open_and_the_severity_may_stand_there():
    rows = [{"id": "A", "open": "critical", "found": day(0)}, {"id": "B", "severity": "low", "open": None, "found": day(0), "closed": day(4)},
            {"id": "C", "severity": "low", "open": None, "found": day(3)}]
    found = run(rows)
    assert found.get("open").value == 1
    assert found.get("open", "critical").value == 1
    assert "closed_undated" in codes(found)


def test_defects_still_open_make_the_time_to_fix_longer_than_closed_ones_alone():
    rows = [{"id": f"c{i}", "found": day(i), "closed": day(i + 5)} for i in range(30)] + [{"id": f"o{i}", "found": day(i), "closed": None} for i in range(25)]
    found = run(rows, at=day(60)).get("fix_time")
    closed_only = run(rows[:30], at=day(60)).get("fix_time")
    assert (closed_only.value, found.value) == (5, 5)
    assert found.n == 55
    more = run(rows + [{"id": f"p{i}", "found": day(i), "closed": None} for i in range(10)], at=day(60))
    assert more.get("fix_time") is None
    assert "fix_time_open" in codes(more)


def test_a_growing_pile_has_no_end_and_no_number_for_it():
    rows = [{"id": f"{w}-{i}", "severity": "high", "found": day(7 * w + i), "closed": day(7 * w + 6) if i == 0 else None} for w in range(12) for i in range(6)]
    found = run(rows)
    assert found.get("weeks_to_zero") is None
    assert found.get("p_zero").value < 0.05
    assert found.get("net").low > 0
    assert "积压看不到头" in found.points[0].zh
    assert "put the release off" in found.meaning.next.en


def test_reopened_ones_count_among_those_ever_closed():
    rows = [{"found": day(i), "closed": day(i + 1), "reopened": str(i % 4)} for i in range(40)] + [{"found": day(1), "closed": None, "reopened": "0"}]
    found = run(rows).get("reopen_rate")
    assert (found.value, found.n) == (0.75, 40)


def test_density_needs_a_size():
    assert run(steady()).get("density") is None
    assert run(steady(), size=12).get("density").value == 3


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 120), st.one_of(st.none(), st.integers(0, 40)), st.sampled_from(["high", "low", None])), min_size=1, max_size=60))
def test_found_less_closed_is_what_is_open_and_intervals_hold_their_value(rows):
    listed = [{"id": f"D{i}", "severity": s, "found": day(start), "closed": None if fix is None else day(start + fix)} for i, (start, fix, s) in enumerate(rows)]
    found = run(listed, at=day(200))
    assert found.get("open").value == sum(fix is None for _, fix, _ in rows) == sum(e.value for e in found.keyed("open"))
    for e in found.estimates:
        assert e.low is None or e.low <= e.value <= e.high


# ---- bad data


def test_a_defect_closed_before_it_was_found_is_refused_with_its_row():
    with pytest.raises(DataError) as caught:
        run([{"id": "A", "found": day(3), "closed": day(4)}, {"id": "B", "found": day(9), "closed": day(2)}])
    assert caught.value.sentence("en").startswith("a cell does not hold what its column should. At tracker.csv, row 2, column \"closed\"")
    assert "不早于发现日期2026-06-10" in caught.value.sentence("zh")


def test_no_date_at_all_is_refused():
    with pytest.raises(DataError) as caught:
        run([{"id": "A", "found": None, "closed": None}])
    assert caught.value.code == "no_dates"


def test_one_id_with_two_contents_is_refused_and_a_repeated_row_counts_once():
    row = {"id": "A", "found": day(3), "closed": None}
    assert "repeated" in codes(run([row, row]))
    with pytest.raises(DataError) as caught:
        run([row, {**row, "closed": day(9)}])
    assert caught.value.sentence("zh") == "缺陷“A”出现两次，内容不同。位置：tracker.csv，第2条。"


def test_a_day_that_is_no_day_is_refused_and_a_day_before_all_defects_too():
    with pytest.raises(ParamError) as caught:
        run(steady(), at="yesterday")
    assert caught.value.sentence("en") == 'parameter "at" cannot take this value. At value "yesterday". Expected a day such as 2026-09-29.'
    with pytest.raises(DataError) as caught:
        run(steady(), at="2020-01-01")
    assert caught.value.code == "nothing_yet"


def test_neither_closing_days_nor_open_marks_forecast_nothing():
    found = run([{"found": day(i)} for i in range(60)])
    assert "no_states" in codes(found)
    assert found.get("weeks_to_zero") is None
    assert found.get("fix_time") is None


def test_a_reopening_that_is_no_count_is_refused():
    with pytest.raises(DataError) as caught:
        run([{"found": day(1), "closed": day(2), "reopened": "twice"}])
    assert "a count, or yes or no" in caught.value.sentence("en")


def test_an_unknown_stage_is_named():
    found = run([{"found": day(i), "found_in": "quality", "introduced_in": "desing"} for i in range(12)])
    assert "desing" in next(w.text.en for w in found.warnings if w.code == "stage_unknown")
