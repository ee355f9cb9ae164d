"""The attribution method: published numbers and independent computations, then what always holds, then bad data."""

from __future__ import annotations

import itertools
import time
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stageway.arithmetic import credit, removal
from stageway.arithmetic.crediting import MODELS, credited
from stageway.arithmetic.journeys import read
from stageway.evidence import DataError, Finding, Frame, ParamError
from stageway.methods.launch.attribution import AttributionParams, Told, attribution
from tests.shared import shared

Path = tuple[str, ...]


def run(paths: list[dict[str, object]], spend: dict[str, float] | None = None, **params: object) -> Finding:
    tables = {"paths": Frame.of(paths, "paths.csv")}
    if spend is not None:
        tables["spend"] = Frame.of([{"channel": c, "cost": cost} for c, cost in spend.items()], "spend.csv")
    return attribution.run(tables, {"draws": 100, **params})


def path(text: str, conversions: float = 1, null: float = 0, **more: object) -> dict[str, object]:
    return {"path": text, "total_conversions": conversions, "total_null": null, **more}


def models(finding: Finding) -> dict[str, dict[str, float]]:
    """channel → model → conversions, and the row of totals as `Total`."""
    table = finding.table("models")
    assert table is not None
    names = [head.name for head in table.columns]
    return {str(row[0]): dict(zip(names[1:9], row[1:9], strict=True)) for row in table.rows}


def codes(finding: Finding) -> list[str]:
    return [warning.code for warning in finding.warnings]


def real() -> Frame:
    import pandas as pd

    table = pd.read_csv(shared("growth_attribution_paths/paths.csv"))
    return Frame({name: table[name].to_numpy(object if name == "path" else float) for name in table}, "paths.csv")


# --- published numbers -----------------------------------------------------------------------------------------------------------


def test_the_three_channel_textbook_chain_has_its_removal_effects() -> None:
    """analyzecore.com 2016-08-03, attribution model part 1: C1>C2>C3 converts, C1 and C2>C3 do not; effects 0.5, 1, 1 of 33.3 %."""
    chain = removal.Chain.of(np.array([0, 1, 2, 0, 1, 2]), np.array([3, 1, 2]), 3)
    reached, effects = chain.effects(np.array([[1.0, 0, 0]]), np.array([[0, 1.0, 1]]))
    assert reached[0] == pytest.approx(1 / 3)
    assert effects[0] == pytest.approx([0.5, 1, 1])
    found = run([path("C1 > C2 > C3", 1, 0), path("C1", 0, 1), path("C2 > C3", 0, 1)], model="markov")
    assert [round(found.get("share", c).value, 9) for c in ("C1", "C2", "C3")] == [0.2, 0.4, 0.4]  # type: ignore[union-attr]


def test_the_cost_of_a_channel_has_the_exemplars_interval() -> None:
    """../shared/exemplar/process_zh.md, table 9-2: 17,900 CNY ÷ 720 by last touch; 49,400 ÷ 2,000 blended; 1,932 of 2,000 known."""
    paths = [path("小红书", 720), path("B站", 388), path("知乎", 264), path("微信公众号", 402), path("应用商店", 158), path("未知", 68)]
    finding = run(paths, {"小红书": 17900, "B站": 13600, "知乎": 9800, "微信公众号": 8100})
    printed = {e.full_name: (round(e.value, 1), round(e.low or 0, 1), round(e.high or 0, 1)) for e in finding.estimates if e.name.startswith("cac")}
    assert printed == {
        "cac[小红书]": (24.9, 23.1, 26.8), "cac[微信公众号]": (20.1, 18.3, 22.3), "cac[B站]": (35.1, 31.7, 38.8), "cac[知乎]": (37.1, 32.9, 42.0),
        "cac_blended": (24.7, 23.6, 25.8)}
    known = finding.get("known_source")
    assert known is not None
    assert [round(v, 3) for v in (known.value, known.low or 0, known.high or 0)] == [0.966, 0.957, 0.973]
    assert finding.headline.zh.startswith("混合获客成本24.7元 [23.6, 25.8]（49,400元÷2,000次）；按末次非直接归因，小红书占36.0%")


