"""The market: products that are known in closed form first, then the funnel and its checks, then bad rows."""

import numpy as np
import pytest

from stageway.arithmetic import driver_draws
from stageway.arithmetic.driver_draws import Range
from stageway.evidence import DataError, Finding, Frame
from stageway.methods.positioning.market_size import market_size


def rows(*listed: dict[str, object]) -> Frame:
    return Frame.of([{"source": "report", **row} for row in listed], "drivers.csv")


def run(frame: Frame, params: dict[str, object] | None = None, **tables: Frame) -> Finding:
    return market_size.run({"drivers": frame, **tables}, params or {})


def codes(found: Finding) -> list[str]:
    return [w.code for w in found.warnings]


PEOPLE = {"driver": "people", "level": "tam", "low": 80e6, "likely": 100e6, "high": 120e6}
SHARE = {"driver": "share", "level": "sam", "low": 0.2, "likely": 0.3, "high": 0.5, "unit": "%"}


# ---- closed form


def test_a_product_of_lognormals_is_the_lognormal_of_the_textbook():
    sigma = np.array([0.3, 0.5, 0.2])
    medians = np.array([1e7, 0.2, 0.1])
    z = 1.959963984540054
    listed = [{"driver": f"d{k}", "distribution": "lognormal", "low": m * np.exp(-z * s), "high": m * np.exp(z * s)} for k, (m, s) in enumerate(zip(medians, sigma, strict=True))]
    found = run(rows(*listed), {"draws": 200_000}).get("sam")
    width = z * np.sqrt((sigma**2).sum())
    assert found.value == pytest.approx(medians.prod(), rel=0.01)
    assert (found.low, found.high) == pytest.approx((medians.prod() * np.exp(-width), medians.prod() * np.exp(width)), rel=0.02)


def test_the_variance_parts_of_lognormals_are_their_squared_sigmas():
    listed = [{"driver": f"d{k}", "distribution": "lognormal", "low": np.exp(-1.959964 * s), "high": np.exp(1.959964 * s)} for k, s in enumerate((0.3, 0.4))]
    parts = {row[0]: row[-1] for row in run(rows(*listed), {"draws": 100_000}).table("drivers").rows}
    assert parts == pytest.approx({"d0": 0.36, "d1": 0.64}, abs=0.01)


def test_correlated_factors_widen_the_product_as_the_textbook_says():
    listed = [{"driver": f"d{k}", "distribution": "lognormal", "low": np.exp(-1.959964 * 0.3), "high": np.exp(1.959964 * 0.3)} for k in range(2)]
    ranks = 0.6
    found = run(rows(*listed), {"draws": 200_000}, correlations=Frame.of([{"a": "d0", "b": "d1", "r": ranks}])).get("sam")
    r = 2 * np.sin(np.pi * ranks / 6)
    assert np.log(found.high / found.low) == pytest.approx(2 * 1.959964 * 0.3 * np.sqrt(2 + 2 * r), rel=0.02)


@pytest.mark.parametrize(("known", "independent"), [
    (Range("triangular", 2.0, 3.0, 7.0), lambda u: __import__("scipy.stats").stats.triang.ppf(u, 0.2, 2, 5)),
    (Range("pert", 2.0, 3.0, 7.0), lambda u: __import__("scipy.stats").stats.beta.ppf(u, 1.8, 4.2, 2, 5)),
    (Range("uniform", 2.0, 4.5, 7.0), lambda u: __import__("scipy.stats").stats.uniform.ppf(u, 2, 5)),
    (Range("survey", 30.0, 0.3, 100.0), lambda u: __import__("scipy.stats").stats.beta.ppf(u, 30.5, 70.5)),
    (Range("lognormal", 1.0, 2.0, 4.0), lambda u: __import__("scipy.stats").stats.lognorm.ppf(u, np.log(4) / (2 * 1.959963984540054), 0, 2)),
])
def test_quantiles_are_those_of_scipy(known, independent):
    u = np.linspace(0.01, 0.99, 23)
    assert driver_draws.quantiles(known, u).tolist() == pytest.approx(independent(u).tolist())


def test_a_share_counted_in_a_survey_has_the_interval_of_jeffreys():
    from statsmodels.stats.proportion import proportion_confint

    found = run(rows({"driver": "all", "likely": 1e6}, {"driver": "asked", "x": 30, "n": 100}), {"draws": 200_000}).get("sam")
    assert (found.low, found.high) == pytest.approx([1e6 * end for end in proportion_confint(30, 100, method="jeffreys")], rel=0.01)


# ---- the funnel


def test_each_level_is_the_product_down_to_it():
    found = run(rows({"driver": "people", "level": "tam", "likely": 1000}, {"driver": "share", "level": "sam", "likely": 0.5}, {"driver": "won", "level": "som", "likely": 0.1},
                     {"driver": "year", "level": "som_year1", "likely": 0.2}))
    assert {e.name: e.value for e in found.estimates} == {"tam": 1000, "sam": 500, "som": 50, "som_year1": 10}
    assert "no_ranges" in codes(found)


def test_hardware_divides_by_the_years_until_a_replacement():
    found = run(rows({"driver": "households", "level": "tam", "likely": 400}, {"driver": "years", "level": "yearly_buyers", "likely": 4, "operation": "divide"}))
    assert found.get("yearly_buyers").value == 100


