"""Test results: counts of a census, shares with Wilson intervals, flaky kept apart from failed, no number where nothing can be said."""

import json
import math

import numpy as np
import pytest

from stageway.evidence import DataError, Finding, Frame, Kind, ParamError
from stageway.methods.quality import test_results as shelf
from stageway.readers.junit import READER
from tests.shared import shared

METHOD = shelf.test_results


def cases(passed=0, failed=0, error=0, skipped=0, flaky=0, start=0):
    statuses = ["passed"] * passed + ["failed"] * failed + ["error"] * error + ["skipped"] * skipped
    bad = [status in ("failed", "error") for status in statuses]
    columns = {
        "suite": ["s"] * len(statuses),
        "classname": ["app.Login"] * len(statuses),
        "name": [f"t{start + i:04d}" for i in range(len(statuses))],
        "status": statuses,
        "time_s": [i / 10 for i in range(len(statuses))],
        "flaky": [i < flaky for i in range(len(statuses))],
        "attempts": [2 if i < flaky or bad[i] else 1 for i in range(len(statuses))],
        "message": [f"boom {i}\nat line 3" if bad[i] else None for i in range(len(statuses))],
    }
    return Frame(columns, "junit.xml")


def run(tests, previous=None, **params) -> Finding:
    return METHOD.run({"tests": tests, "previous": previous}, params)


def codes(finding):
    return [warning.code for warning in finding.warnings]


def value(finding, name):
    return finding.get(name).value


# ── published figures ──


def test_the_written_example_is_met():
    """exemplar/process_zh.md 八（六）: 1,286 cases, 1,279 passed, 7 skipped, 1,241 last time; 3 flaky = 0.23% [0.08%, 0.68%]."""
    finding = run(cases(passed=1279, skipped=7, flaky=3), cases(passed=1241))
    flaky = finding.get("flaky")
    assert (round(flaky.value, 4), round(flaky.low, 4), round(flaky.high, 4), flaky.n) == (0.0023, 0.0008, 0.0068, 1286)
    assert round(value(finding, "cases_to_previous"), 3) == 1.036
    assert finding.headline.zh.startswith("1,286项用例，通过1,279、失败0、跳过7，通过率100.0% [99.7%, 100.0%]（n=1,279）；上次1,241项")
    assert finding.headline.en == "1,286 cases: 1,279 passed, 0 failed, 7 skipped; pass rate 100.0% [99.7, 100.0] (n = 1,279); 1,241 last time"
    assert "重跑后才通过的3项，占0.23% [0.08%, 0.68%]：Login::t0000、Login::t0001、Login::t0002" in [point.zh for point in finding.points]


def test_wilson_agrees_with_statsmodels():
    from statsmodels.stats.proportion import proportion_confint

    finding = run(cases(passed=57, failed=2, error=1, skipped=5, flaky=4))
    rate, flaky = finding.get("pass_rate"), finding.get("flaky")
    assert rate.value == 57 / 60
    assert np.allclose((rate.low, rate.high), proportion_confint(57, 60, method="wilson"))
    assert np.allclose((flaky.low, flaky.high), proportion_confint(4, 65, method="wilson"))


def test_every_real_report_gives_the_counts_of_an_independent_counter():
    facts = json.loads(shared("quality/facts.json").read_text())
    for name, fact in facts.items():
        if name.startswith("junit/"):
            finding = run(READER.read(shared(f"quality/{name}"), {}).frame)
            assert value(finding, "cases") == fact["testcases"], name
            assert value(finding, "passed") == fact["passed"], name
            assert value(finding, "failed_after_rerun") == fact["failed"] + fact["error"], name
            assert value(finding, "skipped") == fact["skipped"], name


