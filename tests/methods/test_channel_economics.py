"""Channel economics: the files of real spend and independent implementations, then what must hold, then bad data."""

import csv
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stageway.arithmetic import response, unit_economics
from stageway.evidence import DataError, Finding, Frame, ParamError
from stageway.methods.launch.attribution import attribution
from stageway.methods.launch.channel_economics import channel_economics
from tests.shared import shared


def run(spend: list[dict] | Frame, **more: object) -> Finding:
    frame = spend if isinstance(spend, Frame) else Frame.of(spend, "spend.csv")
    tables = {name: more.pop(name) for name in ("attributed", "margins") if name in more}
    return channel_economics.run({"spend": frame, **tables}, {"draws": 300, **more})


def codes(found: Finding) -> list[str]:
    return [w.code for w in found.warnings]


def weeks(channel: str, costs: list[float], customers: list[float], **more: list[float]) -> list[dict]:
    start = np.datetime64("2026-01-05")
    return [{"channel": channel, "period": str(start + 7 * i), "cost": x, "customers": y, **{k: v[i] for k, v in more.items()}}
            for i, (x, y) in enumerate(zip(costs, customers, strict=True))]


TWO = [{"channel": "search", "cost": 5000.0, "customers": 100}, {"channel": "social", "cost": 9000.0, "customers": 90}, {"channel": "word of mouth", "cost": 0.0, "customers": 60}]


# ---- real files, and independent implementations


def test_the_facebook_ads_cost_what_their_sums_say():
    with shared("growth_marketing_spend/facebook_ads.csv").open(encoding="utf-8") as file:
        ads = list(csv.DictReader(file))
    found = run([{"channel": r["xyz_campaign_id"], "cost": float(r["Spent"]), "customers": float(r["Approved_Conversion"])} for r in ads])
    assert len(ads) == 1143
    assert found.get("cac").n == 1079
    assert found.get("cac").value == pytest.approx(58705.23 / 1079, rel=1e-6)
    assert {e.key: (e.n, round(e.value, 2)) for e in found.keyed("cac")} == {"916": (24, 6.24), "936": (183, 15.81), "1178": (872, 63.83)}
    assert "few_customers" in codes(found)
    assert "1178确实比916贵" in found.meaning.next.zh


