"""The experiment method: published numbers, then what always holds, then bad data."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stageway.arithmetic import power, sequential
from stageway.evidence import DataError, Finding, Frame, Kind, ParamError
from stageway.methods.operations.experiment import experiment
from tests.shared import shared


def run(records: list[dict[str, object]], **params: object) -> Finding:
    return experiment.run({"rows": Frame.of(records, "rows.csv")}, params)


def counts(**arms: tuple[int, int]) -> list[dict[str, object]]:
    return [{"arm": arm, "n": n, "successes": x} for arm, (x, n) in arms.items()]


def value(finding: Finding, name: str, key: str | None = None) -> float:
    found = finding.get(name, key)
    assert found is not None, f"no estimate {name}[{key}] in {[e.full_name for e in finding.estimates]}"
    return found.value


def codes(finding: Finding) -> list[str]:
    return [warning.code for warning in finding.warnings]


# --- published numbers -----------------------------------------------------------------------------------------------------------


def test_two_shares_give_the_exemplars_difference_interval_p_and_sample_ratio() -> None:
    """../shared/exemplar/process_zh.md, F6-3 (E-01)."""
    finding = run(counts(A=(152, 618), B=(194, 622)), label="7日留存|day-7 retention")
    difference = finding.get("difference")
    assert difference is not None
    assert [round(v, 3) for v in (difference.value, difference.low or 0, difference.high or 0)] == [0.066, 0.016, 0.116]
    assert round(value(finding, "p_value"), 3) == 0.010
    assert round(value(finding, "srm_p"), 2) == 0.91
    assert finding.headline.zh == "B组7日留存高于A组：31.2%对24.6%，差6.6个百分点 [1.6, 11.6]（n=1,240，p=0.010）"
    assert finding.headline.en == "day-7 retention is higher in B than in A: 31.2% against 24.6%, a difference of 6.6 points [1.6, 11.6] (n = 1,240, p = 0.010)"


def test_two_shares_agree_with_prop_test_without_correction() -> None:
    """R 4.4: prop.test(c(194, 152), c(622, 618), correct = FALSE) is Pearson's chi-square with the unpooled interval."""
    from statsmodels.stats.proportion import proportions_ztest

    finding = run(counts(A=(152, 618), B=(194, 622)))
    _, p = proportions_ztest([194, 152], [622, 618])
    assert math.isclose(value(finding, "p_value"), p, rel_tol=1e-9)


@pytest.mark.parametrize(
    ("p1", "p2", "chance", "n"),
    [(0.50, 0.75, 0.90, 76.7), (0.50, 0.75, 0.80, 57.7), (0.1, 0.12, 0.8, 3841)],
)
def test_units_for_two_shares_are_those_of_power_prop_test(p1: float, p2: float, chance: float, n: float) -> None:
    """The examples of ?power.prop.test in R (n = 76.7 at power 0.90), and two more of the same formula."""
    assert power.n_for_shares(p1, p2, power=chance) == pytest.approx(n, abs=0.05 if n < 100 else 1)


def test_units_for_two_means_are_those_of_power_t_test() -> None:
    """The examples of ?power.t.test in R: n = 22.02110 for power 0.90; power 0.8689528 for n = 20."""
    assert power.n_for_means(1, 1, power=0.9) == pytest.approx(22.02110, abs=1e-4)
    assert power.power_of_means(20, 1, 1) == pytest.approx(0.8689528, abs=1e-7)


def test_uneven_groups_need_the_n_that_statsmodels_gives() -> None:
    from statsmodels.stats.power import TTestIndPower

    theirs = TTestIndPower().solve_power(effect_size=0.3, alpha=0.05, power=0.8, ratio=0.25)
    assert power.n_for_means(0.3, 1, ratio=0.25) == pytest.approx(theirs, rel=1e-3)


def _users(covariates: bool = False, **columns: str) -> dict[str, Frame]:
    import pandas as pd

    table = pd.read_csv(shared("growth_ab_users/ab_users_covariates.csv" if covariates else "growth_ab_users/ab_users.csv"))
    read = {ours: table[theirs].to_numpy() for ours, theirs in columns.items()}
    return {"rows": Frame({"unit": table["user"].to_numpy(), "arm": table["variant"].to_numpy(), **read})}