def test_path_data_of_channel_attribution_adds_up_in_every_model() -> None:
    """README of the data: 19,785 conversions, value 74,802.97, 68,602 journeys without conversion."""
    started = time.process_time()
    finding = attribution.run({"paths": real()}, {"draws": 200})
    assert time.process_time() - started < 5
    rows = models(finding)
    assert all(total == pytest.approx(19785) for total in rows["Total"].values())
    assert len(rows) == 13
    assert real()["total_conversion_value"].sum() == pytest.approx(74802.97, abs=0.01)


def _parsed(frame: Frame) -> list[tuple[Path, float, float]]:
    return [(tuple(p.split(" > ")), c, n) for p, c, n in zip(frame["path"], frame["total_conversions"], frame["total_null"], strict=True)]


def test_the_rules_on_real_paths_agree_with_a_plain_loop_over_them() -> None:
    loop = {name: dict.fromkeys(("alpha", "beta", "theta"), 0.0) for name in ("first", "last", "linear", "position", "shapley")}
    for channels, conversions, _ in _parsed(real()):
        k = len(channels)
        for i, c in enumerate(channels):
            if c in loop["first"]:
                loop["first"][c] += conversions * (i == 0)
                loop["last"][c] += conversions * (i == k - 1)
                loop["linear"][c] += conversions / k
                loop["position"][c] += conversions * (1 if k == 1 else 0.5 if k == 2 else 0.4 if i in (0, k - 1) else 0.2 / (k - 2))
        for c in set(channels) & set(loop["shapley"]):
            loop["shapley"][c] += conversions / len(set(channels))
    rows = models(attribution.run({"paths": real()}, {"draws": 50}))
    for name, credits in loop.items():
        for c, x in credits.items():
            assert rows[c][name] == pytest.approx(x), (name, c)


def _walk(paths: list[tuple[Path, float, float]], order: int, without: str | None, walks: int, seed: int) -> float:
    """An independent Markov model: count transitions in dictionaries, then send walkers through it; the removed channel swallows them."""
    moves: dict[tuple[str, ...], dict[tuple[str, ...], float]] = {}
    for channels, conversions, nulls in paths:
        states = [("start",), *(channels[max(0, i + 1 - order):i + 1] for i in range(len(channels)))]
        for one, two in itertools.pairwise(states):
            moves.setdefault(one, {}).setdefault(two, 0.0)
            moves[one][two] += conversions + nulls
        for end, count in (("conversion", conversions), ("null", nulls)):
            moves.setdefault(states[-1], {}).setdefault((end,), 0.0)
            moves[states[-1]][(end,)] += count
    rng, reached = np.random.default_rng(seed), 0
    choices = {state: (list(nexts), np.cumsum(list(nexts.values())) / sum(nexts.values())) for state, nexts in moves.items()}
    for _ in range(walks):
        state: tuple[str, ...] = ("start",)
        while state not in (("conversion",), ("null",)) and (without is None or without not in state):
            names, chances = choices[state]
            state = names[int(np.searchsorted(chances, rng.random(), side="right"))]
        reached += state == ("conversion",)
    return reached / walks


SMALL: list[tuple[Path, float, float]] = [
    (("a", "b", "a", "c"), 30, 60), (("a",), 20, 200), (("b", "c"), 40, 90), (("c", "b"), 15, 80), (("b", "b", "a"), 25, 50), (("c",), 10, 120),
    (("a", "c", "b"), 8, 20)]


@pytest.mark.parametrize("order", [1, 2])
def test_removal_effects_agree_with_a_simulated_chain(order: int) -> None:
    codes_ = np.array(["abc".index(c) for channels, _, _ in SMALL for c in channels])
    chain = removal.Chain.of(codes_, np.array([len(p[0]) for p in SMALL]), 3, order)
    reached, effects = chain.effects(np.array([[p[1] for p in SMALL]], dtype=float), np.array([[p[2] for p in SMALL]], dtype=float))
    assert reached[0] == pytest.approx(sum(p[1] for p in SMALL) / sum(p[1] + p[2] for p in SMALL))
    for i, channel in enumerate("abc"):
        left = _walk(SMALL, order, channel, 20_000, 17 + i)
        assert effects[0, i] == pytest.approx(1 - left / reached[0], abs=0.03), channel


