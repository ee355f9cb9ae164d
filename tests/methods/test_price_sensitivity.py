"""Price sensitivity: published figures and independent implementations, then what must hold for any prices, then bad data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stageway.arithmetic import demand, pricing
from stageway.evidence import DataError, Finding, Frame, ParamError
from stageway.methods.research.price_sensitivity import price_sensitivity
from stageway.readers import csv
from tests.shared import shared

NAMES = ("too_cheap", "cheap", "expensive", "too_expensive")
PLAIN = pricing.Convention(narrower=False, inclusive=False, step=True)


def prices(values: object, **columns: object) -> Frame:
    return Frame({**dict(zip(NAMES, np.asarray(values, dtype=float).T, strict=True)), **columns}, "psm.csv")


def run(frame: Frame, offers: Frame | None = None, **params: object) -> Finding:
    return price_sensitivity.run({"prices": frame, "offers": offers}, params)


def real(*columns: str) -> Frame:
    table = csv.READER.read(shared("pricing/psm_1500.csv"), {}).frame
    return Frame({name: table[column] for name, column in zip(NAMES, columns, strict=True)}, "psm_1500.csv")


def codes(found: Finding) -> list[str]:
    return [w.code for w in found.warnings]


def offers(shares: dict[float, int], n: int = 100) -> Frame:
    """Of n people so many buy at each price; those who buy at a high price buy at a low one."""
    return Frame.of([{"respondent": f"g{i:03}", "price": price, "buy": int(i < k)} for price, k in shares.items() for i in range(n)], "offers.csv")


def spread(n: int = 120, seed: int = 2) -> np.ndarray:
    rng = np.random.default_rng(seed)
    middle = rng.normal(40, 10, n).clip(15)
    return np.sort(np.round(np.column_stack([middle * f for f in (0.5, 0.8, 1.2, 1.6)]) + rng.normal(0, 2, (n, 4)), 1).clip(0), axis=1)


# ---- published, and independent


def test_the_real_file_read_by_size_has_368_contradictions_and_its_optimal_point_at_40():
    """data/pricing/README: 368 of 1,500 contradict themselves; research notes: OPP 40 [35, 40], n = 1,132."""
    found = run(real("too_cheap", "getting_expensive", "bargain", "too_expensive"), draws=4000)
    share, best = found.get("contradictory"), found.get("optimal")
    assert (share.value, share.n) == (pytest.approx(368 / 1500), 1500)
    assert (best.value, best.low, best.high, best.n) == (40, 35, 40, 1132)
    assert codes(found) == ["contradictory", "heaped"]
    assert found.headline.zh == "可接受价格20～60元，最优价位点40元 [35, 40]（n=1,132）"


def test_the_real_file_read_by_name_has_1492_contradictions_and_gets_no_price():
    found = run(real("too_cheap", "bargain", "getting_expensive", "too_expensive"))
    assert found.get("contradictory").value == pytest.approx(1492 / 1500)
    assert found.get("optimal") is None
    assert codes(found) == ["looks_swapped"]
    assert found.warnings[0].text.en.startswith(
        "1492 of 1500 answers contradict themselves; the columns may be swapped: expensive looks like “cheap”, cheap looks like “expensive”.")


@pytest.mark.parametrize(("params", "expected"), [
    ({}, (20, 60, 40, 40)), ({"curve": "interpolated"}, (19.632, 59.102, 39.167, 39.071)), ({"range": "narrower"}, (30, 50, 40, 40)),
    ({"falling": "at_least"}, (21, 60, 40, 40)), ({"falling": "at_least", "curve": "interpolated"}, (20.632, 59.102, 39.336, 39.2)),
])
def test_the_real_file_under_every_convention_as_numpy_computes_it_from_the_definition(params, expected):
    """Definition: R's pricesensitivitymeter (1 − ecdf for falling, ecdf for rising, first price with rising ≥ falling), in whole counts."""
    found = run(real("too_cheap", "getting_expensive", "bargain", "too_expensive"), draws=200, **params)
    assert [found.get(name).value for name in pricing.POINTS] == pytest.approx(expected, abs=5e-4)


def test_curves_that_tie_exactly_are_a_crossing():
    """A published R result of 70 is an accident of rounding: 45/991 against 1 − 946/991 at 69, where 45 people stand against 45."""
    assert 1 - 946 / 991 > 45 / 991  # the falling curve as R computes it lies above the rising one by 1e-17
    too_cheap, too_expensive = [60.0] * 946 + [90.0] * 45, [69.0] * 45 + [100.0] * 946
    made = np.column_stack([np.sort(too_cheap), np.full(991, 65.0), np.full(991, 66.0), np.sort(too_expensive)])
    made[:, 0] = np.array(too_cheap)
    grid = np.array([60.0, 65, 66, 69, 70, 90, 100])
    curves = pricing.counts(np.ones((1, 991)), made, grid, inclusive=False)
    assert pricing.crossing(curves[3], curves[0], grid, step=True)[0] == 69


