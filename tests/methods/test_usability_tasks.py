"""Task tests: published and exemplary numbers first, then what must hold for any results, then bad data."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar as their_mcnemar
from statsmodels.stats.proportion import proportion_confint

from stageway.arithmetic import exact, success, task_times
from stageway.evidence import DataError, Finding, Frame
from stageway.methods.design.usability_tasks import example, usability_tasks

OLD = {"T1": (21, 24), "T2": (11, 24), "T3": (19, 24), "T4": (15, 24), "T5": (17, 24)}
NEW = {"T1": (28, 30), "T2": (27, 30), "T3": (28, 30), "T4": (26, 30), "T5": (25, 30)}


def frame(counts: dict[str, tuple[int, int]], mark: str = "p", **extra: object) -> Frame:
    rows = [{"respondent": f"{mark}{i + 1}", "task": task, "success": int(i < x), **extra} for task, (x, n) in counts.items() for i in range(n)]
    return Frame.of(rows, "tasks.csv")


def timed(times: list[float], task: str = "T1", mark: str = "p", failures: int = 0) -> Frame:
    rows = [{"respondent": f"{mark}{i}", "task": task, "success": 1, "time_s": t} for i, t in enumerate(times)]
    return Frame.of(rows + [{"respondent": f"{mark}f{i}", "task": task, "success": 0, "time_s": 900} for i in range(failures)])


def spread(n: int, middle: float, high: float) -> list[float]:
    """n times with that geometric mean and upper end of the 95 % log-t interval."""
    z = stats.norm.ppf((np.arange(n) + 0.5) / n)
    sd = np.log(high / middle) * n**0.5 / stats.t.ppf(0.975, n - 1)
    return np.exp(np.log(middle) + z / z.std(ddof=1) * sd).tolist()


def codes(finding: Finding) -> list[str]:
    return [w.code for w in finding.warnings]


# ---- published


def test_the_two_rounds_of_the_written_process():
    """Table 7-2 of the exemplar: adjusted Wald, Newcombe, N − 1 chi-square, Holm."""
    found = usability_tasks.run({"tasks": frame(NEW, "b"), "against": frame(OLD, "a")})
    rows = {row[0]: row for row in found.table("versions").rows}
    assert [rows[t][1].en for t in OLD] == ["87.5% [68.2, 96.5]", "45.8% [27.9, 64.9]", "79.2% [59.1, 91.2]", "62.5% [42.6, 78.9]", "70.8% [50.6, 85.3]"]
    assert [rows[t][2].en for t in OLD] == ["93.3% [77.6, 99.2]", "90.0% [73.6, 97.3]", "93.3% [77.6, 99.2]", "86.7% [69.7, 95.3]", "83.3% [66.0, 93.1]"]
    assert [rows[t][3].zh for t in OLD] == [
        "+5.8个百分点 [−10.9, 25.0]", "+44.2个百分点 [19.5, 63.3]", "+14.2个百分点 [−4.5, 34.4]", "+24.2个百分点 [1.1, 45.5]", "+12.5个百分点 [−9.6, 34.6]"]
    assert [rows[t][4] for t in OLD] == pytest.approx([0.47, 0.00047, 0.13, 0.041, 0.28], rel=0.03)
    assert rows["T2"][5] == pytest.approx(0.00233, abs=1e-5)
    assert rows["T4"][5] == pytest.approx(0.163, abs=1e-3)
    assert found.get("completion", "T2").value == 0.9
    assert found.headline.zh == (
        "5个任务中完成率最低的是“T5”：83.3% [66.0%, 93.1%]（n=30），跨在70%两边；与上一版之差显著的有“T2”+44.2个百分点 [19.5, 63.3]（p=0.002）")
    assert found.headline.en == (
        "Of 5 tasks “T5” is completed least: 83.3% [66.0, 93.1] (n = 30), on both sides of 70%; "
        "significantly different from the version before: “T2” +44.2 points [19.5, 63.3] (p = 0.002)")
    said = next(p.zh for p in found.points if p.zh.startswith("“T5”由"))
    assert "不能排除是偶然" in said


def test_sauros_task_times():
    """measuringu.com, task-time calculator: 55, 65, 75, 62, 45, 135 give 68 seconds, 95 % interval (46, 101)."""
    assert task_times.geometric(np.array([55, 65, 75, 62, 45, 135.0])) == pytest.approx((68, 46, 101), abs=0.6)
    found = usability_tasks.run({"tasks": timed([55, 65, 75, 62, 45, 135], failures=4)})
    e = found.get("time_s", "T1")
    assert (e.n, e.value, e.low, e.high) == (6, *task_times.geometric(np.array([55, 65, 75, 62, 45, 135.0])))


def test_the_times_of_the_written_process():
    """F3-2: 94 s [73, 121] from 11 completers; F3-6: 47 s [41, 54] from 27, by the geometric mean."""
    old, new = timed(spread(11, 94, 121), mark="a", failures=13), timed(spread(27, 47, 54), mark="b", failures=3)
    assert [round(v) for v in _ends(usability_tasks.run({"tasks": old}).get("time_s", "T1"))] == [94, 73, 121]
    found = usability_tasks.run({"tasks": new, "against": old}, {"centre": "geometric"})
    assert [round(v) for v in _ends(found.get("time_s", "T1"))] == [47, 41, 54]
    assert any(p.zh.startswith("“T1”完成者用时的几何均值由94秒 [73, 121]变为47秒 [41, 54]，是上一版的50% [") and p.zh.endswith("p<0.001。") for p in found.points)


def _ends(e):
    return e.value, e.low, e.high


def test_newcombes_paired_example():
    """Newcombe (1998), Stat. Med. 17, 2635–2650, table II: 36, 12, 2, 0 by method 10 give 0.2000 [0.0569, 0.3404]."""
    assert exact.newcombe_paired(36, 12, 2, 0) == pytest.approx((0.0569, 0.3404), abs=5e-5)


def test_fisher_and_mcnemar_and_the_benchmark_are_those_of_others():
    """Fisher's tea: 3 of 4 and 1 of 4, p = 0.4857; statsmodels for McNemar and the interval, scipy for the binomial."""
    assert exact.fisher(3, 4, 1, 4) == pytest.approx(0.4857, abs=1e-4)
    assert exact.mcnemar(12, 2) == pytest.approx(their_mcnemar([[36, 12], [2, 0]], exact=True).pvalue)
    for x, n in ((11, 24), (24, 24), (0, 9)):
        found = usability_tasks.run({"tasks": frame({"T": (x, n)})}, {"benchmark": 0.6})
        low, high = proportion_confint(x, n, method="agresti_coull")
        assert _ends(found.get("completion", "T")) == pytest.approx((x / n, max(0, low), min(1, high)))
        assert found.table("tasks").rows[0][4] == pytest.approx(stats.binomtest(x, n, 0.6, alternative="greater").pvalue)