def test_shapley_agrees_with_the_sum_over_all_coalitions() -> None:
    channels = ("a", "b", "c")

    def worth(coalition: frozenset[str]) -> float:
        return sum(x for p, x, _ in SMALL if set(p) <= coalition)

    def brute(c: str) -> float:
        orders = list(itertools.permutations(channels))
        gains = [worth(frozenset(o[: o.index(c) + 1])) - worth(frozenset(o[: o.index(c)])) for o in orders]
        return sum(gains) / len(orders)

    rows = models(run([path(" > ".join(p), x, n) for p, x, n in SMALL]))
    for c in channels:
        assert rows[c]["shapley"] == pytest.approx(brute(c))


def test_position_gives_40_20_40_and_handles_one_and_two_touches() -> None:
    assert credit.position(np.array([4, 1, 2, 3])) == pytest.approx([0.4, 0.1, 0.1, 0.4, 1, 0.5, 0.5, 0.4, 0.2, 0.4])


def test_time_decay_halves_in_seven_days() -> None:
    touches = [
        {"person": 1, "time": "2026-10-01", "channel": "a", "converted": False}, {"person": 1, "time": "2026-10-08", "channel": "b", "converted": False},
        {"person": 1, "time": "2026-10-15", "channel": "c", "converted": True}]
    rows = models(run(touches, session_min=0))
    assert [rows[c]["time_decay"] for c in "abc"] == pytest.approx([1 / 7, 2 / 7, 4 / 7])
    assert [models(run([path("a > b > c")]))[c]["time_decay"] for c in "abc"] == pytest.approx([1 / 7, 2 / 7, 4 / 7])


def test_the_weighted_poisson_interval_is_garwoods_for_whole_counts_and_narrower_for_parts() -> None:
    from stageway.arithmetic import intervals

    assert credit.weighted_poisson(25, 25) == pytest.approx(intervals.poisson(25))
    assert credit.weighted_poisson(0, 0) == pytest.approx(intervals.poisson(0))
    assert credit.weighted_poisson(75, 225, heaviest=3.0) == pytest.approx(3 * np.array(intervals.poisson(25)))
    halves, whole = credit.weighted_poisson(25, 12.5), credit.weighted_poisson(25, 25)
    assert halves[1] - halves[0] < whole[1] - whole[0]


# --- what always holds -----------------------------------------------------------------------------------------------------------