def test_a_mean_has_the_numbers_of_tea_tastings_user_guide() -> None:
    """tea-tasting, docs/user-guide.md, `print(result["orders_per_user"])`."""
    finding = experiment.run(_users(value="orders"), {"relative_interval": "log"})
    difference, relative = finding.get("difference"), finding.get("relative")
    assert difference is not None
    assert relative is not None
    assert (difference.value, difference.low, difference.high) == pytest.approx((0.04269014577, -0.010800201598, 0.09618049314))
    assert relative.value == pytest.approx(0.08048666416)
    assert (relative.low, relative.high) == pytest.approx((-0.0195152940, 0.1906880061), abs=1e-6)
    assert value(finding, "p_value") == pytest.approx(0.11773177998)


@pytest.mark.parametrize(
    ("columns", "relative", "low", "high", "p"),
    [
        ({"value": "sessions"}, -0.0066, -0.037, 0.025, 0.674),
        ({"value": "revenue"}, 0.093, -0.024, 0.22, 0.123),
        ({"value": "orders", "denominator": "sessions"}, 0.088, -0.0089, 0.19, 0.0762),
        ({"value": "sessions", "pre": "sessions_covariate"}, -0.0068, -0.032, 0.019, 0.603),
        ({"value": "orders", "pre": "orders_covariate"}, 0.11, 0.029, 0.20, 0.00733),
        ({"value": "revenue", "pre": "revenue_covariate"}, 0.14, 0.038, 0.26, 0.00675),
        ({"value": "orders", "denominator": "sessions", "pre": "orders_covariate", "pre_denominator": "sessions_covariate"}, 0.12, 0.042, 0.21, 0.00229),
    ],
)
def test_ratios_and_cuped_have_the_numbers_of_tea_tastings_user_guide(columns: dict[str, str], relative: float, low: float, high: float, p: float) -> None:
    """tea-tasting, docs/user-guide.md, the tables of "Basic usage" and "Variance reduction with CUPED"."""
    metric = "ratio" if "denominator" in columns else "mean"
    finding = experiment.run(_users(covariates="pre" in columns, **columns), {"relative_interval": "log", "metric": metric})
    found = finding.get("relative")
    assert found is not None
    assert [float(f"{v:.2g}") for v in (found.value, found.low or 0.0, found.high or 0.0)] == pytest.approx([relative, low, high], abs=1e-9)
    assert value(finding, "p_value") == pytest.approx(p, rel=2e-3)


def _cookie_cats(column: str) -> Frame:
    import pandas as pd

    table = pd.read_csv(shared("growth_ab_cookie_cats/cookie_cats.csv"))
    return Frame({"unit": table["userid"].to_numpy(), "arm": table["version"].to_numpy(object), "value": table[column].to_numpy()})


def test_cookie_cats_is_worse_with_the_later_gate_and_its_split_is_noted() -> None:
    """README of the data: 44,700 / 45,489 players, chi-square p = .0086; retention .1902 and .1820."""
    finding = experiment.run({"rows": _cookie_cats("retention_7")}, {"control": "gate_30"})
    assert [round(value(finding, "mean", arm), 4) for arm in ("gate_30", "gate_40")] == [0.1902, 0.1820]
    assert round(value(finding, "srm_p"), 4) == 0.0086
    assert codes(finding) == ["srm_note"]
    assert "gate_40组占比低于gate_30组" in finding.headline.zh


def test_the_player_with_49854_rounds_is_named() -> None:
    finding = experiment.run({"rows": _cookie_cats("sum_gamerounds")}, {"control": "gate_30"})
    note = next(w for w in finding.warnings if w.code == "one_unit_dominates")
    assert "49,854" in note.text.zh
    assert "49,854" in note.text.en
    capped = experiment.run({"rows": _cookie_cats("sum_gamerounds")}, {"control": "gate_30", "winsorise": 0.999})
    assert "one_unit_dominates" not in codes(capped)
    assert "winsorised" in codes(capped)


# --- what always holds -----------------------------------------------------------------------------------------------------------


@given(
    difference=st.floats(-1, 1), error=st.floats(0.001, 1), n=st.integers(10, 1_000_000), planned=st.integers(10, 1_000_000), alpha=st.floats(0.001, 0.2))
@settings(max_examples=200, deadline=None)
def test_the_always_valid_p_is_below_alpha_exactly_where_the_sequence_leaves_out_0(difference: float, error: float, n: int, planned: int, alpha: float) -> None:
    half = sequential.half_width(error, n, alpha=alpha, planned_n=planned)
    p = sequential.p_value(difference, error, n, alpha=alpha, planned_n=planned)
    if abs(abs(difference) - half) > 1e-9 * half:
        assert (p < alpha) == (abs(difference) > half)