def test_all_real_reports_together():
    finding = run(READER.read(shared("quality/junit"), {}).frame)
    assert [value(finding, name) for name in ("cases", "passed", "failed_after_rerun", "skipped")] == [870, 826, 25, 19]
    assert finding.get("flaky").value == 1 / 870
    assert codes(finding) == ["not_rerun", "names_repeated"]
    assert len(finding.table("failures").rows) == 25
    assert len(finding.table("slowest").rows) == 10


# ── what is counted ──


def test_counts_are_exact_and_shares_have_intervals():
    finding = run(cases(passed=40, failed=1, error=1, skipped=3, flaky=2), cases(passed=50))
    kinds = {e.name: e.kind for e in finding.estimates}
    assert {name for name, kind in kinds.items() if kind == Kind.EXACT} == {"cases", "passed", "failed_after_rerun", "skipped", "cases_to_previous"}
    assert {name for name, kind in kinds.items() if kind == Kind.SHARE} == {"flaky", "pass_rate"}
    assert finding.get("failed_after_rerun").n == 45
    assert finding.get("pass_rate").n == 42
    assert finding.get("cases_to_previous").unit == "%"
    assert value(finding, "cases_to_previous") == 0.9


def test_the_share_of_flaky_cases_may_be_of_the_executed_ones():
    tests = cases(passed=40, skipped=40, flaky=4)
    assert run(tests).get("flaky").value == 0.05
    assert run(tests, flaky_of="executed").get("flaky").value == 0.1
    with pytest.raises(ParamError, match='parameter "flaky_of" cannot take this value'):
        run(tests, flaky_of="all")


def test_failures_are_listed_with_the_first_line_of_their_message():
    tests = cases(passed=40).records()
    tests.append({**tests[0], "name": "zh", "status": "failed", "attempts": 3, "message": "\n  #x1B[31m断言失败#x1B[0m：期望3  \nTraceback"})
    table = run(Frame.of(tests)).table("failures")
    assert [head.name for head in table.columns] == ["name", "suite", "status", "message"]
    assert [(row[0], row[2].zh, row[3]) for row in table.rows] == [("app.Login::zh", "失败", "断言失败：期望3")]


def test_the_slowest_are_listed_and_their_number_is_a_parameter():
    table = run(cases(passed=40), slowest=3).table("slowest")
    assert [row[0] for row in table.rows] == ["app.Login::t0039", "app.Login::t0038", "app.Login::t0037"]
    assert run(cases(passed=40).with_columns(time_s=np.full(40, np.nan))).table("slowest") is None


# ── against the last run ──


def test_new_failures_mended_and_vanished_cases_are_told_apart():
    now = Frame.of([*cases(passed=38, failed=2).records(), *cases(failed=1, start=900).records()])
    before = Frame.of([*cases(passed=39, failed=1).records(), *cases(passed=2, start=500).records()])
    finding = run(now, before)
    since = {row[0]: row[-1].en for row in finding.table("failures").rows}
    assert since == {"app.Login::t0038": "passed last time", "app.Login::t0039": "failed last time", "app.Login::t0900": "not there last time"}
    assert finding.points[0].en.startswith("Against last time: new failures 2 (t0038, t0900), mended 0; unless both ran on one revision")
    assert finding.points[1].zh == "上次有、这次没有的用例：2项（t0500、t0501）"
    assert "先查新增的2项" in finding.meaning.next.zh


def test_a_changed_outcome_between_two_runs_is_not_called_flaky():
    before = cases(failed=1, passed=39)
    finding = run(cases(passed=40), before)
    assert value(finding, "flaky") == 0
    assert finding.points[0].zh.startswith("与上次相比，新增失败0项，修好1项")


def test_an_earlier_report_without_cases_compares_nothing():
    finding = run(cases(passed=40), cases())
    assert finding.get("cases_to_previous") is None
    assert codes(finding) == ["previous_empty"]


# ── what cannot be said is not said ──


