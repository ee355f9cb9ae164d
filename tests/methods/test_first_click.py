"""First clicks: published numbers first, then what must hold for any clicks, then bad data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from stageway.arithmetic import exact
from stageway.evidence import DataError, Finding, Frame
from stageway.methods.design.first_click import example, first_click


def clicks(right: tuple[int, int], wrong: tuple[int, int], task: str = "T1", **extra: object) -> Frame:
    """x of n succeeded after a right, and after a wrong first click."""
    rows = [{"task": task, "correct": correct, "success": int(i < x), **extra} for correct, (x, n) in ((1, right), (0, wrong)) for i in range(n)]
    return Frame.of([{"respondent": f"p{i + 1}", **row} for i, row in enumerate(rows)], "clicks.csv")


def only(x: int, n: int) -> Frame:
    return Frame.of([{"respondent": f"p{i}", "task": "T1", "correct": int(i < x)} for i in range(n)])


def codes(finding: Finding) -> list[str]:
    return [w.code for w in finding.warnings]


# ---- published


@pytest.mark.parametrize(("x", "n", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)])
def test_the_share_of_right_clicks_has_wilsons_interval(x, n, low, high):
    """Newcombe (1998), Stat. Med. 17, 857–872, table I, method 3."""
    e = first_click.run({"clicks": only(x, n)}).get("right", "T1")
    assert (e.value, e.low, e.high) == pytest.approx((x / n, low, high), abs=5e-5)


def test_bailey_and_wolfsons_shares_come_out():
    """87 % succeed after a right first click, 46 % after a wrong one; Newcombe's difference, Fisher's p as a sum of hypergeometric terms."""
    found = first_click.run({"clicks": clicks((87, 100), (23, 50))})
    assert found.get("success_after_right").value == pytest.approx(0.87)
    assert found.get("success_after_wrong").value == pytest.approx(0.46)
    assert found.headline.zh.endswith("；点对后87%完成，点错后46%，p<0.001")
    e, (a, b) = found.get("difference"), (found.get(f"success_after_{side}") for side in ("right", "wrong"))
    assert (e.value, e.low) == pytest.approx((0.41, 0.41 - np.hypot(a.value - a.low, b.high - b.value)))
    terms = stats.hypergeom(150, 110, 100).pmf(np.arange(60, 101))
    assert exact.fisher(87, 100, 23, 50) == pytest.approx(terms[terms <= terms[27] * (1 + 1e-9)].sum())


def test_fishers_tea():
    """Fisher (1935): 3 of 4 against 1 of 4, p = 0.486."""
    found = first_click.run({"clicks": clicks((3, 4), (1, 4))})
    assert "p=0.49" in found.points[0].zh
    assert found.points[0].zh.endswith("不能排除是偶然。")


# ---- properties

cells = st.tuples(*[st.integers(0, 12)] * 4).filter(lambda c: sum(c) > 0)


@given(cells, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_shares_lie_in_their_intervals_and_the_order_of_rows_does_not_matter(counts, random):
    a, b, c, d = counts
    table = clicks((a, a + b), (c, c + d))
    order = list(range(len(table)))
    random.shuffle(order)
    found = first_click.run({"clicks": table}, {"draws": 200})
    assert first_click.run({"clicks": table.take(np.array(order)).with_columns(age=[30] * len(table))}, {"draws": 200}).dumps() == found.dumps()
    assert Finding.from_json(found.to_json()) == found
    for e in found.estimates:
        assert e.low <= e.value <= e.high


def test_the_example_runs_and_people_with_several_tasks_are_warned_of():
    found = first_click.run(example(np.random.default_rng(1)))
    assert found.dumps() == first_click.run(example(np.random.default_rng(1))).dumps()
    assert "clustered" in codes(found)
    assert "“export notes”确为最难一项的概率是" in found.meaning.sure.zh


def test_where_the_wrong_clicks_went_is_said():
    rows = [{"respondent": f"p{i}", "task": "T1", "correct": int(i < 10), "place": "ok" if i < 10 else ("menu" if i < 17 else "search")} for i in range(20)]
    found = first_click.run({"clicks": Frame.of(rows)})
    assert "“T1”点错的多去了“menu”（7/10）。" in found.meaning.next.zh
    assert found.table("tasks").rows[0][6:] == ("menu", 7)


def test_the_time_to_the_first_click_counts_right_and_wrong_ones():
    times = np.random.default_rng(1).lognormal(1, 0.4, 20)
    rows = [{"respondent": f"p{i}", "task": "T1", "correct": i % 2, "time_s": float(t)} for i, t in enumerate(times)]
    e = first_click.run({"clicks": Frame.of(rows)}).get("time_s", "T1")
    assert (e.value, e.n) == (pytest.approx(stats.gmean(times)), 20)


# ---- bad data


def test_a_wrong_cell_is_refused_with_its_row():
    row = {"respondent": "p1", "task": "T1", "correct": 1, "time_s": 3.0}
    for column, bad, expected in (("correct", "left", "yes or no (true/false, 1/0, 是/否)"), ("time_s", 0.0, "seconds above 0")):
        with pytest.raises(DataError) as caught:
            first_click.run({"clicks": Frame.of([row, {**row, "respondent": "p2", column: bad}], "c.csv")})
        assert caught.value.sentence("en") == (
            f'a cell does not hold what its column should. At c.csv, row 2, column "{column}", value "{bad}". Expected {expected}. '
            "Correct the value, or say what it stands for under values in the dataset entry.")


@pytest.mark.parametrize("rows", [[], [{"respondent": "p", "task": "T", "correct": None}], [{"respondent": "p", "task": None, "correct": 1}]])
def test_no_usable_row_is_an_error_with_a_name(rows):
    with pytest.raises(DataError) as caught:
        first_click.run({"clicks": Frame({name: [row[name] for row in rows] for name in ("respondent", "task", "correct")})})
    assert caught.value.code == "no_answers"


@pytest.mark.parametrize("table", [clicks((5, 8), (0, 0)), clicks((5, 5), (4, 4)), clicks((1, 1), (0, 0))])
def test_clicks_or_success_that_do_not_vary_give_no_test_and_say_so(table):
    found = first_click.run({"clicks": table})
    assert set(codes(found)) >= {"small_n", "no_test"}
    assert "p=" not in found.headline.zh


def test_success_that_was_not_recorded_is_not_spoken_of():
    for table in (only(12, 30), only(12, 30).with_columns(success=[None] * 30)):
        found = first_click.run({"clicks": table})
        assert {e.name for e in found.estimates} == {"right"}
        assert codes(found) == []
        assert found.headline.zh == "“T1”首次点击正确率40.0% [24.6%, 57.7%]（n=30），整段低于70%"


def test_two_different_clicks_of_a_person_are_refused():
    row = {"respondent": "p1", "task": "T1", "correct": 1}
    with pytest.raises(DataError) as caught:
        first_click.run({"clicks": Frame.of([row, {**row, "correct": 0}], "c.csv")})
    assert caught.value.sentence("zh") == "同一受访者有两条不同的回答：“p1 · T1”。位置：c.csv，第2条。请只保留其中一条。"