def test_more_spend_in_the_simulated_market_fits_as_statsmodels_fits_it():
    """All spend and all revenue of 208 weeks as one channel: Poisson quasi-likelihood with Newey-West errors."""
    import statsmodels.api as sm

    with shared("growth_marketing_spend/mmm_weekly_simulated.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    spent = np.array([sum(float(r[c]) for c in r if c.endswith("_S")) for r in rows])
    revenue = np.array([float(r["revenue"]) for r in rows])
    frame = [{"channel": "all", "period": r["DATE"], "cost": float(x), "customers": 1.0, "revenue": float(y)} for r, x, y in zip(rows, spent, revenue, strict=True)]
    found = run(frame)
    kept = spent > 0
    design = np.column_stack([np.ones(kept.sum()), np.log(spent[kept] / spent[kept].mean()), np.linspace(-1, 1, len(rows))[kept]])
    model = sm.GLM(revenue[kept] / 1e3, design, family=sm.families.Poisson())
    fit, robust = model.fit(scale="X2"), model.fit(cov_type="HAC", cov_kwds={"maxlags": 4, "use_correction": True})
    mine = response.fit(spent, revenue)
    assert mine.elasticity[0] == pytest.approx(fit.params[1], rel=1e-6)
    from scipy.stats import t

    half = t.ppf(0.975, kept.sum() - 3) * max(fit.bse[1], robust.bse[1])
    assert mine.elasticity[2] - mine.elasticity[0] == pytest.approx(half, rel=0.01)
    assert found.get("roas").value == pytest.approx(revenue.sum() / spent.sum())
    assert found.get("marginal_roas", "all").value == pytest.approx(mine.marginal[0])


def test_the_cost_of_a_customer_has_the_exact_interval_of_the_count():
    from scipy.stats import chi2

    found = run(TWO).get("cac", "search")
    assert (found.value, found.low, found.high) == pytest.approx((50.0, 5000 / (chi2.ppf(0.975, 202) / 2), 5000 / (chi2.ppf(0.025, 200) / 2)))


def test_the_months_to_pay_are_those_counted_by_hand():
    value = np.array([[10.0, 18.0, 24.0, 28.0]])
    assert unit_economics.months_to_pay(value, np.array([20.0]))[0] == pytest.approx(2 + 2 / 6)
    assert unit_economics.months_to_pay(value, np.array([5.0]))[0] == 0.5
    assert math.isinf(unit_economics.months_to_pay(value, np.array([29.0]))[0])


def test_return_on_spend_is_the_ratio_estimator_of_periods():
    """Cochran (1977), 6.4: variance of a ratio of sums, against the residuals of a weighted regression without intercept."""
    rng = np.random.default_rng(1)
    x, y = rng.gamma(4, 100, 30), rng.gamma(9, 80, 30)
    value, low, high = unit_economics.return_on_spend(y, x)
    residuals = y - value * x
    from scipy.stats import t

    half = t.ppf(0.975, 29) * np.sqrt(30 * np.var(residuals, ddof=1)) / x.sum()
    assert (value, low, high) == pytest.approx((y.sum() / x.sum(), value - half, value + half))


# ---- what it says


def test_customers_who_cost_nothing_lower_the_blended_cost_only():
    found = run(TWO)
    assert (found.get("cac").value, found.get("cac_paid").value) == pytest.approx((14000 / 250, 14000 / 190))
    assert "其中60名不花钱来" in found.meaning.says.zh
    assert found.headline.en.startswith("Blended cost per customer CNY 56.0 [49.5, 63.6] (250 customers); cheapest search (CNY 50.0, probability 0.99), dearest social (CNY 100)")


def test_a_channel_whose_next_customer_costs_more_than_one_brings_is_cut():
    rng = np.random.default_rng(3)
    x = np.exp(rng.normal(9, 0.6, 50))
    rows = weeks("social", x.tolist(), rng.poisson(6 * x**0.4).tolist()) + weeks("mail", [500.0] * 50, rng.poisson(20, 50).tolist())
    margins = Frame.of([{"customer": f"c{k}", "month": m, "margin": 12.0 + k % 5} for k in range(60) for m in range(6)])
    found = run(rows, margins=margins)
    average, more = found.get("cac", "social").value, found.get("marginal_cac", "social")
    assert more.low > 1.8 * average
    assert found.get("elasticity", "social").low < 0.4 < found.get("elasticity", "social").high
    assert found.meaning.next.zh.startswith("social先减量")
    assert "mail" in next(w.text.en for w in found.warnings if w.code == "cannot_say")


def test_what_is_not_paid_back_has_no_number_of_months():
    margins = Frame.of([{"customer": f"c{k}", "month": m, "margin": 10.0 + k % 3} for k in range(80) for m in range(6)])
    found = run(TWO, margins=margins)
    assert found.get("payback", "search").value == pytest.approx(50 / 10.9875, rel=1e-3)
    assert found.get("payback", "social") is None
    assert found.get("ltv_cac", "social").high < 1
    assert "social" in next(w.text.zh for w in found.warnings if w.code == "not_reached")
    assert found.meaning.next.en.startswith("social does not earn its cost within the 6 months seen")


def test_younger_customers_count_only_while_they_were_seen():
    old = [{"customer": f"o{k}", "month": m, "margin": 10.0, "observed": 4} for k in range(40) for m in range(4)]
    young = [{"customer": f"y{k}", "month": 0, "margin": 10.0, "observed": 1} for k in range(40)]
    found = run(TWO, margins=Frame.of(old + young))
    assert found.get("ltv_cac", "search").value == pytest.approx(40 / 50)  # not (40 + 10) / 2 / 50


def test_margins_of_cohorts_and_of_a_channel_of_its_own():
    margins = Frame.of([{"channel": c, "month": m, "margin": x * n, "customers": n} for c, x in (("search", 30.0), ("social", 15.0)) for m, n in enumerate((200, 150, 90))])
    found = run(TWO, margins=margins)
    assert (found.get("ltv_cac", "search").value, found.get("ltv_cac", "social").value) == pytest.approx((90 / 50, 45 / 100))
    assert found.get("payback", "search").value == pytest.approx(1 + 20 / 30)
    assert found.get("payback") is None
    assert "margin_exact" in codes(found)


def test_customers_may_come_from_a_finding_of_attribution():
    paths = Frame.of([{"path": "search > social", "total_conversions": 60, "total_null": 100}, {"path": "social > search", "total_conversions": 40, "total_null": 100}])
    credits = attribution.run({"paths": paths}).table("models").frame("finding:attribution.models")
    spend = Frame.of([{"channel": "search", "cost": 4000.0}, {"channel": "social", "cost": 6000.0}])
    last, first = run(spend, attributed=credits, model="last"), run(spend, attributed=credits, model="first")
    assert [e.value for e in last.keyed("cac")] == [100.0, 100.0]
    assert [e.value for e in first.keyed("cac")] == pytest.approx([4000 / 60, 6000 / 40])
    assert last.get("cac").n == 100  # the row of totals is no channel
    assert "credit_not_cause" in codes(last)


def test_weeks_that_scatter_more_than_chance_widen_the_cost():
    calm = run(weeks("a", [1000.0] * 20, [50] * 20)).get("cac", "a")
    wild = run(weeks("a", [1000.0] * 20, [10, 90] * 10)).get("cac", "a")
    assert calm.value == wild.value == 20
    assert wild.high - wild.low > 3 * (calm.high - calm.low)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(0, 1e5), st.integers(0, 400)), min_size=1, max_size=30))
