"""SARIF as scanners write it: levels by the whole rule, suppressions and baselines kept, a scan that broke off never clean."""

import json
import math

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stageway.evidence import DataError, IncompleteError, ParamError
from stageway.readers.sarif import READER, severity
from tests.readers.any_bytes import survives
from tests.shared import shared

FILES = ["cppcheck", "dependency_check", "dockle", "flawfinder", "gitleaks"]


@pytest.fixture
def report(tmp_path):
    def write(content, name="scan.sarif"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode() if isinstance(content, str) else json.dumps(content).encode())
        return path

    return write


def log(*results, rules=(), **run):
    driver = {"name": "scan", "rules": list(rules)}
    return {"version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": list(results), **run}]}


def read(path, **options):
    return READER.read(path, options)


def levels(reading):
    return reading.frame["level"].tolist()


# ── what an independent counter found ──


@pytest.mark.parametrize("name", FILES)
def test_real_reports_give_the_counts_of_an_independent_counter(name):
    """quality/facts.json: a json counter over the same files."""
    fact = json.loads(shared("quality/facts.json").read_text())[f"sarif/{name}.sarif"]
    reading = read(shared(f"quality/sarif/{name}.sarif"))
    assert list(reading.facts["runs"]) == fact["runs"]
    assert len(reading.frame) == sum(run["results_raw"] for run in fact["runs"])
    assert len(set(reading.frame["identity"])) == len(reading.frame)


def test_no_real_file_is_left_out():
    folder = shared("quality/sarif")
    assert sorted(p.stem for p in folder.iterdir()) == sorted(FILES)
    assert (read(folder).facts["files"], read(folder).facts["results"]) == (5, 36)


# ── the level, step by step (SARIF 2.1.0, 3.27.10) ──

RULE = {"id": "R1", "defaultConfiguration": {"level": "note"}}


@pytest.mark.parametrize(("result", "rules", "expected"), [
    ({"ruleId": "R1", "level": "error"}, [RULE], "error"),
    ({"ruleId": "R1", "kind": "pass"}, [RULE], "none"),
    ({"ruleId": "R1", "kind": "fail"}, [RULE], "note"),
    ({"ruleId": "R1"}, [RULE], "note"),
    ({"ruleIndex": 1}, [{"id": "R0"}, RULE], "note"),
    ({"rule": {"index": 0}}, [RULE], "note"),
    ({"rule": {"id": "R1"}}, [RULE], "note"),
    ({"ruleId": "R1/sub/deep"}, [RULE], "note"),
    ({"ruleId": "R9"}, [RULE], "warning"),
    ({"ruleId": "R1"}, [{"id": "R1"}], "warning"),
    ({}, [], "warning"),
])
def test_the_level_is_the_results_own_else_by_kind_else_the_rules_default_else_warning(report, result, rules, expected):
    assert levels(read(report(log(result, rules=rules)))) == [expected]


def test_a_rule_of_an_extension_is_found_by_its_component(report):
    made = log({"rule": {"index": 0, "toolComponent": {"index": 0}}}, {"rule": {"id": "X1", "toolComponent": {"name": "queries"}}}, rules=[{"id": "R0"}])
    made["runs"][0]["tool"]["extensions"] = [{"name": "queries", "rules": [{"id": "X1", "defaultConfiguration": {"level": "error"}}]}]
    assert levels(read(report(made))) == ["error", "error"]


def test_an_override_of_the_invocation_comes_before_the_default(report):
    override = {"descriptor": {"id": "R1"}, "configuration": {"level": "error"}}
    invocations = [{"executionSuccessful": True}, {"executionSuccessful": True, "ruleConfigurationOverrides": [override]}]
    named, other = {"ruleId": "R1", "provenance": {"invocationIndex": 1}}, {"ruleId": "R1", "provenance": {"invocationIndex": 0}}
    assert levels(read(report(log(named, other, {"ruleId": "R1"}, rules=[RULE], invocations=invocations)))) == ["error", "note", "note"]
    by_index = [{"ruleConfigurationOverrides": [{"descriptor": {"index": 0}, "configuration": {"level": "none"}}]}]
    assert levels(read(report(log({"ruleId": "R1"}, rules=[RULE], invocations=by_index)))) == ["none"]