def test_no_cases_give_no_numbers(tmp_path):
    path = tmp_path / "junit.xml"
    path.write_text("<testsuites/>")
    finding = run(READER.read(path, {}).frame)
    assert finding.estimates == ()
    assert codes(finding) == ["no_cases"]
    assert finding.headline.zh == "没有用例，无法评定"
    assert finding.warnings[0].text.en == (
        "the report holds no test case: no test was executed, or the report is not complete; no evidence is not the same as no failure"
    )


def test_a_run_in_which_all_is_skipped_does_not_pass():
    finding = run(cases(skipped=40))
    assert [e.name for e in finding.estimates] == ["cases", "skipped"]
    assert codes(finding) == ["none_executed"]


def test_flakiness_is_not_given_where_failures_were_never_rerun():
    tests = cases(passed=40, failed=1)
    finding = run(tests.with_columns(attempts=np.ones(41), flaky=np.zeros(41)))
    assert finding.get("flaky") is None
    assert codes(finding) == ["no_reruns"]
    assert "没有重跑记录" in finding.meaning.sure.zh
    assert value(run(cases(passed=40)), "flaky") == 0


def test_a_table_without_attempts_says_nothing_of_flakiness():
    finding = run(Frame({"name": np.array(["a", "b"], dtype=object), "status": np.array(["passed", "passed"], dtype=object)}))
    assert finding.get("flaky") is None
    assert codes(finding) == ["small_n", "no_reruns"]


def test_an_error_outside_any_case_keeps_the_run_from_passing(tmp_path):
    path = tmp_path / "junit.xml"
    path.write_text('<testsuites><testsuite name="s"><error message="database down"/>' + '<testcase name="a"/></testsuite></testsuites>')
    finding = run(READER.read(path, {}).frame)
    assert value(finding, "cases") == 1
    assert value(finding, "failed_after_rerun") == 1
    assert "suite_errors" in codes(finding)
    assert finding.table("failures").rows[0][3] == "database down"


def test_few_cases_are_warned_of():
    assert codes(run(cases(passed=5))) == ["small_n"]
    assert codes(run(cases(passed=30))) == []


# ── bad data ──


@pytest.mark.parametrize("status", ["ok", "", None, "PASSED"])
def test_a_status_that_is_none_of_the_four_is_named(status):
    tests = Frame.of([*cases(passed=2).records(), {"name": "x", "status": status}], "junit.csv")
    with pytest.raises(DataError) as caught:
        run(tests)
    assert caught.value.code == "cell_wrong"
    assert 'row 3, column "status"' in str(caught.value)
    assert "Expected one of passed, failed, error, skipped" in str(caught.value)


def test_a_missing_column_is_named():
    with pytest.raises(DataError, match='method test_results needs the column "status"'):
        run(Frame({"name": np.array(["a"], dtype=object)}))


# ── what holds for every input ──


def test_order_of_rows_and_other_columns_change_nothing():
    tests = cases(passed=40, failed=3, skipped=2, flaky=3)
    order = np.random.default_rng(3).permutation(len(tests))
    shuffled = tests.take(order).with_columns(noise=np.arange(len(tests)))
    first, second = run(tests), run(shuffled)
    assert first.dumps() == second.dumps()


@pytest.mark.parametrize(
    "columns",
    [{}, {"passed": 1}, {"failed": 1}, {"error": 1}, {"skipped": 1}, {"passed": 1, "flaky": 1}, {"passed": 3, "failed": 3}],
)
def test_small_runs_give_finite_numbers_and_both_languages(columns):
    finding = run(cases(**columns))
    assert all(math.isfinite(e.value) for e in finding.estimates)
    assert Finding.from_json(json.loads(finding.dumps())) == finding
    meaning = finding.meaning
    texts = [finding.headline, meaning.says, meaning.sure, meaning.next, meaning.change, *finding.points, *(w.text for w in finding.warnings)]
    assert all(text.zh and text.en for text in texts)


def test_the_example_runs():
    finding = METHOD.run(METHOD.example(np.random.default_rng(1)))
    assert {e.name for e in finding.estimates} == set(METHOD.gives)