def test_the_sequence_keeps_its_level_however_often_it_is_looked_at() -> None:
    """5 looks at 400 null experiments: at most 5 % should ever exclude 0; the fixed interval does so far more often."""
    rng, wrong, naive = np.random.default_rng(7), 0, 0
    for _ in range(400):
        gaps = rng.standard_normal(2000) - rng.standard_normal(2000)
        looks = [200, 500, 900, 1400, 2000]
        means = [(gaps[:n].mean(), gaps[:n].std(ddof=1) / math.sqrt(n)) for n in looks]
        wrong += any(abs(m) > sequential.half_width(se, 2 * n, alpha=0.05, planned_n=4000) for n, (m, se) in zip(looks, means, strict=True))
        naive += any(abs(m) > 1.96 * se for m, se in means)
    assert wrong / 400 <= 0.05
    assert naive / 400 > 0.08


@given(st.integers(0, 40), st.integers(0, 40), st.integers(41, 200), st.integers(41, 200))
@settings(max_examples=60, deadline=None)
def test_swapping_the_arms_turns_the_difference_round(x: int, y: int, n: int, m: int) -> None:
    forth, back = run(counts(A=(x, n), B=(y, m)), control="A").get("difference"), run(counts(A=(x, n), B=(y, m)), control="B").get("difference")
    assert forth is not None
    assert back is not None
    assert (forth.value, forth.low, forth.high) == pytest.approx((-back.value, -(back.high or 0.0), -(back.low or 0.0)), abs=1e-12)


def test_rows_sums_and_shuffled_rows_are_the_same_experiment() -> None:
    rng = np.random.default_rng(3)
    y = np.round(rng.gamma(2, 10, 300), 2)
    arm = np.repeat(["A", "B", "B"], 100)
    rows: list[dict[str, object]] = [{"unit": f"u{i}", "arm": a, "value": float(v), "colour": "red"} for i, (a, v) in enumerate(zip(arm, y, strict=True))]
    sums = [{"arm": a, "n": int((arm == a).sum()), "sum": float(y[arm == a].sum()), "sum_squares": float((y[arm == a] ** 2).sum())} for a in ("A", "B")]
    whole, added = run(rows, weights="A=1, B=2"), run(sums, weights="A=1, B=2")
    assert [e.value for e in whole.estimates] == pytest.approx([e.value for e in added.estimates], rel=1e-9)
    shuffled = [rows[i] for i in rng.permutation(len(rows))]
    plain = [{k: v for k, v in row.items() if k != "colour"} for row in shuffled]
    assert run(plain, weights="A=1, B=2").dumps() == whole.dumps()
    assert Finding.from_json(whole.to_json()) == whole


def test_a_ratio_with_every_denominator_1_is_the_mean() -> None:
    rng = np.random.default_rng(5)
    rows: list[dict[str, object]] = [{"unit": i, "arm": "AB"[i % 2], "value": float(rng.poisson(3)), "denominator": 1.0} for i in range(200)]
    ratio, mean = run(rows, metric="ratio"), run(rows, metric="mean")
    assert [e.value for e in ratio.estimates] == pytest.approx([e.value for e in mean.estimates])


def test_a_planned_uneven_split_is_no_false_alarm() -> None:
    assert value(run(counts(A=(90, 900), B=(12, 100)), weights="A=9, B=1"), "srm_p") == pytest.approx(1.0)
    even = run(counts(A=(90, 900), B=(12, 100)))
    assert "srm_failed" in codes(even)
    assert even.headline.zh.startswith("样本比例异常，差值不能用于决策")
    assert "不得" in next(w.text.zh for w in even.warnings if w.code == "srm_failed")


def test_where_the_split_is_wrong_the_days_are_listed() -> None:
    rows: list[dict[str, object]] = [{"unit": i, "arm": "AB"[i % 2], "value": i % 3 == 0, "day": "2026-11-01"} for i in range(400)]
    rows += [{"unit": 1000 + i, "arm": "A", "value": i % 3 == 0, "day": "2026-11-02"} for i in range(150)]
    finding = run(rows)
    assert finding.observed == (date(2026, 11, 1), date(2026, 11, 2))
    days = finding.table("split_by_day")
    assert days is not None
    assert [row[:3] for row in days.rows] == [("2026-11-01", 200, 200), ("2026-11-02", 150, 0)]