def test_a_level_that_the_standard_does_not_know_is_refused_and_not_guessed(report):
    with pytest.raises(DataError, match=r'the standard does not know\. At .*value "critical"\. Expected one of none, note, warning, error'):
        read(report(log({"level": "critical"})))


# ── severity ──


@pytest.mark.parametrize(("score", "word"), [(10, "critical"), (9.0, "critical"), (8.9, "high"), (7, "high"), (6.9, "medium"), (4, "medium"), (0.1, "low"), (0, "none")])
def test_the_bands_are_those_of_cvss_and_github(score, word):
    assert severity(score) == word


@pytest.mark.parametrize(("value", "expected"), [("7.5", 7.5), (9.1, 9.1), ("high", None), (True, None), (11, None), (None, None)])
def test_a_score_is_a_number_or_a_text_that_is_one_else_missing(report, value, expected):
    rule = {"id": "R1", "properties": {"security-severity": value}}
    row = read(report(log({"ruleId": "R1"}, rules=[rule]))).frame.records()[0]
    assert (row["severity"] is None, math.isnan(row["score"])) == ((True, True) if expected is None else (False, False))
    assert expected is None or row["score"] == expected


# ── suppressed, absent, identity ──


@pytest.mark.parametrize(("suppressions", "expected"), [
    (None, False), ([], False), ([{"kind": "inSource"}], True), ([{"kind": "external", "status": "accepted"}], True),
    ([{"kind": "external", "status": "underReview"}], False), ([{"kind": "external", "status": "rejected"}], False),
    ([{"kind": "inSource"}, {"kind": "external", "status": "rejected"}], False),
])
def test_a_result_is_suppressed_unless_one_suppression_is_under_review_or_rejected(report, suppressions, expected):
    reading = read(report(log({"suppressions": suppressions} if suppressions is not None else {})))
    assert reading.frame["suppressed"].tolist() == [expected]
    assert reading.facts["runs"][0]["suppressed"] == expected


def test_a_result_that_is_gone_stays_in_the_table_and_out_of_the_count(report):
    reading = read(report(log({"baselineState": "absent"}, {"baselineState": "new"})))
    assert reading.frame["baseline"].tolist() == ["absent", "new"]
    assert (reading.facts["runs"][0]["absent"], reading.facts["runs"][0]["active_by_level"]) == (1, {"warning": 1})


def at(line, snippet="x = 1", **more):
    region = {"startLine": line, "snippet": {"text": snippet}}
    return {"ruleId": "R1", "locations": [{"physicalLocation": {"artifactLocation": {"uri": "a%20b.py"}, "region": region}}], **more}


def test_an_identity_lasts_over_moved_lines_and_white_space_and_tells_twins_apart(report):
    first = read(report(log(at(3), at(9)))).frame
    moved = read(report(log(at(30, "x  =  1"), at(90)), "moved.sarif")).frame
    assert first["identity"].tolist() == moved["identity"].tolist()
    assert len(set(first["identity"])) == 2
    assert first["file"].tolist() == ["a b.py", "a b.py"]


def test_partial_fingerprints_are_the_identity_where_a_tool_gives_them(report):
    frame = read(report(log(at(3, partialFingerprints={"hash/v1": "a"}), at(9, "other", partialFingerprints={"hash/v1": "a"}), at(9, partialFingerprints={"hash/v1": "b"})))).frame
    one, two, three = frame["identity"].tolist()
    assert one == two != three


def test_the_end_of_a_scan_is_kept_and_a_text_that_is_no_time_is_not(report):
    ends = [{"endTimeUtc": "2026-09-28T08:00:00.1234567Z"}, {"endTimeUtc": "yesterday"}]
    assert read(report(log({}, invocations=ends))).frame["scanned"].tolist() == ["2026-09-28T08:00:00.1234567Z"]