def test_costs_lie_in_their_intervals_and_sums_hold(rows):
    found = run([{"channel": c, "cost": x, "customers": k} for c, x, k in rows])
    spent, customers = sum(x for _, x, _ in rows), sum(k for _, _, k in rows)
    if found.get("cac") is not None:
        assert found.get("cac").value == pytest.approx(spent / customers)
    for e in found.estimates:
        assert e.low is None or e.low <= e.value <= e.high


# ---- bad data


def test_spend_without_customers_anywhere_is_refused():
    with pytest.raises(DataError) as caught:
        run([{"channel": "a", "cost": 10.0}])
    assert caught.value.sentence("en") == "no customers: the spend table has no column customers, and there is no attribution. At spend.csv."


def test_a_row_without_a_channel_is_refused_with_its_row():
    with pytest.raises(DataError) as caught:
        run([{"channel": "a", "cost": 1.0, "customers": 1}, {"channel": None, "cost": 2.0, "customers": 1}])
    assert "spend.csv，第2条，列“channel”" in caught.value.sentence("zh")


def test_spend_without_a_customer_gives_no_cost():
    found = run([*TWO, {"channel": "radio", "cost": 800.0, "customers": 0}])
    assert found.get("cac", "radio") is None
    assert "radio" in next(w.text.en for w in found.warnings if w.code == "cac_not_computable")
    nothing = run([{"channel": "radio", "cost": 800.0, "customers": 0}])
    assert nothing.headline.zh == "没有一个渠道的获客成本算得出"


def test_spend_that_hardly_varies_says_so_instead_of_a_curve():
    found = run(weeks("a", [1000.0 + i for i in range(30)], [50 + i % 7 for i in range(30)]))
    assert found.keyed("elasticity") == ()
    assert "cannot_say" in codes(found)


def test_no_spend_and_few_periods_are_said():
    assert "spend_zero" in codes(run([{"channel": "a", "cost": 0.0, "customers": 40}]))
    found = run(weeks("a", [100.0, 300.0, 500.0], [10, 20, 30], revenue=[100.0, 300.0, 300.0]))
    assert {"roas_exact", "cannot_say"} <= set(codes(found))
    assert found.get("roas").low is None


def test_an_unknown_model_and_a_month_that_is_no_month_are_refused():
    with pytest.raises(ParamError) as caught:
        run([{"channel": "a", "cost": 1.0}], attributed=Frame.of([{"channel": "a", "last": 5}]), model="markov")
    assert caught.value.code == "model_unknown"
    with pytest.raises(DataError) as caught:
        run(TWO, margins=Frame.of([{"month": 0.5, "margin": 3.0, "customers": 4}]))
    assert "a whole month and a number" in caught.value.sentence("en")