journeys = st.lists(
    st.tuples(st.lists(st.sampled_from("abcd"), min_size=1, max_size=6), st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=12
).filter(lambda each: sum(x for _, x, _ in each) > 0)


@given(journeys)
@settings(max_examples=25, deadline=None)
def test_every_model_hands_out_exactly_the_conversions(each: list[tuple[list[str], int, int]]) -> None:
    rows = models(run([path(" > ".join(p), x, n) for p, x, n in each], draws=50))
    total = sum(x for _, x, _ in each)
    assert all(rows["Total"][model] == pytest.approx(total) for model in MODELS)
    assert all(value >= -1e-9 for row in rows.values() for value in row.values())


@given(journeys)
@settings(max_examples=15, deadline=None)
def test_channels_that_always_come_together_are_equal_under_shapley(each: list[tuple[list[str], int, int]]) -> None:
    twins = [path(" > ".join(c if c != "a" else "x > y" for c in p), x, n) for p, x, n in each]
    rows = models(run(twins, draws=50))
    if "x" in rows:
        assert rows["x"]["shapley"] == pytest.approx(rows["y"]["shapley"])


def test_a_channel_that_follows_itself_changes_nothing_in_the_chain() -> None:
    once = run([path("a > b", 10, 20), path("b > c", 5, 40), path("c", 3, 9)])
    again = run([path("a > a > a > b", 10, 20), path("b > b > c", 5, 40), path("c > c", 3, 9)])
    for c in "abc":
        assert models(once)[c]["markov"] == pytest.approx(models(again)[c]["markov"])


def test_row_order_split_rows_and_irrelevant_columns_change_nothing() -> None:
    def worth(value: float) -> dict[str, float]:
        return {"total_conversion_value": value}

    rows = [path("a > b", 10, 20, **worth(31.5)), path("b", 7, 3, **worth(12.25)), path("a > c > b", 4, 11, **worth(9.0))]
    whole = run(rows, {"a": 50.0, "b": 20.0})
    parts = [path("b", 3, 1, note="x", **worth(4.25)), *rows[2:], rows[0], path("b", 4, 2, **worth(8.0))]
    split = run(parts, {"b": 20.0, "a": 50.0})
    assert whole.estimates == split.estimates
    assert run(rows[::-1], {"b": 20.0, "a": 50.0}).dumps() == whole.dumps()
    assert Finding.from_json(whole.to_json()) == whole


def test_touches_and_the_paths_they_make_are_the_same_finding() -> None:
    touches: list[dict[str, object]] = []
    wanted = (("a", "b"), True), (("b",), False), (("a", "c", "b"), True), (("b", "b"), False)
    for person, (channels, won) in enumerate(wanted):
        for day, c in enumerate(channels):
            touches.append({"person": person, "time": f"2026-10-{day * 3 + 1:02d}", "channel": c, "converted": won and day == len(channels) - 1})
    by_touch = run(touches)
    by_path = run([path(" > ".join(c), int(won), int(not won)) for c, won in wanted])
    for model in ("first", "last", "linear", "position", "markov", "shapley"):
        assert [models(by_touch)[c][model] for c in "abc"] == pytest.approx([models(by_path)[c][model] for c in "abc"])
    assert by_touch.observed == (date(2026, 10, 1), date(2026, 10, 7))


def test_journeys_end_at_the_conversion_the_lookback_and_the_session() -> None:
    touches = [
        {"person": "p", "time": "2026-01-01T09:00", "channel": "old", "converted": False},
        {"person": "p", "time": "2026-10-01T09:00", "channel": "ad", "converted": False},
        {"person": "p", "time": "2026-10-01T09:10", "channel": "ad", "converted": False},
        {"person": "p", "time": "2026-10-02T09:00", "channel": None, "converted": True, "value": 30.0},
        {"person": "p", "time": "2026-10-03T09:00", "channel": "mail", "converted": True, "value": 12.0}]
    rows = models(run(touches, {"ad": 10.0}))
    assert set(rows) == {"ad", "mail", "Total"}
    assert rows["ad"]["linear"] == 1
    assert rows["mail"]["linear"] == 1
    assert run(touches, {"ad": 10.0}).get("roas", "ad").value == pytest.approx(3.0)  # type: ignore[union-attr]


def test_direct_traffic_gets_nothing_where_anything_else_came_before() -> None:
    rows = models(run([path("mail > direct > Direct", 5), path("direct", 2)]))
    assert rows["mail"]["last_non_direct"] == 5
    assert rows["direct"]["last_non_direct"] == 2
    assert rows["Direct"]["last"] == 5
    renamed = models(run([path("mail > 直达", 5)], direct="直达"))
    assert renamed["mail"]["last_non_direct"] == 5


def test_a_channel_that_closes_paths_is_named_without_a_word_of_cause() -> None:
    finding = run([path("搜索 > 公众号", 200, 300), path("公众号", 200, 100), path("搜索", 100, 100)])
    assert "公众号多在路径末端：首次归因200次，末次归因400次（p<0.001，按渠道数校正）" in [p.zh for p in finding.points]
    said = [w[lang] for w in (*finding.points, finding.headline, finding.meaning.says, finding.meaning.sure, finding.meaning.next) for lang in ("zh", "en")]
    assert not [text for text in said if any(word in text for word in ("带来", "导致", "使得", "caused", "drove", "because of"))]
    assert any("不证因果" in text for text in said)


def test_intervals_hold_the_truth_about_as_often_as_they_say() -> None:
    rng, inside, asked = np.random.default_rng(4), 0, 0
    kinds, rates = ["a > b", "b", "a", "b > a > c", "c"], np.array([60.0, 40, 30, 25, 15])
    truth = models(run([path(k, float(r), 400) for k, r in zip(kinds, rates, strict=True)]))
    for _ in range(60):
        rows = Frame.of([path(k, int(x), 400) for k, x in zip(kinds, rng.poisson(rates), strict=True)])
        found = read(rows.with_columns(total_conversions=rows.numbers("total_conversions"), total_null=rows.numbers("total_null")),
                     unknown="?", lookback_d=30, session_min=0)
        weights = credit.all_rules(found.codes, found.lengths, None, np.zeros(3, dtype=bool), ends=0.4, half_life_d=7, half_life_touches=1)
        credits = credited(found, weights, order=1, draws=200, rng=rng)
        told = Told(credits, AttributionParams(), np.zeros(3), 0.0, [])
        for model in ("last", "linear", "markov"):
            for i, c in enumerate("abc"):
                _, low, high = told.conversions_of(model, i)
                asked += 1
                inside += low <= truth[c][model] <= high
    assert asked >= 400
    assert 0.92 <= inside / asked <= 0.98


# --- bad data --------------------------------------------------------------------------------------------------------------------


def test_a_channel_without_credit_or_spend_has_no_cost() -> None:
    finding = run([path("a > b", 40, 10), path("b", 30, 10)], {"a": 100.0, "b": 0.0, "tv": 50.0, "c": 0.0})
    assert finding.get("cac", "a") is None
    assert finding.get("cac", "b") is None
    assert {"cac_not_computable", "spend_without_path"} <= set(codes(finding))
    assert finding.get("cac_blended").value == pytest.approx(150 / 70)  # type: ignore[union-attr]
    free = run([path("a", 40, 10)], {"a": 0.0})
    assert free.get("cac_blended") is None
    assert {"spend_zero", "one_channel"} <= set(codes(free))


def test_few_conversions_are_said() -> None:
    assert "只列数" in next(w.text.zh for w in run([path("a", 3, 1), path("b", 4, 1)]).warnings if w.code == "small_n")
    assert "few_conversions" in codes(run([path("a", 300, 1), path("b", 12, 1)], {"b": 30.0}))
    assert "no_null_paths" in codes(run([path("a", 300)]))


def test_conversions_without_a_path_count_as_unknown() -> None:
    finding = run([path("a", 30, 10), {"path": None, "total_conversions": 10, "total_null": 0}])
    assert "path_missing" in codes(finding)
    assert finding.get("known_source").value == pytest.approx(0.75)  # type: ignore[union-attr]


def test_names_that_differ_in_case_and_repeated_rows_are_said() -> None:
    assert "channel_case" in codes(run([path("Mail > mail", 30, 10)]))
    touch = {"person": 1, "time": "2026-10-01", "channel": "a", "converted": True}
    assert "duplicate_touches" in codes(run([touch, touch]))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([path("a", 0, 5)], "There is no conversion: nothing to attribute"),
        ([path("a", 1), path("b", -2)], 'row 2, column "total_conversions", value "-2'),
        ([path("a", 1), path("b", 1, None)], 'row 2, column "total_null"'),  # type: ignore[arg-type]
        ([{"path": "a", "total_conversions": None}], 'row 1, column "total_conversions"'),
        ([{"path": "a > b"}], "A table of paths needs path and total_conversions"),
        ([{"person": 1, "channel": "a", "converted": True}], "one of touches person, time, channel and converted"),
        ([{"person": None, "time": "2026-10-01", "channel": "a", "converted": True}], 'row 1, column "person"'),
        ([{"person": 1, "time": None, "channel": "a", "converted": True}], 'row 1, column "time"'),
        ([{"person": 1, "time": t, "channel": "a", "converted": True} for t in ("2026-10-01", "2026-10-01T00:00+08:00")], "Some times have a zone"),
    ],
)
def test_bad_tables_are_named(rows: list[dict[str, object]], message: str) -> None:
    with pytest.raises(DataError) as wrong:
        run(rows)
    assert message.lower() in wrong.value.sentence("en").lower()
    assert wrong.value.sentence("zh")


def test_bad_spend_and_parameters_are_named() -> None:
    with pytest.raises(DataError, match='row 1, column "cost"'):
        run([path("a")], {"a": -5.0})
    with pytest.raises(ParamError):
        run([path("a")], model="best")
    with pytest.raises(DataError, match="there is no conversion"):
        attribution.run({"paths": Frame({"path": [], "total_conversions": []})})  # type: ignore[dict-item]