def test_several_treatments_share_the_level_and_the_best_one_speaks() -> None:
    finding = run(counts(control=(100, 1000), B=(125, 1000), C=(150, 1000)))
    best = finding.get("difference")
    assert best is not None
    assert best.value == pytest.approx(0.05)
    assert best.level == pytest.approx(0.975)
    assert {e.key for e in finding.keyed("difference_arm")} == {"B", "C"}
    from statsmodels.stats.multitest import multipletests
    from statsmodels.stats.proportion import proportions_ztest

    raw = [proportions_ztest([x, 100], [1000, 1000])[1] for x in (125, 150)]
    table = finding.table("differences")
    assert table is not None
    assert [row[5] for row in table.rows] == pytest.approx(list(multipletests(raw, method="holm")[1]))


def test_p_waits_for_the_registered_sample_and_the_sequence_does_not() -> None:
    early = run(counts(A=(152, 618), B=(194, 622)), planned_n=4000)
    assert "before_planned_n" in codes(early)
    assert early.get("p_value") is None
    assert "p=" not in early.headline.zh
    always = run(counts(A=(152, 618), B=(194, 622)), planned_n=4000, sequential=True)
    assert "before_planned_n" not in codes(always)
    wide, fixed = always.get("difference"), early.get("difference")
    assert wide is not None
    assert fixed is not None
    assert (wide.high or 0) - (wide.low or 0) > (fixed.high or 0) - (fixed.low or 0)
    assert value(always, "p_value") > 0.010


def test_an_undecided_result_is_not_called_no_difference_and_says_what_would_decide() -> None:
    finding = run(counts(A=(50, 500), B=(58, 500)), mde=0.02)
    assert "差异不能排除是偶然" in finding.headline.zh
    assert "may be chance" in finding.headline.en
    assert value(finding, "sample_needed") == 3841
    assert "约需3,900人" in finding.meaning.next.zh


def test_the_needed_n_is_that_of_the_smallest_arm() -> None:
    rows = counts(A=(90, 900), B=(12, 100))
    needed = value(run(rows, weights="A=9, B=1", mde=0.02), "sample_needed")
    assert needed == math.ceil(power.n_for_shares(0.1, 0.12, ratio=1 / 9) / 9 - 1e-9)
    assert value(run(rows, weights="A=9, B=1", mde=0.2, mde_kind="relative"), "sample_needed") == needed


def test_a_lower_metric_can_be_the_better_one() -> None:
    finding = run(counts(A=(194, 622), B=(152, 618)), better="lower")
    assert "以B取代A全量" in finding.meaning.next.zh
    assert "保留A" in run(counts(A=(194, 622), B=(152, 618))).meaning.next.zh


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    rng, inside = np.random.default_rng(11), 0
    for _ in range(400):
        x, y = int(rng.binomial(400, 0.30)), int(rng.binomial(400, 0.35))
        found = run(counts(A=(x, 400), B=(y, 400))).get("difference")
        assert found is not None
        inside += (found.low or 0) <= 0.05 <= (found.high or 0)
    assert 0.92 <= inside / 400 <= 0.98


# --- bad data --------------------------------------------------------------------------------------------------------------------


def test_units_in_several_arms_are_left_out_and_told() -> None:
    rows: list[dict[str, object]] = [{"unit": i, "arm": "AB"[i % 2], "value": i % 5 == 0} for i in range(200)]
    finding = run([*rows, {"unit": 0, "arm": "B", "value": True}])
    assert next(w.text.zh for w in finding.warnings if w.code == "units_in_several_arms").startswith("1人（0.5%）出现在不止一组")
    assert value(finding, "mean", "A") == run(rows[1:]).get("mean", "A").value  # type: ignore[union-attr]