def test_points_equal_those_of_a_direct_search_over_ecdfs():
    from scipy.stats import ecdf

    values = spread()
    values = values[pricing.consistent(values, strict=True)]
    grid = np.unique(values)
    up = {i: np.round(len(values) * ecdf(values[:, i]).cdf.evaluate(grid)) for i in range(4)}
    n = len(values)
    pairs = ((up[1], n - up[0]), (up[3], n - up[2]), (up[2], n - up[1]), (up[3], n - up[0]))
    expected = [grid[np.argmax(rising >= falling)] for rising, falling in pairs]
    assert pricing.points(np.ones((1, n)), values, grid, PLAIN)[0].tolist() == expected


def test_newton_miller_and_smith_calibrate_intents_to_7_5_3_1_0_tenths():
    """One pattern: intent 5 at 10, intent 3 at 20: chance .7 at 10, .3 at 20, straight between; revenue p(1.1 − .04p) peaks at 13.75."""
    values = np.tile([5.0, 10, 20, 30], (40, 1))
    values[0] = [5, 10, 13.75, 30]  # names one more price; its own curve is a fortieth
    found = run(prices(values, intent_cheap=[5] * 40, intent_expensive=[3] * 40))
    assert found.get("trial_price").value == 10
    assert found.get("revenue_price").value == 13.75
    each = pricing.trial(np.array([[5.0, 10, 20, 30]]), np.array([0.7]), np.array([0.3]), np.array([0.0, 5, 7.5, 10, 15, 20, 25, 30, 40]))
    assert each[0] == pytest.approx([0, 0, 0.35, 0.7, 0.5, 0.3, 0.15, 0, 0])


def test_gabor_granger_takes_the_price_of_the_highest_revenue():
    """Revenue of 100 people: 900, 1,200, 1,250, 800."""
    found = run(prices(spread()), offers({10: 90, 15: 80, 25: 50, 40: 20}))
    assert found.get("best_price").value == 25
    assert [row[4] for row in found.table("offers").rows] == pytest.approx([900, 1200, 1250, 800])
    assert found.get("buys", "15").value == 0.8


def test_monotone_demand_is_that_of_scipy():
    from scipy.optimize import isotonic_regression

    rng = np.random.default_rng(8)
    for _ in range(30):
        asked = rng.integers(5, 40, 7).astype(float)
        yes = np.floor(asked * rng.random(7))
        expected = isotonic_regression(yes / asked, weights=asked, increasing=False).x
        assert demand.monotone(yes[None], asked[None])[0] == pytest.approx(expected)


def test_logit_demand_is_that_of_statsmodels():
    import statsmodels.api as sm

    at, yes, n = np.array([10.0, 15, 25, 40]), np.array([90.0, 80, 50, 20]), np.full(4, 100.0)
    fit = sm.GLM(np.column_stack([yes, n - yes]), sm.add_constant(at), family=sm.families.Binomial()).fit()
    a, b = demand.logit(yes[None], n[None], at)
    assert demand.logit_at(a, b, at, at)[0] == pytest.approx(fit.predict(sm.add_constant(at)), abs=1e-3)


# ---- properties


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.integers(0, 60), min_size=4, max_size=4, unique=True).map(sorted), min_size=2, max_size=30))
def test_points_are_named_prices_in_their_order_and_intervals(people):
    found = run(prices(people), draws=200)
    if found.get("optimal") is None:
        assert "no_variation" in codes(found)
        return
    points = {name: found.get(name) for name in pricing.POINTS}
    assert all(e.low <= e.value <= e.high and e.value in np.unique(people) for e in points.values())
    assert points["acceptable_low"].value <= points["indifference"].value <= points["acceptable_high"].value


def test_twice_the_prices_give_twice_the_points():
    one, two = run(prices(spread())), run(prices(2 * spread()))
    assert [2 * one.get(name).value for name in pricing.POINTS] == pytest.approx([two.get(name).value for name in pricing.POINTS])


def test_the_narrower_range_lies_within_the_original_one():
    wide, narrow = run(prices(spread())), run(prices(spread()), range="narrower")
    assert wide.get("acceptable_low").value <= narrow.get("acceptable_low").value < narrow.get("acceptable_high").value <= wide.get("acceptable_high").value
    assert wide.get("optimal").value == narrow.get("optimal").value
    low, high = (f"{narrow.get(f'acceptable_{end}').value:.1f}" for end in ("low", "high"))
    assert f"acceptable range CNY {low}–{high} (narrower)" in wide.meaning.change.en


def test_a_ladder_is_completed_and_what_was_said_is_kept():
    asked = np.array([[np.nan, 1, 0, np.nan], [1, np.nan, np.nan, np.nan], [np.nan, np.nan, np.nan, 0], [0, np.nan, 1, np.nan]])
    assert demand.ladder(asked)[0].tolist() == [1, 1, 0, 0]
    assert demand.ladder(asked)[1].tolist()[0] == 1
    assert np.isnan(demand.ladder(asked)[1, 1:]).all()
    assert demand.ladder(asked)[3, [0, 2]].tolist() == [0, 1]
    assert demand.contradicts(asked).tolist() == [False, False, False, True]