def test_the_interval_of_the_median_holds_its_level():
    """Hettmansperger & Sheather: the median of 30 lognormal times lies inside in 95 % of samples."""
    rng = np.random.default_rng(3)
    inside = [low <= np.exp(4) <= high for low, high in (task_times.median(rng.lognormal(4, 0.5, 30))[1:] for _ in range(1500))]
    assert np.mean(inside) == pytest.approx(0.95, abs=0.015)


# ---- properties

tasks = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 30)).map(lambda t: (min(t), max(t))), min_size=1, max_size=5)


@given(tasks, st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_shares_lie_in_their_intervals_and_the_order_of_rows_does_not_matter(counts, random):
    made = {f"T{i}": xn for i, xn in enumerate(counts)}
    table = frame(made)
    order = list(range(len(table)))
    random.shuffle(order)
    found = usability_tasks.run({"tasks": table, "against": frame(NEW, "z")}, {"draws": 200})
    shuffled = table.take(np.array(order)).with_columns(age=[30] * len(table))
    assert usability_tasks.run({"tasks": shuffled, "against": frame(NEW, "z")}, {"draws": 200}).dumps() == found.dumps()
    assert Finding.from_json(found.to_json()) == found
    for e in found.estimates:
        assert e.low <= e.value <= e.high


def test_the_example_runs_and_the_same_seed_gives_the_same_bytes():
    tables = example(np.random.default_rng(5))
    assert usability_tasks.run(tables).dumps() == usability_tasks.run(example(np.random.default_rng(5))).dumps()
    assert usability_tasks.run(tables).get("errors", "T1") is not None


def test_the_probability_of_the_hardest_task():
    chances = success.hardest(np.array([11.0, 27, 28]), np.array([30.0, 30, 30]), 4000, np.random.default_rng(1))
    assert chances.sum() == pytest.approx(1)
    assert chances[0] > 0.99
    even = success.hardest(np.array([20.0, 20]), np.array([30.0, 30]), 4000, np.random.default_rng(1))
    assert even[0] == pytest.approx(0.5, abs=0.03)


def test_fisher_is_taken_where_an_expected_count_is_below_one():
    few = {"tasks": frame({"T": (10, 10)}, "b"), "against": frame({"T": (9, 10)}, "a")}
    assert usability_tasks.run(few).table("versions").rows[0][4] == pytest.approx(1)
    assert usability_tasks.run(few, {"test": "n_minus_1"}).table("versions").rows[0][4] == pytest.approx(2 * stats.norm.sf(1))


def test_the_same_people_are_paired_only_when_it_is_said():
    now, before = frame({"T": (27, 30)}), frame({"T": (17, 30)})
    apart, paired = (usability_tasks.run({"tasks": now, "against": before}, {"same_people": same}) for same in (False, True))
    assert "same_ids" in codes(apart)
    assert paired.get("difference", "T").n == 30
    assert _ends(paired.get("difference", "T")) == pytest.approx((10 / 30, *exact.newcombe_paired(17, 10, 0, 3)))
    assert paired.table("versions").rows[0][4] == pytest.approx(2 / 2**10)


def test_nobody_in_both_versions_gives_no_pairs_and_says_so():
    found = usability_tasks.run({"tasks": frame({"T": (5, 8)}, "b"), "against": frame({"T": (3, 8)}, "a")}, {"same_people": True})
    assert "no_pairs" in codes(found)
    assert found.keyed("difference") == ()


def test_times_of_failures_do_not_count_and_from_25_completers_on_it_is_the_median():
    rng = np.random.default_rng(2)
    times = rng.lognormal(4, 0.5, 25)
    assert usability_tasks.run({"tasks": timed(times.tolist(), failures=5)}).get("time_s", "T1").value == pytest.approx(np.median(times))
    assert usability_tasks.run({"tasks": timed(times[:24].tolist(), failures=5)}).get("time_s", "T1").value == pytest.approx(stats.gmean(times[:24]))


# ---- bad data


def test_all_or_none_is_warned_of_with_laplace():
    found = usability_tasks.run({"tasks": frame({"T1": (30, 30), "T2": (0, 30)})})
    assert [w.text.zh for w in found.warnings if w.code == "all_or_none"] == [
        "“T1”30/30完成：这个百分比过于极端，要一个点值时用Laplace估计96.9%。", "“T2”0/30完成：这个百分比过于极端，要一个点值时用Laplace估计3.1%。"]
    both = usability_tasks.run({"tasks": frame({"T": (30, 30)}, "b"), "against": frame({"T": (24, 24)}, "a")})
    assert "no_test" in codes(both)
    assert both.table("versions").rows[0][4:] == (None, None)
    assert both.get("difference", "T").value == 0


def test_a_wrong_success_time_or_error_is_refused_with_its_row():
    row = {"respondent": "p1", "task": "T1", "success": 1, "time_s": 30.0, "errors": 0}
    for column, bad, expected in (("success", "maybe", "yes or no (true/false, 1/0, 是/否)"), ("time_s", 0, "seconds above 0"), ("errors", 1.5, "a whole number")):
        with pytest.raises(DataError) as caught:
            usability_tasks.run({"tasks": Frame.of([row, {**row, "respondent": "p2", column: bad}], "t.csv")})
        assert caught.value.sentence("en") == (
            f'a cell does not hold what its column should. At t.csv, row 2, column "{column}", value "{float(bad) if isinstance(bad, int) else bad}". '
            f"Expected {expected}. Correct the value, or say what it stands for under values in the dataset entry.")


def test_a_failure_may_have_no_time_and_a_completion_without_one_is_counted():
    rows = [{"respondent": f"p{i}", "task": "T", "success": int(i < 8), "time_s": [0, None, 40 + i][2 if 0 < i < 8 else i // 8]} for i in range(12)]
    rows[0]["time_s"], rows[9]["time_s"] = None, 0
    found = usability_tasks.run({"tasks": Frame.of(rows)})
    assert "untimed" in codes(found)
    assert found.get("time_s", "T").n == 7


def test_two_different_rows_of_a_person_are_refused_and_the_same_twice_counts_once():
    row = {"respondent": "p1", "task": "T1", "success": 1}
    with pytest.raises(DataError) as caught:
        usability_tasks.run({"tasks": Frame.of([row, {**row, "success": 0}], "t.csv")})
    assert (caught.value.code, caught.value.where.row) == ("answered_twice", 2)
    once = usability_tasks.run({"tasks": Frame.of([row, row])})
    assert once.get("completion", "T1").n == 1
    assert "repeated" in codes(once)


@pytest.mark.parametrize("rows", [[], [{"respondent": "p", "task": "T", "success": None}], [{"respondent": "p", "task": None, "success": 1}]])
def test_no_usable_row_is_an_error_with_a_name(rows):
    table = Frame({name: [row[name] for row in rows] for name in ("respondent", "task", "success")})
    with pytest.raises(DataError) as caught:
        usability_tasks.run({"tasks": table})
    assert caught.value.code == "no_answers"


def test_one_person_and_equal_times_give_no_time_and_say_so():
    one = usability_tasks.run({"tasks": timed([50])})
    assert set(codes(one)) >= {"small_n", "all_or_none", "no_time"}
    assert one.get("completion", "T1").low < 0.3
    assert "no_time" in codes(usability_tasks.run({"tasks": timed([50] * 12)}))


def test_tasks_of_one_version_only_are_named():
    found = usability_tasks.run({"tasks": frame({"T1": (5, 9), "T2": (5, 9)}, "b"), "against": frame({"T1": (5, 9), "T3": (5, 9)}, "a")})
    assert [w.text.zh for w in found.warnings if w.code == "task_unmatched"] == ["“T2”“T3”只在一版里有，不比较。"]
    assert [e.key for e in found.keyed("difference")] == ["T1"]
