"""Customer value: the published fits of CDNOW and of two subscription segments, then what data can do wrong."""

import time

import numpy as np
import pytest

from stageway import catalogue
from stageway.arithmetic import renewals, repeat_buying
from stageway.arithmetic.purchases import purchases_of
from stageway.evidence import DataError, Frame, ParamError
from tests.accuracy.worlds.customer_value import BUYING, histories
from tests.shared import shared

METHOD = catalogue.get("customer_value")
SAMPLE = {"customer": "customer_id", "time": "date", "amount": "spend"}


def cdnow():
    return catalogue.frame(shared("growth_cdnow/cdnow_sample_transactions.csv"), SAMPLE)


def parameters(finding):
    return dict(finding.table("parameters").rows)


# ── published ──


def test_bg_nbd_of_cdnow_is_that_of_fader_hardie_and_lee():
    """2005, table 2: r .243, alpha 4.414, a .793, b 2.426, LL -9,582.4; customer with x = 2, t_x = 30.43, T = 38.86 expects 1.226 in 39 weeks."""
    table = catalogue.frame(shared("growth_cdnow/cdnow_customers_summary.csv"), {"customer": "ID"})
    x, t_x, T = (table.numbers(name) for name in ("frequency", "recency", "T"))
    fit = repeat_buying.fit_buying(repeat_buying.Histories.of(x, t_x, T))
    assert fit.values == pytest.approx([0.243, 4.414, 0.793, 2.426], abs=5e-4)
    assert fit.likelihood == pytest.approx(-9582.4, abs=0.05)
    assert repeat_buying.expected(fit.values, *(np.array([v]) for v in (2.0, 30.43, 38.86)), 39.0)[0] == pytest.approx(1.226, abs=5e-4)
    found = parameters(METHOD.run({"customers": table}))
    assert found["r"] == pytest.approx(0.243, abs=5e-4)


def test_gamma_gamma_of_cdnow_is_that_of_the_note():
    """Fader & Hardie (2013), note 025: p 6.25, q 3.74, v 15.44, over the 946 customers who bought again."""
    table = catalogue.frame(shared("growth_cdnow/cdnow_summary_monetary.csv"))
    x, m = table.numbers("frequency"), table.numbers("monetary_value")
    fit = repeat_buying.fit_spend(x[x > 0], m[x > 0])
    assert (x > 0).sum() == 946
    assert fit.values == pytest.approx([6.25, 3.74, 15.44], abs=0.01)


def test_the_list_of_purchases_gives_the_summary_that_was_published():
    made = purchases_of(METHOD._checked(METHOD.reads[0], cdnow()))
    seen = made.seen(max(day for days in made.days.values() for day, _ in days).replace(year=1997, month=9, day=30))
    table = catalogue.frame(shared("growth_cdnow/cdnow_customers_summary.csv"))
    assert seen.n == 2357
    assert sorted(seen.x) == sorted(table.numbers("frequency"))
    assert np.sort(seen.t_x) == pytest.approx(np.sort(table.numbers("recency")), abs=0.01)


def test_the_weeks_kept_back_are_those_of_the_paper():
    """39 weeks kept back: customers without a repeat purchase bought 0.237 times, 0.225 expected (Fader, Hardie & Lee 2005, figure 2)."""
    rows = METHOD.run({"purchases": cdnow()}, {"holdout": 39}).table("holdout").rows
    none = rows[0]
    assert none[0] == "0"
    assert none[2] == pytest.approx(0.237, abs=0.002)
    assert none[3] == pytest.approx(0.225, abs=0.002)


def test_sbg_of_two_segments_is_that_of_fader_and_hardie():
    """2007, fitted to years 0-7: regular alpha .704, beta 1.182; high end .668, 3.806."""
    table = catalogue.frame(shared("growth_retention_sbg/fader_hardie_2007.csv"))
    for column, alpha, beta in (("survival_regular_pct", 0.704, 1.182), ("survival_highend_pct", 0.668, 3.806)):
        active = table.numbers(column)[:8] * 10
        assert renewals.fit_renewals(active).values == pytest.approx([alpha, beta], abs=5e-4)
    rows = [{"segment": "regular", "period": t, "active": a} for t, a in enumerate(table.numbers("survival_regular_pct")[:8] * 10)]
    twelfth = METHOD.run({"renewals": Frame.of(rows)}, {"horizon": 12}).get("survival", "regular")
    assert twelfth.low < table.numbers("survival_regular_pct")[12] / 100 < twelfth.high


