"""The priorities method: published numbers, then what always holds, then bad data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stageway.arithmetic import portfolio
from stageway.evidence import DataError, Finding, Frame, Kind
from stageway.methods.positioning.priorities import priorities


def run(rows: list[dict[str, object]], kano: list[dict[str, object]] | None = None, **params: object) -> Finding:
    tables = {"candidates": Frame.of(rows, "features.csv")}
    if kano is not None:
        tables["kano"] = Frame.of(kano, "kano.csv")
    return priorities.run(tables, {"draws": 2000, **params})


def rice(feature: str, reach: float, impact: float, confidence: float, effort: float, spread: float = 0.0, **more: object) -> dict[str, object]:
    """`spread` is the half width of the range of reach and effort, as a share of the base."""
    row: dict[str, object] = {"feature": feature, "reach": reach, "impact": impact, "confidence": confidence, "effort": effort, **more}
    if spread:
        for name, base in (("reach", reach), ("effort", effort)):
            row |= {f"{name}_low": base * (1 - spread), f"{name}_high": base * (1 + spread)}
    return row


def value(finding: Finding, name: str, key: str) -> float:
    found = finding.get(name, key)
    assert found is not None, f"no estimate {name}[{key}]"
    return found.value


def codes(finding: Finding) -> list[str]:
    return [warning.code for warning in finding.warnings]


# --- published numbers -----------------------------------------------------------------------------------------------------------


def test_rice_is_reach_times_impact_times_confidence_over_effort() -> None:
    """McBride 2016: scale of impact 3, 2, 1, 0.5, 0.25; confidence 100, 80, 50 %. Percent and shares are the same."""
    rows = [rice("a", 500, 3, 1.0, 2), rice("b", 1000, 1, 0.8, 4), rice("c", 2000, 0.25, 0.5, 1)]
    finding = run(rows)
    assert [(e.key, e.value) for e in finding.keyed("score")] == [("a", 750), ("c", 250), ("b", 200)]
    percent = run([{**row, "confidence": float(str(row["confidence"])) * 100} for row in rows])
    assert [e.value for e in percent.estimates] == [e.value for e in finding.estimates]


def test_wsjf_is_cost_of_delay_over_size() -> None:
    """SAFe: (user-business value + time criticality + risk reduction or opportunity enablement) ÷ job size."""
    rows: list[dict[str, object]] = [
        {"feature": "a", "value": 13, "time_criticality": 8, "risk": 3, "size": 8}, {"feature": "b", "value": 5, "time_criticality": 5, "risk": 2, "size": 2}]
    assert [(e.key, e.value) for e in run(rows, scheme="wsjf").keyed("score")] == [("b", 6.0), ("a", 3.0)]


def test_the_distributions_have_their_textbook_mean_and_variance() -> None:
    """Triangular: mean (a+m+b)/3, variance (a²+m²+b²−am−ab−mb)/18. PERT: mean (a+4m+b)/6, variance (μ−a)(b−μ)/7."""
    low, base, high = (np.array([v]) for v in (2.0, 3.0, 10.0))
    triangular = portfolio.drawn(low, base, high, 200_000, np.random.default_rng(1), pert=False)
    assert triangular.mean() == pytest.approx(5.0, abs=0.02)
    assert triangular.var() == pytest.approx((4 + 9 + 100 - 6 - 20 - 30) / 18, rel=0.02)
    pert = portfolio.drawn(low, base, high, 200_000, np.random.default_rng(1), pert=True)
    mean = (2 + 12 + 10) / 6
    assert pert.mean() == pytest.approx(mean, abs=0.02)
    assert pert.var() == pytest.approx((mean - 2) * (10 - mean) / 7, rel=0.02)


def test_the_probability_of_being_first_is_the_one_that_can_be_worked_out() -> None:
    """Two reaches triangular on [0, 2] and [1, 3]: P(second > first) = 1 − 1/24."""
    rows = [rice("a", 1, 1, 1, 1), rice("b", 2, 1, 1, 1)]
    rows[0] |= {"reach_low": 0, "reach_high": 2}
    rows[1] |= {"reach_low": 1, "reach_high": 3}
    assert value(run(rows, draws=100_000), "p_first", "b") == pytest.approx(1 - 1 / 24, abs=0.003)


def test_kano_gives_the_impact_in_place_of_a_guess() -> None:
    """Berger et al. 1993: impact = 3 × max(better, |worse|), or 3 × half their sum."""
    kano: list[dict[str, object]] = [
        {"feature": "a", "code": "A", "better": 0.8, "better_low": 0.7, "better_high": 0.9, "worse": -0.2, "worse_low": -0.3, "worse_high": -0.1},
        {"feature": "b", "code": "M", "better": 0.1, "better_low": 0.05, "better_high": 0.2, "worse": -0.6, "worse_low": -0.7, "worse_high": -0.5}]
    rows: list[dict[str, object]] = [{"feature": f, "reach": 100, "confidence": 1, "effort": 1} for f in "ab"]
    larger, half = run(rows, kano, draws=20_000), run(rows, kano, draws=20_000, kano_weight="sum")
    assert [value(larger, "score", f) for f in "ab"] == pytest.approx([240, 180], rel=0.01)
    assert [value(half, "score", f) for f in "ab"] == pytest.approx([150, 105], rel=0.03)
    assert "2项的影响取自Kano结论，不是估的" in [p.zh for p in larger.points]
    without_ends = [{k: v for k, v in row.items() if not k.endswith(("low", "high"))} for row in kano]
    assert [value(run(rows, without_ends, full_impact=1.0), "score", f) for f in "ab"] == pytest.approx([80, 60])


# --- what always holds -----------------------------------------------------------------------------------------------------------

candidates = st.lists(
    st.tuples(st.floats(1, 1000), st.sampled_from([0.25, 0.5, 1, 2, 3]), st.sampled_from([0.5, 0.8, 1]), st.floats(0.5, 20), st.floats(0.05, 0.6)), min_size=2, max_size=7)


@given(candidates, st.floats(1, 60), st.sampled_from(["triangular", "pert"]), st.sampled_from(["stop", "fill"]))
@settings(max_examples=25, deadline=None)
def test_chances_add_up_and_the_line_keeps_to_the_capacity(each: list[tuple[float, ...]], capacity: float, distribution: str, line: str) -> None:
    rows = [rice(f"f{i}", *values) for i, values in enumerate(each)]
    finding = run(rows, capacity=capacity, distribution=distribution, line=line)
    assert sum(e.value for e in finding.keyed("p_first")) == pytest.approx(1)
    assert all(0 <= e.value <= 1 for e in finding.keyed("p_first_release"))
    wider = run(rows, capacity=capacity * 1.5, distribution=distribution, line="stop")
    if line == "stop":
        assert all(value(wider, "p_first_release", str(e.key)) >= e.value - 1e-9 for e in finding.keyed("p_first_release"))


def test_within_takes_the_best_until_the_first_that_does_not_fit_or_fills_the_rest() -> None:
    scores, efforts = np.array([[9.0, 8, 7]]), np.array([[3.0, 5, 2]])
    stop = portfolio.within(scores, efforts, 6, np.random.default_rng(1), fill=False)
    fill = portfolio.within(scores, efforts, 6, np.random.default_rng(1), fill=True)
    assert stop.tolist() == [[True, False, False]]
    assert fill.tolist() == [[True, False, True]]


def test_equal_items_are_tied_and_share_the_chances() -> None:
    rows = [rice("a", 100, 1, 1, 2, 0.3), rice("b", 100, 1, 1, 2, 0.3), rice("c", 1, 1, 1, 2, 0.3)]
    finding = run(rows, capacity=2.7, draws=20_000)
    assert value(finding, "p_first", "a") == pytest.approx(0.5, abs=0.02)
    assert value(finding, "p_first_release", "a") == pytest.approx(0.5, abs=0.03)
    table = finding.table("ranking")
    assert table is not None
    assert {row[1]: row[0].zh for row in table.rows} == {"a": "1～2", "b": "1～2", "c": "3"}
    assert finding.headline.zh.startswith("RICE前2项分不出先后，排第一的概率：")
    exact = run([rice("a", 100, 1, 1, 2), rice("b", 50, 2, 1, 2), rice("c", 1, 1, 1, 2)]).table("ranking")
    assert exact is not None
    assert [row[0].en for row in exact.rows] == ["1–2", "1–2", "3"]


def test_an_item_is_told_apart_from_the_leader_of_its_group_at_the_level_asked_for() -> None:
    rows = [rice("a", 130, 1, 1, 1, 0.2), rice("b", 100, 1, 1, 1, 0.2)]
    ahead = value(run(rows, draws=20_000), "p_first", "a")
    assert 0.6 < ahead < 0.99
    assert "分成1档" in run(rows, sure=min(0.999, ahead + 0.02)).meaning.says.zh
    assert "分成2档" in run(rows, sure=ahead - 0.02).meaning.says.zh


def test_row_order_and_irrelevant_columns_change_nothing_and_the_seed_decides() -> None:
    rows = [rice(name, 100 + 10 * i, 1, 0.8, 2 + i, 0.3) for i, name in enumerate("dbac")]
    whole = run(rows, capacity=6)
    assert run([{**row, "owner": "x"} for row in rows[::-1]], capacity=6).dumps() == whole.dumps()
    assert Finding.from_json(whole.to_json()) == whole
    tables = {"candidates": Frame.of(rows)}
    assert priorities.run(tables, {"capacity": 6}, seed=1).dumps() != priorities.run(tables, {"capacity": 6}, seed=2).dumps()


def test_scaling_every_reach_scales_the_scores_and_leaves_the_chances() -> None:
    rows = [rice(name, 100 + 30 * i, 1, 0.8, 2, 0.3) for i, name in enumerate("abc")]
    tenfold = [{k: float(str(v)) * 10 if k.startswith("reach") else v for k, v in row.items()} for row in rows]
    one, ten = run(rows), run(tenfold)
    for name in "abc":
        assert value(ten, "score", name) == pytest.approx(10 * value(one, "score", name))
        assert value(ten, "p_first", name) == value(one, "p_first", name)


def test_the_words_name_what_is_in_what_is_open_and_which_factor_to_check() -> None:
    rows = [rice("一程分段", 900, 3, 1, 4, 0.2), rice("离线导入", 800, 2, 1, 4, 0.2), rice("笔记导出", 300, 1, 0.8, 4, 0.2), rice("好友排行榜", 290, 1, 0.8, 4, 0.2)]
    rows[2] |= {"reach_low": 30, "reach_high": 900}
    finding = run(rows, capacity=13)
    said = [p.zh for p in finding.points]
    assert said[0] == "进入首版的概率不低于0.90：一程分段、离线导入"
    assert said[1].startswith("进不进首版说不准：")
    assert "先核实" in finding.meaning.next.zh
    assert "触达" in finding.meaning.next.zh
    assert finding.get("p_first_release", "一程分段").kind == Kind.SHARE  # type: ignore[union-attr]
    assert "容量13内，2项进入首版的概率不低于0.90（4项，2,000次模拟）" in finding.headline.zh


# --- bad data --------------------------------------------------------------------------------------------------------------------


def test_without_ranges_there_are_scores_and_no_chances() -> None:
    finding = run([rice("a", 100, 1, 1, 2), rice("b", 50, 1, 1, 2)], capacity=3)
    assert {e.name for e in finding.estimates} == {"score"}
    assert all(e.kind == Kind.EXACT for e in finding.estimates)
    assert codes(finding) == ["no_ranges"]


def test_items_without_ranges_among_others_without_capacity_and_alone_are_said() -> None:
    finding = run([rice("a", 100, 1, 1, 2, 0.3), rice("b", 50, 1, 1, 2)])
    assert codes(finding) == ["some_without_range", "no_capacity"]
    assert finding.keyed("p_first_release") == ()
    alone = run([rice("a", 100, 1, 1, 2, 0.3)], capacity=5)
    assert codes(alone) == ["one_item"]
    assert alone.keyed("p_first") == ()


def test_a_must_below_the_line_is_said() -> None:
    rows = [rice("a", 100, 3, 1, 4, 0.2, label="should"), rice("b", 10, 1, 1, 4, 0.2, label="Must")]
    finding = run(rows, capacity=5)
    assert next(w.text.zh for w in finding.warnings if w.code == "must_below_line").endswith("：b")
    table = finding.table("ranking")
    assert table is not None
    assert [head.name for head in table.columns][2] == "label"


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([rice("a", 1, 1, 1, 1), rice("a", 1, 1, 1, 1)], 'row 2, column "feature", value "a". Expected a name that is there and stands once'),
        ([rice("a", 1, 1, 1, 1), {**rice("b", 1, 1, 1, 1), "feature": None}], 'row 2, column "feature"'),
        ([rice("b", 1, 1, 1, 1), rice("a", 1, 1, 1, 0)], 'row 2, column "effort", value "0.0". Expected a number above 0: the score is divided by it'),
        ([rice("a", -1, 1, 1, 1)], 'row 1, column "reach", value "-1'),
        ([rice("b", 1, 1, 1, 1), {**rice("a", 5, 1, 1, 1), "reach_low": 6, "reach_high": 9}], 'row 2, column "reach", value "5.0". Expected between low 6 and high 9'),
        ([{**rice("a", 5, 1, 1, 1), "reach_low": 4, "reach_high": None}], 'row 1, column "reach_low", value "4.0". Expected low and high, both or none'),
        ([{**rice("a", 5, 1, 1, 1), "impact": None}], 'row 1, column "impact"'),
        ([{"feature": "a", "reach": 1, "confidence": 1, "effort": 1}], 'The column "impact" is missing: nothing gives it for "a"'),
    ],
)
def test_bad_tables_are_named(rows: list[dict[str, object]], message: str) -> None:
    with pytest.raises(DataError) as wrong:
        run(rows)
    assert message.lower() in wrong.value.sentence("en").lower()
    assert wrong.value.sentence("zh")


def test_no_candidates_is_named() -> None:
    with pytest.raises(DataError, match="there are no candidates"):
        priorities.run({"candidates": Frame({"feature": []})})  # type: ignore[dict-item]


def test_a_range_with_only_one_end_is_named_by_the_end_that_is_there() -> None:
    with pytest.raises(DataError, match='column "reach_low", value'):
        run([{**rice("a", 5, 1, 1, 1), "reach_low": 4}])