def test_the_currency_is_written():
    found = run(prices(spread()), currency="USD")
    assert found.get("optimal").unit == "USD"
    assert " USD" in found.headline.zh
    with pytest.raises(ParamError):
        run(prices(spread()), currency="12")


def test_the_next_step_says_whether_the_two_questions_agree():
    inside = run(prices(spread()), offers({20: 90, 40: 80, 60: 20}))
    outside = run(prices(spread()), offers({20: 90, 40: 80, 200: 60}))
    assert inside.meaning.next.zh.startswith("以40.0元试卖")
    assert "outside the acceptable" in outside.meaning.next.en
    assert "at_the_edge" in codes(outside)


# ---- bad data


def test_contradictions_are_counted_and_above_a_tenth_warned_of():
    values = spread(100)
    values[:20] = values[:20, ::-1]
    found = run(prices(values))
    assert found.get("contradictory").value == 0.2
    assert codes(found)[0] == "contradictory"
    assert "contradictory" not in codes(run(prices(spread(100))))


def test_equal_prices_contradict_only_where_strict():
    values = spread(60)
    values[:30, 1] = values[:30, 0]
    assert run(prices(values)).get("contradictory").value == 0.5
    assert run(prices(values), consistent="weak").get("contradictory").value == 0


def test_all_contradicting_or_one_person_or_all_alike_give_no_price():
    for values, code in (([[4, 3, 2, 1]] * 3, "looks_swapped"), ([[1, 1, 1, 1]] * 3, "all_contradictory"), ([[1, 2, 3, 4]], "no_variation"),
                         ([[1, 2, 3, 4]] * 50, "no_variation")):
        found = run(prices(values))
        assert code in codes(found)
        assert [e.name for e in found.estimates] == ["contradictory"]
        assert found.headline.en.startswith("No price point can be given")


def test_missing_prices_are_left_out_and_all_missing_is_an_error():
    values = spread(40)
    values[:4, 2] = np.nan
    found = run(prices(values))
    assert "incomplete" in codes(found)
    assert found.get("contradictory").n == 36
    with pytest.raises(DataError) as caught:
        run(prices(np.full((3, 4), np.nan)))
    assert caught.value.code == "no_answers"


def test_a_price_below_nought_or_in_words_is_refused_with_its_row():
    frame = prices([[1, 2, 3, 4], [1, 2, 3, 4]])
    with pytest.raises(DataError) as caught:
        run(frame.with_columns(cheap=[2, -2]))
    assert 'At psm.csv, row 2, column "cheap", value "-2". Expected a number of at least 0.' in caught.value.sentence("en")
    with pytest.raises(DataError, match='value "cheap"'):
        run(frame.with_columns(cheap=["cheap", 2]))


def test_a_calibration_that_is_none_is_refused():
    for text in ("0.7, 0.5", "a, b, c, d, e", "0, 0.1, 0.3, 0.5, 0.7", "2, 1, 0.5, 0.2, 0"):
        with pytest.raises(ParamError):
            run(prices(spread(), intent_cheap=[5] * 120, intent_expensive=[3] * 120), calibration=text)


def test_intents_that_sell_nothing_are_said():
    found = run(prices(spread(), intent_cheap=[1] * 120, intent_expensive=[1] * 120))
    assert found.get("trial_price") is None
    assert "no_trial" in codes(found)


def test_offers_without_a_demand_are_said():
    for table in (offers({10: 100, 20: 100}), offers({10: 0, 20: 0}), offers({10: 50}), offers({10: 5}).take(np.zeros(100, dtype=bool))):
        found = run(prices(spread()), table)
        assert "no_demand" in codes(found)
        assert found.get("best_price") is None


def test_people_who_buy_only_high_prices_are_counted_and_a_rising_demand_is_warned_of():
    rows = [{"respondent": f"g{i}", "price": p, "buy": int((i + p) % 3 > 0 if i % 2 else p > 10)} for i in range(40) for p in (10, 20, 30)]
    assert "non_monotone" in codes(run(prices(spread()), Frame.of(rows)))
    rising = Frame.of([{"respondent": f"g{i}", "price": p, "buy": int(i < p)} for i in range(40) for p in (10, 20, 30)])
    assert "rising_demand" in codes(run(prices(spread()), rising, demand="logit"))


def test_a_plateau_at_the_optimal_point_is_said():
    values = np.array([[5, 12, 18, 25], [6, 13, 19, 26], [7, 12, 17, 27], [6, 11, 20, 24]] * 10)
    found = run(prices(values))
    assert found.get("optimal").value == 7
    assert "plateau" in codes(found)
    assert "CNY 7–20" in next(w.text.en for w in found.warnings if w.code == "plateau")