# ── what it promises ──


def test_a_hundred_thousand_customers_take_seconds():
    x, t_x, T = histories(np.random.default_rng(3), 100_000)
    started = time.perf_counter()
    fit = repeat_buying.fit_buying(repeat_buying.Histories.of(x, t_x, T))
    assert time.perf_counter() - started < 5 * 3
    assert fit.values == pytest.approx(BUYING, rel=0.1)


def test_a_price_turns_paid_periods_into_value():
    rows = [{"period": t, "active": a} for t, a in enumerate((1000, 700, 560, 480, 430))]
    finding = METHOD.run({"renewals": Frame.of(rows)}, {"horizon": 10, "price": 30, "margin": 0.5})
    assert finding.get("value", "all").value == pytest.approx(15 * finding.get("lifetime", "all").value)


def test_equal_rows_in_any_order_give_equal_findings():
    table = METHOD.example(np.random.default_rng(5))["purchases"]
    turned = table.take(np.random.default_rng(1).permutation(len(table)))
    assert METHOD.run({"purchases": table}).headline == METHOD.run({"purchases": turned}).headline


# ── bad data ──


def test_too_few_who_bought_again_are_refused():
    rows = [{"customer": f"c{i}", "time": "2026-01-01", "amount": 5} for i in range(50)]
    with pytest.raises(DataError) as caught:
        METHOD.run({"purchases": Frame.of(rows)})
    assert caught.value.code == "too_few_repeaters"


def test_amounts_that_are_all_alike_leave_value_out():
    table = METHOD.example(np.random.default_rng(5))["purchases"]
    finding = METHOD.run({"purchases": table.with_columns(amount=[9.9] * len(table))})
    assert finding.get("value") is None
    assert "no_spend" in {w.code for w in finding.warnings}
    assert finding.get("purchases") is not None


def test_spend_that_depends_on_frequency_is_said():
    table = METHOD.example(np.random.default_rng(5))["purchases"]
    times = {id: (table["customer"] == id).sum() for id in set(table["customer"])}
    amounts = np.array([float(times[id]) ** 2 + 1 for id in table["customer"]])
    assert "spend_depends_on_frequency" in {w.code for w in METHOD.run({"purchases": table.with_columns(amount=amounts)}).warnings}


def test_refunds_and_incomplete_rows_are_counted():
    table = METHOD.example(np.random.default_rng(5))["purchases"].records()
    table += [{"customer": "c001", "time": "2025-03-01", "amount": -5}, {"customer": None, "time": "2025-03-01", "amount": 5}]
    codes = {w.code for w in METHOD.run({"purchases": Frame.of(table)}).warnings}
    assert {"amount_negative", "rows_incomplete"} <= codes


@pytest.mark.parametrize(
    ("rows", "column"),
    [
        ([(0, 100), (1, 120)], "active"),
        ([(0, 100), (2, 80)], "period"),
        ([(0, 0), (1, 0)], "active"),
    ],
)
def test_a_renewal_table_that_cannot_be_names_row_and_column(rows, column):
    with pytest.raises(DataError) as caught:
        METHOD.run({"renewals": Frame.of([{"period": p, "active": a} for p, a in rows])})
    assert caught.value.where.column == column


def test_nobody_lost_is_no_pattern():
    with pytest.raises(DataError) as caught:
        METHOD.run({"renewals": Frame.of([{"period": t, "active": 50} for t in range(6)])})
    assert caught.value.code == "too_few_periods"


def test_a_summary_with_a_last_purchase_after_the_end_names_its_row():
    with pytest.raises(DataError) as caught:
        METHOD.run({"customers": Frame.of([{"frequency": 1, "recency": 9, "T": 5}])})
    assert caught.value.where.row == 1


def test_exactly_one_table_is_needed():
    with pytest.raises(DataError):
        METHOD.run({})
    with pytest.raises(ParamError):
        METHOD.run(METHOD.example(np.random.default_rng(1)), {"until": "soon"})