def test_segments_are_multiplied_each_and_then_added():
    found = run(rows({"driver": "people", "segment": "north", "likely": 100}, {"driver": "people", "segment": "south", "likely": 300},
                     {"driver": "share", "segment": "north", "likely": 0.5}, {"driver": "share", "segment": "south", "likely": 0.1}, {"driver": "paying", "likely": 0.5}))
    assert found.get("sam").value == pytest.approx((50 + 30) * 0.5)


def test_the_interval_is_far_narrower_than_the_product_of_the_ends():
    listed = [{**SHARE, "driver": f"d{k}"} for k in range(5)]
    found = run(rows(*listed)).get("sam")
    assert found.low > 3 * 0.2**5
    assert found.high < 0.5**5 / 2


def test_the_tornado_puts_the_widest_factor_first_and_names_it_as_the_one_to_check():
    found = run(rows(PEOPLE, SHARE))
    assert "Pin down “share” first" in found.meaning.next.en
    drivers = {row[0]: row[9:11] for row in found.table("drivers").rows}
    assert drivers["share"] == pytest.approx([1e8 * q for q in driver_draws.quantiles(Range("triangular", 0.2, 0.3, 0.5), np.array([0.1, 0.9]))], rel=1e-6)


def test_a_market_in_yuan_is_told_in_yuan():
    found = run(rows(PEOPLE, {"driver": "price", "low": 10, "likely": 12, "high": 15, "unit": "CNY"}))
    assert found.get("sam").unit == "CNY"


def test_pert_is_narrower_than_triangular():
    one, other = (run(rows(PEOPLE, SHARE), {"distribution": d}).get("sam") for d in ("pert", "triangular"))
    assert one.high - one.low < other.high - other.low


# ---- cross-check


def test_a_top_down_figure_that_agrees_gives_a_ratio_around_one():
    found = run(rows(PEOPLE, SHARE), top_down=rows({"driver": "market", "level": "sam", "low": 25e6, "likely": 32e6, "high": 40e6}))
    assert found.get("to_top_down").low < 1 < found.get("to_top_down").high
    assert "disagrees" not in codes(found)


def test_a_top_down_figure_that_contradicts_is_said():
    found = run(rows(PEOPLE, SHARE), top_down=rows({"driver": "market", "level": "sam", "low": 2e6, "likely": 3e6, "high": 4e6}))
    assert found.get("to_top_down").value == pytest.approx(10.8, rel=0.05)
    assert "disagrees" in codes(found)


def test_without_a_second_way_the_finding_says_so():
    assert "no_cross_check" in codes(run(rows(PEOPLE, SHARE)))


# ---- bad rows


def test_a_range_that_is_upside_down_names_its_row():
    with pytest.raises(DataError) as caught:
        run(rows(PEOPLE, {**SHARE, "likely": 0.6}))
    assert caught.value.sentence("en").startswith("a cell does not hold what its column should. At drivers.csv, row 2, column \"likely\", value \"0.6\". "
                                                  "Expected low ≤ likely ≤ high, and here are 0.2, 0.6, 0.5")


def test_a_share_written_as_percent_is_refused():
    with pytest.raises(DataError) as caught:
        run(rows(PEOPLE, {**SHARE, "low": 20, "likely": 30, "high": 50}))
    assert caught.value.sentence("zh") == "因子“share”的单位是占比，却大于1。位置：drivers.csv，第2条，值“50”。35%请写成0.35。"


def test_a_factor_that_stands_twice_is_refused():
    with pytest.raises(DataError, match="the factor “people” stands twice and would be multiplied twice"):
        run(rows(PEOPLE, PEOPLE))


def test_factors_without_a_source_or_a_range_are_named():
    found = run(Frame.of([PEOPLE, {**SHARE, "low": None, "high": None, "source": "x"}], "drivers.csv"))
    assert next(w for w in found.warnings if w.code == "no_source").text.en.startswith("Factors without a source: “people”")
    assert next(w for w in found.warnings if w.code == "no_range").text.en.startswith("Factors with a single value, taken as certain: “share”")


def test_old_figures_are_named():
    found = run(rows({**PEOPLE, "year": 2019}, {**SHARE, "year": 2026}))
    assert "Sources more than 3 years behind the newest: “people”" in next(w for w in found.warnings if w.code == "old_figures").text.en


def test_a_divisor_of_nought_is_refused():
    with pytest.raises(DataError, match="a divisor above 0"):
        run(rows(PEOPLE, {"driver": "years", "low": 0, "likely": 2, "high": 4, "operation": "divide"}))


def test_one_end_of_a_range_alone_is_refused():
    with pytest.raises(DataError, match="both low and high, or neither"):
        run(rows(PEOPLE, {"driver": "share", "low": 0.2, "likely": 0.3}))


def test_correlations_that_contradict_each_other_are_refused():
    table = Frame.of([{"a": "a", "b": "b", "r": 0.9}, {"a": "b", "b": "c", "r": 0.9}, {"a": "a", "b": "c", "r": -0.9}])
    with pytest.raises(DataError, match="these correlations cannot all hold at once"):
        run(rows(*({**SHARE, "driver": d} for d in "abc")), correlations=table)


def test_an_unknown_level_is_refused_with_the_known_ones():
    with pytest.raises(DataError, match="Expected one of tam, sam, yearly_buyers, som, som_year1"):
        run(rows({**PEOPLE, "level": "total"}))
