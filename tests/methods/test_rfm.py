"""RFM: the CDNOW customers recomputed in pandas, then conventions, refunds, moves, and data that separate nobody."""

from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from stageway import catalogue
from stageway.arithmetic.concentration import best_share, gini
from stageway.evidence import DataError, Frame, ParamError
from tests.shared import shared

METHOD = catalogue.get("rfm")
END = date(2026, 6, 30)
ALL = {"listed": 1_000_000}


def cdnow():
    return catalogue.frame(shared("growth_cdnow/cdnow_sample_transactions.csv"), {"customer": "customer_id", "time": "date", "amount": "spend"})


@pytest.fixture(scope="module")
def bought():
    """R, F, M of the CDNOW sample by pandas."""
    data = pd.read_csv(shared("growth_cdnow/cdnow_sample_transactions.csv"), parse_dates=["date"])
    by = data.groupby("customer_id")
    return pd.DataFrame({"r": (data.date.max() - by.date.max()).dt.days, "f": by.date.nunique(), "m": by.spend.sum()}).rename(index=str)


def of(*customers):
    """Purchases from (days ago, …) and an amount each: of((1, 5.0), (40, 5.0)) is one customer with two."""
    rows = []
    for i, bought in enumerate(customers):
        rows += [{"customer": f"c{i:02d}", "time": (END - timedelta(days=ago)).isoformat(), "amount": amount} for ago, amount in bought]
    return Frame.of(rows)


def classes(finding):
    return {row[0]: row[1] for row in finding.table("customers").rows}


def codes(finding):
    return {w.code for w in finding.warnings}


# ── independent ──


@pytest.mark.parametrize("cut", ["mean", "median"])
def test_the_eight_classes_of_cdnow_are_those_of_pandas(bought, cut):
    finding = METHOD.run({"purchases": cdnow()}, {"cut": cut, **ALL})
    at = bought.agg(cut)
    names = {(True, True): "value", (True, False): "develop", (False, True): "keep", (False, False): "winback"}
    expected = {id: ("important_" if row.m > at.m else "general_") + names[row.r < at.r, row.f > at.f] for id, row in bought.iterrows()}
    assert classes(finding) == expected
    for name, count in pd.Series(expected).value_counts().items():
        assert finding.get("customers", name).value == count
        assert finding.get("revenue_share", name).value == pytest.approx(bought.m[[i for i, k in expected.items() if k == name]].sum() / bought.m.sum())
    assert finding.get("repeat_share").value == pytest.approx((bought.f > 1).mean())


