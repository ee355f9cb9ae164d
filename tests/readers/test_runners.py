"""Reports written by real test runners (tests/data): each suite was made to pass, fail, break and skip a known number of cases."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stageway import catalogue
from stageway.evidence import DataError, IncompleteError
from stageway.readers import allure, gotest, junit
from tests.readers.any_bytes import survives
from tests.shared import shared

MADE = Path(__file__).parents[1] / "data" / "tests"


def statuses(reading, *wanted):
    rows = reading.frame.records()
    return [sum(row["status"] == status and row["scope"] == "case" for row in rows) for status in wanted]


def of(reading, name):
    (row,) = [row for row in reading.frame.records() if row["name"] == name]
    return row


@pytest.mark.parametrize(
    ("file", "passed", "failed", "error", "skipped"),
    [
        ("unittest.xml", 1, 2, 1, 2),
        ("unittest_setup_error.xml", 0, 0, 1, 0),
        ("mocha_xunit.xml", 2, 3, 0, 2),
        ("node.xml", 2, 3, 0, 2),
        ("phpunit.xml", 2, 1, 2, 2),
    ],
)
def test_junit_files_of_real_runners_give_the_outcomes_of_their_suites(file, passed, failed, error, skipped):
    assert statuses(junit.read(MADE / file, {}), "passed", "failed", "error", "skipped") == [passed, failed, error, skipped]


def test_mocha_counts_a_hook_that_broke_as_a_failure():
    reading = junit.read(MADE / "mocha_junit.xml", {})
    assert statuses(reading, "passed", "failed", "error") == [2, 3, 0]
    assert any("before all" in row["name"] for row in reading.frame.records() if row["status"] == "failed")


def test_names_in_chinese_and_messages_with_markup_survive():
    reading = junit.read(MADE / "unittest.xml", {})
    assert of(reading, "test_F1_书签保存")["status"] == "passed"
    assert of(reading, "test_F3_breaks")["message"] == '磁盘已满 <full> & "quoted"'


# ── go test -json ──


def test_the_real_go_stream_counts_tests_and_subtests_as_go_does():
    reading = gotest.read(shared("quality/gotest/go_test_json.ndjson"), {})
    assert statuses(reading, "passed", "failed", "error", "skipped") == [5, 6, 0, 1]
    ends = [json.loads(line) for line in shared("quality/gotest/go_test_json.ndjson").read_text().splitlines()]
    assert len(reading.frame) == sum(event["Action"] in ("pass", "fail", "skip") and "Test" in event for event in ends)


def test_a_package_that_does_not_build_is_an_error_of_its_suite():
    reading = gotest.read(MADE / "go_panic.ndjson", {})
    assert statuses(reading, "passed", "failed", "error", "skipped") == [2, 4, 0, 1]
    row = of(reading, "example.org/shelf/broken")
    assert (row["scope"], row["status"], row["message"]) == ("suite", "error", "[build failed]")
    assert "nil map" in of(reading, "TestF5_Panics")["message"]


def test_a_test_that_ran_twice_is_one_test_whose_last_attempt_counts():
    reading = gotest.read(MADE / "go_attempts.ndjson", {})
    flaky, steady = of(reading, "TestF4_Flaky"), of(reading, "TestF2_书签/二")
    assert (flaky["status"], flaky["flaky"], flaky["attempts"]) == ("passed", True, 2)
    assert (steady["status"], steady["flaky"], steady["attempts"]) == ("failed", False, 2)


def test_a_test_without_an_end_is_an_error_and_a_package_without_one_breaks_off(tmp_path):
    path = tmp_path / "run.json"
    lines = (MADE / "go_panic.ndjson").read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if '"fail"' not in line or "Panics" not in line), encoding="utf-8")
    assert of(gotest.read(path, {}), "TestF5_Panics")["status"] == "error"
    path.write_text("\n".join(lines[:-1]), encoding="utf-8")
    with pytest.raises(IncompleteError) as caught:
        gotest.read(path, {})
    assert "example.org/shelf/shelf" in caught.value.sentence("en")


def test_newer_go_tells_of_a_build_by_events(tmp_path):
    events = [
        {"ImportPath": "p/a", "Action": "build-output", "Output": "a.go:3: undefined: x\n"},
        {"ImportPath": "p/a", "Action": "build-fail"},
        {"Action": "start", "Package": "p/a"},
        {"Action": "fail", "Package": "p/a", "Elapsed": 0, "FailedBuild": "p/a"},
    ]
    path = tmp_path / "run.json"
    path.write_text("\n".join(map(json.dumps, events)))
    row = of(gotest.read(path, {}), "p/a")
    assert (row["status"], row["message"]) == ("error", "a.go:3: undefined: x")


def test_an_action_that_go_does_not_know_names_its_line(tmp_path):
    path = tmp_path / "run.json"
    path.write_text('{"Action":"start","Package":"p"}\n{"Action":"explode","Package":"p"}\n')
    with pytest.raises(DataError) as caught:
        gotest.read(path, {})
    assert caught.value.where.line == 2


# ── Allure ──


def test_allure_results_equal_the_counts_of_an_independent_counter():
    facts = {k: v for k, v in json.loads(shared("quality/facts.json").read_text()).items() if k.startswith("allure/") and v}
    reading = allure.read(shared("quality/allure"), {})
    assert reading.facts["results"] == len(facts)
    assert sorted(reading.frame["status"]) == sorted(fact["status"] for fact in facts.values())


def test_allure_joins_the_attempts_of_a_test_and_keeps_what_broke():
    reading = allure.read(MADE / "allure", {})
    assert statuses(reading, "passed", "failed", "error", "skipped") == [3, 1, 1, 2]
    flaky = of(reading, "test_F5_flaky")
    assert (flaky["flaky"], flaky["attempts"]) == (True, 2)
    assert of(reading, "test_F3_broken")["message"] == "OSError: no database"


def test_a_result_without_a_status_is_an_error_that_is_said(tmp_path):
    (tmp_path / "a-result.json").write_text('{"uuid": "1", "name": "t", "status": null, "start": 1, "stop": 2}')
    reading = allure.read(tmp_path, {})
    assert statuses(reading, "error") == [1]
    assert [warning.code for warning in reading.warnings] == ["status_untold"]


def test_a_result_that_breaks_off_and_one_that_is_none_are_refused(tmp_path):
    (tmp_path / "a-result.json").write_text('{"uuid": "1", "name": "t", ')
    with pytest.raises(IncompleteError):
        allure.read(tmp_path, {})
    (tmp_path / "a-result.json").write_text('{"tests": 3}')
    with pytest.raises(DataError):
        allure.read(tmp_path, {})


# ── both serve the method as JUnit does ──


@pytest.mark.parametrize(("reader", "file", "failed"), [(gotest, "go_panic.ndjson", 5), (allure, "allure", 2), (junit, "node.xml", 3)])
def test_their_tables_serve_the_method(reader, file, failed):
    finding = catalogue.get("test_results").run({"tests": reader.read(MADE / file, {}).frame})
    assert finding.get("failed_after_rerun").value == failed


TOKENS = [
    *b'{ } [ ] "Action" "Package" "Test" "run" "pass" "fail" "output" : , "p" "t" null 1e999 "uuid" "name" "status" "children"'.split(b" "),
    *(b'{"Action":"run","Package":"p","Test":"t"}\n', b'{"Action":"fail","Package":"p"}\n', b'{"uuid":"1","name":"n"}', b"\n", b"\xff", "中".encode()),
]


@pytest.mark.parametrize("reader", [gotest.READER, allure.READER])
@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))
@given(tokens=st.lists(st.sampled_from(TOKENS), max_size=30))
def test_no_order_of_tokens_breaks_them(reader, tokens):
    survives(reader, b"".join(tokens))