# ── a scan that did not complete ──


@pytest.mark.parametrize("content", [
    {"version": "2.1.0", "runs": []},
    {"version": "2.1.0", "runs": None},
    {"version": "2.1.0", "runs": [{"tool": {}, "results": None}]},
    {"version": "2.1.0", "runs": [{"tool": {}}]},
    log(invocations=[{"executionSuccessful": True}, {"executionSuccessful": False}]),
    "", '{"version": "2.1.0", "runs": [', '{"version": "2.1.0", "ru',
])
def test_a_scan_that_did_not_complete_is_incomplete_and_never_clean(report, content):
    with pytest.raises(IncompleteError):
        read(report(content))


def test_the_whole_sentence_of_a_failed_scan(report):
    path = report(log(invocations=[{"executionSuccessful": False}]))
    with pytest.raises(IncompleteError) as caught:
        read(path)
    assert caught.value.sentence("zh") == (
        f"扫描自称没有成功执行（executionSuccessful 为 false）。位置：{path}。扫描没有跑完，没有证据不等于没有漏洞；请重新扫描并导出。"
    )
    assert caught.value.sentence("en") == (
        f"the scan says that it did not succeed (executionSuccessful is false). At {path}. "
        "The scan did not complete, and no evidence is not the same as no vulnerability; scan again and export again."
    )


def test_one_broken_scan_in_a_folder_makes_the_whole_incomplete(report, tmp_path):
    report(log({"level": "note"}), "a.sarif")
    report({"version": "2.1.0", "runs": []}, "b.sarif")
    with pytest.raises(IncompleteError):
        read(tmp_path)


def test_an_empty_list_of_results_is_clean(report):
    reading = read(report(log(invocations=[{"executionSuccessful": True}])))
    assert len(reading.frame) == 0
    assert "identity" in reading.frame
    assert reading.facts["runs"][0]["execution_successful"] == [True]


# ── other files ──


@pytest.mark.parametrize("content", [
    {"a": 1}, [1], {"version": "2.0.0", "runs": [{}]}, {"version": "2.1.0", "runs": [3]}, log() | {"runs": [{"results": {}}]}, log() | {"runs": [{"results": [1]}]},
    "<testsuites/>", "[" * 100_000,
])
def test_what_is_no_sarif_is_refused(report, content):
    with pytest.raises(DataError) as caught:
        read(report(content))
    assert caught.value.code in ("sarif_wrong", "json_wrong", "json_truncated")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le"])
def test_marks_and_wide_encodings_are_read(report, encoding):
    assert levels(read(report(json.dumps(log({"level": "note"})).encode(encoding)))) == ["note"]


def test_a_limit_and_an_unknown_option_are_refused(report):
    path = report(log())
    with pytest.raises(DataError, match="more than the limit of 10"):
        read(path, max_bytes=10)
    with pytest.raises(ParamError):
        read(path, level="error")


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 3), st.floats(), st.sampled_from(["R1", "error", "\ud800", "7.5", "absent", ""])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(
        ["ruleId", "rule", "index", "level", "message", "text", "locations", "physicalLocation", "suppressions", "status", "properties", "toolComponent",
         "security-severity", "partialFingerprints", "provenance", "invocationIndex", "invocations", "tool", "driver", "rules", "id", "results", "region"]), inner, max_size=5)),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(results=st.lists(st.dictionaries(st.sampled_from(["ruleId", "rule", "ruleIndex", "level", "locations", "suppressions", "properties", "message", "kind"]), JSON)), run=JSON)
def test_no_shape_of_json_breaks_the_reader(results, run):
    extra = run if isinstance(run, dict) else {}
    survives(READER, json.dumps({"version": "2.1.0", "runs": [{**extra, "results": results}]}).encode())


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.binary(max_size=200), st.integers(0, 200))
def test_no_bytes_break_the_reader(content, cut):
    survives(READER, content)
    survives(READER, json.dumps(log({"ruleId": "R1"})).encode()[:cut] + content)