def test_the_eleven_classes_of_cdnow_are_those_of_pandas(bought):
    def score(values):
        return np.minimum(5, 1 + np.floor(5 * (values.rank(method="average") - 0.5) / len(values) + 1e-12)).astype(int)

    grid = {  # R score → class by FM score 1 to 5
        5: "new potential potential champions champions", 4: "promising potential potential loyal champions", 3: "sleepy sleepy attention loyal loyal",
        2: "hibernating hibernating risk risk lose", 1: "lost hibernating risk risk lose"}
    both = np.maximum(1, (score(bought.f) + score(bought.m)) // 2)
    expected = {id: grid[r].split()[fm - 1] for id, r, fm in zip(bought.index, score(-bought.r), both, strict=True)}
    assert classes(METHOD.run({"purchases": cdnow()}, {"classes": "eleven", **ALL})) == expected


def test_gini_and_the_best_fifth_are_those_of_their_definitions(bought):
    ordered = np.sort(bought.m.to_numpy())
    apart = np.abs(ordered[:, None] - ordered[None, :]).sum() / (2 * ordered.size * (ordered.size - 1) * ordered.mean())
    assert gini(ordered).value == pytest.approx(apart)
    best = ordered[::-1][:471].sum() + 0.4 * ordered[::-1][471]  # a fifth of 2,357 customers are 471.4
    assert best_share(ordered, 0.2).value == pytest.approx(best / ordered.sum())


def test_the_error_of_gini_is_that_of_leaving_each_customer_out(bought):
    ordered = np.sort(bought.m.to_numpy())
    left = np.array([gini(np.delete(ordered, i)).value for i in range(ordered.size)])
    jackknife = np.sqrt((ordered.size - 1) * left.var())
    found = gini(ordered)
    assert np.sqrt(np.mean(found.influence**2) / ordered.size) == pytest.approx(jackknife, rel=0.02)


def test_moves_between_two_days_are_those_of_a_cross_table(bought):
    later = METHOD.run({"purchases": cdnow()}, {"cut": "fixed", "edges_r": "180", "edges_f": "2", "edges_m": "80", **ALL})
    cut = {"cut": "fixed", "edges_r": "180", "edges_f": "2", "edges_m": "80"}
    earlier = METHOD.run({"purchases": cdnow()}, {**cut, "until": "1997-12-31", **ALL})
    was, now = classes(earlier), classes(later)
    table = METHOD.run({"purchases": cdnow()}, {**cut, "before": "1997-12-31"}).table("migration")
    names = [head.name for head in table.columns[1:]]
    expected = pd.crosstab(pd.Series({i: was.get(i, "gone") for i in now}), pd.Series(now)).reindex(index=names, columns=names, fill_value=0)
    assert np.array([row[1:] for row in table.rows]).tolist() == expected.to_numpy().tolist()


# ── conventions ──


def test_a_fixed_cut_counts_as_high_itself_and_a_mean_does_not():
    table = of([(10, 50.0)], [(30, 50.0), (90, 50.0)], [(60, 100.0), (70, 100.0)])
    fixed = METHOD.run({"purchases": table}, {"cut": "fixed", "edges_r": "30", "edges_f": "2", "edges_m": "100"})
    assert classes(fixed) == {"c00": "general_develop", "c01": "important_value", "c02": "important_keep"}
    alike = of(*[[(5, 10.0)]] * 3)
    assert set(classes(METHOD.run({"purchases": alike}, {"until": "2026-06-30"})).values()) == {"general_winback"}


def test_refunds_lower_the_money_and_are_no_purchase():
    table = of([(10, 100.0), (5, -40.0)], [(10, 100.0)])
    rows = {r[0]: r for r in METHOD.run({"purchases": table}, {"until": "2026-06-30"}).table("customers").rows}
    assert (rows["c00"][3], rows["c00"][4], rows["c00"][5]) == (10, 1, 60)
    rows = {r[0]: r for r in METHOD.run({"purchases": table}, {"until": "2026-06-30", "refunds": "ignore"}).table("customers").rows}
    assert rows["c00"][5] == 100
    assert "refunds" in codes(METHOD.run({"purchases": table}))


def test_more_refunded_than_bought_counts_as_nothing_in_shares():
    finding = METHOD.run({"purchases": of(*[[(i, 10.0 + i)] for i in range(40)], [(3, 10.0), (2, -30.0)])})
    assert "net_negative" in codes(finding)
    assert sum(e.value for e in finding.keyed("revenue_share")) == pytest.approx(1)


def test_purchases_of_one_day_are_one():
    finding = METHOD.run({"purchases": of([(10, 5.0), (10, 5.0), (3, 5.0)], [(8, 5.0)])})
    assert {r[0]: r[4] for r in finding.table("customers").rows} == {"c00": 2, "c01": 1}
    assert "days_merged" in codes(finding)


def test_buyers_alike_have_the_same_class_by_fifths():
    finding = METHOD.run({"purchases": of(*[[(7, 20.0)]] * 30, *[[(i, 30.0 + i), (i + 9, 5.0)] for i in range(20)])}, {"classes": "eleven"})
    assert len({finding_class for id, finding_class in classes(finding).items() if id < "c30"}) == 1


def test_the_window_forgets_what_lies_before_it():
    table = of([(10, 5.0), (200, 500.0)], [(300, 5.0)])
    finding = METHOD.run({"purchases": table}, {"window": 90, "until": "2026-06-30"})
    assert [r[3:6] for r in finding.table("customers").rows] == [(10, 1, 5)]
    assert "after_until" in codes(finding)


def test_the_table_of_customers_is_data_for_another_method():
    table = METHOD.run(METHOD.example(np.random.default_rng(1)), ALL).table("customers").frame()
    assert {"customer", "class", "since", "times", "money", "lifecycle"} <= set(table.names)
    assert table.numbers("times").min() >= 1


def test_silent_and_lost_follow_the_gaps_between_purchases():
    rows = [[(ago, 5.0) for ago in range(1 + i, 200, 10)] for i in range(5)]
    finding = METHOD.run({"purchases": of(*rows, [(15, 5.0), (25, 5.0)], [(3, 5.0)])}, {"until": "2026-06-30"})
    assert finding.get("lifecycle", "new").value == pytest.approx(1 / 7)
    assert finding.get("lifecycle", "lost").value == pytest.approx(1 / 7)
    assert finding.get("lifecycle", "active").value == pytest.approx(5 / 7)


# ── bad data ──


def test_without_amounts_there_are_four_classes_and_no_share_of_revenue():
    table = METHOD.example(np.random.default_rng(1))["purchases"]
    bare = Frame({name: table[name] for name in ("customer", "time")})
    finding = METHOD.run({"purchases": bare})
    assert {e.key for e in finding.keyed("customers")} == {"value", "develop", "keep", "winback"}
    assert (finding.get("gini"), finding.keyed("revenue_share")) == (None, ())
    assert "no_amount" in codes(finding)


def test_a_customer_without_any_amount_is_not_classed_and_one_gap_is_said():
    table = of(*[[(i, 10.0 + i), (i + 40, 3.0)] for i in range(40)], [(5, None)], [(6, None), (9, 4.0)])
    finding = METHOD.run({"purchases": table})
    assert {"customers_unpriced", "amount_missing"} <= codes(finding)
    assert finding.keyed("share")[0].n == 41
    assert classes(finding)["c40"] is None


def test_all_who_bought_once_are_not_separated_by_frequency():
    finding = METHOD.run({"purchases": of(*[[(i, 10.0 + i)] for i in range(40)])})
    assert {"f_constant", "no_lifecycle"} <= codes(finding)
    assert finding.get("customers", "important_value").value == 0


def test_one_customer_gives_a_list_and_a_warning():
    finding = METHOD.run({"purchases": of([(5, 20.0), (60, 20.0)])})
    assert "small_n" in codes(finding)
    assert (finding.get("gini"), len(finding.table("customers").rows)) == (None, 1)


def test_rows_that_only_refund_leave_nothing():
    with pytest.raises(DataError) as caught:
        METHOD.run({"purchases": of([(5, -20.0)])})
    assert caught.value.code == "no_purchases"


@pytest.mark.parametrize(
    "params",
    [
        {"cut": "fixed"},
        {"cut": "fixed", "edges_r": "30", "edges_f": "two", "edges_m": "5"},
        {"classes": "eleven", "edges_r": "90,30,60,180"},
        {"until": "soon"},
        {"before": "2026-07-01"},
    ],
)
def test_cuts_and_days_that_cannot_be_are_refused(params):
    with pytest.raises(ParamError):
        METHOD.run({"purchases": of([(5, 20.0)], [(8, 10.0)])}, params)


def test_a_hundred_thousand_customers_take_seconds():
    import time

    rng = np.random.default_rng(2)
    n = 100_000
    times = 1 + rng.poisson(0.8, n)
    who = np.repeat(np.arange(n), times)
    days = pd.Timestamp(END) - pd.to_timedelta(rng.integers(0, 360, who.size), "D")
    table = Frame({"customer": np.array([f"c{i}" for i in who], dtype=object), "time": np.array(days.to_pydatetime(), dtype=object), "amount": rng.gamma(2, 30, who.size)})
    started = time.perf_counter()
    METHOD.run({"purchases": table})
    assert time.perf_counter() - started < 10 * 3