def test_several_rows_of_a_unit_become_one() -> None:
    rows: list[dict[str, object]] = [{"unit": i // 2, "arm": "AB"[i // 2 % 2], "value": 1.5} for i in range(200)]
    rows[0]["value"] = 4.5
    finding = run(rows)
    assert "units_repeated" in codes(finding)
    assert value(finding, "mean", "B") == 3.0


def test_no_difference_is_made_up_where_nothing_varies() -> None:
    finding = run([{"unit": i, "arm": "AB"[i % 2], "value": 7.0} for i in range(100)])
    assert finding.get("difference") is None
    assert "constant_values" in codes(finding)


def test_shares_of_none_and_all_get_newcombes_interval_instead_of_no_width() -> None:
    finding = run(counts(A=(0, 50), B=(0, 50)))
    found = finding.get("difference")
    assert found is not None
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0 < found.high
    assert {"sparse_cells", "relative_refused"} <= set(codes(finding))
    assert finding.get("p_value") is None


def test_a_control_near_0_has_no_relative_difference() -> None:
    rng = np.random.default_rng(2)
    rows: list[dict[str, object]] = [{"unit": i, "arm": "AB"[i % 2], "value": float(v)} for i, v in enumerate(rng.normal(0, 1, 200))]
    finding = run(rows, metric="mean")
    assert finding.get("relative") is None
    assert "relative_refused" in codes(finding)


def test_small_arms_are_listed_only() -> None:
    assert "只列数" in next(w.text.zh for w in run(counts(A=(2, 8), B=(3, 8))).warnings if w.code == "small_n")


def test_missing_values_are_counted_by_arm_and_missing_history_is_filled() -> None:
    rows: list[dict[str, object]] = [{"unit": i, "arm": "AB"[i % 2], "value": float(i % 7), "pre": float(i % 7) if i > 9 else None} for i in range(200)]
    rows[0]["value"] = None
    finding = run(rows, metric="mean")
    assert "A 1、B 0" in next(w.text.zh for w in finding.warnings if w.code == "values_missing")
    table = finding.table("arms")
    assert table is not None
    assert [row[1] for row in table.rows] == [100, 100]
    assert finding.get("mean", "A").n == 99  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("rows", "params", "message"),
    [
        ([{"arm": None, "n": 10, "successes": 1}], {}, "The column arm is empty"),
        (counts(A=(1, 10)), {}, 'There is only the arm "A": nothing to compare it with'),
        (counts(A=(1, 1), B=(1, 10)), {}, 'Arm "A" has fewer than 2 units: nothing to compare'),
        (counts(A=(1, 10), B=(11, 10)), {}, 'row 2, column "successes", value "11'),
        (counts(A=(1, 10), B=(-3, 10)), {}, 'row 2, column "successes", value "-3'),
        ([{"arm": "A", "n": 10, "sum": 5.0, "sum_squares": 1.0}, {"arm": "B", "n": 10, "sum": 5.0, "sum_squares": 9.0}], {}, "sum_squares is below sum² ÷ n"),
        ([{"arm": "A", "n": 10}, {"arm": "B", "n": 10}], {}, "Aggregates need n and successes, or n, sum and sum_squares"),
        ([{"arm": "A"}, {"arm": "B"}], {}, "Rows need arm and value, aggregates need arm and n"),
        ([{"arm": "A", "value": None}, {"arm": "B", "value": None}], {}, "The column value is empty"),
        ([{"arm": "A", "value": "yes"}, {"arm": "B", "value": "perhaps"}], {}, 'row 2, column "value", value "perhaps"'),
        ([{"arm": "A", "value": 1}, {"arm": "B", "value": 2}], {"metric": "proportion"}, 'row 2, column "value", value "2'),
        ([{"arm": a, "value": 1.5, "denominator": 0} for a in "AABB"], {}, 'The denominators of arm "A" sum to 0'),
    ],
)
def test_bad_tables_are_named(rows: list[dict[str, object]], params: dict[str, object], message: str) -> None:
    with pytest.raises(DataError) as wrong:
        run(rows, **params)
    assert message.lower() in wrong.value.sentence("en").lower()
    assert wrong.value.sentence("zh")


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"control": "gate_3"}, "Did you mean gate_30"),
        ({"weights": "gate_30=1, gate_4=1"}, "Did you mean gate_40"),
        ({"weights": "gate_30=1, gate_40=zero"}, "Expected such as A=9, B=1, each above 0"),
        ({"sequential": True}, "sequential needs the registered sample size planned_n"),
        ({"winsorise": 0.99}, "Aggregates cannot be capped"),
        ({"metric": "mean"}, 'These aggregates cannot give a "mean"'),
        ({"alpha": 0.9}, "within [0.0001, 0.5]"),
    ],
)
def test_bad_parameters_are_named(params: dict[str, object], message: str) -> None:
    with pytest.raises(ParamError) as wrong:
        run(counts(gate_30=(10, 100), gate_40=(20, 100)), **params)
    assert message.lower() in wrong.value.sentence("en").lower()


def test_an_empty_table_is_named() -> None:
    with pytest.raises(DataError, match="the table has no rows"):
        experiment.run({"rows": Frame({"arm": [], "value": []})})  # type: ignore[dict-item]


def test_the_kinds_of_estimates_are_right() -> None:
    finding = run(counts(A=(152, 618), B=(194, 622)), mde=0.02)
    assert {e.name: e.kind for e in finding.estimates} == {
        "difference": Kind.OTHER, "mean": Kind.SHARE, "relative": Kind.OTHER, "p_value": Kind.EXACT, "srm_p": Kind.EXACT, "sample_needed": Kind.EXACT}
